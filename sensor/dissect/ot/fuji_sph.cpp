// Fuji Electric MICREX-SX SPH, loader commands over Ethernet: user's manuals of the NA0LA-ET1
// (section 5-2) and of the NP1L-RS1 (appendix 2: the same commands over serial lines).
#include <algorithm>

#include "sensor/dissect/collected.h"

namespace osect::dissect::fuji_sph {
namespace {

constexpr std::uint16_t kPorts[] = {507, 508, 18245};  // the last is also that of GE SRTP
constexpr std::uint32_t kMagic = 0xfb808000;
constexpr std::size_t kHeaderBytes = 20;
constexpr std::size_t kDataMax = 1024;  // the manuals say 492
constexpr std::uint8_t kAsked = 0xff;   // for a status, in requests
constexpr std::uint8_t kWithoutConnection = 0x7a;
constexpr std::uint8_t kWithConnection = 0x7b;

constexpr Lead kLeads[] = {
    {0, {0xfb}}, {1, {0x80}}, {2, {0x80}}, {3, {0x00}}, {5, {kWithoutConnection, kWithConnection}}};

// Command and mode.
constexpr Function kFunctions[] = {
    {0x0000, "data_read", Access::read},
    {0x0100, "data_write", Access::write},
    {0x0400, "cpu_batch_start", Access::control},
    {0x0401, "cpu_batch_initialize_and_start", Access::control},
    {0x0402, "cpu_batch_stop", Access::control},
    {0x0403, "cpu_batch_reset", Access::control},
    {0x0404, "cpu_individual_start", Access::control},
    {0x0405, "cpu_individual_initialize_and_start", Access::control},
    {0x0406, "cpu_individual_stop", Access::control},
    {0x0407, "cpu_individual_reset", Access::control},
};

const Function* find_function(std::uint16_t code) {
  const auto* const at = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                      [&](const Function& row) { return row.code == code; });
  return at != std::end(kFunctions) ? at : nullptr;
}

struct Header {
  std::uint8_t status = 0;
  std::uint16_t connection = 0;
  std::uint16_t code = 0;
  std::size_t length = 0;
  bool is_sound = false;

  [[nodiscard]] bool is_request() const { return status == kAsked; }
};

Header read_header(Cursor& in) {
  Header header;
  const std::uint32_t magic = in.be32();
  header.status = in.u8();
  const std::uint8_t mode = in.u8();
  header.connection = in.le16();
  const std::uint16_t fixed = in.be16();
  const std::uint32_t zeros = in.be32();
  header.code = in.be16();
  const std::uint16_t last = in.be16();  // frame number and whether it is the last one
  header.length = in.le16();
  header.is_sound = in.is_good() && magic == kMagic && fixed == 0x1100 && zeros == 0 &&
                    last == 0x0001 && header.length <= kDataMax &&
                    (mode == kWithoutConnection || mode == kWithConnection);
  return header;
}

Verdict probe(Cursor in, const Context&) {
  constexpr std::uint8_t kBytes[] = {0xfb, 0x80, 0x80, 0x00};
  for (std::size_t i = 0; i < std::min(in.left(), std::size(kBytes)); ++i)
    if (in.peek(i) != kBytes[i]) return Verdict::no;
  if (in.left() < kHeaderBytes) return Verdict::maybe;
  return read_header(in).is_sound ? Verdict::yes : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  if (in.left() < kHeaderBytes) return Framing::kNeedMore;
  const Header header = read_header(in);
  if (!header.is_sound) return Framing::kNotAMessage;
  return kHeaderBytes + header.length;
}

// As programs spell them: %MW1 is standard memory, %MW3 keeps its words without power, %MW10 is the
// system's.
void write_word(Writer& to, std::uint8_t type, std::uint32_t address) {
  switch (type) {
    case 0x01:
      to.put("I/Q ");
      break;
    case 0x02:
      to.put("%MW1.");
      break;
    case 0x04:
      to.put("%MW3.");
      break;
    case 0x08:
      to.put("%MW10.");
      break;
    default:
      to.put("memory 0x").hex(type, 2).put(' ');
  }
  to.decimal(address);
}

void write_memory(Writer& to, Cursor& in) {
  const std::uint8_t type = in.u8();
  const std::uint32_t address = in.le24();
  const std::uint32_t words = in.le16();
  write_word(to, type, address);
  if (words < 2) return;
  to.put("..");
  write_word(to, type, address + words - 1);
}

// CPU 0 is 0xfe, the others follow downwards; then come the modules.
void write_unit(Writer& to, std::uint16_t connection) {
  constexpr std::uint16_t kFirst = 0xfe;
  constexpr std::uint16_t kLast = 0xf7;
  if (connection == 0) return;
  if (connection <= kFirst && connection >= kLast)
    to.put("CPU ").decimal(kFirst - connection);
  else
    to.put("connection 0x").hex(connection, 2);
  to.put(' ');
}

void dissect(Cursor in, const Context& context, Out& out) {
  constexpr std::uint16_t kRead = 0x0000;
  constexpr std::uint16_t kWrite = 0x0100;
  constexpr std::uint16_t kBatchFirst = 0x0400;  // to all CPUs, whichever is spoken to
  constexpr std::uint16_t kBatchLast = 0x0403;
  const Header header = read_header(in);
  in.expect(header.is_sound);
  in.expect(!context.is_whole || in.left() == header.length);
  Text<kTargetBytesMax> target;
  Operation said;
  said.role = header.is_request() ? Role::request : Role::response;
  said.is_error = !header.is_request() && header.status != 0;
  if (!said.is_error) {
    const bool is_of_all = header.code >= kBatchFirst && header.code <= kBatchLast;
    if (!is_of_all) write_unit(target, header.connection);
    if (header.code == kRead || header.code == kWrite) write_memory(target, in);
  }
  Text<8> code;
  code.put("0x").hex(header.code, 4);
  const Function* const listed = find_function(header.code);
  said.function = listed != nullptr ? listed->name : "";
  said.code = code.text();
  said.access = listed != nullptr ? listed->access : Access::none;
  said.target = trimmed(target.text());
  out.say_direction(said.role, in);
  out.say(said, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "fuji_sph",
    .title = "Fuji Electric MICREX-SX SPH loader command",
    .over = over::kTcp,
    .off_port = OffPort::weak,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .code_digits = 4,
    .facts = "",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::fuji_sph
