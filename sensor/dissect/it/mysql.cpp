// MySQL and MariaDB: MySQL internals manual, "Connection Phase", protocol version 10. The server's
// version; no user, no data.
#include <algorithm>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/software.h"

namespace osect::dissect::mysql {
namespace {

constexpr std::uint16_t kPorts[] = {3306, 3307};
constexpr std::uint8_t kConfidence = 85;
constexpr std::uint8_t kSystemConfidence = 65;
constexpr std::size_t kHeaderBytes = 4;  // length, sequence number
constexpr std::uint8_t kProtocol = 10;
constexpr std::size_t kGreetingMax = 512;
constexpr std::size_t kSslRequestBytes = 32;
constexpr std::uint32_t kSsl = 0x0800;  // of the capabilities

enum Memory : std::uint32_t { greeted = 1, answered = 2, encrypted = 4 };

// Greeting: protocol, the version up to a NUL.
Verdict probe(Cursor in, const Context&) {
  const std::uint32_t length = in.le24();
  const std::uint8_t sequence = in.u8();
  const std::uint8_t protocol = in.u8();
  const std::uint8_t digit = in.u8();
  const std::uint8_t next = in.u8();
  if (!in.is_good()) return Verdict::maybe;
  return length > 30 && length <= kGreetingMax && sequence == 0 && protocol == kProtocol &&
                 digit >= '1' && digit <= '9' && (next == '.' || (next >= '0' && next <= '9'))
             ? Verdict::yes
             : Verdict::no;
}

Framing frame(Cursor in, const Context& context) {
  const std::uint32_t memory = *context.memory;
  if ((memory & Memory::encrypted) != 0) return Framing::kAnotherProtocol;
  if ((memory & (context.is_to_server ? Memory::answered : Memory::greeted)) != 0)
    return Framing(Framing::kUntilEnd, 0);
  const std::size_t length = in.le24();
  if (in.left() == 0) return Framing::kNeedMore;
  return Framing(kHeaderBytes + length, kHeaderBytes + std::min(length, kGreetingMax));
}

// MariaDB puts "5.5.5-" before its own version, so that old clients of MySQL take it for theirs.
void read_greeting(Cursor& in, Collected& facts) {
  constexpr std::string_view kMariaDb = "MariaDB";
  constexpr std::string_view kDisguise = "5.5.5-";
  in.skip(1);
  const auto rest = in.text(in.left());
  auto version = rest.substr(0, rest.find('\0'));
  const bool is_mariadb = version.find(kMariaDb) != std::string_view::npos;
  if (is_mariadb && version.starts_with(kDisguise)) version.remove_prefix(kDisguise.size());
  const std::string_view product = is_mariadb ? kMariaDb : "MySQL";
  facts.add(about_sender("product_name", kConfidence), product);
  facts.add_text(about_sender("server_software", kConfidence),
                 [&](Writer& to) { to.put(product).put(' ').printable(version); });
  software::collect(facts, about_sender("", kSystemConfidence), version);
}

void dissect(Cursor in, const Context& context, Out& out) {
  std::uint32_t& memory = *context.memory;
  in.skip(kHeaderBytes);
  Collected facts;
  if (context.is_to_server) {
    memory |= Memory::answered;
    const std::size_t size = in.left();
    if (size == kSslRequestBytes && (in.le32() & kSsl) != 0) memory |= Memory::encrypted;
  } else {
    memory |= Memory::greeted;
    if (in.peek() == kProtocol) {
      out.say_direction(Role::response, in);
      read_greeting(in, facts);
    }
  }
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "mysql",
    .title = "MySQL, MariaDB",
    .over = over::kTcp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "product_name server_software os",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::mysql
