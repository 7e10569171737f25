// Reads a packed hour, adds to it, writes it back.
#include "cloud/ingest/fold_operations.h"

#include <utility>

#include "cloud/store/operation_counts.h"
#include "cloud/store/queries/fold.h"

namespace osect::ingest {
namespace {

using store::OperationCounts;
using Counters = std::map<std::int64_t, store::Packed::Operation>;

// Both are ordered by operation.
OperationCounts merge(const OperationCounts& before, const Counters& counted) {
  OperationCounts out;
  out.rows.reserve(before.rows.size() + counted.size());
  auto known = before.rows.begin();
  for (const auto& [id, more] : counted) {
    while (known != before.rows.end() && known->operation < id) out.rows.push_back(*known++);
    if (known != before.rows.end() && known->operation == id)
      out.rows.push_back(*known++);
    else
      out.rows.push_back({.operation = id});
    out.rows.back().count += more.count;
    out.rows.back().errors += more.errors;
  }
  out.rows.insert(out.rows.end(), known, before.rows.end());
  return out;
}

}  // namespace

Result<> fold_operations(store::Transaction& transaction, const VolumesOf& of,
                         const CountedOperations& hours) {
  for (const auto& [hour, counted] : hours) {
    const auto rows = transaction.run(store::query::kReadOperationHour,
                                      {of.organization, of.site, of.sensor, hour});
    if (!rows) return rows.error();
    OperationCounts known;
    if (!rows->empty()) {
      auto read = store::unpack_operation_counts((*rows)[0].bytes(0));
      if (!read) return read.error();
      known = std::move(*read);
    }
    auto done = transaction.run(store::query::kWriteOperationHour,
                                {of.organization, of.site, of.sensor, hour,
                                 store::Param::bytes(store::pack(merge(known, counted)))});
    if (!done) return done.error();
  }
  return {};
}

}  // namespace osect::ingest
