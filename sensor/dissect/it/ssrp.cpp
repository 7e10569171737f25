// SQL Server Resolution Protocol: [MC-SQLR] clause 2.2. Which instances a server has, and their
// versions.
#include <charconv>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/sql_server.h"

namespace osect::dissect::ssrp {
namespace {

constexpr std::uint16_t kPorts[] = {1434};
constexpr std::uint8_t kConfidence = 85;
constexpr std::uint8_t kResponse = 5;
constexpr std::size_t kHeaderBytes = 3;

Verdict probe(Cursor in, const Context&) {
  const std::uint8_t type = in.u8();
  if (type >= 2 && type <= 4) return in.left() <= 33 ? Verdict::yes : Verdict::no;
  return type == kResponse && in.le16() == in.left() && in.left() > 0 ? Verdict::yes : Verdict::no;
}

// "15.0.2000.5"
void add_version(std::string_view text, Collected& facts) {
  unsigned numbers[3] = {};
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (unsigned& number : numbers) {
    const auto read = std::from_chars(at, end, number);
    if (read.ec != std::errc()) return;
    at = read.ptr + (read.ptr != end ? 1 : 0);
  }
  sql_server::add_version(facts, kConfidence, numbers[0], numbers[1], numbers[2]);
}

void dissect(Cursor in, const Context&, Out& out) {
  Collected facts;
  if (in.peek() != kResponse) {
    out.say_direction(Role::request, in);
    facts.say(out, in);
    return;
  }
  out.say_direction(Role::response, in);
  in.skip(kHeaderBytes);
  std::string_view rest = in.text(in.left());
  // Names and values in turn, each behind a semicolon; two of them end an instance.
  const auto next = [&] {
    const auto end = rest.find(';');
    const auto part = end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return part;
  };
  while (!rest.empty()) {
    const auto name = next();
    if (name.empty()) continue;
    const auto value = next();
    if (name == "ServerName") facts.add_raw(about_sender("host_name", kConfidence), value);
    if (name == "InstanceName")
      facts.add_raw(about_sender("database_instance", kConfidence), value);
    if (name == "Version") add_version(value, facts);
  }
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "ssrp",
    .title = "SQL Server Browser",
    .over = over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "host_name database_instance product_name server_software",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::ssrp
