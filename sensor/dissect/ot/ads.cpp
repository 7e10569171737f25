// ADS over AMS/TCP, the Automation Device Specification of TwinCAT: Beckhoff Information System,
// "ADS specification" (AMS/TCP packet) and "ADS reserved index groups".
#include <algorithm>
#include <array>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::ads {
namespace {

constexpr std::uint16_t kPorts[] = {48898};
constexpr std::size_t kTcpBytes = 6;
constexpr std::size_t kHeaderBytes = 32;
constexpr std::uint32_t kDataBytesMax = 0x3fffff;
constexpr std::size_t kHeadBytes = 256;  // values behind it are not read
constexpr std::uint16_t kResponse = 0x0001;
constexpr std::uint16_t kAdsCommand = 0x0004;
constexpr std::uint16_t kSystemService = 10000;
constexpr std::size_t kDeviceNameBytes = 16;
constexpr std::uint8_t kConfidence = 95;

constexpr Lead kLeads[] = {{0, {0}}, {1, {0}}, {5, {0}}};

enum Command : std::uint16_t {
  read_device_info = 1,
  read = 2,
  write = 3,
  read_state = 4,
  write_control = 5,
  add_notification = 6,
  notification = 8,
  read_write = 9,
};

constexpr Function kFunctions[] = {
    {1, "read_device_info", Access::identity},
    {2, "read", Access::read},
    {3, "write", Access::write},
    {4, "read_state", Access::diagnostic},
    {5, "write_control", Access::control},
    {6, "add_device_notification", Access::read},
    {7, "delete_device_notification", Access::read},
    {8, "device_notification", Access::cyclic},
    {9, "read_write", Access::write},
};
constexpr std::string_view kCodes[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

constexpr std::array<std::string_view, 20> kStates = {
    "invalid",    "idle",     "reset",       "init",         "start",
    "run",        "stop",     "save_config", "load_config",  "power_failure",
    "power_good", "error",    "shutdown",    "suspend",      "resume",
    "config",     "reconfig", "stopping",    "incompatible", "exception"};

// What stands behind an index group: its word, how its offset reads, and what a ReadWrite or Write
// of it does where the command alone does not tell.
enum class Place : std::uint8_t { none, bytes, bits, name };
// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): a table's row reads in its order
struct Group {
  std::uint32_t number;
  std::string_view word;
  Place place;
  Access access;  // none: as the command says
};

constexpr Group kGroups[] = {
    {0x4020, "%MB", Place::bytes, Access::none},
    {0x4021, "%MX", Place::bits, Access::none},
    {0x4025, "memory_size", Place::none, Access::none},
    {0x4030, "retain ", Place::bytes, Access::none},
    {0x4035, "retain_size", Place::none, Access::none},
    {0x4040, "data ", Place::bytes, Access::none},
    {0x4045, "data_size", Place::none, Access::none},
    {0xf000, "symbol_table", Place::none, Access::none},
    {0xf001, "symbol_name", Place::none, Access::none},
    {0xf002, "symbol_value", Place::none, Access::none},
    {0xf003, "handle_by_name", Place::name, Access::read},
    {0xf004, "value_by_name", Place::name, Access::read},
    {0xf005, "value_by_handle", Place::none, Access::none},
    {0xf006, "release_handle", Place::none, Access::session},
    {0xf007, "info_by_name", Place::name, Access::read},
    {0xf008, "symbol_version", Place::none, Access::none},
    {0xf009, "info_by_name_ex", Place::name, Access::read},
    {0xf00a, "symbol_download", Place::none, Access::program},
    {0xf00b, "symbol_upload", Place::none, Access::none},
    {0xf00c, "symbol_upload_info", Place::none, Access::none},
    {0xf00d, "symbol_download2", Place::none, Access::program},
    {0xf00e, "data_type_upload", Place::none, Access::none},
    {0xf00f, "symbol_upload_info2", Place::none, Access::none},
    {0xf010, "symbol_notification", Place::none, Access::none},
    {0xf011, "data_type_info_by_name", Place::name, Access::read},
    {0xf020, "%IB", Place::bytes, Access::none},
    {0xf021, "%IX", Place::bits, Access::none},
    {0xf025, "input_size", Place::none, Access::none},
    {0xf030, "%QB", Place::bytes, Access::none},
    {0xf031, "%QX", Place::bits, Access::none},
    {0xf035, "output_size", Place::none, Access::none},
    {0xf040, "clear_inputs", Place::none, Access::none},
    {0xf050, "clear_outputs", Place::none, Access::none},
    {0xf060, "inputs_and_outputs", Place::none, Access::none},
    {0xf080, "sum_read", Place::none, Access::read},
    {0xf081, "sum_write", Place::none, Access::write},
    {0xf082, "sum_read_write", Place::none, Access::write},
    {0xf083, "sum_read_ex", Place::none, Access::read},
    {0xf084, "sum_read_ex2", Place::none, Access::read},
    {0xf085, "sum_add_notification", Place::none, Access::read},
    {0xf086, "sum_delete_notification", Place::none, Access::read},
    {0xf100, "device_data", Place::none, Access::none},
};

// Of AMS port 10000, the system service.
constexpr Group kSystemGroups[] = {
    {100, "open_create", Place::none, Access::program},
    {101, "open_read", Place::none, Access::program},
    {102, "open_write", Place::none, Access::program},
    {110, "create_file", Place::none, Access::program},
    {111, "close_handle", Place::none, Access::program},
    {120, "file_open", Place::none, Access::program},
    {121, "file_close", Place::none, Access::program},
    {122, "file_read", Place::none, Access::program},
    {123, "file_write", Place::none, Access::program},
    {124, "file_seek", Place::none, Access::program},
    {125, "file_tell", Place::none, Access::program},
    {126, "file_get_string", Place::none, Access::program},
    {127, "file_put_string", Place::none, Access::program},
    {128, "file_scan", Place::none, Access::program},
    {129, "file_print", Place::none, Access::program},
    {130, "file_end", Place::none, Access::program},
    {131, "file_delete", Place::none, Access::program},
    {132, "file_rename", Place::none, Access::program},
    {133, "file_find", Place::none, Access::program},
    {200, "registry", Place::none, Access::config},
    {201, "send_email", Place::none, Access::config},
    {300, "ip_helper", Place::none, Access::none},
    {301, "ip_host_name", Place::none, Access::identity},
    {400, "time_services", Place::none, Access::time},
    {500, "start_process", Place::none, Access::program},
    {600, "change_net_id", Place::none, Access::config},
    {801, "add_route", Place::none, Access::config},
    {802, "delete_route", Place::none, Access::config},
    {803, "list_routes", Place::none, Access::none},
};

const Group* find_group(std::uint16_t port, std::uint32_t number) {
  const std::span<const Group> groups =
      port == kSystemService && number < 0x1000 ? std::span<const Group>(kSystemGroups) : kGroups;
  const auto at = std::lower_bound(
      groups.begin(), groups.end(), number,
      [](const Group& group, std::uint32_t value) { return group.number < value; });
  return at != groups.end() && at->number == number ? &*at : nullptr;
}

struct Header {
  std::uint16_t target_port = 0;
  std::span<const std::uint8_t> source_net;
  std::uint16_t source_port = 0;
  std::uint16_t command = 0;
  std::uint16_t flags = 0;
  std::uint32_t length = 0;
  std::uint32_t error = 0;
  std::uint32_t invoke = 0;

  [[nodiscard]] bool is_response() const { return (flags & kResponse) != 0; }
};

Header read_header(Cursor& in) {
  Header header;
  in.skip(6);  // the receiver's net id
  header.target_port = in.le16();
  header.source_net = in.bytes(6);
  header.source_port = in.le16();
  header.command = in.le16();
  header.flags = in.le16();
  header.length = in.le32();
  header.error = in.le32();
  header.invoke = in.le32();
  return header;
}

// Each AMS port of the server counts by itself.
std::uint64_t transaction_of(const Header& header) {
  const std::uint16_t port = header.is_response() ? header.source_port : header.target_port;
  return std::uint64_t{1} << 48 | std::uint64_t{port} << 32 | header.invoke;
}

Verdict probe(Cursor in, const Context&) {
  const bool is_ams = in.le16() == 0;
  const std::uint32_t length = in.le32();
  if (!in.is_good()) return is_ams ? Verdict::maybe : Verdict::no;
  if (!is_ams || length < kHeaderBytes || length > kDataBytesMax) return Verdict::no;
  const Header header = read_header(in);
  if (!in.is_good()) return Verdict::maybe;
  const bool is_command = header.command >= 1 && header.command <= 9;
  const bool is_flagged = (header.flags & ~kResponse) == kAdsCommand;
  return is_command && is_flagged && header.length == length - kHeaderBytes ? Verdict::yes
                                                                            : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  const std::uint16_t kind = in.le16();
  const std::size_t length = in.le32();
  if (!in.is_good()) return Framing::kNeedMore;
  if (length > kDataBytesMax) return Framing::kNotAMessage;
  // Other kinds are between a program and its own router: passed over.
  if (kind != 0)
    return kind <= 4 || kind == 0x1000 ? Framing{kTcpBytes + length, 0}
                                       : Framing(Framing::kNotAMessage);
  if (length < kHeaderBytes) return Framing::kNotAMessage;
  const Header header = read_header(in);
  if (!in.is_good()) return Framing::kNeedMore;
  if (header.length != length - kHeaderBytes) return Framing::kNotAMessage;
  return {kTcpBytes + length, std::min(kTcpBytes + length, kHeadBytes)};
}

// Whose NetId it is: once for each direction of a connection.
void collect_net_id(const Header& header, const Context& context, Collected& facts) {
  const std::uint32_t bit = header.is_response() ? 2 : 1;
  if (context.memory == nullptr || (*context.memory & bit) != 0) return;
  *context.memory |= bit;
  facts.add_text(about_sender("ams_net_id", kConfidence), [&](Writer& to) {
    for (std::size_t i = 0; i < header.source_net.size(); ++i)
      (i > 0 ? to.put('.') : to).decimal(header.source_net[i]);
  });
}

std::string_view state_word(std::uint16_t state) {
  return state < kStates.size() ? kStates[state] : std::string_view{};
}

void collect_device_info(Cursor& in, Collected& facts) {
  const std::uint8_t major = in.u8();
  const std::uint8_t minor = in.u8();
  const std::uint16_t build = in.le16();
  const std::string_view name = in.text(kDeviceNameBytes);
  if (!in.is_good() || trimmed(name).empty()) return;
  facts.add_text(about_sender("server_software", kConfidence), [&](Writer& to) {
    to.printable(trimmed(name.substr(0, name.find('\0'))));
    to.put(' ').decimal(major).put('.').decimal(minor).put('.').decimal(build);
  });
}

void collect_state(const Header& header, Cursor& in, Collected& facts) {
  const std::string_view state = state_word(in.le16());
  in.skip(2);
  if (!in.is_good()) return;
  const bool is_plc = header.source_port >= 800 && header.source_port < 900;
  if (is_plc) facts.add(about_sender("cpu_mode", kConfidence), state);
  if (header.source_port == kSystemService)
    facts.add(about_sender("twincat_mode", kConfidence), state);
}

void write_group(Writer& to, std::uint16_t port, std::uint32_t number, std::uint32_t offset,
                 std::uint32_t length, std::string_view name) {
  const Group* const group = find_group(port, number);
  if (group == nullptr) {
    to.put("group 0x").hex(number, number > 0xffff ? 8 : 4).put(" offset 0x");
    to.hex(offset, offset > 0xffff ? 8 : 4);
    return;
  }
  to.put(group->word);
  switch (group->place) {
    case Place::bytes:
      to.decimal(offset);
      if (length > 0) to.put(" x").decimal(length);
      break;
    case Place::bits:
      to.decimal(offset / 8).put('.').decimal(offset % 8);
      break;
    case Place::name:
      to.put(' ').printable(name);
      break;
    case Place::none:  // a handle of the moment, a parameter: nothing that lasts
      break;
  }
}

// Port, and what of it is touched. Returns what the request does there.
Access write_target(Writer& to, const Header& header, Cursor& in, bool is_whole) {
  to.put("port ").decimal(header.target_port);
  const Access usual = kFunctions[header.command - 1U].access;
  switch (header.command) {
    case Command::write_control:
      to.put(' ').put(state_word(in.le16()));
      in.skip(2 + 4);
      return usual;
    case Command::read:
    case Command::write:
    case Command::read_write:
    case Command::add_notification:
      break;
    default:
      return usual;
  }
  const std::uint32_t number = in.le32();
  const std::uint32_t offset = in.le32();
  const std::uint32_t length = in.le32();
  std::string_view name;
  if (header.command == Command::read_write) {
    const std::uint32_t written = in.le32();
    name = in.text(is_whole ? written : std::min<std::size_t>(written, in.left()));
  }
  if (!in.is_good()) return usual;
  write_group(to.put(' '), header.target_port, number, offset, length, name);
  const Group* const group = find_group(header.target_port, number);
  return group == nullptr || group->access == Access::none || header.command == Command::read
             ? usual
             : group->access;
}

void say_request(const Header& header, Cursor& in, const Context& context, Out& out) {
  Collected facts;
  collect_net_id(header, context, facts);
  Text<kTargetBytesMax> target;
  // The server tells a value that changed: nobody answers.
  const bool is_told = header.command == Command::notification;
  if (is_told) target.put("port ").decimal(header.source_port);
  const Access access =
      is_told ? Access::cyclic : write_target(target, header, in, context.is_whole);
  if (!is_told) out.say_direction(Role::request, in);
  facts.say(out, in);
  out.say({.role = is_told ? Role::message : Role::request,
           .function = kFunctions[header.command - 1U].name,
           .code = kCodes[header.command],
           .access = access,
           .target = target.text(),
           .transaction = transaction_of(header)},
          in);
}

void say_response(const Header& header, Cursor& in, const Context& context, Out& out) {
  Collected facts;
  collect_net_id(header, context, facts);
  const std::uint32_t result = header.error == 0 && header.length >= 4 ? in.le32() : 0;
  const bool is_error = header.error != 0 || result != 0;
  if (!is_error && header.command == Command::read_device_info) collect_device_info(in, facts);
  if (!is_error && header.command == Command::read_state) collect_state(header, in, facts);
  out.say_direction(Role::response, in);
  facts.say(out, in);
  const Function& function = kFunctions[header.command - 1U];
  out.say({.role = Role::response,
           .function = function.name,
           .code = kCodes[header.command],
           .access = function.access,
           .target = "",
           .is_error = is_error,
           .transaction = transaction_of(header),
           .is_provisional = true},
          in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  in.skip(2);
  const std::uint32_t length = in.le32();
  const Header header = read_header(in);
  in.expect(header.length == length - kHeaderBytes);
  in.expect(header.command >= 1 && header.command <= 9 && (header.flags & kAdsCommand) != 0);
  if (!in.is_good())
    out.check(in);
  else if (header.is_response())
    say_response(header, in, context, out);
  else
    say_request(header, in, context, out);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "ads",
    .title = "ADS (AMS/TCP, Beckhoff)",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .facts = "ams_net_id server_software cpu_mode twincat_mode",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::ads
