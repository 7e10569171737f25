// MMS, the messages of IEC 61850-8-1 and of TASE.2: ISO 9506-2 over the layers of ISO on TCP.
#include <algorithm>
#include <array>
#include <string_view>

#include "sensor/dissect/ber.h"
#include "sensor/dissect/collected.h"
#include "sensor/dissect/cotp.h"
#include "sensor/dissect/dissector.h"
#include "sensor/dissect/iso_association.h"
#include "sensor/dissect/mms_identity.h"
#include "sensor/dissect/mms_names.h"
#include "sensor/dissect/mms_probe.h"
#include "sensor/dissect/mms_services.h"

namespace osect::dissect::mms {
namespace {

namespace iso = iso_association;
namespace services = mms_services;

constexpr std::uint16_t kPorts[] = {cotp::kPort};
void write_code(Writer& to, std::uint32_t code) {
  switch (code) {
    case services::kInitiate:
      to.put("initiate");
      return;
    case services::kConclude:
      to.put("conclude");
      return;
    case services::kCancel:
      to.put("cancel");
      return;
    case services::kReject:
      to.put("reject");
      return;
    case services::kError:
      to.put("confirmed-ErrorPDU");
      return;
    default:
      if ((code & services::kUnconfirmed) != 0) to.put("unconfirmed ");
      to.decimal(code & ~services::kUnconfirmed);
  }
}

// The confirmed services, which are the bulk, by their numbers.
constexpr auto kConfirmed = [] {
  std::array<Function, 128> listed{};
  for (std::uint32_t number = 0; number < listed.size(); ++number)
    listed[number] = {number, {}, Access::none};
  for (const Function& function : services::kServices)
    if (function.code < listed.size()) listed[function.code] = function;
  return listed;
}();

Function function_of(std::uint32_t code) {
  if (code < kConfirmed.size()) return kConfirmed[code];
  for (const Function& function : services::kServices)
    if (function.code == code) return function;
  return {code, {}, Access::none};
}

Framing frame(Cursor in, const Context&) {
  return cotp::frame(in);
}

enum class Pair : std::uint8_t { none = 1, confirmed, initiate, conclude, cancel };

// One message on its way to statements.
class Message {
 public:
  Message(const Context& context, bool is_whole, Out& out)
      : context_(context), is_whole_(is_whole), out_(out) {}

  void say(Cursor in);
  // The association itself was refused, without a word of the application.
  void say_refused(const Cursor& proof) {
    answer(services::kInitiate, Pair::initiate, 0, true, proof);
  }

 private:
  // Either side may ask and numbers its questions by itself.
  [[nodiscard]] std::uint64_t transaction(Pair pair, bool is_by_client, std::uint64_t id) const {
    return static_cast<std::uint64_t>(pair) << 40U | std::uint64_t{is_by_client} << 32U |
           (id & 0xffff'ffffU);
  }
  void ask(std::uint32_t code, Pair pair, std::uint64_t id, const Cursor& proof);
  void answer(std::uint32_t code, Pair pair, std::uint64_t id, bool is_error, const Cursor& proof);
  void say_request(Cursor in);
  void say_response(Cursor in);
  void say_error(Cursor in);
  void say_unconfirmed(Cursor in);
  void say_reject(Cursor in);
  void say_cancel(ber::Tag tag, Cursor in);

  const Context& context_;
  bool is_whole_;
  Out& out_;
};

void Message::ask(std::uint32_t code, Pair pair, std::uint64_t id, const Cursor& proof) {
  const Function function = function_of(code);
  Text<kCodeBytesMax> text;
  write_code(text, code);
  out_.say({.role = Role::request,
            .function = function.name,
            .code = text.text(),
            .access = function.access,
            .target = {},
            .transaction = transaction(pair, context_.is_to_server, id)},
           proof);
}

// What only an answer shows (an error that does not repeat the service) takes its request's words.
void Message::answer(std::uint32_t code, Pair pair, std::uint64_t id, bool is_error,
                     const Cursor& proof) {
  const Function function = function_of(code);
  Text<kCodeBytesMax> text;
  write_code(text, code);
  const std::uint64_t asked_by = transaction(pair, !context_.is_to_server, id);
  const auto asked = out_.asked(asked_by);
  const bool is_any = code == services::kReject || code == services::kError;
  const bool is_same = !asked || asked->code == text.text() || is_any;
  out_.say({.role = Role::response,
            .function = function.name,
            .code = text.text(),
            .access = function.access,
            .target = {},
            .is_error = is_error,
            .transaction = asked_by,
            .is_provisional = is_same},
           proof);
}

// Confirmed-RequestPDU: number, modifiers, service.
void Message::say_request(Cursor in) {
  Cursor number = ber::read(in, ber::kInteger);
  const std::uint64_t id = ber::number(number);
  if (ber::peek(in) == ber::kSequence) static_cast<void>(ber::read(in));
  auto [tag, body] = ber::read(in, is_whole_);
  const std::uint32_t code = tag ^ ber::context(0);
  in.expect(code < services::kUnconfirmed);
  if (!number.is_good()) in = number;
  if (!in.is_good()) {
    out_.check(in);
    return;
  }
  const Function function = function_of(code);
  Text<kCodeBytesMax> text;
  write_code(text, code);
  Text<kTargetBytesMax> target;
  const Access access = mms_names::write_target(target, function, body);
  out_.say({.role = Role::request,
            .function = function.name,
            .code = text.text(),
            .access = access,
            .target = target.text(),
            .transaction = transaction(Pair::confirmed, context_.is_to_server, id)},
           body);
}

// Whether one of the variables could not be read or written.
bool has_failure(Cursor results) {
  while (results.left() > 0)
    if (ber::read(results).tag == ber::context(0)) return true;
  return false;
}

// Confirmed-ResponsePDU: number, service.
void Message::say_response(Cursor in) {
  Cursor number = ber::read(in, ber::kInteger);
  const std::uint64_t id = ber::number(number);
  auto [tag, body] = ber::read(in, is_whole_);
  const std::uint32_t code = tag ^ ber::context(0);
  in.expect(code < services::kUnconfirmed);
  if (!number.is_good()) in = number;
  bool is_error = false;
  Collected facts;
  if (code == services::kRead) {
    if (ber::peek(body) == ber::context(0)) static_cast<void>(ber::read(body));
    const Cursor results = ber::read(body, ber::context(1), is_whole_);
    is_error = has_failure(results);
    if (in.is_good() && !body.is_good()) in = body;
    const auto asked = out_.asked(transaction(Pair::confirmed, !context_.is_to_server, id));
    if (asked) mms_identity::collect_name_plate(asked->target, results, facts);
  } else if (code == services::kWrite) {
    is_error = has_failure(body);
  } else if (code == services::kIdentify) {
    mms_identity::collect(body, facts);
  }
  answer(code, Pair::confirmed, id, is_error, in);
  facts.say(out_, in);
}

// Confirmed-ErrorPDU: it does not repeat the service.
void Message::say_error(Cursor in) {
  Cursor number = ber::read(in, ber::context(0));
  const std::uint64_t id = ber::number(number);
  if (ber::peek(in) == ber::context(1)) static_cast<void>(ber::read(in));  // position of a modifier
  static_cast<void>(ber::read(in, ber::context(2)));
  if (!number.is_good()) in = number;
  answer(services::kError, Pair::confirmed, id, true, in);
}

void Message::say_unconfirmed(Cursor in) {
  auto [tag, body] = ber::read(in, is_whole_);
  const std::uint32_t number = tag ^ ber::context(0);
  in.expect(number < services::kUnconfirmed);
  if (!in.is_good()) {
    out_.check(in);
    return;
  }
  const Function function = function_of(services::kUnconfirmed | number);
  const bool is_failure =
      function.code == services::kInformationReport && mms_names::is_control_failure(body);
  Text<kCodeBytesMax> code;
  write_code(code, function.code);
  Text<kTargetBytesMax> target;
  const Access access = mms_names::write_target(target, function, body);
  // Who reports is the server, whoever opened the association; nobody asked for this one.
  out_.say({.role = Role::response,
            .function = function.name,
            .code = code.text(),
            .access = access,
            .target = target.text(),
            .is_error = is_failure,
            .transaction = transaction(Pair::none, false, 0)},
           body);
}

// RejectPDU: the message that was not understood, by its number and kind.
void Message::say_reject(Cursor in) {
  std::uint64_t id = 0;
  auto first = ber::read(in);
  if (first.tag == ber::context(0)) {
    id = ber::number(first.content);
    if (!first.content.is_good()) in = first.content;
    first = ber::read(in);
  }
  const std::uint32_t reason = first.tag ^ ber::context(0);
  in.expect(reason >= 1 && reason <= 11);
  constexpr std::uint32_t kOfRequest = 1;
  constexpr std::uint32_t kOfCancel = 6;
  constexpr std::uint32_t kOfConclude = 9;
  if (reason == kOfRequest) {
    answer(services::kReject, Pair::confirmed, id, true, in);
  } else if (reason == kOfCancel) {
    answer(services::kReject, Pair::cancel, id, true, in);
  } else if (reason == kOfConclude) {
    answer(services::kReject, Pair::conclude, 0, true, in);
  } else {
    const Function function = function_of(services::kReject);
    out_.say({.role = Role::message,
              .function = function.name,
              .code = "reject",
              .access = function.access,
              .target = {}},
             in);
  }
}

void Message::say_cancel(ber::Tag tag, Cursor in) {
  Cursor number = tag == services::kCancelError ? ber::read(in, ber::context(0)) : in;
  const std::uint64_t id = ber::number(number);
  if (in.is_good()) in = number;
  if (tag == services::kCancelRequest)
    ask(services::kCancel, Pair::cancel, id, in);
  else
    answer(services::kCancel, Pair::cancel, id, tag == services::kCancelError, in);
}

void Message::say(Cursor in) {
  const auto [tag, content] = ber::read(in, is_whole_);
  if (!in.is_good()) {
    out_.check(in);
    return;
  }
  switch (tag) {
    case services::kConfirmedRequest:
      say_request(content);
      break;
    case services::kConfirmedResponse:
      say_response(content);
      break;
    case services::kConfirmedError:
      say_error(content);
      break;
    case services::kUnconfirmedMessage:
      say_unconfirmed(content);
      break;
    case services::kRejectMessage:
      say_reject(content);
      break;
    case services::kCancelRequest:
    case services::kCancelResponse:
    case services::kCancelError:
      say_cancel(tag, content);
      break;
    case services::kInitiateRequest:
      out_.say_direction(Role::request, content);
      ask(services::kInitiate, Pair::initiate, 0, content);
      break;
    case services::kInitiateResponse:
    case services::kInitiateError:
      out_.say_direction(Role::response, content);
      answer(services::kInitiate, Pair::initiate, 0, tag == services::kInitiateError, content);
      break;
    case services::kConcludeRequest:
      ask(services::kConclude, Pair::conclude, 0, content);
      break;
    case services::kConcludeResponse:
    case services::kConcludeError:
      answer(services::kConclude, Pair::conclude, 0, tag == services::kConcludeError, content);
      break;
    default:
      in.expect(false);
      out_.check(in);
  }
}

// A message too long to be put together comes in several; only the first begins like one.
bool is_continued(const Cursor& tsdu, bool has_end, const Context& context) {
  const std::uint32_t mark = context.is_to_server ? 1 : 2;
  std::uint32_t& memory = *context.memory;
  Cursor begin = tsdu;
  const bool is_beginning = begin.be32() == 0x01000100 && ber::peek(begin) == ber::application(1);
  const bool goes_on = (memory & mark) != 0 && !is_beginning;
  memory = has_end ? memory & ~mark : memory | mark;
  return goes_on;
}

void dissect(Cursor in, const Context& context, Out& out) {
  Cursor first = in;
  const cotp::Tpdu tpdu = cotp::read(first);
  if (tpdu.type != cotp::kData) {
    if (tpdu.type == cotp::kConnectRequest) out.say_direction(Role::request, first);
    out.check(first);
    return;
  }
  const cotp::UserData user(in);
  Cursor tsdu = user.whole();
  if (tsdu.left() == 0 || is_continued(tsdu, user.has_end(), context)) {
    out.check(tsdu);
    return;
  }
  const bool is_whole = context.is_whole && user.has_end();
  Message message(context, is_whole, out);
  if (services::is_message(ber::peek(tsdu))) {
    message.say(tsdu);
    return;
  }
  const iso::Session session = iso::read_session(tsdu, is_whole);
  out.check(tsdu);
  if (session.type == iso::Spdu::refuse) message.say_refused(tsdu);
  iso::Values values(session, is_whole);
  while (auto value = values.next()) {
    const iso::Association said = iso::read_association(*value, is_whole);
    if (!said.is_control)
      message.say(*value);
    else if (said.user)
      message.say(*said.user);
    else if (said.is_refused)
      message.say_refused(*value);
    out.check(*value);
  }
  out.check(values.proof());
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "mms",
    .title = "MMS (ISO 9506, IEC 61850-8-1, TASE.2)",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = mms_probe::kLeads,
    .functions = services::kServices,
    .write_code = write_code,
    .facts = "vendor model firmware hardware serial location device_name description",
    .probe = mms_probe::probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::mms
