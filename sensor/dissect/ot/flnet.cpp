// FL-net (OPCN-2) over UDP: JEM 1479 / JIS B 3521 (protocol), JEM 1480 (device profiles).
#include <algorithm>
#include <array>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::flnet {
namespace {

// Cyclic and token, messages, joining; from the last one all of them are sent.
constexpr std::uint16_t kPorts[] = {55000, 55001, 55002, 55003};
constexpr std::string_view kMagic = "FACN";
constexpr std::size_t kHeaderBytes = 64;
constexpr std::size_t kFrameMax = 96 + 1024;
constexpr std::uint16_t kTransparentEnd = 60000;  // below: messages of the application
constexpr std::uint16_t kResponses = 65200;       // a response's code is its request's and 200
constexpr std::uint16_t kCyclicWithToken = 65000;
constexpr std::uint16_t kCyclic = 65001;
constexpr std::uint16_t kProfileRead = 65011;
constexpr std::uint8_t kEverybody = 255;
constexpr std::uint8_t kConfidence = 95;

constexpr Lead kLeads[] = {{0, {'F'}}, {1, {'A'}}, {2, {'C'}}, {3, {'N'}}};

constexpr Function kFunctions[] = {
    {0, "transparent_message", Access::none},
    {65000, "cyclic_with_token", Access::cyclic},
    {65001, "cyclic", Access::cyclic},
    {65002, "participation_request", Access::session},
    {65003, "byte_block_read", Access::read},
    {65004, "byte_block_write", Access::write},
    {65005, "word_block_read", Access::read},
    {65006, "word_block_write", Access::write},
    {65007, "network_parameter_read", Access::diagnostic},
    {65008, "network_parameter_write", Access::config},
    {65009, "stop", Access::control},
    {65010, "start", Access::control},
    {65011, "profile_read", Access::identity},
    {65012, "trigger", Access::session},
    {65013, "log_read", Access::diagnostic},
    {65014, "log_clear", Access::config},
    {65015, "message_echo", Access::diagnostic},
};
constexpr std::uint16_t kListedFirst = 65000;
constexpr std::uint16_t kListedLast = 65015;

const Function* find_function(std::uint16_t code) {
  if (code < kTransparentEnd) return &kFunctions[0];
  if (code < kListedFirst || code > kListedLast) return nullptr;
  return &kFunctions[1 + code - kListedFirst];
}

struct Area {
  std::uint16_t first = 0;
  std::uint16_t words = 0;
};

struct Header {
  std::uint8_t source = 0;
  std::uint8_t destination = 0;  // of a message; or who has the token next
  std::uint32_t sequence = 0;
  bool is_running = false;
  std::uint16_t size = 0;  // of what a message asks for, at `address` of the virtual memory
  std::uint32_t address = 0;
  std::uint8_t result = 0;
  std::uint16_t code = 0;
  std::array<Area, 2> areas{};
};

Header read_header(Cursor& in) {
  Header header;
  in.expect(in.text(kMagic.size()) == kMagic);
  in.skip(4);  // length of all, which recognised the frame
  header.source = static_cast<std::uint8_t>(in.be32() & 0xff);
  header.destination = static_cast<std::uint8_t>(in.be32() & 0xff);
  in.skip(4);  // version of the sequence number
  header.sequence = in.be32();
  in.skip(4);  // control
  header.is_running = (in.be16() & 0x8000) != 0;
  header.size = in.be16();
  header.address = in.be32();
  in.skip(1);  // minimum frame interval
  header.result = in.u8();
  in.skip(2);
  header.code = in.be16();
  in.skip(2);  // version
  for (Area& area : header.areas) {
    area.first = in.be16();
    area.words = in.be16();
  }
  in.skip(kHeaderBytes - 52);  // mode, fragments, times
  return header;
}

Verdict probe(Cursor in, const Context& context) {
  const std::size_t size = in.left();
  const bool is_magic = in.text(kMagic.size()) == kMagic;
  const std::uint32_t length = in.be32();
  const bool is_length = context.is_whole ? length == size : length > size;
  return is_magic && is_length && length >= kHeaderBytes && length <= kFrameMax ? Verdict::yes
                                                                                : Verdict::no;
}

void write_numbers(Writer& to, std::uint32_t first, std::uint32_t count) {
  to.put(count > 1 ? "s " : " ").decimal(first);
  if (count > 1) to.put("..").decimal(std::uint64_t{first} + count - 1);
}

// The part of the common memory that is a node's own.
void write_areas(Writer& to, const Header& header) {
  to.put("node ").decimal(header.source);
  for (std::size_t i = 0; i < header.areas.size(); ++i) {
    if (header.areas[i].words == 0) continue;
    to.put(i == 0 ? " area 1 word" : " area 2 word");
    write_numbers(to, header.areas[i].first, header.areas[i].words);
  }
}

void write_message_target(Writer& to, const Header& header, std::uint16_t code) {
  if (header.destination == kEverybody)
    to.put("all nodes");
  else
    to.put("node ").decimal(header.destination);
  if (code >= 65003 && code <= 65006)
    write_numbers(to.put(code <= 65004 ? " byte" : " word"), header.address, header.size);
}

// One element of BER as far as JEM 1480 uses it: definite length, one byte of tag.
struct Element {
  std::uint8_t tag = 0;
  std::size_t length = 0;
};

Element read_element(Cursor& in) {
  Element element;
  element.tag = in.u8();
  element.length = in.u8();
  if (element.length == 0x81)
    element.length = in.u8();
  else if (element.length == 0x82)
    element.length = in.be16();
  else
    in.expect(element.length < 0x80);
  return element;
}

// Names and values one after the other, at any depth: "VENDOR" "MELCO", "DVMODEL" "FR-A7NF".
void read_profile(Cursor& in, Collected& facts) {
  constexpr std::uint8_t kSequence = 0x30;
  constexpr std::uint8_t kPrintableString = 0x13;
  std::string_view attribute;
  while (in.left() > 0 && in.peek() != 0) {
    const Element element = read_element(in);
    if (element.tag == kSequence) continue;
    const std::string_view text = in.text(element.length);
    if (element.tag != kPrintableString || !attribute.empty()) {
      if (element.tag == kPrintableString)
        facts.add_raw(about_sender(attribute, kConfidence), text);
      attribute = {};
      continue;
    }
    const std::string_view name = trimmed(text);
    attribute = name == "VENDOR"       ? "vendor"
                : name == "DVMODEL"    ? "model"
                : name == "DVCATEGORY" ? "device_category"
                                       : "";
  }
}

// A node repeats itself some hundred times a second: what it is and does is said when it changes.
void read_node(const Header& header, const Context& context, Collected& facts) {
  const std::uint32_t now =
      std::uint32_t{1} << 16 | std::uint32_t{header.is_running} << 8 | header.source;
  if (context.memory != nullptr) {
    if (*context.memory == now) return;
    *context.memory = now;
  }
  facts.add_text(about_sender("node_number", kConfidence),
                 [&](Writer& to) { to.decimal(header.source); });
  facts.add(about_sender("cpu_mode", kConfidence), header.is_running ? "RUN" : "STOP");
}

void say(const Header& header, Operation said, std::uint16_t code, const Cursor& in, Out& out) {
  Text<8> text;
  text.decimal(code);
  said.code = text.text();
  if (const Function* function = find_function(code); function != nullptr) {
    said.function = function->name;
    said.access = function->access;
  }
  said.transaction = std::uint64_t{code} * 0x1'0000'0000 + header.sequence;
  out.say(said, in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Header header = read_header(in);
  Collected facts;
  Text<kTargetBytesMax> target;
  Operation said;
  std::uint16_t code = header.code;
  if (header.code == kCyclicWithToken || header.code == kCyclic) {
    read_node(header, context, facts);
    write_areas(target, header);
    said.role = Role::message;
  } else if (header.code > kResponses) {
    code = static_cast<std::uint16_t>(header.code - 200);
    if (code == kProfileRead && header.result == 0) read_profile(in, facts);
    said.role = Role::response;
    said.is_error = header.result != 0;
    // Both ends send from a port of their own, so that nobody can pair it with its request.
    target.put("node ").decimal(header.source);
  } else {
    write_message_target(target, header, code);
    const bool is_answered = code >= 65003 && code != 65012;
    said.role = is_answered ? Role::request : Role::message;
  }
  out.say_direction(said.role == Role::response ? Role::response : Role::request, in);
  said.target = target.text();
  facts.say(out, in);
  say(header, said, code, in, out);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "flnet",
    .title = "FL-net (OPCN-2)",
    .over = over::kUdp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .facts = "node_number cpu_mode vendor model device_category",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::flnet
