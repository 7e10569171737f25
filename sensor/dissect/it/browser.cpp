// NetBIOS datagrams: RFC 1002 clause 4.4; announcements of the browser service in them: MS-BRWS
// clause 2.2. Windows machines say what they are called, what they are and what they serve.
#include <algorithm>

#include "sensor/dissect/smb1.h"
#include "sensor/dissect/windows_versions.h"

namespace osect::dissect::browser {
namespace {

constexpr std::uint16_t kPorts[] = {138};
constexpr std::uint8_t kConfidence = 75;
constexpr std::uint8_t kTypeConfidence = 55;
constexpr std::uint8_t kDirectUnique = 0x10;
constexpr std::uint8_t kBroadcast = 0x12;
constexpr std::size_t kNameBytes = 16;

// MS-BRWS clause 2.2.
enum Frame : std::uint8_t {
  host_announcement = 0x01,
  announcement_request = 0x02,
  election_request = 0x08,
  domain_announcement = 0x0c,
  local_master_announcement = 0x0f
};

// Clause 2.3: the machine's kind as bits.
constexpr std::uint32_t kUnix = 0x00000800;
constexpr std::uint32_t kWorkstationNt = 0x00001000;
constexpr std::uint32_t kServerNt = 0x00008000;
struct ServerType {
  std::uint32_t bit;
  std::string_view role;
};
constexpr ServerType kServerTypes[] = {
    {0x00000004, "sql_server"},        {0x00000008, "domain_controller"},
    {0x00000010, "domain_controller"}, {0x00000020, "ntp_server"},
    {0x00000200, "print_server"},      {0x00040000, "master_browser"},
    {0x02000000, "terminal_server"},
};

// Half-ASCII of RFC 1001 clause 14.1, then the scope.
std::array<char, kNameBytes> read_name(Cursor& in) {
  std::array<char, kNameBytes> name{};
  in.expect(in.u8() == 2 * kNameBytes);
  for (char& c : name) {
    const int high = in.u8() - 'A';
    const int low = in.u8() - 'A';
    in.expect(high >= 0 && high < 16 && low >= 0 && low < 16);
    c = static_cast<char>(high << 4 | low);
  }
  for (int labels = 0; in.is_good(); ++labels) {
    const std::uint8_t scope = in.u8();
    if (scope == 0) break;
    in.expect(scope < 0x40 && labels < 16);
    in.skip(scope);
  }
  return name;
}

Verdict probe(Cursor in, const Context&) {
  const std::uint8_t type = in.u8();
  const bool is_ours = type >= kDirectUnique && type <= kBroadcast && in.u8() < 0x10;
  return is_ours && in.left() >= 12 ? Verdict::yes : Verdict::no;
}

// A text of fixed width up to its NUL.
std::string_view until_nul(std::string_view text) {
  return text.substr(0, text.find('\0'));
}

void add_types(std::uint32_t types, Collected& facts) {
  for (const ServerType& type : kServerTypes)
    if ((types & type.bit) != 0) facts.add(about_sender("role", kConfidence), type.role);
  if ((types & kUnix) != 0) return;  // Samba claims to be all kinds of Windows
  if ((types & kServerNt) != 0)
    facts.add(about_sender("device_type", kTypeConfidence), "server");
  else if ((types & kWorkstationNt) != 0)
    facts.add(about_sender("device_type", kTypeConfidence), "pc");
}

// Clause 2.2.1: count, period, name, version, types, the browser's version, signature, comment.
void add_announcement(std::uint8_t frame, Cursor& in, Collected& facts) {
  in.skip(1 + 4);
  const auto name = until_nul(in.text(kNameBytes));
  const windows::Version version{.major = in.u8(), .minor = in.u8(), .build = 0};
  const std::uint32_t types = in.le32();
  in.skip(2 + 2);
  const auto comment = until_nul(in.text(in.left()));
  if (frame == Frame::domain_announcement) {  // of the group, by its master
    facts.add_raw(about_sender("workgroup", kConfidence), name);
    return;
  }
  facts.add_raw(about_sender("host_name", kConfidence), name);
  facts.add_raw(about_sender("description", kConfidence), comment);
  if ((types & kUnix) == 0)
    facts.add_text(about_sender("os", kTypeConfidence),
                   [&](Writer& to) { windows::write_name(to, version); });
  facts.add_text(about_sender("browser_version", kConfidence),
                 [&](Writer& to) { to.decimal(version.major).put('.').decimal(version.minor); });
  add_types(types, facts);
}

// Who asks, who wants to be elected: the name stands behind fields of no interest.
void add_name_behind(std::size_t skipped, Cursor& in, Collected& facts) {
  in.skip(skipped);
  facts.add_raw(about_sender("host_name", kConfidence), until_nul(in.text(in.left())));
}

void add_browser(Cursor& in, Collected& facts) {
  const std::uint8_t frame = in.u8();
  switch (frame) {
    case Frame::host_announcement:
    case Frame::local_master_announcement:
    case Frame::domain_announcement:
      return add_announcement(frame, in, facts);
    case Frame::announcement_request:
      return add_name_behind(1, in, facts);
    case Frame::election_request:
      return add_name_behind(1 + 4 + 4 + 4, in, facts);
    default:
      return;
  }
}

// A mail slot is written to by a transaction of SMB 1: MS-CIFS clause 2.2.4.33.
void read_mail(Cursor& in, Collected& facts) {
  constexpr std::string_view kBrowse = "\\MAILSLOT\\BROWSE";
  const auto whole = in.rest();
  in.expect(in.text(4) == "\xffSMB");
  const smb1::Header header = smb1::read_header(in);
  if (header.command != smb1::Command::transaction) return;
  Cursor words = in.child(2 * std::size_t{in.u8()});
  words.skip(2 * 4 + 2 + 2 + 4 + 2 + 2 * 2);  // limits, flags, time, reserved, parameters
  const std::size_t length = words.le16();
  const std::size_t offset = words.le16();
  in.expect(words.is_good());
  in.skip(2);
  const auto slot = in.text(std::min(in.left(), kBrowse.size()));
  if (slot != kBrowse) return;
  Cursor data(whole);
  data.skip(offset);
  data = data.child(length);
  add_browser(data, facts);
  in.expect(data.is_good());
}

void dissect(Cursor in, const Context& context, Out& out) {
  const std::uint8_t type = in.u8();
  in.skip(1 + 2 + 4 + 2);  // flags, id, source
  Collected facts;
  if (type >= kDirectUnique && type <= kBroadcast) {
    in.skip(2 + 2);  // length, offset
    const auto name = read_name(in);
    read_name(in);
    facts.add_raw(about_sender("host_name", kConfidence),
                  until_nul(std::string_view(name.data(), kNameBytes - 1)));
    if (in.peek() == 0xff) read_mail(in, facts);
  }
  // What a cut message lacks may contradict what is here.
  if (!context.is_whole) in.skip(in.left() + 1);
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "browser",
    .title = "NetBIOS datagrams, browser announcements",
    .over = over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "host_name workgroup os browser_version role device_type description",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::browser
