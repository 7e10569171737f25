// S7comm over TPKT and COTP: Siemens' manual System Software for S7-300/400 for the meaning; the
// layout is not published, packet-s7comm of Wireshark and captures are its reference.
#include <algorithm>
#include <array>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/cotp.h"
#include "sensor/dissect/dissector.h"
#include "sensor/dissect/s7_identity.h"
#include "sensor/dissect/s7_items.h"

namespace osect::dissect::s7comm {
namespace {

constexpr std::uint16_t kPorts[] = {cotp::kPort};
constexpr Lead kLeads[] = {
    {0, {3}}, {1, {0}}, {5, {cotp::kData, cotp::kConnectRequest, cotp::kConnectConfirm}}};

constexpr std::uint8_t kProtocol = 0x32;
constexpr std::uint8_t kJob = 1;
constexpr std::uint8_t kAck = 2;
constexpr std::uint8_t kAckData = 3;
constexpr std::uint8_t kUserData = 7;
constexpr std::uint8_t kGood = 0xff;  // return code of an item

constexpr std::uint8_t kRead = 0x04;
constexpr std::uint8_t kWrite = 0x05;
constexpr std::uint8_t kRequestDownload = 0x1a;
constexpr std::uint8_t kDownloadBlock = 0x1b;
constexpr std::uint8_t kDownloadEnded = 0x1c;
constexpr std::uint8_t kStartUpload = 0x1d;
constexpr std::uint8_t kInvoke = 0x28;
constexpr std::uint8_t kStop = 0x29;

// Userdata: group in the upper byte of the code's lower half, subfunction in the lower one.
constexpr std::uint32_t kOfGroup = 0x10000;
constexpr std::uint32_t kPush = 0x20000;
constexpr std::uint32_t kInvocation = 0x40000;

constexpr std::uint32_t group(std::uint32_t number, std::uint32_t sub) {
  return kOfGroup | number << 8U | sub;
}
constexpr std::uint32_t push(std::uint32_t number, std::uint32_t sub) {
  return kPush | group(number, sub);
}

constexpr std::string_view kServices[] = {
    "_INSE",     "_INS2",     "_DELE",     "P_PROGRAM", "_MODU",     "_GARB",
    "_N_LOGIN_", "_N_LOGOUT", "_N_CANCEL", "_N_SELECT", "_N_F_OPEN", "_N_F_CLOS",
    "_N_F_XFER", "_N_F_COPY", "_N_F_RENA", "_N_F_DELE", "_N_F_PROT", "_N_CONFIG",
    "_N_NEWPWD", "_N_CREATO", "_N_DELETO", "_N_EXTERN", "_N_SETUFR", "_N_TMRASS"};

constexpr std::uint32_t service(std::string_view name) {
  for (std::uint32_t i = 0; i < std::size(kServices); ++i)
    if (kServices[i] == name) return kInvocation | i;
  return 0;
}

constexpr Function kFunctions[] = {
    {0x00, "cpu_services", Access::diagnostic},
    {kRead, "read_var", Access::read},
    {kWrite, "write_var", Access::write},
    {kRequestDownload, "request_download", Access::program},
    {kDownloadBlock, "download_block", Access::program},
    {kDownloadEnded, "download_ended", Access::program},
    {kStartUpload, "start_upload", Access::program},
    {0x1e, "upload", Access::program},
    {0x1f, "end_upload", Access::program},
    {kInvoke, "pi_service", Access::control},
    {kStop, "plc_stop", Access::control},
    {0xf0, "setup_communication", Access::session},
    {service("_INSE"), "insert_block", Access::program},
    {service("_INS2"), "insert_block_2", Access::program},
    {service("_DELE"), "delete_block", Access::program},
    {service("P_PROGRAM"), "plc_start", Access::control},
    {service("_MODU"), "copy_ram_to_rom", Access::program},
    {service("_GARB"), "compress_memory", Access::program},
    {service("_N_LOGIN_"), "nc_login", Access::session},
    {service("_N_LOGOUT"), "nc_logout", Access::session},
    {service("_N_CANCEL"), "nc_cancel_alarm", Access::control},
    {service("_N_SELECT"), "nc_select_program", Access::control},
    {service("_N_F_OPEN"), "nc_open_file", Access::program},
    {service("_N_F_CLOS"), "nc_close_file", Access::program},
    {service("_N_F_XFER"), "nc_transfer_file", Access::program},
    {service("_N_F_COPY"), "nc_copy_file", Access::program},
    {service("_N_F_RENA"), "nc_rename_file", Access::program},
    {service("_N_F_DELE"), "nc_delete_file", Access::program},
    {service("_N_F_PROT"), "nc_protect_file", Access::config},
    {service("_N_CONFIG"), "nc_reconfigure", Access::config},
    {service("_N_NEWPWD"), "nc_new_password", Access::config},
    {service("_N_CREATO"), "nc_create_tool", Access::write},
    {service("_N_DELETO"), "nc_delete_tool", Access::write},
    {service("_N_EXTERN"), "nc_select_external_program", Access::control},
    {service("_N_SETUFR"), "nc_activate_user_frame", Access::control},
    {service("_N_TMRASS"), "nc_reset_active_status", Access::control},
    {push(0, 0), "mode_stop", Access::diagnostic},
    {push(0, 1), "mode_warm_restart", Access::diagnostic},
    {push(0, 2), "mode_run", Access::diagnostic},
    {push(0, 3), "mode_hot_restart", Access::diagnostic},
    {push(0, 4), "mode_hold", Access::diagnostic},
    {push(0, 6), "mode_cold_restart", Access::diagnostic},
    {push(0, 9), "mode_run_redundant", Access::diagnostic},
    {push(0, 11), "mode_link_up", Access::diagnostic},
    {push(0, 12), "mode_update", Access::diagnostic},
    {group(1, 1), "block_status", Access::diagnostic},
    {group(1, 2), "variable_status", Access::read},
    {push(1, 2), "variable_status_push", Access::read},
    {group(1, 3), "output_istack", Access::diagnostic},
    {group(1, 4), "output_bstack", Access::diagnostic},
    {group(1, 5), "output_lstack", Access::diagnostic},
    {group(1, 6), "time_measurement", Access::diagnostic},
    {group(1, 7), "force_selection", Access::write},
    {group(1, 8), "modify_variable", Access::write},
    {push(1, 8), "modify_variable_push", Access::diagnostic},
    {group(1, 9), "force", Access::write},
    {group(1, 10), "breakpoint", Access::control},
    {group(1, 11), "exit_hold", Access::control},
    {group(1, 12), "memory_reset", Access::control},
    {group(1, 13), "disable_job", Access::diagnostic},
    {group(1, 14), "enable_job", Access::diagnostic},
    {group(1, 15), "delete_job", Access::diagnostic},
    {group(1, 16), "read_job_list", Access::diagnostic},
    {group(1, 17), "read_job", Access::diagnostic},
    {group(1, 18), "replace_job", Access::diagnostic},
    {group(1, 19), "block_status_v2", Access::diagnostic},
    {push(1, 19), "block_status_v2_push", Access::diagnostic},
    {group(1, 22), "flash_led", Access::diagnostic},
    {group(2, 1), "cyclic_transfer", Access::read},
    {push(2, 1), "cyclic_transfer_push", Access::read},
    {group(2, 4), "unsubscribe", Access::session},
    {group(2, 5), "change_driven_transfer", Access::read},
    {push(2, 5), "change_driven_transfer_push", Access::read},
    {group(2, 7), "change_driven_transfer_modify", Access::read},
    {push(2, 7), "change_driven_transfer_modify_push", Access::read},
    {group(2, 8), "read_record", Access::read},
    {group(3, 1), "list_blocks", Access::diagnostic},
    {group(3, 2), "list_blocks_of_type", Access::diagnostic},
    {group(3, 3), "get_block_info", Access::diagnostic},
    {group(4, 1), "read_szl", Access::diagnostic},
    {group(4, 2), "message_service", Access::session},
    {push(4, 3), "diagnostic_message", Access::diagnostic},
    {push(4, 5), "alarm_8_indication", Access::diagnostic},
    {push(4, 6), "notify_indication", Access::diagnostic},
    {group(4, 7), "alarm_8_lock", Access::control},
    {group(4, 8), "alarm_8_unlock", Access::control},
    {push(4, 9), "scan_indication", Access::diagnostic},
    {group(4, 11), "alarm_ack", Access::control},
    {push(4, 12), "alarm_ack_indication", Access::diagnostic},
    {push(4, 13), "alarm_lock_indication", Access::diagnostic},
    {push(4, 14), "alarm_unlock_indication", Access::diagnostic},
    {push(4, 17), "alarm_sq_indication", Access::diagnostic},
    {push(4, 18), "alarm_s_indication", Access::diagnostic},
    {group(4, 19), "alarm_query", Access::diagnostic},
    {push(4, 22), "notify_8_indication", Access::diagnostic},
    {group(5, 1), "enter_password", Access::session},
    {group(5, 2), "clear_password", Access::session},
    {group(6, 1), "bsend", Access::write},
    {group(7, 1), "read_clock", Access::time},
    {group(7, 2), "set_clock", Access::time},
    {group(7, 3), "read_clock_following", Access::time},
    {group(7, 4), "set_clock_following", Access::time},
    {group(15, 1), "nc_request_download", Access::program},
    {group(15, 2), "nc_download_block", Access::program},
    {group(15, 3), "nc_continue_download", Access::program},
    {group(15, 4), "nc_download_ended", Access::program},
    {group(15, 6), "nc_start_upload", Access::program},
    {group(15, 7), "nc_upload", Access::program},
    {group(15, 8), "nc_continue_upload", Access::program},
};

constexpr Function kUnlisted = {0, {}, Access::none};

const Function& function_of(std::uint32_t code) {
  const auto* const found = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                         [&](const Function& f) { return f.code == code; });
  return found == std::end(kFunctions) ? kUnlisted : *found;
}

// Of the jobs, which are the bulk: functions and the texts "func 0x00" to "func 0xff", worked out
// once.
struct Jobs {
  std::array<Function, 256> functions{};
  std::array<std::array<char, 9>, 256> codes{};
};

constexpr Jobs kJobs = [] {
  constexpr std::string_view kDigits = "0123456789abcdef";
  Jobs jobs;
  for (std::size_t i = 0; i < 256; ++i)
    jobs.codes[i] = {'f', 'u', 'n', 'c', ' ', '0', 'x', kDigits[i / 16], kDigits[i % 16]};
  for (const Function& function : kFunctions)
    if (function.code < 256) jobs.functions[function.code] = function;
  return jobs;
}();

std::string_view code_of_job(std::uint8_t function) {
  return {kJobs.codes[function].data(), kJobs.codes[function].size()};
}

void write_code(Writer& to, std::uint32_t code) {
  if ((code & kInvocation) != 0) {
    to.put("func 0x28 pi=").put(kServices[code & 0xffU]);
  } else if ((code & kOfGroup) != 0) {
    to.put("userdata group=").decimal(code >> 8U & 0xffU).put(" sub=").decimal(code & 0xffU);
    if ((code & kPush) != 0) to.put(" push");
  } else {
    to.put(code_of_job(static_cast<std::uint8_t>(code)));
  }
}

std::size_t header_bytes(std::uint8_t kind) {
  return kind == kAck || kind == kAckData ? 12 : 10;
}

bool is_kind(std::uint8_t kind) {
  return kind == kJob || kind == kAck || kind == kAckData || kind == kUserData;
}

// A message's header and lengths agree with the bytes that are here.
bool is_message(const cotp::Tpdu& tpdu) {
  Cursor pdu = tpdu.user;
  pdu.skip(1);  // protocol
  const std::uint8_t kind = pdu.u8();
  const bool is_usual = pdu.be16() == 0;  // redundancy identification
  if (!is_kind(kind)) return false;
  if (tpdu.is_cut && pdu.left() < 6) return pdu.is_good() && is_usual;
  pdu.skip(2);  // reference
  const std::size_t told = pdu.be16() + std::size_t{pdu.be16()};
  if (!pdu.is_good()) return false;
  const std::size_t beyond = header_bytes(kind) - 10 + told;
  return tpdu.is_cut || !tpdu.is_last ? beyond >= pdu.left() : beyond == pdu.left();
}

Verdict probe(Cursor in, const Context&) {
  const cotp::Beginning begun = cotp::read_beginning(in);
  if (!begun.is_transport) return Verdict::no;
  // Two bytes of which the first is the kind of connection; MMS has zero there or longer names.
  if (begun.is_named && (begun.called.size() != 2 || begun.called[0] == 0)) return Verdict::no;
  const Cursor& user = begun.data.user;
  if (user.left() == 0) return Verdict::maybe;
  if (user.peek() != kProtocol) return Verdict::no;
  if (is_message(begun.data)) return Verdict::yes;
  return begun.data.is_cut && user.left() < 4 ? Verdict::maybe : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  return cotp::frame(in);
}

// The rack and slot that a connection asks for.
void read_connect(const cotp::Tpdu& connect, Out& out) {
  const auto called = cotp::selectors(connect).called;
  Collected facts;
  // Programming device, operator panel, S7 basic; others number their connections differently.
  if (called.size() == 2 && called[0] >= 1 && called[0] <= 3)
    facts.add_text(about_receiver("slot", 80), [&](Writer& to) {
      to.put("rack ").decimal(called[1] >> 5U).put(" slot ").decimal(called[1] & 0x1fU);
    });
  out.say_direction(Role::request, connect.header);
  facts.say(out, connect.header);
}

struct Header {
  std::uint8_t kind;
  std::uint16_t reference;
  bool is_error;
  Cursor parameters;
  Cursor data;
};

constexpr std::uint64_t transaction_of(std::uint32_t function, std::uint16_t reference) {
  return std::uint64_t{1} << 48U | std::uint64_t{function} << 16U | reference;
}

// While a block is downloaded the controller asks for its parts: the client answers with them.
bool is_asked_by_controller(std::uint8_t function) {
  return function == kDownloadBlock || function == kDownloadEnded;
}

// Whether the server sends, when only one end has the port or the message tells.
void state_direction(bool is_from_server, const Context& context, const Cursor& proof, Out& out) {
  if ((context.source_port == cotp::kPort) != (context.destination_port == cotp::kPort)) return;
  out.say_direction(is_from_server ? Role::response : Role::request, proof);
}

// A program invocation: parameter block, service name.
std::uint32_t read_invocation(Cursor& in, Writer& target, std::string_view& name) {
  in.skip(7);
  Cursor block = in.child(in.be16());
  name = in.text(in.u8());
  const auto* const known = std::find(std::begin(kServices), std::end(kServices), name);
  if (name == "_INSE" || name == "_INS2" || name == "_DELE") {
    const std::uint8_t count = block.u8();
    block.skip(1);
    for (std::uint8_t i = 0; i < count && block.left() > 0 && target.size() < 40; ++i) {
      if (i > 0) target.put(' ');
      s7::write_block(target, block.text(8));
    }
  }
  return known == std::end(kServices)
             ? 0
             : kInvocation | static_cast<std::uint32_t>(known - std::begin(kServices));
}

void say_job(Header& header, const Context& context, Out& out) {
  Cursor& in = header.parameters;
  const std::uint8_t number = in.u8();
  Function function = kJobs.functions[number];
  std::string_view code = code_of_job(number);
  Text<kTargetBytesMax> target;
  Text<kCodeBytesMax> written;
  switch (number) {
    case kRead:
    case kWrite:
      s7::write_variables(target, in);
      break;
    case kRequestDownload:
    case kStartUpload:
      in.skip(7);
      s7::write_block(target, in.text(in.u8()));
      break;
    case kInvoke: {
      std::string_view name;
      const std::uint32_t listed = read_invocation(in, target, name);
      if (listed != 0) function = function_of(listed);
      written.put("func 0x28 pi=").printable(name);
      code = written.text();
      break;
    }
    default:
      break;
  }
  state_direction(is_asked_by_controller(number), context, in, out);
  out.say(Operation{.role = is_asked_by_controller(number) ? Role::response : Role::request,
                    .function = function.name,
                    .code = code,
                    .access = function.access,
                    .target = target.text(),
                    .transaction = transaction_of(number, header.reference)},
          in);
}

// A response to a read or write: one item each says how it went.
bool has_failed_item(std::uint8_t number, std::uint8_t count, Cursor data) {
  for (std::uint8_t i = 0; i < count && data.left() > 0; ++i) {
    if (data.u8() != kGood) return true;
    if (number == kWrite) continue;
    constexpr std::uint8_t kBits = 3;  // these transport sizes count bits
    constexpr std::uint8_t kBitsMax = 5;
    const std::uint8_t transport = data.u8();
    std::size_t length = data.be16();
    if (transport >= kBits && transport <= kBitsMax) length = (length + 7) / 8;
    data.skip(std::min(data.left(), length + length % 2));
  }
  return false;
}

void say_answer(Header& header, const Context& context, Out& out) {
  Cursor& in = header.parameters;
  const std::uint8_t number = in.u8();
  const bool is_from_client = is_asked_by_controller(number);
  bool is_error = header.is_error;
  if ((number == kRead || number == kWrite) && in.left() > 0)
    is_error = is_error || has_failed_item(number, in.u8(), header.data);
  state_direction(!is_from_client, context, in, out);
  out.say(Operation{.role = is_from_client ? Role::message : Role::response,
                    .function = kJobs.functions[number].name,
                    .code = code_of_job(number),
                    .access = kJobs.functions[number].access,
                    .target = {},
                    .is_error = is_error,
                    .transaction = transaction_of(number, header.reference),
                    .is_provisional = true},
          in);
}

// An acknowledgement without data does not repeat the function.
void say_acknowledgement(const Header& header, const Context& context, Out& out) {
  Operation said{.role = Role::response,
                 .function = {},
                 .code = "rosctr 2",
                 .access = Access::none,
                 .target = {},
                 .is_error = header.is_error,
                 .transaction = 0,
                 .is_provisional = true};
  for (const Function& function : kFunctions) {
    if (function.code >= 256) break;
    const std::uint64_t transaction = transaction_of(function.code, header.reference);
    if (!out.asked(transaction)) continue;
    said.transaction = transaction;
    break;
  }
  state_direction(true, context, header.parameters, out);
  out.say(said, header.parameters);
}

// A list of the controller's status, or a part of it.
void say_status_list(Cursor data, bool is_first, const Context& context, const Cursor& proof,
                     Out& out) {
  constexpr std::uint8_t kOctets = 9;
  const bool is_good = data.u8() == kGood && data.u8() == kOctets;
  Cursor list = data.child(data.be16());
  if (!is_good || !list.is_good()) return;
  Collected facts;
  s7::read_status_list(list, is_first, *context.memory, facts);
  facts.say(out, proof);
}

// Which list a request asks for, which block a programmer's question is about.
void write_question(std::uint8_t group_number, std::uint8_t sub, Cursor data, Writer& code,
                    Writer& target, Access& access) {
  constexpr std::uint8_t kIdentification = 0x11;
  constexpr std::uint8_t kComponents = 0x1c;
  const std::uint8_t result = data.u8();
  data.skip(1);
  Cursor asked = data.child(data.be16());
  if (result != kGood || !asked.is_good() || asked.left() == 0) return;
  if (group_number == 4 && sub == 1) {
    const std::uint16_t list = asked.be16();
    code.put(" szl=0x").hex(list, 4);
    target.put("SZL 0x").hex(list, 4).put(" index 0x").hex(asked.be16(), 4);
    const std::uint8_t what = list & 0xffU;
    if (what == kIdentification || what == kComponents) access = Access::identity;
  } else if (group_number == 3 && sub == 3) {
    s7::write_block(target, asked.text(std::min<std::size_t>(asked.left(), 7)));
  } else if (group_number == 3 && sub == 2) {
    target.put(s7::block_word(asked.text(std::min<std::size_t>(asked.left(), 2))));
  }
}

void say_user_data(Header& header, const Context& context, Out& out) {
  constexpr std::uint8_t kRequest = 4;
  constexpr std::uint8_t kResponse = 8;
  constexpr std::uint8_t kNcRequest = 7;
  constexpr std::uint8_t kNcResponse = 11;
  Cursor& in = header.parameters;
  in.skip(3);
  const std::size_t length = in.u8();
  // A mode transition (group 0, pushed) counts sixteen bytes where four follow.
  const bool is_transition = in.left() > 1 && in.peek(1) == 0;
  Cursor head = in.child(is_transition ? in.left() : length);
  head.skip(1);  // method
  const std::uint8_t kind_and_group = head.u8();
  const std::uint8_t sub = head.u8();
  head.skip(1);  // sequence
  if (!head.is_good()) in = head;
  const std::uint8_t kind = kind_and_group >> 4U;
  const std::uint8_t number = kind_and_group & 0x0fU;
  const bool is_request = kind == kRequest || kind == kNcRequest;
  const bool is_push = !is_request && kind != kResponse && kind != kNcResponse;
  const std::uint32_t code = is_push ? push(number, sub) : group(number, sub);
  const Function& function = function_of(code);
  Access access = function.access;
  Text<kCodeBytesMax> written;
  Text<kTargetBytesMax> target;
  write_code(written, code);
  bool is_error = false;
  const bool is_list = number == 4 && sub == 1;
  if (is_request) {
    write_question(number, sub, header.data, written, target, access);
  } else if (head.left() >= 4) {
    const std::uint8_t unit = head.u8();
    head.skip(1);
    is_error = head.be16() != 0;
    const auto asked = out.asked(transaction_of(code, header.reference));
    const bool is_first = asked ? !asked->target.empty() : unit == 0;
    if (is_list && !is_push && !is_error) say_status_list(header.data, is_first, context, in, out);
  }
  if (is_push && number == 0) {
    Collected facts;
    facts.add(about_sender("cpu_mode", 95), s7::mode_after_transition(sub));
    facts.say(out, in);
  }
  // A block send may come from either side.
  constexpr std::uint8_t kBlockSend = 6;
  if (number != kBlockSend) state_direction(!is_request, context, in, out);
  out.say(Operation{.role = is_request ? Role::request : Role::response,
                    .function = function.name,
                    .code = written.text(),
                    .access = access,
                    .target = target.text(),
                    .is_error = is_error,
                    .transaction = transaction_of(code, header.reference),
                    .is_provisional = !is_push},
          in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  Cursor first = in;
  const cotp::Tpdu tpdu = cotp::read(first);
  if (tpdu.type != cotp::kData) {
    if (tpdu.type == cotp::kConnectRequest)
      read_connect(tpdu, out);
    else
      out.check(first);
    return;
  }
  const cotp::UserData user(in);
  Cursor pdu = user.whole();
  if (pdu.left() == 0) {
    out.check(pdu);
    return;
  }
  pdu.expect(pdu.u8() == kProtocol);
  Header header;
  header.kind = pdu.u8();
  pdu.expect(is_kind(header.kind));
  pdu.skip(2);
  header.reference = pdu.be16();
  const std::uint16_t parameters = pdu.be16();
  const std::uint16_t data = pdu.be16();
  header.is_error = header_bytes(header.kind) == 12 && pdu.be16() != 0;
  header.parameters = pdu.child(parameters);
  header.data = pdu.child(data);
  if (!pdu.is_good()) {
    out.check(pdu);
    return;
  }
  switch (header.kind) {
    case kJob:
      say_job(header, context, out);
      return;
    case kAckData:
      say_answer(header, context, out);
      return;
    case kAck:
      say_acknowledgement(header, context, out);
      return;
    default:
      say_user_data(header, context, out);
  }
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "s7comm",
    .title = "S7comm",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts =
        "order_number vendor hardware firmware boot_loader station_name module_name "
        "plant_name copyright serial model memory_card location cpu_mode mode_switch "
        "protection_level slot",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::s7comm
