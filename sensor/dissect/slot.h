// What the engine remembers of a flow: its protocol, the state of both stream directions, messages
// in the making.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>

#include "base/clock.h"
#include "sensor/decode/flow.h"
#include "sensor/dissect/notes.h"
#include "sensor/dissect/requests.h"

namespace osect::dissect {

struct Dissector;

// The longest head of a message that is put together from pieces; what lies beyond is passed over.
constexpr std::size_t kBufferBytes = 16 * 1024;
// What a flow may hold back while its protocol is not yet proven.
constexpr std::size_t kTrialBytes = 4 * 1024;
constexpr std::size_t kTrialPiecesMax = 64;
constexpr std::size_t kTrialHeadBytes = 128;

// A split message; all but the bytes is set when it is taken. `since` orders buffers by age: the
// oldest is given up when all are in use.
struct Buffer {
  std::uint32_t slot;
  std::uint32_t size;
  std::uint64_t since;
  decode::End from;
  std::array<std::uint8_t, kBufferBytes> bytes;

  [[nodiscard]] std::span<const std::uint8_t> view() const { return {bytes.data(), size}; }
};

struct HeldPiece {
  TimeNs time;
  std::uint32_t offset;
  std::uint32_t size;
  decode::End from;
};

// Pieces of a flow that may turn out to be a protocol's first messages. They are replayed when it
// is proven, so that counts are exact, and dropped when it is not.
struct Trial {
  const Dissector* dissector = nullptr;
  std::uint8_t pieces_count = 0;
  std::uint32_t slot = kNone;
  std::uint32_t bytes_count = 0;
  std::uint64_t since = 0;
  Outstanding outstanding;
  std::array<std::uint8_t, 2> head_size{};
  std::array<std::array<std::uint8_t, kTrialHeadBytes>, 2> head;  // how each direction begins
  std::array<HeldPiece, kTrialPiecesMax> pieces;
  std::array<std::uint8_t, kTrialBytes> bytes;
};

// As a length to pass over: until the stream ends.
constexpr std::uint64_t kEverything = std::numeric_limits<std::uint64_t>::max();

struct Direction {
  std::uint64_t skip = 0;  // bytes of a message still to be passed over
  std::uint32_t buffer = kNone;
  bool has_begun = false;
  bool is_synchronised = false;  // the next byte begins a message
  std::uint8_t failures = 0;     // searches for a beginning that found none
};

enum class Stage : std::uint8_t { unknown, recognised, given_up };

struct Slot {
  const Dissector* dissector = nullptr;  // of a recognised flow
  Stage stage = Stage::unknown;
  bool is_on_port = false;  // the recognised protocol is on one of its ports
  std::uint8_t tries = 0;   // messages on which no protocol was recognised
  std::uint32_t trial = kNone;
  std::uint32_t memory = 0;  // the dissector's own
  NoteList notes;            // and its notes
  Outstanding outstanding;
  std::array<Direction, 2> directions;
};

}  // namespace osect::dissect
