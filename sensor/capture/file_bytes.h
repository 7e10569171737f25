// The bytes of a capture file as one window that slides forward: mapped, or inflated and read into
// a buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace osect::capture {

// A regular, uncompressed file is mapped as a whole and what was read is given back to the kernel,
// so that the memory in use stays small whatever the file's size. gzip files and pipes go through a
// buffer that grows to the largest record asked for, at most kWindowMax.
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
  void skip(std::size_t n) {
    at_ += n;
    if (at_ >= release_at_) [[unlikely]]
      release();
  }
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
  void release();

  const std::uint8_t* begin_ = nullptr;
  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  const std::uint8_t* release_at_ =
      nullptr;              // when to tell the kernel that pages before are done with
  std::uint64_t base_ = 0;  // bytes before begin_
  std::span<std::uint8_t> mapped_;
  void* gzip_ = nullptr;  // gzFile: also passes plain bytes through
  bool is_exhausted_ = false;
  std::vector<std::uint8_t> buffer_;
  std::string failure_;
};

}  // namespace osect::capture
