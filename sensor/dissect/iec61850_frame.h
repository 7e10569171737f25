// What GOOSE and sampled values travel in: the header behind their ethertypes, IEC 61850-8-1 annex
// C and IEC 61850-9-2 clause 5.3.3; the session protocol over UDP of IEC TR 61850-90-5 clause 8.
#pragma once

#include <cstdint>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::iec61850_frame {

constexpr std::uint16_t kPort = 102;  // of the connectionless transport over UDP

// One application protocol data unit.
struct Pdu {
  std::uint16_t app_id = 0;
  bool is_simulated = false;  // by test equipment
  Cursor apdu;
};

// Behind the ethertype; `in` moves behind it.
[[nodiscard]] Pdu read(Cursor& in, bool is_whole);

// Session identifiers and the payload types that belong to them.
enum class Routed : std::uint8_t { goose = 0xa1, sampled_values = 0xa2 };
[[nodiscard]] bool is_session(Cursor in, Routed kind);
// The payload of a session protocol data unit: one or more of what read_routed reads.
[[nodiscard]] Cursor read_session(Cursor in, Routed kind);
[[nodiscard]] Pdu read_routed(Cursor& payload, Routed kind);

// "appid 0x0001 <of>": the code of an operation.
void write_code(Writer& to, std::uint16_t app_id, std::string_view of);

}  // namespace osect::dissect::iec61850_frame
