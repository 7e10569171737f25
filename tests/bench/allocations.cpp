// Counts what one monitor port allocates after its start, over a whole capture: nothing may be.
// glibc only.
#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "sensor/capture/file_source.h"
#include "sensor/pipeline.h"

// glibc's own names for what the counting ones below stand in for.
// NOLINTBEGIN(bugprone-reserved-identifier): the names are the C library's
extern "C" void* __libc_malloc(std::size_t size);
extern "C" void* __libc_calloc(std::size_t count, std::size_t size);
extern "C" void* __libc_realloc(void* old, std::size_t size);
// NOLINTEND(bugprone-reserved-identifier)

namespace {
bool is_counting = false;
std::uint64_t allocations = 0;
}  // namespace

extern "C" void* malloc(std::size_t size) {
  if (is_counting) ++allocations;
  return __libc_malloc(size);
}
extern "C" void* calloc(std::size_t count, std::size_t size) {
  if (is_counting) ++allocations;
  return __libc_calloc(count, size);
}
extern "C" void* realloc(void* old, std::size_t size) {
  if (is_counting) ++allocations;
  return __libc_realloc(old, size);
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: allocations CAPTURE\n");
    return 2;
  }
  auto source = osect::capture::FileSource::open(argv[1]);
  if (!source) {
    fmt::print(stderr, "allocations: {}\n", source.error().message);
    return 2;
  }
  osect::sensor::Pipeline pipeline({}, 0, "file");
  is_counting = true;
  osect::capture::Frame frame;
  std::uint64_t frames = 0;
  while ((*source)->next(frame) == osect::capture::Next::frame) {
    pipeline.take(frame);
    ++frames;
  }
  pipeline.finish();
  is_counting = false;
  fmt::print("{} allocations over {} frames\n", allocations, frames);
  return frames > 0 && allocations == 0 ? 0 : 1;
}
