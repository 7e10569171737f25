// Text made of wire bytes.
#include "sensor/dissect/text.h"

#include <gtest/gtest.h>

namespace osect::dissect {
namespace {

using namespace std::string_view_literals;

TEST(Text, NumbersAndAddresses) {
  EXPECT_EQ(Text<32>().decimal(0).text(), "0");
  EXPECT_EQ(Text<32>().decimal(18446744073709551615U).text(), "18446744073709551615");
  EXPECT_EQ(Text<32>().hex(0xab, 4).text(), "00ab");
  for (const char* ip : {"10.0.0.1", "::", "::1", "fe80::1", "2001:db8:0:1:1:1:1:1",
                         "2001:0:0:1::1", "1:2:3:4:5:6:7:8", "1::"}) {
    const auto parsed = *IpAddress::parse(ip);
    EXPECT_EQ(Text<64>().address(parsed).text(), parsed.text());
  }
  EXPECT_EQ(Text<32>().address(*MacAddress::parse("00:80:f4:09:51:3b")).text(),
            "00:80:f4:09:51:3b");
}

TEST(Text, PrintableIsAlwaysUtf8) {
  EXPECT_EQ(Text<64>().printable("plc\0garbage"sv).text(), "plc");
  EXPECT_EQ(Text<64>().printable("a\nb\x7f").text(), "a\\x0ab\\x7f");
  EXPECT_EQ(Text<64>().printable("\xe5\xb7\xa5\xe5\xa0\xb4").text(), "\xe5\xb7\xa5\xe5\xa0\xb4");
  EXPECT_EQ(Text<64>().printable("\x8d\x48").text(), "\\x8dH");               // Shift_JIS
  EXPECT_EQ(Text<64>().printable("\xc0\xaf").text(), "\\xc0\\xaf");           // overlong
  EXPECT_EQ(Text<64>().printable("\xed\xa0\x80").text(), "\\xed\\xa0\\x80");  // surrogate
}

TEST(Text, WhatDoesNotFitIsLeftOut) {
  Text<4> text;
  text.printable("ab\xe5\xb7\xa5");
  EXPECT_EQ(text.text(), "ab");
  EXPECT_TRUE(text.is_cut());
}

TEST(Text, Utf16BecomesPrintableUtf8) {
  const auto utf8 = [](std::initializer_list<std::uint8_t> raw) {
    Text<16> text;
    text.printable_utf16(std::span(raw.begin(), raw.size()));
    return std::string(text.text());
  };
  EXPECT_EQ(utf8({'D', 0, 0xe9, 0, 0x29, 0x6e, 0x3d, 0xd8, 0x00, 0xde}), "D\u00e9\u6e29\U0001f600");
  EXPECT_EQ(utf8({0x3d, 0xd8, 'D', 0, 0x00, 0xde}), "\ufffdD\ufffd");  // halves without the other
  EXPECT_EQ(utf8({'a', 0, 0x0a, 0, 'b', 0, 0, 0, 'c', 0}), "a\\x0ab");
  EXPECT_EQ(utf8({'a', 0, 'b'}), "a");
}

}  // namespace
}  // namespace osect::dissect
