// Tables of CIP: volume 1 (appendix A services, chapter 5 objects), volume 2 (TCP/IP, Ethernet),
// volume 8 (security), Logix data access (1756-PM020); ODVA's numbers of vendors and device types.
#include "sensor/dissect/cip_names.h"

#include <algorithm>
#include <array>

#include "sensor/dissect/byte_codes.h"

namespace osect::dissect::cip {
namespace {

constexpr std::uint32_t of(std::uint32_t of_class, std::uint32_t service) {
  return of_class << 8 | service;
}

}  // namespace

// Sorted by code. Rows of kNoClass stand last: first the services of every class, whose access
// below is that of classes without a word of their own, then those of tags.
extern constexpr Function kFunctions[kFunctionsCount] = {
    {of(0x01, 0x4b), "flash_leds", Access::diagnostic},
    {of(0x02, 0x4b), "symbolic_translation", Access::identity},
    {of(0x03, 0x4b), "allocate_master_slave_connection_set", Access::session},
    {of(0x03, 0x4c), "release_group_2_identifier_set", Access::session},
    {of(0x05, 0x4b), "connection_bind", Access::session},
    {of(0x05, 0x4c), "producing_application_lookup", Access::session},
    {of(0x05, 0x4e), "safety_close", Access::session},
    {of(0x05, 0x54), "safety_open", Access::session},
    {of(0x06, 0x4e), "forward_close", Access::session},
    {of(0x06, 0x52), "unconnected_send", Access::session},
    {of(0x06, 0x54), "forward_open", Access::session},
    {of(0x06, 0x56), "get_connection_data", Access::diagnostic},
    {of(0x06, 0x57), "search_connection_data", Access::diagnostic},
    {of(0x06, 0x5a), "get_connection_owner", Access::diagnostic},
    {of(0x06, 0x5b), "large_forward_open", Access::session},
    {of(0x0f, 0x4b), "get_enum_string", Access::read},
    {of(0x37, 0x4b), "initiate_upload", Access::program},
    {of(0x37, 0x4c), "initiate_download", Access::program},
    {of(0x37, 0x4d), "initiate_partial_read", Access::program},
    {of(0x37, 0x4e), "initiate_partial_write", Access::program},
    {of(0x37, 0x4f), "upload_transfer", Access::program},
    {of(0x37, 0x50), "download_transfer", Access::program},
    {of(0x37, 0x51), "clear_file", Access::program},
    {of(0x39, 0x4b), "recover", Access::control},
    {of(0x39, 0x4e), "perform_diagnostics", Access::diagnostic},
    {of(0x39, 0x50), "safety_configure_request", Access::config},
    {of(0x39, 0x51), "validate_configuration", Access::config},
    {of(0x39, 0x52), "set_password", Access::config},
    {of(0x39, 0x53), "configuration_lock_unlock", Access::config},
    {of(0x39, 0x54), "safety_reset", Access::control},
    {of(0x39, 0x55), "reset_password", Access::config},
    {of(0x39, 0x56), "propose_tunid", Access::config},
    {of(0x39, 0x57), "apply_tunid", Access::config},
    {of(0x42, 0x4b), "get_axis_attributes_list", Access::read},
    {of(0x42, 0x4c), "set_axis_attributes_list", Access::write},
    {of(0x42, 0x4d), "set_cyclic_write_list", Access::config},
    {of(0x42, 0x4e), "set_cyclic_read_list", Access::config},
    {of(0x42, 0x4f), "run_motor_test", Access::control},
    {of(0x42, 0x50), "get_motor_test_data", Access::read},
    {of(0x42, 0x51), "run_inertia_test", Access::control},
    {of(0x42, 0x52), "get_inertia_test_data", Access::read},
    {of(0x42, 0x53), "run_hookup_test", Access::control},
    {of(0x42, 0x54), "get_hookup_test_data", Access::read},
    {of(0x44, 0x4b), "read_discrete_inputs", Access::read},
    {of(0x44, 0x4c), "read_coils", Access::read},
    {of(0x44, 0x4d), "read_input_registers", Access::read},
    {of(0x44, 0x4e), "read_holding_registers", Access::read},
    {of(0x44, 0x4f), "write_coils", Access::write},
    {of(0x44, 0x50), "write_holding_registers", Access::write},
    {of(0x44, 0x51), "modbus_passthrough", Access::write},
    {of(0x47, 0x4b), "verify_fault_location", Access::diagnostic},
    {of(0x47, 0x4c), "clear_rapid_faults", Access::config},
    {of(0x47, 0x4d), "restart_sign_on", Access::config},
    {of(0x47, 0x4e), "clear_gateway_partial_fault", Access::config},
    {of(0x5d, 0x4b), "begin_config", Access::config},
    {of(0x5d, 0x4c), "kick_timer", Access::session},
    {of(0x5d, 0x4d), "end_config", Access::config},
    {of(0x5d, 0x4e), "object_cleanup", Access::config},
    {of(0x5e, 0x4b), "begin_config", Access::config},
    {of(0x5e, 0x4c), "kick_timer", Access::session},
    {of(0x5e, 0x4d), "end_config", Access::config},
    {of(0x5f, 0x4b), "create_csr", Access::config},
    {of(0x5f, 0x4c), "verify_certificate", Access::config},
    {of(0x67, 0x4b), "execute_pccc", Access::session},
    {of(0x6b, 0x4c), "read_tag", Access::read},
    {of(0x6b, 0x4d), "write_tag", Access::write},
    {of(0x6b, 0x4e), "read_modify_write_tag", Access::write},
    {of(0x6b, 0x52), "read_tag_fragmented", Access::read},
    {of(0x6b, 0x53), "write_tag_fragmented", Access::write},
    {of(0x6b, 0x55), "get_instance_attribute_list", Access::identity},
    {of(0x6c, 0x4c), "read_template", Access::read},
    {of(0x72, 0x4c), "read_tag", Access::read},
    {of(0x8e, 0x4b), "lock_controller", Access::session},
    {of(0x8e, 0x4c), "unlock_controller", Access::session},
    {of(0xa1, 0x4b), "begin_firmware", Access::program},
    {of(0xa1, 0x4d), "transfer_firmware", Access::program},
    {of(0xa1, 0x51), "finish_firmware", Access::program},
    {of(0xf3, 0x4b), "kick_timer", Access::session},
    {of(0xf3, 0x4c), "open_connection", Access::session},
    {of(0xf3, 0x4d), "close_connection", Access::session},
    {of(0xf3, 0x4e), "stop_connection", Access::control},
    {of(0xf3, 0x4f), "change_start", Access::config},
    {of(0xf3, 0x50), "get_status", Access::diagnostic},
    {of(0xf3, 0x51), "change_complete", Access::config},
    {of(0xf3, 0x52), "audit_changes", Access::config},
    {of(0xf5, 0x4c), "get_and_clear", Access::diagnostic},
    {of(0xf6, 0x4c), "get_and_clear", Access::diagnostic},
    {of(kNoClass, 0x01), "get_attributes_all", Access::read},
    {of(kNoClass, 0x02), "set_attributes_all", Access::write},
    {of(kNoClass, 0x03), "get_attribute_list", Access::read},
    {of(kNoClass, 0x04), "set_attribute_list", Access::write},
    {of(kNoClass, 0x05), "reset", Access::control},
    {of(kNoClass, 0x06), "start", Access::control},
    {of(kNoClass, 0x07), "stop", Access::control},
    {of(kNoClass, 0x08), "create", Access::config},
    {of(kNoClass, 0x09), "delete", Access::config},
    {of(kNoClass, 0x0a), "multiple_service_packet", Access::session},
    {of(kNoClass, 0x0d), "apply_attributes", Access::write},
    {of(kNoClass, 0x0e), "get_attribute_single", Access::read},
    {of(kNoClass, 0x10), "set_attribute_single", Access::write},
    {of(kNoClass, 0x11), "find_next_object_instance", Access::identity},
    {of(kNoClass, 0x15), "restore", Access::config},
    {of(kNoClass, 0x16), "save", Access::config},
    {of(kNoClass, 0x17), "no_operation", Access::session},
    {of(kNoClass, 0x18), "get_member", Access::read},
    {of(kNoClass, 0x19), "set_member", Access::write},
    {of(kNoClass, 0x1a), "insert_member", Access::write},
    {of(kNoClass, 0x1b), "remove_member", Access::write},
    {of(kNoClass, 0x1c), "group_sync", Access::time},
    {of(kNoClass, 0x4c), "read_tag", Access::read},
    {of(kNoClass, 0x4d), "write_tag", Access::write},
    {of(kNoClass, 0x4e), "read_modify_write_tag", Access::write},
    {of(kNoClass, 0x52), "read_tag_fragmented", Access::read},
    {of(kNoClass, 0x53), "write_tag_fragmented", Access::write},
    {of(kNoClass, 0x55), "get_instance_attribute_list", Access::identity},
};
static_assert(std::is_sorted(std::begin(kFunctions), std::end(kFunctions),
                             [](const Function& a, const Function& b) { return a.code < b.code; }));

namespace {

constexpr std::uint8_t kCommonEnd = 0x1d;
// Services of all classes by their code.
constexpr std::array<Function, kCommonEnd> kCommon = [] {
  std::array<Function, kCommonEnd> common{};
  for (const Function& function : kFunctions)
    if (function.code >> 8 == kNoClass && (function.code & 0xff) < kCommonEnd)
      common[function.code & 0xff] = function;
  return common;
}();

// What reading and writing mean in an object, where it is not process data.
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): a table's row reads in its order
struct Object {
  std::uint32_t id;
  std::string_view name;
  Access reads = Access::read;
  Access writes = Access::write;
  Access others = Access::none;  // services that no table names
};

// Sorted by id. The vendor's range 0x64..0xc7 as Logix controllers use it.
constexpr Object kObjects[] = {
    {0x01, "identity", Access::identity, Access::config},
    {0x02, "message router", Access::identity, Access::config},
    {0x03, "devicenet", Access::diagnostic, Access::config},
    {0x04, "assembly"},
    {0x05, "connection", Access::diagnostic, Access::config},
    {0x06, "connection manager", Access::diagnostic, Access::config},
    {0x07, "register"},
    {0x08, "discrete input point"},
    {0x09, "discrete output point"},
    {0x0a, "analog input point"},
    {0x0b, "analog output point"},
    {0x0e, "presence sensing"},
    {0x0f, "parameter"},
    {0x10, "parameter group"},
    {0x12, "group"},
    {0x1d, "discrete input group"},
    {0x1e, "discrete output group"},
    {0x1f, "discrete group"},
    {0x20, "analog input group"},
    {0x21, "analog output group"},
    {0x22, "analog group"},
    {0x23, "position sensor"},
    {0x24, "position controller supervisor"},
    {0x25, "position controller"},
    {0x26, "block sequencer"},
    {0x27, "command block"},
    {0x28, "motor data"},
    {0x29, "control supervisor"},
    {0x2a, "ac/dc drive"},
    {0x2b, "acknowledge handler"},
    {0x2c, "overload"},
    {0x2d, "softstart"},
    {0x2e, "selection"},
    {0x30, "s-device supervisor"},
    {0x31, "s-analog sensor"},
    {0x32, "s-analog actuator"},
    {0x33, "s-single stage controller"},
    {0x34, "s-gas calibration"},
    {0x35, "trip point"},
    {0x37, "file", Access::program, Access::program, Access::program},
    {0x38, "s-partial pressure"},
    {0x39, "safety supervisor", Access::diagnostic, Access::config},
    {0x3a, "safety validator", Access::diagnostic, Access::config},
    {0x3b, "safety discrete output point"},
    {0x3c, "safety discrete output group"},
    {0x3d, "safety discrete input point"},
    {0x3e, "safety discrete input group"},
    {0x3f, "safety dual channel output"},
    {0x40, "s-sensor calibration"},
    {0x41, "event log", Access::diagnostic, Access::config},
    {0x42, "motion device axis"},
    {0x43, "time sync", Access::time, Access::time},
    {0x44, "modbus"},
    {0x45, "originator connection list", Access::diagnostic, Access::config},
    {0x46, "modbus serial link", Access::diagnostic, Access::config},
    {0x47, "device level ring", Access::diagnostic, Access::config},
    {0x48, "qos", Access::diagnostic, Access::config},
    {0x49, "safety analog input point"},
    {0x4a, "safety analog input group"},
    {0x4b, "safety dual channel analog input"},
    {0x4c, "sercos iii link", Access::diagnostic, Access::config},
    {0x4d, "target connection list", Access::diagnostic, Access::config},
    {0x4e, "base energy"},
    {0x4f, "electrical energy"},
    {0x50, "non-electrical energy"},
    {0x51, "base switch", Access::diagnostic, Access::config},
    {0x52, "snmp", Access::diagnostic, Access::config},
    {0x53, "power management", Access::diagnostic, Access::config},
    {0x54, "rstp bridge", Access::diagnostic, Access::config},
    {0x55, "rstp port", Access::diagnostic, Access::config},
    {0x56, "prp/hsr protocol", Access::diagnostic, Access::config},
    {0x57, "prp/hsr nodes table", Access::diagnostic, Access::config},
    {0x58, "safety feedback"},
    {0x59, "safety dual channel feedback"},
    {0x5a, "safety stop functions"},
    {0x5b, "safety limit functions"},
    {0x5c, "power curtailment"},
    {0x5d, "cip security", Access::diagnostic, Access::config, Access::config},
    {0x5e, "ethernet/ip security", Access::diagnostic, Access::config, Access::config},
    {0x5f, "certificate management", Access::diagnostic, Access::config, Access::config},
    {0x60, "authority", Access::diagnostic, Access::config, Access::config},
    {0x61, "password authenticator", Access::diagnostic, Access::config, Access::config},
    {0x62, "certificate authenticator", Access::diagnostic, Access::config, Access::config},
    {0x67, "pccc"},
    {0x68, "program", Access::read, Access::program, Access::program},
    {0x69, "", Access::read, Access::program, Access::program},
    {0x6a, "routine", Access::read, Access::program, Access::program},
    {0x6b, "symbol", Access::read, Access::program, Access::program},
    {0x6c, "template", Access::read, Access::program, Access::program},
    {0x6d, "", Access::read, Access::program, Access::program},
    {0x6e, "", Access::read, Access::program, Access::program},
    {0x6f, "", Access::read, Access::program, Access::program},
    {0x70, "", Access::read, Access::program, Access::program},
    {0x72, "", Access::read, Access::program, Access::program},
    {0x73, "", Access::read, Access::program, Access::program},
    {0x77, "", Access::read, Access::program, Access::program},
    {0x8b, "wall clock time", Access::time, Access::time},
    {0x8d, "", Access::read, Access::program, Access::program},
    {0x8e, "controller", Access::diagnostic, Access::config},
    {0xa1, "firmware", Access::identity, Access::program, Access::program},
    {0xa2, "", Access::read, Access::program, Access::program},
    {0xa3, "", Access::read, Access::program, Access::program},
    {0xac, "program changes", Access::diagnostic, Access::program, Access::program},
    {0xb0, "", Access::read, Access::program, Access::program},
    {0xb1, "", Access::read, Access::program, Access::program},
    {0xb2, "", Access::read, Access::program, Access::program},
    {0xf0, "controlnet", Access::diagnostic, Access::config},
    {0xf1, "controlnet keeper", Access::diagnostic, Access::config},
    {0xf2, "controlnet scheduling", Access::diagnostic, Access::config},
    {0xf3, "connection configuration", Access::diagnostic, Access::config},
    {0xf4, "port", Access::diagnostic, Access::config},
    {0xf5, "tcp/ip interface", Access::diagnostic, Access::config},
    {0xf6, "ethernet link", Access::diagnostic, Access::config},
    {0xf7, "componet", Access::diagnostic, Access::config},
    {0xf8, "componet repeater", Access::diagnostic, Access::config},
    {0xf9, "hart master port", Access::diagnostic, Access::config},
    {0xfa, "i/o aggregation", Access::diagnostic, Access::config},
    {0x100, "protection trip"},
    {0x101, "protection alarm"},
    {0x102, "circuit breaker supervisor"},
    {0x103, "circuit breaker statistics"},
    {0x104, "electrical demand"},
    {0x105, "electrical statistics"},
    {0x106, "machine base data"},
    {0x107, "hart process device"},
    {0x108, "process device diagnostics", Access::diagnostic},
    {0x109, "lldp management", Access::diagnostic, Access::config},
    {0x10a, "lldp data table", Access::diagnostic, Access::config},
    {0x10b, "io-link service parameter"},
    {0x10c, "io-link master phy", Access::diagnostic, Access::config},
    {0x10d, "io-link device phy", Access::diagnostic, Access::config},
    {0x10e, "pilot light supervisor"},
    {0x10f, "selection line link", Access::diagnostic, Access::config},
    {0x110, "in-cabinet actual topology", Access::diagnostic, Access::config},
    {0x111, "in-cabinet commissioning", Access::diagnostic, Access::config},
};
static_assert(std::is_sorted(std::begin(kObjects), std::end(kObjects),
                             [](const Object& a, const Object& b) { return a.id < b.id; }));

constexpr Object kUnknown{kNoClass, ""};

struct Number {
  std::uint16_t number;
  std::string_view name;
};

// Sorted. Of ODVA's list those whose devices stand in factories.
constexpr Number kVendors[] = {
    {1, "Rockwell Automation/Allen-Bradley"},
    {3, "Honeywell Inc."},
    {4, "Parker Hannifin Corp. (Veriflo Division)"},
    {5, "Rockwell Automation/Reliance Elec."},
    {7, "SMC Corporation"},
    {8, "Molex Incorporated"},
    {11, "ASCO Pneumatic Controls"},
    {12, "Banner Engineering Corp."},
    {26, "Festo Corporation"},
    {37, "Yaskawa Electric America formerly Magnetek Drives"},
    {40, "Wago Corporation"},
    {43, "BALLUFF, Inc."},
    {44, "Yaskawa Electric America, Inc."},
    {46, "ABB Industrial Systems"},
    {47, "Omron Corporation"},
    {48, "TURCk, Inc."},
    {50, "Real Time Automation (C&ID)"},
    {52, "Numatics, Inc."},
    {57, "Pepperl + Fuchs"},
    {68, "Eaton Electrical"},
    {71, "Toshiba International Corp."},
    {74, "Hitachi, Ltd."},
    {75, "ABB Robotics Products AB"},
    {77, "Rockwell Software, Inc."},
    {78, "Escort Memory Systems (A Datalogic Group Co.)"},
    {82, "Mitsubishi Electric Automation, Inc."},
    {83, "OPTO-22"},
    {87, "Burkert Werke GmbH & Co. KG"},
    {90, "HMS Industrial Networks AB"},
    {94, "Advantech Co. Ltd."},
    {96, "Digital Electronics Corp."},
    {97, "Danfoss"},
    {100, "Bosch Rexroth Corporation, Pneumatics"},
    {104, "Sharp Manufacturing Systems Corp."},
    {108, "Beckhoff Automation GmbH"},
    {121, "KUKA Roboter GmbH"},
    {127, "ABB Inc. (Entrelec)"},
    {145, "Siemens Energy & Automation/Drives"},
    {159, "IDEC IZUMI Corporation"},
    {160, "Mitsubishi Heavy Industries Ltd"},
    {161, "Mitsubishi Electric Corporation"},
    {164, "DAIHEN Corporation"},
    {170, "Pyramid Solutions, Inc."},
    {171, "Denso Wave Incorporated"},
    {176, "Red Lion Controls"},
    {179, "Sanyo Denki Co., Ltd"},
    {184, "M-SYSTEM Co. Ltd"},
    {186, "Hitachi Metals Ltd."},
    {187, "Oriental Motor Company"},
    {201, "CKD Corporation"},
    {216, "SUNX Limited"},
    {218, "NIDEC SANKYO CORPORATION (Sankyo Seiki Mfg. Co., Ltd)"},
    {243, "Schneider Automation, Inc."},
    {245, "Nihon Weidmuller Co., Ltd"},
    {246, "Brooks Instrument (Div. of Emerson)"},
    {250, "Yokogawa Electric Corporation"},
    {252, "Omron Software Co., Ltd"},
    {255, "Bosch Rexroth"},
    {256, "Turck"},
    {259, "LS Industrial Systems"},
    {283, "Hilscher GmbH"},
    {287, "Bosch Rexroth Corporation, Indramat"},
    {296, "Hakko Automation Co., Ltd."},
    {301, "Yokogawa M&C Corporation"},
    {309, "Prosoft Technology"},
    {315, "SEW Eurodrive GmbH"},
    {319, "Fuji Electric Co., Ltd."},
    {322, "ifm efector, inc."},
    {326, "GE Fanuc Automation North America, Inc."},
    {335, "Toshiba IT & Control Systems Corporation"},
    {336, "Sanyo Machine Works, Ltd."},
    {345, "Endress + Hauser"},
    {347, "ABB ALSTOM Power UK Ltd. (EGT)"},
    {351, "Kawasaki Robotics (USA), Inc."},
    {356, "Fanuc Robotics America"},
    {367, "Keyence Corporation"},
    {369, "Mitsubishi Electric Semiconductor Application"},
    {371, "Omron ASO Co., Ltd"},
    {376, "Toshiba Information Systems (Japan) Corporation"},
    {377, "TOSHIBA Schneider Inverter Corporation"},
    {401, "Hitachi Cable Ltd."},
    {403, "Eaton Electric B.V. (former Holec Holland N.V.)"},
    {408, "ABB Welding Systems AB"},
    {420, "Phoenix Digital Corporation"},
    {433, "Fujikura Ltd."},
    {441, "Nachi Fujikoshi Corporation"},
    {445, "Lenze Drive Systems GmbH"},
    {460, "Ascom Hasler Mailing Sys"},
    {470, "Pyramid Technical Consultants, Inc."},
    {482, "Koyo Electronics"},
    {490, "Fuji Machine Mfg. Co., Ltd"},
    {492, "Nidec-Shimpo Corp."},
    {494, "Sanyo Electric Co. Ltd."},
    {511, "SICK Stegmann GmbH"},
    {521, "Fujikin , Inc."},
    {529, "OKUMA Corporation FA Systems Division"},
    {531, "Hitachi Kokusai Electric Co., Ltd."},
    {545, "Shimafuji Electric Co., Ltd"},
    {552, "OKUMA America"},
    {562, "Phoenix Contact"},
    {563, "Yokogawa MAT Corporation"},
    {574, "Shin Caterpillar Mitsubishi Ltd."},
    {577, "Hitachi Electric Systems"},
    {584, "Nikki Denso Co., Ltd."},
    {591, "FANUC Ltd."},
    {593, "ABB Automation Products"},
    {620, "Parker Hannifin/Compumotor Division"},
    {625, "Rockwell Automation-Sprecher+Schuh"},
    {634, "Hirschmann, Inc."},
    {666, "Mettler-Toledo, Inc."},
    {668, "Rockwell Automation/Entek IRD Intl."},
    {673, "Contec Co., Ltd."},
    {678, "Cognex Corporation"},
    {680, "Weidmuller, Inc."},
    {699, "IAI Corporation"},
    {719, "Yokogawa Digital Computer Corporation"},
    {722, "ABB, Inc."},
    {734, "Hakko Electronics Co., Ltd"},
    {755, "Fuji Automation Co., Ltd."},
    {757, "Hitachi Via Mechanics, Ltd."},
    {760, "ABB Stotz Kontakt GmbH"},
    {771, "SICK STEGMANN Inc."},
    {776, "Asahi Organic Chemicals Industry Co., Ltd."},
    {780, "Yamatake Corporation"},
    {782, "Yamatake Industrial Systems Co., Ltd."},
    {796, "Siemens Energy & Automation, Inc."},
    {808, "SICK AG"},
    {829, "Rockwell Samsung Automation"},
    {841, "Panduit Corporation"},
    {850, "Datalogic, Inc."},
    {862, "Siemens AG, A&D PI Flow Instruments"},
    {887, "B&R Industrial Automation GmbH"},
    {894, "Acromag, Inc."},
    {903, "Emerson Process Management Power & Water Solutions"},
    {914, "Micro Motion, Inc."},
    {922, "Yamazaki Machinery Works"},
    {924, "Parker Hannifin SpA (SBC Division)"},
    {939, "Cisco Systems"},
    {943, "ABB K.K. Technical Center"},
    {971, "Siemens L&A"},
    {991, "Moxa Networking Co., Ltd."},
    {998, "Emerson Network Power Co., Ltd."},
    {1009, "Seiko Epson Corporation"},
    {1015, "Weidmueller Interface GmbH & Co. KG"},
    {1037, "MITSUBISHI HEAVY INDUSTRIES, LTD. KOBE SHIPYARD & MACHINERY WORKS"},
    {1051, "Mitsubishi Heavy Ind. Digital System Co., Ltd. (M.H.I.)"},
    {1059, "Delta Electronic Inc."},
    {1073, "Mitsubishi Electric Engineering Co., Ltd."},
    {1083, "ABB Global Services Limited"},
    {1112, "Hitachi Industrial Equipment Systems Co., Ltd."},
    {1130, "Brother Industries, Ltd."},
    {1134, "THK CO., LTD."},
    {1138, "ASCON S.p.A."},
    {1141, "Emerson Process Management Valve Automation"},
    {1182, "Endress+Hauser"},
    {1191, "Hermary Opto Electronics Inc."},
    {1236, "Hitachi Cable Manchester"},
};
constexpr auto is_before = [](const Number& a, const Number& b) { return a.number < b.number; };
static_assert(std::is_sorted(std::begin(kVendors), std::end(kVendors), is_before));

constexpr Number kDeviceTypes[] = {
    {0x00, "generic device"},
    {0x02, "AC drive"},
    {0x03, "motor overload"},
    {0x04, "limit switch"},
    {0x05, "inductive proximity switch"},
    {0x06, "photoelectric sensor"},
    {0x07, "general purpose discrete I/O"},
    {0x09, "resolver"},
    {0x0c, "communications adapter"},
    {0x0e, "programmable logic controller"},
    {0x10, "position controller"},
    {0x13, "DC drive"},
    {0x15, "contactor"},
    {0x16, "motor starter"},
    {0x17, "soft start"},
    {0x18, "human-machine interface"},
    {0x1a, "mass flow controller"},
    {0x1b, "pneumatic valve"},
    {0x1c, "vacuum pressure gauge"},
    {0x1d, "process control valve"},
    {0x1e, "residual gas analyzer"},
    {0x1f, "DC power generator"},
    {0x20, "RF power generator"},
    {0x21, "turbomolecular vacuum pump"},
    {0x22, "encoder"},
    {0x23, "safety discrete I/O"},
    {0x24, "fluid flow controller"},
    {0x25, "CIP motion drive"},
    {0x26, "CompoNet repeater"},
    {0x27, "enhanced mass flow controller"},
    {0x28, "CIP Modbus device"},
    {0x29, "CIP Modbus translator"},
    {0x2a, "safety analog I/O"},
    {0x2b, "generic device"},
    {0x2c, "managed Ethernet switch"},
    {0x2d, "CIP motion safety drive"},
    {0x2e, "safety drive"},
    {0x2f, "CIP motion encoder"},
    {0x30, "CIP motion converter"},
    {0x31, "CIP motion I/O"},
    {0x32, "ControlNet physical layer component"},
    {0x33, "circuit breaker"},
    {0x34, "HART device"},
    {0x35, "CIP-HART translator"},
    {0xc8, "embedded component"},
};
static_assert(std::is_sorted(std::begin(kDeviceTypes), std::end(kDeviceTypes), is_before));

std::string_view name_of(std::span<const Number> list, std::uint16_t number) {
  const auto* const found =
      std::lower_bound(list.data(), list.data() + list.size(), Number{number, {}}, is_before);
  return found != list.data() + list.size() && found->number == number ? found->name
                                                                       : std::string_view();
}

// Of the classes that one byte names, nearly all: where they stand in kObjects; none: past its end.
constexpr auto kObjectAt = [] {
  std::array<std::uint8_t, 256> at{};
  at.fill(std::size(kObjects));
  for (std::size_t i = 0; i < std::size(kObjects); ++i)
    if (kObjects[i].id < at.size()) at[kObjects[i].id] = static_cast<std::uint8_t>(i);
  return at;
}();

const Object& object_of(std::uint32_t of_class) {
  if (of_class < kObjectAt.size()) {
    const std::size_t at = kObjectAt[of_class];
    return at < std::size(kObjects) ? kObjects[at] : kUnknown;
  }
  const auto* const found =
      std::lower_bound(std::begin(kObjects), std::end(kObjects), of_class,
                       [](const Object& object, std::uint32_t id) { return object.id < id; });
  return found != std::end(kObjects) && found->id == of_class ? *found : kUnknown;
}

constexpr auto kCodesWithoutClass = [] {
  constexpr std::string_view kPattern = "service 0x00 class -";
  std::array<std::array<char, kPattern.size()>, 256> codes{};
  for (std::size_t i = 0; i < codes.size(); ++i) {
    std::copy(kPattern.begin(), kPattern.end(), codes[i].begin());
    std::copy_n(kByteCodes[i].begin(), 4, codes[i].begin() + kPattern.find("0x00"));
  }
  return codes;
}();

const Function* row_of(std::uint32_t code) {
  const auto* const found =
      std::lower_bound(std::begin(kFunctions), std::end(kFunctions), code,
                       [](const Function& row, std::uint32_t wanted) { return row.code < wanted; });
  return found != std::end(kFunctions) && found->code == code ? found : nullptr;
}

// Reading and writing are what the object makes of them; creating parts of a program is
// programming.
Access access_of(const Function& common, const Object& object) {
  const bool is_lifecycle = common.access == Access::config;
  if (common.access == Access::read) return object.reads;
  if (common.access == Access::write) return object.writes;
  return is_lifecycle && object.writes == Access::program ? Access::program : common.access;
}

}  // namespace

Meaning meaning_of(std::uint32_t of_class, std::uint8_t service) {
  if (service < kCommonEnd) {
    const Function& common = kCommon[service];
    if (common.name.empty()) return {"", object_of(of_class).others};
    return {common.name, access_of(common, object_of(of_class))};
  }
  if (const Function* row = row_of(of(of_class, service))) return {row->name, row->access};
  return {"", object_of(of_class).others};
}

Meaning common_meaning_of(std::uint8_t service) {
  if (service >= kCommonEnd) return {};
  return {kCommon[service].name, kCommon[service].access};
}

std::string_view code_without_class(std::uint8_t service) {
  return {kCodesWithoutClass[service].data(), kCodesWithoutClass[service].size()};
}

void write_code(Writer& to, std::uint32_t of_class, std::uint8_t service) {
  if (of_class == kNoClass) {
    to.put(code_without_class(service));
    return;
  }
  to.put("service ").put(byte_code(service));
  const std::size_t digits = of_class < 0x100     ? 2
                             : of_class < 0x1000  ? 3
                             : of_class < 0x10000 ? 4
                                                  : 8;
  to.put(" class 0x").hex(of_class, digits);
}

void write_class(Writer& to, std::uint32_t of_class) {
  const std::string_view name = object_of(of_class).name;
  if (!name.empty()) {
    to.put(name);
    return;
  }
  to.put("class 0x").hex(of_class, of_class < 0x100 ? 2 : of_class < 0x10000 ? 4 : 8);
}

std::string_view vendor_name(std::uint16_t vendor) {
  return name_of(kVendors, vendor);
}

std::string_view device_type_name(std::uint16_t type) {
  return name_of(kDeviceTypes, type);
}

}  // namespace osect::dissect::cip
