// The built-in types of OPC UA in their binary encoding, as far as the dissector reads them:
// OPC 10000-6 clause 5.2.
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/decode/cursor.h"
#include "sensor/dissect/collected.h"
#include "sensor/dissect/text.h"

namespace osect::dissect::opcua_message {

// A node's address. Views live as long as the message.
struct NodeId {
  enum class Kind : std::uint8_t { numeric, text, guid, opaque };
  Kind kind = Kind::numeric;
  std::uint16_t space = 0;
  std::uint32_t number = 0;
  std::string_view bytes;  // of the other kinds

  [[nodiscard]] bool is(std::uint32_t standard) const {
    return kind == Kind::numeric && space == 0 && number == standard;
  }
};

[[nodiscard]] NodeId read_node_id(Cursor& in);
[[nodiscard]] NodeId read_expanded_node_id(Cursor& in);
// As OPC 10000-6 clause 5.3.1.10 writes it: "i=2258", "ns=2;s=Line1.Speed".
void write_node_id(Writer& to, const NodeId& id);

// String, ByteString: null counts as empty.
[[nodiscard]] std::string_view read_string(Cursor& in);
[[nodiscard]] std::string_view read_localized_text(Cursor& in);
// The count of an array; null counts as none. More elements than bytes are malformed.
[[nodiscard]] std::size_t read_count(Cursor& in);
void skip_strings(Cursor& in);
void skip_diagnostic_info(Cursor& in);

// The type by the id of its binary encoding, and its body.
struct ExtensionObject {
  NodeId type;
  Cursor body;
};
[[nodiscard]] ExtensionObject read_extension_object(Cursor& in);

// OPC 10000-4 clauses 7.33 and 7.34.
void skip_request_header(Cursor& in);
// Returns the ServiceResult.
[[nodiscard]] std::uint32_t read_response_header(Cursor& in);
[[nodiscard]] constexpr bool is_bad(std::uint32_t status) {
  return (status & 0x80000000) != 0;
}

// What a service's parameters say of the applications; `in` stands behind the message's header.
void read_find_servers_response(Cursor& in, Collected& facts);
void read_get_endpoints_response(Cursor& in, Collected& facts);
void read_register_server(Cursor& in, Collected& facts);
void read_create_session(Cursor& in, Collected& facts);
void read_create_session_response(Cursor& in, Collected& facts);
void read_activate_session(Cursor& in, Collected& facts);
// Of a server's own status only: product, manufacturer, version. `node` is what the request asked
// for first.
void read_read_response(Cursor& in, std::string_view node, Collected& facts);

// "http://opcfoundation.org/UA/SecurityPolicy#Basic256Sha256" without what is always the same.
[[nodiscard]] std::string_view policy_name(std::string_view uri);

}  // namespace osect::dissect::opcua_message
