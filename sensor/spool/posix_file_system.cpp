// POSIX files: open, write, fdatasync, rename.
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sensor/spool/file_system.h"

namespace osect::spool {
namespace {

Error failed(const std::string& path, const char* doing) {
  return Error(fmt::format("{} cannot {}: {}", path, doing, std::strerror(errno)));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }

 private:
  int fd_;
};

class PosixFile final : public File {
 public:
  PosixFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}

  Result<> append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd_.get(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return failed(path_, "be written");
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }
  Result<> sync() override {
    if (::fdatasync(fd_.get()) != 0) return failed(path_, "be made durable");
    return {};
  }

 private:
  std::string path_;
  Descriptor fd_;
};

class PosixFileSystem final : public FileSystem {
 public:
  Result<> lock_directory(const std::string& directory) override {
    for (auto slash = directory.find('/', 1);; slash = directory.find('/', slash + 1)) {
      const auto part = directory.substr(0, slash);
      if (::mkdir(part.c_str(), 0750) != 0 && errno != EEXIST && errno != EROFS)
        return failed(part, "be made");
      if (slash == std::string::npos) break;
    }
    lock_ =
        std::make_unique<Descriptor>(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!lock_->is_open()) return failed(directory, "be opened");
    if (::flock(lock_->get(), LOCK_EX | LOCK_NB) != 0)
      return Error(fmt::format("{}: another sensor works in this directory", directory));
    return {};
  }

  Result<std::vector<std::string>> read_names(const std::string& directory) override {
    DIR* handle = ::opendir(directory.c_str());
    if (handle == nullptr) return failed(directory, "be listed");
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(handle)) names.emplace_back(entry->d_name);
    ::closedir(handle);
    return names;
  }

  Result<std::string> read_file(const std::string& path) override {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return failed(path, "be opened");
    return read_part(path, 0, static_cast<std::size_t>(status.st_size));
  }

  Result<std::string> read_part(const std::string& path, std::uint64_t offset,
                                std::size_t size) override {
    const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.is_open()) return failed(path, "be opened");
    std::string content(size, '\0');
    std::size_t done = 0;
    while (done < size) {
      const ssize_t got =
          ::pread(fd.get(), content.data() + done, size - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failed(path, "be read");
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    content.resize(done);
    return {boost::system::in_place_value, std::move(content)};
  }

  Result<std::unique_ptr<File>> create(const std::string& path) override {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (fd < 0) return failed(path, "be created");
    return std::unique_ptr<File>(std::make_unique<PosixFile>(path, fd));
  }

  Result<> rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return failed(to, "be replaced");
    return {};
  }
  Result<> remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0) return failed(path, "be removed");
    return {};
  }
  Result<> sync_file(const std::string& path) override {
    const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.is_open() || ::fdatasync(fd.get()) != 0) return failed(path, "be made durable");
    return {};
  }
  Result<> sync_directory(const std::string& directory) override {
    const Descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd.is_open() || ::fsync(fd.get()) != 0) return failed(directory, "be made durable");
    return {};
  }

 private:
  std::unique_ptr<Descriptor> lock_;
};

}  // namespace

std::unique_ptr<FileSystem> posix_file_system() {
  return std::make_unique<PosixFileSystem>();
}

Result<> write_file(FileSystem& files, const std::string& path, std::string_view content) {
  auto file = files.create(path);
  if (!file) return file.error();
  if (auto done = (*file)->append(content); !done) return done;
  return (*file)->sync();
}

Result<> replace_file(FileSystem& files, const std::string& directory, const std::string& name,
                      std::string_view content) {
  const auto path = directory + "/" + name;
  const auto temporary = path + ".tmp";
  if (auto done = write_file(files, temporary, content); !done) return done;
  if (auto done = files.rename(temporary, path); !done) return done;
  return files.sync_directory(directory);
}

}  // namespace osect::spool
