// Whole files and the words for those that are not there.
#include "base/file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace osect {
namespace {

TEST(File, IsReadByteForByteOrNamed) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("osect-file-test." + std::to_string(getpid()));
  const std::string bytes("a\r\n\0\xff z\n", 8);
  std::ofstream(path, std::ios::binary) << bytes;
  const auto text = read_file(path);
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_EQ(*text, bytes);
  std::filesystem::remove(path);
  const auto missing = read_file(path);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message,
            "cannot read " + path.string() + ": No such file or directory");
}

}  // namespace
}  // namespace osect
