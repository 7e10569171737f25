// Reads what is related to new endpoints, resolves it, writes the devices: one transaction a site.
#include "cloud/inventory/inventory.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>

#include "base/log.h"
#include "cloud/inventory/describe.h"
#include "cloud/inventory/resolve.h"
#include "cloud/store/queries/connection.h"
#include "cloud/store/queries/inventory.h"

namespace osect::inventory {
namespace {

using store::Param;
using store::Rows;

constexpr std::int64_t kWorkMax = 5000;                 // endpoints a transaction
constexpr auto kLookAround = std::chrono::seconds(10);  // for what another node's ingest brought
constexpr auto kAfterFailure = std::chrono::seconds(2);
constexpr std::int64_t kMillisecondNs = 1'000'000;

struct Stopped {
  Error error;
};

// The work on one site within its transaction.
class Work {
 public:
  Work(store::Transaction& transaction, const Site& site, const Vendors& vendors)
      : transaction_(transaction), site_(site), vendors_(vendors) {}

  // False when there was nothing to do.
  bool run() {
    std::vector<std::int64_t> dirty;
    for (const store::Row row :
         ask(store::query::kTakeInventoryWork, {site_.organization, site_.id, kWorkMax}))
      dirty.push_back(row.integer(0));
    if (dirty.empty()) return false;
    read_endpoints(dirty);
    std::set<IpAddress> routers;
    for (const store::Row row :
         ask(store::query::kReadStatedRouters, {site_.organization, site_.id}))
      if (const auto ip = IpAddress::parse(row.text(0))) routers.insert(*ip);
    groups_ = resolve(endpoints_, routers);
    if (groups_.empty()) return true;
    read_what_is_known();
    reserve_new();
    save();
    ask(store::query::kNotifyOfChange,
        {fmt::format(R"({{"organization":"{}","site":"{}","kind":"device"}})", site_.organization,
                     site_.id)});
    return true;
  }

 private:
  Rows ask(const store::Query& query, std::initializer_list<Param> params) {
    auto rows = transaction_.run(query, params);
    if (!rows) throw Stopped{rows.error()};
    return std::move(*rows);
  }

  void read_endpoints(const std::vector<std::int64_t>& dirty) {
    for (const store::Row row : ask(store::query::kReadRelatedEndpoints,
                                    {site_.organization, site_.id, Param::array(dirty)})) {
      Endpoint e;
      e.id = row.integer(0);
      e.vlan = row.integer(1);
      if (!row.is_null(2)) e.mac = MacAddress::parse(row.text(2)).value_or(MacAddress{});
      if (!row.is_null(3)) e.ip = IpAddress::parse(row.text(3)).value_or(IpAddress{});
      e.has_sent = row.boolean(4);
      e.device = row.try_integer(5);
      e.first = row.time(6);
      e.last = row.time(7);
      e.is_claimed = row.boolean(8);
      e.is_router = row.boolean(9);
      e.is_kept_by_person = row.boolean(10);
      endpoints_.push_back(e);
    }
  }

  void read_what_is_known() {
    std::vector<std::int64_t> ids;
    for (const Group& group : groups_)
      for (const std::size_t i : group.endpoints) ids.push_back(endpoints_[i].id);
    for (const store::Row row :
         ask(store::query::kReadDeviceFacts, {site_.organization, Param::array(ids)}))
      facts_.push_back(
          {row.integer(0),
           {std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3))}});
    for (const store::Row row :
         ask(store::query::kReadServices, {site_.organization, Param::array(ids)}))
      services_[row.integer(0)].emplace(row.text(1));
  }

  void reserve_new() {
    const auto missing = std::count_if(groups_.begin(), groups_.end(),
                                       [](const Group& g) { return !g.device.has_value(); });
    const Rows reserved = ask(store::query::kReserveDevices, {std::int64_t{missing}});
    std::size_t next = 0;
    for (Group& group : groups_)
      if (!group.device) group.device = reserved[next++].integer(0);
  }

  [[nodiscard]] nlohmann::json row_of(const Group& group, const std::vector<Fact>& facts) const {
    Seen seen;
    seen.is_router = group.is_router;
    seen.facts = facts;
    TimeNs first = endpoints_[group.endpoints[0]].first;
    TimeNs last = endpoints_[group.endpoints[0]].last;
    for (const std::size_t i : group.endpoints) {
      const Endpoint& e = endpoints_[i];
      first = std::min(first, e.first);
      last = std::max(last, e.last);
      if (!group.mac.is_zero() && !is_virtual_router(group.mac)) seen.macs.insert(group.mac);
      if (e.ip.is_station()) seen.ips.insert(e.ip);
      if (const auto at = services_.find(e.id); at != services_.end())
        seen.serves.insert(at->second.begin(), at->second.end());
    }
    const Description d = describe(seen, vendors_);
    nlohmann::json macs = nlohmann::json::array();
    if (!group.mac.is_zero()) macs.push_back(group.mac.text());
    nlohmann::json ips = nlohmann::json::array();
    for (const bool is_v4 : {true, false})  // as a person reads them
      for (const IpAddress& ip : seen.ips)
        if (ip.is_v4() == is_v4) ips.push_back(ip.text());
    return {{"id", *group.device},
            {"name", d.name},
            {"name_source", d.name_source},
            {"type", d.type},
            {"type_source", d.type_source},
            {"vendor", d.vendor},
            {"model", d.model},
            {"firmware", d.firmware},
            {"serial", d.serial},
            {"os", d.os},
            {"host_name", d.host_name},
            {"macs", std::move(macs)},
            {"ips", std::move(ips)},
            {"is_router", group.is_router},
            {"is_local", group.is_local},
            {"is_outside", group.is_outside},
            {"first_ms", first / kMillisecondNs},
            {"last_ms", last / kMillisecondNs}};
  }

  void save() {
    std::map<std::int64_t, std::size_t> group_of;
    for (std::size_t g = 0; g < groups_.size(); ++g)
      for (const std::size_t i : groups_[g].endpoints) group_of[endpoints_[i].id] = g;
    std::vector<std::vector<Fact>> facts(groups_.size());
    for (const auto& [endpoint, fact] : facts_) facts[group_of.at(endpoint)].push_back(fact);

    nlohmann::json devices = nlohmann::json::array();
    std::vector<std::int64_t> assigned;
    std::vector<std::int64_t> to;
    std::map<std::int64_t, std::int64_t> left;  // old device, new device
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      devices.push_back(row_of(groups_[g], facts[g]));
      for (const std::size_t i : groups_[g].endpoints) {
        const Endpoint& e = endpoints_[i];
        if (e.device == groups_[g].device) continue;
        assigned.push_back(e.id);
        to.push_back(*groups_[g].device);
        if (e.device) left.emplace(*e.device, *groups_[g].device);
      }
    }
    ask(store::query::kSaveDevices, {site_.organization, site_.id, devices.dump()});
    if (!assigned.empty())
      ask(store::query::kAssignEndpoints,
          {site_.organization, Param::array(assigned), Param::array(to)});
    if (left.empty()) return;
    std::vector<std::int64_t> old_ids;
    std::vector<std::int64_t> new_ids;
    for (const auto& [old_id, new_id] : left) {
      old_ids.push_back(old_id);
      new_ids.push_back(new_id);
    }
    ask(store::query::kRetireDevices,
        {site_.organization, Param::array(old_ids), Param::array(new_ids)});
  }

  store::Transaction& transaction_;
  const Site site_;
  const Vendors& vendors_;
  std::vector<Endpoint> endpoints_;
  std::vector<Group> groups_;
  std::vector<std::pair<std::int64_t, Fact>> facts_;  // by endpoint, the best first
  std::map<std::int64_t, std::set<std::string>> services_;
};

}  // namespace

Result<bool> Inventory::work_on(const Site& site) {
  auto transaction = pool_.begin({.organization = site.organization});
  if (!transaction) return transaction.error();
  try {
    const auto claimed = transaction->run(store::query::kClaimInventory, {site.id});
    if (!claimed) return claimed.error();
    if (!(*claimed)[0].boolean(0)) return false;
    if (!Work(*transaction, site, vendors_).run()) return false;
  } catch (const Stopped& stopped) {
    return stopped.error;
  }
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
      noted_.wait_for(lock, stop, kLookAround, [this] { return has_news_; });
      has_news_ = false;
    }
    if (stop.stop_requested()) return;
    const auto done = work_off();
    const std::string now_wrong = done ? "" : done.error().message;
    if (!now_wrong.empty() && now_wrong != wrong)
      log::warn("Devices wait to be worked out: {}", now_wrong);
    wrong = now_wrong;
    if (wrong.empty()) continue;
    // Every batch brings news, and each would try again at once.
    std::unique_lock lock(mutex_);
    noted_.wait_for(lock, stop, kAfterFailure, [] { return false; });
  }
}

}  // namespace osect::inventory
