// The message types of OPC UA: of the connection protocol (OPC 10000-6 clause 7.1.2) and the
// services of OPC 10000-4 by the numeric ids of their binary encodings (OPC 10000-6 annex A).
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::opcua_message {

// Types of the connection protocol stand as their three letters in one number, above all ids.
constexpr std::uint32_t letters(const char (&text)[4]) {
  std::uint32_t value = 0;
  for (int i = 0; i < 3; ++i) value = value << 8 | static_cast<std::uint8_t>(text[i]);
  return value;
}

constexpr std::uint32_t kHello = letters("HEL");
constexpr std::uint32_t kAcknowledge = letters("ACK");
constexpr std::uint32_t kError = letters("ERR");
constexpr std::uint32_t kReverseHello = letters("RHE");
constexpr std::uint32_t kOpen = letters("OPN");
constexpr std::uint32_t kClose = letters("CLO");
constexpr std::uint32_t kMessage = letters("MSG");

constexpr std::uint32_t kServiceFault = 397;

// In order of the codes. What a service does is said of its request; a response does nothing.
inline constexpr Function kServices[] = {
    {kServiceFault, "service_fault", Access::none},
    {410, "test_stack", Access::diagnostic},
    {413, "test_stack_response", Access::none},
    {416, "test_stack_ex", Access::diagnostic},
    {419, "test_stack_ex_response", Access::none},
    {422, "find_servers", Access::identity},
    {425, "find_servers_response", Access::none},
    {428, "get_endpoints", Access::identity},
    {431, "get_endpoints_response", Access::none},
    {437, "register_server", Access::config},
    {440, "register_server_response", Access::none},
    {446, "open_secure_channel", Access::session},
    {449, "open_secure_channel_response", Access::none},
    {452, "close_secure_channel", Access::session},
    {455, "close_secure_channel_response", Access::none},
    {461, "create_session", Access::session},
    {464, "create_session_response", Access::none},
    {467, "activate_session", Access::session},
    {470, "activate_session_response", Access::none},
    {473, "close_session", Access::session},
    {476, "close_session_response", Access::none},
    {479, "cancel", Access::session},
    {482, "cancel_response", Access::none},
    {488, "add_nodes", Access::config},
    {491, "add_nodes_response", Access::none},
    {494, "add_references", Access::config},
    {497, "add_references_response", Access::none},
    {500, "delete_nodes", Access::config},
    {503, "delete_nodes_response", Access::none},
    {506, "delete_references", Access::config},
    {509, "delete_references_response", Access::none},
    {527, "browse", Access::read},
    {530, "browse_response", Access::none},
    {533, "browse_next", Access::read},
    {536, "browse_next_response", Access::none},
    {554, "translate_browse_paths_to_node_ids", Access::read},
    {557, "translate_browse_paths_to_node_ids_response", Access::none},
    {560, "register_nodes", Access::session},
    {563, "register_nodes_response", Access::none},
    {566, "unregister_nodes", Access::session},
    {569, "unregister_nodes_response", Access::none},
    {615, "query_first", Access::read},
    {618, "query_first_response", Access::none},
    {621, "query_next", Access::read},
    {624, "query_next_response", Access::none},
    {631, "read", Access::read},
    {634, "read_response", Access::none},
    {664, "history_read", Access::read},
    {667, "history_read_response", Access::none},
    {673, "write", Access::write},
    {676, "write_response", Access::none},
    {700, "history_update", Access::write},
    {703, "history_update_response", Access::none},
    {712, "call", Access::control},
    {715, "call_response", Access::none},
    {751, "create_monitored_items", Access::read},
    {754, "create_monitored_items_response", Access::none},
    {763, "modify_monitored_items", Access::read},
    {766, "modify_monitored_items_response", Access::none},
    {769, "set_monitoring_mode", Access::read},
    {772, "set_monitoring_mode_response", Access::none},
    {775, "set_triggering", Access::read},
    {778, "set_triggering_response", Access::none},
    {781, "delete_monitored_items", Access::read},
    {784, "delete_monitored_items_response", Access::none},
    {787, "create_subscription", Access::session},
    {790, "create_subscription_response", Access::none},
    {793, "modify_subscription", Access::session},
    {796, "modify_subscription_response", Access::none},
    {799, "set_publishing_mode", Access::session},
    {802, "set_publishing_mode_response", Access::none},
    {826, "publish", Access::read},
    {829, "publish_response", Access::none},
    {832, "republish", Access::read},
    {835, "republish_response", Access::none},
    {841, "transfer_subscriptions", Access::session},
    {844, "transfer_subscriptions_response", Access::none},
    {847, "delete_subscriptions", Access::session},
    {850, "delete_subscriptions_response", Access::none},
    {12208, "find_servers_on_network", Access::identity},
    {12209, "find_servers_on_network_response", Access::none},
    {12211, "register_server2", Access::config},
    {12212, "register_server2_response", Access::none},
    {kAcknowledge, "acknowledge", Access::none},
    {kClose, "close_secure_channel", Access::session},
    {kError, "error", Access::none},
    {kHello, "hello", Access::session},
    {kMessage, "message", Access::none},
    {kOpen, "open_secure_channel", Access::session},
    {kReverseHello, "reverse_hello", Access::session},
};

}  // namespace osect::dissect::opcua_message
