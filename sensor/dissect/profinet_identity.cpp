// Facts from object UUIDs, I&M records and annotations.
#include "sensor/dissect/profinet_identity.h"

#include "sensor/dissect/profinet_names.h"

namespace osect::dissect::profinet {
namespace {

using dcerpc::Uuid;
using decode::Cursor;

constexpr std::uint8_t kSure = 95;

// Block types.
constexpr std::uint16_t kIm0 = 0x0020;
constexpr std::uint16_t kIm1 = 0x0021;
constexpr std::uint16_t kIm2 = 0x0022;
constexpr std::uint16_t kIm3 = 0x0023;

struct Place {
  std::uint16_t slot;
  std::uint16_t subslot;
};

// I&M0 is about the device where it is of slot 0, about a module elsewhere.
void add_im0(const Place& place, Cursor& block, Collected& facts) {
  const std::uint16_t vendor = block.be16();
  const std::string_view order_number = trimmed(block.text(20));
  const std::string_view serial = trimmed(block.text(16));
  const std::uint16_t hardware = block.be16();
  const std::uint8_t prefix = block.u8();
  const std::uint8_t version[] = {block.u8(), block.u8(), block.u8()};
  if (!block.is_good()) return;
  const auto write_version = [&](Writer& to) {
    if (prefix >= 'A' && prefix <= 'Z') to.put(static_cast<char>(prefix));
    to.decimal(version[0]).put('.').decimal(version[1]).put('.').decimal(version[2]);
  };
  if (place.slot != 0) {
    facts.add_text(about_sender("module", kSure), [&](Writer& to) {
      write_place(to, place.slot, place.subslot);
      to.put(": ").printable(order_number).put(", hardware ").decimal(hardware);
      write_version(to.put(", firmware "));
      if (!serial.empty()) to.put(", serial ").printable(serial);
    });
    return;
  }
  facts.add(about_sender("vendor", kSure), vendor_name(vendor));
  facts.add_text(about_sender("profinet_vendor_id", kSure),
                 [&](Writer& to) { to.put("0x").hex(vendor, 4); });
  facts.add_raw(about_sender("order_number", kSure), order_number);
  facts.add_raw(about_sender("serial", kSure), serial);
  facts.add_text(about_sender("hardware", kSure), [&](Writer& to) { to.decimal(hardware); });
  facts.add_text(about_sender("firmware", kSure), write_version);
}

// I&M1 to I&M3: what people wrote into the device, or into one of its modules.
void add_label(const Place& place, std::string_view attribute, std::string_view text,
               Collected& facts) {
  if (trimmed(text).empty()) return;
  facts.add_text(about_sender(attribute, kSure), [&](Writer& to) {
    if (place.slot != 0) {
      write_place(to, place.slot, place.subslot);
      to.put(": ");
    }
    to.printable(trimmed(text));
  });
}

}  // namespace

void write_place(Writer& to, std::uint16_t slot, std::uint16_t subslot) {
  const auto number = [&](std::uint16_t value) {
    if (value < 0x8000)
      to.decimal(value);
    else
      to.put("0x").hex(value, 4);
  };
  to.put("slot ");
  number(slot);
  to.put(" subslot ");
  number(subslot);
}

void add_object(const Uuid& object, bool is_sender, std::uint8_t confidence, Collected& facts) {
  constexpr Uuid kObject{0xdea00000, 0x6c97, 0x11d1, 0x8271};
  if (Uuid{object.low, object.mid, object.high, object.rest >> 48U} != kObject) return;
  const auto vendor = static_cast<std::uint16_t>(object.rest);
  const auto device = static_cast<std::uint16_t>(object.rest >> 16U);
  if (vendor == 0) return;
  const auto fact = [&](std::string_view attribute) {
    return is_sender ? about_sender(attribute, confidence) : about_receiver(attribute, confidence);
  };
  facts.add(fact("vendor"), vendor_name(vendor));
  facts.add_text(fact("profinet_vendor_id"), [&](Writer& to) { to.put("0x").hex(vendor, 4); });
  facts.add_text(fact("profinet_device_id"), [&](Writer& to) { to.put("0x").hex(device, 4); });
}

void add_record_data(std::uint16_t slot, std::uint16_t subslot, Cursor data, Collected& facts) {
  const Place place{slot, subslot};
  const std::uint16_t type = data.be16();
  Cursor block = data.child(data.be16());
  block.skip(2);  // version
  switch (type) {
    case kIm0:
      add_im0(place, block, facts);
      return;
    case kIm1:
      add_label(place, "im_tag_function", block.text(32), facts);
      add_label(place, "im_tag_location", block.text(22), facts);
      return;
    case kIm2:
      add_label(place, "im_date", block.text(16), facts);
      return;
    case kIm3:
      add_label(place, "im_descriptor", block.text(54), facts);
      return;
    default:
      return;
  }
}

void add_annotation(std::string_view text, Collected& facts) {
  constexpr std::size_t kColumnsBytes = 63;
  if (text.size() < kColumnsBytes) return;
  const auto column = [&](std::size_t from, std::size_t count) {
    return trimmed(text.substr(from, count));
  };
  facts.add_raw(about_sender("model", 85), column(0, 25));
  facts.add_raw(about_sender("order_number", kSure), column(26, 20));
  facts.add_raw(about_sender("hardware", kSure), column(47, 5));
  if (column(54, 9).empty()) return;
  facts.add_text(about_sender("firmware", kSure), [&](Writer& to) {
    to.printable(column(53, 1));
    for (std::size_t at = 54; at < kColumnsBytes; at += 3)
      (at > 54 ? to.put('.') : to).printable(column(at, 3));
  });
}

}  // namespace osect::dissect::profinet
