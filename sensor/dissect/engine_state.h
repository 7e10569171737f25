// What stands behind Engine: its pools and the steps from bytes to a dissector; private to
// engine.cpp and streams.cpp.
#pragma once

#include <span>
#include <string_view>

#include "sensor/dissect/engine.h"
#include "sensor/dissect/recognition.h"
#include "sensor/dissect/slot.h"
#include "sensor/dissect/speaker.h"

namespace osect::dissect {

struct Engine::State {
  State(const EngineLimits& limits, StatementSink& to)
      : sink(to),
        slots(limits.flows_max),
        buffers(limits.buffers_max),
        trials(limits.trials_max),
        requests(limits.requests_max),
        notes(limits.notes_max) {}

  void segment(const decode::Segment& segment);
  void stream(const decode::StreamPiece& given);
  void end_stream(decode::Flow& flow);
  void settle(Slot& slot, decode::Flow& flow);
  void end_flow(decode::Flow& flow);

  // The flow's slot, taken when it has none; kNone when the table is full.
  std::uint32_t slot_of(decode::Flow& flow) {
    return flow.dissect_slot != kNone ? flow.dissect_slot : take_slot(flow);
  }
  std::uint32_t take_slot(decode::Flow& flow);
  void handshake(const decode::Segment& segment);
  void datagram(const decode::Segment& segment, Context& context, Origin& origin);

  // Recognition of a stream or UDP flow: the piece is dissected, held back, or not understood.
  void explore(Slot& slot, std::uint32_t at, const Piece& piece, Context& context);
  bool hold(Slot& slot, std::uint32_t at, const Dissector& dissector, const Piece& piece);
  enum class Progress : std::uint8_t { open, proven, contradicted };
  Progress examine(Trial& trial, const Piece& last, Context context);
  void confirm(Slot& slot, std::uint32_t at, const Dissector& known, const Piece& piece,
               bool is_held, bool is_assumed);
  void drop_trial(Slot& slot);
  void count_try(Slot& slot);
  void begin_anew(Slot& slot);

  // A message, whole or its head, to the dissector.
  void deliver(const Dissector& dissector, std::span<const std::uint8_t> message, bool is_whole,
               Context& context, Speaker& speaker) {
    ++counters.messages;
    context.is_whole = is_whole;
    dissector.dissect(Cursor(message), context, speaker);
    if (const Fault fault = speaker.take_fault(); fault != Fault::none) [[unlikely]]
      count_fault(fault, speaker);
  }
  void count_fault(Fault fault, Speaker& speaker);
  void run(Slot& slot, std::uint32_t at, const Piece& piece, Context& context);

  // Streams of a recognised flow (streams.cpp).
  void run_stream(Slot& slot, std::uint32_t at, const Piece& piece, Context& context);
  bool find_step(const Dissector& dissector, Direction& direction, std::uint32_t at,
                 const Piece& piece, std::span<const std::uint8_t>& bytes, const Context& context);
  std::span<const std::uint8_t> run_partial(Slot& slot, std::uint32_t at, const Piece& piece,
                                            std::span<const std::uint8_t> bytes,
                                            const Framing& framing, Context& context,
                                            Speaker& speaker);
  std::span<const std::uint8_t> complete(const Dissector& dissector, Direction& direction,
                                         std::span<const std::uint8_t> bytes, Context& context,
                                         Speaker& speaker);
  void lose(const Dissector& dissector, Direction& direction, std::uint64_t lost,
            const Context& context);
  void stash(Direction& direction, std::uint32_t at, decode::End from,
             std::span<const std::uint8_t> bytes);
  void release_buffer(Direction& direction);

  Outstanding& outstanding_of(Slot& slot) {
    return slot.dissector->is_answered_elsewhere ? elsewhere : slot.outstanding;
  }

  void forget_notes(Slot& slot) { Notes(notes, slot.notes).forget(); }

  // Of the TCP segment before: its stream pieces follow, and do not carry it.
  const decode::Flow* segment_flow = nullptr;
  MacAddress segment_receiver_mac;

  const Recogniser& recogniser = Recogniser::of_all();
  StatementSink& sink;
  EngineCounters counters;
  Pool<Slot> slots;
  Pool<Buffer> buffers;
  Pool<Trial> trials;
  Requests requests;
  Pool<Note> notes;
  Outstanding elsewhere;    // requests whose answers may come in another flow
  std::uint64_t clock = 0;  // orders buffers and trials by age
};

[[nodiscard]] inline Context context_of(const Piece& piece, std::uint8_t over, const Slot& slot) {
  const decode::Flow& flow = *piece.flow;
  return {.over = over,
          .is_usual_port = slot.is_on_port,
          .is_to_server = flow.client == piece.from,
          .is_direction_known = flow.client_ground >= decode::OpenerGround::service_port,
          .is_whole = piece.is_whole,
          .source_port = flow.ends[decode::index(piece.from)].port,
          .destination_port = flow.ends[decode::index(decode::other(piece.from))].port,
          .ethertype = flow.ethertype,
          .ip_protocol = flow.ip_protocol,
          .origin = nullptr,
          .memory = nullptr,
          .notes = {}};
}

}  // namespace osect::dissect
