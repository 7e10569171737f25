// Hyperscan; the only place that knows it.
#include "sensor/signature/prefilter.h"

#include <fmt/format.h>
#include <hs/hs.h>

#include <algorithm>
#include <cstring>

namespace osect::signature {
namespace {

struct Visitor {
  void* context;
  Prefilter::Visit visit;
};

int on_match(unsigned id, unsigned long long, unsigned long long, unsigned, void* any) {
  const auto* visitor = static_cast<const Visitor*>(any);
  visitor->visit(visitor->context, id);
  return 0;
}

// The place of four bytes in the table, the same for letters of either case.
std::uint32_t place_of(const void* bytes, unsigned table_bits) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes, sizeof word);  // NOLINT: four bytes as one word
  return ((word | 0x20202020U) * 0x9e3779b1U) >> (32 - table_bits);
}

}  // namespace

Result<Prefilter> Prefilter::compile(const std::vector<Pattern>& patterns) {
  std::vector<const char*> texts;
  std::vector<std::size_t> lengths;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
  for (const auto& pattern : patterns) {
    texts.push_back(pattern.bytes.data());
    lengths.push_back(pattern.bytes.size());
    flags.push_back(HS_FLAG_SINGLEMATCH | (pattern.is_nocase ? HS_FLAG_CASELESS : 0U));
    ids.push_back(static_cast<unsigned>(ids.size()));
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* problem = nullptr;
  if (hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), lengths.data(),
                           static_cast<unsigned>(texts.size()), HS_MODE_BLOCK, nullptr, &database,
                           &problem) != HS_SUCCESS) {
    Error error(fmt::format("the rules' contents cannot be compiled: {}",
                            problem != nullptr ? problem->message : "no memory"));
    hs_free_compile_error(problem);
    return error;
  }
  Prefilter out;
  out.database_.reset(database);
  const bool are_long = std::ranges::all_of(
      patterns, [](const Pattern& pattern) { return pattern.bytes.size() >= kBegin; });
  if (!are_long) return out;
  out.begins_.resize((std::size_t{1} << kTableBits) / 64);
  for (const auto& pattern : patterns) {
    const std::uint32_t place = place_of(pattern.bytes.data(), kTableBits);
    out.begins_[place / 64] |= std::uint64_t{1} << place % 64;
  }
  return out;
}

void Prefilter::Free::operator()(hs_database* database) const {
  hs_free_database(database);
}

void Prefilter::scan(std::span<const std::uint8_t> bytes, hs_scratch* scratch, void* context,
                     Visit visit) const {
  if (bytes.size() <= kShortMost && !may_hold_any(bytes)) return;
  Visitor visitor{context, visit};
  const void* text = bytes.data();
  hs_scan(database_.get(), static_cast<const char*>(text), static_cast<unsigned>(bytes.size()), 0,
          scratch, on_match, &visitor);
}

bool Prefilter::may_hold_any(std::span<const std::uint8_t> bytes) const {
  if (begins_.empty()) return true;
  for (std::size_t i = 0; i + kBegin <= bytes.size(); ++i) {
    const std::uint32_t place = place_of(bytes.data() + i, kTableBits);
    if ((begins_[place / 64] >> place % 64 & 1U) != 0) return true;
  }
  return false;
}

std::size_t Prefilter::memory_bytes() const {
  std::size_t size = 0;
  hs_database_size(database_.get(), &size);
  return size + begins_.size() * sizeof(std::uint64_t);
}

Result<> Scratch::grow_for(const Prefilter& prefilter) {
  const auto status = hs_alloc_scratch(prefilter.database(), &room_);
  if (status != HS_SUCCESS) return Error("no memory to search for the rules' contents");
  return {};
}

Scratch::~Scratch() {
  hs_free_scratch(room_);
}

}  // namespace osect::signature
