// EtherNet/IP encapsulation: CIP Networks Library volume 2, chapter 2.
#include <algorithm>
#include <array>

#include "sensor/dissect/cip_identity.h"
#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::enip {
namespace {

constexpr std::uint16_t kPorts[] = {44818};
constexpr std::size_t kHeaderBytes = 24;
constexpr std::size_t kBodyBytesMax = 65511;

enum Command : std::uint16_t {
  nop = 0x00,
  list_services = 0x04,
  list_identity = 0x63,
  list_interfaces = 0x64,
  register_session = 0x65,
  unregister_session = 0x66,
  send_rr_data = 0x6f,
  send_unit_data = 0x70,
};

// Items of the common packet format, clause 2-6.
enum Item : std::uint16_t {
  null_address = 0x0000,
  identity_item = 0x000c,
  connected_address = 0x00a1,
  connected_data = 0x00b1,
  unconnected_data = 0x00b2,
};

constexpr Lead kLeads[] = {{0, {0x63, 0x65, 0x6f, 0x70}}, {1, {0}}};

constexpr Function kFunctions[] = {
    {nop, "nop", Access::session},
    {list_services, "list_services", Access::identity},
    {list_identity, "list_identity", Access::identity},
    {list_interfaces, "list_interfaces", Access::identity},
    {register_session, "register_session", Access::session},
    {unregister_session, "unregister_session", Access::session},
    {send_rr_data, "send_rr_data", Access::session},
    {send_unit_data, "send_unit_data", Access::session},
    {0x72, "indicate_status", Access::diagnostic},
    {0x73, "cancel", Access::session},
    {0xc8, "start_dtls", Access::session},
};

const Function* function_of(std::uint16_t command) {
  const auto* const found =
      std::find_if(std::begin(kFunctions), std::end(kFunctions),
                   [&](const Function& function) { return function.code == command; });
  return found != std::end(kFunctions) ? found : nullptr;
}

struct Header {
  std::uint16_t command;
  std::uint16_t length;  // of what follows the header
  std::uint32_t session;
  std::uint32_t status;
  std::uint64_t context;
  std::uint32_t options;

  explicit Header(Cursor& in)
      : command(in.le16()),
        length(in.le16()),
        session(in.le32()),
        status(in.le32()),
        context(in.le64()),
        options(in.le32()) {}

  // Options are zero by clause 2-3.7; of the status no more than a byte is given out.
  [[nodiscard]] bool is_sane() const { return options == 0 && status < 0x100; }
};

constexpr std::size_t kSignatureBytes = 18;  // the most that one needs of a body

// Bodies that no other protocol shows by chance.
bool is_signature(const Header& header, const Cursor& body) {
  const auto is_zero = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i)
      if (body.peek(i) != 0) return false;
    return true;
  };
  switch (header.command) {
    case register_session:
      return header.length == 4 && body.left() >= 4 && body.peek(0) == 1 && is_zero(1, 4);
    case list_identity:
      return header.length > 33 && body.left() >= 4 && body.peek(0) == 1 && body.peek(1) == 0 &&
             body.peek(2) == identity_item && body.peek(3) == 0;
    case send_rr_data:
      return header.session != 0 && header.length >= 16 && body.left() >= 14 && is_zero(0, 4) &&
             body.peek(6) == 2 && is_zero(7, 12) && body.peek(12) == unconnected_data &&
             body.peek(13) == 0;
    case send_unit_data:
      return header.session != 0 && header.length >= 22 && body.left() >= 18 && is_zero(0, 4) &&
             body.peek(6) == 2 && body.peek(7) == 0 && body.peek(8) == connected_address &&
             body.peek(9) == 0 && body.peek(10) == 4 && body.peek(16) == connected_data &&
             body.peek(17) == 0;
    default:
      return false;
  }
}

Verdict probe(Cursor in, const Context& context) {
  if (in.left() < kHeaderBytes) return in.peek(1) == 0 ? Verdict::maybe : Verdict::no;
  const Header header(in);
  if (!header.is_sane() || header.length > kBodyBytesMax) return Verdict::no;
  if (context.over == over::kUdp && header.length != in.left()) return Verdict::no;
  if (is_signature(header, in)) return Verdict::yes;
  const bool is_short = in.left() < std::min<std::size_t>(header.length, kSignatureBytes);
  if (!context.is_usual_port) return is_short ? Verdict::maybe : Verdict::no;
  if (function_of(header.command) != nullptr) return Verdict::yes;
  return header.length == in.left() ? Verdict::yes : Verdict::maybe;
}

Framing frame(Cursor in, const Context&) {
  const Header header(in);
  if (!in.is_good()) return Framing::kNeedMore;
  if (!header.is_sane()) return Framing::kNotAMessage;
  return kHeaderBytes + header.length;
}

// Who answers shows in what only answers hold.
bool is_answer(const Header& header, const Cursor& body) {
  if (header.status != 0) return true;
  switch (header.command) {
    case list_services:
    case list_identity:
    case list_interfaces:
      return body.left() > 0;
    case send_rr_data:
      return (body.peek(16) & 0x80) != 0;
    case send_unit_data:
      return (body.peek(22) & 0x80) != 0;
    default:
      return false;
  }
}

bool is_to_server(const Header& header, const Cursor& body, const Context& context, Out& out) {
  const bool is_server_receiver = context.destination_port == kPorts[0];
  if (is_server_receiver != (context.source_port == kPorts[0])) return is_server_receiver;
  if (context.is_direction_known) return context.is_to_server;
  const bool is_client = !is_answer(header, body);
  out.say_direction(is_client ? Role::request : Role::response, body);
  return is_client;
}

// Item 0x0c of a ListIdentity answer, clause 2-4.2.
void say_identity(Cursor body, Out& out) {
  for (std::uint16_t left = body.le16(); left > 0 && body.left() > 0; --left) {
    const std::uint16_t type = body.le16();
    Cursor item = body.child(body.le16());
    if (type != identity_item) continue;
    item.skip(2);   // protocol version
    item.skip(16);  // socket address
    cip::Identity identity;
    identity.read_all(item);
    Collected facts;
    cip::collect_identity(identity, facts);
    constexpr std::array<std::string_view, 6> kStates = {"nonexistent",
                                                         "self-testing",
                                                         "standby",
                                                         "operational",
                                                         "major recoverable fault",
                                                         "major unrecoverable fault"};
    if (const std::uint8_t state = item.u8(); state < kStates.size())
      facts.add(about_sender("device_state", 90), kStates[state]);
    facts.say(out, item);
  }
  out.check(body);
}

// The CIP message in the items of SendRRData and SendUnitData.
struct Carried {
  std::uint16_t what = 0;  // 0: none
  Cursor message;
};

Carried carried_in(Cursor& body) {
  Carried carried;
  body.skip(6);  // interface handle, timeout
  for (std::uint16_t left = body.le16(); left > 0 && body.left() > 0; --left) {
    const std::uint16_t type = body.le16();
    const Cursor item = body.child(body.le16());
    if (type == unconnected_data && item.left() > 0) carried = {inside::kCip, item};
    if (type == connected_data && item.left() > 2) carried = {inside::kCipConnected, item};
  }
  return carried;
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Header header(in);
  Cursor body = in.child(header.length);
  const bool is_request = is_to_server(header, body, context, out);
  const Function* function = function_of(header.command);

  Carried carried;
  std::uint64_t transaction = header.context ^ std::uint64_t{header.command} << 48;
  if ((header.command == send_rr_data || header.command == send_unit_data) && body.left() > 0) {
    carried = carried_in(body);
    if (carried.what == inside::kCipConnected) {
      // A sequence count pairs what goes over connections; the sender's context is not used there.
      transaction = std::uint64_t{1} << 63 | carried.message.peek(0) |
                    std::uint64_t{carried.message.peek(1)} << 8;
    }
  }
  Text<8> code;
  code.put("0x").hex(header.command, 4);
  const Operation said{
      .role = is_request ? Role::request : Role::response,
      .function = function != nullptr ? function->name : std::string_view(),
      .code = code.text(),
      .access = function != nullptr ? function->access : Access::none,
      .target = {},
      .is_error = !is_request && header.status != 0,
      .transaction = transaction,
  };
  out.say(said, body);
  if (header.command == list_identity && body.left() > 0) say_identity(body, out);
  if (carried.what != 0) out.carry(carried.what, transaction, carried.message);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "enip",
    .title = "EtherNet/IP",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .code_digits = 4,
    .facts = "vendor device_type cip_key model firmware serial cip_status cpu_mode device_state",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::enip
