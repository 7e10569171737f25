// Hits by rule and pair of hosts.
#include "sensor/signature/hit_log.h"

#include <string>
#include <utility>

namespace osect::signature {

HitLog::HitLog(const RuleSet& rules, HitSink* further)
    : rules_(rules), further_(further), table_(kRowsMost) {}

void HitLog::on_hit(const Hit& hit) {
  const auto& segment = *hit.segment;
  Key key;
  key.source = observe::HostKey(segment.vlan, segment.source_mac, segment.source);
  key.destination = observe::HostKey(segment.vlan, segment.destination_mac, segment.destination);
  key.rule = hit.number;
  std::uint32_t slot = table_.find(key, hasher_);
  if (slot == observe::kNoSlot) {
    slot = table_.add(key, hasher_, [&](const Entry&) { ++evicted_; });
    Entry& fresh = table_[slot];
    fresh.first = segment.time;
    fresh.transport = segment.transport();
    if (segment.flow != nullptr)
      fresh.port = segment.flow->ends[decode::index(decode::other(segment.from))].port;
    has_news_ = true;
  }
  Entry& entry = table_[slot];
  entry.last = segment.time;
  ++entry.count;
  if (further_ != nullptr) further_->on_hit(hit);
}

observe::EventRow HitLog::row_of(const Entry& entry, std::uint64_t count) const {
  const Rule& rule = rules_.rules()[entry.key.rule];
  const observe::Host destination = entry.key.destination.host();
  observe::EventRow row;
  row.kind = "signature";
  row.severity = severity_of(rule.priority);
  row.subject = entry.key.source.host();
  row.detail = {{"transport", decode::transport_name(entry.transport)},
                {"server", destination.ip.text()},
                {"port", std::to_string(entry.port)},
                {"sid", std::to_string(rule.sid)},
                {"gid", std::to_string(rule.gid)},
                {"rev", std::to_string(rule.rev)},
                {"priority", std::to_string(rule.priority)},
                {"msg", rule.message}};
  row.count = count;
  row.first = entry.first;
  row.last = entry.last;
  return row;
}

void HitLog::drain_new(std::vector<observe::EventRow>& into) {
  if (!std::exchange(has_news_, false)) return;
  table_.for_each([&](std::uint32_t, Entry& entry) {
    if (entry.told > 0) return;
    into.push_back(row_of(entry, entry.count));
    entry.told = entry.count;
  });
}

void HitLog::drain(TimeNs now, std::vector<observe::EventRow>& into) {
  has_news_ = false;
  table_.for_each([&](std::uint32_t slot, Entry& entry) {
    if (entry.count > entry.told) into.push_back(row_of(entry, entry.count - entry.told));
    entry.told = entry.count;
    if (now - entry.last > kWindow) table_.erase(slot, hasher_);
  });
}

void HitLog::totals(std::vector<observe::EventRow>& into) const {
  table_.for_each(
      [&](std::uint32_t, const Entry& entry) { into.push_back(row_of(entry, entry.count)); });
}

observe::Severity severity_of(std::uint32_t priority) {
  switch (priority) {
    case 1:
      return observe::Severity::high;
    case 2:
      return observe::Severity::medium;
    case 3:
      return observe::Severity::low;
    default:
      return observe::Severity::info;
  }
}

}  // namespace osect::signature
