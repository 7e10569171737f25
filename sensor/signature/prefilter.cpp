// Hyperscan; the only place that knows it.
#include "sensor/signature/prefilter.h"

#include <fmt/format.h>
#include <hs/hs.h>

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
  return out;
}

void Prefilter::Free::operator()(hs_database* database) const {
  hs_free_database(database);
}

void Prefilter::scan(std::span<const std::uint8_t> bytes, hs_scratch* scratch, void* context,
                     Visit visit) const {
  Visitor visitor{context, visit};
  const void* text = bytes.data();
  hs_scan(database_.get(), static_cast<const char*>(text), static_cast<unsigned>(bytes.size()), 0,
          scratch, on_match, &visitor);
}

std::size_t Prefilter::memory_bytes() const {
  std::size_t size = 0;
  hs_database_size(database_.get(), &size);
  return size;
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
