// Sparkplug B inside MQTT: Eclipse Sparkplug 3.0.0, clause 4 (topics), clause 6 (payloads, of which
// names are read and no values but those that identify the node).
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/sparkplug_topic.h"

namespace osect::dissect::sparkplug {
namespace {

using sparkplug_topic::Topic;
using sparkplug_topic::Type;

constexpr std::uint16_t kInside[] = {inside::kSparkplug};
constexpr std::uint8_t kConfidence = 85;

// A field of a message of Protocol Buffers.
struct Field {
  std::uint64_t number = 0;
  std::uint64_t value = 0;  // of a varint
  Cursor bytes;             // of what has a length
  bool has_length = false;
};

// Numbers of the fields, clause 6.4 (Payload, Metric).
constexpr std::uint64_t kPayloadMetrics = 2;
constexpr std::uint64_t kMetricName = 1;
constexpr std::uint64_t kMetricAlias = 2;
constexpr std::uint64_t kMetricString = 15;

std::uint64_t read_varint(Cursor& in) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t byte = in.u8();
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80) == 0) return value;
  }
  in.expect(false);
  return 0;
}

Field read_field(Cursor& in) {
  Field field;
  const std::uint64_t key = read_varint(in);
  field.number = key >> 3;
  in.expect(field.number != 0);
  switch (key & 7) {
    case 0:
      field.value = read_varint(in);
      break;
    case 1:
      in.skip(8);
      break;
    case 2: {
      const std::uint64_t length = read_varint(in);
      field.has_length = true;
      field.bytes = in.child(static_cast<std::size_t>(length));
      break;
    }
    case 5:
      in.skip(4);
      break;
    default:
      in.expect(false);
      break;
  }
  return field;
}

struct Metric {
  std::string_view name;
  std::uint64_t alias = 0;
  std::string_view text;
};

std::string_view text_of(Cursor bytes) {
  return bytes.text(bytes.left());
}

Metric read_metric(Cursor in) {
  Metric metric;
  while (in.left() > 0) {
    const Field field = read_field(in);
    if (field.number == kMetricAlias) metric.alias = field.value;
    if (!field.has_length) continue;
    if (field.number == kMetricName) metric.name = text_of(field.bytes);
    if (field.number == kMetricString) metric.text = text_of(field.bytes);
  }
  return metric;
}

// Calls use(metric) for each one; `in` ends behind the payload.
template <typename Use>
void for_each_metric(Cursor& in, Use&& use) {
  while (in.left() > 0) {
    const Field field = read_field(in);
    if (field.number == kPayloadMetrics && field.has_length) use(read_metric(field.bytes));
  }
}

// Commands that act on the node itself: Rebirth, Reboot, Next Server, Scan Rate; clause 6.4.20.
bool is_control(std::string_view metric) {
  return metric.starts_with("Node Control/") || metric.starts_with("Device Control/");
}

// The first metric that is commanded, and how many more. Returns what the command does.
Access write_command(Writer& to, Cursor& payload) {
  std::size_t count = 0;
  bool has_control = false;
  for_each_metric(payload, [&](const Metric& metric) {
    has_control = has_control || is_control(metric.name);
    if (count++ > 0) return;
    to.put(' ');
    if (metric.name.empty())
      to.put("alias ").decimal(metric.alias);
    else
      to.printable(metric.name);
  });
  if (count > 1) to.put(" and ").decimal(count - 1).put(" more");
  return has_control ? Access::control : Access::write;
}

// What a node says of itself in its birth, by the names of clause 6.4.20.
void collect_properties(Cursor& payload, Collected& facts) {
  std::string_view system;
  std::string_view version;
  for_each_metric(payload, [&](const Metric& metric) {
    if (metric.name == "Properties/Hardware Make")
      facts.add_raw(about_sender("vendor", kConfidence), metric.text);
    if (metric.name == "Properties/Hardware Model")
      facts.add_raw(about_sender("model", kConfidence), metric.text);
    if (metric.name == "Properties/OS") system = metric.text;
    if (metric.name == "Properties/OS Version") version = metric.text;
  });
  if (system.empty()) return;
  facts.add_text(about_sender("os", kConfidence), [&](Writer& to) {
    to.printable(trimmed(system));
    if (!version.empty()) to.put(' ').printable(trimmed(version));
  });
}

// What the broker passes on is not about the broker.
void collect(const Topic& topic, Cursor& payload, Collected& facts) {
  switch (topic.type) {
    case Type::node_birth:
      facts.add_raw(about_sender("device_name", kConfidence), topic.node);
      collect_properties(payload, facts);
      break;
    case Type::host_state:
      facts.add_raw(about_sender("application_name", kConfidence), topic.node);
      break;
    default:
      break;
  }
}

void write_names(Writer& to, const Topic& topic) {
  if (!topic.group.empty()) to.printable(topic.group).put('/');
  to.printable(topic.node);
  if (!topic.device.empty()) to.put('/').printable(topic.device);
}

std::optional<Topic> read_topic(Cursor& in) {
  return sparkplug_topic::read(in.text(in.be16()));
}

Verdict probe(Cursor in, const Context&) {
  return read_topic(in) ? Verdict::yes : Verdict::no;
}

// MQTT hands over its topic and what follows; the transaction says how much of that stands in front
// of the payload.
void dissect(Cursor in, const Context& context, Out& out) {
  const std::optional<Topic> topic = read_topic(in);
  in.expect(topic.has_value());
  in.skip(static_cast<std::size_t>(context.transaction));
  if (!topic || !in.is_good()) {
    out.check(in);
    return;
  }
  const Function& function = sparkplug_topic::kFunctions[topic->type];
  Access access = function.access;
  Collected facts;
  Text<kTargetBytesMax> target;
  write_names(target, *topic);
  Cursor payload = in;
  if (topic->is_command()) access = write_command(target, payload);
  if (context.is_to_server) collect(*topic, payload, facts);
  const Cursor& shown = context.is_whole ? payload : in;
  facts.say(out, shown);
  out.say({.role = Role::message,
           .function = function.name,
           .code = sparkplug_topic::kWords[topic->type],
           .access = access,
           .target = target.text()},
          shown);
}

void write_code(Writer& to, std::uint32_t code) {
  to.put(sparkplug_topic::kWords[code]);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "sparkplug",
    .title = "Sparkplug B",
    .over = over::kInside,
    .off_port = OffPort::never,
    .ports = kInside,
    .functions = sparkplug_topic::kFunctions,
    .write_code = write_code,
    .facts = "device_name vendor model os application_name",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::sparkplug
