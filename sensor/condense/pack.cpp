// Columns of osect.v1.Records; every rule of coding stands in proto/osect/v1/record.proto.
#include "sensor/condense/pack.h"

#include <algorithm>

#include "osect/v1/record.pb.h"
#include "osect/v1/uplink.pb.h"
#include "sensor/condense/columns.h"
#include "sensor/condense/compress.h"

namespace osect::condense {
namespace {

// Cycle times are means of what jitters anyway: digits beyond these are noise that would cost
// bytes.
std::uint32_t significant(std::uint32_t value, std::uint32_t digits_limit) {
  std::uint32_t unit = 1;
  while (value / unit >= digits_limit) unit *= 10;
  return value / unit * unit;
}

// The numbers that entries of a batch have in a dictionary, given in the order in which they are
// asked for.
class Translation {
 public:
  Translation(const Entries& from, Dictionary& to)
      : from_(from), to_(to), texts_(from.texts.size()), hosts_(from.hosts.size()) {}

  std::uint32_t text(std::uint32_t id) {
    if (id == 0) return 0;
    std::uint32_t& known = texts_[id - 1];
    if (known == 0) known = to_.text_id(from_.text(id));
    return known;
  }
  std::uint32_t host(std::uint32_t id) {
    if (id == 0) return 0;
    std::uint32_t& known = hosts_[id - 1];
    if (known == 0) known = to_.host_id(from_.host(id));
    return known;
  }
  // Each is asked for once.
  std::uint32_t conversation(std::uint32_t id) {
    const auto& key = from_.conversation(id);
    return to_.conversation_id(
        {host(key.client), host(key.server), text(key.protocol), key.port, key.transport});
  }
  std::uint32_t operation(std::uint32_t id) {
    const auto& key = from_.operation(id);
    return to_.operation_id({text(key.protocol), host(key.client), host(key.server),
                             text(key.function), text(key.code), text(key.target), key.access});
  }
  [[nodiscard]] Dictionary& to() { return to_; }

 private:
  const Entries& from_;
  Dictionary& to_;
  std::vector<std::uint32_t> texts_;
  std::vector<std::uint32_t> hosts_;
};

// Visits rows in the order of the numbers that `id(row)` gives them, with the difference to the
// number before.
template <typename Rows, typename Id, typename Add>
void each_by_id(const Rows& rows, const Id& id, const Add& add) {
  std::vector<std::uint64_t> order;  // number and place
  order.reserve(rows.size());
  for (const auto& row : rows) order.push_back(std::uint64_t{id(row)} << 32 | order.size());
  std::sort(order.begin(), order.end());
  std::uint32_t before = 0;
  for (const std::uint64_t place : order) {
    const auto now = static_cast<std::uint32_t>(place >> 32);
    add(rows[place & 0xffffffff], now, static_cast<std::int32_t>(now - before));
    before = now;
  }
}

void pack_conversations(const Content& content, const Span& span, Translation& ids,
                        References& references, SentByHost& sent, v1::Records& out) {
  each_by_id(
      content.rows.conversations,
      [&](const ConversationRow& row) { return ids.conversation(row.conversation); },
      [&](const ConversationRow& row, std::uint32_t conversation, std::int32_t delta) {
        const auto& key = ids.to().conversation(conversation);
        auto& r = references.conversation(conversation);
        const auto [up, down] = row.packets;
        out.add_conversation(delta);
        out.add_conversation_flows(row.flows);
        out.add_conversation_packets_up(difference(up, r.packets_up));
        out.add_conversation_packets_down(
            difference(down, scale(r.packets_down, up, r.packets_up)));
        out.add_conversation_bytes_up(
            difference(row.bytes[0], scale(r.bytes_up, up, r.packets_up)));
        out.add_conversation_bytes_down(
            difference(row.bytes[1], scale(r.bytes_down, down, r.packets_down)));
        out.add_conversation_first(span.first(row.first));
        out.add_conversation_tail(span.tail(row.last));
        r = {up, down, row.bytes[0], row.bytes[1]};
        count_sent(sent, key.client, up, row.bytes[0], row.first, row.last);
        count_sent(sent, key.server, down, row.bytes[1], row.first, row.last);
      });
}

// Only the endpoints of which the conversations do not say the whole.
void pack_endpoints(const Content& content, const Span& span, Translation& ids, SentByHost& sent,
                    v1::Records& out) {
  std::vector<EndpointRow> rows;
  for (const auto& row : content.rows.endpoints) {
    if (row.packets == 0 && !row.is_new) continue;
    const auto host = ids.host(row.host);
    const auto implied = sent.find(host);
    const bool is_implied = implied != sent.end();
    const bool is_whole =
        is_implied && implied->second.packets == row.packets && implied->second.bytes == row.bytes;
    if (is_implied) sent.erase(implied);
    if (!is_whole) rows.emplace_back(row).host = host;
  }
  // Conversations that count what no endpoint has counted, or not in this batch.
  for (const auto& [host, s] : sent) {
    auto& row = rows.emplace_back();
    row.host = host;
    row.first = s.first;
    row.last = s.last;
  }
  each_by_id(
      rows, [](const EndpointRow& row) { return row.host; },
      [&](const EndpointRow& row, std::uint32_t, std::int32_t delta) {
        out.add_endpoint_host(delta);
        out.add_endpoint_packets(row.packets);
        out.add_endpoint_bytes(row.bytes);
        out.add_endpoint_first(span.first(row.first));
        out.add_endpoint_tail(span.tail(row.last));
      });
}

void pack_operations(const Content& content, const Span& span, Translation& ids,
                     References& references, v1::Records& out) {
  each_by_id(
      content.rows.operations,
      [&](const OperationRow& row) { return ids.operation(row.operation); },
      [&](const OperationRow& row, std::uint32_t operation, std::int32_t delta) {
        const References::Operation now{row.count, row.errors, significant(row.cycle_us, 1000),
                                        significant(row.jitter_us, 100)};
        auto& r = references.operation(operation);
        out.add_operation(delta);
        out.add_operation_count(difference(now.count, r.count));
        out.add_operation_errors(difference(now.errors, r.errors));
        out.add_operation_cycle_us(difference(now.cycle_us, r.cycle_us));
        out.add_operation_jitter_us(difference(now.jitter_us, r.jitter_us));
        out.add_operation_first(span.first(row.first));
        out.add_operation_tail(span.tail(row.last));
        r = now;
      });
}

void pack_facts(const Content& content, const Span& span, Translation& ids, v1::Records& out) {
  each_by_id(
      content.rows.facts, [&](const FactRow& row) { return ids.host(row.subject); },
      [&](const FactRow& row, std::uint32_t, std::int32_t delta) {
        out.add_fact_host(delta);
        out.add_fact_attribute(ids.text(row.attribute));
        out.add_fact_value(ids.text(row.value));
        out.add_fact_source(ids.text(row.source));
        out.add_fact_confidence(row.confidence);
        out.add_fact_count(row.count);
        out.add_fact_first(span.first(row.first));
        out.add_fact_tail(span.tail(row.last));
      });
}

void pack_rest(const Content& content, const Span& span, Dictionary& dictionary, v1::Records& out) {
  for (const auto& row : content.rows.events) {
    auto& event = *out.add_event();
    event.set_kind(as_utf8(row.kind));
    event.set_severity(static_cast<v1::Severity>(row.severity));
    event.set_host(dictionary.subject_id(observe::HostKey(row.subject)));
    for (const auto& [key, value] : row.detail) {
      event.add_detail(as_utf8(key));
      event.add_detail(as_utf8(value));
    }
    event.set_count(row.count);
    event.set_first(span.first(row.first));
    event.set_tail(span.tail(row.last));
  }
  for (const auto& row : content.rows.ports) {
    auto& port = *out.add_port();
    port.set_name(as_utf8(row.name));
    port.set_packets(row.packets);
    port.set_bytes(row.bytes);
    port.set_dropped_kernel(row.dropped_kernel);
    port.set_dropped_queue(row.dropped_queue);
    port.set_malformed(row.malformed);
    port.set_unparsed(row.unparsed);
    port.set_truncated(row.truncated);
    port.set_evicted(row.evicted);
  }
  for (const auto& row : content.gaps) {
    auto& gap = *out.add_gap();
    gap.set_reason(as_utf8(row.reason));
    gap.set_begin_ms(floor_to(row.begin, kMillisecondNs) / kMillisecondNs);
    gap.set_end_ms(floor_to(row.end, kMillisecondNs) / kMillisecondNs);
    gap.set_packets(row.packets);
    gap.set_bytes(row.bytes);
  }
  if (!content.health) return;
  auto& health = *out.mutable_health();
  health.set_version(as_utf8(content.health->version));
  health.set_uptime_s(content.health->uptime_s);
  health.set_cpu_permille(content.health->cpu_permille);
  health.set_memory_bytes(content.health->memory_bytes);
  health.set_spool_bytes(content.health->spool_bytes);
  health.set_disk_free_bytes(content.health->disk_free_bytes);
  if (content.health->temperature_c) health.set_temperature_c(*content.health->temperature_c);
  health.set_uplink_bytes(content.health->uplink_bytes);
}

}  // namespace

std::uint64_t scale(std::uint64_t r, std::uint64_t n, std::uint64_t d) {
  if (d == 0) return r;
  __extension__ typedef unsigned __int128 Wide;
  const Wide scaled = (Wide{r} * n + d / 2) / d;
  return scaled > static_cast<Wide>(std::numeric_limits<std::int64_t>::max())
             ? 0
             : static_cast<std::uint64_t>(scaled);
}

std::uint64_t Content::packets() const {
  std::uint64_t total = 0;
  for (const auto& row : rows.conversations) total += row.packets[0] + row.packets[1];
  return total;
}

std::uint64_t Content::bytes() const {
  std::uint64_t total = 0;
  for (const auto& row : rows.conversations) total += row.bytes[0] + row.bytes[1];
  return total;
}

void pack(const Content& content, Dictionary& dictionary, References& references,
          v1::Records& out) {
  const auto known = dictionary.counts();
  const Span span = Span::of(content);
  out.set_begin_ms(span.begin / kMillisecondNs);
  out.set_length_ms(static_cast<std::uint64_t>((span.end - span.begin) / kMillisecondNs));
  out.set_tick_ms(static_cast<std::uint32_t>(span.tick / kMillisecondNs));
  Translation ids(content.rows.entries, dictionary);
  SentByHost sent;
  pack_conversations(content, span, ids, references, sent, out);
  pack_endpoints(content, span, ids, sent, out);
  pack_operations(content, span, ids, references, out);
  pack_facts(content, span, ids, out);
  pack_rest(content, span, dictionary, out);
  if (dictionary.counts() != known) dictionary.announce(known, *out.mutable_announced());
}

std::string pack_alone(const Content& content) {
  Dictionary dictionary;
  References references;
  v1::Records records;
  pack(content, dictionary, references, records);
  v1::Batch batch;
  compress(records, Compression::alone, batch);
  return batch.SerializeAsString();
}

}  // namespace osect::condense
