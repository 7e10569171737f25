// Columns of osect.v1.Records to rows; the rules of their coding stand in
// proto/osect/v1/record.proto.
#include "cloud/ingest/decoder.h"

#include <fmt/format.h>
#include <google/protobuf/stubs/logging.h>
#include <zstd.h>

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <memory>

#include "osect/v1/record.pb.h"
#include "osect/v1/uplink.pb.h"
#include "proto/dictionary.h"

namespace osect::ingest {
namespace {

constexpr std::size_t kRecordsBytesMax = 64U << 20U;  // unpacked
constexpr std::uint64_t kLargest =
    static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
// Per row and batch: far beyond any link, and a lifetime of batches adds up without overflow.
constexpr std::uint64_t kCounterMax = 1ULL << 48U;
constexpr std::int64_t kTimeMsMax = 253'402'300'800'000;  // the year 10000
constexpr std::uint64_t kLengthMsMax = 31ULL * 86'400'000;
constexpr std::size_t kShortTextMax = 200;
constexpr int kFewMax = 10'000;  // events, ports and gaps of one batch

constexpr std::array kSeverities{"info", "low", "medium", "high", "critical"};

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  void operator()(ZSTD_DDict* dictionary) const { ZSTD_freeDDict(dictionary); }
};

// The plain bytes; `room` holds them where they had to be unpacked.
Result<std::string_view> unpack(const v1::Batch& message, std::string& room) {
  const std::string& packed = message.records();
  if (message.compression() == v1::COMPRESSION_NONE) return std::string_view(packed);
  if (message.compression() != v1::COMPRESSION_ZSTD &&
      message.compression() != v1::COMPRESSION_ZSTD_DICTIONARY_1)
    return Error("unknown compression");
  const auto size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN)
    return Error("the compressed records do not say how large they are");
  if (size > kRecordsBytesMax) return Error("the records are too large");
  room.resize(size);
  static thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  static const std::unique_ptr<ZSTD_DDict, FreeContext> shipped(
      ZSTD_createDDict(records_dictionary().data(), records_dictionary().size()));
  const std::size_t done =
      message.compression() == v1::COMPRESSION_ZSTD
          ? ZSTD_decompressDCtx(context.get(), room.data(), room.size(), packed.data(),
                                packed.size())
          : ZSTD_decompress_usingDDict(context.get(), room.data(), room.size(), packed.data(),
                                       packed.size(), shipped.get());
  if (ZSTD_isError(done) != 0 || done != size) return Error("the records cannot be decompressed");
  return std::string_view(room);
}

// r * n / d rounded to nearest, as record.proto has it.
std::uint64_t scale(std::uint64_t r, std::uint64_t n, std::uint64_t d) {
  if (d == 0) return r;
  __extension__ typedef unsigned __int128 Wide;
  const Wide scaled = (Wide{r} * n + d / 2) / d;
  return scaled > Wide{kLargest} ? 0 : static_cast<std::uint64_t>(scaled);
}

std::uint64_t predicted(std::int64_t coded, std::uint64_t expected) {
  return static_cast<std::uint64_t>(coded) + expected;
}

bool fits(std::initializer_list<std::uint64_t> values) {
  return std::all_of(values.begin(), values.end(),
                     [](std::uint64_t value) { return value <= kCounterMax; });
}

bool have_size(int size, std::initializer_list<int> others) {
  return std::all_of(others.begin(), others.end(), [&](int other) { return other == size; });
}

std::int64_t positive(std::uint64_t value) {
  return static_cast<std::int64_t>(std::min(value, kCounterMax));
}

bool is_text(const std::string& text, std::size_t most) {
  return text.size() <= most && text.find('\0') == std::string::npos;
}

}  // namespace

// Reads one message's columns into a Batch.
class Columns {
 public:
  Columns(Decoder& decoder, const v1::Records& in, Batch& out)
      : decoder_(decoder), dictionary_(decoder.dictionary_), in_(in), out_(out) {}

  Result<> read() {
    if (!read_times()) return Error("the times of the batch are out of range");
    if (!read_conversations()) return Error("the columns of conversations are broken");
    if (!read_endpoints()) return Error("the columns of endpoints are broken");
    if (!read_operations()) return Error("the columns of operations are broken");
    if (!read_facts()) return Error("the columns of facts are broken");
    if (!read_events()) return Error("an event is broken");
    if (!read_ports()) return Error("a monitor port's counters are broken");
    if (!read_gaps()) return Error("a gap is broken");
    return read_health() ? Result<>() : Error("the health report is broken");
  }

 private:
  bool read_times() {
    if (in_.begin_ms() < 0 || in_.begin_ms() >= kTimeMsMax || in_.length_ms() > kLengthMsMax)
      return false;
    out_.begin_ms = in_.begin_ms();
    out_.end_ms = in_.begin_ms() + static_cast<std::int64_t>(in_.length_ms());
    tick_ms_ = in_.tick_ms();
    return true;
  }

  bool seen(std::uint64_t first, std::uint64_t tail, Seen& out) const {
    if (tick_ms_ == 0 || first > in_.length_ms() / tick_ms_ || tail > in_.length_ms() / tick_ms_)
      return false;
    out.first_ms = out_.begin_ms + static_cast<std::int64_t>(first * tick_ms_);
    out.last_ms = std::max(out.first_ms, out_.end_ms - static_cast<std::int64_t>(tail * tick_ms_));
    return true;
  }

  // The next id of a column of differences; false when it is none of 1..most.
  static bool advance(std::uint32_t& id, std::int32_t delta, std::uint32_t most) {
    id += static_cast<std::uint32_t>(delta);
    return id >= 1 && id <= most;
  }

  EndpointCount& endpoint(std::uint32_t host, const Seen& seen, bool& is_first) {
    auto& at = decoder_.endpoint_at_;
    if (at.size() <= host) at.resize(dictionary_.counts().hosts + std::size_t{1});
    is_first = at[host] == 0;
    if (is_first) {
      out_.endpoints.push_back({host, 0, 0, seen});
      at[host] = static_cast<std::uint32_t>(out_.endpoints.size());
    }
    return out_.endpoints[at[host] - 1];
  }

  void count_sent(std::uint32_t host, std::int64_t packets, std::int64_t bytes, const Seen& seen) {
    if (packets == 0) return;
    bool is_first = false;
    EndpointCount& row = endpoint(host, seen, is_first);
    row.packets =
        positive(static_cast<std::uint64_t>(row.packets) + static_cast<std::uint64_t>(packets));
    row.bytes = positive(static_cast<std::uint64_t>(row.bytes) + static_cast<std::uint64_t>(bytes));
    row.seen.first_ms = std::min(row.seen.first_ms, seen.first_ms);
    row.seen.last_ms = std::max(row.seen.last_ms, seen.last_ms);
  }

  bool read_conversations() {
    const int count = in_.conversation_size();
    if (!have_size(count, {in_.conversation_flows_size(), in_.conversation_packets_up_size(),
                           in_.conversation_packets_down_size(), in_.conversation_bytes_up_size(),
                           in_.conversation_bytes_down_size(), in_.conversation_first_size(),
                           in_.conversation_tail_size()}))
      return false;
    const std::uint32_t most = dictionary_.counts().conversations;
    decoder_.references_.resize(most + std::size_t{1});
    out_.conversations.resize(static_cast<std::size_t>(count));
    std::uint32_t id = 0;
    for (int i = 0; i < count; ++i) {
      const std::uint32_t before = id;
      if (!advance(id, in_.conversation(i), most) || id == before) return false;
      auto& r = decoder_.references_[id];
      const auto up = predicted(in_.conversation_packets_up(i), r.packets_up);
      const auto down =
          predicted(in_.conversation_packets_down(i), scale(r.packets_down, up, r.packets_up));
      const auto bytes_up =
          predicted(in_.conversation_bytes_up(i), scale(r.bytes_up, up, r.packets_up));
      const auto bytes_down =
          predicted(in_.conversation_bytes_down(i), scale(r.bytes_down, down, r.packets_down));
      if (!fits({up, down, bytes_up, bytes_down})) return false;
      r = {up, down, bytes_up, bytes_down};
      ConversationCount& row = out_.conversations[static_cast<std::size_t>(i)];
      row.conversation = id;
      row.flows = in_.conversation_flows(i);
      row.packets_up = positive(up);
      row.packets_down = positive(down);
      row.bytes_up = positive(bytes_up);
      row.bytes_down = positive(bytes_down);
      if (!seen(in_.conversation_first(i), in_.conversation_tail(i), row.seen)) return false;
      const ConversationKey& key = dictionary_.conversation(id);
      count_sent(key.client, row.packets_up, row.bytes_up, row.seen);
      count_sent(key.server, row.packets_down, row.bytes_down, row.seen);
    }
    return true;
  }

  bool read_endpoints() {
    const int count = in_.endpoint_host_size();
    if (!have_size(count, {in_.endpoint_packets_size(), in_.endpoint_bytes_size(),
                           in_.endpoint_first_size(), in_.endpoint_tail_size()}))
      return false;
    std::uint32_t id = 0;
    for (int i = 0; i < count; ++i) {
      Seen times;
      if (!advance(id, in_.endpoint_host(i), dictionary_.counts().hosts) ||
          !seen(in_.endpoint_first(i), in_.endpoint_tail(i), times) ||
          !fits({in_.endpoint_packets(i), in_.endpoint_bytes(i)}))
        return false;
      bool is_first = false;
      endpoint(id, times, is_first) = {id, positive(in_.endpoint_packets(i)),
                                       positive(in_.endpoint_bytes(i)), times};
    }
    for (const EndpointCount& row : out_.endpoints) decoder_.endpoint_at_[row.host] = 0;
    return true;
  }

  bool read_operations() {
    const int count = in_.operation_size();
    if (!have_size(count, {in_.operation_count_size(), in_.operation_errors_size(),
                           in_.operation_cycle_us_size(), in_.operation_jitter_us_size(),
                           in_.operation_first_size(), in_.operation_tail_size()}))
      return false;
    const std::uint32_t most = dictionary_.counts().operations;
    decoder_.operation_references_.resize(most + std::size_t{1});
    std::uint32_t id = 0;
    for (int i = 0; i < count; ++i) {
      const std::uint32_t before = id;
      if (!advance(id, in_.operation(i), most) || id == before) return false;
      auto& r = decoder_.operation_references_[id];
      r = {predicted(in_.operation_count(i), r.count), predicted(in_.operation_errors(i), r.errors),
           predicted(in_.operation_cycle_us(i), r.cycle_us),
           predicted(in_.operation_jitter_us(i), r.jitter_us)};
      if (!fits({r.count, r.errors, r.cycle_us, r.jitter_us})) return false;
      OperationCount& row = out_.operations.emplace_back();
      row = {id, positive(r.count), positive(r.errors), positive(r.cycle_us), positive(r.jitter_us),
             {}};
      if (!seen(in_.operation_first(i), in_.operation_tail(i), row.seen)) return false;
    }
    return true;
  }

  bool read_facts() {
    const int count = in_.fact_host_size();
    if (!have_size(count, {in_.fact_attribute_size(), in_.fact_value_size(), in_.fact_source_size(),
                           in_.fact_confidence_size(), in_.fact_count_size(), in_.fact_first_size(),
                           in_.fact_tail_size()}))
      return false;
    const DictionaryCounts known = dictionary_.counts();
    std::uint32_t host = 0;
    for (int i = 0; i < count; ++i) {
      host += static_cast<std::uint32_t>(in_.fact_host(i));
      FactRow row{host, in_.fact_attribute(i), in_.fact_value(i), in_.fact_source(i), 0, 0, {}};
      if (host > known.hosts || std::max({row.attribute, row.value, row.source}) > known.texts ||
          in_.fact_confidence(i) > 100 || !fits({in_.fact_count(i)}) ||
          !seen(in_.fact_first(i), in_.fact_tail(i), row.seen))
        return false;
      row.confidence = static_cast<std::int32_t>(in_.fact_confidence(i));
      row.count = positive(in_.fact_count(i));
      if (host != 0) out_.facts.push_back(row);  // a fact about nobody tells nothing
    }
    return true;
  }

  bool read_events() {
    if (in_.event_size() > kFewMax) return false;
    for (const v1::Event& event : in_.event()) {
      const auto severity = static_cast<std::size_t>(event.severity());
      if (event.host() > dictionary_.counts().hosts || event.detail_size() % 2 != 0 ||
          event.detail_size() > 100 || event.severity() < 0 || severity >= kSeverities.size() ||
          !is_text(event.kind(), kShortTextMax) || !fits({event.count()}))
        return false;
      EventRow& row = out_.events.emplace_back();
      row.kind = event.kind();
      row.severity = kSeverities[severity];
      row.host = event.host();
      row.count = positive(event.count());
      if (!seen(event.first(), event.tail(), row.seen)) return false;
      for (int i = 0; i + 1 < event.detail_size(); i += 2) {
        if (!is_text(event.detail(i), kShortTextMax) || !is_text(event.detail(i + 1), 4096))
          return false;
        row.detail.emplace_back(event.detail(i), event.detail(i + 1));
      }
    }
    return true;
  }

  bool read_ports() {
    if (in_.port_size() > kFewMax) return false;
    for (const v1::PortCounters& port : in_.port()) {
      if (!is_text(port.name(), kShortTextMax)) return false;
      out_.ports.push_back(
          {port.name(),
           {positive(port.packets()), positive(port.bytes()), positive(port.dropped_kernel()),
            positive(port.dropped_queue()), positive(port.malformed()), positive(port.unparsed()),
            positive(port.truncated()), positive(port.evicted())}});
    }
    return true;
  }

  bool read_gaps() {
    if (in_.gap_size() > kFewMax) return false;
    for (const v1::Gap& gap : in_.gap()) {
      if (!is_text(gap.reason(), kShortTextMax) || gap.begin_ms() < 0 ||
          gap.begin_ms() >= kTimeMsMax || gap.end_ms() < 0 || gap.end_ms() >= kTimeMsMax)
        return false;
      out_.gaps.push_back({gap.reason(), gap.begin_ms(), gap.end_ms(), positive(gap.packets()),
                           positive(gap.bytes())});
    }
    return true;
  }

  bool read_health() {
    if (!in_.has_health()) return true;
    const v1::Health& health = in_.health();
    if (!is_text(health.version(), kShortTextMax)) return false;
    HealthRow& row = out_.health.emplace();
    row.version = health.version();
    row.uptime_s = positive(health.uptime_s());
    row.cpu_permille =
        std::min<std::int64_t>(health.cpu_permille(), std::numeric_limits<std::int32_t>::max());
    row.memory_bytes = positive(health.memory_bytes());
    row.spool_bytes = positive(health.spool_bytes());
    row.disk_free_bytes = positive(health.disk_free_bytes());
    if (health.has_temperature_c()) row.temperature_c = health.temperature_c();
    row.uplink_bytes = positive(health.uplink_bytes());
    if (health.has_clock_offset_ms()) row.clock_offset_ms = health.clock_offset_ms();
    return true;
  }

  Decoder& decoder_;
  const Dictionary& dictionary_;
  const v1::Records& in_;
  Batch& out_;
  std::uint64_t tick_ms_ = 0;
};

Result<Batch> Decoder::decode(const v1::Batch& message) {
  // A sensor's bytes must not write our log.
  static const auto before = google::protobuf::SetLogHandler(nullptr);
  static_cast<void>(before);
  Batch batch;
  batch.sequence = message.sequence();
  if (message.sequence() == 0 || message.sequence() > kLargest)
    return Error("the sequence is out of range");
  std::string room;
  const auto plain = unpack(message, room);
  if (!plain) return plain.error();
  v1::Records records;
  if (!records.ParseFromArray(plain->data(), static_cast<int>(plain->size())))
    return Error("the records cannot be parsed");
  if (message.epoch() != dictionary_.counts().epoch) {
    dictionary_.start(message.epoch());
    references_.clear();
    operation_references_.clear();
    batch.is_new_epoch = true;
  }
  batch.before = dictionary_.counts();
  if (auto added = dictionary_.add(records.announced()); !added) return added.error();
  if (dictionary_.counts() != batch.before)
    batch.announced = records.announced().SerializeAsString();
  endpoint_at_.assign(dictionary_.counts().hosts + std::size_t{1}, 0);
  if (auto read = Columns(*this, records, batch).read(); !read) return read.error();
  return batch;
}

}  // namespace osect::ingest
