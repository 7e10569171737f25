// Where frames come from: a monitor port or a capture file.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "sensor/capture/frame.h"

namespace osect::capture {

enum class Next : std::uint8_t {
  frame,  // the frame was filled in
  idle,   // a live port had nothing within its timeout; ask again
  end,    // no more: the file's end, or problem()
};

// What a live port lost, since it was opened.
struct SourceCounters {
  std::uint64_t received = 0;
  std::uint64_t dropped_kernel = 0;     // the ring was full
  std::uint64_t dropped_interface = 0;  // the network card or its driver says so
};

// Owned and used by one thread.
class Source {
 public:
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  // The frame's bytes are valid until the next call.
  [[nodiscard]] virtual Next next(Frame& frame) = 0;
  // After Next::end: what went wrong, naming the source; nothing when all was read. What came
  // before it was delivered.
  [[nodiscard]] virtual Result<> problem() const = 0;
  [[nodiscard]] virtual SourceCounters read_counters() = 0;
  [[nodiscard]] const std::string& name() const { return name_; }

 protected:
  explicit Source(std::string name) : name_(std::move(name)) {}

 private:
  std::string name_;
};

}  // namespace osect::capture
