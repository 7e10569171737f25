// What a person who writes a configuration file or a command line gets to read.
#include "sensor/config.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "sensor/options.h"

namespace osect::sensor {
namespace {

class ConfigTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::temp_directory_path() / "osect_config_XXXXXX";
    const int fd = ::mkstemp(path_.data());
    ASSERT_GE(fd, 0);
    ::close(fd);
  }
  void TearDown() override { std::filesystem::remove(path_); }
  Result<SensorConfig> read(const std::string& text) {
    std::ofstream(path_) << text;
    return read_sensor_config(path_);
  }
  void expect_complaint(const std::string& text, const std::string& complaint) {
    const auto config = read(text);
    ASSERT_FALSE(config);
    EXPECT_NE(config.error().message.find(complaint), std::string::npos) << config.error().message;
  }

  std::string path_;
};

TEST_F(ConfigTest, ReadsWhatIsSaidAndKeepsTheRest) {
  const auto config =
      read("[capture]\nports = [\"eth1\", \"eth2\"]\n[uplink]\ncloud = \"a:8443\"\n");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->ports, (std::vector<std::string>{"eth1", "eth2"}));
  EXPECT_EQ(config->interval_s, 60);
}

TEST_F(ConfigTest, SaysFileLineAndWhatIsAllowed) {
  expect_complaint("[capture]\nport = \"eth1\"\n", ":2: unknown key 'capture.port'; known are");
  expect_complaint("log_level = \"loud\"\n", ":1: 'log_level' must be one of \"debug\"");
  expect_complaint("[condense]\ninterval_s = 1\n",
                   ":2: 'condense.interval_s' must be a whole number from 10 to 3600");
  expect_complaint("[uplink]\ncloud = \"a:1\"\n", "'capture.ports' must name 1 to 16");
  expect_complaint("[capture]\nports = [\"eth1\"]\n", "'uplink.cloud' must be HOST:PORT");
}

TEST(Options, AreReadInBothSpellingsAndUnknownOnesRefused) {
  std::string cloud;
  std::string pace;
  const std::vector<std::string_view> words = {"a.pcap", "--cloud", "c:1", "--pace=real"};
  const auto rest = read_options(words, {{"--cloud", &cloud}, {"--pace", &pace}});
  ASSERT_TRUE(rest);
  EXPECT_EQ(*rest, std::vector<std::string>{"a.pcap"});
  EXPECT_EQ(cloud, "c:1");
  EXPECT_EQ(pace, "real");
  const std::vector<std::string_view> wrong = {"--clod", "c:1"};
  EXPECT_FALSE(read_options(wrong, {{"--cloud", &cloud}}));
  const std::vector<std::string_view> missing = {"--cloud"};
  EXPECT_FALSE(read_options(missing, {{"--cloud", &cloud}}));
}

TEST(Options, AddressesAreSplit) {
  EXPECT_EQ(split_address("cloud", "1"), (std::pair<std::string, std::string>("cloud", "1")));
  EXPECT_EQ(split_address("cloud:2", "1"), (std::pair<std::string, std::string>("cloud", "2")));
  EXPECT_EQ(split_address("[::1]:2", "1"), (std::pair<std::string, std::string>("::1", "2")));
  EXPECT_EQ(split_address("[::1]", "1"), (std::pair<std::string, std::string>("::1", "1")));
}

}  // namespace
}  // namespace osect::sensor
