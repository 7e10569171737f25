// What a protocol brings: probe, framing, dissection. One file per protocol defines one of these.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "sensor/decode/cursor.h"
#include "sensor/decode/segment.h"
#include "sensor/dissect/statement.h"

namespace osect::dissect {

using decode::Cursor;
using decode::Fault;

enum class Verdict : std::uint8_t { no, maybe, yes };

// Over what a protocol travels; a protocol may use several.
namespace over {
constexpr std::uint8_t kTcp = 1;
constexpr std::uint8_t kUdp = 2;
constexpr std::uint8_t kEthernet = 4;
constexpr std::uint8_t kIcmp = 8;
}  // namespace over

// How a message was met, for those dissectors whose meaning depends on it.
struct Context {
  std::uint8_t over = 0;
  bool is_to_server = false;      // best knowledge so far of the direction
  bool is_direction_known = false;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint16_t ethertype = 0;
};

// The only way to state something: a statement shown with a faulted cursor is filed as an anomaly, never as a fact.
class Out {
 public:
  virtual void say(const Operation& operation, const Cursor& proof) = 0;
  virtual void say(const Fact& fact, const Cursor& proof) = 0;
  // The message itself shows which side is the client (independent of ports).
  virtual void say_direction(Role role, const Cursor& proof) = 0;

 protected:
  Out() = default;
  ~Out() = default;
};

// Framing of a byte stream: the length of the message that begins here.
struct FrameLength {
  static constexpr std::size_t kNeedMore = 0;
  static constexpr std::size_t kNotAMessage = static_cast<std::size_t>(-1);
};

// A function as the specification lists it: documentation, coverage denominator and lookup in one table.
struct Function {
  std::uint32_t code;
  std::string_view name;
  Access access;
};

struct Dissector {
  std::string_view name;            // the word in records: "modbus"
  std::string_view title;           // for people: "Modbus/TCP"
  std::uint8_t over;                // over::k... or'ed
  std::span<const std::uint16_t> ports;       // hints; for Ethernet, the ethertypes
  std::span<const Function> functions;
  // Could this be the first message of the protocol? Looks at one whole datagram or the first bytes of a stream.
  Verdict (*probe)(Cursor in, const Context& context);
  // Bytes of the stream message that starts here, FrameLength::kNeedMore, or kNotAMessage. Null: datagrams only.
  std::size_t (*frame_length)(Cursor in, const Context& context);
  // One whole message.
  void (*dissect)(Cursor in, const Context& context, Out& out);
};

}  // namespace osect::dissect
