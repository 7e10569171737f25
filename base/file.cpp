// By the standard library's streams, which say no reason beyond errno.
#include "base/file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace osect {

Result<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error(fmt::format("cannot read {}: {}", path.string(), std::strerror(errno)));
  return {boost::system::in_place_value, std::istreambuf_iterator<char>(in),
          std::istreambuf_iterator<char>()};
}

}  // namespace osect
