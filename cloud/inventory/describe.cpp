// The best fact of each attribute; a type only where a rule of the table says so.
#include "cloud/inventory/describe.h"

#include <fmt/format.h>

#include <algorithm>

namespace osect::inventory {
namespace {

// Names in the order in which a person would want to see them.
constexpr const char* kNames[] = {"host_name", "netbios_name", "fqdn", "upnp_name", "dns_name"};

// Who serves an industrial protocol is a controller only when its maker makes controllers:
// simulators and gateways serve them too.
constexpr const char* kControllerMakers[] = {"schneider",
                                             "telemecanique",
                                             "modicon",
                                             "siemens",
                                             "rockwell",
                                             "allen-bradley",
                                             "omron",
                                             "mitsubishi",
                                             "yokogawa",
                                             "keyence",
                                             "fanuc",
                                             "phoenix",
                                             "wago",
                                             "beckhoff",
                                             "abb ",
                                             "honeywell",
                                             "emerson",
                                             "hitachi",
                                             "toshiba",
                                             "fuji electric",
                                             "jtekt",
                                             "yaskawa",
                                             "panasonic industrial",
                                             "ge fanuc",
                                             "b&r",
                                             "bachmann"};
constexpr const char* kControllerProtocols[] = {"modbus", "s7comm",   "cip",    "enip",    "fins",
                                                "melsec", "slmp",     "cclink", "bacnet",  "dnp3",
                                                "iec104", "profinet", "opcua",  "ethercat"};

struct ServiceType {
  const char* protocol;
  const char* type;
};
constexpr ServiceType kServiceTypes[] = {
    {"ipp", "printer"}, {"lpd", "printer"}, {"rtsp", "camera"}, {"sip", "phone"}};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

const Fact* best(const Seen& seen, std::string_view attribute) {
  const auto at = std::find_if(seen.facts.begin(), seen.facts.end(),
                               [&](const Fact& f) { return f.attribute == attribute; });
  return at == seen.facts.end() ? nullptr : &*at;
}

std::string value_of(const Seen& seen, std::string_view attribute) {
  const Fact* const fact = best(seen, attribute);
  return fact == nullptr ? "" : fact->value;
}

// The address a person would look for: a private one of IPv4 before any other.
std::string main_address(const Seen& seen) {
  std::string out;
  int best_rank = 4;
  for (const IpAddress& ip : seen.ips) {
    const int rank = ip.is_v4() && !ip.is_link_local() ? 0
                     : ip.is_v4()                      ? 1
                     : ip.is_link_local()              ? 3
                                                       : 2;
    if (rank < best_rank) {
      best_rank = rank;
      out = ip.text();
    }
  }
  return out.empty() && !seen.macs.empty() ? seen.macs.begin()->text() : out;
}

void name(const Seen& seen, Description& out) {
  for (const char* attribute : kNames) {
    const Fact* const fact = best(seen, attribute);
    if (fact == nullptr || fact->value.empty()) continue;
    out.host_name = fact->value;
    out.name = fact->value;
    out.name_source = fact->source;
    return;
  }
  if (!out.vendor.empty() && !seen.macs.empty()) {
    const auto& mac = seen.macs.begin()->bytes;
    out.name = fmt::format("{} {:02x}:{:02x}:{:02x}", out.vendor, mac[3], mac[4], mac[5]);
    out.name_source = "vendor";
    return;
  }
  out.name = main_address(seen);
  out.name_source = "address";
}

void guess_type(const Seen& seen, Description& out) {
  out.type = "unknown";
  if (const Fact* const stated = best(seen, "device_type")) {
    out.type = stated->value;
    out.type_source = stated->source;
    return;
  }
  if (seen.is_router) {
    out.type = "router";
    out.type_source = "traffic";
    return;
  }
  const std::string maker = lower(out.vendor) + " ";
  const bool makes_controllers =
      std::any_of(std::begin(kControllerMakers), std::end(kControllerMakers),
                  [&](const char* word) { return maker.find(word) != std::string::npos; });
  for (const char* protocol : kControllerProtocols)
    if (makes_controllers && seen.serves.contains(protocol)) {
      out.type = "plc";
      out.type_source = protocol;
      return;
    }
  for (const ServiceType& rule : kServiceTypes)
    if (seen.serves.contains(rule.protocol)) {
      out.type = rule.type;
      out.type_source = rule.protocol;
      return;
    }
}

}  // namespace

Description describe(const Seen& seen, const Vendors& vendors) {
  Description out;
  out.vendor = value_of(seen, "vendor");
  for (auto mac = seen.macs.begin(); out.vendor.empty() && mac != seen.macs.end(); ++mac)
    out.vendor = vendors.of(*mac);
  out.model = value_of(seen, "model");
  out.firmware = value_of(seen, "firmware");
  out.serial = value_of(seen, "serial");
  out.os = value_of(seen, "os");
  name(seen, out);
  guess_type(seen, out);
  return out;
}

}  // namespace osect::inventory
