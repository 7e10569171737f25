// Messages of SLMP, the MELSEC communication protocol: frames 3E, 4E and with extended station
// number, binary and ASCII; SLMP specification BAP-C2006ENG-003, SLMP reference manual SH-080956.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"
#include "sensor/dissect/slmp_commands.h"

namespace osect::dissect::slmp_message {

enum class Frame : std::uint8_t { none, e3, e4, extended };

// Which station of which network, which CPU or module there.
struct Route {
  std::uint8_t network = 0;
  std::uint8_t station = 0;
  std::uint16_t module = 0;  // I/O number of the request's destination
  std::uint8_t multidrop = 0;
};

struct Header {
  Verdict verdict = Verdict::no;  // maybe: these bytes are too few
  Frame frame = Frame::none;
  bool is_ascii = false;
  bool is_response = false;
  std::uint16_t serial = 0;  // of 4E and of frames with extended station number
  Route route;
  std::size_t begin = 0;   // bytes up to and with the length
  std::size_t length = 0;  // bytes behind it

  [[nodiscard]] std::size_t size() const { return begin + length; }
  // 3E has no number by which an answer finds its request.
  [[nodiscard]] std::uint64_t transaction() const {
    return frame == Frame::e3 ? 0
                              : std::uint64_t{frame == Frame::extended ? 2U : 1U} << 32 | serial;
  }
};

// Of a hexadecimal number in text.
inline constexpr std::uint32_t kNoDigit = 16;

// The manual writes capital letters; mcprotocol for Node.js, a client in use, does not.
[[nodiscard]] constexpr std::uint32_t digit_of(std::uint8_t c) {
  if (c >= '0' && c <= '9') return c - std::uint32_t{'0'};
  if (c >= 'A' && c <= 'F') return c - std::uint32_t{'A'} + 10;
  if (c >= 'a' && c <= 'f') return c - std::uint32_t{'a'} + 10;
  return kNoDigit;
}

// The fields behind the header: little endian numbers in binary, hexadecimal digits in ASCII.
class Fields {
 public:
  Fields(Cursor in, bool is_ascii) : in_(in), is_ascii_(is_ascii) {}

  std::uint8_t u8() { return is_ascii_ ? static_cast<std::uint8_t>(digits(2)) : in_.u8(); }
  std::uint16_t u16() { return is_ascii_ ? static_cast<std::uint16_t>(digits(4)) : in_.le16(); }
  std::uint32_t u32() { return is_ascii_ ? digits(8) : in_.le32(); }
  void skip(std::size_t values_bytes) { in_.skip(is_ascii_ ? 2 * values_bytes : values_bytes); }
  [[nodiscard]] std::size_t left() const { return is_ascii_ ? in_.left() / 2 : in_.left(); }
  [[nodiscard]] bool is_ascii() const { return is_ascii_; }
  Cursor& in() { return in_; }

 private:
  std::uint32_t digits(std::size_t count);

  Cursor in_;
  bool is_ascii_;
};

// What a response says of itself.
struct Answer {
  std::uint16_t end_code = 0;
  std::optional<std::uint16_t> command;  // that failed, when the error information names it
};

[[nodiscard]] Header read_header(Cursor in);
[[nodiscard]] Answer read_answer(Fields& body);

// "network 1 station 3 CPU 2 ": nothing for the station that is spoken to itself.
void write_route(Writer& to, const Route& route);
// The devices, labels, buffer addresses that the data of a request name. Values are passed over.
void write_target(Writer& to, std::uint16_t command, std::uint16_t subcommand, Fields& data);
// The part of a configuration of CC-Link IE TSN that the subcommand tells.
void write_part(Writer& to, std::uint16_t command, std::uint16_t subcommand);

// Answers to a node search (0E30) have a shape of their own, and often no request before them in
// their flow: it was sent to everybody.
[[nodiscard]] bool is_node_found(Cursor data);
// Address, vendor code, model code and version of the node that answers.
void read_node_found(Cursor& data, Collected& facts);

// One message, whole or its head: the request's command and target, the answer's end code, who a
// node says that it is.
void read_exchange(Cursor in, const Context& context, Out& out);

}  // namespace osect::dissect::slmp_message
