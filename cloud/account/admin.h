// osect-cloud admin: what the service operator does from a shell.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "base/result.h"
#include "cloud/store/pool.h"

namespace osect::ingest {
class Authority;
}

namespace osect::account {

// Runs one sub-command; results go to `out` as "name: value" lines. The pool is of role
// osect_owner. A failure says what to write instead.
Result<> run_admin(const std::vector<std::string>& arguments, store::Pool& pool,
                   const ingest::Authority& authority, std::ostream& out);

}  // namespace osect::account
