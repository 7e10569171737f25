// libzip on a buffer.
#include "cloud/ledger/package.h"

#include <array>

namespace osect::ledger {
namespace {

struct ClosingFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

}  // namespace

Read<Package> Package::open(std::string_view bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* zip = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  if (zip == nullptr) {
    Complaint refused{Complaint::Kind::damaged, zip_error_strerror(&error)};
    if (source != nullptr) zip_source_free(source);
    zip_error_fini(&error);
    return refused;
  }
  zip_error_fini(&error);
  Package package;
  package.zip_.reset(zip);
  return package;
}

bool Package::has(const std::string& part) const {
  return zip_name_locate(zip_.get(), part.c_str(), ZIP_FL_NOCASE) >= 0;
}

Read<std::string> Package::read(const std::string& part) {
  const auto index = zip_name_locate(zip_.get(), part.c_str(), ZIP_FL_NOCASE);
  if (index < 0) return Complaint{Complaint::Kind::damaged, part};
  const std::unique_ptr<zip_file_t, ClosingFile> file(
      zip_fopen_index(zip_.get(), static_cast<zip_uint64_t>(index), 0));
  std::string content;
  std::array<char, 65'536> piece{};
  while (file != nullptr) {
    const auto got = zip_fread(file.get(), piece.data(), piece.size());
    if (got == 0) return {boost::system::in_place_value, std::move(content)};
    if (got < 0) break;
    // What the zip says of its sizes is not believed: only what comes out counts.
    unpacked_ += static_cast<std::size_t>(got);
    if (unpacked_ > kUnpackedBytesMax)
      return Complaint{Complaint::Kind::unpacks_too_far, std::to_string(kUnpackedBytesMax >> 20)};
    content.append(piece.data(), static_cast<std::size_t>(got));
  }
  return Complaint{Complaint::Kind::damaged, part};
}

}  // namespace osect::ledger
