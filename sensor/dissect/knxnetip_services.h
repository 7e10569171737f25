// The services of KNXnet/IP: KNX Standard 03_08_01 clause 5.3.
#pragma once

#include <cstdint>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::knxnetip_services {

enum Service : std::uint16_t {
  search_request = 0x0201,
  search_response = 0x0202,
  description_request = 0x0203,
  description_response = 0x0204,
  connect_request = 0x0205,
  connect_response = 0x0206,
  connectionstate_request = 0x0207,
  connectionstate_response = 0x0208,
  disconnect_request = 0x0209,
  disconnect_response = 0x020a,
  search_request_extended = 0x020b,
  search_response_extended = 0x020c,
  device_configuration_request = 0x0310,
  device_configuration_ack = 0x0311,
  tunnelling_request = 0x0420,
  tunnelling_ack = 0x0421,
  tunnelling_feature_get = 0x0422,
  tunnelling_feature_response = 0x0423,
  tunnelling_feature_set = 0x0424,
  tunnelling_feature_info = 0x0425,
  routing_indication = 0x0530,
  routing_system_broadcast = 0x0533,
  remote_diagnostic_request = 0x0740,
  remote_diagnostic_response = 0x0741,
  session_request = 0x0951,
  session_response = 0x0952,
  session_authenticate = 0x0953,
  session_status = 0x0954,
};

// What carries telegrams has no class of its own: they have theirs.
constexpr Function kFunctions[] = {
    {search_request, "search_request", Access::identity},
    {search_response, "search_response", Access::identity},
    {description_request, "description_request", Access::identity},
    {description_response, "description_response", Access::identity},
    {connect_request, "connect_request", Access::session},
    {connect_response, "connect_response", Access::session},
    {connectionstate_request, "connectionstate_request", Access::session},
    {connectionstate_response, "connectionstate_response", Access::session},
    {disconnect_request, "disconnect_request", Access::session},
    {disconnect_response, "disconnect_response", Access::session},
    {search_request_extended, "search_request_extended", Access::identity},
    {search_response_extended, "search_response_extended", Access::identity},
    {device_configuration_request, "device_configuration_request", Access::config},
    {device_configuration_ack, "device_configuration_ack", Access::session},
    {tunnelling_request, "tunnelling_request", Access::none},
    {tunnelling_ack, "tunnelling_ack", Access::session},
    {tunnelling_feature_get, "tunnelling_feature_get", Access::read},
    {tunnelling_feature_response, "tunnelling_feature_response", Access::read},
    {tunnelling_feature_set, "tunnelling_feature_set", Access::config},
    {tunnelling_feature_info, "tunnelling_feature_info", Access::read},
    {routing_indication, "routing_indication", Access::none},
    {0x0531, "routing_lost_message", Access::diagnostic},
    {0x0532, "routing_busy", Access::diagnostic},
    {routing_system_broadcast, "routing_system_broadcast", Access::none},
    {remote_diagnostic_request, "remote_diagnostic_request", Access::diagnostic},
    {remote_diagnostic_response, "remote_diagnostic_response", Access::diagnostic},
    {0x0742, "remote_basic_configuration_request", Access::config},
    {0x0743, "remote_reset_request", Access::control},
    {0x0950, "secure_wrapper", Access::none},
    {session_request, "session_request", Access::session},
    {session_response, "session_response", Access::session},
    {session_authenticate, "session_authenticate", Access::session},
    {session_status, "session_status", Access::session},
    {0x0955, "timer_notify", Access::time},
};

}  // namespace osect::dissect::knxnetip_services
