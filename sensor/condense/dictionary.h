// Numbers for texts, hosts, conversations and operations, announced once;
// proto/osect/v1/record.proto, Announced.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/same_text.h"
#include "sensor/observe/report.h"
#include "sensor/observe/row.h"

namespace osect::v1 {
class Announced;
}

namespace osect::condense {

struct ConversationKey {
  std::uint32_t client = 0;
  std::uint32_t server = 0;
  std::uint32_t protocol = 0;
  std::uint16_t port = 0;
  decode::Transport transport = decode::Transport::other;

  bool operator==(const ConversationKey&) const = default;
};

struct OperationKey {
  std::uint32_t protocol = 0;
  std::uint32_t client = 0;
  std::uint32_t server = 0;
  std::uint32_t function = 0;
  std::uint32_t code = 0;
  std::uint32_t target = 0;
  dissect::Access access = dissect::Access::none;

  bool operator==(const OperationKey&) const = default;
};

// Keyed, as addresses and texts are the attacker's choice. By words: byte by byte, the addresses
// alone cost a twentieth of all instructions of a factory's day.
struct KeyHash {
  using is_avalanching = void;  // for boost: needs no second mixing
  using is_transparent = void;

  std::size_t operator()(const observe::HostKey& key) const { return key.hash(hasher()); }
  std::size_t operator()(const ConversationKey& key) const;
  std::size_t operator()(const OperationKey& key) const;
  std::size_t operator()(std::string_view text) const;

 private:
  static const observe::Hasher& hasher();
};

// What numbers stand for: number n of a kind for its n-th entry, 0 for none.
struct Entries {
  std::vector<std::string> texts;
  std::vector<observe::HostKey> hosts;
  std::vector<ConversationKey> conversations;
  std::vector<OperationKey> operations;

  [[nodiscard]] std::string_view text(std::uint32_t id) const {
    return id == 0 ? std::string_view{} : texts[id - 1];
  }
  [[nodiscard]] observe::HostKey host(std::uint32_t id) const {
    return id == 0 ? observe::HostKey(observe::Host{}) : hosts[id - 1];
  }
  [[nodiscard]] const ConversationKey& conversation(std::uint32_t id) const {
    return conversations[id - 1];
  }
  [[nodiscard]] const OperationKey& operation(std::uint32_t id) const { return operations[id - 1]; }
};

// How much of a dictionary is meant: the number of entries of each kind.
struct DictionaryCounts {
  std::uint32_t texts = 0;
  std::uint32_t hosts = 0;
  std::uint32_t conversations = 0;
  std::uint32_t operations = 0;

  bool operator==(const DictionaryCounts&) const = default;
  [[nodiscard]] bool is_prefix_of(const DictionaryCounts& other) const {
    return texts <= other.texts && hosts <= other.hosts && conversations <= other.conversations &&
           operations <= other.operations;
  }
  [[nodiscard]] std::uint32_t largest() const;
};

// Append-only within an epoch; id 0 of each kind is "none". Owned by one thread.
class Dictionary {
 public:
  // The id of an entry, given now when it has none yet. Texts are made valid UTF-8 without NUL:
  // what comes from the wire is any bytes, and neither protobuf nor PostgreSQL takes any bytes as
  // text.
  std::uint32_t text_id(std::string_view text);
  // Also for a host of which no address is known: what such hosts say is counted like anything
  // else.
  std::uint32_t host_id(const observe::HostKey& host) { return hosts_.id(host); }
  // Whom a fact or event is about; none when no address is known.
  std::uint32_t subject_id(const observe::HostKey& host) {
    return host == observe::HostKey(observe::Host{}) ? 0 : host_id(host);
  }
  // Likewise, sooner when it is the entry `guess`: rows repeat what the row before them said.
  std::uint32_t text_id(std::string_view text, std::uint32_t guess) {
    return guess != 0 && is_same_text(texts_.entry(guess), text) ? guess : text_id(text);
  }
  std::uint32_t host_id(const observe::HostKey& host, std::uint32_t guess) {
    return guess != 0 && hosts_.entry(guess) == host ? guess : host_id(host);
  }
  std::uint32_t conversation_id(const ConversationKey& key) { return conversations_.id(key); }
  std::uint32_t operation_id(const OperationKey& key) { return operations_.id(key); }

  // Entries by id.
  [[nodiscard]] observe::HostKey host(std::uint32_t id) const {
    return id == 0 ? observe::HostKey(observe::Host{}) : hosts_.entry(id);
  }
  [[nodiscard]] const ConversationKey& conversation(std::uint32_t id) const {
    return conversations_.entry(id);
  }
  [[nodiscard]] const OperationKey& operation(std::uint32_t id) const {
    return operations_.entry(id);
  }

  // The entry that was added last; numbers of nothing when there is none.
  [[nodiscard]] ConversationKey latest_conversation() const { return conversations_.latest(); }
  [[nodiscard]] OperationKey latest_operation() const { return operations_.latest(); }

  [[nodiscard]] DictionaryCounts counts() const;
  // Forgets the entries beyond the counts, which must be a prefix.
  void truncate(const DictionaryCounts& counts);
  [[nodiscard]] Entries entries() const;
  // The entries; none are left.
  [[nodiscard]] Entries take();
  // Writes the entries beyond the counts.
  void announce(const DictionaryCounts& beyond, v1::Announced& out) const;
  // Adds announced entries; refuses what does not run on or refers to what is not there.
  Result<> add(const v1::Announced& announced);

 private:
  template <typename Key>
  class Table {
   public:
    // 0: not there.
    template <typename Like>
    [[nodiscard]] std::uint32_t find(const Like& key) const {
      const auto at = ids_.find(key);
      return at == ids_.end() ? 0 : at->second;
    }
    std::uint32_t id(Key key) {
      const auto [at, is_new] = ids_.try_emplace(key, size() + 1);
      if (is_new) entries_.push_back(std::move(key));
      return at->second;
    }
    [[nodiscard]] const Key& entry(std::uint32_t id) const { return entries_[id - 1]; }
    [[nodiscard]] Key latest() const { return entries_.empty() ? Key{} : entries_.back(); }
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(entries_.size()); }
    void truncate(std::uint32_t count) {
      while (size() > count) {
        ids_.erase(entries_.back());
        entries_.pop_back();
      }
    }

    [[nodiscard]] const std::vector<Key>& entries() const { return entries_; }
    // About as many come again.
    [[nodiscard]] std::vector<Key> take() {
      ids_.clear();
      std::vector<Key> taken;
      taken.reserve(entries_.size());
      taken.swap(entries_);
      return taken;
    }

   private:
    boost::unordered_flat_map<Key, std::uint32_t, KeyHash, std::equal_to<>> ids_;
    std::vector<Key> entries_;
  };

  Result<> add_hosts(const v1::Announced& announced);
  Result<> add_conversations(const v1::Announced& announced);
  Result<> add_operations(const v1::Announced& announced);

  Table<std::string> texts_;
  Table<observe::HostKey> hosts_;
  Table<ConversationKey> conversations_;
  Table<OperationKey> operations_;
};

// The text as valid UTF-8 without NUL, at most kTextBytes long.
constexpr std::size_t kTextBytes = 1024;
[[nodiscard]] std::string as_utf8(std::string_view text);

}  // namespace osect::condense
