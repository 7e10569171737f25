// Topics of Sparkplug B, which tell whose messages they are and what they do: Eclipse Sparkplug
// 3.0.0, clause 4.1 (namespace), clause 4.2 (message types).
#pragma once

#include <optional>
#include <string_view>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::sparkplug_topic {

enum Type : std::uint8_t {
  node_birth,
  node_death,
  device_birth,
  device_death,
  node_data,
  device_data,
  node_command,
  device_command,
  host_state,
};

// In the order of Type, with the word that stands in the topic.
constexpr Function kFunctions[] = {
    {node_birth, "node_birth", Access::session},
    {node_death, "node_death", Access::session},
    {device_birth, "device_birth", Access::session},
    {device_death, "device_death", Access::session},
    {node_data, "node_data", Access::cyclic},
    {device_data, "device_data", Access::cyclic},
    {node_command, "node_command", Access::write},
    {device_command, "device_command", Access::write},
    {host_state, "state", Access::session},
};
constexpr std::string_view kWords[] = {"NBIRTH", "NDEATH", "DBIRTH", "DDEATH", "NDATA",
                                       "DDATA",  "NCMD",   "DCMD",   "STATE"};

struct Topic {
  Type type = Type::node_data;
  std::string_view group;
  std::string_view node;  // of STATE: the host application
  std::string_view device;

  [[nodiscard]] bool is_birth() const {
    return type == Type::node_birth || type == Type::device_birth;
  }
  [[nodiscard]] bool is_command() const {
    return type == Type::node_command || type == Type::device_command;
  }
};

// None where the topic is none of Sparkplug's.
[[nodiscard]] std::optional<Topic> read(std::string_view topic);

}  // namespace osect::dissect::sparkplug_topic
