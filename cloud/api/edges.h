// Who talks to whom, as pairs of devices: what the map and the matrix are made of.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cloud/api/volumes.h"

namespace osect::api {

// The access classes of operations, in the order in which they are shown. product.md, "The words".
inline constexpr std::array<std::string_view, 11> kAccesses{
    "read",     "write", "control", "program", "config", "diagnostic",
    "identity", "time",  "session", "cyclic",  "none"};
using AccessCounts = std::array<std::int64_t, kAccesses.size()>;

struct Edge {
  std::int64_t client = 0;  // devices
  std::int64_t server = 0;
  std::int64_t packets = 0;
  std::int64_t bytes = 0;
  std::int64_t conversations = 0;
  AccessCounts operations{};  // different ones

  [[nodiscard]] std::int64_t operation_count() const;
};

// Pairs of devices with what they said in a range of whole minutes, hours or days (covered()).
class Edges {
 public:
  Edges(Context& context, const Scope& scope, const Range& range);

  // Every device that was seen, with what it carried: 0 where it said nothing.
  using Bytes = boost::unordered_flat_map<std::int64_t, std::int64_t>;
  [[nodiscard]] Bytes bytes_of_devices() const;

  [[nodiscard]] const std::vector<Edge>& all() const { return edges_; }
  // Those between such devices, the largest first, at most so many: positions in all().
  template <typename Has>
  [[nodiscard]] std::vector<std::size_t> largest(const Has& has, std::size_t most) const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < edges_.size(); ++i)
      if (has(edges_[i].client) && has(edges_[i].server)) out.push_back(i);
    keep_largest(out, most);
    return out;
  }
  // What each of these edges carried, each text once, in order.
  struct Services {
    std::vector<std::string> protocols;
    std::vector<std::string> ports;  // "tcp/502"
  };
  [[nodiscard]] std::vector<Services> services(const std::vector<std::size_t>& shown) const;

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::size_t place(std::int64_t client, std::int64_t server);
  void keep_largest(std::vector<std::size_t>& places, std::size_t most) const;

  store::Volumes volumes_;
  Devices devices_;
  std::vector<Edge> edges_;
  std::vector<std::size_t> places_of_rows_;
  boost::unordered_flat_map<std::pair<std::int64_t, std::int64_t>, std::size_t> places_;
};

}  // namespace osect::api
