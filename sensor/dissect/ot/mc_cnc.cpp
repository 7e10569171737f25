// Mitsubishi Electric CNC (M700 to M800), its API over the network: GIOP 1.0 (OMG CORBA,
// clause 9.4) with operations of its own, as its clients are seen to use them.
#include <algorithm>
#include <array>

#include "sensor/dissect/collected.h"

namespace osect::dissect::mc_cnc {
namespace {

constexpr std::uint16_t kPorts[] = {683};
constexpr std::string_view kMagic = "GIOP";
constexpr std::string_view kOwn = "mocha";  // all that is Mitsubishi's begins so
constexpr std::size_t kHeaderBytes = 12;    // magic, version, byte order, type, size
constexpr std::size_t kSizeMax = 1U << 20U;
constexpr std::size_t kHead = 512;
constexpr std::uint8_t kConfidence = 90;

struct Row {
  std::string_view operation;
  std::string_view name;
  Access access;
};

constexpr Row kRows[] = {
    {"mochaGetData", "get_data", Access::read},
    {"mochaSetData", "set_data", Access::write},
    {"mochaGetCurrentAlarmMsgFirst", "get_current_alarm_message", Access::diagnostic},
    {"mochaGetCurrentPrgBlockFirst", "get_current_program_block", Access::read},
    {"mochaFSOpenFile", "open_file", Access::program},
    {"mochaFSReadFile", "read_file", Access::program},
    {"mochaFSWriteFile", "write_file", Access::program},
    {"mochaFSCloseFile", "close_file", Access::program},
    {"mochaFSCreateFile", "create_file", Access::program},
    {"mochaFSRemoveFile", "remove_file", Access::program},
    {"mochaFSStatFile", "stat_file", Access::program},
    {"mochaFSOpenDirectory", "open_directory", Access::program},
    {"mochaFSReadDirectory", "read_directory", Access::program},
    {"mochaFSCloseDirectory", "close_directory", Access::program},
    {"mochaCancelModal2", "cancel_modal", Access::read},
};

constexpr auto kFunctions = [] {
  std::array<Function, std::size(kRows)> functions{};
  for (std::uint32_t i = 0; i < functions.size(); ++i)
    functions[i] = {i, kRows[i].name, kRows[i].access};
  return functions;
}();

void write_code(Writer& to, std::uint32_t code) {
  to.put(kRows[code].operation);
}

const Row* find_row(std::string_view operation) {
  const auto* const at = std::find_if(std::begin(kRows), std::end(kRows),
                                      [&](const Row& row) { return row.operation == operation; });
  return at != std::end(kRows) ? at : nullptr;
}

enum class Type : std::uint8_t { request = 0, reply = 1 };

struct Header {
  bool is_little = false;
  std::uint8_t type = 0;
  std::size_t size = 0;
  bool is_sound = false;
};

Header read_header(Cursor& in) {
  constexpr std::uint8_t kTypeMax = 6;
  Header header;
  const bool is_magic = in.text(kMagic.size()) == kMagic;
  const std::uint16_t version = in.be16();
  const std::uint8_t order = in.u8();
  header.is_little = order == 1;
  header.type = in.u8();
  header.size = header.is_little ? in.le32() : in.be32();
  header.is_sound = in.is_good() && is_magic && (version == 0x0100 || version == 0x0101) &&
                    order <= 1 && header.type <= kTypeMax && header.size <= kSizeMax;
  return header;
}

// Numbers in the sender's byte order, each aligned to its size from the message's beginning.
class Values {
 public:
  Values(Cursor& in, bool is_little) : in_(in), is_little_(is_little) {}
  std::uint32_t number() {
    in_.skip((4 - in_.offset() % 4) % 4);
    return is_little_ ? in_.le32() : in_.be32();
  }
  std::string_view text() {
    const std::uint32_t size = number();
    return in_.text(size);
  }

 private:
  Cursor& in_;
  bool is_little_;
};

void skip_contexts(Cursor& in, Values& values) {
  for (std::uint32_t left = values.number(); left > 0 && in.left() > 0; --left) {
    values.number();  // whose
    values.text();
  }
}

struct Request {
  std::uint32_t id = 0;
  bool is_answered = false;
  std::string_view operation;
};

Request read_request(Cursor& in, Values& values) {
  Request request;
  skip_contexts(in, values);
  request.id = values.number();
  request.is_answered = in.u8() != 0;
  values.text();  // object key
  request.operation = values.text();
  request.operation = request.operation.substr(0, request.operation.find('\0'));
  return request;
}

Verdict probe(Cursor in, const Context& context) {
  const std::size_t have = std::min(in.left(), kMagic.size());
  Cursor start = in;
  if (start.text(have) != kMagic.substr(0, have)) return Verdict::no;
  if (in.left() < kHeaderBytes) return Verdict::maybe;
  const Header header = read_header(in);
  if (!header.is_sound) return Verdict::no;
  // CORBA is spoken by others too, on this very port: what names no operation proves nothing of a
  // flow that is not known yet.
  if (header.type != static_cast<std::uint8_t>(Type::request))
    return context.memory != nullptr ? Verdict::yes : Verdict::no;
  Values values(in, header.is_little);
  const Request request = read_request(in, values);
  if (!in.is_good()) return in.fault() == Fault::truncated ? Verdict::maybe : Verdict::no;
  return request.operation.starts_with(kOwn) ? Verdict::yes : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  if (in.left() < kHeaderBytes) return Framing::kNeedMore;
  const Header header = read_header(in);
  if (!header.is_sound) return Framing::kNotAMessage;
  const std::size_t whole = kHeaderBytes + header.size;
  return {whole, std::min(whole, kHead)};
}

void write_data(Writer& to, Values& values) {
  to.put("section ").decimal(values.number());
  to.put(" sub ").decimal(values.number());
  to.put(" system ").decimal(values.number());
  if (const std::uint32_t axes = values.number(); axes != 0) to.put(" axes 0x").hex(axes, 2);
}

void write_target(Writer& to, std::string_view operation, Values& values) {
  if (operation == "mochaGetData" || operation == "mochaSetData") {
    write_data(to, values);
  } else if (operation == "mochaFSOpenFile") {
    values.number();  // to read, to write
    values.number();
    to.printable(values.text());
  } else if (operation == "mochaFSCreateFile") {
    values.number();
    to.printable(values.text());
  } else if (operation == "mochaFSRemoveFile" || operation == "mochaFSStatFile" ||
             operation == "mochaFSOpenDirectory") {
    to.printable(values.text());
  } else if (operation == "mochaGetCurrentAlarmMsgFirst" ||
             operation == "mochaGetCurrentPrgBlockFirst" || operation == "mochaCancelModal2") {
    to.put("system ").decimal(values.number());
  }
}

// Clients give all their requests one id and wait for the reply to each: it answers the last.
std::uint64_t transaction_of(std::uint32_t id, const Context& context) {
  const std::uint64_t round = context.memory != nullptr ? *context.memory : 0;
  return round << 32 | id;
}

void say_request(Cursor& in, Values values, const Context& context, Out& out) {
  const Request request = read_request(in, values);
  if (context.memory != nullptr) ++*context.memory;
  values.text();  // principal
  Text<kTargetBytesMax> target;
  write_target(target, request.operation, values);
  Text<kCodeBytesMax> code;
  code.printable(request.operation);
  const Row* const listed = find_row(request.operation);
  out.say_direction(Role::request, in);
  out.say({.role = request.is_answered ? Role::request : Role::message,
           .function = listed != nullptr ? listed->name : "",
           .code = code.text(),
           .access = listed != nullptr ? listed->access : Access::none,
           .target = target.text(),
           .transaction = transaction_of(request.id, context)},
          in);
}

// Sections 67 and 68 tell of the system.
void read_data(std::string_view asked, Cursor& in, Values& values, Collected& facts) {
  constexpr std::uint32_t kString = 0x10;
  const bool is_version = asked.starts_with("section 67 sub 1 ");
  const bool is_name = asked.starts_with("section 68 sub 1 ");
  if (!is_version && !is_name) return;
  values.number();
  const bool is_string = values.number() == kString;
  values.number();  // size
  if (!is_string) return;
  const std::string_view text = values.text();
  if (!in.is_good()) return;
  facts.add(about_sender("vendor", 80), "Mitsubishi Electric");
  facts.add_raw(about_sender(is_version ? "firmware" : "model", kConfidence), text);
}

void say_reply(Cursor& in, Values values, const Context& context, Out& out) {
  skip_contexts(in, values);
  const std::uint64_t transaction = transaction_of(values.number(), context);
  const std::uint32_t status = values.number();
  Collected facts;
  const auto asked = out.asked(transaction);
  if (asked && status == 0 && asked->code == kRows[0].operation)
    read_data(asked->target, in, values, facts);
  out.say_direction(Role::response, in);
  facts.say(out, in);
  if (!asked) return;
  Operation said;
  said.role = Role::response;
  said.is_error = status != 0;
  said.transaction = transaction;
  out.say(said, in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Header header = read_header(in);
  in.expect(header.is_sound);
  in.expect(!context.is_whole || in.left() == header.size);
  const Values values(in, header.is_little);
  switch (static_cast<Type>(header.type)) {
    case Type::request:
      return say_request(in, values, context, out);
    case Type::reply:
      return say_reply(in, values, context, out);
    default:
      out.check(in);  // of the connection itself
  }
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "mc_cnc",
    .title = "Mitsubishi Electric CNC (GIOP)",
    .over = over::kTcp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "vendor model firmware",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::mc_cnc
