// Sums of both periods side by side, from packed hours and days; names are asked only for what
// differs.
#include "cloud/api/compare.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <tuple>

#include "base/log.h"
#include "cloud/api/json.h"
#include "cloud/store/operation_counts.h"
#include "cloud/store/queries/difference.h"
#include "cloud/store/queries/operation_series.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::int64_t kSmallBytes = 100'000;
constexpr std::int64_t kSmallCount = 100;
constexpr double kMuch = 3;

struct Both {
  std::int64_t before = 0;
  std::int64_t after = 0;
};

// Calls add(row, service, period's member) for each conversation of both periods.
template <typename Add>
void visit_both(Context& context, const Periods& periods, Compared& out, const Add& add) {
  const auto visit = [&](const Range& range, std::int64_t Both::*period, bool& has_data) {
    const store::Volumes volumes = read_volumes(context, periods.scope, range);
    has_data = !volumes.rows.empty();
    for (const auto& row : volumes.rows) add(row, volumes.services[row.service], period);
  };
  visit(periods.before, &Both::before, out.has_before);
  visit(periods.after, &Both::after, out.has_after);
}

std::int64_t bytes_of(const store::Volumes::Row& row) {
  return row.bytes_up + row.bytes_down;
}

// How often each operation was done.
bool count_operations(Context& context, const Scope& scope, const Range& range,
                      std::int64_t Both::*period,
                      boost::unordered_flat_map<std::int64_t, Both>& sums) {
  const auto hours = context.ask(
      query::kOperationHours,
      {context.organization, scope.site, scope.sensor, rfc3339(range.from), rfc3339(range.to)});
  for (const auto row : hours) {
    const auto counts = store::unpack_operation_counts(row.bytes(1));
    if (!counts) {
      log::error("Packed operations cannot be read: {}", counts.error().message);
      continue;
    }
    for (const auto& counted : counts->rows) sums[counted.operation].*period += counted.count;
  }
  return !hours.empty();
}

double per_hour(std::int64_t value, const Range& range) {
  return static_cast<double>(value) / static_cast<double>(range.to - range.from);
}

}  // namespace

std::optional<Change> change_of(std::int64_t before, std::int64_t after, const Periods& periods,
                                std::int64_t small) {
  if (before == 0 && after == 0) return std::nullopt;
  if (before == 0) return Change::is_new;
  if (after == 0) return Change::gone;
  if (std::max(before, after) < small) return std::nullopt;
  const double was = per_hour(before, periods.before);
  const double is = per_hour(after, periods.after);
  if (is < kMuch * was && was < kMuch * is) return std::nullopt;
  return Change::changed;
}

Compared compare_devices(Context& context, const Periods& periods) {
  Compared out;
  const Devices before(context, periods.scope, periods.before);
  const Devices after(context, periods.scope, periods.after);
  boost::unordered_flat_map<std::int64_t, Both> sums;
  visit_both(context, periods, out, [&](const auto& row, const auto&, std::int64_t Both::*period) {
    for (const std::int64_t endpoint : {row.client, row.server}) {
      const std::int64_t device = after.of(endpoint);
      if (device > 0) sums[device].*period += bytes_of(row);
      if (row.client == row.server) break;
    }
  });
  // Who said nothing in either period was there when it was seen in it.
  for (const auto& [devices, period] :
       {std::pair{&before, &Both::before}, std::pair{&after, &Both::after}})
    for (const std::int64_t device : devices->seen()) {
      Both& sum = sums[device];
      if (sum.before + sum.after == 0 || (sum.before | sum.after) == 1) sum.*period |= 1;
    }
  std::vector<std::int64_t> ids;
  for (const auto& [device, sum] : sums)
    if (const auto change = change_of(sum.before, sum.after, periods, kSmallBytes)) {
      Difference item;
      item.change = *change;
      item.device = device;
      item.before = sum.before;
      item.after = sum.after;
      out.items.push_back(std::move(item));
      if (*change == Change::is_new) ids.push_back(device);
    }
  boost::unordered_flat_map<std::int64_t, TimeNs> first_seen;
  const auto rows =
      context.ask(query::kDifferenceDevices, {context.organization, store::Param::array(ids)});
  for (const auto row : rows) first_seen.emplace(row.integer(0), row.time(1));
  for (Difference& item : out.items)
    if (const auto at = first_seen.find(item.device); at != first_seen.end())
      item.is_first = at->second >= periods.after.from;
  return out;
}

Compared compare_conversations(Context& context, const Periods& periods) {
  using Key = std::tuple<std::int64_t, std::int64_t, std::size_t>;
  Compared out;
  const Devices devices(context, periods.scope.site);
  std::map<store::Volumes::Service, std::size_t> places;
  std::vector<store::Volumes::Service> services;
  boost::unordered_flat_map<Key, Both> sums;
  visit_both(context, periods, out,
             [&](const auto& row, const auto& service, std::int64_t Both::*period) {
               const auto [at, is_new] = places.try_emplace(service, services.size());
               if (is_new) services.push_back(service);
               sums[Key{devices.of(row.client), devices.of(row.server), at->second}].*period +=
                   bytes_of(row);
             });
  for (const auto& [key, sum] : sums) {
    const auto change = change_of(sum.before, sum.after, periods, kSmallBytes);
    if (!change) continue;
    Difference item;
    item.change = *change;
    item.client = std::get<0>(key);
    item.server = std::get<1>(key);
    const auto& service = services[std::get<2>(key)];
    item.transport = service.transport;
    item.port = service.port;
    item.protocol = service.protocol;
    item.before = sum.before;
    item.after = sum.after;
    out.items.push_back(std::move(item));
  }
  return out;
}

Compared compare_services(Context& context, const Periods& periods) {
  Compared out;
  const Devices devices(context, periods.scope.site);
  std::map<std::pair<std::int64_t, store::Volumes::Service>, Both> sums;
  visit_both(context, periods, out,
             [&](const auto& row, const auto& service, std::int64_t Both::*period) {
               sums[{devices.of(row.server), service}].*period += bytes_of(row);
             });
  for (const auto& [key, sum] : sums) {
    const auto change = change_of(sum.before, sum.after, periods, kSmallBytes);
    if (!change) continue;
    Difference item;
    item.change = *change;
    item.device = key.first;
    item.transport = key.second.transport;
    item.port = key.second.port;
    item.protocol = key.second.protocol;
    item.before = sum.before;
    item.after = sum.after;
    out.items.push_back(std::move(item));
  }
  return out;
}

Compared compare_operations(Context& context, const Periods& periods) {
  using Key = std::tuple<std::int64_t, std::int64_t, std::string, std::string, std::string,
                         std::string, std::string>;
  Compared out;
  boost::unordered_flat_map<std::int64_t, Both> counts;
  out.has_before = count_operations(context, periods.scope, periods.before, &Both::before, counts);
  out.has_after = count_operations(context, periods.scope, periods.after, &Both::after, counts);
  std::vector<std::int64_t> ids;
  for (const auto& [id, sum] : counts)
    if (change_of(sum.before, sum.after, periods, kSmallCount)) ids.push_back(id);
  // The same operation through another address of the same device is the same operation.
  struct Sum {
    Both both;
    TimeNs first_seen = 0;
  };
  std::map<Key, Sum> sums;
  const auto rows =
      context.ask(query::kDifferenceOperations, {context.organization, store::Param::array(ids)});
  for (const auto row : rows) {
    const auto text = [&](int column) { return std::string(row.text(column)); };
    Sum& sum =
        sums[Key{row.integer(1), row.integer(2), text(3), text(4), text(5), text(6), text(7)}];
    const Both& counted = counts.at(row.integer(0));
    sum.both.before += counted.before;
    sum.both.after += counted.after;
    sum.first_seen = sum.first_seen == 0 ? row.time(8) : std::min(sum.first_seen, row.time(8));
  }
  for (const auto& [key, sum] : sums) {
    const auto change = change_of(sum.both.before, sum.both.after, periods, kSmallCount);
    if (!change) continue;
    Difference item;
    item.change = *change;
    std::tie(item.client, item.server, item.protocol, item.function, item.code, item.access,
             item.target) = key;
    item.before = sum.both.before;
    item.after = sum.both.after;
    if (*change == Change::is_new) item.is_first = sum.first_seen >= periods.after.from;
    out.items.push_back(std::move(item));
  }
  return out;
}

Compared compare_attributes(Context& context, const Periods& periods) {
  Compared out{.items = {}, .has_before = true, .has_after = true};
  struct Values {
    std::vector<std::string> gone;
    std::vector<std::string> added;
  };
  std::map<std::pair<std::int64_t, std::string>, Values> attributes;
  const auto rows = context.ask(
      query::kDifferenceFacts,
      {context.organization, periods.scope.site, periods.scope.sensor, rfc3339(periods.before.from),
       rfc3339(periods.before.to), rfc3339(periods.after.from), rfc3339(periods.after.to)});
  for (const auto row : rows) {
    Values& values = attributes[{row.integer(0), std::string(row.text(1))}];
    (row.boolean(3) ? values.added : values.gone).emplace_back(row.text(2));
  }
  for (auto& attribute : attributes) {
    const auto& key = attribute.first;
    Values& values = attribute.second;
    const auto say = [&](Change change, std::string before, std::string after) {
      Difference item;
      item.change = change;
      item.device = key.first;
      item.attribute = key.second;
      item.text_before = std::move(before);
      item.text_after = std::move(after);
      out.items.push_back(std::move(item));
    };
    // One value for another is a change; of several, nobody can say which replaced which.
    if (values.gone.size() == 1 && values.added.size() == 1) {
      say(Change::changed, std::move(values.gone[0]), std::move(values.added[0]));
      continue;
    }
    for (auto& value : values.added) say(Change::is_new, "", std::move(value));
    for (auto& value : values.gone) say(Change::gone, std::move(value), "");
  }
  return out;
}

}  // namespace osect::api
