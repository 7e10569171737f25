// The JSON of conversations and operations and of their two sides.
#pragma once

#include <unordered_map>

#include "cloud/api/json.h"
#include "cloud/api/list.h"

namespace osect::api {

// A side from (device id, device name, ip, mac): at least one address is there.
[[nodiscard]] Json side_json(const store::Row& row, int first_column);
[[nodiscard]] std::string side_name(const store::Row& row, int first_column);

// Devices, and endpoints without one as minus their id, as sides.
[[nodiscard]] std::unordered_map<std::int64_t, Json> read_sides(
    Context& context, const std::vector<std::int64_t>& ids);

// Columns of the queries conversation_list and operation_list.
[[nodiscard]] Json conversation_json(const store::Row& row);
[[nodiscard]] Json operation_json(const store::Row& row);

// Rows of the lists between two devices or at one; a value that is nothing does not restrict.
struct Between {
  std::optional<std::int64_t> device;  // on either side
  std::optional<std::int64_t> client;
  std::optional<std::int64_t> server;
  OpenRange range;
};
[[nodiscard]] store::Rows conversations_between(Context& context, const Between& between,
                                                std::int64_t limit);
[[nodiscard]] store::Rows operations_between(Context& context, const Between& between,
                                             std::int64_t limit);

// $1 to $20 of both lists' queries; `of_words` are $11 to $14, what else has the words.
[[nodiscard]] std::vector<store::Param> read_pair_filters(Context& context,
                                                          const std::vector<std::string>& words,
                                                          std::span<const store::Param> of_words);
// $1 to $26 of the operation list's queries.
[[nodiscard]] std::vector<store::Param> read_operation_filters(Context& context);
[[nodiscard]] std::vector<store::Param> pair_filters(Context& context, const Between& between);

}  // namespace osect::api
