// Varint columns; migration 0013 writes the same from rows.
#include "cloud/store/operation_counts.h"

#include "cloud/store/varint.h"

namespace osect::store {
namespace {

using Row = OperationCounts::Row;

constexpr char kVersion = 1;
constexpr auto kCounters = {&Row::count, &Row::errors};

}  // namespace

std::string pack(const OperationCounts& counts) {
  VarintWriter writer;
  writer.out.reserve(16 + counts.rows.size() * 5);
  writer.out.push_back(kVersion);
  writer.number(counts.rows.size());
  std::int64_t before = 0;
  for (const Row& row : counts.rows) {
    writer.sign(wrapped_difference(row.operation, before));
    before = row.operation;
  }
  for (const auto member : kCounters)
    for (const Row& row : counts.rows) writer.sign(row.*member);
  return std::move(writer.out);
}

Result<OperationCounts> unpack_operation_counts(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != kVersion)
    return Error("packed operations of an unknown version");
  VarintReader reader(bytes.substr(1));
  OperationCounts out;
  out.rows.resize(reader.count());
  std::int64_t before = 0;
  for (Row& row : out.rows) {
    row.operation = wrapped_sum(before, reader.sign());
    before = row.operation;
  }
  for (const auto member : kCounters)
    for (Row& row : out.rows) row.*member = reader.sign();
  if (!reader.is_whole()) return Error("packed operations are damaged");
  return out;
}

}  // namespace osect::store
