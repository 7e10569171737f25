// Extended MEMOBUS of Yaskawa machine controllers: SIEP C880700 04 (MP2000 communication modules),
// SIEP C880725 12 (MP3000 communications), "MEMOBUS message communications".
#include <algorithm>
#include <array>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::memobus {
namespace {

constexpr std::uint16_t kPorts[] = {10000, 10001, 10002, 10003, 10004, 10005, 10006};
constexpr std::size_t kHeaderBytes = 12;
constexpr std::uint16_t kTotalMin = 17;  // length, MFC, SFC and CPU numbers behind the header
constexpr std::uint16_t kTotalMax = 4200;
constexpr std::size_t kHead = 64;  // functions and addresses; values are not read
constexpr std::uint8_t kCommand = 0x11;
constexpr std::uint8_t kGeneral = 0x12;  // text of the users' own
constexpr std::uint8_t kResponse = 0x19;
constexpr std::uint8_t kRefusal = 0x80;  // in the sub-function

constexpr Lead kLeads[] = {{0, {kCommand, kGeneral, kResponse}}, {4, {0}}, {5, {0}}};

constexpr std::uint32_t of(std::uint8_t main, std::uint8_t sub) {
  return std::uint32_t{main} << 8 | sub;
}

constexpr Function kFunctions[] = {
    {of(0x20, 0x01), "read_coil_status", Access::read},
    {of(0x20, 0x02), "read_input_relay_status", Access::read},
    {of(0x20, 0x03), "read_holding_registers", Access::read},
    {of(0x20, 0x04), "read_input_registers", Access::read},
    {of(0x20, 0x05), "change_single_coil_status", Access::write},
    {of(0x20, 0x06), "write_single_holding_register", Access::write},
    {of(0x20, 0x08), "loopback_test", Access::diagnostic},
    {of(0x20, 0x09), "read_holding_registers_extended", Access::read},
    {of(0x20, 0x0a), "read_input_registers_extended", Access::read},
    {of(0x20, 0x0b), "write_holding_registers_extended", Access::write},
    {of(0x20, 0x0d), "read_discontinuous_holding_registers", Access::read},
    {of(0x20, 0x0e), "write_discontinuous_holding_registers", Access::write},
    {of(0x20, 0x0f), "change_multiple_coil_status", Access::write},
    {of(0x20, 0x10), "write_multiple_holding_registers", Access::write},
    {of(0x43, 0x41), "read_bits", Access::read},
    {of(0x43, 0x49), "read_registers", Access::read},
    {of(0x43, 0x4b), "write_registers", Access::write},
    {of(0x43, 0x4d), "read_discontinuous_registers", Access::read},
    {of(0x43, 0x4e), "write_discontinuous_registers", Access::write},
    {of(0x43, 0x4f), "write_bits", Access::write},
};

void write_code(Writer& to, std::uint32_t code) {
  to.put("mfc 0x").hex(code >> 8, 2).put(" sfc 0x").hex(code & 0xff, 2);
}

const Function* find_function(std::uint32_t code) {
  const auto* const at = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                      [&](const Function& row) { return row.code == code; });
  return at != std::end(kFunctions) ? at : nullptr;
}

// The header of 12 bytes, the length of what follows it, functions and CPU numbers.
struct Header {
  std::uint8_t kind = 0;
  std::uint8_t serial = 0;
  std::uint16_t total = 0;
  std::uint8_t main = 0;
  std::uint8_t sub = 0;
  std::uint8_t cpus = 0;  // destination, source
  bool is_sound = false;

  [[nodiscard]] std::uint32_t code() const {
    return of(main, sub & static_cast<std::uint8_t>(~kRefusal));
  }
};

Header read_header(Cursor& in) {
  Header header;
  header.kind = in.u8();
  header.serial = in.u8();
  in.skip(2);  // channels of the shared memory
  const std::uint16_t reserved = in.le16();
  header.total = in.le16();
  const std::uint32_t spare = in.le32();
  const std::uint16_t length = in.le16();
  header.main = in.u8();
  header.sub = in.u8();
  header.cpus = in.u8();
  header.is_sound = in.is_good() && (header.kind == kCommand || header.kind == kResponse) &&
                    reserved == 0 && spare == 0 && header.total >= kTotalMin &&
                    header.total <= kTotalMax && length == header.total - kHeaderBytes - 2;
  return header;
}

Verdict probe(Cursor in, const Context& context) {
  if (in.left() < kTotalMin)
    return context.over == over::kTcp && kLeads[0].bytes.has(in.peek()) ? Verdict::maybe
                                                                        : Verdict::no;
  const std::size_t have = in.left();
  const Header header = read_header(in);
  if (!header.is_sound || (context.over == over::kUdp && have != header.total)) return Verdict::no;
  if (context.is_usual_port || find_function(header.code()) != nullptr) return Verdict::yes;
  return Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  const std::uint8_t kind = in.u8();
  in.skip(5);
  const std::size_t total = in.le16();
  if (!in.is_good()) return Framing::kNeedMore;
  const bool is_kind = kind == kCommand || kind == kGeneral || kind == kResponse;
  if (!is_kind || total < kHeaderBytes || total > kTotalMax) return Framing::kNotAMessage;
  return {total, kind == kGeneral ? 0 : std::min(total, kHead)};
}

void write_range(Writer& to, std::string_view area, std::uint64_t first, std::uint64_t count) {
  to.put(area).put(' ').decimal(first);
  if (count > 1) to.put("..").decimal(first + count - 1);
}

// Registers of the MP3000 by their letter: "M100..M109", "M bit 160".
void write_registers(Writer& to, char letter, std::uint64_t first, std::uint64_t count) {
  const char name = letter >= 'A' && letter <= 'Z' ? letter : '?';
  to.put(name).decimal(first);
  if (count > 1) to.put("..").put(name).decimal(first + count - 1);
}

// Scattered registers: few enough to be read are written.
template <typename Next>
void write_list(Writer& to, std::size_t count, const Cursor& in, Next&& next) {
  constexpr std::size_t kNamedMax = 3;
  for (std::size_t i = 0; i < count && i < kNamedMax && in.left() > 0; ++i) {
    if (i > 0) to.put(", ");
    next();
  }
  if (count > kNamedMax) to.put(" +").decimal(count - kNamedMax);
}

// MFC 0x20. The functions of old count in big endian, the extended ones in little endian.
void write_target_of_20(Writer& to, std::uint8_t sub, Cursor& in) {
  constexpr std::array<std::string_view, 5> kAreas = {"", "coil", "input relay", "holding",
                                                      "input"};
  switch (sub) {
    case 0x01:
    case 0x02:
    case 0x03:
    case 0x04: {
      const std::uint16_t first = in.be16();
      return write_range(to, kAreas[sub], first, in.be16());
    }
    case 0x05:
      return write_range(to, "coil", in.be16(), 1);
    case 0x06:
      return write_range(to, "holding", in.be16(), 1);
    case 0x0f:
    case 0x10: {
      const std::uint16_t first = in.be16();
      return write_range(to, sub == 0x0f ? "coil" : "holding", first, in.be16());
    }
    case 0x09:
    case 0x0a:
    case 0x0b: {
      in.skip(1);
      const std::uint16_t first = in.le16();
      return write_range(to, sub == 0x0a ? "input" : "holding", first, in.le16());
    }
    case 0x0d:
    case 0x0e: {
      in.skip(1);
      const std::uint16_t count = in.le16();
      to.put("holding ");
      return write_list(to, count, in, [&] {
        to.decimal(in.le16());
        if (sub == 0x0e) in.skip(2);  // value
      });
    }
    default:
      return;
  }
}

// MFC 0x43: registers by letter and a number of four bytes.
void write_target_of_43(Writer& to, std::uint8_t sub, Cursor& in) {
  constexpr std::uint8_t kWord = 2;  // of the kinds of register values
  in.skip(1);
  if (sub == 0x4d || sub == 0x4e) {
    const std::uint16_t count = in.le16();
    return write_list(to, count, in, [&] {
      const char letter = static_cast<char>(in.u8());
      const std::uint8_t kind = in.u8();
      write_registers(to, letter, in.le32(), 1);
      if (sub == 0x4e) in.skip(kind == kWord ? 2 : 4);  // value
    });
  }
  const char letter = static_cast<char>(in.u8());
  in.skip(1);
  const std::uint32_t first = in.le32();
  if (sub == 0x41 || sub == 0x4f) {
    write_registers(to, letter, first, in.le32());
    to.put(" bits");
  } else if (sub == 0x49 || sub == 0x4b) {
    write_registers(to, letter, first, in.le16());
  }
}

void write_target(Writer& to, const Header& header, Cursor& in) {
  if (const std::uint8_t cpu = header.cpus >> 4U; cpu != 0) to.put("cpu ").decimal(cpu).put(' ');
  if (header.main == 0x20)
    write_target_of_20(to, header.sub, in);
  else if (header.main == 0x43)
    write_target_of_43(to, header.sub, in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const std::size_t have = in.left();
  const Header header = read_header(in);
  in.expect(header.is_sound && (!context.is_whole || have == header.total));
  const bool is_request = header.kind == kCommand;
  const Function* const function = find_function(header.code());
  Text<kCodeBytesMax> code;
  write_code(code, header.code());
  Text<kTargetBytesMax> target;
  if (is_request) write_target(target, header, in);
  out.say_direction(is_request ? Role::request : Role::response, in);
  out.say({.role = is_request ? Role::request : Role::response,
           .function = function != nullptr ? function->name : "",
           .code = code.text(),
           .access = function != nullptr ? function->access : Access::none,
           .target = trimmed(target.text()),
           .is_error = !is_request && (header.sub & kRefusal) != 0,
           .transaction = std::uint64_t{1} << 32 | header.serial},
          in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "memobus",
    .title = "Yaskawa extended MEMOBUS",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::memobus
