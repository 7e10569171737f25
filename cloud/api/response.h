// What a resource answers: a body in memory, an open file, or a stream of server-sent events. RFC
// 9110.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace osect::api {

// An open file that the server sends and closes. Movable.
class OpenFile {
 public:
  OpenFile(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile();

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  int descriptor_;
  std::uint64_t size_;
};

// A source of text that goes on until either side ends it. Any thread may call any function.
class TextStream {
 public:
  TextStream() = default;
  TextStream(const TextStream&) = delete;
  TextStream& operator=(const TextStream&) = delete;
  virtual ~TextStream() = default;

  // Calls `wake` (once for each change, from any thread) when take() or is_ended() may answer
  // differently.
  virtual void on_change(std::function<void()> wake) = 0;
  // What is waiting to be sent, "" when nothing is.
  [[nodiscard]] virtual std::string take() = 0;
  [[nodiscard]] virtual bool is_ended() const = 0;
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::shared_ptr<OpenFile> file;      // sent instead of the body
  std::shared_ptr<TextStream> stream;  // sent instead of the body, until it ends

  Response& with(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
  }
};

}  // namespace osect::api
