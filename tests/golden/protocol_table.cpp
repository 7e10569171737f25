// Writes docs/protocols.md from the dissectors themselves.
#include "tests/golden/protocol_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
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
  if ((dissector.over & over::kIp) != 0) words.emplace_back("IP");
  if ((dissector.over & over::kInside) != 0) words.emplace_back("inside another protocol");
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string ports_text(const Dissector& dissector) {
  std::vector<std::string> words;
  if (dissector.over != dissect::over::kInside)
    for (const auto port : dissector.ports) words.push_back(fmt::format("{}", port));
  for (const auto ethertype : dissector.ethertypes)
    words.push_back(ethertype == 0 ? "LLC" : fmt::format("0x{:04x}", ethertype));
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

// Which captures of the protocol's golden folder hold a function: by its word, the names of the
// cases.
using Exercised = std::map<std::string, std::set<std::string>, std::less<>>;

Exercised exercised(const std::filesystem::path& folder, std::string_view protocol) {
  Exercised found;
  for (const auto& entry : std::filesystem::directory_iterator(folder / protocol)) {
    if (entry.path().extension() != ".jsonl") continue;
    std::ifstream file(entry.path());
    for (std::string text; std::getline(file, text);) {
      const auto line = nlohmann::json::parse(text);
      if (line.value("protocol", "") == protocol && line.contains("function"))
        found[line.at("function")].insert(entry.path().stem());
    }
  }
  return found;
}

std::string code_text(const Dissector& dissector, std::uint32_t code) {
  if (dissector.write_code != nullptr) {
    dissect::Text<dissect::kCodeBytesMax> text;
    dissector.write_code(text, code);
    return std::string(text.text());
  }
  return dissector.code_digits == 0 ? fmt::format("{}", code)
                                    : fmt::format("0x{:0{}x}", code, dissector.code_digits);
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

Ports are hints; 0x numbers are ethertypes, directly over IP it is the protocol number. The order is precedence. Of the functions that a
specification lists, "x of y" stand in golden captures (tests/golden), which the tables below name.

)";

constexpr const char* kGaps = R"(
## What is not understood

It is counted, drawn and watched as conversations like any other, under no name of an OT protocol.

- **Yokogawa Vnet/IP**: neither its messages nor a signature of them are published, and its ports are not confirmed. Its
  addresses are known (TI 30A10A05-01E: 192.168.d.s on bus 1, 192.168.(128+d).s on bus 2), but they are those of any private
  network: a name by address would be a guess.
- **MQTT over WebSocket**: a client masks every frame with a key of its own (RFC 6455, clause 5.3), so that its MQTT is not on
  the wire as the specification writes it, and dissectors read what is on the wire, without a copy. The request that opens it is
  read as HTTP.
- **What TLS hides**: of a handshake its names, versions and certificate are stated; behind it there is nothing to read.
)";

}  // namespace

std::string protocol_table(const std::filesystem::path& golden) {
  std::string overview;
  std::string details;
  for (const Dissector* dissector : dissect::dissectors()) {
    const Exercised by = exercised(golden, dissector->name);
    std::size_t count = 0;
    std::string rows;
    for (const dissect::Function& function : dissector->functions) {
      const auto cases = by.find(function.name);
      if (cases != by.end()) ++count;
      rows +=
          fmt::format("| {} | {} | {} | {} |\n", code_text(*dissector, function.code),
                      function.name, dissect::access_name(function.access),
                      cases != by.end() ? fmt::format("{}", fmt::join(cases->second, ", ")) : "");
    }
    const std::string share =
        rows.empty() ? "" : fmt::format("{} of {}", count, dissector->functions.size());
    overview += fmt::format("| {} | `{}` | {} | {} | {} | {} | {} |\n", dissector->title,
                            dissector->name, over_text(*dissector), ports_text(*dissector),
                            off_port_text(dissector->off_port), share, dissector->facts);
    if (!rows.empty())
      details += fmt::format(
          "\n## {}\n\n| code | function | access class | golden captures |\n|---|---|---|---|\n{}",
          dissector->title, rows);
  }
  return kIntroduction +
         fmt::format(
             "| protocol | name in records | over | ports | on other ports | functions | "
             "facts |\n|---|---|---|---|---|---|---|\n{}{}{}",
             overview, kGaps, details);
}

}  // namespace osect::golden
