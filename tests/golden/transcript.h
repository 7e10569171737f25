// Runs a capture through the real decoder and dissectors and writes each statement as one line of
// JSON.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sensor/capture/frame.h"
#include "sensor/decode/decoder.h"
#include "sensor/dissect/engine.h"

namespace osect::golden {

struct StoredFrame {
  TimeNs time = 0;
  std::uint32_t wire_length = 0;
  std::vector<std::uint8_t> bytes;
};

// Cuts the n-th stream piece of the run in two; none when it has no such piece or no such byte.
struct Cut {
  std::size_t piece = 0;
  std::size_t byte = 0;
};

struct Transcript {
  std::vector<std::string> lines;
  std::vector<std::size_t>
      piece_sizes;  // of the stream pieces that the decoder handed over, in order
};

struct RunOptions {
  const Cut* cut = nullptr;
  bool is_bytewise = false;  // every stream piece byte by byte
  std::size_t say_from = 0;  // nothing is written about the frames before this one
};

// Keys in fixed order, times relative to the first frame. The last line counts what was not
// understood.
Transcript run(const std::vector<StoredFrame>& frames, const RunOptions& options = {});

}  // namespace osect::golden
