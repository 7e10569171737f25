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
                                             "bachmann",
                                             "azbil",
                                             "elau"};
// Makers of operator panels, and of nothing else that a control network holds.
constexpr const char* kPanelMakers[] = {"digital electronics", "pro-face", "weintek"};
constexpr const char* kControllerProtocols[] = {
    "modbus",    "s7comm",     "cip",    "enip", "fins",   "melsoft",  "slmp",  "cclink_ieb",
    "cclink_ie", "cclink_tsn", "bacnet", "dnp3", "iec104", "profinet", "opcua", "ethercat"};

struct ServiceType {
  const char* protocol;
  const char* type;
};
// Services a device announces (RFC 6763); the first row that one of them fits decides.
constexpr ServiceType kAnnounced[] = {{"._ipp._tcp", "printer"},
                                      {"._ipps._tcp", "printer"},
                                      {"._pdl-datastream._tcp", "printer"},
                                      {"._printer._tcp", "printer"},
                                      {"._axis-video._tcp", "camera"},
                                      {"._rtsp._tcp", "camera"},
                                      {"._afpovertcp._tcp", "nas"},
                                      {"._smb._tcp", "nas"}};
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
    // ".local" says that the name was heard by mDNS, nothing of the device.
    constexpr std::string_view kLocal = ".local";
    if (out.host_name.size() > kLocal.size() && out.host_name.ends_with(kLocal))
      out.host_name.resize(out.host_name.size() - kLocal.size());
    out.name = out.host_name;
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

// Whether the vendor's name holds one of the words.
template <std::size_t size>
bool is_made_by(const std::string& maker, const char* const (&words)[size]) {
  return std::any_of(std::begin(words), std::end(words),
                     [&](const char* word) { return maker.find(word) != std::string::npos; });
}

// A type from what the device says of itself: what it announces, how it asks for an address.
bool type_from_facts(const Seen& seen, Description& out) {
  const auto decide = [&](const char* type, const std::string& source) {
    out.type = type;
    out.type_source = source;
    return true;
  };
  for (const ServiceType& rule : kAnnounced)
    for (const Fact& fact : seen.facts)
      if (fact.attribute == "service" && fact.value.find(rule.protocol) != std::string::npos)
        return decide(rule.type, fact.source);
  // Windows names itself so in every DHCP request.
  if (const Fact* const asked = best(seen, "dhcp_vendor_class");
      asked != nullptr && asked->value.starts_with("MSFT "))
    return decide("pc", asked->source);
  if (const Fact* const named = best(seen, "netbios_name"); named != nullptr)
    return decide("pc", named->source);
  return false;
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
  const bool makes_controllers = is_made_by(maker, kControllerMakers);
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
  if (type_from_facts(seen, out)) return;
  if (is_made_by(maker, kPanelMakers)) {
    out.type = "hmi";
    out.type_source = "vendor";
  }
}

}  // namespace

Description describe(const Seen& seen, const Vendors& vendors) {
  Description out;
  out.vendor = value_of(seen, "vendor");
  for (auto mac = seen.macs.begin(); out.vendor.empty() && mac != seen.macs.end(); ++mac)
    out.vendor = vendors.of(*mac);
  // What Modbus calls the product code is what stands on the type plate.
  for (const char* attribute : {"model", "product_name", "product_code"})
    if (out.model.empty()) out.model = value_of(seen, attribute);
  out.firmware = value_of(seen, "firmware");
  out.serial = value_of(seen, "serial");
  out.os = value_of(seen, "os");
  if (out.os.empty() && value_of(seen, "dhcp_vendor_class").starts_with("MSFT "))
    out.os = "Windows";
  name(seen, out);
  guess_type(seen, out);
  return out;
}

}  // namespace osect::inventory
