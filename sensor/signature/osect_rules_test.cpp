// The project's own rules, each with a packet that it must hit and one that it must not.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "base/file.h"
#include "sensor/signature/testing.h"

namespace osect::signature {
namespace {

using decode::Transport;
using std::string_view_literals::operator""sv;

struct Case {
  std::uint32_t sid;
  Transport transport;
  std::uint16_t port;
  std::string_view wrong;     // hits this rule and no other
  std::string_view harmless;  // hits none
};

constexpr Case kCases[] = {
    {9000001, Transport::tcp, 502, "\x00\x01\x00\x00\x00\x06\x01\x08\x00\x01\x00\x00"sv,
     "\x00\x01\x00\x00\x00\x06\x01\x08\x00\x00\x00\x00"sv},
    {9000002, Transport::tcp, 502, "\x00\x01\x00\x00\x00\x06\x01\x08\x00\x04\x00\x00"sv,
     "\x00\x01\x00\x00\x00\x06\x01\x03\x00\x04\x00\x01"sv},
    {9000003, Transport::tcp, 502, "\x00\x01\x00\x00\x01\x2c\x01\x10"sv,
     "\x00\x01\x00\x00\x00\xfe\x01\x10"sv},
    {9000004, Transport::tcp, 102,
     "\x03\x00\x00\x21\x02\xf0\x80\x32\x01\x00\x00\x00\x01\x00\x10\x00\x00\x29"
     "\x00\x00\x00\x00\x00\x09P_PROGRAM"sv,
     "\x03\x00\x00\x1f\x02\xf0\x80\x32\x01\x00\x00\x00\x01\x00\x0e\x00\x00\x04"
     "\x01\x12\x0a\x10\x02\x00\x01\x00\x01\x84\x00\x00\x00"sv},
    {9000005, Transport::tcp, 20000,
     "\x05\x64\x08\xc4\x0a\x00\x01\x00\xfc\x42\xc0\xc1\x0d\x00\x00"sv,
     "\x05\x64\x08\xc4\x0a\x00\x01\x00\xfc\x42\xc0\xc1\x01\x00\x00"sv},
    {9000006, Transport::tcp, 445,
     "\x00\x00\x00\x40\xff\x53\x4d\x42\x32\x00\x00\x00\x00\x18\x07\xc0\x00\x00\x00\x00\x00\x00"
     "\x00\x00\x00\x00\x00\x00\x00\x08\xff\xfe\x00\x08\x41\x00"sv,
     "\x00\x00\x00\x40\xff\x53\x4d\x42\x32\x00\x00\x00\x00\x18\x07\xc0\x00\x00\x00\x00\x00\x00"
     "\x00\x00\x00\x00\x00\x00\x00\x08\xff\xfe\x00\x08\x40\x00"sv},
    {9000007, Transport::udp, 1434, "\x04\x01\x01\x81\xf1\x03\x01\x04\x9b\x81\xf1\x01\x51"sv,
     "\x04MSSQLSERVER"sv},
    {9000008, Transport::udp, 69, "\x00\x02run.cfg\x00OCTET\x00"sv,
     "\x00\x01run.cfg\x00octet\x00"sv},
};

TEST(OwnRules, HitWhatTheyAreForAndNothingElse) {
  const auto text = read_file("sensor/signature/osect.rules");
  ASSERT_TRUE(text) << text.error().message;
  std::set<std::uint32_t> tried;
  for (const auto& one : kCases) {
    testing::Bench bench(*text, one.port, one.transport);
    for (const auto& refusal : bench.file.refusals)
      ADD_FAILURE() << "line " << refusal.line << ": " << refusal.reason;
    bench.send(one.harmless);
    EXPECT_TRUE(bench.hits.empty()) << one.sid;
    bench.send(one.wrong);
    EXPECT_EQ(bench.hits, (std::map<std::uint32_t, int>{{one.sid, 1}}));
    tried.insert(one.sid);
  }
  for (const auto& rule : parse_rules(*text, default_variables()).rules)
    EXPECT_TRUE(tried.contains(rule.sid)) << rule.sid << " has no case";
}

}  // namespace
}  // namespace osect::signature
