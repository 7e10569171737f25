// read(2) for plain files, zlib for the rest.
#include "sensor/capture/file_bytes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace osect::capture {
namespace {

constexpr std::size_t kBufferFirst = 128U << 10;

Error failed(const std::string& path, const char* what) {
  return Error(fmt::format("{}: {}: {}", path, what, std::strerror(errno)));
}

}  // namespace

Result<std::unique_ptr<FileBytes>> FileBytes::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return failed(path, "cannot be opened");
  struct stat status {};
  if (fstat(file, &status) != 0) {
    const Error error = failed(path, "cannot be examined");
    close(file);
    return error;
  }
  if (S_ISDIR(status.st_mode)) {
    close(file);
    return Error(path + ": is a directory, not a capture file");
  }
  std::unique_ptr<FileBytes> bytes(new FileBytes);
  std::array<unsigned char, 2> magic{};
  const bool is_gzip = S_ISREG(status.st_mode) && pread(file, magic.data(), 2, 0) == 2 &&
                       magic[0] == 0x1f && magic[1] == 0x8b;
  bytes->buffer_.resize(kBufferFirst);
  bytes->begin_ = bytes->at_ = bytes->end_ = bytes->buffer_.data();
  if (S_ISREG(status.st_mode) && !is_gzip) {
    posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL);
    bytes->file_ = file;
    return bytes;
  }
  gzFile gzip = gzdopen(file, "rb");
  if (gzip == nullptr) {
    close(file);
    return Error(path + ": no memory to read it");
  }
  gzbuffer(gzip, 128U << 10);
  bytes->gzip_ = gzip;
  return bytes;
}

FileBytes::~FileBytes() {
  if (file_ >= 0) close(file_);
  if (gzip_ != nullptr) gzclose_r(static_cast<gzFile>(gzip_));
}

void FileBytes::refill(std::size_t n) {
  if (is_exhausted_) return;
  const auto held = static_cast<std::size_t>(end_ - at_);
  base_ += static_cast<std::uint64_t>(at_ - begin_);
  std::memmove(buffer_.data(), at_, held);
  if (n > buffer_.size()) buffer_.resize(std::min(n, kWindowMax));
  std::size_t filled = held;
  // A pipe gives little at a time.
  while (filled < std::max(n, kBufferFirst / 2) && filled < buffer_.size()) {
    const std::size_t got = read_some(buffer_.data() + filled, buffer_.size() - filled);
    if (got == 0) {
      is_exhausted_ = true;
      break;
    }
    filled += got;
  }
  begin_ = at_ = buffer_.data();
  end_ = begin_ + filled;
}

std::size_t FileBytes::read_some(std::uint8_t* to, std::size_t n) {
  if (file_ >= 0) {
    ssize_t got = 0;
    do got = ::read(file_, to, n);
    while (got < 0 && errno == EINTR);
    if (got < 0) failure_ = std::strerror(errno);
    return got < 0 ? 0 : static_cast<std::size_t>(got);
  }
  const int got = gzread(static_cast<gzFile>(gzip_), to, static_cast<unsigned>(n));
  if (got > 0) return static_cast<std::size_t>(got);
  int code = Z_OK;
  const char* words = gzerror(static_cast<gzFile>(gzip_), &code);
  if (code == Z_ERRNO)
    failure_ = std::strerror(errno);
  else if (code == Z_BUF_ERROR)
    failure_ = "the compressed data end early";
  else if (code != Z_OK && code != Z_STREAM_END)  // zlib's words begin with its name of the file
    failure_ = fmt::format("the compressed data are damaged ({})",
                           std::string_view(words).substr(std::string_view(words).find(' ') + 1));
  return 0;
}

bool FileBytes::try_skip_far(std::uint64_t n) {
  while (n > 0) {
    const std::size_t there = peek(1).size();
    if (there == 0) return false;
    const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(n, there));
    skip(step);
    n -= step;
  }
  return true;
}

}  // namespace osect::capture
