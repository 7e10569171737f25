// TDS of Microsoft SQL Server: [MS-TDS] clauses 2.2.3.1 and 2.2.6.4 to 2.2.6.5. The server's
// version; of a login in the clear the names of computer and program; no user, no password.
#include <algorithm>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/sql_server.h"

namespace osect::dissect::tds {
namespace {

constexpr std::uint16_t kPorts[] = {1433};
constexpr std::uint8_t kConfidence = 85;
constexpr std::size_t kHeaderBytes = 8;
constexpr std::size_t kReadMax = 1024;
constexpr std::size_t kNamesMax = 256;  // characters of a name of LOGIN7

enum Packet : std::uint8_t { tabular = 4, login7 = 16, prelogin = 18 };
constexpr Lead kLeads[] = {{0, {Packet::prelogin}}, {1, {1}}, {4, {0}}, {5, {0}}};

enum Token : std::uint8_t { version = 0, encryption = 1, terminator = 0xff };
constexpr std::size_t kVersionBytes = 6;
constexpr std::size_t kOptionBytes = 5;  // token, offset, length
constexpr int kOptionsMax = 16;

enum Memory : std::uint32_t {
  asked = 1,  // the server's next packet is its PRELOGIN
  client_read = 2,
  server_read = 4,
};

// PRELOGIN's first option is the version, the first of whose bytes stands right behind the list.
bool is_prelogin(Cursor in) {
  const std::uint8_t token = in.u8();
  const std::uint16_t offset = in.be16();
  const std::uint16_t length = in.be16();
  return in.is_good() && token == Token::version && length == kVersionBytes &&
         offset % kOptionBytes == 1 && offset >= 1 + kOptionBytes &&
         offset <= 1 + kOptionBytes * kOptionsMax;
}

Verdict probe(Cursor in, const Context&) {
  const std::uint8_t type = in.peek();
  const bool is_last = in.left() < 2 || in.peek(1) == 1;
  if (type != Packet::prelogin || !is_last) return Verdict::no;
  in.skip(2);
  const std::uint16_t length = in.be16();
  const std::uint16_t process = in.be16();
  in.skip(2);
  if (in.left() < kOptionBytes) return Verdict::maybe;
  return process == 0 && length > kHeaderBytes + kOptionBytes && is_prelogin(in) ? Verdict::yes
                                                                                 : Verdict::no;
}

Framing frame(Cursor in, const Context& context) {
  const std::uint32_t memory = *context.memory;
  if ((memory & (context.is_to_server ? Memory::client_read : Memory::server_read)) != 0)
    return Framing(Framing::kUntilEnd, 0);
  in.skip(2);
  const std::size_t length = in.be16();
  if (!in.is_good()) return Framing::kNeedMore;
  if (length < kHeaderBytes) return Framing::kNotAMessage;
  return Framing(length, std::min(length, kReadMax));
}

void read_prelogin(Cursor in, bool is_answer, Collected& facts) {
  if (!is_answer || !is_prelogin(in)) return;
  Cursor option = in;
  option.skip(1);
  in.skip(option.be16());
  const std::uint8_t major = in.u8();
  const std::uint8_t minor = in.u8();
  const std::uint16_t build = in.be16();
  if (in.is_good()) sql_server::add_version(facts, kConfidence, major, minor, build);
}

// LOGIN7: places and lengths in characters from byte 36 on, clause 2.2.6.4.
void read_login(Cursor in, Collected& facts) {
  constexpr std::size_t kPlaces = 36;
  Cursor places = in;
  places.skip(kPlaces);
  const auto next = [&] {
    Cursor from = in;
    from.skip(places.le16());
    const std::size_t characters = places.le16();
    return characters <= kNamesMax ? from.bytes(characters * 2) : std::span<const std::uint8_t>{};
  };
  const auto host = next();
  next();  // user
  const bool has_password = !next().empty();
  const auto program = next();
  if (!places.is_good()) return;
  facts.add_text(about_sender("host_name", kConfidence),
                 [&](Writer& to) { to.printable_utf16(host); });
  facts.add_text(about_sender("user_agent", kConfidence),
                 [&](Writer& to) { to.printable_utf16(program); });
  if (has_password) facts.add(about_receiver("cleartext_login", kConfidence), "SQL Server");
}

void dissect(Cursor in, const Context& context, Out& out) {
  std::uint32_t& memory = *context.memory;
  const std::uint8_t type = in.u8();
  in.skip(kHeaderBytes - 1);
  Collected facts;
  if (!context.is_to_server) {
    // The only packet of a server before encryption or data.
    memory |= Memory::server_read;
    read_prelogin(in, true, facts);
  } else if (type == Packet::login7) {
    memory |= Memory::client_read;
    read_login(in, facts);
  } else if ((memory & Memory::asked) != 0 || type != Packet::prelogin) {
    memory |= Memory::client_read;  // TLS in PRELOGIN packets, or a session met in its middle
  } else {
    memory |= Memory::asked;
    out.say_direction(Role::request, in);
  }
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "tds",
    .title = "SQL Server (TDS)",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = {},
    .facts = "product_name server_software host_name user_agent cleartext_login",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::tds
