// Encoding and words of BACnet's application layer; ANSI/ASHRAE 135-2020 clauses 20.2 and 21.
#include "sensor/dissect/bacnet_message.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "sensor/dissect/bacnet_vendors.h"

namespace osect::dissect::bacnet_message {
namespace {

constexpr std::uint8_t kUnsigned = 2;
constexpr std::uint8_t kCharacterString = 7;
constexpr int kNone = -1;
constexpr int kApplication = 0x100 | kObjectIdentifier;

struct Word {
  std::uint16_t number;
  std::string_view text;
};

// BACnetObjectType, clause 21.6.
constexpr std::string_view kObjectTypes[] = {"analog-input",
                                             "analog-output",
                                             "analog-value",
                                             "binary-input",
                                             "binary-output",
                                             "binary-value",
                                             "calendar",
                                             "command",
                                             "device",
                                             "event-enrollment",
                                             "file",
                                             "group",
                                             "loop",
                                             "multi-state-input",
                                             "multi-state-output",
                                             "notification-class",
                                             "program",
                                             "schedule",
                                             "averaging",
                                             "multi-state-value",
                                             "trend-log",
                                             "life-safety-point",
                                             "life-safety-zone",
                                             "accumulator",
                                             "pulse-converter",
                                             "event-log",
                                             "global-group",
                                             "trend-log-multiple",
                                             "load-control",
                                             "structured-view",
                                             "access-door",
                                             "timer",
                                             "access-credential",
                                             "access-point",
                                             "access-rights",
                                             "access-user",
                                             "access-zone",
                                             "credential-data-input",
                                             "network-security",
                                             "bitstring-value",
                                             "characterstring-value",
                                             "date-pattern-value",
                                             "date-value",
                                             "datetime-pattern-value",
                                             "datetime-value",
                                             "integer-value",
                                             "large-analog-value",
                                             "octetstring-value",
                                             "positive-integer-value",
                                             "time-pattern-value",
                                             "time-value",
                                             "notification-forwarder",
                                             "alert-enrollment",
                                             "channel",
                                             "lighting-output",
                                             "binary-lighting-output",
                                             "network-port",
                                             "elevator-group",
                                             "escalator",
                                             "lift",
                                             "staging",
                                             "audit-log",
                                             "audit-reporter",
                                             "color",
                                             "color-temperature"};

// BACnetPropertyIdentifier, clause 21.6: those that requests name most.
constexpr Word kProperties[] = {{8, "all"},
                                {11, "apdu-timeout"},
                                {12, "application-software-version"},
                                {28, "description"},
                                {30, "device-address-binding"},
                                {36, "event-state"},
                                {44, "firmware-revision"},
                                {54, "list-of-object-property-references"},
                                {56, "local-date"},
                                {57, "local-time"},
                                {58, "location"},
                                {62, "max-apdu-length-accepted"},
                                {65, "max-pres-value"},
                                {69, "min-pres-value"},
                                {70, "model-name"},
                                {74, "number-of-states"},
                                {75, "object-identifier"},
                                {76, "object-list"},
                                {77, "object-name"},
                                {79, "object-type"},
                                {80, "optional"},
                                {81, "out-of-service"},
                                {84, "polarity"},
                                {85, "present-value"},
                                {87, "priority-array"},
                                {96, "protocol-object-types-supported"},
                                {97, "protocol-services-supported"},
                                {98, "protocol-version"},
                                {103, "reliability"},
                                {104, "relinquish-default"},
                                {105, "required"},
                                {107, "segmentation-supported"},
                                {108, "setpoint"},
                                {110, "state-text"},
                                {111, "status-flags"},
                                {112, "system-status"},
                                {117, "units"},
                                {120, "vendor-identifier"},
                                {121, "vendor-name"},
                                {123, "weekly-schedule"},
                                {131, "log-buffer"},
                                {133, "log-enable"},
                                {139, "protocol-revision"},
                                {152, "active-cov-subscriptions"},
                                {155, "database-revision"},
                                {168, "profile-name"},
                                {371, "property-list"},
                                {372, "serial-number"}};

struct Identity {
  std::uint16_t property;
  std::string_view attribute;
};
constexpr Identity kIdentities[] = {{12, "application_software"},
                                    {28, "description"},
                                    {44, "firmware"},
                                    {58, "location"},
                                    {70, "model"},
                                    {77, "device_name"},
                                    {121, "vendor"},
                                    {372, "serial"}};

std::string_view attribute_of(std::uint32_t property) {
  for (const Identity& known : kIdentities)
    if (known.property == property) return known.attribute;
  return {};
}

// Where a service's parameters hold the object and the property that it is about: tag numbers at
// the outermost level and, for properties, inside the first list.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): a table's row reads in its order
struct Place {
  std::uint8_t service;
  int object;
  int property;
  bool is_nested = false;  // the property stands in a list
};
constexpr Place kConfirmed[] = {{0, 1, kNone},
                                {1, 2, kNone},
                                {2, 2, kNone},
                                {5, 1, kNone},
                                {6, kApplication, kNone},
                                {7, kApplication, kNone},
                                {8, 0, 1},
                                {9, 0, 1},
                                {11, kApplication, kNone},
                                {12, 0, 1},
                                {14, 0, 0, true},
                                {15, 0, 1},
                                {16, 0, 0, true},
                                {26, 0, 1},
                                {27, 3, kNone},
                                {28, 1, 0, true}};
constexpr Place kUnconfirmed[] = {
    {0, kApplication, kNone}, {2, 2, kNone}, {3, 2, kNone}, {7, 2, kNone}};

void write_object(Writer& to, const Object& object) {
  to.put("object ");
  if (object.type < std::size(kObjectTypes))
    to.put(kObjectTypes[object.type]);
  else
    to.put("type ").decimal(object.type);
  to.put(' ').decimal(object.instance);
}

void write_property(Writer& to, std::uint32_t property) {
  const auto* const at = std::find_if(std::begin(kProperties), std::end(kProperties),
                                      [&](const Word& word) { return word.number == property; });
  to.put(' ');
  if (at != std::end(kProperties))
    to.put(at->text);
  else
    to.put("property ").decimal(property);
}

void write_place(Writer& to, const Place& place, Cursor& in) {
  int depth = 0;
  bool has_object = false;
  while (in.left() > 0) {
    const Tag tag = read_tag(in);
    if (tag.is_opening) ++depth;
    if (tag.is_closing) --depth;
    if (tag.is_opening || tag.is_closing) continue;
    const int number = tag.is_context ? tag.number : 0x100 | tag.number;
    if (!has_object && depth == 0 && number == place.object) {
      write_object(to, read_object(tag.content));
      has_object = true;
      if (place.property == kNone) return;
    } else if (has_object && number == place.property && depth == (place.is_nested ? 1 : 0)) {
      write_property(to, read_unsigned(tag.content));
      return;
    }
  }
}

// The context tag of that number at the outermost level.
std::optional<std::uint32_t> find_number(Cursor& in, std::uint8_t number) {
  while (in.left() > 0) {
    const Tag tag = read_tag(in);
    if (tag.is_opening || tag.is_closing) return std::nullopt;
    if (tag.is_context && tag.number == number) return read_unsigned(tag.content);
  }
  return std::nullopt;
}

void write_word(Writer& to, std::optional<std::uint32_t> number,
                std::span<const std::string_view> words) {
  if (number && *number < words.size()) to.put(words[*number]);
}

// createObject names a type or an object inside its first list.
void write_created(Writer& to, Cursor& in) {
  if (!read_tag(in).is_opening) return;
  const Tag tag = read_tag(in);
  if (tag.number == 1) {
    write_object(to, read_object(tag.content));
    return;
  }
  const std::uint32_t type = read_unsigned(tag.content);
  to.put("object ");
  if (type < std::size(kObjectTypes))
    to.put(kObjectTypes[type]);
  else
    to.put("type ").decimal(type);
}

void write_private(Writer& to, Cursor& in) {
  const auto vendor = find_number(in, 0);
  const auto service = find_number(in, 1);
  if (vendor && service) to.put("vendor ").decimal(*vendor).put(" service ").decimal(*service);
}

// Clause 20.2.9: UTF-8, ISO 8859-1, UCS-2 big endian; others are rare and left alone.
void add_string(Cursor content, const Fact& about, Collected& facts) {
  const std::uint8_t set = content.u8();
  const auto raw = content.bytes(content.left());
  if (set == 0 || set == 5) {
    Cursor text(raw);
    facts.add_raw(about, text.text(raw.size()));
  } else if (set == 4) {
    std::array<std::uint8_t, 256> little;
    const std::size_t size = std::min(raw.size(), little.size()) / 2 * 2;
    for (std::size_t i = 0; i < size; i += 2) {
      little[i] = raw[i + 1];
      little[i + 1] = raw[i];
    }
    facts.add_text(about, [&](Writer& to) { to.printable_utf16(std::span(little).first(size)); });
  }
}

void add_vendor(std::uint32_t id, const Fact& about, Collected& facts) {
  Fact fact = about;
  fact.attribute = "vendor_id";
  facts.add_text(fact, [&](Writer& to) { to.decimal(id); });
  fact.attribute = "vendor";
  facts.add(fact, bacnet_vendors::find_vendor(id));
}

void add_device(const Object& object, const Fact& about, Collected& facts) {
  Fact fact = about;
  fact.attribute = "bacnet_device";
  facts.add_text(fact, [&](Writer& to) { to.decimal(object.instance); });
}

void add_property(std::uint32_t property, const Tag& value, const Fact& about, Collected& facts) {
  if (value.is_context) return;
  Fact fact = about;
  fact.attribute = attribute_of(property);
  if (!fact.attribute.empty() && value.number == kCharacterString)
    add_string(value.content, fact, facts);
  if (property == 120 && value.number == kUnsigned)
    add_vendor(read_unsigned(value.content), about, facts);
}

}  // namespace

Tag read_tag(Cursor& in) {
  Tag tag;
  const std::uint8_t first = in.u8();
  tag.number = first >> 4;
  tag.is_context = (first & 0x08) != 0;
  if (tag.number == 15) tag.number = in.u8();
  std::size_t length = first & 0x07;
  if (tag.is_context && length >= 6) {
    (length == 6 ? tag.is_opening : tag.is_closing) = true;
    return tag;
  }
  if (length == 5) {
    length = in.u8();
    if (length == 254)
      length = in.be16();
    else if (length == 255)
      length = in.be32();
  }
  in.expect((first & 0x07) < 6);
  // The value of an application tagged boolean is the length itself.
  if (!tag.is_context && tag.number == 1) length = 0;
  tag.content = in.child(length);
  return tag;
}

std::uint32_t read_unsigned(Cursor content) {
  std::uint32_t value = 0;
  if (content.left() > 4) return 0;
  while (content.left() > 0) value = value << 8 | content.u8();
  return value;
}

Object read_object(Cursor content) {
  const std::uint32_t whole = content.be32();
  return {static_cast<std::uint16_t>(whole >> 22), whole & 0x3fffff};
}

void write_target(Writer& to, bool is_confirmed, std::uint8_t service, Cursor& in) {
  constexpr std::string_view kCommunication[] = {"enable", "disable", "disable-initiation"};
  constexpr std::string_view kStates[] = {"coldstart",     "warmstart",       "start-backup",
                                          "end-backup",    "start-restore",   "end-restore",
                                          "abort-restore", "activate-changes"};
  if (is_confirmed && service == 17) return write_word(to, find_number(in, 1), kCommunication);
  if (is_confirmed && service == 20) return write_word(to, find_number(in, 0), kStates);
  if (is_confirmed && service == 10) return write_created(to, in);
  if (service == (is_confirmed ? 18 : 4)) return write_private(to, in);
  const std::span<const Place> places =
      is_confirmed ? std::span<const Place>(kConfirmed) : std::span<const Place>(kUnconfirmed);
  for (const Place& place : places)
    if (place.service == service) return write_place(to, place, in);
}

bool is_identity_request(std::uint8_t service, Cursor in) {
  if (service != 12) return false;
  const Tag object = read_tag(in);
  const std::uint32_t property = read_unsigned(read_tag(in).content);
  return in.is_good() && read_object(object.content).type == kDevice &&
         (property == 120 || !attribute_of(property).empty());
}

void identify_read(std::uint8_t service, Cursor in, const Fact& about, Collected& facts) {
  const std::uint8_t property_tag = service == 12 ? 1 : 2;
  bool is_device = false;
  int depth = 0;
  const int value_depth = service == 12 ? 1 : 2;
  std::uint32_t property = 0;
  while (in.left() > 0) {
    const Tag tag = read_tag(in);
    if (tag.is_opening) ++depth;
    if (tag.is_closing) --depth;
    if (!in.is_good() || tag.is_opening || tag.is_closing) continue;
    if (tag.is_context && tag.number == 0 && depth == 0) {
      const Object object = read_object(tag.content);
      is_device = object.type == kDevice;
      if (is_device) add_device(object, about, facts);
    } else if (tag.is_context && tag.number == property_tag && depth == value_depth - 1) {
      property = read_unsigned(tag.content);
    } else if (is_device && depth == value_depth) {
      add_property(property, tag, about, facts);
    }
  }
}

void identify_announced(std::uint8_t service, Cursor in, const Fact& about, Collected& facts) {
  const Tag device = read_tag(in);
  if (device.is_context || device.number != kObjectIdentifier) return;
  const Object object = read_object(device.content);
  if (object.type != kDevice) return;
  add_device(object, about, facts);
  if (service != 0) return;  // I-Have: what follows is about an object
  (void)read_tag(in);        // longest message
  (void)read_tag(in);        // segmentation
  const Tag vendor = read_tag(in);
  if (in.is_good() && vendor.number == kUnsigned)
    add_vendor(read_unsigned(vendor.content), about, facts);
}

}  // namespace osect::dissect::bacnet_message
