// MQTT: IBM MQTT V3.1, OASIS MQTT 3.1.1 (ISO/IEC 20922) and MQTT 5.0, whose clauses are named here.
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/mqtt_message.h"
#include "sensor/dissect/refusal.h"
#include "sensor/dissect/sparkplug_topic.h"

namespace osect::dissect::mqtt {
namespace {

using mqtt_message::Header;
using mqtt_message::is_topic;
using mqtt_message::read_properties;
using mqtt_message::read_string;
using mqtt_message::Type;

constexpr std::uint16_t kPorts[] = {1883};
constexpr std::uint8_t kConfidence = 90;
constexpr std::uint8_t kVersion5 = 5;
// What stands behind these is not read: topics, then values.
constexpr std::size_t kSessionHead = 2048;
constexpr std::size_t kBehindTopic = 256;
constexpr std::size_t kMetricsHead = 4096;

// Away from its port the protocol's name in CONNECT is what proves it.
constexpr Lead kLeads[] = {{0, {0x10}}};

// Table 2-1. PUBLISH also brings what was subscribed to; then it is a read.
constexpr Function kFunctions[] = {
    {Type::connect, "connect", Access::session},
    {Type::connack, "connack", Access::session},
    {Type::publish, "publish", Access::write},
    {Type::puback, "puback", Access::session},
    {Type::pubrec, "pubrec", Access::session},
    {Type::pubrel, "pubrel", Access::session},
    {Type::pubcomp, "pubcomp", Access::session},
    {Type::subscribe, "subscribe", Access::read},
    {Type::suback, "suback", Access::session},
    {Type::unsubscribe, "unsubscribe", Access::session},
    {Type::unsuback, "unsuback", Access::session},
    {Type::pingreq, "pingreq", Access::session},
    {Type::pingresp, "pingresp", Access::session},
    {Type::disconnect, "disconnect", Access::session},
    {Type::auth, "auth", Access::session},
};
constexpr std::string_view kCodes[] = {"0", "1", "2",  "3",  "4",  "5",  "6",  "7",
                                       "8", "9", "10", "11", "12", "13", "14", "15"};

// The flow's word of memory: the protocol level that CONNECT named.
constexpr std::uint32_t kLevel = 0xff;

Verdict verdict_of(const Cursor& in, bool holds) {
  if (in.fault() == Fault::truncated) return Verdict::maybe;
  return in.is_good() && holds ? Verdict::yes : Verdict::no;
}

Verdict probe(Cursor in, const Context& context) {
  const bool is_abroad = !context.is_usual_port && context.memory == nullptr;
  const Cursor begin = in;
  const Header header = mqtt_message::read_header(in);
  const bool is_connect = in.is_good() && header.type == Type::connect;
  if (is_connect) mqtt_message::read_level(in);
  // Away from its port CONNECT must be seen.
  if (is_abroad && !is_connect && !(begin.left() == 1 && begin.peek() == 0x10)) return Verdict::no;
  if (is_connect || !in.is_good()) return verdict_of(in, is_connect);
  if (in.left() < std::min<std::size_t>(header.length, 4)) return Verdict::maybe;
  return verdict_of(in, mqtt_message::is_plausible(header, in));
}

// Commands and births of Sparkplug are read further than values are.
bool has_metrics(std::string_view topic) {
  const auto read = sparkplug_topic::read(topic);
  return read && (read->is_command() || read->is_birth());
}

Framing frame(Cursor in, const Context&) {
  const Header header = mqtt_message::read_header(in);
  if (in.fault() == Fault::truncated) return Framing::kNeedMore;
  if (!in.is_good()) return Framing::kNotAMessage;
  const std::size_t total = in.offset() + header.length;
  if (header.type != Type::publish) return {total, std::min(total, kSessionHead)};
  const std::string_view topic = read_string(in);
  if (!in.is_good()) return Framing::kNeedMore;
  const std::size_t head = has_metrics(topic) ? kMetricsHead : in.offset() + kBehindTopic;
  return {total, std::min(total, head)};
}

std::uint64_t transaction_of(std::uint8_t type, std::uint16_t id) {
  return std::uint64_t{1} << 32 | std::uint64_t{type} << 16 | id;
}

// The types that only one side sends show which it is.
Role role_of(std::uint8_t type, const Context& context, const Cursor& proof, Out& out) {
  bool is_to_server = context.is_to_server;
  switch (type) {
    case Type::connect:
    case Type::subscribe:
    case Type::unsubscribe:
    case Type::pingreq:
      is_to_server = true;
      break;
    case Type::connack:
    case Type::suback:
    case Type::unsuback:
    case Type::pingresp:
      is_to_server = false;
      break;
    default:
      return is_to_server ? Role::message : Role::response;
  }
  const Role role = is_to_server ? Role::request : Role::response;
  if (!context.is_direction_known || context.is_to_server != is_to_server)
    out.say_direction(role, proof);
  return role;
}

Operation operation_of(std::uint8_t type, Role role, std::uint64_t transaction) {
  const Function& function = kFunctions[type - 1U];
  return {.role = role,
          .function = function.name,
          .code = kCodes[type],
          .access = function.access,
          .target = "",
          .transaction = transaction,
          .has_own_code = role == Role::response};
}

bool is_version5(const Context& context) {
  return context.memory != nullptr && (*context.memory & kLevel) == kVersion5;
}

// Whether properties stand in front of the payload. Where CONNECT was not seen, a payload of
// Sparkplug shows it: it begins with its time, its metrics or a brace.
bool has_properties(std::string_view topic, const Cursor& in, const Context& context) {
  const bool is_known = context.memory != nullptr && (*context.memory & kLevel) != 0;
  if (is_known || !sparkplug_topic::read(topic)) return is_version5(context);
  return in.peek() != 0x08 && in.peek() != 0x12 && in.peek() != '{';
}

// Clause 3.1. Neither the password is looked at nor what the will says.
void say_connect(Cursor in, const Context& context, Out& out) {
  constexpr std::uint8_t kWill = 0x04;
  constexpr std::uint8_t kPassword = 0x40;
  constexpr std::uint8_t kUserName = 0x80;
  const std::uint8_t level = mqtt_message::read_level(in);
  const std::uint8_t flags = in.u8();
  in.skip(2);  // keep alive
  if (in.is_good() && context.memory != nullptr) *context.memory = level;
  if (level == kVersion5) read_properties(in);
  const std::string_view client = read_string(in);
  const Cursor known = in;
  std::string_view will;
  if ((flags & kWill) != 0) {
    if (level == kVersion5) read_properties(in);
    will = read_string(in);
    in.skip(in.be16());
  }
  const bool has_user = (flags & kUserName) != 0;
  std::string_view user = has_user ? read_string(in) : std::string_view();
  // Without a password the name alone opens the door, and what follows a question mark may.
  if ((flags & kPassword) == 0) user = {};
  user = user.substr(0, user.find('?'));

  Collected facts;
  facts.add_raw(about_sender("mqtt_client_id", kConfidence), client);
  facts.add_raw(about_sender("mqtt_will_topic", kConfidence), will);
  facts.add(about_sender("user_token_used", kConfidence), has_user ? "username" : "anonymous");
  facts.add_raw(about_sender("user_name", kConfidence), user);
  const Cursor& shown = context.is_whole ? in : known;
  const Role role = role_of(Type::connect, context, shown, out);
  facts.say(out, shown);
  out.say(operation_of(Type::connect, role, transaction_of(Type::connect, 0)), shown);
}

// Clause 3.2.
void say_connack(const Header& header, Cursor in, const Context& context, Out& out) {
  in.expect(in.u8() <= 1);
  const std::uint8_t reason = in.u8();
  Collected facts;
  if (header.length > 2) {
    if (context.memory != nullptr) *context.memory = kVersion5;
    facts.add_raw(about_receiver("mqtt_client_id", kConfidence),
                  read_properties(in).assigned_client);
  }
  const Role role = role_of(Type::connack, context, in, out);
  facts.say(out, in);
  say_answer(operation_of(Type::connack, role, transaction_of(Type::connect, 0)), reason != 0, in,
             out);
}

// Brokers tell their version to all who ask for it, by a topic that they agree on.
void say_broker(std::string_view topic, Cursor payload, const Context& context, Out& out) {
  if (topic != "$SYS/broker/version" || context.is_to_server || !context.is_whole) return;
  Collected facts;
  facts.add_raw(about_sender("server_software", kConfidence), payload.text(payload.left()));
  facts.say(out, payload);
}

// Clause 3.3. What it carries is not read, but for the names in Sparkplug's payloads.
void say_publish(const Header& header, Cursor in, const Context& context, Out& out) {
  const Cursor begin = in;
  const std::string_view topic = read_string(in);
  in.expect(is_topic(topic));
  const std::size_t behind_topic = in.offset();
  const bool is_acknowledged = header.qos() > 0;
  const std::uint16_t id = is_acknowledged ? in.be16() : std::uint16_t{0};
  in.expect(!is_acknowledged || id != 0);
  const Cursor known = in;
  mqtt_message::Properties properties;
  if (has_properties(topic, in, context)) properties = read_properties(in);
  const Cursor& shown = context.is_whole ? in : known;

  Text<kTargetBytesMax> target;
  if (topic.empty())
    target.put("alias ").decimal(properties.topic_alias);
  else
    target.printable(topic);
  Role role = role_of(Type::publish, context, shown, out);
  if (role == Role::message && is_acknowledged) role = Role::request;
  const auto sparkplug = sparkplug_topic::read(topic);
  Operation said = operation_of(Type::publish, role,
                                role == Role::request ? transaction_of(Type::publish, id) : 0);
  said.target = target.text();
  if (sparkplug) said.access = sparkplug_topic::kFunctions[sparkplug->type].access;
  if (role == Role::response) said.access = Access::read;
  out.say(said, shown);
  say_broker(topic, in, context, out);
  if (sparkplug && in.is_good()) out.carry(inside::kSparkplug, in.offset() - behind_topic, begin);
}

// Clauses 3.4 to 3.7: PUBACK and PUBREC answer PUBLISH, PUBCOMP answers PUBREL.
void say_acknowledgement(const Header& header, Cursor in, const Context& context, Out& out) {
  const std::uint16_t id = in.be16();
  const std::uint8_t reason = header.length > 2 ? in.u8() : std::uint8_t{0};
  if (header.length > 3) read_properties(in);
  Role role = role_of(header.type, context, in, out);
  const bool is_release = header.type == Type::pubrel;
  if (is_release && role == Role::message) role = Role::request;
  const std::uint8_t asked =
      is_release || header.type == Type::pubcomp ? Type::pubrel : Type::publish;
  // What the client acknowledges was not asked by a request, but delivered.
  const bool is_paired = role == Role::request || (role == Role::response && !is_release);
  say_answer(operation_of(header.type, role, is_paired ? transaction_of(asked, id) : 0),
             is_paired && reason >= 0x80, in, out);
}

// Clauses 3.8.3 and 3.10.3: filters, each with its options in SUBSCRIBE. The first into `to`, and
// how many more.
bool write_filters(Writer& to, Cursor in, bool has_options, bool has_properties, bool is_whole) {
  if (has_properties) read_properties(in);
  std::size_t count = 0;
  while (in.left() > 0) {
    const std::string_view filter = read_string(in);
    if (has_options) in.expect((in.u8() & 0xc0) == 0);
    if (!in.is_good()) break;
    in.expect(!filter.empty());
    if (count++ == 0) to.printable(filter);
  }
  if (count > 1) to.put(" and ").decimal(count - 1).put(" more");
  return count > 0 && (in.is_good() || (!is_whole && in.fault() == Fault::truncated));
}

void say_subscription(const Header& header, Cursor in, const Context& context, Out& out) {
  const std::uint16_t id = in.be16();
  in.expect(id != 0);
  const bool has_options = header.type == Type::subscribe;
  const bool is_level_known = context.memory != nullptr && (*context.memory & kLevel) != 0;
  Text<kTargetBytesMax> plain;
  Text<kTargetBytesMax> with_properties;
  // Of a connection that was open before, the filters show which version it is.
  const bool is_plain =
      !is_version5(context) && write_filters(plain, in, has_options, false, context.is_whole);
  const bool is_new = !is_plain && (!is_level_known || is_version5(context)) &&
                      write_filters(with_properties, in, has_options, true, context.is_whole);
  in.expect(is_plain || is_new);
  if (is_new && in.is_good() && context.memory != nullptr) *context.memory = kVersion5;
  const Role role = role_of(header.type, context, in, out);
  Operation said = operation_of(header.type, role, transaction_of(header.type, id));
  said.target = is_plain ? plain.text() : with_properties.text();
  out.say(said, in);
}

// Clauses 3.9 and 3.11: what became of each filter.
void say_subscribed(const Header& header, Cursor in, const Context& context, Out& out) {
  const std::uint16_t id = in.be16();
  if (is_version5(context)) read_properties(in);
  bool is_refusal = false;
  while (in.left() > 0) is_refusal = in.u8() >= 0x80 || is_refusal;
  const Role role = role_of(header.type, context, in, out);
  const std::uint8_t asked = header.type == Type::suback ? Type::subscribe : Type::unsubscribe;
  say_answer(operation_of(header.type, role, transaction_of(asked, id)), is_refusal, in, out);
}

// Clauses 3.14 and 3.15: a server says why it ends the connection.
void say_end(const Header& header, Cursor in, const Context& context, Out& out) {
  const std::uint8_t reason = header.length > 0 ? in.u8() : std::uint8_t{0};
  const Role role = role_of(header.type, context, in, out);
  say_answer(operation_of(header.type, role, 0), role == Role::response && reason >= 0x80, in, out);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Header header = mqtt_message::read_header(in);
  in.expect(!context.is_whole || in.left() == header.length);
  if (!in.is_good()) {
    out.check(in);
    return;
  }
  const Cursor body(in.rest());
  switch (header.type) {
    case Type::connect:
      say_connect(body, context, out);
      break;
    case Type::connack:
      say_connack(header, body, context, out);
      break;
    case Type::publish:
      say_publish(header, body, context, out);
      break;
    case Type::puback:
    case Type::pubrec:
    case Type::pubrel:
    case Type::pubcomp:
      say_acknowledgement(header, body, context, out);
      break;
    case Type::subscribe:
    case Type::unsubscribe:
      say_subscription(header, body, context, out);
      break;
    case Type::suback:
    case Type::unsuback:
      say_subscribed(header, body, context, out);
      break;
    case Type::pingreq:
    case Type::pingresp:
      in.expect(header.length == 0);
      out.say(operation_of(header.type, role_of(header.type, context, in, out),
                           transaction_of(Type::pingreq, 0)),
              in);
      break;
    default:  // DISCONNECT, AUTH
      say_end(header, body, context, out);
      break;
  }
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "mqtt",
    .title = "MQTT",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .facts = "mqtt_client_id mqtt_will_topic user_token_used user_name server_software",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::mqtt
