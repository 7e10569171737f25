// The packets that cost most, as multiples of the mean over all captures given: a packet that costs
// far more than others is a way to make the sensor lose frames. Run by hand: it measures time.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "sensor/capture/file_source.h"
#include "sensor/pipeline.h"

namespace {

struct Cost {
  std::chrono::nanoseconds time{};
  std::size_t frame = 0;  // as counted from 1
  std::uint32_t bytes = 0;
  std::string capture;
};

// One pass over a capture; of each frame the least of all passes stays, which an interrupt or a
// first use of a page has not touched.
bool measure(const std::string& path, std::vector<Cost>& costs) {
  auto source = osect::capture::FileSource::open(path);
  if (!source) {
    fmt::print(stderr, "worst_packet: {}\n", source.error().message);
    return false;
  }
  osect::sensor::Pipeline pipeline({}, 0, "file");
  osect::capture::Frame frame;
  for (std::size_t i = 0; (*source)->next(frame) == osect::capture::Next::frame; ++i) {
    const auto before = std::chrono::steady_clock::now();
    pipeline.take(frame);
    const auto spent = std::chrono::steady_clock::now() - before;
    if (i == costs.size()) costs.push_back({spent, i + 1, frame.wire_length, path});
    costs[i].time = std::min<std::chrono::nanoseconds>(costs[i].time, spent);
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: worst_packet CAPTURE...\n");
    return 2;
  }
  constexpr int kPasses = 15;
  std::vector<Cost> all;
  for (int i = 1; i < argc; ++i) {
    std::vector<Cost> costs;
    for (int pass = 0; pass < kPasses; ++pass)
      if (!measure(argv[i], costs)) return 2;
    all.insert(all.end(), costs.begin(), costs.end());
  }
  double sum = 0;
  for (const Cost& cost : all) sum += static_cast<double>(cost.time.count());
  const double mean = all.empty() ? 0 : sum / static_cast<double>(all.size());
  const std::size_t shown = std::min<std::size_t>(all.size(), 20);
  std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), all.end(),
                    [](const Cost& a, const Cost& b) { return a.time > b.time; });
  fmt::print("{} packets, {:.0f} ns in the mean; the goal is at most 50 x\n", all.size(), mean);
  for (std::size_t i = 0; i < shown; ++i)
    fmt::print("{:5.1f} x  {:>7} ns  {:>5} bytes  frame {} of {}\n",
               static_cast<double>(all[i].time.count()) / mean, all[i].time.count(), all[i].bytes,
               all[i].frame, all[i].capture);
  return 0;
}
