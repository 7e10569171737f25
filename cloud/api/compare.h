// What two periods have in common and what not: the parts of /difference that compare.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cloud/api/context.h"
#include "cloud/api/volumes.h"

namespace osect::api {

struct Periods {
  Scope scope;
  Range before;
  Range after;
};

enum class Change : std::uint8_t { is_new, gone, changed };

// One line of the answer; what its kind does not have stays empty.
struct Difference {
  Change change = Change::is_new;
  std::int64_t device = 0;  // sides: a device, or minus an endpoint that has none
  std::int64_t client = 0;
  std::int64_t server = 0;
  std::string transport{};
  std::int64_t port = -1;
  std::string protocol{};
  std::string function{};
  std::string code{};
  std::string access{};
  std::string target{};
  std::string attribute{};
  std::int64_t before = 0;  // bytes or times, in the whole period
  std::int64_t after = 0;
  std::string text_before{};  // of an attribute
  std::string text_after{};
  std::optional<bool> is_first;  // never seen before the second period
};

struct Compared {
  std::vector<Difference> items;
  bool has_before = false;  // anything at all was seen in the period
  bool has_after = false;
};

// A number that is three times as large or a third, reckoned by the hour, and not small in both.
[[nodiscard]] std::optional<Change> change_of(std::int64_t before, std::int64_t after,
                                              const Periods& periods, std::int64_t small);

[[nodiscard]] Compared compare_devices(Context& context, const Periods& periods);
[[nodiscard]] Compared compare_conversations(Context& context, const Periods& periods);
[[nodiscard]] Compared compare_services(Context& context, const Periods& periods);
[[nodiscard]] Compared compare_operations(Context& context, const Periods& periods);
[[nodiscard]] Compared compare_attributes(Context& context, const Periods& periods);

}  // namespace osect::api
