// The part of a file system the spool stands on, so that tests can make it fail;
// posix_file_system.cpp is the real one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace osect::spool {

// A file open for appending. After a failure nothing is known about what was appended since the
// last sync.
class File {
 public:
  File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  virtual ~File() = default;
  virtual Result<> append(std::string_view bytes) = 0;
  virtual Result<> sync() = 0;
};

// Thread-safe as far as its calls concern different files.
class FileSystem {
 public:
  FileSystem() = default;
  FileSystem(const FileSystem&) = delete;
  FileSystem& operator=(const FileSystem&) = delete;
  virtual ~FileSystem() = default;
  // Makes the directory if need be and holds it against a second process.
  virtual Result<> lock_directory(const std::string& directory) = 0;
  virtual Result<std::vector<std::string>> read_names(const std::string& directory) = 0;
  virtual Result<std::string> read_file(const std::string& path) = 0;
  virtual Result<std::string> read_part(const std::string& path, std::uint64_t offset,
                                        std::size_t size) = 0;
  virtual Result<std::unique_ptr<File>> create(const std::string& path) = 0;  // empties it
  virtual Result<> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<> remove(const std::string& path) = 0;
  // Makes durable what another process may have appended.
  virtual Result<> sync_file(const std::string& path) = 0;
  // Makes creations, renames and removals durable.
  virtual Result<> sync_directory(const std::string& directory) = 0;
};

// Files of the operating system; every failure carries path and reason.
[[nodiscard]] std::unique_ptr<FileSystem> posix_file_system();

// A new file with this content, durable but for its name.
Result<> write_file(FileSystem& files, const std::string& path, std::string_view content);

// Replaces the file's content so that after a crash it is the old or the new, whole.
Result<> replace_file(FileSystem& files, const std::string& directory, const std::string& name,
                      std::string_view content);

}  // namespace osect::spool
