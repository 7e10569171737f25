// The services of MMS by their tags: ISO 9506-2 clause 7, ConfirmedServiceRequest and
// UnconfirmedService.
#pragma once

#include <cstdint>

#include "sensor/dissect/ber.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::mms_services {

// MMSpdu: what a message is.
constexpr ber::Tag kConfirmedRequest = ber::context(0);
constexpr ber::Tag kConfirmedResponse = ber::context(1);
constexpr ber::Tag kConfirmedError = ber::context(2);
constexpr ber::Tag kUnconfirmedMessage = ber::context(3);
constexpr ber::Tag kRejectMessage = ber::context(4);
constexpr ber::Tag kCancelRequest = ber::context(5);
constexpr ber::Tag kCancelResponse = ber::context(6);
constexpr ber::Tag kCancelError = ber::context(7);
constexpr ber::Tag kInitiateRequest = ber::context(8);
constexpr ber::Tag kInitiateResponse = ber::context(9);
constexpr ber::Tag kInitiateError = ber::context(10);
constexpr ber::Tag kConcludeRequest = ber::context(11);
constexpr ber::Tag kConcludeResponse = ber::context(12);
constexpr ber::Tag kConcludeError = ber::context(13);

constexpr bool is_message(ber::Tag tag) {
  return tag >= kConfirmedRequest && tag <= kConcludeError;
}

// Unconfirmed services and what has no number at all stand above the confirmed ones.
constexpr std::uint32_t kUnconfirmed = 0x100;
constexpr std::uint32_t kInitiate = 0x200;
constexpr std::uint32_t kConclude = 0x201;
constexpr std::uint32_t kCancel = 0x202;
constexpr std::uint32_t kReject = 0x203;
constexpr std::uint32_t kError = 0x204;  // of a confirmed service whose request was not seen

// The services whose messages are looked into.
constexpr std::uint32_t kGetNameList = 1;
constexpr std::uint32_t kIdentify = 2;
constexpr std::uint32_t kRead = 4;
constexpr std::uint32_t kWrite = 5;
constexpr std::uint32_t kFileOpen = 72;
constexpr std::uint32_t kInformationReport = kUnconfirmed | 0;
constexpr std::uint32_t kEventNotification = kUnconfirmed | 2;

inline constexpr Function kServices[] = {
    {0, "status", Access::diagnostic},
    {kGetNameList, "get_name_list", Access::read},
    {kIdentify, "identify", Access::identity},
    {3, "rename", Access::config},
    {kRead, "read", Access::read},
    {kWrite, "write", Access::write},
    {6, "get_variable_access_attributes", Access::read},
    {7, "define_named_variable", Access::config},
    {8, "define_scattered_access", Access::config},
    {9, "get_scattered_access_attributes", Access::read},
    {10, "delete_variable_access", Access::config},
    {11, "define_named_variable_list", Access::config},
    {12, "get_named_variable_list_attributes", Access::read},
    {13, "delete_named_variable_list", Access::config},
    {14, "define_named_type", Access::config},
    {15, "get_named_type_attributes", Access::read},
    {16, "delete_named_type", Access::config},
    {17, "input", Access::read},
    {18, "output", Access::write},
    {19, "take_control", Access::session},
    {20, "relinquish_control", Access::session},
    {21, "define_semaphore", Access::config},
    {22, "delete_semaphore", Access::config},
    {23, "report_semaphore_status", Access::diagnostic},
    {24, "report_pool_semaphore_status", Access::diagnostic},
    {25, "report_semaphore_entry_status", Access::diagnostic},
    {26, "initiate_download_sequence", Access::program},
    {27, "download_segment", Access::program},
    {28, "terminate_download_sequence", Access::program},
    {29, "initiate_upload_sequence", Access::program},
    {30, "upload_segment", Access::program},
    {31, "terminate_upload_sequence", Access::program},
    {32, "request_domain_download", Access::program},
    {33, "request_domain_upload", Access::program},
    {34, "load_domain_content", Access::program},
    {35, "store_domain_content", Access::program},
    {36, "delete_domain", Access::program},
    {37, "get_domain_attributes", Access::read},
    {38, "create_program_invocation", Access::program},
    {39, "delete_program_invocation", Access::program},
    {40, "start", Access::control},
    {41, "stop", Access::control},
    {42, "resume", Access::control},
    {43, "reset", Access::control},
    {44, "kill", Access::control},
    {45, "get_program_invocation_attributes", Access::read},
    {46, "obtain_file", Access::program},
    {47, "define_event_condition", Access::config},
    {48, "delete_event_condition", Access::config},
    {49, "get_event_condition_attributes", Access::read},
    {50, "report_event_condition_status", Access::diagnostic},
    {51, "alter_event_condition_monitoring", Access::config},
    {52, "trigger_event", Access::control},
    {53, "define_event_action", Access::config},
    {54, "delete_event_action", Access::config},
    {55, "get_event_action_attributes", Access::read},
    {56, "report_event_action_status", Access::diagnostic},
    {57, "define_event_enrollment", Access::config},
    {58, "delete_event_enrollment", Access::config},
    {59, "alter_event_enrollment", Access::config},
    {60, "report_event_enrollment_status", Access::diagnostic},
    {61, "get_event_enrollment_attributes", Access::read},
    {62, "acknowledge_event_notification", Access::control},
    {63, "get_alarm_summary", Access::diagnostic},
    {64, "get_alarm_enrollment_summary", Access::diagnostic},
    {65, "read_journal", Access::diagnostic},
    {66, "write_journal", Access::write},
    {67, "initialize_journal", Access::config},
    {68, "report_journal_status", Access::diagnostic},
    {69, "create_journal", Access::config},
    {70, "delete_journal", Access::config},
    {71, "get_capability_list", Access::identity},
    {kFileOpen, "file_open", Access::program},
    {73, "file_read", Access::program},
    {74, "file_close", Access::program},
    {75, "file_rename", Access::program},
    {76, "file_delete", Access::program},
    {77, "file_directory", Access::program},
    {78, "additional_service", Access::control},
    {80, "get_data_exchange_attributes", Access::read},
    {81, "exchange_data", Access::write},
    {82, "define_access_control_list", Access::config},
    {83, "get_access_control_list_attributes", Access::read},
    {84, "report_access_controlled_objects", Access::read},
    {85, "delete_access_control_list", Access::config},
    {86, "change_access_control", Access::config},
    {kInformationReport, "information_report", Access::read},
    {kUnconfirmed | 1, "unsolicited_status", Access::diagnostic},
    {kEventNotification, "event_notification", Access::diagnostic},
    {kInitiate, "initiate", Access::session},
    {kConclude, "conclude", Access::session},
    {kCancel, "cancel", Access::session},
    {kReject, "reject", Access::session},
    {kError, "confirmed_error", Access::session},
};

}  // namespace osect::dissect::mms_services
