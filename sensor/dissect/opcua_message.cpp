// OPC 10000-6 clause 5.2 and the headers of OPC 10000-4 clauses 7.33 and 7.34.
#include "sensor/dissect/opcua_message.h"

#include <algorithm>

namespace osect::dissect::opcua_message {
namespace {

// OPC 10000-6 clause 5.2.2.9: what the first byte of a NodeId says.
enum Encoding : std::uint8_t {
  two_byte = 0,
  four_byte = 1,
  numeric = 2,
  text = 3,
  guid = 4,
  opaque = 5,
};
constexpr std::uint8_t kEncodingBits = 0x3f;
constexpr std::uint8_t kHasNamespaceUri = 0x80;
constexpr std::uint8_t kHasServerIndex = 0x40;
constexpr std::size_t kGuidBytes = 16;

// OPC 10000-6 clause 5.2.2.12.
enum Diagnostic : std::uint8_t {
  symbolic_id = 0x01,
  namespace_uri = 0x02,
  localized_text = 0x04,
  locale = 0x08,
  additional_info = 0x10,
  inner_status = 0x20,
  inner_diagnostic = 0x40,
};

NodeId read_encoded(Cursor& in, std::uint8_t encoding) {
  NodeId id;
  switch (encoding & kEncodingBits) {
    case two_byte:
      id.number = in.u8();
      break;
    case four_byte:
      id.space = in.u8();
      id.number = in.le16();
      break;
    case numeric:
      id.space = in.le16();
      id.number = in.le32();
      break;
    case text:
      id.kind = NodeId::Kind::text;
      id.space = in.le16();
      id.bytes = read_string(in);
      break;
    case guid:
      id.kind = NodeId::Kind::guid;
      id.space = in.le16();
      id.bytes = in.text(kGuidBytes);
      break;
    case opaque:
      id.kind = NodeId::Kind::opaque;
      id.space = in.le16();
      id.bytes = read_string(in);
      break;
    default:
      in.expect(false);
  }
  return id;
}

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<std::uint8_t>(bytes[at]) : std::uint8_t{0};
}

// Its first three fields are little endian numbers.
void write_guid(Writer& to, std::string_view bytes) {
  constexpr std::array<std::uint8_t, kGuidBytes> kOrder = {3, 2, 1,  0,  5,  4,  7,  6,
                                                           8, 9, 10, 11, 12, 13, 14, 15};
  for (std::size_t i = 0; i < kOrder.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) to.put('-');
    to.hex(byte_at(bytes, kOrder[i]), 2);
  }
}

}  // namespace

NodeId read_node_id(Cursor& in) {
  const std::uint8_t encoding = in.u8();
  in.expect((encoding & ~kEncodingBits) == 0);
  return read_encoded(in, encoding);
}

NodeId read_expanded_node_id(Cursor& in) {
  const std::uint8_t encoding = in.u8();
  const NodeId id = read_encoded(in, encoding);
  if ((encoding & kHasNamespaceUri) != 0) static_cast<void>(read_string(in));
  if ((encoding & kHasServerIndex) != 0) in.skip(4);
  return id;
}

void write_node_id(Writer& to, const NodeId& id) {
  if (id.space != 0) to.put("ns=").decimal(id.space).put(';');
  switch (id.kind) {
    case NodeId::Kind::numeric:
      to.put("i=").decimal(id.number);
      break;
    case NodeId::Kind::text:
      to.put("s=").printable(id.bytes);
      break;
    case NodeId::Kind::guid:
      write_guid(to.put("g="), id.bytes);
      break;
    case NodeId::Kind::opaque:
      to.put("b=");
      for (std::size_t i = 0; i < id.bytes.size(); ++i) to.hex(byte_at(id.bytes, i), 2);
      break;
  }
}

std::string_view read_string(Cursor& in) {
  const std::uint32_t length = in.le32();
  return length == 0xffffffff ? std::string_view{} : in.text(length);
}

std::string_view read_localized_text(Cursor& in) {
  const std::uint8_t has = in.u8();
  if ((has & 1) != 0) static_cast<void>(read_string(in));
  return (has & 2) != 0 ? read_string(in) : std::string_view{};
}

std::size_t read_count(Cursor& in) {
  const std::uint32_t count = in.le32();
  return count > 0x7fffffff ? 0 : count;
}

void skip_strings(Cursor& in) {
  for (std::size_t left = read_count(in); left > 0 && in.left() > 0; --left)
    static_cast<void>(read_string(in));
}

// One within another: each has at least its first byte.
void skip_diagnostic_info(Cursor& in) {
  for (bool is_more = true; is_more && in.left() > 0;) {
    const std::uint8_t has = in.u8();
    for (const std::uint8_t number : {symbolic_id, namespace_uri, localized_text, locale})
      if ((has & number) != 0) in.skip(4);
    if ((has & additional_info) != 0) static_cast<void>(read_string(in));
    if ((has & inner_status) != 0) in.skip(4);
    is_more = (has & inner_diagnostic) != 0;
  }
}

ExtensionObject read_extension_object(Cursor& in) {
  ExtensionObject object;
  object.type = read_node_id(in);
  const std::uint8_t encoding = in.u8();
  in.expect(encoding <= 2);
  if (encoding == 0 || !in.is_good()) return object;
  const std::uint32_t length = in.le32();
  if (length != 0xffffffff) object.body = in.child(length);
  return object;
}

void skip_request_header(Cursor& in) {
  static_cast<void>(read_node_id(in));  // the session's secret: never said
  in.skip(8 + 4 + 4);                   // timestamp, handle, diagnostics asked for
  static_cast<void>(read_string(in));   // audit entry
  in.skip(4);                           // timeout
  static_cast<void>(read_extension_object(in));
}

std::uint32_t read_response_header(Cursor& in) {
  in.skip(8 + 4);  // timestamp, handle
  const std::uint32_t result = in.le32();
  skip_diagnostic_info(in);
  skip_strings(in);
  static_cast<void>(read_extension_object(in));
  return result;
}

}  // namespace osect::dissect::opcua_message
