// Frames the byte streams of recognised flows: zero copy where a message lies whole in one piece,
// bounded otherwise.
#include <algorithm>
#include <optional>

#include "sensor/dissect/engine_state.h"

namespace osect::dissect {
namespace {

constexpr std::size_t kSearchBytes = 512;  // how far into a piece a message's beginning is searched
constexpr std::uint8_t kSearchesMax =
    8;  // after so many in vain, only a piece's first byte is looked at
constexpr std::size_t kFillStep =
    64;  // bytes added to a split message before its length is asked again
constexpr std::size_t kTooShort = 64;  // bytes in which not every probe can tell

bool is_length(const Framing& framing) {
  if (framing.length == Framing::kUntilEnd) return true;
  return framing.length != Framing::kNeedMore && framing.length < Framing::kAnotherProtocol;
}

// What remains of a message of which `have` bytes are here.
std::uint64_t rest_of(const Framing& framing, std::size_t have) {
  if (framing.length == Framing::kUntilEnd) return kEverything;
  return framing.length > have ? framing.length - have : 0;
}

// Does a message begin here, and if it ends within these bytes, another one behind it?
bool is_beginning(const Dissector& dissector, std::span<const std::uint8_t> bytes,
                  const Context& context) {
  if (dissector.probe(Cursor(bytes), context) != Verdict::yes) return false;
  const Framing framing = dissector.frame(Cursor(bytes), context);
  if (framing.length == Framing::kNotAMessage) return false;
  if (!is_length(framing) || framing.length >= bytes.size()) return true;
  return dissector.probe(Cursor(bytes.subspan(framing.length)), context) != Verdict::no;
}

// Where the next message begins within bytes.
std::optional<std::size_t> find_beginning(const Dissector& dissector, Direction& direction,
                                          std::span<const std::uint8_t> bytes,
                                          const Context& context) {
  const std::size_t depth =
      direction.failures < kSearchesMax ? std::min(bytes.size(), kSearchBytes) : 1;
  for (std::size_t at = 0; at < depth; ++at)
    if (is_beginning(dissector, bytes.subspan(at), context)) return at;
  if (direction.failures < kSearchesMax) ++direction.failures;
  return std::nullopt;
}

}  // namespace

void Engine::State::run_stream(Slot& slot, std::uint32_t at, const Piece& piece, Context& context) {
  const Dissector& dissector = *slot.dissector;
  Direction& direction = slot.directions[decode::index(piece.from)];
  std::span<const std::uint8_t> bytes = piece.bytes;
  context.memory = &slot.memory;
  context.notes = Notes(notes, slot.notes);
  Speaker speaker(sink, requests, context, &slot.outstanding, piece, dissector.name);
  if (piece.lost_before > 0) lose(dissector, direction, piece.lost_before, context);
  if (direction.skip > 0) {
    const auto passed = std::min<std::uint64_t>(direction.skip, bytes.size());
    if (direction.skip != kEverything) direction.skip -= passed;
    bytes = bytes.subspan(static_cast<std::size_t>(passed));
  }
  if (direction.buffer != kNone) bytes = complete(dissector, direction, bytes, context, speaker);
  while (!bytes.empty()) {
    if (!direction.is_synchronised && !find_step(dissector, direction, at, piece, bytes, context))
        [[unlikely]]
      return;
    const Framing framing = dissector.frame(Cursor(bytes), context);
    if (framing.length == Framing::kNeedMore || framing.length > bytes.size()) [[unlikely]] {
      bytes = run_partial(slot, at, piece, bytes, framing, context, speaker);
      continue;
    }
    const std::size_t head = std::min(std::min(framing.head, framing.length), kBufferBytes);
    if (head > 0) deliver(dissector, bytes.first(head), head == framing.length, context, speaker);
    bytes = bytes.subspan(framing.length);
  }
}

// Moves to where the next message begins; false when that is not within the bytes.
[[gnu::noinline]] bool Engine::State::find_step(const Dissector& dissector, Direction& direction,
                                                std::uint32_t at, const Piece& piece,
                                                std::span<const std::uint8_t>& bytes,
                                                const Context& context) {
  const auto beginning = find_beginning(dissector, direction, bytes, context);
  if (!beginning) {
    if (bytes.size() < kTooShort && dissector.probe(Cursor(bytes), context) == Verdict::maybe) {
      stash(direction, at, piece.from, bytes);  // more bytes will tell
    } else {
      ++counters.unparsed;
    }
    return false;
  }
  bytes = bytes.subspan(*beginning);
  direction.is_synchronised = true;
  direction.failures = 0;
  ++counters.resynchronised;
  return true;
}

// What begins here is no message that ends within the bytes; returns what is still to be looked at.
[[gnu::noinline]] std::span<const std::uint8_t> Engine::State::run_partial(
    Slot& slot, std::uint32_t at, const Piece& piece, std::span<const std::uint8_t> bytes,
    const Framing& framing, Context& context, Speaker& speaker) {
  const Dissector& dissector = *slot.dissector;
  Direction& direction = slot.directions[decode::index(piece.from)];
  if (framing.length == Framing::kAnotherProtocol) {
    begin_anew(slot);
    Piece rest = piece;
    rest.lost_before = 0;
    rest.bytes = bytes;
    explore(slot, at, rest, context);
    return {};
  }
  const bool is_endless = framing.length == Framing::kNeedMore && bytes.size() >= kBufferBytes;
  if (framing.length == Framing::kNotAMessage || is_endless) {
    direction.is_synchronised = false;
    ++counters.anomalies;
    sink.on_anomaly(speaker.origin());
    return is_endless ? std::span<const std::uint8_t>{} : bytes;
  }
  const std::size_t head = std::min(std::min(framing.head, framing.length), kBufferBytes);
  if (framing.length == Framing::kNeedMore || head > bytes.size()) {
    stash(direction, at, piece.from, bytes);
    return {};
  }
  if (head > 0) deliver(dissector, bytes.first(head), false, context, speaker);
  direction.skip = rest_of(framing, bytes.size());
  return {};
}

// Goes on with the message in the direction's buffer; returns what of the bytes lies behind it.
std::span<const std::uint8_t> Engine::State::complete(const Dissector& dissector,
                                                      Direction& direction,
                                                      std::span<const std::uint8_t> bytes,
                                                      Context& context, Speaker& speaker) {
  Buffer& buffer = buffers[direction.buffer];
  std::size_t used = 0;
  const auto append = [&](std::size_t count) {
    const auto more = std::min({count, bytes.size() - used, kBufferBytes - buffer.size});
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(used), more,
                buffer.bytes.begin() + buffer.size);
    buffer.size += static_cast<std::uint32_t>(more);
    used += more;
    return more;
  };
  if (!direction.is_synchronised) {
    append(kFillStep);
    if (!is_beginning(dissector, buffer.view(), context)) {
      const bool is_open = buffer.size < kTooShort &&
                           dissector.probe(Cursor(buffer.view()), context) == Verdict::maybe;
      if (is_open) return {};
      release_buffer(direction);
      return bytes;
    }
    direction.is_synchronised = true;
    ++counters.resynchronised;
  }
  for (;;) {
    const Framing framing = dissector.frame(Cursor(buffer.view()), context);
    if (framing.length == Framing::kNeedMore) {
      if (append(std::max<std::size_t>(kFillStep, buffer.size)) > 0) continue;
      if (buffer.size < kBufferBytes) return {};
    }
    if (!is_length(framing)) {
      ++counters.anomalies;
      sink.on_anomaly(speaker.origin());
      release_buffer(direction);
      direction.is_synchronised = false;
      return bytes.subspan(used);
    }
    const std::size_t head = std::min(std::min(framing.head, framing.length), kBufferBytes);
    if (buffer.size < head) {
      append(head - buffer.size);
      if (buffer.size < head) return {};
    }
    // Bytes of this piece that were added to learn the length may belong to the next message.
    const std::size_t beyond =
        buffer.size > framing.length ? std::min(buffer.size - framing.length, used) : 0;
    used -= beyond;
    if (head > 0)
      deliver(dissector, buffer.view().first(head), head == framing.length, context, speaker);
    const std::uint64_t skip = rest_of(framing, buffer.size);
    release_buffer(direction);
    const auto passed =
        static_cast<std::size_t>(std::min<std::uint64_t>(skip, bytes.size() - used));
    direction.skip = skip == kEverything ? skip : skip - passed;
    return bytes.subspan(used + passed);
  }
}

// A gap: the stream stays in step when it lies within a message whose length is known.
void Engine::State::lose(const Dissector& dissector, Direction& direction, std::uint64_t lost,
                         const Context& context) {
  if (direction.buffer != kNone) {
    const Buffer& buffer = buffers[direction.buffer];
    const Framing framing = dissector.frame(Cursor(buffer.view()), context);
    if (direction.is_synchronised && is_length(framing))
      direction.skip = rest_of(framing, buffer.size);
    release_buffer(direction);
  }
  if (direction.skip >= lost) {
    if (direction.skip != kEverything) direction.skip -= lost;
    return;
  }
  direction.skip = 0;
  direction.is_synchronised = false;
}

void Engine::State::stash(Direction& direction, std::uint32_t at, decode::End from,
                          std::span<const std::uint8_t> bytes) {
  direction.buffer = buffers.try_take();
  if (direction.buffer == kNone) {
    std::uint32_t oldest = 0;
    for (std::uint32_t i = 1; i < buffers.capacity(); ++i)
      if (buffers[i].since < buffers[oldest].since) oldest = i;
    Direction& holder = slots[buffers[oldest].slot].directions[decode::index(buffers[oldest].from)];
    release_buffer(holder);
    holder.is_synchronised = false;
    ++counters.buffers_taken;
    direction.buffer = buffers.try_take();
  }
  Buffer& buffer = buffers[direction.buffer];
  buffer.slot = at;
  buffer.from = from;
  buffer.since = ++clock;
  buffer.size = static_cast<std::uint32_t>(std::min(bytes.size(), kBufferBytes));
  std::copy_n(bytes.begin(), buffer.size, buffer.bytes.begin());
}

void Engine::State::release_buffer(Direction& direction) {
  if (direction.buffer != kNone) buffers.give_back(std::exchange(direction.buffer, kNone));
}

}  // namespace osect::dissect
