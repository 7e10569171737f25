// HSMS: SEMI E37 (High-Speed SECS Message Services), with the messages of SEMI E5 (SECS-II) as SEMI
// E30 (GEM) uses them. Of their items names and identities are read, and whether it was granted.
#include <algorithm>
#include <iterator>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/secs_functions.h"

namespace osect::dissect::hsms {
namespace {

using secs_functions::kControl;
using secs_functions::kFunctions;
using secs_functions::primary;
using secs_functions::SType;

constexpr std::uint16_t kPorts[] = {5000};
constexpr std::size_t kLengthBytes = 4;
constexpr std::uint32_t kHeaderBytes = 10;
constexpr std::uint32_t kLengthMax = 0xffffff;
constexpr std::size_t kHeadBytes = 512;  // what stands behind is not read
constexpr std::uint8_t kConfidence = 95;
constexpr std::uint8_t kErrors = 9;  // the stream that tells what was wrong with a message

// The length, of a message that is not long; the device, of which there are few, or none; the
// presentation type, the session type.
constexpr Lead kLeads[] = {
    {0, {0}}, {1, {0}}, {4, {0, 1, 2, 3, 0xff}}, {8, {0}}, {9, {0, 1, 2, 3, 4, 5, 6, 7, 9}}};

// E37 clause 8.2.
struct Header {
  std::uint32_t length = 0;
  std::uint16_t session = 0;
  std::uint8_t stream = 0;  // of a control message its own use
  bool is_answer_wanted = false;
  std::uint8_t function = 0;
  std::uint8_t presentation = 0;
  std::uint8_t type = 0;
  std::uint32_t system = 0;

  [[nodiscard]] bool is_data() const { return type == SType::data_message; }
  [[nodiscard]] bool is_primary() const { return function % 2 == 1; }
};

Header read_header(Cursor& in) {
  Header header;
  header.length = in.be32();
  header.session = in.be16();
  const std::uint8_t second = in.u8();
  header.is_answer_wanted = (second & 0x80) != 0;
  header.stream = second & 0x7f;
  header.function = in.u8();
  header.presentation = in.u8();
  header.type = in.u8();
  header.system = in.be32();
  return header;
}

// E5 clause 9.2: the format of an item and how many bytes say its length.
enum class Format : std::uint8_t {
  list = 0,
  binary = 8,
  boolean = 9,
  ascii = 16,
  jis8 = 17,
  characters = 18,
};

bool is_format(std::uint8_t first) {
  constexpr std::uint64_t kKnown = 1ULL << 0 | 3ULL << 8 | 7ULL << 16 |  // list, bytes, text
                                   1ULL << 24 | 3ULL << 25 |  // signed, eight bytes to four
                                   1ULL << 28 | 1ULL << 32 | 1ULL << 36 |  // signed four, floats
                                   1ULL << 40 | 3ULL << 41 | 1ULL << 44;   // unsigned
  return (first & 3) != 0 && (kKnown >> (first >> 2) & 1) != 0;
}

struct Item {
  Format format = Format::list;
  std::size_t length = 0;  // of a list the number of its items
  Cursor bytes;
};

Item read_item(Cursor& in) {
  Item item;
  const std::uint8_t first = in.u8();
  if (in.is_good()) in.expect(is_format(first));
  item.format = static_cast<Format>(first >> 2);
  for (std::uint8_t left = first & 3; left > 0; --left) item.length = item.length << 8 | in.u8();
  if (item.format != Format::list) item.bytes = in.child(item.length);
  return item;
}

std::string_view read_text(Cursor& in) {
  Item item = read_item(in);
  return item.format == Format::ascii ? item.bytes.text(item.length) : std::string_view();
}

// A list's head; the number of its items, zero where none begins.
std::size_t read_list(Cursor& in) {
  const Item item = read_item(in);
  return item.format == Format::list && in.is_good() ? item.length : 0;
}

bool is_header(const Header& header) {
  if (header.length < kHeaderBytes || header.length > kLengthMax || header.presentation != 0)
    return false;
  switch (header.type) {
    case SType::data_message:
      // Functions 0 abort; a stream has a number. Errors are told without asking.
      return header.stream > 0 && (header.is_primary() || !header.is_answer_wanted);
    case SType::select_req:
    case SType::select_rsp:
    case SType::deselect_req:
    case SType::deselect_rsp:
    case SType::linktest_req:
    case SType::linktest_rsp:
    case SType::reject_req:
    case SType::separate_req:
      return header.length == kHeaderBytes;
    default:
      return false;
  }
}

bool is_led(const Cursor& in) {
  return std::all_of(std::begin(kLeads), std::end(kLeads), [&](const Lead& lead) {
    return lead.offset >= in.left() || lead.bytes.has(in.peek(lead.offset));
  });
}

// Too few bytes of another protocol could be a beginning; but there are those who send the length
// by itself.
bool is_length(Cursor in) {
  const std::uint32_t length = in.be32();
  return in.is_good() && length >= kHeaderBytes && length <= 0xffff;
}

Verdict probe(Cursor in, const Context& context) {
  const bool is_abroad = !context.is_usual_port && context.memory == nullptr;
  if (is_abroad && !(is_led(in) && is_length(in))) return Verdict::no;
  const bool is_short_message = in.peek() == 0;
  const Header header = read_header(in);
  if (!in.is_good()) return is_short_message ? Verdict::maybe : Verdict::no;
  if (!is_header(header)) return Verdict::no;
  if (header.length == kHeaderBytes) return Verdict::yes;
  if (in.left() == 0) return Verdict::maybe;
  return is_format(in.peek()) ? Verdict::yes : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  const Header header = read_header(in);
  if (!in.is_good()) return Framing::kNeedMore;
  if (!is_header(header)) return Framing::kNotAMessage;
  const std::size_t whole = kLengthBytes + header.length;
  return {whole, std::min(whole, kHeadBytes)};
}

const Function* function_of(std::uint32_t code) {
  const auto* const at = std::lower_bound(
      std::begin(kFunctions), std::end(kFunctions), code,
      [](const Function& function, std::uint32_t wanted) { return function.code < wanted; });
  return at != std::end(kFunctions) && at->code == code ? at : nullptr;
}

void write_code(Writer& to, std::uint32_t code) {
  if ((code & kControl) != 0)
    to.put("SType ").decimal(code & 0xff);
  else
    to.put('S').decimal(code >> 8).put('F').decimal(code & 0xff);
}

// Each side numbers its own questions.
std::uint64_t transaction_of(const Header& header, bool is_asked_by_client) {
  return std::uint64_t{1} << 48 | std::uint64_t{is_asked_by_client} << 40 |
         std::uint64_t{header.is_data()} << 32 | header.system;
}

struct Said {
  std::uint32_t code = 0;
  Role role = Role::message;
  std::string_view target;
  bool is_error = false;
  std::uint64_t transaction = 0;
  bool is_provisional = false;
};

void say(const Said& said, const Cursor& proof, Out& out) {
  const Function* const function = function_of(said.code);
  Text<16> code;
  write_code(code, said.code);
  out.say({.role = said.role,
           .function = function != nullptr ? function->name : std::string_view(),
           .code = code.text(),
           .access = function != nullptr ? function->access : Access::none,
           .target = said.target,
           .is_error = said.is_error,
           .transaction = said.transaction,
           .is_provisional = said.is_provisional},
          proof);
}

// E37 clauses 7.1 to 7.9. What is answered is said under the code of its request.
void say_control(const Header& header, const Context& context, const Cursor& proof, Out& out) {
  Said said{.code = kControl | header.type, .target = {}};
  switch (header.type) {
    case SType::select_req:
    case SType::deselect_req:
    case SType::linktest_req:
      said.role = Role::request;
      said.transaction = transaction_of(header, context.is_to_server);
      break;
    case SType::select_rsp:
    case SType::deselect_rsp:
    case SType::linktest_rsp:
      said.code = kControl | (header.type - 1U);
      said.role = Role::response;
      said.transaction = transaction_of(header, !context.is_to_server);
      // The status; already selected is no refusal.
      said.is_error = header.type != SType::linktest_rsp && header.function > 1;
      break;
    case SType::reject_req: {
      // Of what was rejected only the number is repeated, and in its place the type.
      Header rejected = header;
      rejected.type = header.stream;
      said.role = Role::response;
      said.is_error = true;
      said.is_provisional = true;
      said.transaction = transaction_of(rejected, !context.is_to_server);
      break;
    }
    default:  // Separate.req: nobody answers
      break;
  }
  say(said, proof, out);
}

// MDLN and SOFTREV, which only equipment has; the host answers with an empty list.
void collect_identity(Cursor& in, Collected& facts) {
  if (read_list(in) != 2) return;
  facts.add_raw(about_sender("model", kConfidence), read_text(in));
  facts.add_raw(about_sender("firmware", kConfidence), read_text(in));
}

void collect(const Header& header, Cursor in, Collected& facts) {
  if (header.stream != 1) return;
  switch (header.function) {
    case 2:
    case 13:
      collect_identity(in, facts);
      break;
    case 14:  // first whether it was granted
      if (read_list(in) != 2) return;
      static_cast<void>(read_item(in));
      collect_identity(in, facts);
      break;
    default:
      break;
  }
}

// The command, or the process program, that a message names; values stand behind.
void write_object(Writer& to, const Header& header, Cursor in) {
  switch (primary(header.stream, header.function)) {
    case primary(2, 21):  // the command alone
    case primary(7, 5):   // the program alone
    case primary(7, 25):
    case primary(7, 33):
      break;
    case primary(7, 17):  // a list of programs, empty for all of them
      if (read_list(in) == 0) {
        to.put(" all");
        return;
      }
      break;
    case primary(2, 41):  // in front of parameters
    case primary(7, 1):   // in front of the program
    case primary(7, 3):
    case primary(7, 23):
      if (read_list(in) == 0) return;
      break;
    case primary(2, 49):  // DATAID and OBJSPEC in front of the command
      if (read_list(in) < 3) return;
      static_cast<void>(read_item(in));
      static_cast<void>(read_item(in));
      break;
    default:
      return;
  }
  const std::string_view name = read_text(in);
  if (in.is_good() && !name.empty()) to.put(' ').printable(trimmed(name));
}

// Whether the answer's code says no: E5 clause 8.3 (data items), one byte, alone or first in a
// list.
bool is_refusal(const Header& header, Cursor in) {
  constexpr std::uint32_t kWithCode[] = {
      primary(1, 14), primary(1, 16), primary(1, 18), primary(2, 16), primary(2, 22),
      primary(2, 24), primary(2, 32), primary(2, 34), primary(2, 36), primary(2, 38),
      primary(2, 42), primary(2, 44), primary(2, 46), primary(2, 50), primary(5, 2),
      primary(5, 4),  primary(6, 12), primary(7, 2),  primary(7, 4),  primary(7, 12),
      primary(7, 14), primary(7, 16), primary(7, 18), primary(7, 24), primary(10, 2),
      primary(10, 4), primary(10, 6), primary(12, 2), primary(13, 2),
  };
  const std::uint32_t code = primary(header.stream, header.function);
  if (!std::binary_search(std::begin(kWithCode), std::end(kWithCode), code)) return false;
  Item item = read_item(in);
  if (item.format == Format::list && item.length > 0) item = read_item(in);
  if (item.format != Format::binary || item.length != 1) return false;
  const std::uint8_t answer = item.bytes.u8();
  // HCACK 4: will be done later. ONLACK 2: is on line already.
  const bool is_later = answer == 4 && (code == primary(2, 42) || code == primary(2, 50));
  const bool is_so = answer == 2 && code == primary(1, 18);
  return answer != 0 && !is_later && !is_so;
}

// Stream 9 repeats the header of the message that was wrong.
void say_wrong(Cursor in, const Context& context, Out& out) {
  Item head = read_item(in);
  if (head.format != Format::binary || head.length != kHeaderBytes) return;
  head.bytes.skip(6);
  const Header wrong{.system = head.bytes.be32()};
  const std::uint64_t transaction = transaction_of(wrong, !context.is_to_server);
  if (!out.asked(transaction)) return;
  Operation said;
  said.role = Role::response;
  said.is_error = true;
  said.transaction = transaction;
  out.say(said, in);
}

void say_data(const Header& header, Cursor in, const Context& context, Out& out) {
  const Cursor items = in;
  if (in.left() > 0) in.expect(is_format(in.peek()));
  Text<kTargetBytesMax> target;
  target.put("device ").decimal(header.session & 0x7fffU);
  Collected facts;
  collect(header, items, facts);
  facts.say(out, in);
  const std::uint32_t code = primary(header.stream, header.function);
  if (header.is_primary()) {
    if (header.stream == kErrors) say_wrong(items, context, out);
    write_object(target, header, items);
    say({.code = code,
         .role = header.is_answer_wanted ? Role::request : Role::message,
         .target = target.text(),
         .transaction = header.is_answer_wanted ? transaction_of(header, context.is_to_server) : 0},
        in, out);
    return;
  }
  // A secondary message answers the primary one before it; function 0 aborts any.
  const bool is_abort = header.function == 0;
  say({.code = is_abort ? code : code - 1,
       .role = Role::response,
       .target = target.text(),
       .is_error = is_abort || is_refusal(header, items),
       .transaction = transaction_of(header, !context.is_to_server),
       .is_provisional = is_abort},
      in, out);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Header header = read_header(in);
  in.expect(is_header(header));
  in.expect(!context.is_whole || in.left() == header.length - kHeaderBytes);
  if (!in.is_good())
    out.check(in);
  else if (header.is_data())
    say_data(header, in, context, out);
  else
    say_control(header, context, in, out);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "hsms",
    .title = "SECS/GEM (HSMS)",
    .over = over::kTcp,
    .off_port = OffPort::weak,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "model firmware",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::hsms
