// The pattern that all lists share: words to search, filters, order, keyset cursor, counts, groups.
// openapi.yaml, "Lists".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/api/context.h"
#include "cloud/api/json.h"
#include "cloud/store/param.h"

namespace osect::api {

// Words of `q` as patterns for `like`; at most four, null where there are fewer.
inline constexpr std::size_t kWordsMax = 4;

// filter.<field>: values to have and values not to have; null in the query when there are none.
struct Filter {
  std::vector<std::string> wanted;
  std::vector<std::string> unwanted;

  [[nodiscard]] store::Param wanted_param() const;
  [[nodiscard]] store::Param unwanted_param() const;
};

// "a", "!b", "!!c" (which is "!c"); a text of at most 200 characters. `allowed` empty: anything.
[[nodiscard]] Filter read_filter(Context& context, std::string_view field,
                                 std::span<const std::string_view> allowed = {});
// The values are identifiers.
[[nodiscard]] Filter read_id_filter(Context& context, std::string_view field);
// The values are numbers in [0, most].
[[nodiscard]] Filter read_number_filter(Context& context, std::string_view field,
                                        std::int64_t most);

// The words of `q` as patterns for `like`, in lower case.
[[nodiscard]] std::vector<std::string> read_words(Context& context);
// kWordsMax parameters, null where there is no word.
void add_words(const std::vector<std::string>& words, std::vector<store::Param>& params);

// What a list can be ordered by; "-" before the name for descending.
enum class SortKind : std::uint8_t { time, number, text };
struct SortField {
  std::string_view name;
  SortKind kind;
};

// Where a page begins and how long it is. The page's last row, its sort key as text and its id,
// makes the next cursor.
struct Paging {
  std::string field;
  SortKind kind = SortKind::time;
  bool is_descending = true;
  std::optional<std::string> after_key;  // a time as RFC 3339, a number in decimal, or a text
  std::optional<std::int64_t> after_id;
  std::optional<std::int64_t> total;  // counted on the first page
  bool total_is_exact = true;
  std::int64_t limit = 50;
  std::uint64_t fingerprint = 0;  // of the filters: a cursor continues only its own list
};

// Reads sort, cursor and limit. Call last: the fingerprint covers what was read before.
[[nodiscard]] Paging read_paging(Context& context, std::span<const SortField> sorts);
// Reads sort only: for exports.
[[nodiscard]] Paging read_order(Context& context, std::span<const SortField> sorts);
// Makes the row (its first two columns are id and sort key) the last one before the next page.
void continue_after(Paging& paging, const store::Row& row);

// Counting stops here; more is "more than".
inline constexpr std::int64_t kCountMax = 10'000;
inline constexpr std::int64_t kGroupsMax = 500;

// A list's two queries, which take the same filters.
struct ListQueries {
  const store::Query& page;
  const store::Query& groups;
};

// At most `limit` rows of the list behind the paging's position.
[[nodiscard]] store::Rows read_page(Context& context, const ListQueries& queries,
                                    std::span<const store::Param> filters, const Paging& paging,
                                    std::int64_t limit);

struct ExportColumn;

// A resource that is listed, grouped and exported: what is its own. The rest is the same for all.
struct List {
  std::string_view name;  // of the exported file
  ListQueries queries;
  std::span<const SortField> sorts;
  std::span<const std::string_view> groups;  // fields
  std::span<const ExportColumn> columns;
  // The queries' parameters before sort field or group field.
  std::vector<store::Param> (*read_filters)(Context&);
  Json (*item)(const store::Row&);
};
// One page as JSON: {"items", "next", "total", "total_is_exact"}.
[[nodiscard]] Response answer_page(Context& context, const List& list);
// Counts by the required parameter `by`: {"by", "items", "truncated"}.
[[nodiscard]] Response answer_groups(Context& context, const List& list);

}  // namespace osect::api
