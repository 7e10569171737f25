// Adds packed minutes up by row and writes each row once.
#include "cloud/ingest/fold.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/log.h"
#include "cloud/ingest/fold_operations.h"
#include "cloud/ingest/fold_volumes.h"
#include "cloud/store/packed.h"
#include "cloud/store/queries/connection.h"
#include "cloud/store/queries/fold.h"

namespace osect::ingest {
namespace {

using store::Packed;
using store::Param;

// Sums by id, in the order of ids: whoever locks rows locks them in the same order.
struct Sums {
  std::map<std::int64_t, Packed::Conversation> conversations;
  std::map<std::int64_t, Packed::Endpoint> endpoints;
  std::map<std::int64_t, Packed::Operation> operations;
  Counted hours;
  Counted days;
  CountedOperations operation_hours;

  template <typename Row>
  static Row& merge_times(Row& sum, const Row& row, bool is_new) {
    sum.id = row.id;
    sum.first_ms = is_new ? row.first_ms : std::min(sum.first_ms, row.first_ms);
    sum.last_ms = is_new ? row.last_ms : std::max(sum.last_ms, row.last_ms);
    return sum;
  }
  template <typename Sums, typename Key>
  static void add_conversation(Sums& sums, const Key& key, const Packed::Conversation& row) {
    const auto [at, is_new] = sums.try_emplace(key);
    auto& sum = merge_times(at->second, row, is_new);
    sum.packets_up += row.packets_up;
    sum.packets_down += row.packets_down;
    sum.bytes_up += row.bytes_up;
    sum.bytes_down += row.bytes_down;
    sum.flows += row.flows;
  }
  template <typename Sums, typename Key>
  static void add_operation(Sums& sums, const Key& key, const Packed::Operation& row) {
    const auto [at, is_new] = sums.try_emplace(key);
    auto& sum = merge_times(at->second, row, is_new);
    sum.count += row.count;
    sum.errors += row.errors;
    if (row.cycle_us > 0) {
      sum.cycle_us = row.cycle_us;
      sum.jitter_us = row.jitter_us;
    }
  }

  void add(const Packed& packed) {
    const std::int64_t hour = packed.begin_ms - packed.begin_ms % kHourMs;
    const std::int64_t day = packed.begin_ms - packed.begin_ms % kDayMs;
    for (const auto& row : packed.conversations) {
      add_conversation(conversations, row.id, row);
      add_conversation(hours[hour], row.id, row);
      add_conversation(days[day], row.id, row);
    }
    for (const auto& row : packed.endpoints) {
      const auto [at, is_new] = endpoints.try_emplace(row.id);
      auto& sum = merge_times(at->second, row, is_new);
      sum.packets += row.packets;
      sum.bytes += row.bytes;
    }
    for (const auto& row : packed.operations) {
      add_operation(operations, row.id, row);
      add_operation(operation_hours[hour], row.id, row);
    }
  }
};

// A column of one member of the rows.
template <typename Map, typename Row>
Param column(const Map& rows, std::int64_t Row::*member) {
  std::vector<std::int64_t> values;
  values.reserve(rows.size());
  for (const auto& [key, row] : rows) values.push_back(row.*member);
  return Param::array(values);
}

Result<> write(store::Transaction& transaction, const Folder::Key& key, const Sums& sums) {
  using Conversation = Packed::Conversation;
  using Endpoint = Packed::Endpoint;
  using Operation = Packed::Operation;
  const std::int64_t organization = key.organization;
  const auto run = [&](bool is_needed, const store::Query& query,
                       const std::vector<Param>& params) -> Result<> {
    if (!is_needed) return {};
    auto done = transaction.run(query, params);
    if (!done) return done.error();
    return {};
  };
  const auto& c = sums.conversations;
  const auto& e = sums.endpoints;
  const auto& o = sums.operations;
  if (auto done = run(!e.empty(), store::query::kFoldEndpoints,
                      {organization, column(e, &Endpoint::id), column(e, &Endpoint::packets),
                       column(e, &Endpoint::bytes), column(e, &Endpoint::first_ms),
                       column(e, &Endpoint::last_ms)});
      !done)
    return done;
  if (auto done =
          run(!c.empty(), store::query::kFoldConversations,
              {organization, column(c, &Conversation::id), column(c, &Conversation::packets_up),
               column(c, &Conversation::packets_down), column(c, &Conversation::bytes_up),
               column(c, &Conversation::bytes_down), column(c, &Conversation::flows),
               column(c, &Conversation::first_ms), column(c, &Conversation::last_ms)});
      !done)
    return done;
  if (auto done = run(!o.empty(), store::query::kFoldOperations,
                      {organization, column(o, &Operation::id), column(o, &Operation::count),
                       column(o, &Operation::errors), column(o, &Operation::cycle_us),
                       column(o, &Operation::jitter_us), column(o, &Operation::first_ms),
                       column(o, &Operation::last_ms)});
      !done)
    return done;
  const VolumesOf of{organization, key.site, key.sensor};
  if (auto done = fold_volumes(transaction, of, sums.hours, sums.days); !done) return done;
  return fold_operations(transaction, of, sums.operation_hours);
}

}  // namespace

Result<bool> Folder::fold(const Key& key) {
  auto transaction = pool_.begin({.organization = key.organization});
  if (!transaction) return transaction.error();
  const auto claimed = transaction->run(store::query::kClaimFold, {key.organization, key.sensor});
  if (!claimed) return claimed.error();
  if (claimed->empty()) return false;
  const auto committed =
      transaction->run(store::query::kReadCommitted, {key.organization, key.sensor});
  if (!committed) return committed.error();
  const auto minutes = transaction->run(
      store::query::kReadMinutes,
      {key.organization, key.sensor, (*claimed)[0].integer(0), config_.minutes_max});
  if (!minutes) return minutes.error();
  Sums sums;
  // Batches without counters leave no row: when all rows are read, everything that was committed
  // before is folded.
  const bool is_more = minutes->size() == static_cast<std::size_t>(config_.minutes_max);
  std::int64_t folded = is_more ? 0 : (*committed)[0].integer(0);
  for (const store::Row row : *minutes) {
    auto packed = store::unpack(row.bytes(1));
    if (!packed)
      return packed.error().within(
          fmt::format("batch {} of sensor {}", row.integer(0), key.sensor));
    sums.add(*packed);
    folded = std::max(folded, row.integer(0));
  }
  if (auto written = write(*transaction, key, sums); !written) return written.error();
  if (auto done =
          transaction->run(store::query::kFinishFold, {key.organization, key.sensor, folded});
      !done)
    return done.error();
  if (!sums.conversations.empty()) {
    auto told =
        transaction->run(store::query::kNotifyOfChange,
                         {fmt::format(R"({{"organization":"{}","site":"{}","kind":"traffic"}})",
                                      key.organization, key.site)});
    if (!told) return told.error();
  }
  if (auto done = transaction->commit(); !done) return done.error();
  return is_more;
}

void Folder::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void Folder::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Folder::note(const Sensor& sensor) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.insert({sensor.organization, sensor.site, sensor.id});
  }
  changed_.notify_one();
}

void Folder::look_around() {
  auto transaction = pool_.begin({});
  if (!transaction) return;
  const auto found = transaction->run(store::query::kListUnfolded);
  if (!found) {
    log::warn("The folder cannot look for work: {}", found.error().message);
    return;
  }
  const std::lock_guard lock(mutex_);
  for (const store::Row row : *found)
    waiting_.insert({row.integer(0), row.integer(1), row.integer(2)});
}

void Folder::work(const std::stop_token& stop) {
  using Clock = std::chrono::steady_clock;
  auto next_look = Clock::now();
  Key last;
  while (!stop.stop_requested()) {
    if (Clock::now() >= next_look) {
      look_around();
      next_look = Clock::now() + std::chrono::milliseconds(config_.look_around_ms);
    }
    std::unique_lock lock(mutex_);
    if (!changed_.wait_until(lock, stop, next_look, [this] { return !waiting_.empty(); })) continue;
    // Round robin over the sensors.
    auto at = waiting_.upper_bound(last);
    if (at == waiting_.end()) at = waiting_.begin();
    last = *at;
    waiting_.erase(at);
    lock.unlock();
    const auto begun = Clock::now();
    const auto folded = fold(last);
    if (!folded)
      log::warn("Minutes of sensor {} wait to be folded: {}", last.sensor, folded.error().message);
    const auto worked = Clock::now() - begun;
    lock.lock();
    // What failed is found again by looking around.
    if (folded && *folded) waiting_.insert(last);
    const auto rest =
        std::chrono::duration_cast<Clock::duration>(worked * (1 / config_.work_share - 1));
    changed_.wait_for(lock, stop, rest, [] { return false; });
  }
}

}  // namespace osect::ingest
