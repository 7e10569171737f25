// Adds conversations and operations up by pair of devices.
#include "cloud/api/edges.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "cloud/store/queries/network.h"

namespace osect::api {
namespace {

constexpr std::size_t kPortsMax = 20;

std::size_t access_of(std::string_view name) {
  const auto at = std::find(kAccesses.begin(), kAccesses.end(), name);
  return at == kAccesses.end() ? kAccesses.size() - 1
                               : static_cast<std::size_t>(at - kAccesses.begin());
}

void sort_once(std::vector<std::string>& texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
}

}  // namespace

std::int64_t Edge::operation_count() const {
  return std::accumulate(operations.begin(), operations.end(), std::int64_t{0});
}

Edges::Edges(Context& context, const Scope& scope, const Range& range)
    : volumes_(read_volumes(context, scope, range)), devices_(context, scope, range) {
  places_of_rows_.reserve(volumes_.rows.size());
  places_.reserve(volumes_.rows.size());
  edges_.reserve(volumes_.rows.size());
  for (const auto& row : volumes_.rows) {
    const std::size_t at = place(devices_.of(row.client), devices_.of(row.server));
    places_of_rows_.push_back(at);
    if (at == kNone) continue;
    Edge& edge = edges_[at];
    edge.packets += row.packets_up + row.packets_down;
    edge.bytes += row.bytes_up + row.bytes_down;
    ++edge.conversations;
  }
  const auto operations = context.ask(
      store::query::kNetworkOperations,
      {context.organization, scope.site, scope.sensor, rfc3339(range.from), rfc3339(range.to)});
  for (const auto row : operations) {
    const auto at = places_.find({devices_.of(row.integer(0)), devices_.of(row.integer(1))});
    if (at != places_.end()) ++edges_[at->second].operations[access_of(row.text(2))];
  }
}

Edges::Bytes Edges::bytes_of_devices() const {
  Bytes out;
  out.reserve(devices_.seen().size());
  for (const std::int64_t device : devices_.seen()) out.emplace(device, 0);
  for (const Edge& edge : edges_) {
    out[edge.client] += edge.bytes;
    if (edge.server != edge.client) out[edge.server] += edge.bytes;
  }
  return out;
}

// What no device stands behind yet is no edge.
std::size_t Edges::place(std::int64_t client, std::int64_t server) {
  if (client < 0 || server < 0) return kNone;
  const auto [at, is_new] = places_.try_emplace({client, server}, edges_.size());
  if (is_new) edges_.push_back({.client = client, .server = server});
  return at->second;
}

void Edges::keep_largest(std::vector<std::size_t>& places, std::size_t most) const {
  const auto end = places.begin() + static_cast<std::ptrdiff_t>(std::min(most, places.size()));
  std::partial_sort(places.begin(), end, places.end(), [&](std::size_t left, std::size_t right) {
    const Edge& a = edges_[left];
    const Edge& b = edges_[right];
    return std::tie(b.bytes, a.client, a.server) < std::tie(a.bytes, b.client, b.server);
  });
  places.erase(end, places.end());
}

std::vector<Edges::Services> Edges::services(const std::vector<std::size_t>& shown) const {
  std::vector<std::size_t> shown_at(edges_.size(), kNone);
  for (std::size_t i = 0; i < shown.size(); ++i) shown_at[shown[i]] = i;
  std::vector<Services> out(shown.size());
  for (std::size_t i = 0; i < places_of_rows_.size(); ++i) {
    if (places_of_rows_[i] == kNone || shown_at[places_of_rows_[i]] == kNone) continue;
    Services& services = out[shown_at[places_of_rows_[i]]];
    const auto& service = volumes_.services[volumes_.rows[i].service];
    if (!service.protocol.empty()) services.protocols.push_back(service.protocol);
    services.ports.push_back(service.transport + "/" + std::to_string(service.port));
  }
  for (Services& services : out) {
    sort_once(services.protocols);
    sort_once(services.ports);
    services.ports.resize(std::min(services.ports.size(), kPortsMax));
  }
  return out;
}

}  // namespace osect::api
