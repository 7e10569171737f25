// Web services discovery: OASIS WS-Discovery 1.1 and its forerunner of 2005; ONVIF Core
// Specification clause 7.3 for cameras. What printers, cameras and Windows machines announce.
#include "sensor/dissect/collected.h"

namespace osect::dissect::wsd {
namespace {

constexpr std::uint16_t kPorts[] = {3702};
constexpr std::uint8_t kConfidence = 65;
constexpr auto kNone = std::string_view::npos;

Verdict probe(Cursor in, const Context&) {
  const auto text = trimmed(in.text(in.left()));
  if (!text.starts_with('<')) return Verdict::no;
  return text.find("Envelope") != kNone ? Verdict::yes : Verdict::no;
}

// The text of the first element with this local name, whatever its prefix.
std::string_view element(std::string_view xml, std::string_view name) {
  for (auto at = xml.find('<'); at != kNone; at = xml.find('<', at + 1)) {
    const auto end = xml.find_first_of("<>", at + 1);
    if (end == kNone || xml[end] == '<') continue;
    const auto tag = xml.substr(at + 1, end - at - 1);
    auto local = tag.substr(0, tag.find_first_of(" \t\r\n/"));
    if (const auto colon = local.find(':'); colon != kNone) local.remove_prefix(colon + 1);
    if (local != name || tag.ends_with('/') || tag.starts_with('/')) continue;
    return trimmed(xml.substr(end + 1, xml.find('<', end + 1) - end - 1));
  }
  return {};
}

// The words of a list, parted by blanks.
template <typename Visit>
void for_words(std::string_view list, Visit&& visit) {
  constexpr std::string_view kBlanks = " \t\r\n";
  while (!list.empty()) {
    const auto end = list.find_first_of(kBlanks);
    if (const auto word = list.substr(0, end); !word.empty()) visit(word);
    list = end == kNone ? std::string_view() : list.substr(end + 1);
  }
}

struct Kind {
  std::string_view type;
  std::string_view device_type;
};
constexpr Kind kKinds[] = {
    {"NetworkVideoTransmitter", "camera"}, {"NetworkVideoStorage", "camera"},
    {"PrintDeviceType", "printer"},        {"PrinterServiceType", "printer"},
    {"ScanDeviceType", "printer"},         {"Computer", "pc"},
};

void add_types(std::string_view types, Collected& facts) {
  facts.add_raw(about_sender("wsd_types", kConfidence), types);
  for (const Kind& kind : kKinds)
    if (types.find(kind.type) != kNone) {
      facts.add(about_sender("device_type", kConfidence), kind.device_type);
      return;
    }
}

// ONVIF Core Specification clause 7.3.2.2: a camera's scopes are words about it, behind a prefix.
void add_scopes(std::string_view scopes, Collected& facts) {
  constexpr std::string_view kPrefix = "onvif://www.onvif.org/";
  constexpr std::string_view kWords[][2] = {
      {"name/", "device_name"}, {"hardware/", "model"}, {"location/", "location"}};
  for_words(scopes, [&](std::string_view scope) {
    if (!scope.starts_with(kPrefix)) return;
    scope.remove_prefix(kPrefix.size());
    for (const auto& [word, attribute] : kWords)
      if (scope.starts_with(word))
        facts.add_raw(about_sender(attribute, kConfidence), scope.substr(word.size()));
  });
}

// Scheme, host and port of an address; where on the device it leads is nobody's business.
void add_addresses(std::string_view addresses, Collected& facts) {
  for_words(addresses, [&](std::string_view address) {
    const auto host = address.find("://");
    if (host == kNone) return;
    facts.add_raw(about_sender("endpoint_url", kConfidence),
                  address.substr(0, address.find_first_of("/?#", host + 3)));
  });
}

void dissect(Cursor in, const Context& context, Out& out) {
  const auto xml = in.text(in.left());
  if (!context.is_whole) in.skip(1);
  const auto action = element(xml, "Action");
  Collected facts;
  const auto is = [&](std::string_view what) { return action.ends_with(what); };
  if (is("/Hello") || is("/ProbeMatches") || is("/ResolveMatches") || is("/Bye")) {
    const auto matches = xml.find("Body");
    const auto body = matches == kNone ? std::string_view() : xml.substr(matches);
    facts.add_raw(about_sender("wsd_endpoint", kConfidence), element(body, "Address"));
    add_types(element(body, "Types"), facts);
    add_scopes(element(body, "Scopes"), facts);
    add_addresses(element(body, "XAddrs"), facts);
  }
  if (is("/Probe") || is("/Resolve"))
    out.say_direction(Role::request, in);
  else if (is("Matches"))
    out.say_direction(Role::response, in);
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "wsd",
    .title = "WS-Discovery",
    .over = over::kUdp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "wsd_endpoint wsd_types device_type device_name model location endpoint_url",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::wsd
