// SERCOS III: master data and acknowledge telegrams, and what the master asks over the service
// channel; IEC 61158-4-19 (telegrams), IEC 61158-6-19 (service channel).
#include <optional>
#include <string_view>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::sercos3 {
namespace {

constexpr std::uint16_t kEthertypes[] = {0x88cd};
constexpr std::size_t kMstBytes = 6;
constexpr std::uint8_t kAcknowledge = 0x40;  // telegram type: AT, not MDT
constexpr std::uint8_t kReserved = 0x1c;     // beside channel, type, cycle count valid and number
constexpr std::uint8_t kNumber = 0x03;       // of the MDT or AT of this cycle
constexpr std::uint8_t kSwitching = 0x80;    // phase field: the phase is being changed
constexpr std::uint8_t kPhase = 0x0f;
constexpr std::uint8_t kPhaseMax = 4;

// Of the table: the service channel's element and direction beyond the telegrams.
constexpr std::uint32_t kService = 0x100;
constexpr std::uint32_t kWrite = 1;
constexpr std::uint32_t service(std::uint8_t element, bool is_write) {
  return kService | std::uint32_t{element} << 1U | (is_write ? kWrite : 0);
}
constexpr std::uint8_t kOperationData = 7;  // of the elements of a parameter

constexpr Function kFunctions[] = {
    {0, "master_data_telegram", Access::cyclic},
    {1, "master_data_telegram", Access::cyclic},
    {2, "master_data_telegram", Access::cyclic},
    {3, "master_data_telegram", Access::cyclic},
    {kAcknowledge | 0, "acknowledge_telegram", Access::cyclic},
    {kAcknowledge | 1, "acknowledge_telegram", Access::cyclic},
    {kAcknowledge | 2, "acknowledge_telegram", Access::cyclic},
    {kAcknowledge | 3, "acknowledge_telegram", Access::cyclic},
    {service(kOperationData, false), "service_channel_read", Access::read},
    {service(kOperationData, true), "service_channel_write", Access::write},
};

void write_code(Writer& to, std::uint32_t code) {
  if ((code & kService) != 0)
    to.put("svc ").decimal(code >> 1U & 7U).put((code & kWrite) != 0 ? " write" : " read");
  else
    to.put((code & kAcknowledge) != 0 ? "at " : "mdt ").decimal(code & kNumber);
}

Verdict probe(Cursor in, const Context&) {
  const std::uint8_t type = in.u8();
  const std::uint8_t phase = in.u8();
  const bool is_sound = (type & kReserved) == 0 && (phase & kPhase) <= kPhaseMax;
  return is_sound && in.left() >= kMstBytes - 2 ? Verdict::yes : Verdict::no;
}

// "S-0-0032", "P-0-1234", "S-0-1300.0.5": kind, parameter set, number; structure instance, element.
void write_idn(Writer& to, std::uint32_t idn) {
  constexpr std::uint32_t kProduct = 0x8000;
  const std::uint32_t number = idn & 0xfffU;
  to.put((idn & kProduct) != 0 ? "P-" : "S-").decimal(idn >> 12U & 7U).put('-');
  for (std::uint32_t digits = 1000; digits > number && digits > 1; digits /= 10) to.put('0');
  to.decimal(number);
  if (idn >> 16U != 0) to.put('.').decimal(idn >> 24U).put('.').decimal(idn >> 16U & 0xffU);
}

// Notes of a slave: the parameter its channel has open, and the step that was last seen, which the
// master repeats in every cycle until it is acknowledged.
constexpr std::uint32_t kOpen = 0x1000;
constexpr std::uint32_t kStep = 0x2000;

constexpr std::uint32_t element_of(std::uint32_t control) {
  return control >> 3U & 7U;
}

void say_step(std::uint16_t slave, std::uint16_t control, std::uint32_t info, Notes& notes,
              const Cursor& proof, Out& out) {
  constexpr std::uint16_t kIsWrite = 0x02;
  constexpr std::uint16_t kHandshake = 0x01;
  constexpr std::uint32_t kIdentNumber = 1;
  const std::uint32_t element = element_of(control);
  const std::optional<std::uint32_t> before = notes.find(kStep | slave);
  const std::optional<std::uint32_t> open = notes.find(kOpen | slave);
  if (before == control && (element != kIdentNumber || open == info)) return;
  notes.keep(kStep | slave, control);
  // The handshake changes with every step: where it did not, one was missed.
  const bool is_missed = before && ((*before ^ control) & kHandshake) == 0;
  if (element == kIdentNumber)
    notes.keep(kOpen | slave, info);
  else if (is_missed)
    notes.keep(kOpen | slave, kNone);
  // Long data take several steps: the first of them says it.
  const bool is_known = open && *open != kNone && !is_missed;
  const bool goes_on = before && element_of(*before) == element;
  if (element != kOperationData || !is_known || goes_on) return;
  const bool is_write = (control & kIsWrite) != 0;
  Text<kCodeBytesMax> code;
  write_code(code, service(kOperationData, is_write));
  Text<kTargetBytesMax> target;
  write_idn(target.put("slave ").decimal(slave).put(' '), *open);
  out.say({.role = Role::message,
           .function = is_write ? "service_channel_write" : "service_channel_read",
           .code = code.text(),
           .access = is_write ? Access::write : Access::read,
           .target = target.text()},
          proof);
}

// In phases 1 and 2 a telegram holds the channels of 128 slaves at fixed places, by their order in
// the ring; later the place of each is a matter of configuration.
void read_service_channels(Cursor in, std::uint8_t number, Notes notes, Out& out) {
  constexpr std::uint16_t kSlaves = 128;
  constexpr std::size_t kChannelBytes = 6;
  Cursor channels = in.child(kSlaves * kChannelBytes);
  for (std::uint16_t i = 0; i < kSlaves && channels.left() > 0; ++i) {
    const std::uint16_t control = channels.le16();
    const std::uint32_t info = channels.le32();
    if (control == 0) continue;
    say_step(static_cast<std::uint16_t>(number * kSlaves + i), control, info, notes, channels, out);
  }
  out.check(channels);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const std::uint8_t type = in.u8();
  const std::uint8_t phase = in.u8();
  in.skip(4);  // CRC
  in.expect((type & kReserved) == 0 && (phase & kPhase) <= kPhaseMax);
  const std::uint8_t row = type & (kAcknowledge | kNumber);
  Text<kCodeBytesMax> code;
  write_code(code, row);
  Text<kTargetBytesMax> target;
  target.put("cp ").decimal(phase & kPhase);
  if ((phase & kSwitching) != 0) target.put(" switching");
  out.say({.role = Role::message,
           .function = (type & kAcknowledge) != 0 ? "acknowledge_telegram" : "master_data_telegram",
           .code = code.text(),
           .access = Access::cyclic,
           .target = target.text()},
          in);
  const std::uint8_t settled = phase & (kSwitching | kPhase);
  if ((type & kAcknowledge) == 0 && (settled == 1 || settled == 2) && in.is_good())
    read_service_channels(in, type & kNumber, context.notes, out);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "sercos3",
    .title = "SERCOS III",
    .over = over::kEthernet,
    .off_port = OffPort::never,
    .ports = {},
    .ethertypes = kEthertypes,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::sercos3
