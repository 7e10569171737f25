// Reads identities out of HART responses; hart_identity.h.
#include "sensor/dissect/hart_identity.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace osect::dissect::hart {
namespace {

constexpr std::uint8_t kConfidence = 95;
constexpr std::uint8_t kShortTagConfidence = 85;  // where there is a long tag, that is the name
constexpr std::uint8_t kExpansion = 254;
constexpr std::size_t kPackedTagBytes = 6;
constexpr std::size_t kPackedDescriptorBytes = 12;
constexpr std::size_t kLongTagBytes = 32;
constexpr std::uint8_t kLastRevisionOfOneByte = 6;  // later ones write the manufacturer in two

struct Manufacturer {
  std::uint16_t id;
  std::string_view name;
};

// TS20183 (HCF_SPEC-183, common tables), table 8: those met in plants, a subset on purpose.
constexpr Manufacturer kManufacturers[] = {
    {1, "Acromag"},
    {2, "Allen-Bradley"},
    {3, "Ametek"},
    {4, "Analog Devices"},
    {5, "ABB"},
    {9, "Bristol Babcock"},
    {10, "Brooks Instrument"},
    {13, "Daniel Industries"},
    {17, "Endress+Hauser"},
    {18, "ABB"},
    {19, "Fisher Controls"},
    {20, "Foxboro"},
    {21, "Fuji Electric"},
    {22, "ABB"},
    {23, "Honeywell"},
    {24, "ITT Barton"},
    {26, "ABB"},
    {29, "M-System"},
    {31, "Micro Motion"},
    {32, "Moore Industries"},
    {34, "Ohkura Electric"},
    {38, "Rosemount"},
    {42, "Siemens"},
    {44, "Toshiba"},
    {46, "Rosemount Analytical"},
    {47, "Metso Automation"},
    {48, "Flowserve"},
    {49, "Varec"},
    {54, "Azbil (Yamatake)"},
    {55, "Yokogawa"},
    {59, "Mobrey"},
    {62, "Smar"},
    {63, "Foxboro Eckardt"},
    {66, "Samson"},
    {69, "Krohne"},
    {71, "Druck"},
    {72, "SOR"},
    {78, "Drexelbrook"},
    {79, "Saab Tank Control"},
    {80, "K-TEK"},
    {82, "Draeger"},
    {84, "Siemens Milltronics"},
    {86, "Magnetrol"},
    {93, "Pepperl+Fuchs"},
    {97, "Knick"},
    {98, "VEGA"},
    {99, "MTS Systems"},
    {100, "Oval"},
    {101, "Masoneilan-Dresser"},
    {107, "WIKA"},
    {109, "PR electronics"},
    {249, "FieldComm Group"},
};

std::string_view find_manufacturer(std::uint16_t id) {
  const auto* const at = std::find_if(std::begin(kManufacturers), std::end(kManufacturers),
                                      [&](const Manufacturer& row) { return row.id == id; });
  return at != std::end(kManufacturers) ? at->name : std::string_view{};
}

// HCF_SPEC-099, packed ASCII: four characters of six bits in three bytes, the upper half without
// bit 6.
std::string_view unpack(std::span<const std::uint8_t> packed, Collected& facts) {
  return facts.keep([&](Writer& to) {
    for (std::size_t bit = 0; bit + 6 <= packed.size() * 8; bit += 6) {
      const std::size_t at = bit / 8;
      const std::uint32_t two = packed[at] * 256U + (at + 1 < packed.size() ? packed[at + 1] : 0U);
      const auto six = static_cast<std::uint8_t>(two >> (10 - bit % 8) & 0x3f);
      to.put(static_cast<char>(six < 0x20 ? six + 0x40 : six));
    }
  });
}

// Tags nobody wrote are full of one character: blanks, "@" or "?".
bool is_written(std::string_view text) {
  const std::string_view name = trimmed(text);
  return !name.empty() && name.find_first_not_of("@?") != std::string_view::npos;
}

void collect_packed(const Fact& fact, std::span<const std::uint8_t> packed, Collected& facts) {
  const std::string_view text = unpack(packed, facts);
  if (is_written(text)) facts.add(fact, trimmed(text));
}

// Command 0, and those that find a device by another name.
void collect_unique_identifier(Cursor& data, Collected& facts) {
  if (data.u8() != kExpansion) return;
  const std::uint16_t type = data.be16();
  data.skip(1);  // preambles
  const std::uint8_t revision = data.u8();
  data.skip(1);  // of the device's description
  const std::uint8_t software = data.u8();
  const auto hardware = static_cast<std::uint8_t>(data.u8() >> 3);
  data.skip(1);  // flags
  const std::uint32_t id = data.be24();
  if (!data.is_good()) return;
  auto manufacturer = static_cast<std::uint16_t>(type >> 8);
  if (revision > kLastRevisionOfOneByte) {
    data.skip(5);  // preambles, device variables, configuration changes, status
    manufacturer = data.be16();
    if (!data.is_good()) return;
  }
  facts.add(about_sender("vendor", kConfidence), find_manufacturer(manufacturer));
  facts.add_text(about_sender("vendor_id", kConfidence),
                 [&](Writer& to) { to.decimal(manufacturer); });
  facts.add_text(about_sender("model_code", kConfidence),
                 [&](Writer& to) { to.put("0x").hex(type, 4); });
  facts.add_text(about_sender("firmware", kConfidence), [&](Writer& to) { to.decimal(software); });
  facts.add_text(about_sender("hardware", kConfidence), [&](Writer& to) { to.decimal(hardware); });
  facts.add_text(about_sender("serial", kConfidence), [&](Writer& to) { to.hex(id, 6); });
}

void collect_sub_device(Cursor& data, Collected& facts) {
  data.skip(2);  // index
  const std::uint8_t card = data.u8();
  const std::uint8_t channel = data.u8();
  const std::uint16_t manufacturer = data.be16();
  const std::uint16_t type = data.be16();
  const std::uint32_t id = data.be24();
  data.skip(1);  // revision of HART
  const std::string_view tag = data.text(kLongTagBytes);
  if (!data.is_good()) return;
  facts.add_text(about_sender("module", kConfidence), [&](Writer& to) {
    to.put("card ").decimal(card).put(" channel ").decimal(channel).put(": ");
    const std::string_view name = find_manufacturer(manufacturer);
    if (name.empty())
      to.put("manufacturer ").decimal(manufacturer);
    else
      to.put(name);
    to.put(" type 0x").hex(type, 4).put(" serial ").hex(id, 6);
    if (is_written(tag)) to.put(", ").printable(trimmed(tag));
  });
}

}  // namespace

void collect_identity(std::uint16_t command, Cursor data, Collected& facts) {
  switch (command) {
    case 0:
    case 11:
    case 21:
    case 73:
      collect_unique_identifier(data, facts);
      break;
    case 13:
    case 18: {
      const auto tag = data.bytes(kPackedTagBytes);
      const auto descriptor = data.bytes(kPackedDescriptorBytes);
      if (!data.is_good()) return;
      collect_packed(about_sender("device_name", kShortTagConfidence), tag, facts);
      collect_packed(about_sender("description", kConfidence), descriptor, facts);
      break;
    }
    case 20:
    case 22:
      if (const std::string_view tag = data.text(kLongTagBytes); is_written(tag))
        facts.add_raw(about_sender("device_name", kConfidence), tag);
      break;
    case 84:
      collect_sub_device(data, facts);
      break;
    default:
      break;
  }
}

}  // namespace osect::dissect::hart
