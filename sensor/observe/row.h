// The rows of observe's tables and their keys: plain memory of fixed size, compared and hashed as
// words.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include "base/address.h"
#include "base/clock.h"
#include "sensor/decode/flow.h"
#include "sensor/dissect/statement.h"
#include "sensor/observe/fixed_text.h"
#include "sensor/observe/report.h"
#include "sensor/observe/table.h"

namespace osect::observe {

// A Host as four words.
class HostKey {
 public:
  std::array<std::uint64_t, 4> words{};

  HostKey() = default;
  HostKey(std::uint16_t vlan, const MacAddress& mac, const IpAddress& ip) {
    const auto halves = ip.words();
    words = {halves[0], halves[1], station_word(vlan, mac),
             static_cast<std::uint64_t>(ip.family())};
  }
  explicit HostKey(const Host& host) : HostKey(host.vlan, host.mac, host.ip) {}

  [[nodiscard]] Host host() const {
    Host host;
    const RawIp raw{std::bit_cast<std::array<std::uint8_t, 16>>(std::array{words[0], words[1]}),
                    static_cast<std::uint8_t>(words[3])};
    host.ip = std::bit_cast<IpAddress>(raw);
    const auto station = std::bit_cast<std::array<std::uint8_t, 8>>(words[2]);
    std::copy_n(station.data(), 6, host.mac.bytes.data());
    host.vlan = static_cast<std::uint16_t>(words[2] >> 48);
    return host;
  }
  [[nodiscard]] std::uint64_t hash(const Hasher& hasher) const { return hasher(words); }
  // Not defaulted: that is a call of memcmp.
  bool operator==(const HostKey& other) const {
    return ((words[0] ^ other.words[0]) | (words[1] ^ other.words[1]) |
            (words[2] ^ other.words[2]) | (words[3] ^ other.words[3])) == 0;
  }

 private:
  static std::uint64_t station_word(std::uint16_t vlan, const MacAddress& mac) {
    // Put together in a register: from short stores a load of the whole would have to wait.
    const auto word = [&]<typename Word>(Word as, std::size_t at) {
      std::memcpy(&as, mac.bytes.data() + at, sizeof as);  // NOLINT: some bytes as one word
      return std::uint64_t{as};
    };
    return std::uint64_t{vlan} << 48 | word(std::uint16_t{}, 4) << 32 | word(std::uint32_t{}, 0);
  }
  struct RawIp {
    std::array<std::uint8_t, 16> address;
    std::uint8_t family;
  };
};
static_assert(std::endian::native == std::endian::little,
              "HostKey keeps the VLAN in the high bytes");

struct Endpoint {
  HostKey key;
  TimeNs first = 0;
  TimeNs last = 0;
  TimeNs since = 0;  // first seen since it was last told
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t told_packets = 0;
  std::uint64_t told_bytes = 0;
  bool has_sent = false;
  bool is_told = false;
};

struct ConversationKey {
  HostKey client;
  HostKey server;
  std::uint64_t service = 0;  // transport, port, variant

  ConversationKey() = default;
  ConversationKey(const HostKey& client_host, const HostKey& server_host,
                  decode::Transport transport, std::uint16_t port, std::uint8_t variant)
      : client(client_host),
        server(server_host),
        service(static_cast<std::uint64_t>(transport) << 32 |
                static_cast<std::uint64_t>(variant) << 16 | port) {}

  [[nodiscard]] decode::Transport transport() const {
    return static_cast<decode::Transport>(service >> 32);
  }
  [[nodiscard]] std::uint16_t port() const { return static_cast<std::uint16_t>(service); }
  [[nodiscard]] std::uint64_t hash(const Hasher& hasher) const {
    std::array<std::uint64_t, 9> all;
    std::copy_n(client.words.data(), 4, all.data());
    std::copy_n(server.words.data(), 4, all.data() + 4);
    all[8] = service;
    return hasher(all);
  }
  bool operator==(const ConversationKey&) const = default;
};

// One service between two hosts. Different protocols on one service are variants of it.
struct Conversation {
  ConversationKey key;
  TimeNs first = 0;
  TimeNs last = 0;
  TimeNs since = 0;
  std::string_view protocol;               // the dissector's own static name
  std::array<std::uint64_t, 2> packets{};  // from the client, from the server
  std::array<std::uint64_t, 2> bytes{};
  std::array<std::uint64_t, 2> told_packets{};
  std::array<std::uint64_t, 2> told_bytes{};
  std::uint32_t flows = 0;
  std::uint32_t told_flows = 0;
  // The client's port while all flows had the same, else kManyPorts: if a SYN shows later that the
  // service was that one, the conversation is turned round.
  std::uint32_t client_port = 0;
  bool is_syn_seen = false;
  bool is_shared = false;  // by many ports or hosts of a scan or flood
  bool is_told = false;
  bool is_touched = false;

  static constexpr std::uint32_t kManyPorts = 0x10000;
};

// What observe keeps of a live flow.
struct FlowState {
  std::array<std::uint64_t, 2> packets{};  // folded so far, by end
  std::array<std::uint64_t, 2> bytes{};
  std::array<MacAddress, 2> addressed{};  // the MAC that frames to this end carried
  TimeNs folded_until = 0;
  std::string_view protocol;
  std::uint32_t conversation = kNoSlot;
  std::uint32_t conversation_serial = 0;
  std::array<std::uint32_t, 2> endpoint_serial{};  // of Flow::endpoint_slot
  decode::End client = decode::End::a;             // as it was folded
  bool is_begun = false;
  bool has_news = false;    // its protocol was recognised and nobody was told yet
  bool is_assumed = false;  // the protocol, from the port alone
  bool has_payload = false;
  bool is_flooded = false;  // an end of it is one of too many addresses
  std::uint32_t next_free = 0;
};

struct OperationKey {
  HostKey client;
  HostKey server;
  FixedText<24> protocol;
  FixedText<64> code;
  FixedText<64> target;

  [[nodiscard]] std::uint64_t hash(const Hasher& hasher) const {
    static_assert(sizeof(OperationKey) == 216 &&
                  std::has_unique_object_representations_v<OperationKey>);
    return hasher(std::bit_cast<std::array<std::uint64_t, 27>>(*this));
  }
  bool operator==(const OperationKey&) const = default;
};

// Behind the key what every message touches.
struct OperationEntry {
  OperationKey key;
  dissect::Access access = dissect::Access::none;
  bool is_told = false;
  bool is_touched = false;  // since it was last told
  TimeNs first = 0;
  TimeNs last = 0;
  TimeNs since = 0;  // when it was touched
  std::uint64_t requests = 0;
  std::uint64_t responses = 0;  // without an error
  std::uint64_t errors = 0;
  std::uint64_t told_count = 0;
  std::uint64_t told_errors = 0;
  // Of cyclic traffic, over the last kCyclesMax cycles or so.
  TimeNs last_request = 0;
  double cycle_ns = 0;   // running mean
  double jitter_ns = 0;  // running mean of the deviation from it
  std::uint32_t cycles = 0;
  static constexpr std::uint32_t kCyclesMax = 1024;

  // Where no request was seen (one-way mirror), the responses stand for them, unless the same was
  // asked elsewhere: then these are answers whose question was lost.
  [[nodiscard]] std::uint64_t count() const {
    return requests > 0 ? requests : is_asked_elsewhere ? 0 : responses;
  }
  bool is_asked_elsewhere = false;
  FixedText<64> function;
};

// Where a row is, as long as it is still the same one.
struct RowPlace {
  std::uint32_t slot = 0;
  std::uint32_t serial = 0;  // 0: of no row

  [[nodiscard]] static RowPlace of(dissect::Memo memo) {
    return {static_cast<std::uint32_t>(memo), static_cast<std::uint32_t>(memo >> 32)};
  }
  [[nodiscard]] dissect::Memo memo() const {
    return static_cast<dissect::Memo>(serial) << 32 | slot;
  }
};

// Of what RecentRows are found by; no more than a hint.
[[nodiscard]] inline std::uint64_t folded(const HostKey& host) {
  return host.words[0] ^ std::rotl(host.words[1], 23) ^ std::rotl(host.words[2], 41);
}
[[nodiscard]] inline std::uint64_t folded(std::string_view text) {
  const auto word = [&]<typename Word>(Word as, std::size_t at) {
    std::memcpy(&as, text.data() + at, sizeof as);  // NOLINT: some characters as one word
    return std::uint64_t{as};
  };
  const std::size_t size = text.size();
  if (size == 0) return 0;
  if (size < 4) return word(std::uint8_t{}, 0) | word(std::uint8_t{}, size - 1) << 8 | size << 16;
  if (size < 8) return word(std::uint32_t{}, 0) | word(std::uint32_t{}, size - 4) << 32;
  std::uint64_t sum = word(std::uint64_t{}, size - 8);
  for (std::size_t at = 0; at + 8 < size; at += 8)
    sum = sum * 0x9e3779b97f4a7c15 ^ word(std::uint64_t{}, at);
  return sum;
}

// The rows that statements fell on lately. Polls repeat the same few thousand questions, and
// answers the same facts, all day: to make the whole key of each, hash and compare it costs several
// times as much as to look here first.
template <std::size_t kEntries>
class RecentRows {
  static_assert(std::has_single_bit(kEntries));

 public:
  struct Entry {
    RowPlace place;
    const char* protocol;  // the dissector's own static name: the same one is at the same place
  };

  // Where a statement like this one may be; whose row it is must be compared.
  Entry& of(std::uint64_t hosts, std::uint64_t texts, const Hasher& hasher) {
    const std::array<std::uint64_t, 2> words = {hosts, texts};
    return entries_[hasher(words) & (kEntries - 1)];
  }
  [[nodiscard]] std::size_t bytes() const { return entries_.bytes(); }

 private:
  ZeroedArray<Entry> entries_{kEntries};
};
using RecentOperations = RecentRows<8'192>;
using RecentFacts = RecentRows<1'024>;

// That a client asked for a code at all, whatever the target. Hosts by their IP where they have
// one.
struct Asked {
  OperationKey key;
  TimeNs last = 0;
};

struct FactKey {
  HostKey subject;
  FixedText<24> source;
  FixedText<32> attribute;
  FixedText<248> value;

  [[nodiscard]] std::uint64_t hash(const Hasher& hasher) const {
    static_assert(sizeof(FactKey) == 336 && std::has_unique_object_representations_v<FactKey>);
    // Values are short as a rule: what lies beyond the text is zeros.
    const auto words = std::bit_cast<std::array<std::uint64_t, 42>>(*this);
    return hasher(std::span(words).first(11 + value.view().size() / 8 + 1)) ^ value.view().size();
  }
  bool operator==(const FactKey&) const = default;
};

struct FactEntry {
  FactKey key;
  TimeNs first = 0;
  TimeNs last = 0;
  TimeNs told_at = 0;
  std::uint64_t count = 0;
  std::uint64_t told_count = 0;
  std::uint8_t confidence = 0;
  bool is_told = false;
  bool is_touched = false;
};

// What a client tried without an answer: with one server, or (server none) altogether.
struct PairKey {
  HostKey client;
  HostKey server;
  std::uint64_t transport = 0;

  [[nodiscard]] std::uint64_t hash(const Hasher& hasher) const {
    return hasher(std::bit_cast<std::array<std::uint64_t, 9>>(*this));
  }
  bool operator==(const PairKey&) const = default;
};

struct Pair {
  PairKey key;
  TimeNs first = 0;
  TimeNs last = 0;
  std::uint32_t unanswered = 0;  // conversations
  std::uint32_t answered = 0;    // conversations
  std::uint32_t peers = 0;       // unanswered servers, of a client altogether
};

struct MacKey {
  std::uint64_t word = 0;

  [[nodiscard]] std::uint64_t hash(const Hasher& hasher) const { return hasher({&word, 1}); }
  bool operator==(const MacKey&) const = default;
};

struct MacEntry {
  MacKey key;
  TimeNs last = 0;
};

enum class EventKind : std::uint8_t { port_scan, address_scan, mac_flood, address_flood };

struct EventKey {
  HostKey subject;
  HostKey target;
  std::uint64_t kind = 0;  // EventKind, transport

  [[nodiscard]] std::uint64_t hash(const Hasher& hasher) const {
    return hasher(std::bit_cast<std::array<std::uint64_t, 9>>(*this));
  }
  bool operator==(const EventKey&) const = default;
};

struct EventEntry {
  EventKey key;
  TimeNs first = 0;
  TimeNs last = 0;
  std::uint64_t count = 0;
  std::uint64_t told_count = 0;
};

}  // namespace osect::observe
