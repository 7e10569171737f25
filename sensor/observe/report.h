// What observe hands to condense: rows with what is new and what was counted since the last report
// of this port.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/clock.h"
#include "sensor/decode/flow.h"
#include "sensor/decode/segment.h"
#include "sensor/dissect/statement.h"
#include "sensor/observe/fixed_text.h"

namespace osect::observe {

// One address of a device as the sensor sees it. For what lies behind a router the MAC is the
// router's.
struct Host {
  std::uint16_t vlan = 0;
  MacAddress mac;
  IpAddress ip;

  auto operator<=>(const Host&) const = default;
};

struct EndpointRow {
  Host host;
  bool is_new = false;        // first report of this endpoint
  bool has_sent = false;      // false: only asked for (ARP, ND) or only addressed
  std::uint64_t packets = 0;  // sent since the last report
  std::uint64_t bytes = 0;
  TimeNs first = 0;
  TimeNs last = 0;
};

// Arrays: client to server, server to client. Counters since the last report.
struct ConversationRow {
  Host client;
  Host server;
  decode::Transport transport = decode::Transport::other;
  std::uint16_t port = 0;  // of the server; ethertype for link-layer conversations
  // The dissector's own static name, or "" when none is recognised; never changes for one key
  // within a report.
  std::string_view protocol;
  bool is_new = false;
  std::uint32_t flows = 0;  // connections begun
  std::array<std::uint64_t, 2> packets{};
  std::array<std::uint64_t, 2> bytes{};
  TimeNs first = 0;
  TimeNs last = 0;
};

// Plain memory: there are many of them, and they are copied from thread to thread.
struct OperationRow {
  FixedText<24> protocol;
  Host client;
  Host server;
  FixedText<64> function;
  FixedText<64> code;
  dissect::Access access = dissect::Access::none;
  FixedText<64> target;
  bool is_new = false;
  std::uint64_t count = 0;
  std::uint64_t errors = 0;
  std::uint32_t cycle_us = 0;   // of cyclic traffic: mean cycle time; 0 otherwise
  std::uint32_t jitter_us = 0;  // mean deviation from it
  TimeNs first = 0;
  TimeNs last = 0;
};

struct FactRow {
  Host subject;
  std::string attribute;
  std::string value;
  std::string source;
  std::uint8_t confidence = 0;
  bool is_new = false;
  std::uint64_t count = 0;
  TimeNs first = 0;
  TimeNs last = 0;
};

enum class Severity : std::uint8_t { info, low, medium, high, critical };

// Something detected on packets. `detail` is a list of key and value in fixed order.
struct EventRow {
  std::string kind;
  Severity severity = Severity::info;
  Host subject;
  std::vector<std::pair<std::string, std::string>> detail;
  std::uint64_t count = 0;
  TimeNs first = 0;
  TimeNs last = 0;
};

// Counters of one port since the last report; every loss has one.
struct PortRow {
  std::uint16_t port = 0;
  std::string name;
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t dropped_kernel = 0;
  std::uint64_t dropped_queue = 0;
  std::uint64_t malformed = 0;
  std::uint64_t unparsed = 0;  // payload on which no dissector spoke
  std::uint64_t truncated = 0;
  std::uint64_t evicted = 0;  // table rows that left early because a table was full
};

// Everything one port saw in [begin, end).
struct Report {
  TimeNs begin = 0;
  TimeNs end = 0;
  std::vector<EndpointRow> endpoints;
  std::vector<ConversationRow> conversations;
  std::vector<OperationRow> operations;
  std::vector<FactRow> facts;
  std::vector<EventRow> events;
  std::vector<PortRow> ports;

  [[nodiscard]] bool is_empty() const {
    return endpoints.empty() && conversations.empty() && operations.empty() && facts.empty() &&
           events.empty();
  }
};

}  // namespace osect::observe
