// OPC UA over TCP: OPC 10000-6 (mappings) and OPC 10000-4 (services). What is encrypted is counted,
// not read.
#include <algorithm>

#include "sensor/dissect/certificate.h"
#include "sensor/dissect/opcua_message.h"
#include "sensor/dissect/opcua_services.h"

namespace osect::dissect::opcua {
namespace {

namespace message = opcua_message;

constexpr std::uint16_t kPorts[] = {4840};
constexpr std::size_t kHeaderBytes = 8;
constexpr std::size_t kServiceAt = 24;   // of a MSG: behind channel, token, sequence, request
constexpr std::size_t kServiceEnd = 28;  // the id of a standard service takes four bytes
constexpr std::uint32_t kBytesMax = 0xffffff;
constexpr std::uint32_t kHelloBytesMax = 4096 + 32;  // OPC 10000-6 clause 7.1.2.3
constexpr std::uint32_t kAcknowledgeBytes = 28;
constexpr std::size_t kHeadBytes = 1024;  // results and values behind it are not read
constexpr std::uint8_t kConfidence = 95;

constexpr Lead kLeads[] = {{0, {'H', 'A', 'E', 'R', 'O', 'C', 'M'}},
                           {1, {'E', 'C', 'R', 'H', 'P', 'L', 'S'}},
                           {2, {'L', 'K', 'R', 'E', 'N', 'O', 'G'}},
                           {3, {'F', 'C', 'A'}},
                           {7, {0}}};

// The codes as texts, worked out once.
struct Row {
  Function function;
  std::array<char, 5> text{};
  std::uint8_t text_size = 0;
  bool is_response = false;

  [[nodiscard]] std::string_view code() const { return {text.data(), text_size}; }
};

constexpr std::array<Row, std::size(message::kServices)> kRows = [] {
  std::array<Row, std::size(message::kServices)> rows{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Row& row = rows[i];
    row.function = message::kServices[i];
    const std::uint32_t code = row.function.code;
    row.is_response = code == message::kServiceFault || row.function.name.ends_with("_response");
    if (code > 0xffff) {
      row.text = {static_cast<char>(code >> 16), static_cast<char>(code >> 8 & 0xff),
                  static_cast<char>(code & 0xff)};
      row.text_size = 3;
      continue;
    }
    row.text_size = code < 1000 ? 3 : 5;
    for (std::uint32_t left = code, at = row.text_size; at > 0; left /= 10)
      row.text[--at] = static_cast<char>('0' + left % 10);
  }
  return rows;
}();

const Row* find_row(std::uint32_t code) {
  const auto* const at = std::lower_bound(
      kRows.begin(), kRows.end(), code,
      [](const Row& row, std::uint32_t value) { return row.function.code < value; });
  return at != kRows.end() && at->function.code == code ? &*at : nullptr;
}

void write_code(Writer& to, std::uint32_t code) {
  if (const Row* row = find_row(code)) to.put(row->code());
}

// Pairs within a connection: services by their request id, the rest one after the other.
std::uint64_t transaction_of(std::uint32_t request) {
  return std::uint64_t{1} << 32 | request;
}
constexpr std::uint64_t kHelloTransaction = std::uint64_t{2} << 32;
constexpr std::uint64_t kOpenTransaction = std::uint64_t{3} << 32;
constexpr std::uint64_t kNobodysTransaction = std::uint64_t{4} << 32;

struct Header {
  std::uint32_t type = 0;
  char chunk = 0;
  std::uint32_t size = 0;
};

Header read_header(Cursor& in) {
  Header header;
  header.type = in.be24();
  header.chunk = static_cast<char>(in.u8());
  header.size = in.le32();
  return header;
}

bool is_header(const Header& header) {
  const bool is_single = header.chunk == 'F';
  switch (header.type) {
    case message::kHello:
    case message::kReverseHello:
    case message::kError:
      return is_single && header.size >= kHeaderBytes + 8 && header.size <= kHelloBytesMax;
    case message::kAcknowledge:
      return is_single && header.size == kAcknowledgeBytes;
    case message::kOpen:
    case message::kClose:
      return is_single && header.size > kServiceAt && header.size <= kBytesMax;
    case message::kMessage:
      return (is_single || header.chunk == 'C' || header.chunk == 'A') &&
             header.size >= kServiceAt && header.size <= kBytesMax;
    default:
      return false;
  }
}

Verdict probe(Cursor in, const Context&) {
  if (in.left() >= kHeaderBytes) return is_header(read_header(in)) ? Verdict::yes : Verdict::no;
  for (const std::uint32_t type :
       {message::kHello, message::kReverseHello, message::kAcknowledge, message::kError,
        message::kOpen, message::kClose, message::kMessage}) {
    bool is_begun = in.left() > 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(in.left(), 3); ++i)
      is_begun = is_begun && in.peek(i) == (type >> (16 - 8 * i) & 0xff);
    if (is_begun) return Verdict::maybe;
  }
  return Verdict::no;
}

// Descriptions of applications are read whole.
bool is_description(std::uint32_t service) {
  return service == 425 || service == 431 || service == 437 || service == 461 || service == 464 ||
         service == 467 || service == 12211;
}

Framing frame(Cursor in, const Context&) {
  const Cursor begin = in;
  const Header header = read_header(in);
  if (!in.is_good()) return Framing::kNeedMore;
  if (!is_header(header)) return Framing::kNotAMessage;
  if (header.type == message::kOpen || header.size <= kHeadBytes) return header.size;
  if (begin.left() < kServiceEnd) return Framing::kNeedMore;
  const bool is_standard = begin.peek(kServiceAt) == 1 && begin.peek(kServiceAt + 1) == 0;
  const auto service =
      static_cast<std::uint32_t>(begin.peek(kServiceAt + 2) | begin.peek(kServiceAt + 3) << 8);
  return {header.size, is_standard && is_description(service) ? header.size : kHeadBytes};
}

void say_direction(bool is_to_server, const Context& context, const Cursor& proof, Out& out) {
  if (!context.is_direction_known || context.is_to_server != is_to_server)
    out.say_direction(is_to_server ? Role::request : Role::response, proof);
}

// What carries the services: its own word and count, also where the service is encrypted.
void say_transport(std::uint32_t type, Role role, std::uint64_t transaction, const Cursor& proof,
                   Out& out) {
  const Row& row = *find_row(type);
  out.say({.role = role,
           .function = row.function.name,
           .code = row.code(),
           .access = row.function.access,
           .target = "",
           .transaction = transaction,
           .has_own_code = role == Role::response},
          proof);
}

// A refusal falls on what was asked for.
void say_refusal(std::uint64_t transaction, const Cursor& proof, Out& out) {
  if (!out.asked(transaction)) return;
  Operation said;
  said.role = Role::response;
  said.is_error = true;
  said.transaction = transaction;
  out.say(said, proof);
}

// The nodes that a request names: the first, and how many more.
void write_nodes(Writer& to, Cursor in, std::uint32_t service) {
  switch (service) {
    case 527:  // Browse: the view first
      static_cast<void>(message::read_node_id(in));
      in.skip(8 + 4 + 4);
      break;
    case 631:  // Read: age, timestamps
      in.skip(8 + 4);
      break;
    case 664:  // HistoryRead: details, timestamps, whether continuation points are released
      static_cast<void>(message::read_extension_object(in));
      in.skip(4 + 1);
      break;
    case 751:  // CreateMonitoredItems: subscription, timestamps
      in.skip(4 + 4);
      break;
    case 488:  // AddNodes
    case 494:
    case 500:
    case 506:
    case 554:
    case 560:
    case 566:
    case 673:
    case 712:
      break;
    default:
      return;
  }
  const std::size_t count = message::read_count(in);
  const message::NodeId first =
      service == 488 ? message::read_expanded_node_id(in) : message::read_node_id(in);
  const message::NodeId method = service == 712 ? message::read_node_id(in) : message::NodeId();
  if (!in.is_good() || count == 0) return;
  Text<48> node;
  message::write_node_id(node, first);
  if (service == 712) message::write_node_id(node.put(" "), method);
  to.put(node.text());
  if (count > 1) to.put(" and ").decimal(count - 1).put(" more");
}

void collect(std::uint32_t service, Cursor& in, std::string_view node, Collected& facts) {
  switch (service) {
    case 425:
      message::read_find_servers_response(in, facts);
      break;
    case 431:
      message::read_get_endpoints_response(in, facts);
      break;
    case 437:
    case 12211:
      message::read_register_server(in, facts);
      break;
    case 461:
      message::read_create_session(in, facts);
      break;
    case 464:
      message::read_create_session_response(in, facts);
      break;
    case 467:
      message::read_activate_session(in, facts);
      break;
    case 634:
      message::read_read_response(in, node, facts);
      break;
    default:
      break;
  }
}

// A message's time is none, or of the years 1601 to 2500: ciphertext seldom is.
bool is_time(Cursor in) {
  const std::uint64_t ticks = in.le64();
  return in.is_good() && ticks >> 48 < 0x0400;
}

// The service of these bytes; null: they are encrypted, or of another encoding. `in` moves behind
// the id.
const Row* read_service(Cursor& in, std::uint32_t& code) {
  const message::NodeId id = message::read_node_id(in);
  if (!in.is_good() || id.kind != message::NodeId::Kind::numeric || id.space != 0) return nullptr;
  code = id.number;
  const Row* const row = id.number <= 0xffff ? find_row(id.number) : nullptr;
  Cursor time = in;
  if (row == nullptr || !row->is_response) static_cast<void>(message::read_node_id(time));
  if (!is_time(time)) {
    code = 0;
    return nullptr;
  }
  return row;
}

void say_request(const Row& row, std::uint32_t request, Cursor in, const Cursor& proof,
                 bool is_whole, Out& out) {
  Collected facts;
  Text<kTargetBytesMax> target;
  message::skip_request_header(in);
  write_nodes(target, in, row.function.code);
  collect(row.function.code, in, {}, facts);
  const Cursor& shown = is_whole ? in : proof;
  facts.say(out, shown);
  // Nobody answers the end of a channel.
  const bool is_answered = row.function.code != 452;
  out.say({.role = is_answered ? Role::request : Role::message,
           .function = row.function.name,
           .code = row.code(),
           .access = row.function.access,
           .target = target.text(),
           .transaction = transaction_of(request)},
          shown);
}

void say_response(const Row& row, std::uint32_t request, Cursor in, const Cursor& proof,
                  bool is_whole, Out& out) {
  const std::uint64_t transaction = transaction_of(request);
  Collected facts;
  const bool is_error = message::is_bad(message::read_response_header(in));
  Text<kTargetBytesMax> asked_for;
  if (const std::optional<Asked> asked = out.asked(transaction)) asked_for.put(asked->target);
  if (!is_error) collect(row.function.code, in, asked_for.text(), facts);
  const Cursor& shown = is_whole ? in : proof;
  facts.say(out, shown);
  if (is_error) say_refusal(transaction, shown, out);
  out.say({.role = Role::response,
           .function = row.function.name,
           .code = row.code(),
           .access = row.function.access,
           .target = "",
           .transaction = transaction,
           .has_own_code = true},
          shown);
}

// An id that the standard does not list.
void say_unknown(std::uint32_t code, bool is_to_server, std::uint32_t request, const Cursor& proof,
                 Out& out) {
  Text<12> text;
  text.decimal(code);
  out.say({.role = is_to_server ? Role::request : Role::response,
           .function = "",
           .code = text.text(),
           .access = Access::none,
           .target = "",
           .transaction = transaction_of(request),
           .has_own_code = !is_to_server},
          proof);
}

struct Chunk {
  std::uint32_t request = 0;
  std::uint32_t type = 0;
  bool is_first = true;
  bool is_whole = true;  // its message is in it from the first byte to the last
};

// The first chunk of a message holds the service and its parameters' beginning.
void say_message(const Chunk& chunk, Cursor in, const Context& context, Out& out) {
  const Cursor proof = in;
  std::uint32_t code = 0;
  const Row* const row = chunk.is_first ? read_service(in, code) : nullptr;
  const bool is_to_server = row != nullptr ? !row->is_response : context.is_to_server;
  if (row != nullptr) say_direction(is_to_server, context, proof, out);
  const bool is_open = chunk.type == message::kOpen;
  say_transport(chunk.type,
                !is_to_server ? Role::response
                : is_open     ? Role::request
                              : Role::message,
                is_open ? kOpenTransaction : kNobodysTransaction, proof, out);
  if (row == nullptr && code != 0)
    say_unknown(code, is_to_server, chunk.request, proof, out);
  else if (row != nullptr && is_to_server)
    say_request(*row, chunk.request, in, proof, chunk.is_whole, out);
  else if (row != nullptr)
    say_response(*row, chunk.request, in, proof, chunk.is_whole, out);
}

// Whether the chunk goes on with the message of the chunk before it in its direction.
bool is_continuation(std::uint32_t request, char chunk, const Context& context) {
  if (context.memory == nullptr) return false;
  const unsigned shift = context.is_to_server ? 0 : 16;
  const std::uint32_t open = 0x8000 | (request & 0x7fff);
  const bool is_same = (*context.memory >> shift & 0xffff) == open;
  *context.memory &= ~(std::uint32_t{0xffff} << shift);
  if (chunk == 'C') *context.memory |= open << shift;
  return is_same;
}

void dissect_message(const Header& header, Cursor& in, const Context& context, Out& out) {
  in.skip(4 + 4 + 4);  // channel, token, sequence number
  Chunk chunk;
  chunk.type = header.type;
  chunk.request = in.le32();
  chunk.is_first = !is_continuation(chunk.request, header.chunk, context) && header.chunk != 'A';
  chunk.is_whole = context.is_whole && header.chunk == 'F';
  say_message(chunk, in, context, out);
  if (header.chunk == 'A' && !context.is_to_server)
    say_refusal(transaction_of(chunk.request), in, out);
}

void collect_certificate(Cursor& in, Collected& facts) {
  const std::uint32_t length = in.le32();
  if (length == 0 || length == 0xffffffff) return;
  Cursor der = in.child(length);
  const certificate::Names names = certificate::read_names(der);
  if (!der.is_good()) return;  // the certificate's own affair
  facts.add_text(about_sender("certificate_subject", kConfidence),
                 [&](Writer& to) { certificate::write_name(to, names.subject); });
  facts.add_text(about_sender("certificate_issuer", kConfidence),
                 [&](Writer& to) { certificate::write_name(to, names.issuer); });
}

void dissect_open(Cursor& in, const Context& context, Out& out) {
  in.skip(4);  // channel
  Collected facts;
  facts.add_raw(about_sender("security_policy_used", kConfidence),
                message::policy_name(message::read_string(in)));
  collect_certificate(in, facts);
  static_cast<void>(message::read_string(in));  // the receiver's certificate by its digest
  in.skip(4);                                   // sequence number
  Chunk chunk;
  chunk.type = message::kOpen;
  chunk.request = in.le32();
  chunk.is_whole = context.is_whole;
  facts.say(out, in);
  say_message(chunk, in, context, out);
}

// OPC 10000-6 clause 7.1.2.3: the client tells where it thinks the server is.
void dissect_hello(Cursor& in, const Context& context, Out& out) {
  in.skip(5 * 4);  // version, buffer and message sizes
  Collected facts;
  facts.add_raw(about_receiver("endpoint_url", kConfidence), message::read_string(in));
  say_direction(true, context, in, out);
  facts.say(out, in);
  say_transport(message::kHello, Role::request, kHelloTransaction, in, out);
}

void dissect_acknowledge(Cursor& in, const Context& context, Out& out) {
  in.skip(5 * 4);
  say_direction(false, context, in, out);
  say_transport(message::kAcknowledge, Role::response, kHelloTransaction, in, out);
}

// The server opens the connection and asks the client for its hello.
void dissect_reverse_hello(Cursor& in, const Context& context, Out& out) {
  Collected facts;
  facts.add_raw(about_sender("application_uri", kConfidence), message::read_string(in));
  facts.add_raw(about_sender("endpoint_url", kConfidence), message::read_string(in));
  say_direction(false, context, in, out);
  facts.say(out, in);
  say_transport(message::kReverseHello, Role::response, kNobodysTransaction, in, out);
}

void dissect_error(Cursor& in, const Context& context, Out& out) {
  in.skip(4);  // status
  static_cast<void>(message::read_string(in));
  say_direction(false, context, in, out);
  say_refusal(out.asked(kOpenTransaction) ? kOpenTransaction : kHelloTransaction, in, out);
  say_transport(message::kError, Role::response, kNobodysTransaction, in, out);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Header header = read_header(in);
  switch (header.type) {
    case message::kHello:
      dissect_hello(in, context, out);
      break;
    case message::kAcknowledge:
      dissect_acknowledge(in, context, out);
      break;
    case message::kReverseHello:
      dissect_reverse_hello(in, context, out);
      break;
    case message::kError:
      dissect_error(in, context, out);
      break;
    case message::kOpen:
      dissect_open(in, context, out);
      break;
    default:
      dissect_message(header, in, context, out);
  }
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "opcua",
    .title = "OPC UA (binary, TCP)",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = message::kServices,
    .write_code = write_code,
    .facts =
        "application_uri product_uri application_name application_type endpoint_url "
        "security_policy security_mode user_token security_policy_used user_token_used "
        "certificate_subject certificate_issuer vendor product_name firmware",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::opcua
