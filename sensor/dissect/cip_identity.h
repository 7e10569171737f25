// What a CIP device says about itself, in EtherNet/IP's ListIdentity and in the identity object;
// CIP volume 1, clause 5-2.
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/dissect/collected.h"

namespace osect::dissect::cip {

// The identity object's instance attributes, in the order in which all answers give them.
struct Identity {
  enum Has : std::uint8_t {
    vendor = 1,
    type = 2,
    product = 4,
    revision = 8,
    state = 16,
    serial = 32,
    name = 64,
  };
  std::uint8_t has = 0;
  std::uint16_t vendor_id = 0;
  std::uint16_t device_type = 0;
  std::uint16_t product_code = 0;
  std::uint8_t major = 0;
  std::uint8_t minor = 0;
  std::uint16_t status = 0;
  std::uint32_t serial_number = 0;
  std::string_view product_name;  // as on the wire

  // Attributes 1 to 7 one after another.
  void read_all(Cursor& in);
  // The answer to get_attribute_list: each with its number and status; ends at the first unknown.
  void read_list(Cursor& in);
};

// Whose identity it is: the sender's own, or that of a module which the sender only passes on.
void collect_identity(const Identity& identity, Collected& facts);
void collect_module(const Identity& identity, std::string_view route, Collected& facts);

}  // namespace osect::dissect::cip
