// The parts that packets of MQTT share: OASIS MQTT 5.0 clauses 1.5 (data), 2 (header, properties).
#pragma once

#include <string_view>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::mqtt_message {

enum Type : std::uint8_t {
  none,
  connect,
  connack,
  publish,
  puback,
  pubrec,
  pubrel,
  pubcomp,
  subscribe,
  suback,
  unsubscribe,
  unsuback,
  pingreq,
  pingresp,
  disconnect,
  auth,
};

// Clause 2.1: type and flags, and how many bytes follow.
struct Header {
  std::uint8_t type = Type::none;
  std::uint8_t flags = 0;
  std::size_t length = 0;

  [[nodiscard]] std::uint8_t qos() const { return flags >> 1 & 3; }
};

// Faulted when no packet of any version begins so.
[[nodiscard]] Header read_header(Cursor& in);

// Whether what follows the header can be what the type says; `in` holds as much of it as is here.
[[nodiscard]] bool is_plausible(const Header& header, Cursor in);

// The protocol's name and level with which CONNECT begins: 3, 4 (3.1.1) or 5.
std::uint8_t read_level(Cursor& in);

[[nodiscard]] std::string_view read_string(Cursor& in);

// Of what is published: without wildcards.
[[nodiscard]] bool is_topic(std::string_view topic);

// Clause 2.2.2: those properties that are of interest here.
struct Properties {
  std::string_view assigned_client;
  std::uint16_t topic_alias = 0;
};

Properties read_properties(Cursor& in);

}  // namespace osect::dissect::mqtt_message
