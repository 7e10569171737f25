// The observer's surface: hands segments to the tables and files statements; docs/architecture.md,
// observe.
#include "sensor/observe/observer.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "sensor/observe/state.h"

namespace osect::observe {

using dissect::Fact;
using dissect::Operation;
using dissect::Origin;
using dissect::Role;

Hasher::Hasher() {
  std::random_device random;
  // Odd, so that no factor of the product is zero.
  for (auto& seed : seed_) seed = (static_cast<std::uint64_t>(random()) << 32 | random()) | 1U;
}

Observer::State::State(const ObserveLimits& given)
    : limits(given),
      endpoints(limits.endpoints_max),
      conversations(limits.conversations_max),
      operations(limits.operations_max),
      asked(limits.operations_max),
      facts(limits.facts_max),
      pairs(limits.pairs_max),
      macs(limits.endpoints_max),
      events(limits.events_max),
      flows(limits.flows_max),
      touched_conversations(limits.conversations_max),
      touched_operations(limits.operations_max),
      touched_facts(limits.facts_max) {
  new_endpoints.reserve(limits.endpoints_max);
  new_conversations.reserve(limits.conversations_max);
  new_operations.reserve(limits.operations_max);
  new_facts.reserve(limits.facts_max);
}

Observer::Observer(const ObserveLimits& limits) : state_(std::make_unique<State>(limits)) {}
Observer::~Observer() = default;

void Observer::on_segment(const decode::Segment& segment) {
  state_->count_segment(segment);
}

void Observer::on_flow_end(decode::Flow& flow) {
  state_->fold(flow);
  state_->release(flow);
}

void Observer::fold(decode::Flow& flow) {
  state_->fold(flow);
}

void Observer::on_protocol(const Origin& origin, bool is_assumed) {
  if (origin.flow == nullptr) return;
  FlowState& flow = state_->flow_state(*origin.flow);
  if (!flow.protocol.empty() && (is_assumed || !flow.is_assumed)) return;
  flow.protocol = origin.protocol;
  flow.is_assumed = is_assumed;
  flow.has_news = true;
}

namespace {

// One endpoint of an operation. No station sends from a group address.
HostKey sender_of(const Origin& origin) {
  return {origin.vlan, origin.sender_mac.is_group() ? MacAddress{} : origin.sender_mac,
          origin.sender_ip};
}

HostKey receiver_of(const Origin& origin) {
  return {origin.vlan, origin.receiver_mac, origin.receiver_ip};
}

bool is_row_of(const OperationKey& key, const HostKey& client, const HostKey& server,
               const Operation& said) {
  return key.client == client && key.server == server && key.code.holds(said.code) &&
         key.target.holds(said.target);
}

}  // namespace

RowPlace Observer::State::operation(const Origin& origin, const Operation& said) {
  const bool is_response = said.role == Role::response;
  const HostKey sender = sender_of(origin);
  const HostKey receiver = receiver_of(origin);
  const HostKey& client = is_response ? receiver : sender;
  const HostKey& server = is_response ? sender : receiver;
  RecentOperations::Entry& recent =
      recent_operations.of(folded(client) ^ std::rotl(folded(server), 19),
                           folded(said.code) ^ std::rotl(folded(said.target), 31), hasher);
  const OperationEntry* const known = operations.find(recent.place.slot, recent.place.serial);
  if (known != nullptr && recent.protocol == origin.protocol.data() &&
      is_row_of(known->key, client, server, said))
    return recent.place;

  OperationKey key;
  key.client = client;
  key.server = server;
  key.protocol = FixedText<24>(origin.protocol);
  key.code = FixedText<64>(said.code);
  key.target = FixedText<64>(said.target);
  std::uint32_t slot = operations.find(key, hasher);
  if (slot == kNoSlot) {
    slot =
        operations.add(key, hasher, [&](const OperationEntry&) { ++counters.operations_evicted; });
    OperationEntry& added = operations[slot];
    added.function = FixedText<64>(said.function);
    added.access = said.access;
    added.first = origin.time;
    if (new_operations.size() < new_operations.capacity()) new_operations.push_back(slot);
  }
  recent = {{slot, operations.serial(slot)}, origin.protocol.data()};
  return recent.place;
}

namespace {

// The question without its target, between the hosts as people know them.
OperationKey question_of(const OperationKey& key) {
  const auto known = [](const HostKey& of) {
    const Host host = of.host();
    return host.ip.is_none() ? of : HostKey(host.vlan, {}, host.ip);
  };
  OperationKey question = key;
  question.client = known(key.client);
  question.server = known(key.server);
  question.target = {};
  return question;
}

}  // namespace

void Observer::State::note_asked(const OperationEntry& row) {
  const OperationKey question = question_of(row.key);
  std::uint32_t slot = asked.find(question, hasher);
  if (slot == kNoSlot) slot = asked.add(question, hasher, [](const Asked&) {});
  asked[slot].last = row.last;
}

bool Observer::State::is_asked(const OperationEntry& row) const {
  return asked.find(question_of(row.key), hasher) != kNoSlot;
}

void Observer::State::settle_answers() {
  touched_operations.for_each(operations, [&](OperationEntry& row) {
    if (row.requests == 0 && row.responses > row.told_count && !row.is_asked_elsewhere)
      row.is_asked_elsewhere = is_asked(row);
  });
}

dissect::Memo Observer::on_operation(const Origin& origin, const Operation& operation,
                                     std::optional<dissect::Memo> asked) {
  State& s = *state_;
  RowPlace at = asked ? RowPlace::of(*asked) : RowPlace{};
  // The answer falls on the row of its question, by whatever way it came back.
  if (s.operations.find(at.slot, at.serial) == nullptr) at = s.operation(origin, operation);
  OperationEntry& row = s.operations[at.slot];
  const bool is_response = operation.role == Role::response;
  if (!row.is_touched) [[unlikely]] {
    row.since = origin.time;
    s.touched_operations.note(row, at.slot);
  }
  row.last = std::max(row.last, origin.time);
  if (is_response) {
    if (operation.is_error) ++row.errors;
    if (!operation.is_error || operation.has_own_code) ++row.responses;
    // Where everybody is asked at once, the answers alone show each one's cycle.
    if (row.requests > 0) return at.memo();
  } else if (row.requests++ == 0) {
    s.note_asked(row);
  }
  if (row.access != dissect::Access::cyclic) return at.memo();
  if (row.last_request != 0 && origin.time > row.last_request) {
    const auto cycle = static_cast<double>(origin.time - row.last_request);
    row.cycles = std::min(row.cycles + 1, OperationEntry::kCyclesMax);
    row.cycle_ns += (cycle - row.cycle_ns) / row.cycles;
    row.jitter_ns += (std::abs(cycle - row.cycle_ns) - row.jitter_ns) / row.cycles;
  }
  row.last_request = origin.time;
  return at.memo();
}

namespace {

HostKey subject_of(const Origin& origin, const Fact& fact) {
  const auto station = [&](const MacAddress& mac, const IpAddress& ip) {
    return HostKey(origin.vlan, mac.is_station() ? mac : MacAddress{},
                   ip.is_station() ? ip : IpAddress{});
  };
  switch (fact.subject) {
    case dissect::Subject::sender:
      return station(origin.sender_mac, origin.sender_ip);
    case dissect::Subject::receiver:
      return station(origin.receiver_mac, origin.receiver_ip);
    case dissect::Subject::named:
      break;
  }
  return {origin.vlan, fact.mac, fact.ip};
}

}  // namespace

std::uint32_t Observer::State::fact(const HostKey& subject, const Origin& origin,
                                    const Fact& said) {
  RecentFacts::Entry& recent = recent_facts.of(
      folded(subject), folded(said.attribute) ^ std::rotl(folded(said.value), 31), hasher);
  const FactEntry* const known = facts.find(recent.place.slot, recent.place.serial);
  if (known != nullptr && recent.protocol == origin.protocol.data() &&
      known->key.subject == subject && known->key.attribute.holds(said.attribute) &&
      known->key.value.holds(said.value))
    return recent.place.slot;

  FactKey key;
  key.subject = subject;
  key.source = FixedText<24>(origin.protocol);
  key.attribute = FixedText<32>(said.attribute);
  key.value = FixedText<248>(said.value);
  std::uint32_t slot = facts.find(key, hasher);
  if (slot == kNoSlot) {
    slot = facts.add(key, hasher, [&](const FactEntry&) { ++counters.facts_evicted; });
    facts[slot].first = origin.time;
    if (new_facts.size() < new_facts.capacity()) new_facts.push_back(slot);
  }
  recent = {{slot, facts.serial(slot)}, origin.protocol.data()};
  return slot;
}

void Observer::on_fact(const Origin& origin, const Fact& fact) {
  State& s = *state_;
  const HostKey subject = subject_of(origin, fact);
  if (subject == HostKey(origin.vlan, {}, {})) return;  // about nobody that can be named
  const std::uint32_t slot = s.fact(subject, origin, fact);
  FactEntry& row = s.facts[slot];
  row.confidence = std::max(row.confidence, fact.confidence);
  row.last = std::max(row.last, origin.time);
  ++row.count;
  s.touched_facts.note(row, slot);
}

void Observer::on_anomaly(const Origin& /*origin*/) {}

Report Observer::drain_new(TimeNs now) {
  return state_->drain(now, true);
}

Report Observer::drain(TimeNs now) {
  state_->settle_answers();
  Report report = state_->drain(now, false);
  state_->drop_silent(now);
  return report;
}

Report Observer::totals() const {
  return state_->totals();
}

const ObserveCounters& Observer::counters() const {
  return state_->counters;
}

std::size_t Observer::memory_bytes() const {
  const State& s = *state_;
  return s.endpoints.bytes() + s.conversations.bytes() + s.operations.bytes() + s.asked.bytes() +
         s.facts.bytes() + s.recent_operations.bytes() + s.recent_facts.bytes() + s.pairs.bytes() +
         s.macs.bytes() + s.events.bytes() + s.flows.bytes() + s.touched_conversations.bytes() +
         s.touched_operations.bytes() + s.touched_facts.bytes() +
         sizeof(std::uint32_t) * (s.new_endpoints.capacity() + s.new_conversations.capacity() +
                                  s.new_operations.capacity() + s.new_facts.capacity());
}

}  // namespace osect::observe
