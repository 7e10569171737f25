// DNP3: IEEE 1815-2012, clauses 4 (application layer), 8 (transport function), 9 (data link layer),
// 11 (objects).
#include <algorithm>
#include <array>
#include <string_view>

#include "sensor/dissect/dnp3_objects.h"

namespace osect::dissect::dnp3 {
namespace {

constexpr std::uint16_t kPorts[] = {20000, 19999};
constexpr std::uint16_t kStart = 0x0564;
constexpr std::size_t kHeaderBytes = 10;     // up to and with its CRC
constexpr std::uint8_t kLengthMin = 5;       // control, destination, source
constexpr std::size_t kBlockBytes = 16;      // of user data, each followed by a CRC
constexpr std::size_t kUserDataBytes = 250;  // in one frame
constexpr std::uint8_t kConfirmedUserData = 3;
constexpr std::uint8_t kUnconfirmedUserData = 4;

constexpr std::uint8_t kWrite = 2;
constexpr std::uint8_t kResponse = 129;
constexpr std::uint8_t kUnsolicited = 130;

constexpr Lead kLeads[] = {{0, {0x05}}, {1, {0x64}}};

// Functions of the link layer are told apart from those of the application by these.
constexpr std::uint32_t kPrimary = 0x100;
constexpr std::uint32_t kSecondary = 0x200;

// Link functions 3 and 4 carry the application functions and are not stated by themselves.
constexpr Function kFunctions[] = {
    {0, "confirm", Access::session},
    {1, "read", Access::read},
    {2, "write", Access::write},
    {3, "select", Access::control},
    {4, "operate", Access::control},
    {5, "direct_operate", Access::control},
    {6, "direct_operate_nr", Access::control},
    {7, "immed_freeze", Access::write},
    {8, "immed_freeze_nr", Access::write},
    {9, "freeze_clear", Access::write},
    {10, "freeze_clear_nr", Access::write},
    {11, "freeze_at_time", Access::write},
    {12, "freeze_at_time_nr", Access::write},
    {13, "cold_restart", Access::control},
    {14, "warm_restart", Access::control},
    {15, "initialize_data", Access::control},
    {16, "initialize_appl", Access::control},
    {17, "start_appl", Access::control},
    {18, "stop_appl", Access::control},
    {19, "save_config", Access::config},
    {20, "enable_unsolicited", Access::config},
    {21, "disable_unsolicited", Access::config},
    {22, "assign_class", Access::config},
    {23, "delay_measure", Access::time},
    {24, "record_current_time", Access::time},
    {25, "open_file", Access::program},
    {26, "close_file", Access::session},
    {27, "delete_file", Access::program},
    {28, "get_file_info", Access::read},
    {29, "authenticate_file", Access::session},
    {30, "abort_file", Access::program},
    {31, "activate_config", Access::program},
    {32, "authenticate_req", Access::session},
    {33, "auth_req_no_ack", Access::session},
    {129, "response", Access::read},
    {130, "unsolicited_response", Access::read},
    {131, "authenticate_resp", Access::session},
    {kPrimary | 0, "reset_link_states", Access::session},
    {kPrimary | 1, "reset_user_process", Access::control},
    {kPrimary | 2, "test_link_states", Access::diagnostic},
    {kPrimary | 9, "request_link_status", Access::diagnostic},
    {kSecondary | 0, "ack", Access::session},
    {kSecondary | 1, "nack", Access::session},
    {kSecondary | 11, "link_status", Access::diagnostic},
    {kSecondary | 14, "link_not_functioning", Access::diagnostic},
    {kSecondary | 15, "not_supported", Access::diagnostic},
};

void write_code(Writer& to, std::uint32_t code) {
  if ((code & kPrimary) != 0) to.put("link prm ");
  if ((code & kSecondary) != 0) to.put("link sec ");
  to.decimal(code & 0xff);
}

const Function* find_function(std::uint32_t code) {
  const auto* const at = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                      [&](const Function& f) { return f.code == code; });
  return at != std::end(kFunctions) ? at : nullptr;
}

// Clause 9.2.6: x^16+x^13+x^12+x^11+x^10+x^8+x^6+x^5+x^2+1, complemented.
constexpr std::array<std::uint16_t, 256> kCrc = [] {
  std::array<std::uint16_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xa6bcU : crc >> 1;
    table[byte] = static_cast<std::uint16_t>(crc);
  }
  return table;
}();

std::uint16_t crc_of(std::span<const std::uint8_t> bytes) {
  std::uint16_t crc = 0;
  for (const std::uint8_t byte : bytes)
    crc = static_cast<std::uint16_t>(crc >> 8 ^ kCrc[(crc ^ byte) & 0xff]);
  return static_cast<std::uint16_t>(~crc);
}

struct Link {
  bool is_from_master = false;
  bool is_primary = false;
  std::uint8_t function = 0;
  std::uint16_t destination = 0;
  std::uint16_t source = 0;
  std::size_t data = 0;  // bytes of user data, without their CRCs

  [[nodiscard]] std::uint16_t master() const { return is_from_master ? source : destination; }
  [[nodiscard]] std::uint16_t outstation() const { return is_from_master ? destination : source; }
  [[nodiscard]] std::uint64_t pair() const {
    return std::uint64_t{1} << 32 | std::uint32_t{master()} << 16 | outstation();
  }
  [[nodiscard]] bool has_user_data() const {
    return is_primary && (function == kConfirmedUserData || function == kUnconfirmedUserData);
  }
};

// The header with its CRC. Faulted when it is none.
Link read_link(Cursor& in) {
  const auto header = in.rest().first(std::min(in.left(), kHeaderBytes - 2));
  in.expect(in.be16() == kStart);
  const std::uint8_t length = in.u8();
  const std::uint8_t control = in.u8();
  Link link;
  link.is_from_master = (control & 0x80) != 0;
  link.is_primary = (control & 0x40) != 0;
  link.function = control & 0x0f;
  link.destination = in.le16();
  link.source = in.le16();
  in.expect(in.le16() == crc_of(header) && length >= kLengthMin);
  link.data = in.is_good() ? std::size_t{length} - kLengthMin : 0;
  return link;
}

std::size_t frame_bytes(const Link& link) {
  return kHeaderBytes + link.data + (link.data + kBlockBytes - 1) / kBlockBytes * 2;
}

Verdict probe(Cursor in, const Context& context) {
  const std::size_t have = in.left();
  if ((have > 0 && in.peek(0) != 0x05) || (have > 1 && in.peek(1) != 0x64)) return Verdict::no;
  if (have < kHeaderBytes) return Verdict::maybe;
  const Link link = read_link(in);
  if (!in.is_good()) return Verdict::no;
  const bool is_short = context.over == over::kUdp && context.is_whole && have < frame_bytes(link);
  return is_short ? Verdict::no : Verdict::yes;
}

Framing frame(Cursor in, const Context&) {
  if (in.left() < kHeaderBytes) {
    const bool is_start = in.peek(0) == 0x05 && (in.left() < 2 || in.peek(1) == 0x64);
    return is_start ? Framing::kNeedMore : Framing::kNotAMessage;
  }
  const Link link = read_link(in);
  return in.is_good() ? Framing(frame_bytes(link)) : Framing(Framing::kNotAMessage);
}

// What a write is depends on what it writes: clause 11, groups 0, 34, 50, 70, 80.
Access access_of(std::uint8_t function, const Function* known, const Cursor& objects) {
  if (function == kWrite) {
    switch (objects.peek()) {
      case 0:
      case 34:
        return Access::config;
      case 50:
        return Access::time;
      case 70:
        return Access::program;
      case 80:
        return Access::session;  // the restart indication is cleared
      default:
        break;
    }
  }
  if (function == 1 && objects.peek() == 0 && objects.left() > 0) return Access::identity;
  return known != nullptr ? known->access : Access::none;
}

// Confirms and requests without response.
bool is_one_way(std::uint8_t function) {
  return function == 0 || function == 6 || function == 8 || function == 10 || function == 12 ||
         function == 33;
}

// Sixteen numbers pair requests with responses: which round of them a message belongs to keeps an
// answer from a request that never got one.
std::uint64_t transaction_of(const Link& link, std::uint8_t control, bool is_request,
                             const Context& context) {
  const std::uint32_t sequence = control & 0x0f;
  std::uint32_t round = 0;
  if (context.memory != nullptr) {
    const std::uint32_t last = *context.memory & 0x0f;
    round = *context.memory >> 4;
    if (is_request) {
      if (sequence < last) ++round;
      *context.memory = round << 4 | sequence;
    } else if (sequence > last) {
      --round;
    }
  }
  const bool is_unsolicited = (control & 0x10) != 0;
  return std::uint64_t{round} << 38 | (link.pair() << 5 | sequence | (is_unsolicited ? 16U : 0U));
}

void say_response(Cursor in, const Link& link, std::uint8_t control, std::uint8_t function,
                  const Context& context, Out& out) {
  const std::uint16_t indications = in.le16();
  const bool is_refused = (indications & 0x0700) != 0;  // no such function, object, parameter
  const Function* const known = find_function(function);
  Text<8> code;
  code.decimal(function);
  const std::uint64_t transaction = transaction_of(link, control, false, context);
  Text<kTargetBytesMax> target;
  if (const auto asked = out.asked(transaction); asked && function != kUnsolicited)
    target.put(asked->target);
  else
    target.put("outstation ").decimal(link.outstation());
  out.say_direction(Role::response, in);
  if (function == kResponse && in.peek() == 0 && in.left() > 0) {
    Collected facts;
    dnp3_objects::identify(in, facts);
    facts.say(out, in);
  }
  out.say({.role = Role::response,
           .function = known != nullptr ? known->name : "",
           .code = code.text(),
           .access = known != nullptr ? known->access : Access::none,
           .target = target.text(),
           .is_error = is_refused,
           .transaction = transaction,
           .has_own_code = true},
          in);
}

void say_request(Cursor in, const Link& link, std::uint8_t control, std::uint8_t function,
                 bool is_whole, const Context& context, Out& out) {
  const Function* const known = find_function(function);
  const Access access = access_of(function, known, in);
  Text<8> code;
  code.decimal(function);
  Text<kTargetBytesMax> target;
  target.put("outstation ").decimal(link.outstation());
  Cursor objects = in;
  dnp3_objects::write_target(objects, function, target);
  out.say_direction(Role::request, in);
  // A request that goes on in the next frame may end anywhere in this one.
  if (is_whole && !objects.is_good()) out.check(objects);
  out.say({.role = is_one_way(function) ? Role::message : Role::request,
           .function = known != nullptr ? known->name : "",
           .code = code.text(),
           .access = access,
           .target = target.text(),
           .transaction = transaction_of(link, control, true, context)},
          in);
}

// Either side may ask at this layer; the client is the master all the same.
void say_link(const Link& link, const Cursor& in, Out& out) {
  const std::uint32_t number = (link.is_primary ? kPrimary : kSecondary) | link.function;
  const Function* const known = find_function(number);
  Text<16> code;
  write_code(code, number);
  Text<24> target;
  target.put("outstation ").decimal(link.outstation());
  const bool is_asked_by_master = link.is_from_master == link.is_primary;
  // A status answers a question for it; what else is said acknowledges anything else.
  const bool is_status = link.function == (link.is_primary ? 9 : 11);
  const bool is_refused = link.function == 1 || link.function == 14 || link.function == 15;
  const Role role = !link.is_from_master ? Role::response
                    : link.is_primary    ? Role::request
                                         : Role::message;
  out.say_direction(link.is_from_master ? Role::request : Role::response, in);
  out.say({.role = role,
           .function = known != nullptr ? known->name : "",
           .code = code.text(),
           .access = known != nullptr ? known->access : Access::none,
           .target = target.text(),
           .is_error = !link.is_primary && is_refused,
           .transaction = std::uint64_t{1} << 63 | link.pair() << 2 | (is_status ? 2U : 0U) |
                          (is_asked_by_master ? 1U : 0U),
           .has_own_code = role == Role::response},
          in);
}

// One frame; what it carries beyond its first fragment's head is not needed.
void dissect_frame(Cursor& in, const Context& context, Out& out) {
  const Link link = read_link(in);
  if (!in.is_good()) {
    out.check(in);
    return;
  }
  std::array<std::uint8_t, kUserDataBytes> data;
  for (std::size_t have = 0; have < link.data && in.is_good(); have += kBlockBytes) {
    const auto block = in.bytes(std::min(kBlockBytes, link.data - have));
    std::copy(block.begin(), block.end(), data.begin() + static_cast<std::ptrdiff_t>(have));
    in.expect(in.le16() == crc_of(block));
  }
  if (!link.has_user_data() || !in.is_good()) {
    if (link.has_user_data())
      out.check(in);
    else
      say_link(link, in, out);
    return;
  }
  Cursor user(std::span<const std::uint8_t>(data).first(link.data));
  const std::uint8_t transport = user.u8();
  const bool is_first = (transport & 0x40) != 0;
  const bool is_last = (transport & 0x80) != 0;
  if (!is_first) {
    out.check(user);
    return;
  }
  const std::uint8_t control = user.u8();
  const std::uint8_t function = user.u8();
  if (function >= kResponse)
    say_response(user, link, control, function, context, out);
  else
    say_request(user, link, control, function, is_last, context, out);
}

void dissect(Cursor in, const Context& context, Out& out) {
  do dissect_frame(in, context, out);
  while (in.left() > 0);  // a datagram may hold several
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "dnp3",
    .title = "DNP3 (IEEE 1815)",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "vendor model firmware hardware serial device_name device_id location system_name",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::dnp3
