// One transaction a site, one site after the other, until nothing is left to do.
#include "cloud/inventory/inventory.h"

#include <fmt/format.h>

#include <chrono>
#include <vector>

#include "base/log.h"
#include "cloud/inventory/rules.h"
#include "cloud/store/queries/inventory.h"

namespace osect::inventory {
namespace {

constexpr auto kAfterFailure = std::chrono::seconds(2);

}  // namespace

Result<bool> Inventory::work_on(const Site& site) {
  auto transaction = pool_.begin({.organization = site.organization});
  if (!transaction) return transaction.error();
  const auto claimed = transaction->run(store::query::kClaimInventory, {site.id});
  if (!claimed) return claimed.error();
  if (!(*claimed)[0].boolean(0)) return false;
  const auto worked = work_within(*transaction, site, Rules::built_in(), vendors_);
  if (!worked || !*worked) return worked;
  if (auto done = transaction->commit(); !done) return done.error();
  return true;
}

Result<int> Inventory::work_off() {
  std::vector<Site> sites;
  {
    auto transaction = pool_.begin({});
    if (!transaction) return transaction.error();
    const auto rows = transaction->run(store::query::kListInventoryWork);
    if (!rows) return rows.error();
    for (const store::Row row : *rows) sites.push_back({row.integer(0), row.integer(1)});
  }
  int worked = 0;
  for (const Site& site : sites) {
    for (;;) {
      const auto done = work_on(site);
      if (!done) return done.error().within(fmt::format("site {}", site.id));
      if (!*done) break;
      ++worked;
    }
  }
  return worked;
}

void Inventory::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Inventory::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Inventory::note() {
  {
    const std::lock_guard lock(mutex_);
    has_news_ = true;
  }
  noted_.notify_one();
}

void Inventory::run(const std::stop_token& stop) {
  std::string wrong;  // told once, not at every try
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      noted_.wait_for(lock, stop, look_around_, [this] { return has_news_; });
      has_news_ = false;
    }
    if (stop.stop_requested()) return;
    const auto done = work_off();
    const std::string now_wrong = done ? "" : done.error().message;
    if (!now_wrong.empty() && now_wrong != wrong)
      log::warn("Devices wait to be worked out: {}", now_wrong);
    wrong = now_wrong;
    if (done && *done > 0 && on_done_) on_done_();
    if (wrong.empty()) continue;
    // Every batch brings news, and each would try again at once.
    std::unique_lock lock(mutex_);
    noted_.wait_for(lock, stop, kAfterFailure, [] { return false; });
  }
}

}  // namespace osect::inventory
