// Varint columns; migration 0011 writes the same from rows.
#include "cloud/store/volumes.h"

#include <algorithm>

#include "cloud/store/varint.h"

namespace osect::store {
namespace {

using Row = Volumes::Row;

constexpr char kVersion = 2;
constexpr auto kIdentifiers = {&Row::conversation, &Row::client, &Row::server};
constexpr auto kCounters = {&Row::packets_up, &Row::packets_down, &Row::bytes_up, &Row::bytes_down,
                            &Row::flows};

}  // namespace

std::string pack(const Volumes& volumes) {
  VarintWriter writer;
  writer.out.reserve(64 + volumes.services.size() * 16 + volumes.rows.size() * 16);
  writer.out.push_back(kVersion);
  writer.number(volumes.services.size());
  for (const auto& service : volumes.services) {
    writer.text(service.transport);
    writer.sign(service.port);
    writer.text(service.protocol);
  }
  writer.number(volumes.rows.size());
  for (const auto member : kIdentifiers) {
    std::int64_t before = 0;
    for (const Row& row : volumes.rows) {
      writer.sign(wrapped_difference(row.*member, before));
      before = row.*member;
    }
  }
  for (const Row& row : volumes.rows) writer.number(row.service);
  for (const auto member : kCounters)
    for (const Row& row : volumes.rows) writer.sign(row.*member);
  return std::move(writer.out);
}

Result<Volumes> unpack_volumes(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != kVersion)
    return Error("packed volumes of an unknown version");
  VarintReader reader(bytes.substr(1));
  Volumes out;
  out.services.resize(reader.count());
  for (auto& service : out.services) {
    service.transport = reader.text();
    service.port = reader.sign();
    service.protocol = reader.text();
  }
  out.rows.resize(reader.count());
  for (const auto member : kIdentifiers) {
    std::int64_t before = 0;
    for (Row& row : out.rows) {
      row.*member = wrapped_sum(before, reader.sign());
      before = row.*member;
    }
  }
  for (Row& row : out.rows) row.service = reader.number();
  for (const auto member : kCounters)
    for (Row& row : out.rows) row.*member = reader.sign();
  const bool is_known = std::all_of(out.rows.begin(), out.rows.end(), [&](const Row& row) {
    return row.service < out.services.size();
  });
  if (!reader.is_whole() || !is_known) return Error("packed volumes are damaged");
  return out;
}

}  // namespace osect::store
