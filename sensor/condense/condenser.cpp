// Merging and timing of batches.
#include "sensor/condense/condenser.h"

#include <algorithm>
#include <utility>

namespace osect::condense {
namespace {

// A clock that is set, or a capture put together from pieces years apart, does not make a batch of
// years.
constexpr TimeNs kBatchMost = 24 * 60 * kMinuteNs;

struct Times {
  TimeNs first = 0;
  TimeNs last = 0;
};

// A row counts within its report; its first time ever may lie before.
template <typename Row>
Times times(const Row& row, const Merge::Limits& limits) {
  const TimeNs first = std::clamp(row.first, limits.begin, limits.end);
  return {first, std::clamp(row.last, first, limits.end)};
}

template <typename Row>
void widen(Row& row, const Times& by) {
  row.first = std::min(row.first, by.first);
  row.last = std::max(row.last, by.last);
}

bool has_loss(const observe::PortRow& row) {
  return row.dropped_kernel + row.dropped_queue + row.malformed + row.truncated + row.evicted > 0;
}

template <typename Rows>
void bound(const Rows& rows, TimeNs& begin, TimeNs& end) {
  for (const auto& row : rows) {
    begin = std::min(begin, row.first);
    end = std::max(end, row.last);
  }
}

std::string key_of(const observe::FactRow& row) {
  std::string key(row.subject.mac.bytes.begin(), row.subject.mac.bytes.end());
  const auto ip = row.subject.ip.bytes();
  key.append(ip.begin(), ip.end());
  for (const auto& part : {std::to_string(row.subject.vlan), row.attribute, row.value, row.source})
    key.append(part).push_back('\0');
  return key;
}

}  // namespace

void Merge::add(const observe::EndpointRow& row, const Limits& limits) {
  const auto [first, last] = times(row, limits);
  const auto host = dictionary_.host_id(observe::HostKey(row.host));
  if (endpoints_.size() <= host) endpoints_.resize(host + std::size_t{1});
  if (endpoints_[host] == 0) {
    rows_.endpoints.push_back({host, row.is_new, row.packets, row.bytes, first, last});
    endpoints_[host] = static_cast<std::uint32_t>(rows_.endpoints.size());
    return;
  }
  auto& merged = rows_.endpoints[endpoints_[host] - 1];
  widen(merged, {first, last});
  merged.is_new |= row.is_new;
  merged.packets += row.packets;
  merged.bytes += row.bytes;
}

void Merge::add(const observe::ConversationRow& row, const Limits& limits) {
  const auto [first, last] = times(row, limits);
  const auto before = dictionary_.latest_conversation();
  const auto id = dictionary_.conversation_id(
      {dictionary_.host_id(observe::HostKey(row.client), before.client),
       dictionary_.host_id(observe::HostKey(row.server), before.server),
       dictionary_.text_id(row.protocol, before.protocol), row.port, row.transport});
  if (id > rows_.conversations.size()) {
    rows_.conversations.push_back({id, row.flows, row.packets, row.bytes, first, last});
    return;
  }
  auto& merged = rows_.conversations[id - 1];
  widen(merged, {first, last});
  merged.flows += row.flows;
  for (std::size_t way = 0; way < 2; ++way) {
    merged.packets[way] += row.packets[way];
    merged.bytes[way] += row.bytes[way];
  }
}

void Merge::add(const observe::OperationRow& row, const Limits& limits) {
  const auto [first, last] = times(row, limits);
  const auto before = dictionary_.latest_operation();
  const auto id =
      dictionary_.operation_id({dictionary_.text_id(row.protocol.view(), before.protocol),
                                dictionary_.host_id(observe::HostKey(row.client), before.client),
                                dictionary_.host_id(observe::HostKey(row.server), before.server),
                                dictionary_.text_id(row.function.view(), before.function),
                                dictionary_.text_id(row.code.view(), before.code),
                                dictionary_.text_id(row.target.view(), before.target), row.access});
  if (id > rows_.operations.size()) {
    rows_.operations.push_back(
        {id, row.cycle_us, row.jitter_us, row.count, row.errors, first, last});
    return;
  }
  auto& merged = rows_.operations[id - 1];
  widen(merged, {first, last});
  // Means cannot be added: those of the part that counted more stand for both.
  if (row.count > merged.count) {
    merged.cycle_us = row.cycle_us;
    merged.jitter_us = row.jitter_us;
  }
  merged.count += row.count;
  merged.errors += row.errors;
}

void Merge::add(const observe::FactRow& row, const Limits& limits) {
  const auto [first, last] = times(row, limits);
  OperationKey key;
  key.client = dictionary_.subject_id(observe::HostKey(row.subject));
  key.function = dictionary_.text_id(row.attribute);
  key.target = dictionary_.text_id(row.value);
  key.protocol = dictionary_.text_id(row.source);
  const auto [at, is_first] = facts_.try_emplace(key, rows_.facts.size());
  if (is_first) {
    rows_.facts.push_back({key.client, key.function, key.target, key.protocol, row.confidence,
                           row.count, first, last});
    return;
  }
  auto& merged = rows_.facts[at->second];
  widen(merged, {first, last});
  merged.confidence = std::max(merged.confidence, row.confidence);
  merged.count += row.count;
}

void Merge::add(const observe::PortRow& row) {
  const auto same = std::find_if(rows_.ports.begin(), rows_.ports.end(),
                                 [&](const auto& port) { return port.name == row.name; });
  if (same == rows_.ports.end()) {
    rows_.ports.push_back(row);
    return;
  }
  same->packets += row.packets;
  same->bytes += row.bytes;
  same->dropped_kernel += row.dropped_kernel;
  same->dropped_queue += row.dropped_queue;
  same->malformed += row.malformed;
  same->unparsed += row.unparsed;
  same->truncated += row.truncated;
  same->evicted += row.evicted;
}

Rows Merge::take() {
  endpoints_.clear();
  facts_.clear();
  Rows next;  // about as large
  next.endpoints.reserve(rows_.endpoints.size());
  next.conversations.reserve(rows_.conversations.size());
  next.operations.reserve(rows_.operations.size());
  rows_.entries = dictionary_.take();
  return std::exchange(rows_, std::move(next));
}

void Condenser::hold_new(const observe::Report& report) {
  const auto hold = [&](const auto& rows) {
    for (const auto& row : rows) {
      if (!row.is_new) continue;
      novelty_.add(row, {});
      if (!std::exchange(has_novelty_, true)) novelty_since_ = report.end;
    }
  };
  hold(report.endpoints);
  hold(report.conversations);
  hold(report.operations);
  hold(report.facts);
  for (const auto& row : report.facts)
    if (row.is_new) count_fact(row, report.end);
  for (const auto& row : report.events) {
    novelty_.add(row);
    if (!std::exchange(has_novelty_, true)) novelty_since_ = report.end;
  }
}

void Condenser::add_new(const observe::Report& report) {
  hold_new(report);
  // A clock that was set back ends an interval before it began.
  const Merge::Limits limits{std::min(report.begin, report.end),
                             std::max(report.begin, report.end)};
  const auto count = [&](const auto& rows) {
    for (const auto& row : rows)
      if (!row.is_new) counters_.add(row, limits);
  };
  count(report.endpoints);
  count(report.conversations);
  count(report.operations);
  advance(report.end);
}

void Condenser::add_interval(std::uint16_t port, const observe::Report& report) {
  if (reported_.count(port) != 0) flush_counters();
  add_new(report);
  for (const auto& row : report.facts)
    if (!row.is_new) count_fact(row, report.end);
  for (const auto& row : report.ports) counters_.add(row);
  const auto [begin, end] = std::minmax(report.begin, report.end);
  counters_begin_ = has_counters_ ? std::min(counters_begin_, begin) : begin;
  counters_end_ = has_counters_ ? std::max(counters_end_, end) : end;
  has_counters_ = true;
  reported_.insert(port);
  if (reported_.size() >= limits_.ports) flush_counters();
}

void Condenser::count_fact(const observe::FactRow& row, TimeNs now) {
  auto key = key_of(row);
  const auto known = facts_.find(key);
  if (row.is_new || known == facts_.end()) {
    if (known == facts_.end() && facts_.size() >= limits_.facts_max) return;
    RepeatedFact& fact = facts_[std::move(key)];
    fact.told = now;
    fact.since = row;
    fact.since.count = 0;
    facts_due_ = std::min(facts_due_, due(fact));
    return;
  }
  auto& since = known->second.since;
  if (since.count == 0) since.first = row.first;
  since.last = std::max(since.last, row.last);
  since.count += row.count;
  facts_due_ = std::min(facts_due_, due(known->second));
}

TimeNs Condenser::due(const RepeatedFact& fact) const {
  return fact.told + (fact.since.count > 0 ? 1 : 2) * limits_.fact_repeat;
}

void Condenser::add_due_facts() {
  if (counters_end_ < facts_due_) return;
  facts_due_ = kNever;
  boost::unordered::erase_if(facts_, [&](auto& entry) {
    RepeatedFact& fact = entry.second;
    if (counters_end_ >= due(fact)) {
      if (fact.since.count == 0) return true;
      counters_.add(fact.since, {counters_begin_, counters_end_});
      fact.told = counters_end_;
      fact.since.count = 0;
    }
    facts_due_ = std::min(facts_due_, due(fact));
    return false;
  });
}

void Condenser::advance(TimeNs now) {
  if (has_novelty_ && now - novelty_since_ >= limits_.novelty_delay) flush_novelty();
}

void Condenser::add_gap(Gap gap) {
  if (!std::exchange(has_novelty_, true)) novelty_since_ = gap.end;
  gaps_.push_back(std::move(gap));
}

void Condenser::flush_novelty() {
  if (!has_novelty_) return;
  Content& content = ready_.emplace_back();
  content.kind = Kind::novelty;
  content.rows = novelty_.take();
  content.gaps = std::exchange(gaps_, {});
  TimeNs begin = novelty_since_;
  TimeNs end = novelty_since_;
  bound(content.rows.endpoints, begin, end);
  bound(content.rows.conversations, begin, end);
  bound(content.rows.operations, begin, end);
  bound(content.rows.facts, begin, end);
  bound(content.rows.events, begin, end);
  content.rows.begin = std::max(begin, end - kBatchMost);
  content.rows.end = end;
  has_novelty_ = false;
}

void Condenser::flush_counters() {
  reported_.clear();
  if (!has_counters_) return;
  add_due_facts();
  const auto& ports = counters_.ports();
  const bool is_idle = counters_.is_empty() && std::none_of(ports.begin(), ports.end(), has_loss);
  // Counters of ports that saw nothing worth a record wait for company: on a mobile link a message
  // costs more than what it says.
  if (is_idle && told_ != 0 && counters_end_ - told_ < limits_.idle_interval) return;
  flush_novelty();
  Content& content = ready_.emplace_back();
  content.kind = Kind::counters;
  content.rows = counters_.take();
  content.rows.begin = std::max(counters_begin_, counters_end_ - kBatchMost);
  content.rows.end = counters_end_;
  content.health = std::exchange(health_, std::nullopt);
  told_ = counters_end_;
  has_counters_ = false;
}

void Condenser::finish() {
  flush_novelty();
  told_ = 0;
  flush_counters();
}

std::vector<Content> Condenser::take() {
  return std::exchange(ready_, {});
}

}  // namespace osect::condense
