// libFuzzer: any bytes as a capture file, read from memory through the same reader as a real file.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "sensor/capture/file_source.h"

static std::uint64_t sum = 0;  // makes the reads happen

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using osect::capture::FileSource;
  using osect::capture::Frame;
  using osect::capture::Next;
  const int file = memfd_create("capture", 0);
  if (file < 0 || write(file, data, size) != static_cast<ssize_t>(size)) std::abort();
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (auto source = FileSource::open(path)) {
    Frame frame;
    std::uint64_t frames = 0;
    while ((*source)->next(frame) == Next::frame) {
      for (const std::uint8_t byte : frame.bytes) sum += byte;
      if (frame.wire_length < frame.bytes.size()) std::abort();
      ++frames;
    }
    const auto problem = (*source)->problem();
    if (!problem && problem.error().message.find(path) == std::string::npos) std::abort();
    if ((*source)->read_counters().received != frames) std::abort();
  } else if (source.error().message.find(path) == std::string::npos) {
    std::abort();
  }
  close(file);
  return 0;
}
