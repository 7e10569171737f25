// A named SQL text; the constants are generated from cloud/store/queries/<table>.sql ("-- name: x"
// becomes query::kX).
#pragma once

#include <span>

namespace osect::store {

struct Query {
  const char* name;  // unique in the program: it names the prepared statement
  const char* sql;
  bool is_binary = false;  // "-- name: x binary": results travel as bytes, for packed columns
};

// Every query of the program, so that a test can prepare each against the migrated schema.
[[nodiscard]] std::span<const Query* const> all_queries();

}  // namespace osect::store
