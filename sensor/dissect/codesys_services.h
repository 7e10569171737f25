// The online services of a CODESYS V3 runtime: service groups and their services, as the maker's
// component interfaces (Cmp...Itf.h of the runtime toolkit) and public decoders number them.
#pragma once

#include "sensor/dissect/collected.h"

namespace osect::dissect::codesys {

// A function's number in the table below. Bit 7 of a group marks answers and is no part of it: with
// that bit the numbers stand for what is below the services.
constexpr std::uint32_t service(std::uint16_t group, std::uint16_t command) {
  return std::uint32_t{group} << 16 | command;
}
constexpr std::uint32_t kNameService = service(0x0080, 0);  // with the package type
constexpr std::uint32_t kDatagram = service(0x0180, 0);     // with the datagram layer's service
constexpr std::uint32_t kChannel = service(0x0280, 0);      // with the channel layer's type
constexpr std::uint32_t kSecure = service(0x0380, 0);       // inside an encrypted channel

// In the order of their numbers.
inline constexpr Function kFunctions[] = {
    // CmpDevice
    {service(0x01, 0x01), "get_target_ident", Access::identity},
    {service(0x01, 0x02), "login", Access::session},
    {service(0x01, 0x03), "logout", Access::session},
    {service(0x01, 0x04), "reset_origin", Access::program},  // deletes all applications
    {service(0x01, 0x05), "echo_service", Access::diagnostic},
    {service(0x01, 0x06), "set_operating_mode", Access::control},
    {service(0x01, 0x07), "get_operating_mode", Access::diagnostic},
    {service(0x01, 0x08), "interactive_login", Access::session},
    {service(0x01, 0x09), "rename_node", Access::config},
    {service(0x01, 0x0a), "session_create", Access::session},
    {service(0x01, 0x0b), "reset_origin_get_config", Access::diagnostic},
    // CmpApp
    {service(0x02, 0x01), "login_app", Access::session},
    {service(0x02, 0x02), "logout_app", Access::session},
    {service(0x02, 0x03), "create_app", Access::program},
    {service(0x02, 0x04), "delete_app", Access::program},
    {service(0x02, 0x05), "download", Access::program},
    {service(0x02, 0x06), "online_change", Access::program},
    {service(0x02, 0x07), "device_download", Access::program},
    {service(0x02, 0x08), "create_dev_app", Access::program},
    {service(0x02, 0x10), "start", Access::control},
    {service(0x02, 0x11), "stop", Access::control},
    {service(0x02, 0x12), "reset", Access::control},
    {service(0x02, 0x13), "set_bp", Access::control},
    {service(0x02, 0x14), "read_status", Access::diagnostic},
    {service(0x02, 0x15), "delete_bp", Access::control},
    {service(0x02, 0x16), "read_callstack", Access::diagnostic},
    {service(0x02, 0x17), "get_area_offset", Access::read},
    {service(0x02, 0x18), "read_application_list", Access::identity},
    {service(0x02, 0x19), "set_next_statement", Access::control},
    {service(0x02, 0x20), "release_force_list", Access::control},
    {service(0x02, 0x21), "upload_force_list", Access::read},
    {service(0x02, 0x22), "single_cycle", Access::control},
    {service(0x02, 0x23), "create_boot_project", Access::program},
    {service(0x02, 0x24), "reinit_app", Access::program},
    {service(0x02, 0x25), "read_app_state_list", Access::diagnostic},
    {service(0x02, 0x26), "load_boot_application", Access::program},
    {service(0x02, 0x27), "register_boot_application", Access::program},
    {service(0x02, 0x28), "check_file_consistency", Access::diagnostic},
    {service(0x02, 0x29), "read_application_info", Access::identity},
    {service(0x02, 0x30), "download_compact", Access::program},
    {service(0x02, 0x31), "read_project_info", Access::identity},
    {service(0x02, 0x32), "define_flow", Access::read},
    {service(0x02, 0x33), "read_flow_values", Access::read},
    {service(0x02, 0x34), "download_encrypted", Access::program},
    {service(0x02, 0x35), "read_application_content", Access::read},
    {service(0x02, 0x36), "save_retains", Access::write},
    {service(0x02, 0x37), "restore_retains", Access::write},
    {service(0x02, 0x38), "get_area_address", Access::read},
    {service(0x02, 0x39), "leave_execpoints_active", Access::control},
    {service(0x02, 0x40), "claim_execpoints_for_app", Access::control},
    // CmpLog
    {service(0x05, 0x01), "get_entries", Access::diagnostic},
    {service(0x05, 0x02), "get_component_names", Access::diagnostic},
    {service(0x05, 0x03), "get_logger_list", Access::diagnostic},
    // CmpFileTransfer: download is towards the runtime
    {service(0x08, 0x01), "get_file_info", Access::read},
    {service(0x08, 0x02), "start_download", Access::program},
    {service(0x08, 0x03), "restart_download", Access::program},
    {service(0x08, 0x04), "download_file", Access::program},
    {service(0x08, 0x05), "start_upload", Access::program},
    {service(0x08, 0x06), "restart_upload", Access::program},
    {service(0x08, 0x07), "upload_file", Access::program},
    {service(0x08, 0x08), "end_transfer", Access::session},
    {service(0x08, 0x09), "cancel_transfer", Access::session},
    {service(0x08, 0x0a), "safe_signature", Access::diagnostic},
    {service(0x08, 0x0b), "get_safe_signature", Access::diagnostic},
    {service(0x08, 0x0c), "get_dir_info", Access::read},
    {service(0x08, 0x0d), "cancel_get_dir_info", Access::session},
    {service(0x08, 0x0e), "delete_file", Access::program},
    {service(0x08, 0x0f), "rename_file", Access::program},
    {service(0x08, 0x10), "create_dir", Access::program},
    {service(0x08, 0x11), "delete_dir", Access::program},
    {service(0x08, 0x12), "rename_dir", Access::program},
    {service(0x08, 0x14), "sync_file_transfer", Access::program},
    // CmpIecVarAccess
    {service(0x09, 0x01), "register_var_list", Access::read},
    {service(0x09, 0x02), "unregister_var_list", Access::read},
    {service(0x09, 0x03), "read_var_list", Access::read},
    {service(0x09, 0x04), "write_var_list", Access::write},
    {service(0x09, 0x05), "read_vars", Access::read},
    {service(0x09, 0x06), "write_vars", Access::write},
    {service(0x09, 0x07), "get_root_nodes", Access::read},
    {service(0x09, 0x08), "get_children_nodes", Access::read},
    {service(0x09, 0x09), "get_types", Access::read},
    {service(0x09, 0x0a), "get_address_info", Access::read},
    {service(0x09, 0x0b), "remove_vars_from_list", Access::read},
    // CmpTraceMgr
    {service(0x0f, 0x01), "trace_packet_read_list", Access::diagnostic},
    {service(0x0f, 0x02), "trace_packet_create", Access::diagnostic},
    {service(0x0f, 0x03), "trace_packet_delete", Access::diagnostic},
    {service(0x0f, 0x04), "trace_packet_complete", Access::diagnostic},
    {service(0x0f, 0x05), "trace_packet_open", Access::diagnostic},
    {service(0x0f, 0x06), "trace_packet_close", Access::diagnostic},
    {service(0x0f, 0x07), "trace_packet_read", Access::diagnostic},
    {service(0x0f, 0x08), "trace_packet_get_state", Access::diagnostic},
    {service(0x0f, 0x09), "trace_packet_get_config", Access::diagnostic},
    {service(0x0f, 0x0a), "trace_packet_start", Access::diagnostic},
    {service(0x0f, 0x0b), "trace_packet_stop", Access::diagnostic},
    {service(0x0f, 0x0c), "trace_packet_restart", Access::diagnostic},
    {service(0x0f, 0x0d), "trace_record_add", Access::diagnostic},
    {service(0x0f, 0x0e), "trace_record_remove", Access::diagnostic},
    {service(0x0f, 0x0f), "trace_record_get_config", Access::diagnostic},
    {service(0x0f, 0x10), "trace_record_reset_trigger", Access::diagnostic},
    {service(0x0f, 0x11), "trace_packet_store", Access::diagnostic},
    {service(0x0f, 0x12), "trace_packet_restore", Access::diagnostic},
    {service(0x0f, 0x13), "trace_get_config_from_file", Access::diagnostic},
    // PlcShell
    {service(0x11, 0x01), "shell_execute", Access::control},
    // CmpMonitor2
    {service(0x1b, 0x01), "monitor_read", Access::read},
    {service(0x1b, 0x02), "monitor_write", Access::write},
    // Name service
    {kNameService | 0xc201, "resolve_name", Access::identity},
    {kNameService | 0xc202, "resolve_address", Access::identity},
    {kNameService | 0xc203, "resolve_gateway", Access::identity},
    {kNameService | 0xc280, "identification", Access::identity},
    // Datagram layer
    {kDatagram | 1, "address_notification_request", Access::session},
    {kDatagram | 2, "address_notification_response", Access::session},
    // Channel layer
    {kChannel | 0x03, "keep_alive", Access::session},
    {kChannel | 0xc2, "get_info", Access::session},
    {kChannel | 0xc3, "open_channel", Access::session},
    {kChannel | 0xc4, "close_channel", Access::session},
    {kSecure, "secure_service", Access::none},
};

// Name and access of a function; of a service that is not listed, the access that its group gives
// all of its services.
[[nodiscard]] Function find_function(std::uint32_t number);

// What a service's tags show, as far as they are in its first block.
struct Shown {
  bool is_refused = false;
};

// An application, a file, a shell command: what a request is about.
void write_target(Writer& to, std::uint32_t number, Cursor tags);
// Applications, their state, and whether the service was refused.
[[nodiscard]] Shown read_answer(std::uint32_t number, Cursor tags, Collected& facts);

}  // namespace osect::dissect::codesys
