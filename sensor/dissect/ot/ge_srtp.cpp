// GE SRTP, service requests to Series 90, PACSystems and SNPX servers over TCP: the mailbox
// messages of GFK-0529 (Series 90 PLC SNP Communications, chapter 3) behind a header that public
// decoders agree on.
#include <algorithm>
#include <array>
#include <iterator>

#include "sensor/dissect/byte_codes.h"
#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::ge_srtp {
namespace {

constexpr std::uint16_t kPorts[] = {18245, 18246};
constexpr std::size_t kHeaderBytes = 56;  // what is longer has its text behind it
constexpr std::uint16_t kTextMax = 8192;
constexpr std::size_t kHeadBytes = 128;  // what a controller says about itself begins its text
constexpr std::uint8_t kConfidence = 80;

enum Type : std::uint8_t { open = 0, opened = 1, request = 2, reply = 3, session = 8 };
enum Mailbox : std::uint8_t {
  request_with_text = 0x80,
  done_with_text = 0x94,
  short_request = 0xc0,
  refused = 0xd1,
  done = 0xd4,
};

constexpr Lead kLeads[] = {
    {0, {Type::open, Type::opened, Type::request, Type::reply, Type::session}},
    {1, {0}},
    {3, {0}},
    {6, {0}},
    {7, {0}}};

constexpr std::uint8_t kControllerTypeAndId = 0x43;
// Messages that name no service are told apart by this.
constexpr std::uint32_t kType = 0x100;

constexpr Function kFunctions[] = {
    {0x00, "plc_short_status", Access::diagnostic},
    {0x03, "return_control_program_names", Access::identity},
    {0x04, "read_system_memory", Access::read},
    {0x05, "read_task_memory", Access::read},
    {0x06, "read_program_memory", Access::read},
    {0x07, "write_system_memory", Access::write},
    {0x08, "write_task_memory", Access::write},
    {0x09, "write_program_block_memory", Access::program},
    {0x20, "programmer_logon", Access::session},
    {0x21, "change_privilege_level", Access::session},
    {0x22, "set_control_id", Access::config},
    {0x23, "set_plc_state", Access::control},
    {0x24, "set_plc_time_date", Access::time},
    {0x25, "return_plc_time_date", Access::time},
    {0x38, "return_fault_table", Access::diagnostic},
    {0x39, "clear_fault_table", Access::config},
    {0x3f, "program_store", Access::program},  // from the controller
    {0x40, "program_load", Access::program},   // to the controller
    {kControllerTypeAndId, "return_controller_type_and_id", Access::identity},
    {0x44, "toggle_force_system_memory", Access::control},
    {kType | Type::open, "open", Access::session},
    {kType | Type::reply, "reply", Access::none},  // to a request that was not seen
};

void write_code(Writer& to, std::uint32_t code) {
  if ((code & kType) != 0) to.put("type ");
  to.put(byte_code(static_cast<std::uint8_t>(code)));
}

// GFK-0529, table of segment selectors: words, and points one by one or eight by eight.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): a table's row reads in its order
struct Segment {
  std::uint8_t selector;
  std::string_view word;
  std::uint8_t points;  // that one unit of offset and length stands for
};

constexpr Segment kSegments[] = {
    {0x08, "%R", 1}, {0x0a, "%AI", 1}, {0x0c, "%AQ", 1}, {0x10, "%I", 8},  {0x12, "%Q", 8},
    {0x14, "%T", 8}, {0x16, "%M", 8},  {0x18, "%SA", 8}, {0x1a, "%SB", 8}, {0x1c, "%SC", 8},
    {0x1e, "%S", 8}, {0x38, "%G", 8},  {0x46, "%I", 1},  {0x48, "%Q", 1},  {0x4a, "%T", 1},
    {0x4c, "%M", 1}, {0x4e, "%SA", 1}, {0x50, "%SB", 1}, {0x52, "%SC", 1}, {0x54, "%S", 1},
    {0x56, "%G", 1},
};

// GFK-0529, bits 12 to 15 of the PLC status word.
constexpr std::array<std::string_view, 7> kStates = {
    "run",       "run_outputs_disabled", "stop", "stop_faulted", "halted",
    "suspended", "stop_io_enabled"};

bool is_mailbox(std::uint8_t type, std::uint8_t mailbox) {
  switch (type) {
    case Type::request:
    case Type::session:
      return mailbox == Mailbox::short_request || mailbox == Mailbox::request_with_text;
    case Type::reply:
      return mailbox == Mailbox::done || mailbox == Mailbox::done_with_text ||
             mailbox == Mailbox::refused;
    default:
      return type <= Type::opened;
  }
}

struct Header {
  std::uint8_t type = 0;
  std::uint8_t sequence = 0;
  std::uint16_t text = 0;
  std::uint8_t mailbox = 0;

  [[nodiscard]] bool is_sane() const { return text <= kTextMax && is_mailbox(type, mailbox); }
};

// Up to and with the numbers of the packet.
Header read_header(Cursor& in) {
  Header header;
  header.type = in.u8();
  in.skip(1);
  header.sequence = in.u8();
  in.skip(1);
  header.text = in.le16();
  in.skip(25);  // of no known use; the time of day
  header.mailbox = in.u8();
  in.skip(4 + 4 + 2);  // mailboxes of sender and receiver, packet number and how many
  return header;
}

bool has_nothing(std::span<const std::uint8_t> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

Verdict probe(Cursor in, const Context& context) {
  const auto bytes = in.rest();
  const Header header = read_header(in);
  if (bytes.size() < kHeaderBytes) {
    const bool is_type = !bytes.empty() && kLeads[0].bytes.has(bytes[0]);
    return context.is_usual_port && is_type ? Verdict::maybe : Verdict::no;
  }
  if (!header.is_sane()) return Verdict::no;
  if (header.type <= Type::opened) {
    // The first message of a connection is nothing but zeros, its answer all but one byte.
    const bool is_empty = has_nothing(bytes.subspan(1, kHeaderBytes - 1));
    return context.is_usual_port && is_empty && bytes.size() == kHeaderBytes ? Verdict::yes
                                                                             : Verdict::no;
  }
  return bytes[1] == 0 && bytes[3] == 0 && has_nothing(bytes.subspan(6, 3)) ? Verdict::yes
                                                                            : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  const Header header = read_header(in);
  if (!in.is_good()) return Framing::kNeedMore;
  if (!header.is_sane()) return Framing::kNotAMessage;
  if (header.type <= Type::opened) return kHeaderBytes;
  const std::size_t length = kHeaderBytes + header.text;
  return {length, std::min(length, kHeadBytes)};
}

Function find_function(std::uint32_t number) {
  const auto* const at = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                      [&](const Function& f) { return f.code == number; });
  return at != std::end(kFunctions) ? *at : Function{number, {}, Access::none};
}

bool names_memory(std::uint8_t service) {
  return service == 0x04 || service == 0x07 || service == 0x44;
}

// Selector, offset from nought, how much: addresses are counted from one.
void write_memory(Writer& to, Cursor& in) {
  const std::uint8_t selector = in.u8();
  const std::uint32_t offset = in.le16();
  const std::uint32_t length = in.le16();
  if (!in.is_good()) return;
  const auto* const at =
      std::find_if(std::begin(kSegments), std::end(kSegments),
                   [&](const Segment& segment) { return segment.selector == selector; });
  if (at == std::end(kSegments)) {
    to.put("segment ").put(byte_code(selector)).put(" offset ").decimal(offset);
    to.put(" x").decimal(length);
    return;
  }
  to.put(at->word).decimal(offset * at->points + 1).put(" x").decimal(length * at->points);
}

std::uint64_t transaction_of(const Header& header) {
  return std::uint64_t{1} << 32 | std::uint64_t{header.type <= Type::opened} << 8 | header.sequence;
}

void say_request(const Header& header, Cursor& in, Out& out) {
  // What has text has its service behind the place of the short one's data.
  if (header.mailbox == Mailbox::request_with_text) in.skip(8);
  const std::uint8_t service = in.u8();
  Text<kTargetBytesMax> target;
  if (names_memory(service)) write_memory(target, in);
  const Function function = find_function(service);
  out.say_direction(Role::request, in);
  out.say({.role = Role::request,
           .function = function.name,
           .code = byte_code(service),
           .access = function.access,
           .target = target.text(),
           .transaction = transaction_of(header)},
          in);
}

// The controller's name begins the text; what is not text is nobody's.
void collect_name(Cursor& in, Collected& facts) {
  constexpr std::size_t kNameBytes = 8;
  const std::string_view name = in.text(std::min(kNameBytes, in.left()));
  const std::string_view text = trimmed(name.substr(0, name.find('\0')));
  const bool is_text =
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (is_text) facts.add_raw(about_sender("device_name", kConfidence), text);
}

// Every reply tells the state: worth saying when it is another than the last one of the connection.
void collect_state(std::uint16_t plc, const Context& context, Collected& facts) {
  const std::uint32_t state = plc >> 12;
  if (state >= kStates.size() || context.memory == nullptr) return;
  if (*context.memory == state + 1) return;
  *context.memory = state + 1;
  facts.add(about_sender("cpu_mode", kConfidence), kStates[state]);
}

void say_reply(const Header& header, Cursor& in, const Context& context, Out& out) {
  const std::uint64_t transaction = transaction_of(header);
  const auto asked = out.asked(transaction);
  const bool is_identity = asked && asked->code == byte_code(kControllerTypeAndId);
  const std::uint8_t status = in.u8();
  in.skip(1 + 6);      // minor status, data of a short reply
  in.skip(1 + 1 + 2);  // program, privilege level, time of the last sweep
  const std::uint16_t plc = in.le16();
  const bool is_error = header.mailbox == Mailbox::refused || status != 0;
  Collected facts;
  if (!is_error && in.is_good()) collect_state(plc, context, facts);
  if (!is_error && is_identity && header.mailbox == Mailbox::done_with_text)
    collect_name(in, facts);
  out.say_direction(Role::response, in);
  facts.say(out, in);
  const Function function = find_function(kType | Type::reply);
  out.say({.role = Role::response,
           .function = function.name,
           .code = "type 0x03",
           .access = function.access,
           .target = "",
           .is_error = is_error,
           .transaction = transaction,
           .is_provisional = true},
          in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Header header = read_header(in);
  in.expect(header.is_sane());
  switch (header.type) {
    case Type::open:
    case Type::opened: {
      const Role role = header.type == Type::open ? Role::request : Role::response;
      const Function function = find_function(kType | Type::open);
      out.say_direction(role, in);
      out.say({.role = role,
               .function = function.name,
               .code = "type 0x00",
               .access = function.access,
               .target = "",
               .transaction = transaction_of(header)},
              in);
      break;
    }
    case Type::reply:
      say_reply(header, in, context, out);
      break;
    default:
      say_request(header, in, out);
      break;
  }
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "ge_srtp",
    .title = "GE SRTP",
    .over = over::kTcp,
    .off_port = OffPort::weak,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "cpu_mode device_name",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::ge_srtp
