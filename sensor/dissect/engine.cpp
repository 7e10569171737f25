// Recognises the protocol of each flow and hands messages to its dissector; docs/architecture.md,
// dissect.
#include "sensor/dissect/engine.h"

#include <algorithm>
#include <utility>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/engine_state.h"
#include "sensor/dissect/tcp_stack.h"

namespace osect::dissect {
namespace {

constexpr std::uint8_t kTriesMax = 12;         // messages looked at before a flow is given up
constexpr std::uint32_t kSettledBytesMin = 8;  // fewer bytes are plausible as anything
constexpr int kConsistentMin = 3;  // messages that prove a weak signature, with one answer
constexpr std::uint8_t kAssumedAfterPieces =
    6;  // plausible on its port for so long: taken for granted
// IP protocols, by their IANA numbers.
constexpr std::uint8_t kTcpNumber = 6;
constexpr std::uint8_t kUdpNumber = 17;

std::uint8_t over_of(const decode::Segment& segment) {
  if (segment.source.is_none()) return over::kEthernet;
  return segment.ip_protocol == kUdpNumber ? over::kUdp : over::kIp;
}

// Listens to a dissector without telling anybody: what it would have said shows whether the message
// is consistent.
class Witness final : public Out {
 public:
  Witness(Requests& requests, Outstanding& outstanding, TimeNs time)
      : requests_(requests), outstanding_(outstanding), time_(time) {}

  void say(const Operation& operation, const Cursor& proof) override {
    note(proof);
    if (!proof.is_good()) return;
    if (operation.role == Role::response) {
      const std::uint32_t request = requests_.find(outstanding_, {}, operation, time_);
      if (request == kNone) return;
      has_answer_ = true;
      requests_.release(request);
    } else {
      requests_.wait(outstanding_, {}, operation, Asker{}, time_);
    }
  }
  void say(const Fact&, const Cursor& proof) override { note(proof); }
  void say_direction(Role, const Cursor& proof) override { note(proof); }
  void check(const Cursor& proof) override { note(proof); }
  void carry(std::uint16_t, std::uint64_t, const Cursor& message) override { note(message); }
  std::optional<Asked> asked(std::uint64_t transaction) override {
    return requests_.asked(outstanding_, {}, transaction, time_);
  }

  [[nodiscard]] bool is_consistent() const { return has_spoken_ && !has_faulted_; }
  [[nodiscard]] bool has_answer() const { return has_answer_; }

 private:
  void note(const Cursor& proof) {
    has_spoken_ = true;
    has_faulted_ = has_faulted_ || !proof.is_good();
  }

  Requests& requests_;
  Outstanding& outstanding_;
  TimeNs time_;
  bool has_spoken_ = false;
  bool has_faulted_ = false;
  bool has_answer_ = false;
};

Origin origin_of(const decode::Segment& segment) {
  Origin origin;
  origin.time = segment.time;
  origin.flow = segment.flow;
  origin.sender_mac = segment.source_mac;
  origin.receiver_mac = segment.destination_mac;
  origin.sender_ip = segment.source;
  origin.receiver_ip = segment.destination;
  origin.vlan = segment.vlan;
  origin.from = segment.from;
  return origin;
}

bool is_spoken_on(const Dissector& dissector, const Context& context) {
  return is_usual_port(dissector, context.source_port) ||
         is_usual_port(dissector, context.destination_port);
}

}  // namespace

Engine::Engine(const EngineLimits& limits, StatementSink& sink)
    : state_(std::make_unique<State>(limits, sink)) {}
Engine::~Engine() = default;

void Engine::on_segment(const decode::Segment& segment) {
  if (segment.ip_protocol == kTcpNumber) {
    state_->segment_flow = segment.flow;
    state_->segment_receiver_mac = segment.destination_mac;
    if ((segment.tcp_flags & decode::tcp_flag::kSyn) != 0) [[unlikely]]
      state_->handshake(segment);
    return;
  }
  if (segment.payload.empty()) return;
  // The parts of a fragmented datagram are no messages; the datagram follows when it is whole.
  if (segment.is_fragment && !segment.is_reassembled) return;
  state_->segment(segment);
}

void Engine::on_stream(const decode::StreamPiece& piece) {
  state_->stream(piece);
}

void Engine::on_stream_end(decode::Flow& flow) {
  state_->end_stream(flow);
}
void Engine::on_flow_end(decode::Flow& flow) {
  state_->end_flow(flow);
}

const EngineCounters& Engine::counters() const {
  state_->counters.requests_expired = state_->requests.expired();
  return state_->counters;
}

std::size_t Engine::memory_bytes() const {
  return sizeof(State) + state_->slots.memory_bytes() + state_->buffers.memory_bytes() +
         state_->trials.memory_bytes() + state_->requests.memory_bytes() +
         state_->notes.memory_bytes();
}

std::uint32_t Engine::State::take_slot(decode::Flow& flow) {
  flow.dissect_slot = slots.try_take();
  if (flow.dissect_slot == kNone) ++counters.flows_refused;
  return flow.dissect_slot;
}

void Engine::State::segment(const decode::Segment& segment) {
  const std::uint8_t over = over_of(segment);
  if (over == over::kUdp && segment.flow != nullptr) {
    const std::uint32_t at = slot_of(*segment.flow);
    if (at == kNone || slots[at].stage == Stage::given_up) {
      ++counters.unparsed;
      return;
    }
    Slot& slot = slots[at];
    const Piece piece{.time = segment.time,
                      .flow = segment.flow,
                      .from = segment.from,
                      .receiver_mac = segment.destination_mac,
                      .bytes = segment.payload,
                      .is_whole = !segment.is_truncated};
    Context context = context_of(piece, over, slot);
    if (slot.stage == Stage::recognised)
      run(slot, at, piece, context);
    else
      explore(slot, at, piece, context);
    return;
  }
  // Ethernet and IP carry many protocols between the same two stations: each message is
  // recognised by itself.
  Context context;
  context.over = over;
  context.ethertype = segment.ethertype;
  context.ip_protocol = segment.ip_protocol;
  context.is_whole = !segment.is_truncated;
  Origin origin = origin_of(segment);
  datagram(segment, context, origin);
}

// What opens a connection, or answers, shows the stack that sent it; once is enough.
[[gnu::noinline]] void Engine::State::handshake(const decode::Segment& segment) {
  if (segment.flow == nullptr || segment.flow->packets[decode::index(segment.from)] > 1) return;
  const auto stack =
      tcp_stack::identify({.options = segment.tcp_options,
                           .window = segment.tcp_window,
                           .ttl = segment.ttl,
                           .is_answer = (segment.tcp_flags & decode::tcp_flag::kAck) != 0});
  if (!stack) return;
  Origin origin = origin_of(segment);
  origin.protocol = "tcp";
  Fact os = about_sender("os", stack->confidence);
  os.value = stack->os;
  sink.on_fact(origin, os);
  if (stack->hops == 0) return;
  Text<4> hops;
  Fact distance = about_sender("hops", stack->confidence);
  distance.value = hops.decimal(stack->hops).text();
  sink.on_fact(origin, distance);
}

void Engine::State::datagram(const decode::Segment& segment, Context& context, Origin& origin) {
  const std::uint16_t key =
      context.over == over::kEthernet ? context.ethertype : context.ip_protocol;
  context.is_usual_port = true;
  const Dissector* found = nullptr;
  recogniser.on_port(context.over, key).any([&](std::size_t place) {
    const bool is_it = recogniser[place].probe(Cursor(segment.payload), context) == Verdict::yes;
    if (is_it) found = &recogniser[place];
    return is_it;
  });
  if (found == nullptr) {
    ++counters.unparsed;
    return;
  }
  origin.protocol = found->name;
  context.origin = &origin;
  Outstanding* outstanding = nullptr;
  std::uint32_t no_memory = 0;
  context.memory = &no_memory;
  const std::uint32_t at = segment.flow != nullptr ? slot_of(*segment.flow) : kNone;
  if (at != kNone) {
    Slot& slot = slots[at];
    outstanding = &slot.outstanding;
    context.memory = &slot.memory;
    context.notes = Notes(notes, slot.notes);
    if (slot.stage != Stage::recognised) {
      slot.stage = Stage::recognised;
      slot.dissector = found;
      sink.on_protocol(origin, false);
    }
  }
  const Piece piece{segment.time,    segment.flow,    segment.from, {}, 0,
                    segment.payload, context.is_whole};
  Speaker speaker(sink, requests, context, outstanding, piece, origin);
  deliver(*found, segment.payload, context.is_whole, context, speaker);
}

void Engine::State::stream(const decode::StreamPiece& given) {
  const std::uint32_t at = slot_of(*given.flow);
  if (at == kNone || slots[at].stage == Stage::given_up) {
    ++counters.unparsed;
    return;
  }
  Slot& slot = slots[at];
  Direction& direction = slot.directions[decode::index(given.from)];
  // The inside of bodies and records costs nothing more than this.
  if (direction.skip >= given.bytes.size() && given.lost_before == 0 && direction.skip > 0) {
    if (direction.skip != kEverything) direction.skip -= given.bytes.size();
    return;
  }
  if (!direction.has_begun) {
    direction.has_begun = true;
    direction.is_synchronised = given.is_start;
  }
  const Piece piece{
      given.time,        given.flow,
      given.from,        given.flow == segment_flow ? segment_receiver_mac : MacAddress(),
      given.lost_before, given.bytes};
  Context context = context_of(piece, over::kTcp, slot);
  if (slot.stage == Stage::recognised)
    run_stream(slot, at, piece, context);
  else
    explore(slot, at, piece, context);
}

void Engine::State::run(Slot& slot, std::uint32_t at, const Piece& piece, Context& context) {
  if (context.over == over::kTcp) {
    run_stream(slot, at, piece, context);
    return;
  }
  const Dissector& dissector = *slot.dissector;
  const Origin origin = origin_of(piece, dissector.name);
  context.memory = &slot.memory;
  context.notes = Notes(notes, slot.notes);
  context.origin = &origin;
  Speaker speaker(sink, requests, context, &outstanding_of(slot), piece, origin);
  deliver(dissector, piece.bytes, context.is_whole, context, speaker);
}

void Engine::State::count_fault(Fault fault, Speaker& speaker) {
  if (fault == Fault::truncated) {
    ++counters.truncated;
    return;
  }
  ++counters.anomalies;
  sink.on_anomaly(speaker.origin());
}

void Engine::State::explore(Slot& slot, std::uint32_t at, const Piece& piece, Context& context) {
  const auto from = decode::index(piece.from);
  std::span<const std::uint8_t> bytes = piece.bytes;
  // A beginning that came in several pieces is judged as a whole.
  if (slot.trial != kNone && context.over == over::kTcp && trials[slot.trial].head_size[from] > 0) {
    Trial& trial = trials[slot.trial];
    auto& head = trial.head[from];
    auto& size = trial.head_size[from];
    const auto more = std::min(bytes.size(), head.size() - size);
    std::copy_n(bytes.begin(), more, head.begin() + size);
    size = static_cast<std::uint8_t>(size + more);
    bytes = {head.data(), size};
  }
  const Recognition found = recogniser.recognise(bytes, context);
  if (found.certainty == Certainty::proven) {
    confirm(slot, at, *found.dissector, piece, false, false);
    return;
  }
  if (!piece.is_whole) {
    ++counters.truncated;
    count_try(slot);
    return;
  }
  if (found.certainty != Certainty::nothing && hold(slot, at, *found.dissector, piece)) {
    Trial& trial = trials[slot.trial];
    if (found.certainty == Certainty::plausible) {
      if (trial.pieces_count < kAssumedAfterPieces || trial.bytes_count < kTrialHeadBytes) return;
      if (is_spoken_on(*found.dissector, context)) {
        confirm(slot, at, *found.dissector, piece, true, true);
        return;
      }
    } else if (const Progress progress = examine(trial, piece, context);
               progress != Progress::contradicted) {
      if (progress == Progress::proven) confirm(slot, at, *found.dissector, piece, true, false);
      return;
    }
  } else {
    ++counters.unparsed;
  }
  drop_trial(slot);
  slot.directions[from].is_synchronised = false;
  count_try(slot);
}

// A flow that nobody understands is not asked about for ever.
void Engine::State::count_try(Slot& slot) {
  if (++slot.tries < kTriesMax) return;
  drop_trial(slot);
  slot.stage = Stage::given_up;
}

// Keeps the piece for the replay. False when it cannot be kept: the flow's trial is full, or of
// another protocol.
bool Engine::State::hold(Slot& slot, std::uint32_t at, const Dissector& dissector,
                         const Piece& piece) {
  if (slot.trial == kNone) {
    slot.trial = trials.try_take();
    if (slot.trial == kNone) {
      std::uint32_t oldest = 0;
      for (std::uint32_t i = 1; i < trials.capacity(); ++i)
        if (trials[i].since < trials[oldest].since) oldest = i;
      Slot& holder = slots[trials[oldest].slot];
      drop_trial(holder);
      holder.stage = Stage::given_up;
      slot.trial = trials.try_take();
    }
    Trial& fresh = trials[slot.trial];
    fresh.slot = at;
    fresh.since = ++clock;
  }
  Trial& trial = trials[slot.trial];
  trial.dissector = &dissector;  // more bytes may speak for another than the first few did
  if (trial.pieces_count == kTrialPiecesMax ||
      piece.bytes.size() > kTrialBytes - trial.bytes_count || piece.lost_before > 0)
    return false;
  auto& head = trial.head[decode::index(piece.from)];
  auto& head_size = trial.head_size[decode::index(piece.from)];
  if (head_size == 0) {
    head_size = static_cast<std::uint8_t>(std::min(piece.bytes.size(), head.size()));
    std::copy_n(piece.bytes.begin(), head_size, head.begin());
  }
  trial.pieces[trial.pieces_count++] = {piece.time, trial.bytes_count,
                                        static_cast<std::uint32_t>(piece.bytes.size()), piece.from};
  std::copy(piece.bytes.begin(), piece.bytes.end(), trial.bytes.begin() + trial.bytes_count);
  trial.bytes_count += static_cast<std::uint32_t>(piece.bytes.size());
  return true;
}

// A weak signature is believed after three consistent messages and one response that answers its
// request. All that was held back is looked at again, so that messages may be split over pieces.
Engine::State::Progress Engine::State::examine(Trial& trial, const Piece& last, Context context) {
  const Dissector& dissector = *trial.dissector;
  std::uint32_t no_memory = 0;
  context.memory = &no_memory;
  std::array<std::array<std::uint8_t, kTrialBytes>, 2> streams;
  std::array<std::size_t, 2> have{};
  std::array<std::size_t, 2> used{};
  int consistent = 0;
  bool has_answer = false;
  requests.forget(trial.outstanding);
  for (const HeldPiece& piece : std::span(trial.pieces).first(trial.pieces_count)) {
    const auto from = decode::index(piece.from);
    std::copy_n(trial.bytes.begin() + piece.offset, piece.size,
                streams[from].begin() + static_cast<std::ptrdiff_t>(have[from]));
    have[from] += piece.size;
    const bool is_to_server = context.is_to_server == (piece.from == last.from);
    Context met = context;
    met.is_to_server = is_to_server;
    while (used[from] < have[from]) {
      const std::span<const std::uint8_t> stream = streams[from];
      Cursor rest(stream.subspan(used[from], have[from] - used[from]));
      std::size_t length = rest.left();
      if (context.over == over::kTcp) {
        length = dissector.frame(rest, met).length;
        if (length == Framing::kNotAMessage) return Progress::contradicted;
        if (length == Framing::kNeedMore || length > rest.left()) break;
      }
      Witness witness(requests, trial.outstanding, piece.time);
      dissector.dissect(rest.child(length), met, witness);
      if (!witness.is_consistent()) return Progress::contradicted;
      ++consistent;
      has_answer = has_answer || witness.has_answer();
      used[from] += length;
    }
  }
  return consistent >= kConsistentMin && has_answer ? Progress::proven : Progress::open;
}

// The protocol is known: says so, and dissects what was held back and then this piece.
void Engine::State::confirm(Slot& slot, std::uint32_t at, const Dissector& known,
                            const Piece& piece, bool is_held, bool is_assumed) {
  decode::Flow& flow = *piece.flow;
  slot.stage = Stage::recognised;
  slot.dissector = &known;
  slot.memory = 0;
  forget_notes(slot);
  slot.is_on_port =
      is_usual_port(known, flow.ends[0].port) || is_usual_port(known, flow.ends[1].port);
  for (const decode::End end : {decode::End::a, decode::End::b})
    if (is_usual_port(known, flow.ends[decode::index(end)].port) &&
        !is_usual_port(known, flow.ends[decode::index(decode::other(end))].port))
      flow.state_client(decode::other(end), decode::OpenerGround::service_port);
  sink.on_protocol(origin_of(piece, known.name), is_assumed);

  std::array<bool, 2> has_run{};
  const auto replay = [&](const Piece& next, bool is_beginning) {
    if (!std::exchange(has_run[decode::index(next.from)], true) && is_beginning)
      slot.directions[decode::index(next.from)].is_synchronised = true;
    Context context =
        context_of(next, flow.transport == decode::Transport::tcp ? over::kTcp : over::kUdp, slot);
    run(slot, at, next, context);
  };
  if (const std::uint32_t trial_at = std::exchange(slot.trial, kNone); trial_at != kNone) {
    Trial& trial = trials[trial_at];
    // Pieces held for another protocol need not begin with a message of this one.
    const bool is_same = trial.dissector == &known;
    for (const HeldPiece& held : std::span(trial.pieces).first(trial.pieces_count))
      replay({.time = held.time,
              .flow = &flow,
              .from = held.from,
              .receiver_mac = piece.receiver_mac,
              .bytes = std::span(trial.bytes).subspan(held.offset, held.size)},
             is_same);
    requests.forget(trial.outstanding);
    trials.give_back(trial_at);
  }
  if (!is_held) replay(piece, true);
}

void Engine::State::drop_trial(Slot& slot) {
  const std::uint32_t trial_at = std::exchange(slot.trial, kNone);
  if (trial_at == kNone) return;
  counters.unparsed += trials[trial_at].pieces_count;
  requests.forget(trials[trial_at].outstanding);
  trials.give_back(trial_at);
}

// The flow changes its protocol.
void Engine::State::begin_anew(Slot& slot) {
  slot.stage = Stage::unknown;
  slot.tries = 0;
  slot.memory = 0;
  forget_notes(slot);
  requests.forget(slot.outstanding);
  for (Direction& direction : slot.directions) {
    release_buffer(direction);
    direction.skip = 0;
  }
}

// Nothing more will come: what was plausible on its own port all the time is taken for granted.
void Engine::State::settle(Slot& slot, decode::Flow& flow) {
  if (slot.trial == kNone) return;
  const Trial& trial = trials[slot.trial];
  const Dissector& dissector = *trial.dissector;
  const HeldPiece& last = trial.pieces[trial.pieces_count - 1U];
  const bool is_on_port =
      is_usual_port(dissector, flow.ends[0].port) || is_usual_port(dissector, flow.ends[1].port);
  Piece piece;
  piece.time = last.time;
  piece.flow = &flow;
  piece.from = last.from;
  if (is_on_port && trial.bytes_count >= kSettledBytesMin)
    confirm(slot, flow.dissect_slot, dissector, piece, true, true);
  drop_trial(slot);
}

void Engine::State::end_stream(decode::Flow& flow) {
  if (flow.dissect_slot == kNone) return;
  Slot& slot = slots[flow.dissect_slot];
  settle(slot, flow);
  for (Direction& direction : slot.directions) {
    release_buffer(direction);
    direction = {};
  }
  requests.forget(slot.outstanding);
  forget_notes(slot);
  slot.memory = 0;
  slot.tries = 0;
  if (slot.stage == Stage::given_up) slot.stage = Stage::unknown;
}

void Engine::State::end_flow(decode::Flow& flow) {
  if (flow.dissect_slot == kNone) return;
  end_stream(flow);
  slots.give_back(std::exchange(flow.dissect_slot, kNone));
}

}  // namespace osect::dissect
