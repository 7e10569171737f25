// Varint columns.
#include "cloud/store/packed.h"

#include <algorithm>

namespace osect::store {
namespace {

constexpr char kVersion = 1;

// Modulo 2^64: damaged bytes may hold any difference.
std::int64_t plus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t minus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

class Writer {
 public:
  std::string out{kVersion};

  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) out.push_back(static_cast<char>(value | 0x80U));
    out.push_back(static_cast<char>(value));
  }
  void sign(std::int64_t value) {
    number((static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U));
  }
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    is_broken_ = true;
    return 0;
  }
  std::int64_t sign() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1));
  }
  // A row has at least three columns of a byte or more.
  std::size_t count() {
    const std::uint64_t value = number();
    if (value > rest_.size()) is_broken_ = true;
    return is_broken_ ? 0 : static_cast<std::size_t>(value);
  }
  [[nodiscard]] bool is_whole() const { return !is_broken_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool is_broken_ = false;
};

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
void write_table(Writer& writer, const Packed& packed, const std::vector<Row>& rows) {
  writer.number(rows.size());
  std::int64_t before = 0;
  for (const Row& row : rows) {
    writer.sign(minus(row.id, before));
    before = row.id;
  }
  each_column(
      rows, [&](std::int64_t value) { writer.sign(value); }, static_cast<const Row*>(nullptr));
  for (const Row& row : rows) writer.sign(minus(row.first_ms, packed.begin_ms));
  for (const Row& row : rows) writer.sign(minus(packed.end_ms, row.last_ms));
}

template <typename Row>
void read_table(Reader& reader, const Packed& packed, std::vector<Row>& rows) {
  rows.resize(reader.count());
  std::int64_t before = 0;
  for (Row& row : rows) {
    row.id = plus(before, reader.sign());
    before = row.id;
  }
  each_column(
      rows, [&](std::int64_t& value) { value = reader.sign(); }, static_cast<const Row*>(nullptr));
  for (Row& row : rows) row.first_ms = plus(packed.begin_ms, reader.sign());
  for (Row& row : rows) row.last_ms = minus(packed.end_ms, reader.sign());
}

}  // namespace

std::string pack(const Packed& packed) {
  Writer writer;
  writer.out.reserve(32 + packed.conversations.size() * 14 + packed.endpoints.size() * 10 +
                     packed.operations.size() * 12);
  writer.sign(packed.begin_ms);
  writer.sign(minus(packed.end_ms, packed.begin_ms));
  write_table(writer, packed, packed.conversations);
  write_table(writer, packed, packed.endpoints);
  write_table(writer, packed, packed.operations);
  return std::move(writer.out);
}

Result<Packed> unpack(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != kVersion)
    return Error("packed minutes of an unknown version");
  Reader reader(bytes.substr(1));
  Packed packed;
  packed.begin_ms = reader.sign();
  packed.end_ms = plus(packed.begin_ms, reader.sign());
  read_table(reader, packed, packed.conversations);
  read_table(reader, packed, packed.endpoints);
  read_table(reader, packed, packed.operations);
  if (!reader.is_whole()) return Error("packed minutes are damaged");
  return packed;
}

}  // namespace osect::store
