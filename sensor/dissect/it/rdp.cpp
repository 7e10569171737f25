// RDP: [MS-RDPBCGR] clauses 2.2.1.1 to 2.2.1.4. What secures the session, and where nothing does,
// the client's name and system; no cookie, no user.
#include <algorithm>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/cotp.h"
#include "sensor/dissect/windows_versions.h"

namespace osect::dissect::rdp {
namespace {

constexpr std::uint16_t kPorts[] = {3389};
constexpr Lead kLeads[] = {
    {0, {3}}, {1, {0}}, {5, {cotp::kConnectRequest, cotp::kConnectConfirm, cotp::kData}}};
constexpr std::uint8_t kConfidence = 85;
constexpr std::uint8_t kSystemConfidence = 55;  // newer clients were handed out for old systems
constexpr std::size_t kReadMax = 2048;          // of a message
constexpr std::size_t kConnectBytes = 5;        // references and class of a connect TPDU
constexpr std::size_t kConnectMax = 260;        // a TPDU's header has one byte for its length
constexpr std::string_view kCookie = "Cookie: ";

// RDP_NEG_REQ, RDP_NEG_RSP, RDP_NEG_FAILURE: type, flags, length 8, value.
enum Negotiation : std::uint8_t { none = 0, request = 1, response = 2, failure = 3 };
constexpr std::uint16_t kNegotiationBytes = 8;

struct Protocol {
  std::uint32_t number;
  std::string_view name;
};
// Clause 2.2.1.2.1, selectedProtocol.
constexpr Protocol kProtocols[] = {{0, "Standard RDP Security"}, {1, "TLS"},
                                   {2, "CredSSP (NLA)"},         {4, "RDSTLS"},
                                   {8, "CredSSP (NLA)"},         {16, "Entra ID"}};

// Behind the identifiers of T.125 and T.124: the H.221 keys of client and server.
constexpr std::uint16_t kConnectInitial = 0x7f65;
constexpr std::uint16_t kConnectResponse = 0x7f66;
constexpr std::string_view kClientKey = "Duca";
constexpr std::uint16_t kClientCore = 0xc001;
constexpr std::size_t kClientNameBytes = 32;

// The flow's word of memory.
enum Memory : std::uint32_t {
  encrypted = 1,    // the rest is TLS
  client_read = 2,  // nothing more of the client is read
  server_read = 4,
};

std::uint8_t negotiation_type(Cursor header) {
  header.skip(kConnectBytes);
  const auto bytes = header.rest();
  if (bytes.size() < kNegotiationBytes) return Negotiation::none;
  Cursor last(bytes.last(kNegotiationBytes));
  const std::uint8_t type = last.u8();
  last.skip(1);
  const bool is_one = last.le16() == kNegotiationBytes && type <= Negotiation::failure;
  return is_one ? type : std::uint8_t{Negotiation::none};
}

// Met after the negotiation: the settings of both sides, on the usual port.
Verdict probe_data(Cursor in) {
  in.skip(cotp::kTpktBytes + 3);  // the data TPDU's header
  const std::uint16_t what = in.be16();
  if (!in.is_good()) return Verdict::maybe;
  return what == kConnectInitial || what == kConnectResponse ? Verdict::yes : Verdict::no;
}

Verdict probe(Cursor in, const Context& context) {
  constexpr std::size_t kType = 6;  // bytes up to the TPDU's type
  if (in.peek() != 3 || (in.left() > 1 && in.peek(1) != 0)) return Verdict::no;
  if (in.left() < kType) return Verdict::maybe;
  const std::uint8_t kind = in.peek(5);
  if (kind == cotp::kData && context.is_usual_port) return probe_data(in);
  if (kind != cotp::kConnectRequest && kind != cotp::kConnectConfirm) return Verdict::no;
  const auto length = static_cast<std::size_t>(in.peek(2) << 8 | in.peek(3));
  if (length > in.left()) return length <= kConnectMax ? Verdict::maybe : Verdict::no;
  const cotp::Tpdu tpdu = cotp::read(in);
  if (!in.is_good()) return Verdict::no;
  const std::uint8_t type = negotiation_type(tpdu.header);
  Cursor cookie = tpdu.header;
  cookie.skip(kConnectBytes);
  if (tpdu.type == cotp::kConnectConfirm)
    return type == Negotiation::response || type == Negotiation::failure ? Verdict::yes
           : context.is_usual_port                                       ? Verdict::maybe
                                                                         : Verdict::no;
  const bool is_shown = type == Negotiation::request ||
                        cookie.text(std::min(cookie.left(), kCookie.size())) == kCookie;
  return is_shown || context.is_usual_port ? Verdict::yes : Verdict::no;
}

Framing frame(Cursor in, const Context& context) {
  const std::uint32_t memory = *context.memory;
  if ((memory & Memory::encrypted) != 0) return Framing::kAnotherProtocol;
  if ((memory & (context.is_to_server ? Memory::client_read : Memory::server_read)) != 0)
    return Framing(Framing::kUntilEnd, 0);
  const bool is_tpkt = in.u8() == 3;
  in.skip(1);
  const std::size_t length = in.be16();
  if (!is_tpkt) return Framing(Framing::kUntilEnd, 0);
  if (!in.is_good()) return Framing::kNeedMore;
  if (length < cotp::kTpktBytes + 3) return Framing::kNotAMessage;
  return Framing(length, std::min(length, kReadMax));
}

void read_confirm(Cursor header, std::uint32_t& memory, Collected& facts) {
  std::uint32_t selected = 0;  // who negotiates nothing knows nothing else
  const std::uint8_t type = negotiation_type(header);
  if (type == Negotiation::failure) return;
  if (type == Negotiation::response) {
    header.skip(kConnectBytes + 4);
    selected = header.le32();
  }
  if (selected != 0) memory |= Memory::encrypted;
  for (const Protocol& protocol : kProtocols)
    if (protocol.number == selected)
      facts.add(about_sender("rdp_security", kConfidence), protocol.name);
}

// The Windows whose client has this number (learn.microsoft.com, "Windows release information").
windows::Version version_of(std::uint32_t build) {
  struct First {
    std::uint16_t build;
    std::uint8_t major;
    std::uint8_t minor;
  };
  constexpr First kFirsts[] = {{10240, 10, 0}, {9600, 6, 3}, {9200, 6, 2}, {7600, 6, 1},
                               {6000, 6, 0},   {3790, 5, 2}, {2600, 5, 1}, {2195, 5, 0}};
  for (const First& first : kFirsts)
    if (build >= first.build && build <= 0xffff)
      return {first.major, first.minor, static_cast<std::uint16_t>(build)};
  return {};
}

// TS_UD_CS_CORE, clause 2.2.1.3.2.
void read_core(Cursor core, Collected& facts) {
  core.skip(4 + 2 + 2 + 2 + 2 + 4);  // version, size, colours, keys to send, keyboard
  const std::uint32_t build = core.le32();
  const auto name = core.bytes(kClientNameBytes);
  if (!core.is_good()) return;
  facts.add_text(about_sender("host_name", kConfidence),
                 [&](Writer& to) { to.printable_utf16(name); });
  facts.add_text(about_sender("rdp_client_build", kConfidence),
                 [&](Writer& to) { to.decimal(build); });
  windows::add_version(about_sender("", kSystemConfidence), version_of(build), facts);
}

// The settings of a client lie behind its key, in blocks: type, length, data (clause 2.2.1.3.1).
void read_initial(Cursor user, Collected& facts) {
  Cursor blocks = user;
  const auto key = user.text(user.left()).find(kClientKey);
  if (key == std::string_view::npos) return;
  blocks.skip(key + kClientKey.size());
  if ((blocks.u8() & 0x80) != 0) blocks.skip(1);  // PER: a length of two bytes
  while (blocks.left() > 0) {
    const std::uint16_t type = blocks.le16();
    const std::uint16_t length = blocks.le16();
    if (length < 4) return;
    const Cursor block = blocks.child(length - 4U);
    if (type == kClientCore) read_core(block, facts);
  }
}

void dissect(Cursor in, const Context& context, Out& out) {
  std::uint32_t& memory = *context.memory;
  Cursor message = in;
  cotp::Tpdu tpdu = cotp::read(message);
  Collected facts;
  if (tpdu.type == cotp::kConnectRequest) {
    out.say_direction(Role::request, tpdu.header);
  } else if (tpdu.type == cotp::kConnectConfirm) {
    out.say_direction(Role::response, tpdu.header);
    read_confirm(tpdu.header, memory, facts);
  } else if (tpdu.type == cotp::kData) {
    const std::uint16_t what = tpdu.user.be16();
    if (what == kConnectInitial) read_initial(tpdu.user, facts);
    if (what == kConnectInitial) memory |= Memory::client_read;
    if (what == kConnectResponse) memory |= Memory::server_read;
  }
  facts.say(out, message);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "rdp",
    .title = "RDP",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = {},
    .facts = "rdp_security rdp_client_build host_name os os_build",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::rdp
