// Writes batches by hand, as a sensor of its own: an encoder made from record.proto alone.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "osect/v1/record.pb.h"
#include "osect/v1/uplink.pb.h"

namespace osect::ingest::testing {

// What a sensor saw, told in plain calls; take() makes the next batch of it. Addresses and times
// are as given.
class Story {
 public:
  explicit Story(std::uint64_t epoch = 77) : epoch_(epoch) {}

  std::uint64_t begin_ms = 1'795'403'820'000;  // 2026-11-23T03:17:00Z
  std::uint64_t length_ms = 60'000;

  // "" for no address. The same host gets the same number.
  std::uint32_t host(const std::string& mac, const std::string& ip, std::uint32_t vlan = 0);
  std::uint32_t text(const std::string& text);

  void endpoint(std::uint32_t host, std::uint64_t packets, std::uint64_t bytes);
  // packets and bytes up and down
  void conversation(std::uint32_t client, std::uint32_t server, v1::Transport transport,
                    std::uint32_t port, const std::string& protocol, std::uint64_t packets_up,
                    std::uint64_t packets_down, std::uint64_t bytes_up, std::uint64_t bytes_down);
  void operation(std::uint32_t client, std::uint32_t server, const std::string& protocol,
                 const std::string& function, v1::Access access, std::uint64_t count,
                 std::uint64_t errors);
  void fact(std::uint32_t host, const std::string& attribute, const std::string& value,
            const std::string& source, std::uint32_t confidence);
  v1::Records& records() { return records_; }  // for what has no call of its own

  // The batch told so far, compressed as the wire has it; the next one starts empty.
  v1::Batch take(std::uint64_t sequence);
  std::string take_plain();  // the same, not compressed: a serialized Records
  // A new stream: the next rows are not predicted from earlier ones.
  void forget_rows() {
    rows_.clear();
    operation_rows_.clear();
  }
  // What the cloud said it holds: everything beyond is announced again.
  void resume(const v1::DictionaryState& state);

 private:
  struct Row {
    std::uint64_t packets_up = 0, packets_down = 0, bytes_up = 0, bytes_down = 0;
  };
  using ConversationKey =
      std::tuple<std::uint32_t, std::uint32_t, v1::Transport, std::uint32_t, std::uint32_t>;
  using OperationKey =
      std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t, v1::Access>;
  using HostKey = std::tuple<std::uint32_t, std::string, std::string>;

  std::uint64_t epoch_;
  std::vector<std::string> texts_;
  std::vector<HostKey> hosts_;
  std::vector<ConversationKey> conversations_;
  std::vector<OperationKey> operations_;
  v1::DictionaryState announced_;
  std::map<std::uint32_t, Row> rows_;
  std::map<std::uint32_t, std::pair<std::uint64_t, std::uint64_t>> operation_rows_;
  v1::Records records_;
  std::uint32_t last_endpoint_ = 0, last_conversation_ = 0, last_operation_ = 0,
                last_fact_host_ = 0;

  void announce();
};

}  // namespace osect::ingest::testing
