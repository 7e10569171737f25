// Fields of a sighting as texts.
#include "cloud/detect/sighting.h"

#include <array>

namespace osect::detect {

std::string_view name_of(Record record) {
  static constexpr std::array<std::string_view, 10> kNames{
      "device",   "address", "conversation", "operation", "occurrence",
      "exchange", "cycle",   "presence",     "fact",      "event"};
  return kNames.at(static_cast<std::size_t>(record));
}

std::string text_of(const Sighting& sighting, std::string_view field) {
  if (field == "client") return std::to_string(sighting.client);
  if (field == "server") return std::to_string(sighting.server);
  const auto at = sighting.values.find(field);
  if (at == sighting.values.end()) return {};
  if (const auto* text = std::get_if<std::string>(&at->second)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&at->second)) return std::to_string(*number);
  return std::get<bool>(at->second) ? "true" : "false";
}

std::string service_of(std::string_view transport, std::int64_t port, std::string_view protocol) {
  struct Known {
    std::string_view transport;
    std::int64_t port;
    std::string_view name;
  };
  // IANA's service names, and the tools' own documentation.
  static constexpr std::array kKnown{
      Known{"tcp", 21, "ftp"},          Known{"tcp", 22, "ssh"},
      Known{"tcp", 23, "telnet"},       Known{"tcp", 110, "pop3"},
      Known{"tcp", 445, "smb"},         Known{"tcp", 513, "rlogin"},
      Known{"tcp", 514, "rsh"},         Known{"tcp", 3389, "rdp"},
      Known{"tcp", 5800, "vnc"},        Known{"tcp", 5900, "vnc"},
      Known{"tcp", 5938, "teamviewer"}, Known{"udp", 5938, "teamviewer"},
      Known{"tcp", 6568, "anydesk"},    Known{"tcp", 7070, "anydesk"},
      Known{"udp", 53, "dns"},          Known{"udp", 69, "tftp"},
      Known{"udp", 123, "ntp"},         Known{"udp", 161, "snmp"},
      Known{"udp", 3389, "rdp"}};
  if (!protocol.empty()) return std::string(protocol);
  for (const Known& known : kKnown)
    if (known.port == port && known.transport == transport) return std::string(known.name);
  return {};
}

std::string key_of(const Sighting& sighting, const std::vector<std::string>& fields) {
  constexpr char kBetween = '\x1f';
  std::string out;
  for (const std::string& field : fields) out += text_of(sighting, field) + kBetween;
  return out;
}

}  // namespace osect::detect
