// The bytes of a capture file as one window that slides forward: read, or inflated, into a buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace osect::capture {

// The buffer grows to the largest record asked for, at most kWindowMax. It is small enough for a
// core's own cache, into which the kernel's copy brings what is read next: mapping the file instead
// costs twice as much (a factory's day: 52 against 28 ns a packet), and a file that shrinks
// meanwhile would end the process.
class FileBytes {
 public:
  static constexpr std::size_t kWindowMax = 32U << 20;

  [[nodiscard]] static Result<std::unique_ptr<FileBytes>> open(const std::string& path);
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;
  ~FileBytes();

  // At least n bytes from the reading place on, or all that are left when there are fewer.
  [[nodiscard]] std::span<const std::uint8_t> peek(std::size_t n) {
    if (static_cast<std::size_t>(end_ - at_) < n) [[unlikely]]
      refill(n);
    return {at_, end_};
  }
  // At most what peek() showed.
  void skip(std::size_t n) { at_ += n; }
  // Beyond what peek() showed; false when the file ends before.
  [[nodiscard]] bool try_skip_far(std::uint64_t n);
  // The reading place, in (uncompressed) bytes from the start.
  [[nodiscard]] std::uint64_t offset() const {
    return base_ + static_cast<std::uint64_t>(at_ - begin_);
  }
  // Why reading stopped before the end: a disk error, damaged compression.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  FileBytes() = default;
  void refill(std::size_t n);
  // At most that many more bytes; 0 at the end or after a failure.
  std::size_t read_some(std::uint8_t* to, std::size_t n);

  const std::uint8_t* begin_ = nullptr;
  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  std::uint64_t base_ = 0;  // bytes before begin_
  int file_ = -1;           // of a plain file
  void* gzip_ = nullptr;    // gzFile; of anything else, plain bytes out of a pipe too
  bool is_exhausted_ = false;
  std::vector<std::uint8_t> buffer_;
  std::string failure_;
};

}  // namespace osect::capture
