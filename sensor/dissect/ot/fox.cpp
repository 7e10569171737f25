// Fox, what Niagara stations (Tridium) and Workbench say to each other: text frames as public
// decoders agree on them; the maker publishes none of it.
#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::fox {
namespace {

constexpr std::uint16_t kPorts[] = {1911, 4911};
constexpr std::string_view kBegin = "fox ";
constexpr std::string_view kEnd = "\n};;\n";
constexpr std::size_t kLineMax = 128;     // the first line: type, numbers, channel, command
constexpr std::size_t kHeadBytes = 4096;  // what is behind it are objects and values
constexpr std::uint8_t kConfidence = 90;

// Asynchronous, synchronous, reply, error, keep-alive, nothing.
constexpr Lead kLeads[] = {
    {0, {'f'}}, {1, {'o'}}, {2, {'x'}}, {3, {' '}}, {4, {'a', 's', 'r', 'e', 'k', 'n'}},
    {5, {' '}}};

enum Known : std::uint32_t { hello, challenge, keep_alive };

// Channel and command name what a frame is; the maker's modules bring their own.
constexpr Function kFunctions[] = {
    {Known::hello, "hello", Access::identity},
    {Known::challenge, "challenge", Access::session},
    {Known::keep_alive, "keep_alive", Access::session},
};
constexpr std::array<std::string_view, 3> kCodes = {"fox hello", "fox challenge", "fox keepAlive"};

void write_code(Writer& to, std::uint32_t code) {
  to.put(kCodes[code]);
}

std::string_view text_of(Cursor in) {
  return in.text(in.left());
}

Verdict probe(Cursor in, const Context&) {
  const std::string_view text = text_of(in);
  for (std::size_t i = 0; i < std::size(kLeads); ++i) {
    if (i == text.size()) return i > 0 ? Verdict::maybe : Verdict::no;
    if (!kLeads[i].bytes.has(static_cast<std::uint8_t>(text[i]))) return Verdict::no;
  }
  if (text.size() == std::size(kLeads)) return Verdict::maybe;
  const char first = text[std::size(kLeads)];
  return first == '-' || (first >= '0' && first <= '9') ? Verdict::yes : Verdict::no;
}

bool may_end_here(std::string_view text) {
  for (std::size_t size = 1; size < kEnd.size(); ++size)
    if (text.size() >= size && text.substr(text.size() - size) == kEnd.substr(0, size)) return true;
  return false;
}

// A frame ends with a line of its own. Of a long one the head is enough: what follows is passed
// over until that line.
Framing frame(Cursor in, const Context&) {
  const std::string_view text = text_of(in);
  const std::string_view begin = text.substr(0, kBegin.size());
  const bool is_begin = begin == kBegin.substr(0, begin.size());
  if (is_begin && begin.size() < kBegin.size()) return Framing::kNeedMore;
  if (const std::size_t at = text.find(kEnd); at != std::string_view::npos) {
    const std::size_t length = at + kEnd.size();
    return {length, is_begin ? std::min(length, kHeadBytes) : 0};
  }
  if ((is_begin && text.size() < kHeadBytes) || may_end_here(text)) return Framing::kNeedMore;
  return {text.size(), is_begin ? kHeadBytes : 0};
}

struct Frame {
  char type = 0;
  std::int64_t sequence = 0;
  std::int64_t answered = 0;  // the sequence number of what is replied to
  std::string_view channel;
  std::string_view command;
  std::string_view body;
};

std::string_view take_word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

bool read_number(std::string_view word, std::int64_t& number) {
  const auto result = std::from_chars(word.data(), word.data() + word.size(), number);
  return result.ec == std::errc{} && result.ptr == word.data() + word.size();
}

Frame read_frame(Cursor& in) {
  Frame frame;
  const std::string_view text = in.text(in.left());
  const std::size_t end = text.substr(0, kLineMax).find('\n');
  in.expect(end != std::string_view::npos && text.substr(0, kBegin.size()) == kBegin);
  if (!in.is_good()) return frame;
  std::string_view line = text.substr(kBegin.size(), end - kBegin.size());
  const std::string_view type = take_word(line);
  frame.type = type.size() == 1 ? type[0] : '\0';
  const bool has_numbers =
      read_number(take_word(line), frame.sequence) && read_number(take_word(line), frame.answered);
  frame.channel = take_word(line);
  frame.command = take_word(line);
  frame.body = text.substr(end + 1);
  in.expect(has_numbers && frame.type != '\0');
  return frame;
}

// The values of a hello, by their names: "name=s:value", one a line.
struct Hello {
  std::string_view host_name, host_address, app_name, app_version, vm_name, vm_version, os_name,
      os_version, station_name, host_id, brand;
};

Hello read_hello(std::string_view body) {
  Hello hello;
  struct Place {
    std::string_view name;
    std::string_view* value;
  };
  const Place places[] = {
      {"hostName", &hello.host_name},
      {"hostAddress", &hello.host_address},
      {"app.name", &hello.app_name},
      {"app.version", &hello.app_version},
      {"vm.name", &hello.vm_name},
      {"vm.version", &hello.vm_version},
      {"os.name", &hello.os_name},
      {"os.version", &hello.os_version},
      {"station.name", &hello.station_name},
      {"hostId", &hello.host_id},
      {"brandId", &hello.brand},
  };
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    const std::string_view line = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    const std::size_t name = line.find("=s:");
    if (name == std::string_view::npos) continue;
    for (const Place& place : places)
      if (place.name == line.substr(0, name)) *place.value = line.substr(name + 3);
  }
  return hello;
}

void add_both(std::string_view attribute, std::string_view prefix, std::string_view name,
              std::string_view version, Collected& facts) {
  if (name.empty()) return;
  facts.add_text(about_sender(attribute, kConfidence), [&](Writer& to) {
    to.put(prefix).printable(trimmed(name));
    if (!version.empty()) to.put(' ').printable(trimmed(version));
  });
}

bool is_address(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos &&
         std::count(text.begin(), text.end(), '.') == 3;
}

void collect_hello(std::string_view body, bool is_server, Collected& facts) {
  const Hello hello = read_hello(body);
  if (!is_address(hello.host_name))
    facts.add_raw(about_sender("host_name", kConfidence), hello.host_name);
  if (is_address(hello.host_address))
    facts.add_raw(about_sender("ip", kConfidence), hello.host_address);
  facts.add(about_sender("vendor", kConfidence), "Tridium");
  facts.add_raw(about_sender("product_name", kConfidence), hello.brand);
  add_both(is_server ? "server_software" : "user_agent", "Niagara ", hello.app_name,
           hello.app_version, facts);
  add_both("os", "", hello.os_name, hello.os_version, facts);
  add_both("vm", "", hello.vm_name, hello.vm_version, facts);
  facts.add_raw(about_sender("station_name", kConfidence), hello.station_name);
  facts.add_raw(about_sender("device_id", kConfidence), hello.host_id);
}

const Function* find_function(const Frame& frame) {
  if (frame.type == 'k') return &kFunctions[Known::keep_alive];
  if (frame.channel != "fox") return nullptr;
  if (frame.command == "hello") return &kFunctions[Known::hello];
  if (frame.command == "challenge") return &kFunctions[Known::challenge];
  if (frame.command == "keepAlive") return &kFunctions[Known::keep_alive];
  return nullptr;
}

// Either side asks, each with sequence numbers of its own; both greet once.
std::uint64_t transaction_of(const Frame& frame, bool is_hello, bool is_to_server) {
  if (is_hello) return std::uint64_t{1} << 48;
  const bool is_reply = frame.type == 'r' || frame.type == 'e';
  const std::uint64_t asker = is_to_server != is_reply ? 2 : 3;
  return asker << 48 | static_cast<std::uint32_t>(is_reply ? frame.answered : frame.sequence);
}

Role role_of(const Frame& frame, bool is_hello, bool is_to_server) {
  if (frame.type == 'r' || frame.type == 'e') return Role::response;
  if (frame.type == 's') return Role::request;
  if (!is_to_server) return Role::response;
  return is_hello ? Role::request : Role::message;
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Frame frame = read_frame(in);
  if (!in.is_good()) {
    out.check(in);
    return;
  }
  const Function* const function = find_function(frame);
  const bool is_hello = function == &kFunctions[Known::hello];
  const Role role = role_of(frame, is_hello, context.is_to_server);
  if (is_hello) {
    Collected facts;
    collect_hello(frame.body, role == Role::response, facts);
    facts.say(out, in);
  }
  Text<kCodeBytesMax> code;
  code.printable(frame.channel).put(' ').printable(frame.command);
  const Access access = function != nullptr      ? function->access
                        : frame.channel == "fox" ? Access::session
                                                 : Access::none;
  out.say({.role = role,
           .function = function != nullptr ? function->name : std::string_view{},
           .code = trimmed(code.text()),
           .access = access,
           .target = "",
           .is_error = frame.type == 'e',
           .transaction = transaction_of(frame, is_hello, context.is_to_server),
           .is_provisional = frame.type == 'r' || frame.type == 'e'},
          in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "fox",
    .title = "Niagara Fox",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts =
        "host_name ip vendor product_name server_software user_agent os vm station_name device_id",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::fox
