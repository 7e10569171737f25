// Words for what Ethernet POWERLINK numbers: EPSG DS 301; device profiles and vendors of CiA.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "sensor/dissect/statement.h"

namespace osect::dissect::powerlink {

struct Word {
  std::uint8_t number;
  std::string_view word;
};

template <std::size_t kCount>
constexpr std::string_view word_of(const Word (&table)[kCount], std::uint8_t number) {
  const auto* const found = std::find_if(std::begin(table), std::end(table),
                                         [&](const Word& w) { return w.number == number; });
  return found != std::end(table) ? found->word : std::string_view();
}

// RequestedServiceID of a SoA, clause 4.6.1.1.5.
inline constexpr Word kInvitations[] = {
    {1, "ident_request"}, {2, "status_request"},        {3, "nmt_request_invite"},
    {6, "sync_request"},  {0xff, "unspecified_invite"},
};

// NMT states, clause 7.1.4: the part that controlled and managing nodes share.
inline constexpr Word kStates[] = {
    {0x00, "off"},
    {0x19, "initialising"},
    {0x29, "reset_application"},
    {0x39, "reset_communication"},
    {0x79, "reset_configuration"},
    {0x1c, "not_active"},
    {0x1d, "pre_operational_1"},
    {0x5d, "pre_operational_2"},
    {0x6d, "ready_to_operate"},
    {0xfd, "operational"},
    {0x4d, "stopped"},
    {0x1e, "basic_ethernet"},
};

// NMTCommandID, clause 7.3.1.2 and appendix 3.
inline constexpr Word kCommands[] = {
    {0x01, "ident_response"},
    {0x02, "status_response"},
    {0x21, "start_node"},
    {0x22, "stop_node"},
    {0x23, "enter_pre_operational_2"},
    {0x24, "enable_ready_to_operate"},
    {0x28, "reset_node"},
    {0x29, "reset_communication"},
    {0x2a, "reset_configuration"},
    {0x2b, "sw_reset"},
    {0x2c, "go_to_standby"},
    {0x2d, "dna"},
    {0x41, "start_node_ex"},
    {0x42, "stop_node_ex"},
    {0x43, "enter_pre_operational_2_ex"},
    {0x44, "enable_ready_to_operate_ex"},
    {0x48, "reset_node_ex"},
    {0x49, "reset_communication_ex"},
    {0x4a, "reset_configuration_ex"},
    {0x4b, "sw_reset_ex"},
    {0x62, "net_host_name_set"},
    {0x63, "flush_arp_entry"},
    {0x80, "publish_configured_nodes"},
    {0x90, "publish_active_nodes"},
    {0x91, "publish_pre_operational_1"},
    {0x92, "publish_pre_operational_2"},
    {0x93, "publish_ready_to_operate"},
    {0x94, "publish_operational"},
    {0x95, "publish_stopped"},
    {0x96, "publish_node_states"},
    {0xa0, "publish_emergency_new"},
    {0xb0, "publish_time"},
    {0xff, "invalid_service"},
};

constexpr Access access_of_command(std::uint8_t command) {
  if (command == 0x01) return Access::identity;
  if (command == 0x02) return Access::diagnostic;
  if (command == 0x2d || command == 0x62 || command == 0x63) return Access::config;
  if (command == 0xb0) return Access::time;
  return command >= 0x80 ? Access::diagnostic : Access::control;
}

// CANopen vendor ids, as object 1018h holds them.
constexpr std::string_view vendor_word(std::uint32_t vendor) {
  constexpr std::uint32_t kBernecker = 0x0100006c;
  return vendor == kBernecker ? "B&R Industrial Automation" : std::string_view();
}

// Device profiles of CiA, the lower half of the device type.
constexpr std::string_view profile_word(std::uint16_t profile) {
  switch (profile) {
    case 401:
      return "I/O module";
    case 402:
      return "drive";
    case 403:
      return "human machine interface";
    case 404:
      return "measuring device";
    case 405:
      return "programmable device";
    case 406:
      return "encoder";
    default:
      return "";
  }
}

}  // namespace osect::dissect::powerlink
