// posix_spawn with files in place of pipes, so that neither side can block the other; how it ends,
// or that it does not, by pidfd_open(2).
#include "cloud/report/renderer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace osect::report {
namespace {

constexpr std::size_t kDeckBytesMax = 64ULL << 20U;
constexpr std::size_t kWordsMax = 2000;  // of what the process says when it fails

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

// A file in memory; in the child it stands at a standard descriptor.
class MemoryFile {
 public:
  MemoryFile() : file_(::memfd_create("osect-report", MFD_CLOEXEC)) {}

  [[nodiscard]] int get() const { return file_.get(); }
  [[nodiscard]] bool write(const std::string& text) const {
    for (std::size_t at = 0; at < text.size();) {
      const ssize_t done = ::write(get(), text.data() + at, text.size() - at);
      if (done <= 0) return false;
      at += static_cast<std::size_t>(done);
    }
    return ::lseek(get(), 0, SEEK_SET) == 0;
  }
  [[nodiscard]] std::string read(std::size_t most) const {
    struct stat status {};
    if (::fstat(get(), &status) != 0) return {};
    std::string out(std::min(most, static_cast<std::size_t>(status.st_size)), '\0');
    for (std::size_t at = 0; at < out.size();) {
      const ssize_t done = ::pread(get(), out.data() + at, out.size() - at, static_cast<off_t>(at));
      if (done <= 0) return {};
      at += static_cast<std::size_t>(done);
    }
    return out;
  }

 private:
  Descriptor file_;
};

Result<pid_t> spawn(const RendererConfig& config, const std::string& language, int in, int out,
                    int words) {
  const std::string heap = fmt::format("--max-old-space-size={}", config.memory_mb);
  const char* const arguments[] = {config.node.c_str(), heap.c_str(), config.script.c_str(),
                                   language.c_str(), nullptr};
  const char* const environment[] = {"LANG=C.UTF-8", nullptr};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, words, STDERR_FILENO);
  // The cloud blocks and ignores signals for its own sake.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t standard;
  sigemptyset(&none);
  sigfillset(&standard);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &standard);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t child = -1;
  const int wrong =
      ::posix_spawn(&child, config.node.c_str(), &files, &attributes,
                    const_cast<char* const*>(arguments),     // NOLINT: POSIX does not change them
                    const_cast<char* const*>(environment));  // NOLINT: POSIX does not change them
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (wrong != 0) return Error(fmt::format("cannot run {}: {}", config.node, std::strerror(wrong)));
  return child;
}

// Its exit status; killed when it takes too long.
Result<int> wait_for(pid_t child, std::int64_t timeout_s) {
  const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  pollfd ended{.fd = handle.get(), .events = POLLIN, .revents = 0};
  int polled = 0;
  do {
    polled = handle.get() < 0 ? 0 : ::poll(&ended, 1, static_cast<int>(timeout_s * 1000));
  } while (polled < 0 && errno == EINTR);
  if (polled <= 0) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (polled <= 0) return Error(fmt::format("it was not finished after {} s", timeout_s));
  return status;
}

}  // namespace

Result<Deck> render(const RendererConfig& config, const std::string& view_model,
                    const std::string& language) {
  const MemoryFile in;
  const MemoryFile out;
  const MemoryFile words;
  if (!in.write(view_model) || out.get() < 0 || words.get() < 0)
    return Error("no memory for the report's files");
  const auto child = spawn(config, language, in.get(), out.get(), words.get());
  if (!child) return child.error();
  const auto status = wait_for(*child, config.timeout_s);
  if (!status) return status.error().within("drawing the report");
  if (!WIFEXITED(*status) || WEXITSTATUS(*status) != 0)
    return Error(fmt::format("drawing the report failed: {}", words.read(kWordsMax)));
  Deck deck{out.read(kDeckBytesMax)};
  if (deck.bytes.empty()) return Error("drawing the report gave nothing");
  return deck;
}

}  // namespace osect::report
