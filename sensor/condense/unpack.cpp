// Columns of osect.v1.Records back to rows; every rule of coding stands in
// proto/osect/v1/record.proto.
#include <algorithm>

#include "osect/v1/record.pb.h"
#include "osect/v1/uplink.pb.h"
#include "sensor/condense/columns.h"
#include "sensor/condense/compress.h"
#include "sensor/condense/pack.h"

namespace osect::condense {
namespace {

// Reading the columns back.
class Unpacker {
 public:
  Unpacker(const v1::Records& records, Dictionary& dictionary, References& references)
      : in_(records), dictionary_(dictionary), references_(references) {}

  Result<Content> run() {
    if (auto added = dictionary_.add(in_.announced()); !added) return added.error();
    if (in_.tick_ms() == 0 || in_.length_ms() > kLengthMsMax || in_.begin_ms() < -kTimeMsMax ||
        in_.begin_ms() > kTimeMsMax)
      return Error("the times of a batch are out of range");
    content_.kind = in_.tick_ms() == kNoveltyTickMs ? Kind::novelty : Kind::counters;
    span_.begin = in_.begin_ms() * kMillisecondNs;
    span_.end = span_.begin + static_cast<TimeNs>(in_.length_ms()) * kMillisecondNs;
    span_.tick = TimeNs{in_.tick_ms()} * kMillisecondNs;
    content_.rows.begin = span_.begin;
    content_.rows.end = span_.end;
    if (!read_conversations() || !read_endpoints() || !read_operations() || !read_facts() ||
        !read_rest())
      return Error("the columns of a batch contradict each other");
    return std::move(content_);
  }

 private:
  static constexpr std::int64_t kTimeMsMax = std::int64_t{1} << 42;  // year 2109
  static constexpr std::uint64_t kLengthMsMax = std::uint64_t{1} << 40;

  // Next id of a sorted column; false when it is none of 1..most.
  static bool advance(std::uint32_t& id, std::int32_t delta, std::uint32_t most) {
    id += static_cast<std::uint32_t>(delta);
    return id >= 1 && id <= most;
  }

  bool read_conversations() {
    const int count = in_.conversation_size();
    for (const int size : {in_.conversation_flows_size(), in_.conversation_packets_up_size(),
                           in_.conversation_packets_down_size(), in_.conversation_bytes_up_size(),
                           in_.conversation_bytes_down_size(), in_.conversation_first_size(),
                           in_.conversation_tail_size()})
      if (size != count) return false;
    std::uint32_t id = 0;
    for (int i = 0; i < count; ++i) {
      if (!advance(id, in_.conversation(i), dictionary_.counts().conversations)) return false;
      auto& r = references_.conversation(id);
      const auto& key = dictionary_.conversation(id);
      auto& row = content_.rows.conversations.emplace_back();
      const auto up = sum(in_.conversation_packets_up(i), r.packets_up);
      const auto down =
          sum(in_.conversation_packets_down(i), scale(r.packets_down, up, r.packets_up));
      row.packets = {up, down};
      row.bytes = {sum(in_.conversation_bytes_up(i), scale(r.bytes_up, up, r.packets_up)),
                   sum(in_.conversation_bytes_down(i), scale(r.bytes_down, down, r.packets_down))};
      r = {up, down, row.bytes[0], row.bytes[1]};
      row.conversation = id;
      row.flows = in_.conversation_flows(i);
      if (!span_.times(in_.conversation_first(i), in_.conversation_tail(i), row.first, row.last))
        return false;
      count_sent(sent_, key.client, up, row.bytes[0], row.first, row.last);
      count_sent(sent_, key.server, down, row.bytes[1], row.first, row.last);
    }
    return true;
  }

  bool read_endpoints() {
    const int count = in_.endpoint_host_size();
    for (const int size : {in_.endpoint_packets_size(), in_.endpoint_bytes_size(),
                           in_.endpoint_first_size(), in_.endpoint_tail_size()})
      if (size != count) return false;
    std::uint32_t id = 0;
    for (int i = 0; i < count; ++i) {
      if (!advance(id, in_.endpoint_host(i), dictionary_.counts().hosts)) return false;
      auto& row = content_.rows.endpoints.emplace_back();
      row.host = id;
      row.is_new = true;  // whoever writes it down decides what is new; here: keep the row as a row
      row.packets = in_.endpoint_packets(i);
      row.bytes = in_.endpoint_bytes(i);
      if (!span_.times(in_.endpoint_first(i), in_.endpoint_tail(i), row.first, row.last))
        return false;
      sent_.erase(id);
    }
    for (const auto& [host, s] : sent_) {
      auto& row = content_.rows.endpoints.emplace_back();
      row.host = host;
      row.packets = s.packets;
      row.bytes = s.bytes;
      row.first = s.first;
      row.last = s.last;
    }
    return true;
  }

  bool read_operations() {
    const int count = in_.operation_size();
    for (const int size :
         {in_.operation_count_size(), in_.operation_errors_size(), in_.operation_cycle_us_size(),
          in_.operation_jitter_us_size(), in_.operation_first_size(), in_.operation_tail_size()})
      if (size != count) return false;
    std::uint32_t id = 0;
    for (int i = 0; i < count; ++i) {
      if (!advance(id, in_.operation(i), dictionary_.counts().operations)) return false;
      auto& r = references_.operation(id);
      r = {sum(in_.operation_count(i), r.count), sum(in_.operation_errors(i), r.errors),
           sum(in_.operation_cycle_us(i), r.cycle_us),
           sum(in_.operation_jitter_us(i), r.jitter_us)};
      auto& row = content_.rows.operations.emplace_back();
      row.operation = id;
      row.count = r.count;
      row.errors = r.errors;
      row.cycle_us = static_cast<std::uint32_t>(r.cycle_us);
      row.jitter_us = static_cast<std::uint32_t>(r.jitter_us);
      if (!span_.times(in_.operation_first(i), in_.operation_tail(i), row.first, row.last))
        return false;
    }
    return true;
  }

  bool read_facts() {
    const int count = in_.fact_host_size();
    for (const int size : {in_.fact_attribute_size(), in_.fact_value_size(), in_.fact_source_size(),
                           in_.fact_confidence_size(), in_.fact_count_size(), in_.fact_first_size(),
                           in_.fact_tail_size()})
      if (size != count) return false;
    std::uint32_t id = 0;
    const auto known = dictionary_.counts();
    for (int i = 0; i < count; ++i) {
      id += static_cast<std::uint32_t>(in_.fact_host(i));
      if (id > known.hosts || in_.fact_confidence(i) > 100 ||
          std::max({in_.fact_attribute(i), in_.fact_value(i), in_.fact_source(i)}) > known.texts)
        return false;
      auto& row = content_.rows.facts.emplace_back();
      row.subject = id;
      row.attribute = in_.fact_attribute(i);
      row.value = in_.fact_value(i);
      row.source = in_.fact_source(i);
      row.confidence = static_cast<std::uint8_t>(in_.fact_confidence(i));
      row.count = in_.fact_count(i);
      if (!span_.times(in_.fact_first(i), in_.fact_tail(i), row.first, row.last)) return false;
    }
    return true;
  }

  bool read_rest() {
    for (const auto& event : in_.event()) {
      if (event.host() > dictionary_.counts().hosts || event.detail_size() % 2 != 0) return false;
      auto& row = content_.rows.events.emplace_back();
      row.kind = event.kind();
      row.severity = static_cast<observe::Severity>(event.severity());
      row.subject = dictionary_.host(event.host()).host();
      for (int i = 0; i < event.detail_size(); i += 2)
        row.detail.emplace_back(event.detail(i), event.detail(i + 1));
      row.count = event.count();
      if (!span_.times(event.first(), event.tail(), row.first, row.last)) return false;
    }
    for (const auto& port : in_.port()) {
      content_.rows.ports.push_back({0, port.name(), port.packets(), port.bytes(),
                                     port.dropped_kernel(), port.dropped_queue(), port.malformed(),
                                     port.unparsed(), port.truncated(), port.evicted()});
    }
    for (const auto& gap : in_.gap()) {
      for (const std::int64_t ms : {gap.begin_ms(), gap.end_ms()})
        if (ms < -kTimeMsMax || ms > kTimeMsMax) return false;
      content_.gaps.push_back({gap.reason(), gap.begin_ms() * kMillisecondNs,
                               gap.end_ms() * kMillisecondNs, gap.packets(), gap.bytes()});
    }
    if (!in_.has_health()) return true;
    const auto& health = in_.health();
    content_.health = Health{health.version(),      health.uptime_s(),    health.cpu_permille(),
                             health.memory_bytes(), health.spool_bytes(), health.disk_free_bytes(),
                             std::nullopt,          health.uplink_bytes()};
    if (health.has_temperature_c()) content_.health->temperature_c = health.temperature_c();
    return true;
  }

  const v1::Records& in_;
  Dictionary& dictionary_;
  References& references_;
  Content content_;
  Span span_;
  SentByHost sent_;
};

}  // namespace

Result<Content> unpack(const v1::Records& records, Dictionary& dictionary, References& references) {
  auto content = Unpacker(records, dictionary, references).run();
  if (content) content->rows.entries = dictionary.entries();
  return content;
}

Result<Content> unpack_alone(std::string_view bytes) {
  v1::Batch batch;
  if (!batch.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return Error("a spooled batch cannot be parsed");
  v1::Records records;
  if (auto read = decompress(batch, records); !read) return read.error();
  Dictionary dictionary;
  References references;
  auto content = Unpacker(records, dictionary, references).run();
  if (content) content->rows.entries = dictionary.take();
  return content;
}

}  // namespace osect::condense
