// The statements of one batch, in the order in which later ones need the ids of earlier ones.
#include "cloud/ingest/transfer.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cloud/store/packed.h"
#include "cloud/store/queries/connection.h"
#include "cloud/store/queries/ingest.h"

namespace osect::ingest {
namespace {

using store::Param;
using store::Rows;

std::int64_t signed_of(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

void append_ids(std::vector<std::int64_t>& ids, const Rows& rows) {
  for (const store::Row row : rows) ids.push_back(row.integer(0));
}

std::vector<std::int64_t> beyond(const std::vector<std::int64_t>& ids, std::size_t count) {
  return {ids.begin() + static_cast<std::ptrdiff_t>(count + 1), ids.end()};
}

// One batch on its way; its ids replace the stream's when it is committed.
class Transfer {
 public:
  Transfer(const Sensor& sensor, const Ids& ids, store::Transaction& transaction,
           const Batch& batch, const Dictionary& dictionary)
      : sensor_(sensor), transaction_(transaction), batch_(batch), dictionary_(dictionary) {
    if (!batch.is_new_epoch) ids_ = ids;
  }

  void write(const std::string& version) {
    note_sensor(version);
    if (!batch_.announced.empty()) announce();
    note_sent();
    if (!dirty_.empty())
      run(store::query::kAddInventoryWork,
          {sensor_.organization, sensor_.site, Param::array(dirty_)});
    write_counters();
    write_facts();
    write_events();
    write_state();
    if (!batch_.announced.empty()) keep_dictionary();
    notify();
  }
  Ids take_ids() && { return std::move(ids_); }

 private:
  Rows run(const store::Query& query, std::initializer_list<Param> params) {
    return take(transaction_.run(query, params));
  }

  void note_sensor(const std::string& version) {
    Param health(nullptr);
    if (batch_.health) health = Param(health_json().dump());
    run(store::query::kNoteSensor,
        {sensor_.organization, sensor_.id,
         sensor_.address.empty() ? Param(nullptr) : Param(sensor_.address),
         batch_.health && !batch_.health->version.empty() ? batch_.health->version : version,
         health});
  }

  [[nodiscard]] nlohmann::json health_json() const {
    const HealthRow& row = *batch_.health;
    nlohmann::json out{{"version", row.version},           {"uptime_s", row.uptime_s},
                       {"cpu_permille", row.cpu_permille}, {"memory_bytes", row.memory_bytes},
                       {"spool_bytes", row.spool_bytes},   {"disk_free_bytes", row.disk_free_bytes},
                       {"uplink_bytes", row.uplink_bytes}};
    if (row.temperature_c) out["temperature_c"] = *row.temperature_c;
    if (row.clock_offset_ms) out["clock_offset_ms"] = *row.clock_offset_ms;
    return out;
  }

  void announce() {
    const DictionaryCounts now = dictionary_.counts();
    if (batch_.is_new_epoch)
      run(store::query::kClearDictionary, {sensor_.organization, sensor_.id, signed_of(now.epoch)});
    announce_hosts(now.hosts);
    announce_conversations(now.conversations);
    announce_operations(now.operations);
  }

  // First and last time a dictionary entry was seen in this batch; the batch's own bounds where no
  // row says.
  class Times {
   public:
    Times(const Batch& batch, std::size_t from, std::size_t to)
        : from_(from), first(to - from, batch.begin_ms), last(to - from, batch.end_ms) {}
    void set(std::size_t id, const Seen& seen) {
      if (id <= from_) return;
      first[id - from_ - 1] = seen.first_ms;
      last[id - from_ - 1] = seen.last_ms;
    }

   private:
    std::size_t from_;

   public:
    std::vector<std::int64_t> first;
    std::vector<std::int64_t> last;
  };

  void announce_hosts(std::size_t count) {
    const std::size_t before = batch_.before.hosts;
    if (count == before) return;
    Times times(batch_, before, count);
    std::vector<std::int64_t> sent(count - before);
    for (const EndpointCount& row : batch_.endpoints) {
      times.set(row.host, row.seen);
      if (row.host > before && row.packets > 0) sent[row.host - before - 1] = 1;
    }
    std::vector<std::int64_t> vlans;
    std::vector<std::string> macs;
    std::vector<std::string> ips;
    for (std::size_t id = before + 1; id <= count; ++id) {
      const Host& host = dictionary_.host(static_cast<std::uint32_t>(id));
      vlans.push_back(host.vlan);
      macs.push_back(host.mac.is_zero() ? "" : host.mac.text());
      ips.push_back(host.ip.text());
    }
    append_ids(ids_.endpoints,
               run(store::query::kAddEndpoints,
                   {sensor_.organization, sensor_.site, sensor_.id, Param::array(vlans),
                    Param::array(macs), Param::array(ips), Param::array(sent),
                    Param::array(times.first), Param::array(times.last)}));
    for (const std::int64_t is_sent : sent) ids_.has_sent.push_back(is_sent == 1);
    dirty_ = beyond(ids_.endpoints, before);
  }

  // The endpoint of a host; what came without any address shares one, made when first needed.
  std::int64_t endpoint(std::uint32_t host) {
    if (host == 0 && ids_.endpoints[0] == 0) {
      const std::vector<std::int64_t> zero{0};
      const std::vector<std::string> none{""};
      const std::vector<std::int64_t> first{batch_.begin_ms};
      const Rows made = run(
          store::query::kAddEndpoints,
          {sensor_.organization, sensor_.site, sensor_.id, Param::array(zero), Param::array(none),
           Param::array(none), Param::array(zero), Param::array(first), Param::array(first)});
      ids_.endpoints[0] = made[0].integer(0);
    }
    return ids_.endpoints[host];
  }

  void announce_conversations(std::size_t count) {
    const std::size_t before = batch_.before.conversations;
    if (count == before) return;
    Times times(batch_, before, count);
    for (const ConversationCount& row : batch_.conversations) times.set(row.conversation, row.seen);
    std::vector<std::int64_t> clients;
    std::vector<std::int64_t> servers;
    std::vector<std::string> transports;
    std::vector<std::int64_t> ports;
    std::vector<std::string> protocols;
    for (std::size_t id = before + 1; id <= count; ++id) {
      const ConversationKey& key = dictionary_.conversation(static_cast<std::uint32_t>(id));
      clients.push_back(endpoint(key.client));
      servers.push_back(endpoint(key.server));
      transports.emplace_back(key.transport);
      ports.push_back(key.port);
      protocols.push_back(dictionary_.text(key.protocol));
    }
    append_ids(ids_.conversations,
               run(store::query::kAddConversations,
                   {sensor_.organization, sensor_.site, sensor_.id, Param::array(clients),
                    Param::array(servers), Param::array(transports), Param::array(ports),
                    Param::array(protocols), Param::array(times.first), Param::array(times.last)}));
  }

  // What somebody serves says what it may be.
  void note_new_servers(const std::vector<std::int64_t>& servers) {
    dirty_.insert(dirty_.end(), servers.begin(), servers.end());
  }

  void announce_operations(std::size_t count) {
    const std::size_t before = batch_.before.operations;
    if (count == before) return;
    Times times(batch_, before, count);
    for (const OperationCount& row : batch_.operations) times.set(row.operation, row.seen);
    std::vector<std::int64_t> clients;
    std::vector<std::int64_t> servers;
    std::vector<std::string> protocols;
    std::vector<std::string> functions;
    std::vector<std::string> codes;
    std::vector<std::string> accesses;
    std::vector<std::string> targets;
    for (std::size_t id = before + 1; id <= count; ++id) {
      const OperationKey& key = dictionary_.operation(static_cast<std::uint32_t>(id));
      clients.push_back(endpoint(key.client));
      servers.push_back(endpoint(key.server));
      protocols.push_back(dictionary_.text(key.protocol));
      functions.push_back(dictionary_.text(key.function));
      codes.push_back(dictionary_.text(key.code));
      accesses.emplace_back(key.access);
      targets.push_back(dictionary_.text(key.target));
    }
    append_ids(ids_.operations,
               run(store::query::kAddOperations,
                   {sensor_.organization, sensor_.site, sensor_.id, Param::array(protocols),
                    Param::array(clients), Param::array(servers), Param::array(functions),
                    Param::array(codes), Param::array(accesses), Param::array(targets),
                    Param::array(times.first), Param::array(times.last)}));
  }

  // A host that was only asked for until now and speaks for the first time may become a device.
  void note_sent() {
    std::vector<std::int64_t> speaking;
    for (const EndpointCount& row : batch_.endpoints) {
      if (row.packets == 0 || ids_.has_sent[row.host]) continue;
      ids_.has_sent[row.host] = true;
      speaking.push_back(ids_.endpoints[row.host]);
    }
    if (speaking.empty()) return;
    append_ids(dirty_,
               run(store::query::kNoteSent, {sensor_.organization, Param::array(speaking)}));
  }

  void write_counters() {
    if (batch_.conversations.empty() && batch_.endpoints.empty() && batch_.operations.empty())
      return;
    store::Packed packed;
    packed.begin_ms = batch_.begin_ms;
    packed.end_ms = batch_.end_ms;
    packed.conversations.reserve(batch_.conversations.size());
    std::int64_t sums[4] = {};
    const auto add = [](std::int64_t& sum, std::int64_t value) {
      if (__builtin_add_overflow(sum, value, &sum))
        throw Stopped{Error("the counters of the batch overflow")};
    };
    for (const ConversationCount& row : batch_.conversations) {
      packed.conversations.push_back({ids_.conversations[row.conversation], row.packets_up,
                                      row.packets_down, row.bytes_up, row.bytes_down, row.flows,
                                      row.seen.first_ms, row.seen.last_ms});
      add(sums[0], row.packets_up);
      add(sums[1], row.packets_down);
      add(sums[2], row.bytes_up);
      add(sums[3], row.bytes_down);
    }
    for (const EndpointCount& row : batch_.endpoints)
      packed.endpoints.push_back(
          {ids_.endpoints[row.host], row.packets, row.bytes, row.seen.first_ms, row.seen.last_ms});
    for (const OperationCount& row : batch_.operations)
      packed.operations.push_back({ids_.operations[row.operation], row.count, row.errors,
                                   row.cycle_us, row.jitter_us, row.seen.first_ms,
                                   row.seen.last_ms});
    run(store::query::kAddMinute, {sensor_.organization, sensor_.site, sensor_.id, batch_.begin_ms,
                                   signed_of(batch_.sequence), sums[0], sums[1], sums[2], sums[3],
                                   Param::bytes(store::pack(packed))});
  }

  void write_facts() {
    if (batch_.facts.empty()) return;
    std::vector<std::int64_t> endpoints;
    std::vector<std::string_view> attributes;
    std::vector<std::string_view> values;
    std::vector<std::string_view> sources;
    std::vector<std::int64_t> confidences;
    std::vector<std::int64_t> counts;
    std::vector<std::int64_t> firsts;
    std::vector<std::int64_t> lasts;
    for (const FactRow& row : batch_.facts) {
      endpoints.push_back(ids_.endpoints[row.host]);
      attributes.push_back(dictionary_.text(row.attribute));
      values.push_back(dictionary_.text(row.value));
      sources.push_back(dictionary_.text(row.source));
      confidences.push_back(row.confidence);
      counts.push_back(row.count);
      firsts.push_back(row.seen.first_ms);
      lasts.push_back(row.seen.last_ms);
    }
    const Rows changed =
        run(store::query::kAddFacts,
            {sensor_.organization, sensor_.site, Param::array(endpoints), Param::array(attributes),
             Param::array(values), Param::array(sources), Param::array(confidences),
             Param::array(counts), Param::array(firsts), Param::array(lasts)});
    has_new_facts_ = changed.affected() > 0;
  }

  void write_events() {
    if (batch_.events.empty()) return;
    nlohmann::json rows = nlohmann::json::array();
    for (const EventRow& event : batch_.events) {
      nlohmann::json detail = nlohmann::json::object();
      for (const auto& [key, value] : event.detail) detail[key] = value;
      nlohmann::json row{{"kind", event.kind},
                         {"severity", event.severity},
                         {"detail", detail},
                         {"count", event.count},
                         {"first_ms", event.seen.first_ms},
                         {"last_ms", event.seen.last_ms}};
      if (event.host != 0) row["endpoint_id"] = ids_.endpoints[event.host];
      rows.push_back(std::move(row));
    }
    run(store::query::kAddEvents, {sensor_.organization, sensor_.site, sensor_.id, rows.dump()});
  }

  void write_state() {
    if (!batch_.ports.empty()) {
      nlohmann::json rows = nlohmann::json::array();
      for (const PortRow& port : batch_.ports)
        rows.push_back({{"name", port.name},
                        {"packets", port.counters[0]},
                        {"bytes", port.counters[1]},
                        {"dropped_kernel", port.counters[2]},
                        {"dropped_queue", port.counters[3]},
                        {"malformed", port.counters[4]},
                        {"unparsed", port.counters[5]},
                        {"truncated", port.counters[6]},
                        {"evicted", port.counters[7]}});
      run(store::query::kAddPorts, {sensor_.organization, sensor_.id, batch_.end_ms,
                                    signed_of(batch_.sequence), rows.dump()});
    }
    if (!batch_.gaps.empty()) {
      nlohmann::json rows = nlohmann::json::array();
      for (const GapRow& gap : batch_.gaps)
        rows.push_back({{"reason", gap.reason},
                        {"begin_ms", gap.begin_ms},
                        {"end_ms", gap.end_ms},
                        {"packets", gap.packets},
                        {"bytes", gap.bytes}});
      run(store::query::kAddGaps, {sensor_.organization, sensor_.id, rows.dump()});
    }
    if (!batch_.health) return;
    const HealthRow& row = *batch_.health;
    run(store::query::kAddHealth,
        {sensor_.organization, sensor_.id, batch_.end_ms, signed_of(batch_.sequence), row.uptime_s,
         row.cpu_permille, row.memory_bytes, row.spool_bytes, row.disk_free_bytes,
         row.temperature_c, row.uplink_bytes, row.clock_offset_ms});
  }

  void keep_dictionary() {
    const DictionaryCounts& before = batch_.before;
    run(store::query::kAddDictionary,
        {sensor_.organization, sensor_.id, signed_of(dictionary_.counts().epoch),
         signed_of(batch_.sequence), Param::bytes(batch_.announced),
         Param::array(beyond(ids_.endpoints, before.hosts)),
         Param::array(beyond(ids_.conversations, before.conversations)),
         Param::array(beyond(ids_.operations, before.operations))});
  }

  // What changed, for the browsers that look at it. Devices are announced by inventory, totals by
  // the fold.
  void notify() {
    const DictionaryCounts now = dictionary_.counts();
    const auto tell = [&](bool is_changed, const char* kind) {
      if (is_changed)
        run(store::query::kNotifyOfChange,
            {fmt::format(R"({{"organization":"{}","site":"{}","kind":"{}"}})", sensor_.organization,
                         sensor_.site, kind)});
    };
    tell(now.conversations != batch_.before.conversations, "conversation");
    tell(now.operations != batch_.before.operations, "operation");
    tell(has_new_facts_, "fact");
    tell(!batch_.events.empty(), "event");
    tell(batch_.health.has_value() || !batch_.ports.empty() || !batch_.gaps.empty(), "sensor");
  }

  const Sensor& sensor_;
  store::Transaction& transaction_;
  const Batch& batch_;
  const Dictionary& dictionary_;
  Ids ids_;
  std::vector<std::int64_t> dirty_;
  bool has_new_facts_ = false;
};

}  // namespace

Ids transfer(const Sensor& sensor, const std::string& version, const Ids& ids,
             store::Transaction& transaction, const Batch& batch, const Dictionary& dictionary) {
  Transfer transfer(sensor, ids, transaction, batch, dictionary);
  transfer.write(version);
  return std::move(transfer).take_ids();
}

}  // namespace osect::ingest
