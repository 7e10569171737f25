// Facts from the identity object's attributes, CIP volume 1, clause 5-2.2.
#include "sensor/dissect/cip_identity.h"

#include "sensor/dissect/cip_names.h"

namespace osect::dissect::cip {
namespace {

constexpr std::uint8_t kOwnWord = 95;
constexpr std::uint8_t kModuleWord = 90;
constexpr std::uint16_t kRockwell = 1;
constexpr std::uint16_t kController = 0x0e;

// Bits 4 to 7 of the status; what a vendor may give its own meaning is left out.
std::string_view state_of(std::uint16_t status) {
  constexpr std::string_view kStates[] = {"self-testing or unknown",
                                          "firmware update in progress",
                                          "at least one faulted I/O connection",
                                          "no I/O connections established",
                                          "non-volatile configuration bad",
                                          "major fault",
                                          "at least one I/O connection in run mode",
                                          "at least one I/O connection, all in idle mode"};
  const std::size_t at = status >> 4 & 0x0f;
  return at < std::size(kStates) ? kStates[at] : std::string_view();
}

// Logix controllers: bits 4 to 7 the mode, bits 12 and 13 the key switch.
std::string_view logix_mode(std::uint16_t status) {
  const bool is_remote = (status >> 12 & 3) == 3;
  switch (status >> 4 & 0x0f) {
    case 6:
      return is_remote ? "remote run" : "run";
    case 7:
      return is_remote ? "remote program" : "program";
    default:
      return {};
  }
}

void write_faults(Writer& to, std::uint16_t status) {
  if ((status & 0x0100) != 0) to.put(", minor recoverable fault");
  if ((status & 0x0200) != 0) to.put(", minor unrecoverable fault");
  if ((status & 0x0400) != 0) to.put(", major recoverable fault");
  if ((status & 0x0800) != 0) to.put(", major unrecoverable fault");
}

void write_key(Writer& to, const Identity& identity) {
  to.put("vendor 0x").hex(identity.vendor_id, 4);
  to.put(" type 0x").hex(identity.device_type, 4);
  to.put(" product ").decimal(identity.product_code);
}

}  // namespace

void Identity::read_all(Cursor& in) {
  vendor_id = in.le16();
  device_type = in.le16();
  product_code = in.le16();
  major = in.u8();
  minor = in.u8();
  status = in.le16();
  serial_number = in.le32();
  product_name = in.text(in.u8());
  has = vendor | type | product | revision | state | serial | name;
}

void Identity::read_list(Cursor& in) {
  for (std::uint16_t left = in.le16(); left > 0 && in.left() > 0; --left) {
    const std::uint16_t attribute = in.le16();
    if (in.le16() != 0) continue;  // refused: no value follows
    switch (attribute) {
      case 1:
        vendor_id = in.le16();
        break;
      case 2:
        device_type = in.le16();
        break;
      case 3:
        product_code = in.le16();
        break;
      case 4:
        major = in.u8();
        minor = in.u8();
        break;
      case 5:
        status = in.le16();
        break;
      case 6:
        serial_number = in.le32();
        break;
      case 7:
        product_name = in.text(in.u8());
        break;
      default:
        return;
    }
    if (in.is_good()) has |= static_cast<std::uint8_t>(1U << (attribute - 1));
  }
}

void collect_identity(const Identity& identity, Collected& facts) {
  const auto has = [&](std::uint8_t what) { return (identity.has & what) == what; };
  if (has(Identity::vendor))
    facts.add(about_sender("vendor", kOwnWord), vendor_name(identity.vendor_id));
  if (has(Identity::type))
    facts.add(about_sender("device_type", kOwnWord), device_type_name(identity.device_type));
  if (has(Identity::vendor | Identity::type | Identity::product))
    facts.add_text(about_sender("cip_key", kOwnWord), [&](Writer& to) { write_key(to, identity); });
  if (has(Identity::name)) facts.add_raw(about_sender("model", kOwnWord), identity.product_name);
  if (has(Identity::revision))
    facts.add_text(about_sender("firmware", kOwnWord), [&](Writer& to) {
      to.decimal(identity.major).put('.').decimal(identity.minor);
    });
  if (has(Identity::serial) && identity.serial_number != 0)
    facts.add_text(about_sender("serial", kOwnWord),
                   [&](Writer& to) { to.hex(identity.serial_number, 8); });
  if (!has(Identity::state)) return;
  facts.add_text(about_sender("cip_status", kOwnWord), [&](Writer& to) {
    to.put("0x").hex(identity.status, 4);
    const bool is_logix = identity.vendor_id == kRockwell && identity.device_type == kController;
    const std::string_view state = state_of(identity.status);
    if (!is_logix && !state.empty()) to.put(' ').put(state);
    write_faults(to, identity.status);
  });
  if (has(Identity::vendor | Identity::type) && identity.vendor_id == kRockwell &&
      identity.device_type == kController)
    facts.add(about_sender("cpu_mode", kOwnWord), logix_mode(identity.status));
}

void collect_module(const Identity& identity, std::string_view route, Collected& facts) {
  const auto has = [&](std::uint8_t what) { return (identity.has & what) == what; };
  if (!has(Identity::name)) return;
  facts.add_text(about_sender("module", kModuleWord), [&](Writer& to) {
    to.put(route).put(": ").printable(trimmed(identity.product_name));
    if (has(Identity::revision))
      to.put(", revision ").decimal(identity.major).put('.').decimal(identity.minor);
    if (has(Identity::serial)) to.put(", serial 0x").hex(identity.serial_number, 8);
    if (has(Identity::vendor | Identity::type | Identity::product)) {
      to.put(", ");
      write_key(to, identity);
    }
  });
}

}  // namespace osect::dissect::cip
