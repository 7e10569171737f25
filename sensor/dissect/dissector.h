// What a protocol brings: probe, framing, dissection. One file per protocol defines one of these;
// docs/adding-a-protocol.md.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "sensor/decode/cursor.h"
#include "sensor/decode/segment.h"
#include "sensor/dissect/notes.h"
#include "sensor/dissect/statement.h"
#include "sensor/dissect/text.h"

namespace osect::dissect {

using decode::Cursor;
using decode::Fault;

enum class Verdict : std::uint8_t { no, maybe, yes };

// Over what a protocol travels; a protocol may use several.
namespace over {
constexpr std::uint8_t kTcp = 1;
constexpr std::uint8_t kUdp = 2;
constexpr std::uint8_t kEthernet = 4;
constexpr std::uint8_t kIp = 8;       // ICMP and what else has a number of its own but TCP and UDP
constexpr std::uint8_t kInside = 16;  // in the messages of another protocol, by Out::carry
}  // namespace over

// What one protocol carries of another; with over::kInside these take the place of ports.
namespace inside {
constexpr std::uint16_t kCip = 1;           // EtherNet/IP, unconnected data item
constexpr std::uint16_t kCipConnected = 2;  // EtherNet/IP, connected data item
constexpr std::uint16_t kPccc = 3;          // CIP, PCCC object
constexpr std::uint16_t kUmas = 4;          // Modbus, function 90
constexpr std::uint16_t kSparkplug = 5;     // MQTT, a topic of spBv1.0 and the payload
constexpr std::uint16_t kKnx = 6;           // KNXnet/IP, a message of cEMI
constexpr std::uint16_t kXml = 7;           // HTTP, the beginning of an XML document
}  // namespace inside

// How far a probe's word is trusted where none of the protocol's ports is in use.
enum class OffPort : std::uint8_t {
  never,  // spoken on its ports only
  weak,  // three consistent messages and a response that matches its request; until then nothing is
         // stated
  strong,  // the signature is proof enough
};

// How a message was met, for those dissectors whose meaning depends on it.
struct Context {
  std::uint8_t over = 0;
  bool is_usual_port = false;  // one of the dissector's ports is in use
  bool is_to_server = false;   // best knowledge so far of the direction
  bool is_direction_known =
      false;             // from the connection's opening, a message, or a well-known port
  bool is_whole = true;  // false: only the head of the message is here, the rest was skipped or cut
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint16_t ethertype = 0;
  std::uint8_t ip_protocol = 0;
  std::uint16_t inside = 0;  // with over::kInside: one of inside::k...
  // Who sent the datagram to whom. Null in streams and while a weak signature is on trial.
  const Origin* origin = nullptr;
  // Inside another: what pairs the messages around this one, of the carrier's choice.
  std::uint64_t transaction = 0;
  // One word of the flow for this dissector's own use between messages; zero when the protocol is
  // recognised. Inside another it is the carrier's, who leaves it alone if it carries one that
  // needs it.
  std::uint32_t* memory = nullptr;
  // More than one word: what a connection agreed on, under numbers of its own. Nobody's until the
  // flow is recognised; a dissector that carries others shares them.
  Notes notes;
};

// The only way to state something: a statement shown with a faulted cursor is filed as an anomaly,
// never as a fact.
class Out {
 public:
  Out(const Out&) = delete;
  Out& operator=(const Out&) = delete;
  virtual void say(const Operation& operation, const Cursor& proof) = 0;
  virtual void say(const Fact& fact, const Cursor& proof) = 0;
  // The message itself shows which side is the client (independent of ports).
  virtual void say_direction(Role role, const Cursor& proof) = 0;
  // There is nothing to state; the message may contradict its specification all the same.
  virtual void check(const Cursor& proof) = 0;
  // The message holds one of another protocol, `what` of inside::k...: its dissector speaks next,
  // under its own name, about the same sender and receiver. `transaction` reaches its context.
  virtual void carry(std::uint16_t what, std::uint64_t transaction, const Cursor& message) = 0;
  // The oldest request still waiting that a response of this transaction would answer.
  virtual std::optional<Asked> asked(std::uint64_t transaction) = 0;

 protected:
  Out() = default;
  ~Out() = default;
};

// Where the stream message that begins here ends, and how much of it its dissector wants to see.
struct Framing {
  // Instead of a length: too few bytes to tell, nothing that the protocol knows, everything until
  // the stream ends.
  static constexpr std::size_t kNeedMore = 0;
  static constexpr std::size_t kNotAMessage = static_cast<std::size_t>(-1);
  static constexpr std::size_t kUntilEnd = static_cast<std::size_t>(-2);
  // From here on both directions speak another protocol (a tunnel, an upgrade): it is recognised
  // anew.
  static constexpr std::size_t kAnotherProtocol = static_cast<std::size_t>(-3);

  // A message that is dissected whole.
  constexpr Framing(std::size_t whole)
      : length(whole),
        head(whole) {}  // NOLINT(google-explicit-constructor): the common answer is one number
  constexpr Framing(std::size_t whole, std::size_t wanted) : length(whole), head(wanted) {}

  std::size_t length;
  std::size_t head;  // 0: the message is passed over without a look
};

// A set of bytes, written as the list of them.
class ByteSet {
 public:
  consteval ByteSet(std::initializer_list<std::uint8_t> bytes) {
    for (const std::uint8_t byte : bytes) add(byte);
  }
  [[nodiscard]] constexpr bool has(std::uint8_t byte) const {
    return (words_[byte / 64] >> byte % 64 & 1) != 0;
  }

 private:
  constexpr void add(std::uint8_t byte) { words_[byte / 64] |= std::uint64_t{1} << byte % 64; }
  std::array<std::uint64_t, 4> words_{};
};

// What stands at one place of every message's beginning.
struct Lead {
  std::uint8_t offset;
  ByteSet bytes;
};

// A function as the specification lists it: documentation, coverage denominator and lookup in one
// table.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): as the specifications' tables stand
struct Function {
  std::uint32_t code;
  std::string_view name;
  Access access;
};

struct Dissector {
  std::string_view name;   // the word in records: "modbus"
  std::string_view title;  // for people: "Modbus/TCP"
  std::uint8_t over;       // over::k... or'ed
  OffPort off_port;
  std::span<const std::uint16_t>
      ports;  // hints; over IP the protocol number, inside others one of inside::k...
  std::span<const std::uint16_t> ethertypes = {};  // for Ethernet; 0: the LLC of 802.3
  // All that a message must show for the probe to be asked where no port speaks for the protocol:
  // a probe may say yes only to bytes with these leads. Needed unless off_port is `never`.
  std::span<const Lead> leads = {};
  std::span<const Function> functions;
  std::uint8_t code_digits =
      0;  // of the functions' codes: hexadecimal of so many digits; 0: decimal
  // Null, or writes the code of a row of `functions` as operations show it where neither fits.
  void (*write_code)(Writer& to, std::uint32_t code) = nullptr;
  // Over UDP, servers answer from another port than was asked: requests wait in one list of all
  // flows, where the transaction alone must tell them apart.
  bool is_answered_elsewhere = false;
  std::string_view facts;  // the attributes it can state, for the documentation
  // Could a message of the protocol begin here? Looks at one whole datagram or the bytes of a
  // stream so far; `maybe` says that these bytes do not contradict the protocol but are too few or
  // too common to prove it.
  Verdict (*probe)(Cursor in, const Context& context);
  // Null: datagrams only.
  Framing (*frame)(Cursor in, const Context& context);
  // One whole message, or its head.
  void (*dissect)(Cursor in, const Context& context, Out& out);
};

// The list of sensor/dissect/CMakeLists.txt, in its order: earlier wins when two claim the same
// port.
[[nodiscard]] std::span<const Dissector* const> dissectors();

}  // namespace osect::dissect
