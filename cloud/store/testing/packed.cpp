// Hexadecimal digits, as PostgreSQL prints bytea.
#include "cloud/store/testing/packed.h"

#include <fmt/format.h>

#include <stdexcept>

namespace osect::store::testing {

std::string literal(std::string_view bytes) {
  std::string out = "'\\x";
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out + "'";
}

std::string bytes_of(std::string_view hex) {
  std::string out;
  for (std::size_t i = 2; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return out;
}

Volumes volumes_of(std::string_view hex) {
  auto volumes = unpack_volumes(bytes_of(hex));
  if (!volumes) throw std::runtime_error(volumes.error().message);
  return std::move(*volumes);
}

}  // namespace osect::store::testing
