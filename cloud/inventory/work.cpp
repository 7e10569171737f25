// Endpoints to devices in one transaction: only what hangs together with the new is looked at.
#include "cloud/inventory/work.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "cloud/inventory/classify.h"
#include "cloud/inventory/resolve.h"
#include "cloud/store/queries/connection.h"
#include "cloud/store/queries/inventory.h"

namespace osect::inventory {
namespace {

using store::Param;
using store::Rows;
using Json = nlohmann::json;

constexpr std::int64_t kWorkMax = 5000;  // endpoints a transaction
constexpr std::int64_t kMillisecondNs = 1'000'000;

struct Stopped {
  Error error;
};

Key key_of(const Json& json) {
  Key key;
  if (json.contains("mac") && json["mac"].is_string())
    key.mac = MacAddress::parse(json["mac"].get_ref<const std::string&>()).value_or(MacAddress{});
  if (json.contains("ip") && json["ip"].is_string())
    key.ip = IpAddress::parse(json["ip"].get_ref<const std::string&>()).value_or(IpAddress{});
  return key;
}

// A key that names nothing would mean everything.
std::vector<Key> keys_of(std::string_view text) {
  std::vector<Key> out;
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_array()) return out;
  for (const Json& one : json) {
    const Key key = key_of(one);
    if (!key.mac.is_zero() || !key.ip.is_none()) out.push_back(key);
  }
  return out;
}

Json claim_json(const Claim& claim) {
  Json evidence = Json::array();
  for (const Evidence& one : claim.evidence)
    evidence.push_back(
        {{"attribute", one.attribute}, {"value", one.value}, {"source", one.source}});
  return {{"value", claim.value},
          {"source", claim.source},
          {"rule", claim.rule},
          {"confidence", claim.confidence},
          {"evidence", std::move(evidence)}};
}

Json attributes_json(const Attributes& attributes) {
  Json out = Json::object();
  for (const auto& [name, attribute] : attributes) {
    Json json = claim_json(attribute.best);
    Json others = Json::array();
    for (const Claim& other : attribute.others) others.push_back(claim_json(other));
    json["others"] = std::move(others);
    json["is_in_conflict"] = attribute.is_in_conflict;
    out[name] = std::move(json);
  }
  return out;
}

Json links_json(const std::vector<Link>& links) {
  Json out = Json::array();
  for (const Link& link : links) {
    Json values = Json::object();
    for (const auto& [name, value] : link.values) values[name] = value;
    out.push_back({{"code", link.code}, {"values", std::move(values)}});
  }
  return out;
}

class Work {
 public:
  Work(store::Transaction& transaction, const Site& site, const Rules& rules,
       const Vendors& vendors)
      : transaction_(transaction), site_(site), rules_(rules), vendors_(vendors) {}

  bool run() {
    std::vector<std::int64_t> dirty;
    for (const store::Row row :
         ask(store::query::kTakeInventoryWork, {site_.organization, site_.id, kWorkMax}))
      dirty.push_back(row.integer(0));
    if (dirty.empty()) return false;
    read_endpoints(related_to(std::move(dirty)));
    std::set<IpAddress> routers;
    for (const store::Row row :
         ask(store::query::kReadStatedRouters, {site_.organization, site_.id}))
      if (const auto ip = IpAddress::parse(row.text(0))) routers.insert(*ip);
    groups_ = resolve(endpoints_, routers, rules_, read_decisions());
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

  // The given endpoints and all that hangs together with them, step by step.
  std::vector<std::int64_t> related_to(std::vector<std::int64_t> given) {
    const std::vector<std::string> identities = rules_.identity_names();
    std::vector<std::int64_t> known = given;
    while (!given.empty()) {
      std::vector<std::int64_t> found;
      for (const store::Row row : ask(store::query::kFindRelatedEndpoints,
                                      {site_.organization, site_.id, Param::array(given),
                                       Param::array(identities), Param::array(known)}))
        found.push_back(row.integer(0));
      known.insert(known.end(), found.begin(), found.end());
      given = std::move(found);
    }
    return known;
  }

  void read_endpoints(const std::vector<std::int64_t>& ids) {
    std::map<std::int64_t, std::size_t> place;
    for (const store::Row row :
         ask(store::query::kReadEndpoints, {site_.organization, Param::array(ids)})) {
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
      place.emplace(e.id, endpoints_.size());
      endpoints_.push_back(std::move(e));
    }
    std::vector<std::string> names = rules_.identity_names();
    for (const IdentityRule& rule : rules_.identities)
      names.insert(names.end(), rule.with.begin(), rule.with.end());
    for (const store::Row row :
         ask(store::query::kReadSaid, {site_.organization, Param::array(ids), Param::array(names)}))
      endpoints_[place.at(row.integer(0))].said.push_back(
          {std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)),
           row.integer(4)});
  }

  std::vector<Decision> read_decisions() {
    std::vector<Decision> out;
    for (const store::Row row : ask(store::query::kReadDecisions, {site_.organization, site_.id})) {
      Decision decision;
      decision.id = row.integer(0);
      decision.kind = row.text(1) == "merge" ? Decision::Kind::merge : Decision::Kind::split;
      decision.is_undone = row.boolean(2);
      decision.device = row.integer(3);
      decision.other_device = row.try_integer(4);
      decision.keys = keys_of(row.text(5));
      decision.other_keys = keys_of(row.text(6));
      out.push_back(std::move(decision));
    }
    return out;
  }

  void read_what_is_known() {
    for (std::size_t g = 0; g < groups_.size(); ++g)
      for (const std::size_t i : groups_[g].endpoints) group_of_[endpoints_[i].id] = g;
    seen_.resize(groups_.size());
    std::vector<std::int64_t> ids;
    ids.reserve(group_of_.size());
    for (const auto& [id, group] : group_of_) ids.push_back(id);
    for (const store::Row row :
         ask(store::query::kReadDeviceFacts,
             {site_.organization, Param::array(ids), Param::array(rules_.fact_names())}))
      seen_[group_of_.at(row.integer(0))].facts.push_back(
          {std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)),
           row.integer(4), row.time(5), row.time(6)});
    for (const store::Row row :
         ask(store::query::kReadServices, {site_.organization, Param::array(ids)})) {
      Seen& seen = seen_[group_of_.at(row.integer(0))];
      (row.boolean(1) ? seen.serves : seen.uses).emplace(row.text(2));
    }
    for (const store::Row row :
         ask(store::query::kReadDoings, {site_.organization, Param::array(ids)})) {
      Seen& seen = seen_[group_of_.at(row.integer(0))];
      (row.boolean(1) ? seen.answers : seen.does).emplace(row.text(2));
    }
  }

  void reserve_new() {
    const auto missing = std::count_if(groups_.begin(), groups_.end(),
                                       [](const Group& g) { return !g.device.has_value(); });
    const Rows reserved = ask(store::query::kReserveDevices, {std::int64_t{missing}});
    std::size_t next = 0;
    for (Group& group : groups_)
      if (!group.device) group.device = reserved[next++].integer(0);
  }

  [[nodiscard]] Json row_of(const Group& group, Seen& seen) const {
    seen.is_router = group.is_router;
    seen.is_local = group.is_local;
    seen.macs = group.macs;
    TimeNs first = endpoints_[group.endpoints[0]].first;
    TimeNs last = endpoints_[group.endpoints[0]].last;
    for (const std::size_t i : group.endpoints) {
      const Endpoint& e = endpoints_[i];
      first = std::min(first, e.first);
      last = std::max(last, e.last);
      if (e.ip.is_station()) seen.ips.insert(e.ip);
    }
    const Description d = describe(seen, rules_, vendors_);
    const std::string type = d.value_of("type");
    Json macs = Json::array();
    for (const MacAddress& mac : group.macs) macs.push_back(mac.text());
    Json ips = Json::array();
    for (const bool is_v4 : {true, false})  // as a person reads them
      for (const IpAddress& ip : seen.ips)
        if (ip.is_v4() == is_v4) ips.push_back(ip.text());
    Json out = {{"id", *group.device},
                {"name", d.name},
                {"name_source", d.name_source},
                {"type", type.empty() ? "unknown" : type},
                {"type_source", type.empty() ? "" : d.attributes.find("type")->second.best.source},
                {"attributes", attributes_json(d.attributes)},
                {"conflicts", d.conflicts()},
                {"links", links_json(group.links)},
                {"macs", std::move(macs)},
                {"ips", std::move(ips)},
                {"is_router", group.is_router},
                {"is_local", group.is_local},
                {"is_outside", group.is_outside},
                {"first_ms", first / kMillisecondNs},
                {"last_ms", last / kMillisecondNs}};
    for (const char* column : {"vendor", "family", "model", "firmware", "hardware", "serial", "os",
                               "host_name", "level", "role", "mac_kind"})
      out[column] = d.value_of(column);
    return out;
  }

  void save() {
    Json devices = Json::array();
    std::vector<std::int64_t> saved;
    std::vector<std::int64_t> assigned;
    std::vector<std::int64_t> to;
    std::map<std::int64_t, std::int64_t> left;  // old device, new device
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const std::int64_t device = *groups_[g].device;
      devices.push_back(row_of(groups_[g], seen_[g]));
      saved.push_back(device);
      for (const std::size_t i : groups_[g].endpoints) {
        const Endpoint& e = endpoints_[i];
        if (e.device == device) continue;
        assigned.push_back(e.id);
        to.push_back(device);
        if (e.device) left.emplace(*e.device, device);
      }
    }
    // What people's programs call themselves need not be UTF-8.
    ask(store::query::kSaveDevices, {site_.organization, site_.id,
                                     devices.dump(-1, ' ', false, Json::error_handler_t::replace)});
    if (!assigned.empty())
      ask(store::query::kAssignEndpoints,
          {site_.organization, Param::array(assigned), Param::array(to)});
    ask(store::query::kNoteInternet, {site_.organization, Param::array(saved)});
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
  const Rules& rules_;
  const Vendors& vendors_;
  std::vector<Endpoint> endpoints_;
  std::vector<Group> groups_;
  std::map<std::int64_t, std::size_t> group_of_;  // of the endpoint
  std::vector<Seen> seen_;                        // of the group
};

}  // namespace

Result<bool> work_within(store::Transaction& transaction, const Site& site, const Rules& rules,
                         const Vendors& vendors) {
  try {
    return Work(transaction, site, rules, vendors).run();
  } catch (const Stopped& stopped) {
    return stopped.error;
  }
}

}  // namespace osect::inventory
