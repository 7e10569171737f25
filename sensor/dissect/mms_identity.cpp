// Identities out of Identify and out of name plates that are read as variables.
#include "sensor/dissect/mms_identity.h"

#include <array>

#include "sensor/dissect/ber.h"

namespace osect::dissect::mms_identity {
namespace {

constexpr std::uint8_t kConfidence = 95;
constexpr std::uint8_t kPlateConfidence = 85;  // a gateway serves the plates of others too
constexpr ber::Tag kStructure = ber::context(2);
constexpr ber::Tag kVisibleString = ber::context(10);
constexpr ber::Tag kMmsString = ber::context(16);

constexpr std::string_view kLogicalDevice = "LLN0$DC$NamPlt";
constexpr std::string_view kPhysicalDevice = "LPHD";
constexpr std::string_view kPhysicalPlate = "$DC$PhyNam";

struct Attribute {
  std::string_view name;
  std::string_view fact;
};
constexpr std::array<Attribute, 8> kAttributes = {{{"vendor", "vendor"},
                                                   {"swRev", "firmware"},
                                                   {"hwRev", "hardware"},
                                                   {"serNum", "serial"},
                                                   {"model", "model"},
                                                   {"location", "location"},
                                                   {"name", "device_name"},
                                                   {"d", "description"}}};

bool starts_with(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

void collect_text(std::string_view attribute, const ber::Element& value, Collected& facts) {
  if (value.tag == kVisibleString || value.tag == kMmsString)
    facts.add_raw(about_sender(attribute, kPlateConfidence), ber::text(value.content));
}

}  // namespace

void collect(Cursor response, Collected& facts) {
  constexpr std::array<std::string_view, 3> kFacts = {"vendor", "model", "firmware"};
  while (response.left() > 0) {
    const auto [tag, content] = ber::read(response);
    const std::uint32_t field = tag ^ ber::context(0);
    if (field < kFacts.size())
      facts.add_raw(about_sender(kFacts[field], kConfidence), ber::text(content));
  }
}

void collect_name_plate(std::string_view target, Cursor results, Collected& facts) {
  // Of several variables the target has the first, and it answers with the first.
  std::string_view item = target.substr(target.find('/') + 1);
  item = item.substr(0, item.find(','));
  std::size_t plate = std::string_view::npos;
  if (starts_with(item, kLogicalDevice))
    plate = kLogicalDevice.size();
  else if (starts_with(item, kPhysicalDevice) && item.find(kPhysicalPlate) != item.npos)
    plate = item.find(kPhysicalPlate) + kPhysicalPlate.size();
  if (plate == std::string_view::npos) return;
  const std::string_view attribute = item.substr(plate);
  auto value = ber::read(results);
  if (!attribute.empty()) {
    for (const Attribute& known : kAttributes)
      if (attribute.front() == '$' && attribute.substr(1) == known.name)
        collect_text(known.fact, value, facts);
    return;
  }
  // A whole plate does not name its components: only those that none may leave out have a place.
  if (value.tag != kStructure || value.content.left() == 0) return;
  collect_text("vendor", ber::read(value.content), facts);
  if (starts_with(item, kLogicalDevice) && value.content.left() > 0)
    collect_text("firmware", ber::read(value.content), facts);
}

}  // namespace osect::dissect::mms_identity
