// The observer's tables and what works on them; private to observe.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sensor/observe/observer.h"
#include "sensor/observe/row.h"
#include "sensor/observe/table.h"
#include "sensor/observe/touched.h"

namespace osect::observe {

struct Observer::State {
  explicit State(const ObserveLimits& limits);

  // segment.cpp: who sent, and what the flow needs to know.
  void count_segment(const decode::Segment& segment);
  // The endpoint's slot; kNoSlot when it is one of too many, or no address of a station.
  std::uint32_t sender(std::uint16_t vlan, MacAddress mac, const IpAddress& ip, TimeNs time);
  // The sender's first packet of a flow, or one that came from another MAC.
  std::uint32_t meet_sender(FlowState& state, const decode::Segment& segment);
  void count_flooding(EventKind kind, std::uint16_t vlan, TimeNs time);
  void begin_flow(decode::Flow& flow);
  FlowState& flow_state(decode::Flow& flow) {
    if (flow.observe_slot == kNoSlot) [[unlikely]]
      begin_flow(flow);
    return flows[flow.observe_slot];
  }
  // Finds or makes the row of an operation.
  RowPlace operation(const dissect::Origin& origin, const dissect::Operation& said);
  // Finds or makes the row of a fact.
  std::uint32_t fact(const HostKey& subject, const dissect::Origin& origin,
                     const dissect::Fact& said);
  void note_asked(const OperationEntry& row);
  [[nodiscard]] bool is_asked(const OperationEntry& row) const;
  // Settles for which answers the question stands in another row; before rows are told.
  void settle_answers();
  void release(decode::Flow& flow);

  // fold.cpp: from flows to conversations.
  void fold(decode::Flow& flow);
  void place(const decode::Flow& flow, FlowState& state);
  [[nodiscard]] HostKey host_of(const decode::Flow& flow, const FlowState& state,
                                decode::End end) const;
  // The variant of the service that carries the protocol, or takes it; kNoSlot: none yet.
  std::uint32_t find_service(ConversationKey& key, std::string_view protocol) const;
  std::uint32_t add_conversation(const ConversationKey& key, const decode::Flow& flow);
  // Where the conversation goes when its client is scanning; changes the key to that of the shared
  // conversation.
  void collapse_scan(ConversationKey& key, const decode::Flow& flow, const FlowState& state);
  Pair& pair(const HostKey& client, const HostKey& server, decode::Transport transport,
             TimeNs time);
  void note_event(EventKind kind, const HostKey& subject, const HostKey& target,
                  decode::Transport transport, std::uint64_t count, const Pair& pair);

  // drain.cpp: from rows to reports.
  Report drain(TimeNs now, bool is_new_only);
  void drop_silent(TimeNs now);
  [[nodiscard]] Report totals() const;

  ObserveLimits limits;
  ObserveCounters counters;
  Hasher hasher;
  Table<HostKey, Endpoint> endpoints;
  Table<ConversationKey, Conversation> conversations;
  Table<OperationKey, OperationEntry> operations;
  RecentOperations recent_operations;
  Table<OperationKey, Asked> asked;
  Table<FactKey, FactEntry> facts;
  RecentFacts recent_facts;
  Table<PairKey, Pair> pairs;
  Table<MacKey, MacEntry> macs;
  Table<EventKey, EventEntry> events;
  ZeroedArray<FlowState> flows;
  std::uint32_t flows_used = 0;
  std::uint32_t flows_free = 0;  // slot + 1
  TouchedRows touched_conversations;
  TouchedRows touched_operations;
  TouchedRows touched_facts;
  // Slots of rows that nobody was told of yet; a slot may have been taken by another row since.
  std::vector<std::uint32_t> new_endpoints;
  std::vector<std::uint32_t> new_conversations;
  std::vector<std::uint32_t> new_operations;
  std::vector<std::uint32_t> new_facts;
  bool has_new_events = false;
  TimeNs begin = 0;  // of the first segment
  TimeNs last = 0;   // of the last one
  TimeNs drained_at = 0;
  TimeNs drained_new_at = 0;
  std::size_t told_endpoints = 0;  // rows of the last interval's report
  std::size_t told_conversations = 0;
  // New senders within the flood window.
  TimeNs flood_since = 0;
  std::uint32_t flood_macs = 0;
  std::uint32_t flood_hosts = 0;
};

}  // namespace osect::observe
