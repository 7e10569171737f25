// The site's recent alerts as links, their chains as incidents.
#include "cloud/alert/incident.h"

#include <algorithm>
#include <map>
#include <set>

#include "cloud/store/queries/incident.h"

namespace osect::alert {
namespace query = store::query;
namespace {

using store::Param;

constexpr std::int64_t kLinksMax = 500;

class Chaining {
 public:
  Chaining(store::Transaction& transaction, const detect::Site& site, const Stages& stages)
      : transaction_(transaction), site_(site), stages_(stages) {}

  void run(TimeNs earliest) {
    read(earliest);
    for (const Chain& chain : chains_of(stages_, links_)) write(chain);
  }

 private:
  store::Rows ask(const store::Query& wanted, std::initializer_list<Param> params) {
    auto rows = transaction_.run(wanted, params);
    if (!rows) throw detect::Stopped{rows.error().within(wanted.name)};
    return std::move(*rows);
  }

  void read(TimeNs earliest) {
    std::vector<std::string> rules;
    for (const Stage& stage : stages_.in_order)
      rules.insert(rules.end(), stage.rules.begin(), stage.rules.end());
    constexpr TimeNs kMillisecondNs = 1'000'000;
    for (const store::Row row :
         ask(query::kReadLinks, {site_.organization, site_.id, Param::array(rules),
                                 (earliest - stages_.within) / kMillisecondNs, kLinksMax})) {
      Link link{.alert = row.integer(0),
                .incident = row.integer(5),
                .stage = stages_.find(row.text(1)),
                .actor = row.integer(2),
                .first = row.time(3),
                .last = row.time(4)};
      for (const std::string& side : row.texts(6)) link.targets.push_back(std::stoll(side));
      if (link.incident != 0)
        for (const std::string& id : row.texts(7)) known_[link.incident].insert(id);
      links_.push_back(std::move(link));
    }
  }

  // An incident that only goes on moves its last time.
  void write(const Chain& chain) {
    const Link& opener = links_[chain.links.front()];
    std::int64_t incident = chain.incident;
    if (incident == 0)
      incident =
          ask(query::kAddIncident, {site_.organization, site_.id, opener.actor})[0].integer(0);
    std::vector<std::int64_t> alerts;
    std::set<std::string> reached = known_[incident];
    for (const std::size_t at : chain.links) {
      reached.insert(stages_.in_order[links_[at].stage].id);
      if (links_[at].incident == 0) alerts.push_back(links_[at].alert);
    }
    std::vector<std::string> in_order;
    for (const Stage& stage : stages_.in_order)
      if (reached.contains(stage.id)) in_order.push_back(stage.id);
    if (!alerts.empty())
      ask(query::kJoinIncident, {site_.organization, incident, Param::array(alerts)});
    ask(query::kRefreshIncident,
        {site_.organization, incident, Param::array(in_order), stages_.grave_from});
  }

  store::Transaction& transaction_;
  const detect::Site site_;
  const Stages& stages_;
  std::vector<Link> links_;
  std::map<std::int64_t, std::set<std::string>> known_;  // stages that incidents have reached
};

}  // namespace

void chain_alerts(store::Transaction& transaction, const detect::Site& site, const Stages& stages,
                  TimeNs earliest) {
  Chaining(transaction, site, stages).run(earliest);
}

}  // namespace osect::alert
