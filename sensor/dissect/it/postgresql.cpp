// PostgreSQL: its documentation, "Frontend/Backend Protocol", version 3. Versions and names of
// programs; no user, no query.
#include <algorithm>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/software.h"

namespace osect::dissect::postgresql {
namespace {

constexpr std::uint16_t kPorts[] = {5432};
constexpr Lead kLeads[] = {{0, {0}}, {1, {0}}, {4, {0, 4}}, {5, {3, 0xd2}}, {6, {0, 0x16}}};
constexpr std::uint8_t kConfidence = 85;
constexpr std::uint8_t kSystemConfidence = 65;
constexpr std::size_t kStartupMax = 2048;
constexpr std::size_t kReadMax = 512;

// What stands where a startup message has its version.
enum Code : std::uint32_t {
  version3 = 0x00030000,
  cancel = 80877102,
  ssl = 80877103,
  gss = 80877104,
};

enum Memory : std::uint32_t {
  started = 1,    // the client's startup message was read
  ready = 2,      // the server has said all about itself
  ssl_asked = 4,  // the server's next byte says yes or no
  encrypted = 8,
};

Verdict probe(Cursor in, const Context&) {
  const std::uint32_t length = in.be32();
  const std::uint32_t code = in.be32();
  if (!in.is_good()) return Verdict::maybe;
  if (code == Code::ssl || code == Code::gss) return length == 8 ? Verdict::yes : Verdict::no;
  constexpr std::string_view kUser{"user\0", 5};
  constexpr std::size_t kShortest = 8 + 7;
  if (code != Code::version3 || length < kShortest || length > kStartupMax) return Verdict::no;
  if (in.left() < kUser.size()) return Verdict::maybe;
  // Clients write the user first, whom no session is without.
  return in.text(kUser.size()) == kUser ? Verdict::yes : Verdict::no;
}

Framing frame(Cursor in, const Context& context) {
  const std::uint32_t memory = *context.memory;
  if ((memory & Memory::encrypted) != 0) return Framing::kAnotherProtocol;
  if ((memory & (context.is_to_server ? Memory::started : Memory::ready)) != 0)
    return Framing(Framing::kUntilEnd, 0);
  if (!context.is_to_server && (memory & Memory::ssl_asked) != 0) return 1;
  const std::size_t type = context.is_to_server ? 0 : 1;
  in.skip(type);
  const std::size_t length = in.be32();
  if (!in.is_good()) return Framing::kNeedMore;
  if (length < sizeof(std::uint32_t)) return Framing::kNotAMessage;
  return Framing(type + length, type + std::min(length, kReadMax));
}

std::string_view next_text(Cursor& in) {
  Cursor rest = in;
  const auto all = rest.text(rest.left());
  const auto text = all.substr(0, all.find('\0'));
  in.skip(std::min(in.left(), text.size() + 1));
  return text;
}

void read_client(Cursor in, std::uint32_t& memory, Collected& facts) {
  in.skip(sizeof(std::uint32_t));
  const std::uint32_t code = in.be32();
  if (code == Code::ssl || code == Code::gss) {
    memory |= Memory::ssl_asked;
    return;
  }
  memory |= Memory::started;
  if (code != Code::version3) return;
  while (in.left() > 0) {
    const auto name = next_text(in);
    const auto value = next_text(in);
    if (name == "application_name") facts.add_raw(about_sender("user_agent", kConfidence), value);
  }
}

void read_server(Cursor in, std::uint32_t& memory, Collected& facts) {
  constexpr std::uint32_t kPassword = 3;  // AuthenticationCleartextPassword
  if ((memory & Memory::ssl_asked) != 0) {
    memory &= ~std::uint32_t{Memory::ssl_asked};
    if (in.peek() == 'S') memory |= Memory::encrypted;
    return;
  }
  const std::uint8_t type = in.u8();
  in.skip(sizeof(std::uint32_t));
  if (type == 'R' && in.be32() == kPassword)
    facts.add(about_sender("cleartext_login", kConfidence), "PostgreSQL");
  if (type == 'S' && next_text(in) == "server_version") {
    const auto version = next_text(in);
    facts.add(about_sender("product_name", kConfidence), "PostgreSQL");
    facts.add_text(about_sender("server_software", kConfidence),
                   [&](Writer& to) { to.put("PostgreSQL ").printable(version); });
    software::collect(facts, about_sender("", kSystemConfidence), version);
  }
  if (type == 'Z' || type == 'E') memory |= Memory::ready;
}

void dissect(Cursor in, const Context& context, Out& out) {
  Collected facts;
  if (context.is_to_server)
    read_client(in, *context.memory, facts);
  else
    read_server(in, *context.memory, facts);
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "postgresql",
    .title = "PostgreSQL",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = {},
    .facts = "product_name server_software os user_agent cleartext_login",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::postgresql
