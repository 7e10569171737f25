// Genisys, the protocol of railway signalling between office and field code units: Union Switch &
// Signal (Ansaldo STS) "Genisys" non-vital code protocol, as carried over TCP.
#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "sensor/dissect/byte_codes.h"
#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::genisys {
namespace {

constexpr std::uint16_t kPorts[] = {10001};
constexpr std::uint8_t kEscape = 0xf0;  // what follows are the lower bits of such a byte
constexpr std::uint8_t kTerminator = 0xf6;
constexpr std::size_t kMessageMax = 600;  // 256 pairs, each byte escaped, is more than any station
constexpr std::uint8_t kLastOfField = 0xf3;

enum Header : std::uint8_t {
  acknowledge_client = 0xf1,
  indication_data = 0xf2,
  control_data_checkback = 0xf3,
  common_control_data = 0xf9,
  acknowledge_and_poll = 0xfa,
  poll = 0xfb,
  control_data = 0xfc,
  recall = 0xfd,
  execute_controls = 0xfe,
};

constexpr Lead kLeads[] = {{0, {0xf1, 0xf2, 0xf3, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe}}};

constexpr Function kFunctions[] = {
    {Header::acknowledge_client, "acknowledge_client", Access::session},
    {Header::indication_data, "indication_data", Access::read},
    {Header::control_data_checkback, "control_data_checkback", Access::read},
    {Header::common_control_data, "common_control_data", Access::write},
    {Header::acknowledge_and_poll, "acknowledge_indication_and_poll", Access::read},
    {Header::poll, "poll", Access::read},
    {Header::control_data, "control_data", Access::control},
    {Header::recall, "recall", Access::read},
    {Header::execute_controls, "execute_controls", Access::control},
};

// CRC-16 with the polynomial x^16+x^15+x^2+1, the lowest bit first, as Modbus has it.
constexpr std::array<std::uint16_t, 256> kCrc = [] {
  std::array<std::uint16_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xa001U : crc >> 1;
    table[byte] = static_cast<std::uint16_t>(crc);
  }
  return table;
}();

std::uint16_t crc_of(std::span<const std::uint8_t> bytes) {
  std::uint16_t crc = 0xffff;
  for (const std::uint8_t byte : bytes)
    crc = static_cast<std::uint16_t>(crc >> 8 ^ kCrc[(crc ^ byte) & 0xff]);
  return crc;
}

bool is_header(std::uint8_t byte) {
  return kLeads[0].bytes.has(byte);
}

// A message without its terminator and escapes.
struct Message {
  std::array<std::uint8_t, kMessageMax> bytes{};
  std::size_t size = 0;
  bool is_sane = false;

  [[nodiscard]] std::uint8_t header() const { return bytes[0]; }
  [[nodiscard]] std::uint8_t station() const { return bytes[1]; }
  // Pairs of address and value between the station and the CRC.
  [[nodiscard]] std::span<const std::uint8_t> pairs() const {
    return size > 4 ? std::span(bytes).subspan(2, size - 4) : std::span<const std::uint8_t>{};
  }
};

// Appends what is left of a message behind its header; false where a byte should have been escaped.
bool unescape(std::span<const std::uint8_t> raw, Message& message) {
  bool is_escaped = false;
  for (const std::uint8_t byte : raw) {
    if (byte > kEscape || (is_escaped && byte == kEscape)) return false;
    if (byte == kEscape) {
      is_escaped = true;
      continue;
    }
    message.bytes[message.size++] = is_escaped ? static_cast<std::uint8_t>(kEscape | byte) : byte;
    is_escaped = false;
  }
  return !is_escaped;
}

bool has_crc(const Message& message) {
  if (message.size < 4 || message.size % 2 != 0) return false;
  const std::span<const std::uint8_t> bytes(message.bytes);
  const auto crc =
      static_cast<std::uint16_t>(bytes[message.size - 1] << 8 | bytes[message.size - 2]);
  return crc_of(bytes.first(message.size - 2)) == crc;
}

Message read_message(std::span<const std::uint8_t> raw) {
  Message message;
  if (raw.empty() || raw.size() > kMessageMax || !is_header(raw[0])) return message;
  const auto begin = [&] {
    message.bytes[0] = raw[0];
    message.size = 1;
  };
  begin();
  if (unescape(raw.subspan(1), message)) {
    // Acknowledgements and polls that need not be secure have no CRC.
    const bool may_be_short =
        message.header() == Header::acknowledge_client || message.header() == Header::poll;
    message.is_sane = (may_be_short && message.size == 2) || has_crc(message);
  }
  if (message.is_sane || raw.size() < 4) return message;
  // There are senders that do not escape the CRC.
  begin();
  if (unescape(raw.subspan(1, raw.size() - 3), message)) {
    message.bytes[message.size++] = raw[raw.size() - 2];
    message.bytes[message.size++] = raw[raw.size() - 1];
    message.is_sane = has_crc(message);
  }
  return message;
}

// The bytes before the terminator; nothing where there is none yet.
std::optional<std::span<const std::uint8_t>> message_in(std::span<const std::uint8_t> bytes) {
  const auto end = std::find(bytes.begin(), bytes.end(), kTerminator);
  if (end == bytes.end()) return std::nullopt;
  return bytes.first(static_cast<std::size_t>(end - bytes.begin()));
}

Verdict probe(Cursor in, const Context&) {
  if (in.left() == 0 || !is_header(in.peek())) return Verdict::no;
  const auto raw = message_in(in.rest());
  if (!raw) return in.left() < kMessageMax ? Verdict::maybe : Verdict::no;
  return read_message(*raw).is_sane ? Verdict::yes : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  if (in.left() == 0) return Framing::kNeedMore;
  if (!is_header(in.peek())) return Framing::kNotAMessage;
  const auto raw = message_in(in.rest());
  if (!raw) return in.left() < kMessageMax ? Framing::kNeedMore : Framing::kNotAMessage;
  return raw->size() + 1;
}

void dissect(Cursor in, const Context&, Out& out) {
  const auto raw = in.bytes(in.left());
  const Message message = read_message(raw.first(raw.empty() ? 0 : raw.size() - 1));
  in.expect(message.is_sane);
  if (!in.is_good()) {
    out.check(in);
    return;
  }
  const std::uint8_t header = message.header();
  const bool is_from_field = header <= kLastOfField;
  const auto* const function =
      std::find_if(std::begin(kFunctions), std::end(kFunctions),
                   [&](const Function& row) { return row.code == header; });
  Text<kTargetBytesMax> target;
  target.put("station ").decimal(message.station());
  const auto pairs = message.pairs();
  if (!is_from_field && !pairs.empty()) {
    target.put(" byte ").put(byte_code(pairs[0]));
    if (pairs.size() > 2) target.put(" +").decimal(pairs.size() / 2 - 1);
  }
  out.say_direction(is_from_field ? Role::response : Role::request, in);
  out.say({.role = is_from_field ? Role::response : Role::request,
           .function = function->name,
           .code = byte_code(header),
           .access = function->access,
           .target = target.text(),
           .transaction = std::uint64_t{1} << 32 | message.station(),
           .has_own_code = is_from_field},
          in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "genisys",
    .title = "Genisys (railway signalling)",
    .over = over::kTcp,
    .off_port = OffPort::weak,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .code_digits = 2,
    .facts = "",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::genisys
