// The words of the Common Industrial Protocol: services per class with their access, classes,
// vendors, device types; CIP Networks Library volume 1.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::cip {

// In place of a class: the message names a tag, or no object at all.
constexpr std::uint32_t kNoClass = 0xffffff;

namespace service {
constexpr std::uint8_t kGetAttributesAll = 0x01;
constexpr std::uint8_t kGetAttributeList = 0x03;
constexpr std::uint8_t kMultipleServicePacket = 0x0a;
constexpr std::uint8_t kGetAttributeSingle = 0x0e;
constexpr std::uint8_t kExecutePccc = 0x4b;
constexpr std::uint8_t kForwardClose = 0x4e;
constexpr std::uint8_t kUnconnectedSend = 0x52;
constexpr std::uint8_t kForwardOpen = 0x54;
constexpr std::uint8_t kLargeForwardOpen = 0x5b;
}  // namespace service

namespace object {
constexpr std::uint32_t kIdentity = 0x01;
constexpr std::uint32_t kConnectionManager = 0x06;
constexpr std::uint32_t kPccc = 0x67;
}  // namespace object

// The row of the specification's table as the dissector lists it: code is class << 8 | service,
// with kNoClass for services that every class has or that are asked of a tag.
constexpr std::size_t kFunctionsCount = 115;
extern const Function kFunctions[kFunctionsCount];
// What a service means to a class; the name is "" where nobody says.
struct Meaning {
  std::string_view name;
  Access access = Access::none;
};
[[nodiscard]] Meaning meaning_of(std::uint32_t of_class, std::uint8_t service);
// Of a response whose request is not known: the services that mean the same everywhere.
[[nodiscard]] Meaning common_meaning_of(std::uint8_t service);

// "service 0x4c class -", for what names no object.
[[nodiscard]] std::string_view code_without_class(std::uint8_t service);
// "service 0x0e class 0x01", "service 0x4c class -".
void write_code(Writer& to, std::uint32_t of_class, std::uint8_t service);
// "identity", "class 0x68".
void write_class(Writer& to, std::uint32_t of_class);

// "" where the number is in no list.
[[nodiscard]] std::string_view vendor_name(std::uint16_t vendor);
[[nodiscard]] std::string_view device_type_name(std::uint16_t type);

}  // namespace osect::dissect::cip
