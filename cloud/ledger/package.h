// The zip of an Office file, read in memory with a bound on what it unpacks to.
#pragma once

#include <zip.h>

#include <memory>
#include <string>
#include <string_view>

#include "cloud/ledger/complaint.h"

namespace osect::ledger {

// One thread's. The bytes must outlive it.
class Package {
 public:
  static Read<Package> open(std::string_view bytes);

  [[nodiscard]] bool has(const std::string& part) const;
  // The whole part; refused when all parts read so far come to more than kUnpackedBytesMax.
  Read<std::string> read(const std::string& part);

 private:
  struct Closing {
    void operator()(zip_t* zip) const { zip_discard(zip); }
  };
  std::unique_ptr<zip_t, Closing> zip_;
  std::size_t unpacked_ = 0;
};

constexpr std::size_t kUnpackedBytesMax = 128U << 20;

}  // namespace osect::ledger
