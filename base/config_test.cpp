// A wrong configuration is answered with file, line and what is allowed.
#include "base/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace osect {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct Example {
  std::string level = "info";
  std::string directory = "/var/spool";
  std::int64_t port = 443;
  bool is_live = false;
  std::vector<std::string> ports;
};

std::string read(Example& example, std::string_view text) {
  ConfigFile file;
  file.bind("log.level", example.level, {"debug", "info"});
  file.bind("spool.directory", example.directory);
  file.bind("cloud.port", example.port, 1, 65535);
  file.bind("capture.live", example.is_live);
  file.bind("capture.ports", example.ports);
  const auto result = file.read_text(text, "sensor.toml");
  return result ? "" : result.error().message;
}

TEST(ConfigFile, FillsTheFieldsAndKeepsDefaults) {
  Example example;
  EXPECT_EQ(read(example, "[cloud]\nport = 8443\n[capture]\nlive = true\nports = [\"eth0\"]\n"),
            "");
  EXPECT_EQ(example.port, 8443);
  EXPECT_TRUE(example.is_live);
  EXPECT_EQ(example.ports, std::vector<std::string>{"eth0"});
  EXPECT_EQ(example.directory, "/var/spool");
}

TEST(ConfigFile, NamesFileLineAndKnownKeys) {
  Example example;
  EXPECT_THAT(
      read(example, "[cloud]\n\nprot = 1\n"),
      AllOf(HasSubstr("sensor.toml:3"), HasSubstr("'cloud.prot'"), HasSubstr("cloud.port")));
}

TEST(ConfigFile, NamesTheAllowedValues) {
  Example example;
  EXPECT_THAT(read(example, "[cloud]\nport = 0\n"), HasSubstr("from 1 to 65535"));
  EXPECT_THAT(read(example, "[log]\nlevel = \"loud\"\n"), HasSubstr("\"debug\", \"info\""));
  EXPECT_THAT(read(example, "[capture]\nlive = 1\n"), HasSubstr("true or false"));
  EXPECT_THAT(read(example, "[capture\n"), HasSubstr("sensor.toml:1"));
  EXPECT_EQ(example.port, 443);
}

TEST(ConfigFile, SaysWhichFileCannotBeOpened) {
  const auto result = ConfigFile().read("/nonexistent/sensor.toml");
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("/nonexistent/sensor.toml"));
}

}  // namespace
}  // namespace osect
