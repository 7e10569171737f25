// MELSOFT, what GX Works, GOT and MX Component speak with Mitsubishi controllers: no published
// specification; as NozomiNetworks/blackhat23-melsoft describes it and captures of iQ-R and iQ-F
// show it.
#include <algorithm>
#include <iterator>

#include "sensor/dissect/slmp_message.h"

namespace osect::dissect::melsoft {
namespace {

constexpr std::uint16_t kPorts[] = {5007, 5006, 5562, 5560, 5002, 5001};
constexpr std::size_t kOuterBytes = 21;  // up to and with the length, which counts what follows it
constexpr std::size_t kMagicBytes = 9;   // that is_frame looks at
constexpr std::size_t kLengthMax = 0x2000;
constexpr std::size_t kHelloBytes = 4;
constexpr std::size_t kHelloAnswerBytes = 14;
constexpr std::size_t kSessionAnswerBytes = 28;
constexpr std::uint32_t kHelloCode = 0x10000;  // in the table of functions, or'ed with its kind
constexpr std::uint8_t kSession = 0xff;
constexpr std::size_t kHeadBytes = 512;  // file contents are not looked at
constexpr std::size_t kModelBytes = 16;
constexpr std::uint16_t kOpen = 0x0121;
constexpr std::uint16_t kDeviceRead = 0x0410;
constexpr std::uint16_t kDeviceWrite = 0x1410;
constexpr std::uint8_t kConfidence = 90;

constexpr Lead kLeads[] = {{0, {0x57, 0xd7, 0x5a, 0xda}}, {1, {0, 1}}};

// In the order of their codes.
constexpr Function kFunctions[] = {
    {0x0121, "open", Access::identity},
    {0x0131, "user_name_login", Access::session},
    {0x0132, "password_login", Access::session},
    {0x0133, "user_list_read", Access::session},
    {0x0134, "user_list_read_next", Access::session},
    {0x0150, "safety_mode_read", Access::diagnostic},
    {0x0162, "clock_read", Access::time},
    {0x01a0, "challenge_response", Access::session},
    {0x0410, "device_read", Access::read},
    {0x0411, "device_read_multiple", Access::read},
    {0x0413, "device_read", Access::read},
    {0x0701, "device_read", Access::read},
    {0x0b16, "monitor_registration", Access::diagnostic},
    {0x0b2a, "monitor_registration", Access::diagnostic},
    {0x0b2b, "monitor_registration", Access::diagnostic},
    {0x1001, "remote_run", Access::control},
    {0x1002, "remote_stop", Access::control},
    {0x1003, "remote_pause", Access::control},
    {0x1006, "remote_reset", Access::control},
    {0x1120, "safety_mode_change", Access::control},
    {0x1133, "user_registration", Access::config},
    {0x1410, "device_write", Access::write},
    {0x1730, "project_area_size", Access::program},
    {0x1731, "project_area_prepare", Access::program},
    {0x1734, "project_area_path", Access::program},
    {0x1859, "file_list", Access::program},
    {0x185f, "file_find", Access::program},
    {0x1867, "file_open", Access::program},
    {0x1868, "file_read", Access::program},
    {0x1869, "file_write", Access::program},
    {0x186a, "file_close", Access::program},
    {0x187e, "file_commit", Access::program},
    {0x18a0, "drive_operation", Access::program},
    {kHelloCode | 0x01, "hello", Access::identity},
    {kHelloCode | 0x11, "hello_address", Access::identity},
    {kHelloCode | 0x22, "hello_find_cpu", Access::identity},
    {kHelloCode | kSession, "hello_session", Access::session},
};
static_assert(std::is_sorted(std::begin(kFunctions), std::end(kFunctions),
                             [](const Function& a, const Function& b) { return a.code < b.code; }));

const Function* find_function(std::uint32_t code) {
  const auto* const at = std::lower_bound(
      std::begin(kFunctions), std::end(kFunctions), code,
      [](const Function& entry, std::uint32_t wanted) { return entry.code < wanted; });
  return at != std::end(kFunctions) && at->code == code ? at : nullptr;
}

void write_code(Writer& to, std::uint32_t code) {
  if (code >= kHelloCode)
    to.put("hello 0x").hex(code & 0xff, 2);
  else
    to.put("0x").hex(code, 4);
}

bool is_hello(const Cursor& in) {
  const std::uint8_t first = in.peek();
  return (first == 0x5a || first == 0xda) && in.peek(1) == 0 && in.peek(2) == 0;
}

std::size_t hello_bytes(const Cursor& in) {
  if (in.peek() == 0x5a) return kHelloBytes;
  return in.peek(3) == kSession ? kSessionAnswerBytes : kHelloAnswerBytes;
}

// What stands at fixed places of the outer header.
bool is_frame(const Cursor& in) {
  const std::uint8_t kind = in.peek(7);
  return (in.peek(0) == 0x57 || in.peek(0) == 0xd7) && in.peek(1) <= 1 && in.peek(5) == 0x11 &&
         in.peek(6) == 0x11 && (kind == 0x07 || kind == 0x7f) && in.peek(8) == 0;
}

std::size_t frame_bytes(const Cursor& in) {
  return kOuterBytes + (std::size_t{in.peek(20)} << 8 | in.peek(19));
}

Verdict probe_hello(Cursor in, const Context& context) {
  const bool is_stream = context.over == over::kTcp;
  if (!is_hello(in)) return in.left() < 3 && is_stream ? Verdict::maybe : Verdict::no;
  if (in.left() < kHelloBytes) return is_stream ? Verdict::maybe : Verdict::no;
  if (find_function(kHelloCode | in.peek(3)) == nullptr) return Verdict::no;
  const std::size_t whole = hello_bytes(in);
  // Four bytes prove nothing where nobody expects them.
  if (in.left() == whole) return context.is_usual_port ? Verdict::yes : Verdict::maybe;
  if (!is_stream) return Verdict::no;
  if (in.left() < whole) return Verdict::maybe;
  in.skip(whole);
  if (in.left() >= kMagicBytes) return is_frame(in) ? Verdict::yes : Verdict::no;
  return in.peek() == 0x57 || in.peek() == 0xd7 ? Verdict::maybe : Verdict::no;
}

Verdict probe(Cursor in, const Context& context) {
  const std::size_t have = in.left();
  const std::uint8_t first = in.peek();
  if (first == 0x5a || first == 0xda) return probe_hello(in, context);
  if (first != 0x57 && first != 0xd7) return Verdict::no;
  if (have < kMagicBytes) {
    const bool is_plausible =
        context.over == over::kTcp && in.peek(1) <= 1 && (have < 6 || in.peek(5) == 0x11);
    return is_plausible ? Verdict::maybe : Verdict::no;
  }
  if (have < kOuterBytes)
    return context.over == over::kTcp && is_frame(in) ? Verdict::yes : Verdict::no;
  const std::size_t whole = frame_bytes(in);
  if (!is_frame(in) || whole > kOuterBytes + kLengthMax) return Verdict::no;
  if (context.over == over::kUdp && context.is_whole && have != whole) return Verdict::no;
  return Verdict::yes;
}

Framing frame(Cursor in, const Context&) {
  if (in.left() < kHelloBytes) return Framing::kNeedMore;
  if (is_hello(in)) return hello_bytes(in);
  if (in.peek() != 0x57 && in.peek() != 0xd7) return Framing::kNotAMessage;
  if (in.left() < kOuterBytes) return Framing::kNeedMore;
  const std::size_t whole = frame_bytes(in);
  if (!is_frame(in) || whole > kOuterBytes + kLengthMax) return Framing::kNotAMessage;
  return {whole, std::min(whole, kHeadBytes)};
}

void add_number(Collected& facts, std::string_view attribute, std::uint16_t number) {
  if (number != 0)
    facts.add_text(about_sender(attribute, kConfidence),
                   [&](Writer& to) { to.put("0x").hex(number, 4); });
}

// iQ-F answers to everybody: which client asked cannot be told, and its request was counted.
bool is_to_everybody(const Context& context) {
  return context.origin != nullptr && context.origin->receiver_ip.is_limited_broadcast();
}

void dissect_hello(Cursor in, const Context& context, Out& out) {
  const bool is_request = in.u8() == 0x5a;
  in.skip(2);
  const std::uint8_t kind = in.u8();
  Collected facts;
  if (!is_request && kind == kSession) {
    add_number(facts, "model_code", in.le16());
    in.skip(kSessionAnswerBytes - kHelloBytes - 2);
  } else if (!is_request) {
    in.skip(kHelloAnswerBytes - kHelloBytes);  // the address that asked, among others
  }
  out.say_direction(is_request ? Role::request : Role::response, in);
  facts.say(out, in);
  if (!is_request && is_to_everybody(context)) return;
  Text<16> code;
  write_code(code, kHelloCode | kind);
  const Function* const listed = find_function(kHelloCode | kind);
  out.say({.role = is_request ? Role::request : Role::response,
           .function = listed != nullptr ? listed->name : "",
           .code = code.text(),
           .access = listed != nullptr ? listed->access : Access::session,
           .target = "",
           .transaction = kHelloCode | kind},
          in);
}

// Directly connected stations and their first CPU go without saying.
void write_station(Writer& to, slmp_message::Route route) {
  constexpr std::uint8_t kOwn[] = {0x7d, 0x7e, 0xff};
  if (std::find(std::begin(kOwn), std::end(kOwn), route.station) != std::end(kOwn)) {
    route.station = 0xff;
    route.network = 0;
  }
  if (route.module == 0x3e0) route.module = 0x3ff;
  slmp_message::write_route(to, route);
}

// One device: ten bytes, its code, its number, four bytes, how many.
void write_device(Writer& to, Cursor& data) {
  data.skip(10);
  const std::uint16_t code = data.le16();
  const std::uint32_t first = data.le32();
  data.skip(4);
  const std::uint16_t count = data.le16();
  to.put("device 0x").hex(code, 4).put(' ').decimal(first);
  if (count > 1) to.put("..").decimal(std::uint64_t{first} + count - 1);
}

// Paths stand with their size in bytes before them, wherever a command has them, begin with the
// project's folder and end with a NUL: "$MELPRJ$\MAIN.PRG".
void write_paths(Writer& to, Cursor data) {
  std::size_t count = 0;
  while (data.left() > 4) {
    const std::size_t size = std::size_t{data.peek(1)} << 8 | data.peek(0);
    const bool is_path = data.peek(2) == '$' && data.peek(3) == 0 && size >= 4 && size % 2 == 0 &&
                         size <= data.left() - 2 && data.peek(size) == 0 &&
                         data.peek(size + 1) == 0;
    if (!is_path) {
      data.skip(1);
      continue;
    }
    data.skip(2);
    const auto path = data.bytes(size);
    if (++count == 1) to.put("file ").printable_utf16(path);
  }
  if (count > 1) to.put(" +").decimal(count - 1);
}

bool has_device(std::uint16_t command) {
  return command == kDeviceRead || command == kDeviceWrite;
}

bool has_paths(std::uint16_t command) {
  return command >= 0x1730 && command < 0x1900 && command != 0x1868 && command != 0x1869;
}

// The model's name and number.
void identify(Cursor data, Collected& facts) {
  if (data.left() < kModelBytes + 2) return;
  facts.add(about_sender("vendor", 85), "Mitsubishi Electric");
  facts.add_raw(about_sender("model", kConfidence), data.text(kModelBytes));
  add_number(facts, "model_code", data.le16());
}

void dissect_frame(Cursor in, const Context& context, Out& out) {
  const bool is_request = in.u8() == 0x57;
  in.skip(8);
  slmp_message::Route route;
  route.network = in.u8();
  route.station = in.u8();
  route.module = in.le16();
  in.skip(2);
  const bool is_engineering = in.be16() == 0xfe03;
  in.skip(2);
  const std::size_t length = in.le16();
  if (context.is_whole || context.over == over::kUdp) in = in.child(length);
  in.skip(2);                           // type, footer
  Cursor header = in.child(in.peek());  // its first byte is its size
  header.skip(2);
  const std::uint16_t status = is_request ? 0 : header.le16();
  const std::uint16_t command = in.be16();
  const std::uint16_t packet = in.le16();
  in.skip(2);  // length of the payload, zero where no footer follows

  Text<kTargetBytesMax> target;
  Collected facts;
  if (is_request) {
    write_station(target, route);
    if (has_device(command)) write_device(target, in);
    if (has_paths(command)) write_paths(target, in);
    if (is_engineering && context.memory != nullptr && *context.memory == 0) {
      *context.memory = 1;  // once is enough
      facts.add(about_sender("device_type", 80), "engineering");
    }
  } else if (status == 0 && command == kOpen) {
    identify(in, facts);
  }
  in.expect(header.is_good());
  out.say_direction(is_request ? Role::request : Role::response, in);
  facts.say(out, in);
  // On what an answer acted stands in its request alone.
  const std::uint64_t transaction = std::uint64_t{1} << 32 | packet;
  const bool is_elsewhere = has_device(command) || has_paths(command);
  if (!is_request && (is_to_everybody(context) || (is_elsewhere && !out.asked(transaction))))
    return;
  Text<8> code;
  write_code(code, command);
  const Function* const listed = find_function(command);
  out.say({.role = is_request ? Role::request : Role::response,
           .function = listed != nullptr ? listed->name : "",
           .code = code.text(),
           .access = listed != nullptr ? listed->access : Access::none,
           .target = trimmed(target.text()),
           .is_error = status != 0,
           .transaction = transaction},
          in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  if (is_hello(in)) {
    dissect_hello(in, context, out);
    return;
  }
  in.expect(in.left() >= kOuterBytes && is_frame(in));
  if (context.over == over::kUdp && context.is_whole) in.expect(in.left() == frame_bytes(in));
  if (in.is_good())
    dissect_frame(in, context, out);
  else
    out.check(in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "melsoft",
    .title = "MELSOFT",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "vendor model model_code device_type",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::melsoft
