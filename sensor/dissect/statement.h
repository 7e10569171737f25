// What a dissector can say about a message: an operation (request or response), a fact, the
// service's direction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/address.h"
#include "base/clock.h"
#include "sensor/decode/flow.h"

namespace osect::dissect {

// product.md "access class"; docs/protocols.md says what each means. Closed: the wire, the database
// and the web share it.
enum class Access : std::uint8_t {
  none = 0,
  read = 1,
  write = 2,
  control = 3,
  program = 4,
  config = 5,
  diagnostic = 6,
  identity = 7,
  time = 8,
  session = 9,
  cyclic = 10,
};
[[nodiscard]] const char* access_name(Access access);

enum class Role : std::uint8_t {
  request,   // the sender is the client
  response,  // the sender is the server
  message,   // one-way: the sender counts as the client
};

// Longest texts of an operation that survive from a request to its response; longer ones are cut
// there.
constexpr std::size_t kCodeBytesMax = 40;
constexpr std::size_t kTargetBytesMax = 64;

// One OT message. Views live until say() returns. Raw stays beside meaning: `code` is the wire
// value as text (docs/protocols.md, notation of codes), `function` the standard's word for it or ""
// when the code is unknown.
struct Operation {
  Role role = Role::request;
  std::string_view function;  // static storage
  std::string_view
      code;  // of a response: "" when the message does not repeat it; the request's is taken
  Access access = Access::none;
  std::string_view target;  // "unit 7", "rack 0 slot 2", ...: never a process value
  bool is_error = false;    // of a response: the server refused or failed
  std::uint64_t transaction =
      0;  // pairs a response with its request within the flow; 0: first in, first out
  // Of a response: code, function and access say only what it shows by itself; those of the request
  // it answers take their place.
  bool is_provisional = false;
  // Of a response: its code is the response's own and not that of what it answers (OPC UA numbers
  // both); the transaction alone pairs them, and it keeps its own words.
  bool has_own_code = false;
};

// What a response may need to know of the request it answers. Views live until the next statement.
struct Asked {
  std::string_view code;
  std::string_view target;
};

// Whom a fact is about.
enum class Subject : std::uint8_t { sender, receiver, named };

// One observed attribute of a device. Attributes are a small open set: vendor, model, firmware,
// serial, host_name, os, device_type, server_name, ja3, ja4, user_agent, server_software,
// dhcp_fingerprint, ip (an address the subject states as its own), router, ... Never a value from
// the process, never a password.
struct Fact {
  Subject subject = Subject::sender;
  MacAddress mac;  // of a named subject; zero: not known
  IpAddress ip;    // of a named subject; none: not known
  std::string_view attribute;
  std::string_view value;
  std::uint8_t confidence = 50;  // 0..100: how sure the source makes it
};

// What dissect hands downstream, with the message it came from. Views live during the call.
struct Origin {
  TimeNs time = 0;
  decode::Flow* flow = nullptr;  // may be null for link-layer messages without a flow
  MacAddress sender_mac;
  MacAddress receiver_mac;
  IpAddress sender_ip;
  IpAddress receiver_ip;
  std::uint16_t vlan = 0;
  decode::End from = decode::End::a;
  std::string_view protocol;  // the dissector's name
};

// Where a sink counts a request: its own business, given back with the answer. 0: nowhere.
using Memo = std::uint64_t;

// Receives statements, on the monitor port's thread.
class StatementSink {
 public:
  StatementSink() = default;
  StatementSink(const StatementSink&) = delete;
  StatementSink& operator=(const StatementSink&) = delete;
  virtual ~StatementSink() = default;
  // A request, a one-way message, or a response. A response that the engine could pair carries the
  // target of its request, so that both fall on one record, and `asked`, what was returned for that
  // request (0 when the two do not fall on one record after all).
  virtual Memo on_operation(const Origin& origin, const Operation& operation,
                            std::optional<Memo> asked) = 0;
  virtual void on_fact(const Origin& origin, const Fact& fact) = 0;
  // The flow's protocol was recognised (by content), or assumed from its port alone.
  virtual void on_protocol(const Origin& origin, bool is_assumed) = 0;
  // A message of a recognised protocol contradicts its specification.
  virtual void on_anomaly(const Origin& origin) = 0;
};

}  // namespace osect::dissect
