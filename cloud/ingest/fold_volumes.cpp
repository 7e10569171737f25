// Reads a packed hour or day, adds to it, writes it back: one value where there are thousands of
// conversations.
#include "cloud/ingest/fold_volumes.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cloud/store/queries/fold.h"
#include "cloud/store/volumes.h"

namespace osect::ingest {
namespace {

using store::Packed;
using store::Param;
using store::Volumes;
using Counters = std::map<std::int64_t, Packed::Conversation>;

// Who talks about what in a conversation.
struct Subject {
  std::int64_t client = 0;
  std::int64_t server = 0;
  Volumes::Service service;
};
using Subjects = std::map<std::int64_t, Subject>;

struct Grain {
  const store::Query& read;
  const store::Query& write;
};
constexpr Grain kHour{store::query::kReadHour, store::query::kWriteHour};
constexpr Grain kDay{store::query::kReadDay, store::query::kWriteDay};

const Volumes::Row* find(const Volumes& volumes, std::int64_t conversation) {
  const auto at = std::lower_bound(
      volumes.rows.begin(), volumes.rows.end(), conversation,
      [](const Volumes::Row& row, std::int64_t id) { return row.conversation < id; });
  return at == volumes.rows.end() || at->conversation != conversation ? nullptr : &*at;
}

void add(Volumes::Row& row, const Packed::Conversation& counters) {
  row.packets_up += counters.packets_up;
  row.packets_down += counters.packets_down;
  row.bytes_up += counters.bytes_up;
  row.bytes_down += counters.bytes_down;
  row.flows += counters.flows;
}

// Both are ordered by conversation. A conversation that is gone from the database is left out.
void merge(Volumes& volumes, const Counters& counted, const Subjects& subjects) {
  std::map<Volumes::Service, std::size_t> services;
  for (std::size_t i = 0; i < volumes.services.size(); ++i)
    services.emplace(volumes.services[i], i);
  std::vector<Volumes::Row> rows;
  rows.reserve(volumes.rows.size() + subjects.size());
  auto known = volumes.rows.begin();
  for (const auto& [id, counters] : counted) {
    while (known != volumes.rows.end() && known->conversation < id) rows.push_back(*known++);
    if (known != volumes.rows.end() && known->conversation == id) {
      rows.push_back(*known++);
    } else {
      const auto found = subjects.find(id);
      if (found == subjects.end()) continue;
      const auto [at, is_new] = services.try_emplace(found->second.service, services.size());
      if (is_new) volumes.services.push_back(found->second.service);
      rows.push_back({.conversation = id,
                      .client = found->second.client,
                      .server = found->second.server,
                      .service = at->second});
    }
    add(rows.back(), counters);
  }
  rows.insert(rows.end(), known, volumes.rows.end());
  volumes.rows = std::move(rows);
}

class Work {
 public:
  Work(store::Transaction& transaction, const VolumesOf& of) : transaction_(transaction), of_(of) {}

  Result<> fold_day(std::int64_t day, const Counters& counted) {
    auto volumes = read(kDay, day);
    if (!volumes) return volumes.error();
    std::vector<std::int64_t> strangers;
    for (const auto& [id, counters] : counted)
      if (find(*volumes, id) == nullptr) strangers.push_back(id);
    const auto subjects = read_subjects(strangers);
    if (!subjects) return subjects.error();
    merge(*volumes, counted, *subjects);
    if (auto done = write(kDay, day, *volumes); !done) return done;
    days_.insert_or_assign(day, std::move(*volumes));
    return {};
  }

  // After its day, which knows every conversation of it.
  Result<> fold_hour(std::int64_t hour, const Counters& counted) {
    auto volumes = read(kHour, hour);
    if (!volumes) return volumes.error();
    const Volumes& day = days_.at(hour - hour % kDayMs);
    Subjects strangers;
    for (const auto& [id, counters] : counted) {
      const Volumes::Row* const known = find(day, id);
      if (known == nullptr) continue;
      const Volumes::Service& service = day.services[known->service];
      auto& sum = protocols_[{hour, service.protocol}];
      sum.first += counters.packets_up + counters.packets_down;
      sum.second += counters.bytes_up + counters.bytes_down;
      if (find(*volumes, id) == nullptr)
        strangers.emplace(id, Subject{known->client, known->server, service});
    }
    merge(*volumes, counted, strangers);
    return write(kHour, hour, *volumes);
  }

  Result<> fold_protocols() {
    if (protocols_.empty()) return {};
    std::vector<std::int64_t> hours;
    std::vector<std::string> names;
    std::vector<std::int64_t> packets;
    std::vector<std::int64_t> bytes;
    for (const auto& [key, sum] : protocols_) {
      hours.push_back(key.first);
      names.push_back(key.second);
      packets.push_back(sum.first);
      bytes.push_back(sum.second);
    }
    auto done = transaction_.run(store::query::kFoldProtocolHours,
                                 {of_.organization, of_.site, of_.sensor, Param::array(hours),
                                  Param::array(names), Param::array(packets), Param::array(bytes)});
    if (!done) return done.error();
    return {};
  }

 private:
  Result<Volumes> read(const Grain& grain, std::int64_t at) {
    const auto rows = transaction_.run(grain.read, {of_.organization, of_.site, of_.sensor, at});
    if (!rows) return rows.error();
    if (rows->empty()) return Volumes{};
    return store::unpack_volumes((*rows)[0].bytes(0));
  }

  Result<> write(const Grain& grain, std::int64_t at, const Volumes& volumes) {
    auto done = transaction_.run(grain.write, {of_.organization, of_.site, of_.sensor, at,
                                               Param::bytes(store::pack(volumes))});
    if (!done) return done.error();
    return {};
  }

  Result<Subjects> read_subjects(const std::vector<std::int64_t>& conversations) {
    Subjects out;
    if (conversations.empty()) return out;
    const auto rows = transaction_.run(store::query::kReadSubjects,
                                       {of_.organization, Param::array(conversations)});
    if (!rows) return rows.error();
    for (const store::Row row : *rows)
      out.emplace(row.integer(0),
                  Subject{row.integer(1),
                          row.integer(2),
                          {std::string(row.text(3)), row.integer(4), std::string(row.text(5))}});
    return out;
  }

  store::Transaction& transaction_;
  const VolumesOf of_;
  std::map<std::int64_t, Volumes> days_;  // as folded
  std::map<std::pair<std::int64_t, std::string>, std::pair<std::int64_t, std::int64_t>>
      protocols_;  // hour and protocol: packets, bytes
};

}  // namespace

Result<> fold_volumes(store::Transaction& transaction, const VolumesOf& of, const Counted& hours,
                      const Counted& days) {
  Work work(transaction, of);
  for (const auto& [day, counted] : days)
    if (auto done = work.fold_day(day, counted); !done) return done;
  for (const auto& [hour, counted] : hours)
    if (auto done = work.fold_hour(hour, counted); !done) return done;
  return work.fold_protocols();
}

}  // namespace osect::ingest
