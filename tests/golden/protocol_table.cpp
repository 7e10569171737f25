// Writes docs/protocols.md from the dissectors themselves.
#include "tests/golden/protocol_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "sensor/dissect/dissector.h"

namespace osect::golden {
namespace {

using dissect::Dissector;
using dissect::OffPort;

std::string over_text(const Dissector& dissector) {
  std::vector<std::string> words;
  namespace over = dissect::over;
  if ((dissector.over & over::kTcp) != 0) words.emplace_back("TCP");
  if ((dissector.over & over::kUdp) != 0) words.emplace_back("UDP");
  if ((dissector.over & over::kEthernet) != 0) words.emplace_back("Ethernet");
  if ((dissector.over & over::kIcmp) != 0) words.emplace_back("ICMP");
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string ports_text(const Dissector& dissector) {
  const bool is_ethertype = dissector.over == dissect::over::kEthernet;
  std::vector<std::string> words;
  for (const auto port : dissector.ports)
    words.push_back(is_ethertype ? fmt::format("0x{:04x}", port) : fmt::format("{}", port));
  return fmt::format("{}", fmt::join(words, ", "));
}

const char* off_port_text(OffPort off_port) {
  switch (off_port) {
    case OffPort::never:
      return "no";
    case OffPort::weak:
      return "after 3 messages and an answer";
    case OffPort::strong:
      return "by its signature";
  }
  return "";
}

constexpr const char* kIntroduction = R"(# Protocols: the words of operations and facts

Written from the dissectors (see [adding a protocol](adding-a-protocol.md)).
Every OT message becomes an operation with a protocol, a function, a code, an access class, a target and an outcome, and
never a process value.

## Access classes

| class | what the message does |
|---|---|
| read | reads process data or memory |
| write | changes process data or parameters |
| control | run, stop, reset, pause, mode, force, operate |
| program | downloads, uploads or deletes programs, files, firmware; edits online |
| config | changes address, name, link, users, passwords; clears logs |
| diagnostic | echo, counters, logs, status |
| identity | asks for model, version or name |
| time | reads or sets the clock |
| session | opens, closes, logs in, keeps alive |
| cyclic | implicit input and output, again and again |

## Notation of codes

`code` is the value on the wire, always present, also where the function is unknown. Where the specification counts functions
in decimal (Modbus), it is decimal: `3`. Where it writes hexadecimal, the code has the prefix `0x` and the specification's width.

## Protocols

Ports are hints: for Ethernet the ethertype, for ICMP the IP protocol. The order is precedence.

)";

}  // namespace

std::string protocol_table() {
  std::string text = kIntroduction;
  text +=
      "| protocol | name in records | over | ports | on other ports | functions | facts |\n"
      "|---|---|---|---|---|---|---|\n";
  for (const Dissector* dissector : dissect::dissectors())
    text += fmt::format(
        "| {} | `{}` | {} | {} | {} | {} | {} |\n", dissector->title, dissector->name,
        over_text(*dissector), ports_text(*dissector), off_port_text(dissector->off_port),
        dissector->functions.empty() ? "" : std::to_string(dissector->functions.size()),
        dissector->facts);
  for (const Dissector* dissector : dissect::dissectors()) {
    if (dissector->functions.empty()) continue;
    text += fmt::format("\n## {}\n\n| code | function | access class |\n|---|---|---|\n",
                        dissector->title);
    for (const dissect::Function& function : dissector->functions)
      text += fmt::format("| {} | {} | {} |\n", function.code, function.name,
                          dissect::access_name(function.access));
  }
  return text;
}

}  // namespace osect::golden
