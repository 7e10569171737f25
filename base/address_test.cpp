// Addresses print and parse as the standards write them.
#include "base/address.h"

#include <gtest/gtest.h>

namespace osect {
namespace {

TEST(MacAddress, PrintsAndParsesTheUsualNotations) {
  const auto mac = MacAddress::parse("00-80-F4-09-51-3b");
  ASSERT_TRUE(mac);
  EXPECT_EQ(mac->text(), "00:80:f4:09:51:3b");
  EXPECT_EQ(MacAddress::parse("0080.f409.513b"), mac);
  EXPECT_FALSE(MacAddress::parse("00:80:f4:09:51"));
  EXPECT_FALSE(MacAddress::parse("00:80:f4:09:51:3b:00"));
  EXPECT_FALSE(MacAddress::parse("00:80:f4:09:51:3g"));
}

TEST(MacAddress, TellsStationsFromGroups) {
  EXPECT_TRUE(MacAddress::parse("00:80:f4:09:51:3b")->is_station());
  EXPECT_FALSE(MacAddress::parse("01:00:5e:00:00:fb")->is_station());
  EXPECT_FALSE(MacAddress{}.is_station());
  EXPECT_TRUE(MacAddress::parse("02:00:00:00:00:01")->is_locally_administered());
}

TEST(IpAddress, PrintsIpv6InCanonicalForm) {
  EXPECT_EQ(IpAddress::parse("2001:DB8:0:0:0:0:0:1")->text(), "2001:db8::1");  // RFC 5952
  EXPECT_EQ(IpAddress::v4(0xc0a842ebU).text(), "192.168.66.235");
  EXPECT_FALSE(IpAddress::parse("192.168.66"));
}

TEST(IpAddress, KnowsItsClass) {
  EXPECT_TRUE(IpAddress::parse("ff02::fb")->is_multicast());
  EXPECT_TRUE(IpAddress::parse("239.1.2.3")->is_multicast());
  EXPECT_TRUE(IpAddress::parse("255.255.255.255")->is_limited_broadcast());
  EXPECT_TRUE(IpAddress::parse("::")->is_unspecified());
  EXPECT_TRUE(IpAddress::parse("172.31.0.1")->is_private());
  EXPECT_FALSE(IpAddress::parse("172.32.0.1")->is_private());
  EXPECT_TRUE(IpAddress::parse("fe80::1")->is_link_local());
  EXPECT_FALSE(IpAddress{}.is_station());
}

}  // namespace
}  // namespace osect
