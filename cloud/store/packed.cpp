// Varint columns.
#include "cloud/store/packed.h"

#include "cloud/store/varint.h"

namespace osect::store {
namespace {

constexpr char kVersion = 1;

// Visits the columns of a table in their order; one list for both directions keeps them alike.
template <typename Rows, typename Column>
void each_column(Rows& conversations, const Column& column, const Packed::Conversation* /*table*/) {
  using Row = Packed::Conversation;
  for (auto member :
       {&Row::flows, &Row::packets_up, &Row::packets_down, &Row::bytes_up, &Row::bytes_down})
    for (auto& row : conversations) column(row.*member);
}
template <typename Rows, typename Column>
void each_column(Rows& endpoints, const Column& column, const Packed::Endpoint* /*table*/) {
  using Row = Packed::Endpoint;
  for (auto member : {&Row::packets, &Row::bytes})
    for (auto& row : endpoints) column(row.*member);
}
template <typename Rows, typename Column>
void each_column(Rows& operations, const Column& column, const Packed::Operation* /*table*/) {
  using Row = Packed::Operation;
  for (auto member : {&Row::count, &Row::errors, &Row::cycle_us, &Row::jitter_us})
    for (auto& row : operations) column(row.*member);
}

template <typename Row>
void write_table(VarintWriter& writer, const Packed& packed, const std::vector<Row>& rows) {
  writer.number(rows.size());
  std::int64_t before = 0;
  for (const Row& row : rows) {
    writer.sign(wrapped_difference(row.id, before));
    before = row.id;
  }
  each_column(
      rows, [&](std::int64_t value) { writer.sign(value); }, static_cast<const Row*>(nullptr));
  for (const Row& row : rows) writer.sign(wrapped_difference(row.first_ms, packed.begin_ms));
  for (const Row& row : rows) writer.sign(wrapped_difference(packed.end_ms, row.last_ms));
}

template <typename Row>
void read_table(VarintReader& reader, const Packed& packed, std::vector<Row>& rows) {
  rows.resize(reader.count());
  std::int64_t before = 0;
  for (Row& row : rows) {
    row.id = wrapped_sum(before, reader.sign());
    before = row.id;
  }
  each_column(
      rows, [&](std::int64_t& value) { value = reader.sign(); }, static_cast<const Row*>(nullptr));
  for (Row& row : rows) row.first_ms = wrapped_sum(packed.begin_ms, reader.sign());
  for (Row& row : rows) row.last_ms = wrapped_difference(packed.end_ms, reader.sign());
}

}  // namespace

std::string pack(const Packed& packed) {
  VarintWriter writer;
  writer.out.reserve(32 + packed.conversations.size() * 14 + packed.endpoints.size() * 10 +
                     packed.operations.size() * 12);
  writer.out.push_back(kVersion);
  writer.sign(packed.begin_ms);
  writer.sign(wrapped_difference(packed.end_ms, packed.begin_ms));
  write_table(writer, packed, packed.conversations);
  write_table(writer, packed, packed.endpoints);
  write_table(writer, packed, packed.operations);
  return std::move(writer.out);
}

Result<Packed> unpack(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != kVersion)
    return Error("packed minutes of an unknown version");
  VarintReader reader(bytes.substr(1));
  Packed packed;
  packed.begin_ms = reader.sign();
  packed.end_ms = wrapped_sum(packed.begin_ms, reader.sign());
  read_table(reader, packed, packed.conversations);
  read_table(reader, packed, packed.endpoints);
  read_table(reader, packed, packed.operations);
  if (!reader.is_whole()) return Error("packed minutes are damaged");
  return packed;
}

}  // namespace osect::store
