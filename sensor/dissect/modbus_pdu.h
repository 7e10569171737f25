// The function codes and data of Modbus, whatever carries them: MODBUS Application Protocol V1.1b3.
// What every message needs is here, to be built into its dissectors.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::modbus_pdu {

constexpr std::uint8_t kException = 0x80;  // in the function code of a refusal
constexpr std::uint8_t kDiagnostics = 8;
constexpr std::uint8_t kEncapsulated = 43;
constexpr std::uint8_t kDeviceIdentification = 14;  // kinds of encapsulated interface
constexpr std::uint8_t kCanOpen = 13;
constexpr std::uint8_t kUmas = 90;

inline constexpr Function kFunctions[] = {
    {1, "read_coils", Access::read},
    {2, "read_discrete_inputs", Access::read},
    {3, "read_holding_registers", Access::read},
    {4, "read_input_registers", Access::read},
    {5, "write_single_coil", Access::write},
    {6, "write_single_register", Access::write},
    {7, "read_exception_status", Access::diagnostic},
    {8, "diagnostics", Access::diagnostic},
    {11, "get_comm_event_counter", Access::diagnostic},
    {12, "get_comm_event_log", Access::diagnostic},
    {15, "write_multiple_coils", Access::write},
    {16, "write_multiple_registers", Access::write},
    {17, "report_server_id", Access::identity},
    {20, "read_file_record", Access::read},
    {21, "write_file_record", Access::write},
    {22, "mask_write_register", Access::write},
    {23, "read_write_multiple_registers", Access::write},
    {24, "read_fifo_queue", Access::read},
    {43, "encapsulated_interface_transport", Access::identity},
    {90, "umas", Access::program},
};

// How a request names what it is about.
enum class Names : std::uint8_t {
  nothing,
  one,     // an address
  range,   // an address, and how many from there
  others,  // in a way of its own
};

// One load and one store as a whole: what follows the word is written over.
struct Area {
  std::array<char, 14> word{};  // " holding "
  std::uint8_t size = 0;
  Names names = Names::nothing;
};
static_assert(sizeof(Area) == 16);

// A number below 1000 with its length, and with zeros in front.
struct Number {
  std::array<char, 3> digits{};
  std::uint8_t size = 0;
  std::array<char, 4> padded{};
};

// What is the same in every message, worked out once: names by function code, the texts "1".."127"
// and "unit 0".."unit 255", areas, numbers.
struct Tables {
  std::array<Function, 128> functions{};
  std::array<bool, 128>
      is_special{};  // what the data say makes a difference, or belongs to another
  std::array<std::array<char, 4>, 128> codes{};  // the last byte is the length
  std::array<std::array<char, 9>, 256> units{};
  std::array<Area, 128> areas{};
  std::array<Number, 1000> numbers{};
};

extern constinit const Tables kTables;

template <std::size_t kBytes>
[[nodiscard]] std::string_view text_of(const std::array<char, kBytes>& text) {
  return {text.data(), static_cast<std::size_t>(text.back())};
}

[[nodiscard]] inline std::string_view name_of(std::uint8_t function) {
  return kTables.functions[function].name;
}
[[nodiscard]] inline std::string_view code_of(std::uint8_t function) {
  return text_of(kTables.codes[function]);
}
[[nodiscard]] inline std::string_view unit_of(std::uint8_t unit) {
  return text_of(kTables.units[unit]);
}

// Sizes of the data behind the function code tell requests from responses for most functions.
enum class Shape : std::uint8_t { either, request, response, neither };
[[nodiscard]] Shape shape_of(std::uint8_t function, std::span<const std::uint8_t> data);

// Diagnostics and encapsulated interfaces do different things, functions that others fill too.
[[nodiscard]] inline bool is_special(std::uint8_t function) {
  return kTables.is_special[function];
}
[[nodiscard]] Access access_of_special(std::uint8_t function, const Cursor& data);
[[nodiscard]] inline Access access_of(std::uint8_t function, const Cursor& data) {
  return is_special(function) ? access_of_special(function, data)
                              : kTables.functions[function].access;
}

// Vendor, product and version of the server (function 43/14), objects 0 to 6 of clause 6.21.
void identify(Cursor& data, Collected& facts);

// What a request is about: "unit 7 holding 100..109". Of data that are too short only the unit.
class Target {
 public:
  Target(std::uint8_t unit, std::uint8_t function, const Cursor& data) {
    const auto& prefix = kTables.units[unit];
    const Area& area = kTables.areas[function];
    put_all(text_.data(), prefix);
    size_ = text_of(prefix).size();
    if (area.names != Names::nothing) add(area, function, data);
  }
  [[nodiscard]] std::string_view text() const { return {text_.data(), size_}; }

 private:
  void add(const Area& area, std::uint8_t function, const Cursor& data) {
    char* to = text_.data() + size_;
    put_all(to, area);
    to += area.size;
    const auto bytes = data.rest();
    if (area.names == Names::others || bytes.size() < 4) {
      add_other(to, area, function, data);
      return;
    }
    const auto first = static_cast<std::uint32_t>(bytes[0] << 8 | bytes[1]);
    const auto count = static_cast<std::uint32_t>(bytes[2] << 8 | bytes[3]);
    to = put_number(to, first);
    if (area.names == Names::range && count > 1) {
      put_all(to, std::array{'.', '.'});
      to = put_number(to + 2, first + count - 1);
    }
    size_ = static_cast<std::size_t>(to - text_.data());
  }
  void add_other(char* to, const Area& area, std::uint8_t function, Cursor data);

  // With what lies behind the text, which is written over: a load and a store.
  template <typename Whole>
  static void put_all(char* to, const Whole& from) {
    std::memcpy(to, &from, sizeof from);  // NOLINT: of a size that is known when it is built
  }
  // Addresses and their sums: up to 131070.
  static char* put_number(char* to, std::uint32_t value) {
    if (value >= 1000) {
      to = put_below_1000(to, value / 1000);
      put_all(to, kTables.numbers[value % 1000].padded);
      return to + 3;
    }
    return put_below_1000(to, value);
  }
  static char* put_below_1000(char* to, std::uint32_t value) {
    const Number& number = kTables.numbers[value];
    put_all(to, number);
    return to + number.size;
  }

  std::array<char, kTargetBytesMax> text_;
  std::size_t size_ = 0;
};

}  // namespace osect::dissect::modbus_pdu
