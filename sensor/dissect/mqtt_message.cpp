// Headers, texts and properties of MQTT packets.
#include "sensor/dissect/mqtt_message.h"

#include <algorithm>

namespace osect::dissect::mqtt_message {
namespace {

constexpr std::size_t kAcknowledgementMax = 2048;  // with its properties

// Clause 1.5.5: seven bits a byte, the lowest first, four bytes at most.
std::uint32_t read_varint(Cursor& in) {
  std::uint32_t value = 0;
  for (unsigned shift = 0; shift < 28; shift += 7) {
    const std::uint8_t byte = in.u8();
    value |= static_cast<std::uint32_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  in.expect(false);
  return 0;
}

// Table 2-2; in 3.1 what needs an acknowledgement could be repeated with the flag for it.
bool are_flags(std::uint8_t type, std::uint8_t flags) {
  constexpr std::uint8_t kRepeated = 8;
  switch (type) {
    case Type::publish:
      return (flags & 6) != 6;
    case Type::pubrel:
    case Type::subscribe:
    case Type::unsubscribe:
      return (flags & ~kRepeated) == 2;
    default:
      return flags == 0;
  }
}

void read_property(Cursor& in, Properties& properties) {
  switch (const std::uint32_t id = read_varint(in)) {
    case 0x01:  // payload format
    case 0x17:  // request problem information
    case 0x19:  // request response information
    case 0x24:  // maximum QoS
    case 0x25:  // retain available
    case 0x28:  // wildcard subscription available
    case 0x29:  // subscription identifiers available
    case 0x2a:  // shared subscription available
      in.skip(1);
      break;
    case 0x13:  // server keep alive
    case 0x21:  // receive maximum
    case 0x22:  // topic alias maximum
      in.skip(2);
      break;
    case 0x23:
      properties.topic_alias = in.be16();
      break;
    case 0x02:  // message expiry
    case 0x11:  // session expiry
    case 0x18:  // will delay
    case 0x27:  // maximum packet size
      in.skip(4);
      break;
    case 0x0b:  // subscription identifier
      read_varint(in);
      break;
    case 0x26:  // user property: name and value
      in.skip(in.be16());
      in.skip(in.be16());
      break;
    case 0x03:  // content type
    case 0x08:  // response topic
    case 0x09:  // correlation data
    case 0x12:  // assigned client identifier
    case 0x15:  // authentication method
    case 0x16:  // authentication data
    case 0x1a:  // response information
    case 0x1c:  // server reference
    case 0x1f:  // reason
    {
      const std::string_view text = read_string(in);
      if (id == 0x12) properties.assigned_client = text;
      break;
    }
    default:
      in.expect(false);
      break;
  }
}

}  // namespace

std::string_view read_string(Cursor& in) {
  return in.text(in.be16());
}

Header read_header(Cursor& in) {
  Header header;
  const std::uint8_t first = in.u8();
  header.type = first >> 4;
  header.flags = first & 0xf;
  if (in.is_good()) in.expect(header.type != Type::none && are_flags(header.type, header.flags));
  header.length = read_varint(in);
  return header;
}

// Clause 3.1.2.1: the protocol's name and level.
std::uint8_t read_level(Cursor& in) {
  const std::uint16_t size = in.be16();
  if (in.is_good()) in.expect(size == 4 || size == 6);
  const std::string_view name = in.text(size);
  const std::uint8_t level = in.u8();
  // A bridge sets the highest bit.
  const std::uint8_t version = level & 0x7f;
  if (in.is_good())
    in.expect((name == "MQTT" && (version == 4 || version == 5)) ||
              (name == "MQIsdp" && version == 3));
  return version;
}

// Clause 4.7: names of topics hold no wildcards; no text holds control characters that means well.
bool is_topic(std::string_view topic) {
  return std::all_of(topic.begin(), topic.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '+' && c != '#';
  });
}

bool is_plausible(const Header& header, Cursor in) {
  const std::size_t length = header.length;
  switch (header.type) {
    case Type::connack:
      return length >= 2 && in.peek(0) <= 1 && (length > 2 || in.peek(1) <= 5);
    case Type::publish: {
      const std::size_t topic = in.be16();
      return topic > 0 && topic + 2 + (header.qos() > 0 ? 2 : 0) <= length &&
             is_topic(in.text(std::min(topic, in.left())));
    }
    case Type::puback:
    case Type::pubrec:
    case Type::pubrel:
    case Type::pubcomp:
    case Type::unsuback:
      return length >= 2 && length < kAcknowledgementMax && in.be16() != 0;
    case Type::suback:
      return length >= 3 && length < kAcknowledgementMax && in.be16() != 0;
    case Type::subscribe:
      return length >= 6 && in.be16() != 0;
    case Type::unsubscribe:
      return length >= 5 && in.be16() != 0;
    case Type::pingreq:
    case Type::pingresp:
      return length == 0;
    case Type::disconnect:
    case Type::auth:
      return length < kAcknowledgementMax;
    default:
      return false;
  }
}

Properties read_properties(Cursor& in) {
  Properties properties;
  const std::uint32_t length = read_varint(in);
  Cursor list = in.child(length);
  while (list.left() > 0) read_property(list, properties);
  in.expect(list.is_good());
  return properties;
}

}  // namespace osect::dissect::mqtt_message
