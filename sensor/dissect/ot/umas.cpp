// UMAS, what Schneider's engineering tools say to Modicon controllers through function 90 of
// Modbus; the maker publishes none of it: codes as public decoders agree on them.
#include <algorithm>
#include <array>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::umas {
namespace {

constexpr std::uint16_t kInside[] = {inside::kUmas};
constexpr std::uint8_t kReadMemoryBlock = 0x20;
constexpr std::uint8_t kWriteMemoryBlock = 0x21;
// In a response these stand in place of the function.
constexpr std::uint8_t kRefused = 0xfd;
constexpr std::uint8_t kDone = 0xfe;

constexpr Function kFunctions[] = {
    {0x01, "init_comms", Access::session},
    {0x02, "read_plc_id", Access::identity},
    {0x03, "read_project_info", Access::identity},
    {0x04, "read_plc_status", Access::diagnostic},
    {0x06, "read_card_info", Access::diagnostic},
    {0x0a, "echo", Access::diagnostic},
    {0x10, "take_plc_reservation", Access::session},
    {0x11, "release_plc_reservation", Access::session},
    {0x12, "keep_alive", Access::session},
    {0x20, "read_memory_block", Access::read},
    {0x21, "write_memory_block", Access::write},
    {0x22, "read_variables", Access::read},
    {0x23, "write_variables", Access::write},
    {0x24, "read_coils_registers", Access::read},
    {0x25, "write_coils_registers", Access::write},
    {0x26, "read_variable_names", Access::identity},
    {0x30, "initialize_upload", Access::program},
    {0x31, "upload_block", Access::program},
    {0x32, "end_strategy_upload", Access::program},
    {0x33, "initialize_download", Access::program},
    {0x34, "download_block", Access::program},
    {0x35, "end_strategy_download", Access::program},
    {0x36, "backup", Access::program},
    {0x39, "read_ethernet_master_data", Access::read},
    {0x40, "start_plc", Access::control},
    {0x41, "stop_plc", Access::control},
    {0x50, "monitor_plc", Access::read},
    {0x58, "check_plc", Access::diagnostic},
    {0x70, "read_io_object", Access::read},
    {0x71, "write_io_object", Access::write},
    {0x73, "get_status_module", Access::diagnostic},
};

const Function* function_of(std::uint8_t code) {
  const auto* const found =
      std::find_if(std::begin(kFunctions), std::end(kFunctions),
                   [&](const Function& function) { return function.code == code; });
  return found != std::end(kFunctions) ? found : nullptr;
}

Verdict probe(Cursor in, const Context&) {
  in.skip(1);
  return in.u8() != 0 ? Verdict::yes : Verdict::no;
}

// The answer to read_plc_id: the firmware in hexadecimal digits, later the processor's name behind
// its length, which M340 and M580 have one byte earlier than Quantum.
void say_identity(Cursor in, Out& out) {
  in.skip(8);  // range, identity, model
  const std::uint8_t minor = in.u8();
  const std::uint8_t major = in.u8();
  in.skip(12);  // patch, internal and hardware versions, crash code, unknown
  std::uint8_t size = in.u8();
  if (size == 0) size = in.u8();
  const std::string_view name = in.text(size);
  Collected facts;
  facts.add(about_sender("vendor", 85), "Schneider Electric");
  facts.add_raw(about_sender("model", 90), name);
  if (major != 0)
    facts.add_text(about_sender("firmware", 90),
                   [&](Writer& to) { to.hex(major, major < 0x10 ? 1 : 2).put('.').hex(minor, 2); });
  facts.say(out, in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  in.skip(1);  // session key
  const std::uint8_t code = in.u8();
  const bool is_response = code == kDone || code == kRefused;
  if (code == kDone) {
    const auto asked = out.asked(context.transaction);
    if (asked && asked->code == "0x02") say_identity(in, out);
  }
  const Function* const function = is_response ? nullptr : function_of(code);
  Text<kTargetBytesMax> target;
  if (code == kReadMemoryBlock || code == kWriteMemoryBlock) {
    in.skip(1);  // range
    const std::uint16_t block = in.le16();
    if (in.is_good()) target.put("block ").decimal(block);
  }
  Text<4> text;
  text.put("0x").hex(code, 2);
  const Operation said{
      .role = is_response ? Role::response : Role::request,
      .function = function != nullptr ? function->name : std::string_view(),
      .code = text.text(),
      .access = function != nullptr ? function->access : Access::none,
      .target = target.text(),
      .is_error = code == kRefused,
      .transaction = context.transaction,
      .is_provisional = is_response,
  };
  out.say(said, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "umas",
    .title = "UMAS",
    .over = over::kInside,
    .off_port = OffPort::never,
    .ports = kInside,
    .functions = kFunctions,
    .code_digits = 2,
    .facts = "vendor model firmware",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::umas
