// Rows into reports: what is new, what was counted in an interval, and the whole;
// docs/architecture.md, observe.
#include <algorithm>
#include <string>
#include <tuple>

#include "sensor/observe/state.h"

namespace osect::observe {

namespace {

constexpr TimeNs kFactAgainNs = 24 * 3600 * kSecondNs;  // a fact still seen is told once a day

EndpointRow endpoint_row(const Endpoint& row) {
  EndpointRow out;
  out.host = row.key.host();
  out.is_new = !row.is_told;
  out.has_sent = row.has_sent;
  out.packets = row.packets - row.told_packets;
  out.bytes = row.bytes - row.told_bytes;
  out.first = row.is_told ? row.since : row.first;
  out.last = row.last;
  return out;
}

ConversationRow conversation_row(const Conversation& row) {
  ConversationRow out;
  out.client = row.key.client.host();
  out.server = row.key.server.host();
  out.transport = row.key.transport();
  out.port = row.key.port();
  out.protocol = row.protocol;
  out.is_new = !row.is_told;
  out.flows = row.flows - row.told_flows;
  for (std::size_t i = 0; i < 2; ++i) {
    out.packets[i] = row.packets[i] - row.told_packets[i];
    out.bytes[i] = row.bytes[i] - row.told_bytes[i];
  }
  out.first = row.is_told ? row.since : row.first;
  out.last = row.last;
  return out;
}

OperationRow operation_row(const OperationEntry& row) {
  OperationRow out;
  out.protocol = row.key.protocol;
  out.client = row.key.client.host();
  out.server = row.key.server.host();
  out.function = row.function;
  out.code = row.key.code;
  out.access = row.access;
  out.target = row.key.target;
  out.is_new = !row.is_told;
  out.count = row.count() > row.told_count ? row.count() - row.told_count : 0;
  out.errors = row.errors - row.told_errors;
  constexpr double kMicrosecond = 1000;
  constexpr double kMost = 4'000'000'000.0;
  out.cycle_us = static_cast<std::uint32_t>(std::min(row.cycle_ns / kMicrosecond, kMost));
  out.jitter_us = static_cast<std::uint32_t>(std::min(row.jitter_ns / kMicrosecond, kMost));
  out.first = row.is_told ? row.since : row.first;
  out.last = row.last;
  return out;
}

FactRow fact_row(const FactEntry& row) {
  FactRow out;
  out.subject = row.key.subject.host();
  out.attribute = row.key.attribute.view();
  out.value = row.key.value.view();
  out.source = row.key.source.view();
  out.confidence = row.confidence;
  out.is_new = !row.is_told;
  out.count = row.count - row.told_count;
  out.first = row.first;
  out.last = row.last;
  return out;
}

const char* kind_name(EventKind kind) {
  switch (kind) {
    case EventKind::port_scan:
      return "port_scan";
    case EventKind::address_scan:
      return "address_scan";
    case EventKind::mac_flood:
      return "mac_flood";
    case EventKind::address_flood:
      break;
  }
  return "address_flood";
}

// What an event counts, as the key of its detail says it.
const char* counted_name(EventKind kind) {
  switch (kind) {
    case EventKind::port_scan:
      return "ports";
    case EventKind::address_scan:
      return "servers";
    case EventKind::mac_flood:
    case EventKind::address_flood:
      break;
  }
  return "frames";
}

EventRow event_row(const EventEntry& row) {
  EventRow out;
  const auto kind = static_cast<EventKind>(row.key.kind & 0xff);
  out.kind = kind_name(kind);
  out.severity = Severity::medium;
  out.subject = row.key.subject.host();
  if (kind == EventKind::port_scan || kind == EventKind::address_scan) {
    out.detail.emplace_back(
        "transport", decode::transport_name(static_cast<decode::Transport>(row.key.kind >> 8)));
  }
  if (kind == EventKind::port_scan) {
    const Host target = row.key.target.host();
    out.detail.emplace_back("server", target.ip.is_none() ? target.mac.text() : target.ip.text());
  }
  out.detail.emplace_back(counted_name(kind), std::to_string(row.count));
  out.count = row.count - row.told_count;
  out.first = row.first;
  out.last = row.last;
  return out;
}

// Calls `visit(row)` for the rows listed as new that are so still.
template <typename Rows, typename Visit>
void visit_new(Rows& rows, const std::vector<std::uint32_t>& fresh, Visit&& visit) {
  for (const std::uint32_t slot : fresh)
    if (rows.is_live(slot) && !rows[slot].is_told) visit(rows[slot]);
}

// The same, or for every row that something fell on in the interval.
template <typename Rows, typename Visit>
void visit_rows(Rows& rows, std::vector<std::uint32_t>& fresh, TouchedRows& touched,
                bool is_new_only, Visit&& visit) {
  if (is_new_only) {
    visit_new(rows, fresh, visit);
  } else {
    touched.for_each(rows, visit);
    touched.clear(rows);
  }
  fresh.clear();
}

auto order(const EndpointRow& row) {
  return std::tie(row.host);
}
auto order(const ConversationRow& row) {
  return std::tie(row.client, row.server, row.transport, row.port, row.protocol);
}
auto order(const OperationRow& row) {
  return std::tie(row.protocol, row.client, row.server, row.code, row.target);
}
auto order(const FactRow& row) {
  return std::tie(row.subject, row.attribute, row.source, row.value);
}
auto order(const EventRow& row) {
  return std::tie(row.kind, row.subject, row.detail);
}

// For people: neighbours in the network stand together.
void sort_rows(Report& report) {
  const auto by_key = [](const auto& x, const auto& y) { return order(x) < order(y); };
  std::sort(report.endpoints.begin(), report.endpoints.end(), by_key);
  std::sort(report.conversations.begin(), report.conversations.end(), by_key);
  std::sort(report.operations.begin(), report.operations.end(), by_key);
  std::sort(report.facts.begin(), report.facts.end(), by_key);
  std::sort(report.events.begin(), report.events.end(), by_key);
}

}  // namespace

Report Observer::State::drain(TimeNs now, bool is_new_only) {
  Report report;
  report.begin = is_new_only ? std::max(drained_new_at, drained_at) : drained_at;
  if (report.begin == 0) report.begin = begin;
  report.end = now;
  drained_new_at = now;
  if (!is_new_only) drained_at = now;

  if (!is_new_only) {  // about as many as in the interval before
    report.endpoints.reserve(told_endpoints + told_endpoints / 8);
    report.conversations.reserve(told_conversations + told_conversations / 8);
  }
  const auto tell_endpoint = [&](Endpoint& row) {
    if (row.is_told && row.packets == row.told_packets) return;
    report.endpoints.push_back(endpoint_row(row));
    row.told_packets = row.packets;
    row.told_bytes = row.bytes;
    row.is_told = true;
  };
  // They are few, and noting who sent would cost something for each packet.
  if (is_new_only)
    visit_new(endpoints, new_endpoints, tell_endpoint);
  else
    endpoints.for_each([&](std::uint32_t, Endpoint& row) { tell_endpoint(row); });
  new_endpoints.clear();
  visit_rows(conversations, new_conversations, touched_conversations, is_new_only,
             [&](Conversation& row) {
               if (row.is_told && row.packets == row.told_packets) return;
               report.conversations.push_back(conversation_row(row));
               row.told_packets = row.packets;
               row.told_bytes = row.bytes;
               row.told_flows = row.flows;
               row.is_told = true;
             });
  visit_rows(operations, new_operations, touched_operations, is_new_only, [&](OperationEntry& row) {
    // An answer may be first and its question follow: that is told with the interval.
    if (is_new_only && row.requests == 0) return;
    if (!row.is_told && row.count() == 0 && row.errors == 0) return;
    if (row.is_told && row.count() <= row.told_count && row.errors == row.told_errors) return;
    report.operations.push_back(operation_row(row));
    row.told_count = std::max(row.told_count, row.count());
    row.told_errors = row.errors;
    row.is_told = true;
    row.is_touched = false;
  });
  visit_rows(facts, new_facts, touched_facts, is_new_only, [&](FactEntry& row) {
    const bool is_due = row.count != row.told_count && row.last - row.told_at >= kFactAgainNs;
    if (row.is_told && !is_due) return;
    report.facts.push_back(fact_row(row));
    row.told_count = row.count;
    row.told_at = row.last;
    row.is_told = true;
  });
  if (!is_new_only) {
    told_endpoints = report.endpoints.size();
    told_conversations = report.conversations.size();
  }
  if (!is_new_only || has_new_events) {
    events.for_each([&](std::uint32_t, EventEntry& row) {
      if (row.count == row.told_count || (is_new_only && row.told_count != 0)) return;
      report.events.push_back(event_row(row));
      row.told_count = row.count;
    });
    has_new_events = false;
  }
  return report;
}

void Observer::State::drop_silent(TimeNs now) {
  if (limits.row_idle == 0) return;
  const auto drop = [&](auto& rows) {
    rows.for_each([&](std::uint32_t slot, const auto& row) {
      if (now - row.last > limits.row_idle) rows.erase(slot, hasher);
    });
  };
  drop(endpoints);
  drop(conversations);
  drop(operations);
  drop(asked);
  drop(facts);
  drop(pairs);
  drop(macs);
  drop(events);
}

Report Observer::State::totals() const {
  Report report;
  report.begin = begin;
  report.end = last;
  endpoints.for_each([&](std::uint32_t, Endpoint row) {
    row.told_packets = row.told_bytes = 0;
    row.is_told = false;
    report.endpoints.push_back(endpoint_row(row));
  });

  // A conversation whose direction was guessed is turned round when a SYN showed the service on the
  // other side.
  std::vector<std::uint32_t> place_of(conversations.capacity(), kNoSlot);
  std::vector<std::uint32_t> turned;
  conversations.for_each([&](std::uint32_t slot, Conversation row) {
    if (!row.is_syn_seen && row.client_port < Conversation::kManyPorts && !row.is_shared) {
      const ConversationKey other_way(row.key.server, row.key.client, row.key.transport(),
                                      static_cast<std::uint16_t>(row.client_port), 0);
      const std::uint32_t other = conversations.find(other_way, hasher);
      if (other != kNoSlot && other != slot && conversations[other].is_syn_seen) {
        turned.push_back(slot);
        return;
      }
    }
    row.told_packets = row.told_bytes = {};
    row.told_flows = 0;
    row.is_told = false;
    place_of[slot] = static_cast<std::uint32_t>(report.conversations.size());
    report.conversations.push_back(conversation_row(row));
  });
  for (const std::uint32_t slot : turned) {
    const Conversation& row = conversations[slot];
    const ConversationKey other_way(row.key.server, row.key.client, row.key.transport(),
                                    static_cast<std::uint16_t>(row.client_port), 0);
    ConversationRow& out = report.conversations[place_of[conversations.find(other_way, hasher)]];
    for (std::size_t i = 0; i < 2; ++i) {
      out.packets[i] += row.packets[1 - i];
      out.bytes[i] += row.bytes[1 - i];
    }
    out.flows += row.flows;
    out.first = std::min(out.first, row.first);
    out.last = std::max(out.last, row.last);
    if (out.protocol.empty()) out.protocol = row.protocol;
  }

  operations.for_each([&](std::uint32_t, OperationEntry row) {
    row.told_count = row.told_errors = 0;
    row.is_told = false;
    if (row.requests == 0 && !row.is_asked_elsewhere) row.is_asked_elsewhere = is_asked(row);
    if (row.count() == 0 && row.errors == 0) return;
    report.operations.push_back(operation_row(row));
  });
  facts.for_each([&](std::uint32_t, FactEntry row) {
    row.told_count = 0;
    row.is_told = false;
    report.facts.push_back(fact_row(row));
  });
  events.for_each([&](std::uint32_t, EventEntry row) {
    row.told_count = 0;
    report.events.push_back(event_row(row));
  });
  sort_rows(report);
  return report;
}

}  // namespace osect::observe
