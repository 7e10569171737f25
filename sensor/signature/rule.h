// A signature as the sensor honours it; docs/signatures.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/address.h"

struct pcre2_real_code_8;  // PCRE2's compiled expression

namespace osect::signature {

enum class Protocol : std::uint8_t { ip, tcp, udp, icmp };

struct AddressRange {
  IpAddress low;
  IpAddress high;  // of the same family
};

// What is listed and not excepted. Nothing listed: everything that is not excepted.
struct AddressSet {
  std::vector<AddressRange> listed;
  std::vector<AddressRange> excepted;

  [[nodiscard]] bool has(const IpAddress& address) const;
  [[nodiscard]] bool is_any() const { return listed.empty() && excepted.empty(); }
};

struct PortRange {
  std::uint16_t low = 0;
  std::uint16_t high = 0;
};

struct PortSet {
  std::vector<PortRange> listed;
  std::vector<PortRange> excepted;

  [[nodiscard]] bool has(std::uint16_t port) const;
  [[nodiscard]] bool is_any() const { return listed.empty() && excepted.empty(); }
};

// Both bounds belong to it.
struct Interval {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  bool is_negated = false;

  [[nodiscard]] bool has(std::uint32_t value) const {
    return (value >= low && value <= high) != is_negated;
  }
};

struct Content {
  std::string bytes;  // in lower case when is_nocase
  bool is_nocase = false;
  bool is_negated = false;
  bool is_at_end = false;  // endswith
  bool is_fast = false;    // fast_pattern
  bool has_offset = false;
  bool has_depth = false;
  bool has_distance = false;
  bool has_within = false;
  std::uint32_t offset = 0;
  std::uint32_t depth = 0;  // of the end, from the payload's start
  std::int32_t distance = 0;
  std::int32_t within = 0;
  bool is_retried = false;  // what follows depends on which occurrence was found

  [[nodiscard]] bool is_relative() const { return has_distance || has_within; }
};

// A compiled regular expression.
struct Expression {
  struct Free {
    void operator()(pcre2_real_code_8* code) const;
  };
  std::unique_ptr<pcre2_real_code_8, Free> code;
  bool is_negated = false;
  bool is_relative = false;
  bool is_retried = false;
};

// A number of the payload.
struct Extract {
  std::uint32_t bytes = 0;
  std::int32_t offset = 0;
  bool is_relative = false;
  bool is_little = false;
  std::uint64_t mask = 0;  // 0: none
};

enum class Comparison : std::uint8_t { less, equal, greater, less_equal, greater_equal, any_bit };

struct ByteTest {
  Extract from;
  Comparison comparison = Comparison::equal;
  bool is_negated = false;
  std::uint64_t value = 0;
};

struct ByteJump {
  Extract from;
  std::uint32_t multiplier = 1;
  std::uint32_t add = 0;  // post_offset
  bool is_aligned = false;
  bool is_from_start = false;
};

struct DataAt {
  std::uint32_t at = 0;
  bool is_relative = false;
  bool is_negated = false;
};

using Check = std::variant<Content, Expression, ByteTest, ByteJump, DataAt>;

enum class FlagsMode : std::uint8_t { exactly, all, any, not_all };

struct TcpFlags {
  FlagsMode mode = FlagsMode::exactly;
  std::uint8_t flags = 0;
  std::uint8_t ignored = 0;
};

enum class FlowState : std::uint8_t { any, established, not_established };
enum class Toward : std::uint8_t { any, server, client };

enum class BitAction : std::uint8_t { set, unset, toggle, is_set, is_not_set };

struct FlowBit {
  BitAction action = BitAction::set;
  std::uint16_t bit = 0;  // a number that stands for the name within the file

  [[nodiscard]] bool is_write() const {
    return action != BitAction::is_set && action != BitAction::is_not_set;
  }
};

enum class LimitKind : std::uint8_t { limit, threshold, both, detection_filter };
enum class Track : std::uint8_t { source, destination, pair, rule };

struct Limit {
  LimitKind kind = LimitKind::limit;
  Track track = Track::source;
  std::uint32_t count = 0;
  std::uint32_t seconds = 0;
};

struct Rule {
  std::uint32_t line = 0;
  std::uint32_t sid = 0;
  std::uint32_t gid = 1;
  std::uint32_t rev = 0;
  std::uint32_t priority = 3;
  std::string message;

  Protocol protocol = Protocol::ip;
  std::uint8_t families = 0;  // of ICMP: 4, 6, 0 for both
  AddressSet source;
  AddressSet destination;
  PortSet source_port;
  PortSet destination_port;
  bool is_both_ways = false;
  // Judged once per direction of a flow, on its first packet: it asks for nothing but addresses.
  bool is_once = false;

  std::optional<Interval> size;
  std::optional<Interval> ttl;
  std::optional<Interval> ip_protocol;
  std::optional<Interval> window;
  std::optional<Interval> icmp_type;
  std::optional<Interval> icmp_code;
  std::optional<TcpFlags> flags;
  bool is_same_ip = false;
  FlowState flow = FlowState::any;
  Toward toward = Toward::any;
  std::vector<FlowBit> bits;
  bool is_silent = false;  // noalert
  std::optional<Limit> limit;
  std::vector<Check> checks;

  [[nodiscard]] bool needs_flow() const {
    return flow != FlowState::any || toward != Toward::any || !bits.empty();
  }
};

// A rule that is not loaded, and why.
struct Refusal {
  std::uint32_t line = 0;
  std::uint32_t sid = 0;  // 0: it has none that can be read
  std::string reason;
};

}  // namespace osect::signature
