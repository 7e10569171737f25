// Columns of osect.v1.Records from plain values.
#include "cloud/ingest/testing/story.h"

#include <zstd.h>

#include <algorithm>

#include "base/address.h"
#include "proto/dictionary.h"

namespace osect::ingest::testing {
namespace {

template <typename Key>
std::uint32_t id_of(std::vector<Key>& entries, const Key& key) {
  const auto at = std::find(entries.begin(), entries.end(), key);
  if (at != entries.end()) return static_cast<std::uint32_t>(at - entries.begin() + 1);
  entries.push_back(key);
  return static_cast<std::uint32_t>(entries.size());
}

std::uint64_t scale(std::uint64_t r, std::uint64_t n, std::uint64_t d) {
  return d == 0 ? r : (r * n + d / 2) / d;
}

std::int64_t difference(std::uint64_t value, std::uint64_t expected) {
  return static_cast<std::int64_t>(value - expected);
}

std::int32_t step(std::uint32_t id, std::uint32_t& last) {
  const auto delta = static_cast<std::int32_t>(id - last);
  last = id;
  return delta;
}

}  // namespace

std::uint32_t Story::host(const std::string& mac, const std::string& ip, std::uint32_t vlan) {
  return id_of(hosts_, HostKey{vlan, mac, ip});
}

std::uint32_t Story::text(const std::string& text) {
  return text.empty() ? 0 : id_of(texts_, text);
}

void Story::endpoint(std::uint32_t host, std::uint64_t packets, std::uint64_t bytes) {
  records_.add_endpoint_host(step(host, last_endpoint_));
  records_.add_endpoint_packets(packets);
  records_.add_endpoint_bytes(bytes);
  records_.add_endpoint_first(0);
  records_.add_endpoint_tail(0);
}

void Story::conversation(std::uint32_t client, std::uint32_t server, v1::Transport transport,
                         std::uint32_t port, const std::string& protocol, std::uint64_t packets_up,
                         std::uint64_t packets_down, std::uint64_t bytes_up,
                         std::uint64_t bytes_down) {
  const std::uint32_t id =
      id_of(conversations_, ConversationKey{client, server, transport, port, text(protocol)});
  Row& r = rows_[id];
  records_.add_conversation(step(id, last_conversation_));
  records_.add_conversation_flows(1);
  records_.add_conversation_packets_up(difference(packets_up, r.packets_up));
  records_.add_conversation_packets_down(
      difference(packets_down, scale(r.packets_down, packets_up, r.packets_up)));
  records_.add_conversation_bytes_up(
      difference(bytes_up, scale(r.bytes_up, packets_up, r.packets_up)));
  records_.add_conversation_bytes_down(
      difference(bytes_down, scale(r.bytes_down, packets_down, r.packets_down)));
  records_.add_conversation_first(0);
  records_.add_conversation_tail(0);
  r = {packets_up, packets_down, bytes_up, bytes_down};
}

void Story::operation(std::uint32_t client, std::uint32_t server, const std::string& protocol,
                      const std::string& function, v1::Access access, std::uint64_t count,
                      std::uint64_t errors) {
  const std::uint32_t id =
      id_of(operations_, OperationKey{client, server, text(protocol), text(function), access});
  auto& r = operation_rows_[id];
  records_.add_operation(step(id, last_operation_));
  records_.add_operation_count(difference(count, r.first));
  records_.add_operation_errors(difference(errors, r.second));
  records_.add_operation_cycle_us(0);
  records_.add_operation_jitter_us(0);
  records_.add_operation_first(0);
  records_.add_operation_tail(0);
  r = {count, errors};
}

void Story::fact(std::uint32_t host, const std::string& attribute, const std::string& value,
                 const std::string& source, std::uint32_t confidence) {
  records_.add_fact_host(step(host, last_fact_host_));
  records_.add_fact_attribute(text(attribute));
  records_.add_fact_value(text(value));
  records_.add_fact_source(text(source));
  records_.add_fact_confidence(confidence);
  records_.add_fact_count(1);
  records_.add_fact_first(0);
  records_.add_fact_tail(0);
}

void Story::announce() {
  v1::Announced& out = *records_.mutable_announced();
  out.set_first_text(announced_.texts() + 1);
  for (std::size_t i = announced_.texts(); i < texts_.size(); ++i) out.add_text(texts_[i]);
  out.set_first_host(announced_.hosts() + 1);
  for (std::size_t i = announced_.hosts(); i < hosts_.size(); ++i) {
    const auto& [vlan, mac_text, ip_text] = hosts_[i];
    const MacAddress mac = mac_text.empty() ? MacAddress{} : MacAddress::parse(mac_text).value();
    const IpAddress ip = ip_text.empty() ? IpAddress{} : IpAddress::parse(ip_text).value();
    out.add_host_vlan(vlan);
    out.mutable_host_mac()->append(mac.bytes.begin(), mac.bytes.end());
    out.mutable_host_ip_length()->push_back(static_cast<char>(ip.bytes().size()));
    out.mutable_host_ip()->append(ip.bytes().begin(), ip.bytes().end());
  }
  out.set_first_conversation(announced_.conversations() + 1);
  for (std::size_t i = announced_.conversations(); i < conversations_.size(); ++i) {
    const auto& [client, server, transport, port, protocol] = conversations_[i];
    out.add_conversation_client(client);
    out.add_conversation_server(server);
    out.mutable_conversation_transport()->push_back(static_cast<char>(transport));
    out.add_conversation_port(port);
    out.add_conversation_protocol(protocol);
  }
  out.set_first_operation(announced_.operations() + 1);
  for (std::size_t i = announced_.operations(); i < operations_.size(); ++i) {
    const auto& [client, server, protocol, function, access] = operations_[i];
    out.add_operation_protocol(protocol);
    out.add_operation_client(client);
    out.add_operation_server(server);
    out.add_operation_function(function);
    out.add_operation_code(0);
    out.mutable_operation_access()->push_back(static_cast<char>(access));
    out.add_operation_target(0);
  }
  announced_.set_texts(static_cast<std::uint32_t>(texts_.size()));
  announced_.set_hosts(static_cast<std::uint32_t>(hosts_.size()));
  announced_.set_conversations(static_cast<std::uint32_t>(conversations_.size()));
  announced_.set_operations(static_cast<std::uint32_t>(operations_.size()));
}

void Story::resume(const v1::DictionaryState& state) {
  announced_ = state.epoch() == epoch_ ? state : v1::DictionaryState();
  forget_rows();
}

std::string Story::take_plain() {
  records_.set_begin_ms(static_cast<std::int64_t>(begin_ms));
  records_.set_length_ms(length_ms);
  records_.set_tick_ms(1000);
  announce();
  std::string plain = records_.SerializeAsString();
  records_.Clear();
  last_endpoint_ = last_conversation_ = last_operation_ = last_fact_host_ = 0;
  return plain;
}

v1::Batch Story::take(std::uint64_t sequence) {
  const std::string plain = take_plain();
  std::string packed(ZSTD_compressBound(plain.size()), '\0');
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  packed.resize(ZSTD_compress_usingDict(context, packed.data(), packed.size(), plain.data(),
                                        plain.size(), records_dictionary().data(),
                                        records_dictionary().size(), 3));
  ZSTD_freeCCtx(context);
  v1::Batch batch;
  batch.set_sequence(sequence);
  batch.set_epoch(epoch_);
  batch.set_records(packed);
  batch.set_compression(v1::COMPRESSION_ZSTD_DICTIONARY_1);
  return batch;
}

}  // namespace osect::ingest::testing
