// The application layer's encoding and words of BACnet; ANSI/ASHRAE 135-2020 clauses 20.2 and 21.
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::bacnet_message {

constexpr std::uint8_t kObjectIdentifier = 12;  // application tag
constexpr std::uint16_t kDevice = 8;            // object type

// Clause 20.2.1. Opening and closing tags have no content.
struct Tag {
  std::uint8_t number = 0;
  bool is_context = false;
  bool is_opening = false;
  bool is_closing = false;
  Cursor content;
};
[[nodiscard]] Tag read_tag(Cursor& in);
[[nodiscard]] std::uint32_t read_unsigned(Cursor content);

struct Object {
  std::uint16_t type = 0;
  std::uint32_t instance = 0;
};
[[nodiscard]] Object read_object(Cursor content);

// What the service's parameters name: object and property, state, vendor and service; never a value
// or a password.
void write_target(Writer& to, bool is_confirmed, std::uint8_t service, Cursor& in);

// A request for what a device object says about itself.
[[nodiscard]] bool is_identity_request(std::uint8_t service, Cursor in);

// Answers to readProperty and readPropertyMultiple of the device object, I-Am, I-Have.
void identify_read(std::uint8_t service, Cursor in, const Fact& about, Collected& facts);
void identify_announced(std::uint8_t service, Cursor in, const Fact& about, Collected& facts);

}  // namespace osect::dissect::bacnet_message
