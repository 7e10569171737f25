// Calls the functions of migration 0002.
#include "cloud/store/partitions.h"

#include <chrono>

#include "base/log.h"
#include "cloud/store/queries/partition.h"

namespace osect::store {
namespace {

constexpr TimeNs kDayNs = 24 * 60 * kMinuteNs;

}  // namespace

Result<> Partitions::maintain(TimeNs now) {
  struct Table {
    const char* name;
    const char* step;
    std::int64_t ahead_days;
    std::int64_t kept_days;
  };
  const Table tables[] = {{"traffic_minute", "1 day", 3, retention_.minutes_days},
                          {"traffic_hour", "1 month", 35, retention_.hours_days},
                          {"operation_hour", "1 month", 35, retention_.hours_days},
                          {"traffic_protocol_hour", "1 month", 35, retention_.days_days},
                          {"traffic_day", "1 month", 35, retention_.days_days}};
  for (const Table& table : tables) {
    // One table a transaction: making a partition locks its table, and writers wait.
    auto transaction = owner_.begin({});
    if (!transaction) return transaction.error();
    if (auto made = transaction->run(
            query::kEnsurePartitions,
            {table.name, table.step, rfc3339(now), rfc3339(now + table.ahead_days * kDayNs)});
        !made)
      return made.error();
    if (auto dropped =
            transaction->run(query::kDropPartitions,
                             {table.name, table.step, rfc3339(now - table.kept_days * kDayNs)});
        !dropped)
      return dropped.error();
    if (auto done = transaction->commit(); !done) return done;
  }
  return {};
}

void Partitions::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (auto done = maintain(system_now()); !done)
        log::warn("The partitions could not be kept: {}", done.error().message);
      std::unique_lock lock(mutex_);
      stopped_.wait_for(lock, stop, std::chrono::hours(1), [] { return false; });
    }
  });
}

void Partitions::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

}  // namespace osect::store
