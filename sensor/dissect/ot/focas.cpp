// FANUC FOCAS2 over Ethernet: the manual of the FOCAS1/2 CNC/PMC data window library for what the
// calls do; packets, which FANUC does not publish, as pyfanuc and other public clients describe
// them.
#include <algorithm>
#include <array>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/focas_functions.h"

namespace osect::dissect::focas {
namespace {

using focas_message::kFunctions;
using focas_message::kPacket;

constexpr std::uint16_t kPorts[] = {8193};
constexpr std::uint32_t kMagic = 0xa0a0a0a0;
constexpr std::size_t kHeaderBytes = 10;    // magic, version, kind and phase, length
constexpr std::uint16_t kVersionMax = 4;    // the CNC's; clients say 1
constexpr std::size_t kLengthMax = 0x2000;  // a CNC of version 4 has packets of up to 3470 bytes
constexpr std::size_t kHead = 4096;         // replies of calls tell of themselves where they begin
constexpr std::uint8_t kConfidence = 95;
constexpr std::uint64_t kCalls = 1;    // transactions: in the order they were asked
constexpr std::uint64_t kPackets = 2;  // open, close, download, upload
constexpr int kCallsMax = 64;          // of one packet

constexpr Lead kLeads[] = {{0, {0xa0}}, {1, {0xa0}}, {2, {0xa0}},
                           {3, {0xa0}}, {4, {0}},    {5, {1, 2, 3, 4}}};

enum class Phase : std::uint8_t { request = 1, reply = 2, refusal = 3, data = 4 };

constexpr std::uint8_t kOpen = 0x01;
constexpr std::uint8_t kDownloadStart = 0x11;
constexpr std::uint8_t kUploadStart = 0x15;
constexpr std::uint8_t kUploadData = 0x16;
constexpr std::uint8_t kUploadEnd = 0x17;  // the CNC says so, the client confirms
constexpr std::uint8_t kCall = 0x21;

void write_code(Writer& to, std::uint32_t code) {
  if (code >= kPacket)
    to.put("packet 0x").hex(code - kPacket, 2);
  else
    to.put("0x").hex(code, 4);
}

// Of a code that is not listed there is no name, but the code.
struct Named {
  explicit Named(std::uint32_t code) {
    const auto* const at =
        std::lower_bound(std::begin(kFunctions), std::end(kFunctions), code,
                         [](const Function& row, std::uint32_t value) { return row.code < value; });
    if (at != std::end(kFunctions) && at->code == code) listed = at;
    write_code(text, code);
  }
  [[nodiscard]] Operation operation(Role role, std::uint64_t transaction) const {
    Operation said;
    said.role = role;
    said.function = listed != nullptr ? listed->name : "";
    said.code = text.text();
    said.access = listed != nullptr ? listed->access : Access::none;
    said.transaction = transaction;
    return said;
  }
  const Function* listed = nullptr;
  Text<16> text;
};

struct Header {
  std::uint8_t kind = 0;
  Phase phase = Phase::request;
  std::size_t length = 0;
  bool is_sound = false;

  [[nodiscard]] bool is_from_client() const {
    switch (phase) {
      case Phase::request:
        return kind != kUploadEnd;
      case Phase::data:
        return kind != kUploadData;
      default:
        return kind == kUploadEnd;
    }
  }
};

Header read_header(Cursor& in) {
  Header header;
  const std::uint32_t magic = in.be32();
  const std::uint16_t version = in.be16();
  header.kind = in.u8();
  const std::uint8_t phase = in.u8();
  header.length = in.be16();
  header.phase = static_cast<Phase>(phase);
  header.is_sound = in.is_good() && magic == kMagic && version >= 1 && version <= kVersionMax &&
                    header.length <= kLengthMax && phase >= 1 && phase <= 4;
  return header;
}

Verdict probe(Cursor in, const Context&) {
  for (std::size_t i = 0; i < std::min<std::size_t>(in.left(), 4); ++i)
    if (in.peek(i) != 0xa0) return Verdict::no;
  if (in.left() < kHeaderBytes) return Verdict::maybe;
  const Header header = read_header(in);
  const bool is_listed = header.kind == kCall || Named(kPacket | header.kind).listed != nullptr;
  return header.is_sound && is_listed ? Verdict::yes : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  if (in.left() < kHeaderBytes) return Framing::kNeedMore;
  const Header header = read_header(in);
  if (!header.is_sound) return Framing::kNotAMessage;
  const std::size_t whole = kHeaderBytes + header.length;
  // Programs are passed over.
  return {whole, header.phase == Phase::data ? kHeaderBytes : std::min(whole, kHead)};
}

// Four numbers and data, whose meaning is the function's.
struct Arguments {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::uint32_t c = 0;
  std::uint32_t d = 0;
  std::string_view data;
};

Arguments read_arguments(Cursor& in) {
  Arguments arguments;
  arguments.a = in.be32();
  arguments.b = in.be32();
  arguments.c = in.be32();
  arguments.d = in.be32();
  const std::uint32_t size = in.be32();
  arguments.data = in.text(std::min<std::size_t>(size, in.left()));
  return arguments;
}

// pmc_rdpmcrng: kind of address, first and last byte, size of what stands there.
void write_pmc(Writer& to, const Arguments& arguments) {
  constexpr std::string_view kAreas = "GFYXARTKCDMNE";
  constexpr std::uint32_t kSizes[] = {1, 2, 4, 1, 4, 8};  // byte, word, long, -, single, double
  const auto write = [&](std::uint32_t number) {
    if (arguments.c < kAreas.size())
      to.put(kAreas[arguments.c]);
    else
      to.put("area ").decimal(arguments.c).put(' ');
    to.decimal(number);
  };
  const std::uint32_t size = arguments.d < std::size(kSizes) ? kSizes[arguments.d] : 1;
  write(arguments.a);
  if (arguments.b < arguments.a || arguments.b - arguments.a < size) return;
  to.put("..");
  write(arguments.b - size + 1);
}

void write_range(Writer& to, std::string_view name, const Arguments& arguments) {
  to.put(name).decimal(arguments.a);
  if (arguments.b > arguments.a) to.put("..").put(name == "#" ? "#" : "").decimal(arguments.b);
}

void write_target(Writer& to, std::uint16_t function, const Arguments& arguments) {
  switch (function) {
    case 0x03:
    case 0x05:
      to.put('O').decimal(arguments.a);
      return;
    case 0x08:
      return write_range(to, "tool offset ", arguments);
    case 0x0e:
    case 0x8d:
    case 0x90:
      return write_range(to, "parameter ", arguments);
    case 0x15:
    case 0x16:
      return write_range(to, "#", arguments);
    case 0xa7:
      to.put('#').decimal(arguments.a);
      return;
    case 0x30:
    case 0x93:
      return write_range(to, "diagnosis ", arguments);
    case 0x52:
      return write_range(to, "tool group ", arguments);
    case 0xb3:
    case 0xb4:
    case 0xb6:
    case 0xba:
      to.printable(arguments.data);
      return;
    case 0x8001:
    case 0x8002:
      return write_pmc(to, arguments);
    default:
      return;
  }
}

// ODBSYS, "max. controlled axes" and the rest as text.
struct SystemInfo {
  explicit SystemInfo(Cursor& in)
      : additional(in.be16()),
        axes(in.be16()),
        cnc(in.text(2)),
        machine(in.text(2)),
        series(in.text(4)),
        version(in.text(4)) {}
  std::uint16_t additional;
  std::uint16_t axes;
  std::string_view cnc;      // "31", " 0", "PD"
  std::string_view machine;  // " M", " T", "MM"
  std::string_view series;   // of the software
  std::string_view version;
};

void write_model(Writer& to, const SystemInfo& info) {
  constexpr std::string_view kModels[] = {"", "-A", "-B", "-C", "-D", "", "-F"};
  const std::string_view cnc = trimmed(info.cnc);
  const std::size_t model = info.additional >> 8;
  const bool is_always_i = cnc == "30" || cnc == "31" || cnc == "32" || cnc == "35";
  if (cnc == "PD" || cnc == "PH" || cnc == "PM") {
    to.put("Power Mate i-").put(cnc[1]);
    return;
  }
  to.put("Series ").printable(cnc);
  if (is_always_i || (info.additional & 2) != 0) to.put('i');
  if (model < std::size(kModels)) to.put(kModels[model]);
}

std::string_view machine_of(std::string_view type) {
  constexpr std::pair<std::string_view, std::string_view> kMachines[] = {
      {"M", "machining center"},
      {"T", "lathe"},
      {"MM", "machining center with 2 path control"},
      {"TT", "lathe with 2/3 path control"},
      {"MT", "lathe with compound machining function"},
      {"P", "punch press"},
      {"L", "laser"},
      {"W", "wire cut"},
  };
  for (const auto& [code, name] : kMachines)
    if (code == trimmed(type)) return name;
  return "";
}

void identify(Cursor& payload, Collected& facts) {
  const SystemInfo info(payload);
  const auto is_text = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  };
  if (!is_text(info.cnc) || !is_text(info.series) || !is_text(info.version)) return;
  facts.add(about_sender("vendor", kConfidence), "FANUC");
  facts.add_text(about_sender("model", kConfidence), [&](Writer& to) { write_model(to, info); });
  facts.add_text(about_sender("firmware", kConfidence), [&](Writer& to) {
    to.put(trimmed(info.series)).put(' ').put(trimmed(info.version));
  });
  facts.add(about_sender("device_type", kConfidence), machine_of(info.machine));
}

void say_call_request(std::uint16_t path, std::uint16_t function, Cursor& block, Out& out) {
  Text<kTargetBytesMax> target;
  if (path > 1) target.put("path ").decimal(path).put(' ');
  write_target(target, function, read_arguments(block));
  const Named named(function);
  Operation said = named.operation(Role::request, kCalls);
  said.target = trimmed(target.text());
  out.say(said, block);
}

void say_call_reply(std::uint16_t function, Cursor& block, Out& out) {
  constexpr std::uint16_t kSystemInfo = 0x18;
  constexpr std::size_t kSystemInfoBytes = 18;
  const std::uint16_t error = block.be16();
  block.skip(4);  // what is wrong
  Cursor payload = block.child(block.be16());
  Collected facts;
  if (function == kSystemInfo && error == 0 && payload.left() >= kSystemInfoBytes)
    identify(payload, facts);
  facts.say(out, block);
  const Named named(function);
  Operation said = named.operation(Role::response, kCalls);
  said.is_error = error != 0;
  out.say(said, block);
}

// A packet holds calls of several functions, each with its length; they are answered in order.
void say_calls(const Header& header, bool is_whole, Cursor& in, Out& out) {
  constexpr std::size_t kLengthBytes = 2;
  constexpr std::size_t kBlockMin = 8;  // CNC or PMC, path, function
  for (std::size_t left = in.be16(); left > 0 && in.left() > 0; --left) {
    const std::size_t length = in.be16();
    if (!is_whole && length > in.left() + kLengthBytes) return;
    in.expect(length >= kBlockMin);
    Cursor block = in.child(length - kLengthBytes);
    const std::uint16_t unit = block.be16();
    const std::uint16_t path = block.be16();
    const std::uint16_t function = block.be16();
    block.expect(unit == 1 || unit == 2);
    if (header.phase == Phase::request)
      say_call_request(path, function, block, out);
    else
      say_call_reply(function, block, out);
  }
  out.check(in);
}

// None of what was called is done.
void say_refused_calls(const Cursor& in, Out& out) {
  Operation said;
  said.role = Role::response;
  said.transaction = kCalls;
  said.is_error = true;
  for (int i = 0; i < kCallsMax && in.is_good() && out.asked(kCalls); ++i) out.say(said, in);
  out.check(in);
}

// Program numbers or names: "O2200-O2200", "N://CNC_MEM/USER/PATH1/".
void write_packet_target(Writer& to, const Header& header, Cursor& in) {
  if (header.kind == kOpen) {
    to.put("connection ").decimal(in.be16());
  } else if (header.kind == kDownloadStart || header.kind == kUploadStart) {
    in.skip(4);
    to.printable(in.text(in.left()));
  }
}

void say_packet(const Header& header, Cursor& in, Out& out) {
  constexpr std::size_t kErrorEnd = 4;
  const Named named(kPacket | header.kind);
  const bool is_answer = header.phase == Phase::reply || header.phase == Phase::refusal;
  Text<kTargetBytesMax> target;
  Operation said = named.operation(Role::message, kPackets);
  if (header.kind != kUploadEnd && is_answer) {
    said.role = Role::response;
    if (header.kind != kOpen && in.left() >= kErrorEnd) {
      in.skip(2);
      said.is_error = in.be16() != 0;
    }
    said.is_error = said.is_error || header.phase == Phase::refusal;
  } else if (!header.is_from_client()) {
    said.role = Role::response;  // nobody asked for each of them
  } else if (header.phase == Phase::request) {
    said.role = Role::request;
    write_packet_target(target, header, in);
    said.target = target.text();
  }
  out.say(said, in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Header header = read_header(in);
  in.expect(header.is_sound);
  in.expect(!context.is_whole || in.left() == header.length);
  out.say_direction(header.is_from_client() ? Role::request : Role::response, in);
  if (header.kind != kCall)
    say_packet(header, in, out);
  else if (header.phase == Phase::refusal)
    say_refused_calls(in, out);
  else if (header.length > 0)
    say_calls(header, context.is_whole, in, out);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "focas",
    .title = "FANUC FOCAS2",
    .over = over::kTcp,
    .off_port = OffPort::weak,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "vendor model firmware device_type",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::focas
