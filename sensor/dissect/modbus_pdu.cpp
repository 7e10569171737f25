// Names, shapes and targets of Modbus functions; MODBUS Application Protocol V1.1b3, clauses 6
// and 7.
#include "sensor/dissect/modbus_pdu.h"

#include <algorithm>

namespace osect::dissect::modbus_pdu {
namespace {

constexpr std::uint8_t kReadFifoQueue = 24;

constexpr std::size_t digits_of(std::size_t value) {
  return value < 10 ? 1 : value < 100 ? 2 : 3;
}

constexpr void write_decimal(char* to, std::size_t value) {
  for (std::size_t i = digits_of(value); i > 0; --i, value /= 10)
    to[i - 1] = static_cast<char>('0' + value % 10);
}

constexpr Area area(Names names, std::string_view word) {
  Area made;
  made.names = names;
  made.size = static_cast<std::uint8_t>(word.size());
  for (std::size_t i = 0; i < word.size(); ++i) made.word[i] = word[i];
  return made;
}

constexpr Tables make_tables() {
  Tables tables;
  for (std::size_t i = 0; i < 128; ++i) {
    write_decimal(tables.codes[i].data(), i);
    tables.codes[i].back() = static_cast<char>(digits_of(i));
  }
  for (const Function& function : kFunctions) tables.functions[function.code] = function;
  for (std::size_t i = 0; i < 256; ++i) {
    auto& unit = tables.units[i];
    unit = {'u', 'n', 'i', 't', ' '};
    write_decimal(unit.data() + 5, i);
    unit.back() = static_cast<char>(5 + digits_of(i));
  }
  for (std::size_t i = 0; i < 1000; ++i) {
    Number& number = tables.numbers[i];
    write_decimal(number.digits.data(), i);
    number.size = static_cast<std::uint8_t>(digits_of(i));
    number.padded = {static_cast<char>('0' + i / 100), static_cast<char>('0' + i / 10 % 10),
                     static_cast<char>('0' + i % 10)};
  }
  tables.is_special[kDiagnostics] = true;
  tables.is_special[kEncapsulated] = true;
  tables.is_special[kUmas] = true;
  tables.areas[1] = area(Names::range, " coil ");
  tables.areas[2] = area(Names::range, " discrete ");
  tables.areas[3] = area(Names::range, " holding ");
  tables.areas[4] = area(Names::range, " input ");
  tables.areas[5] = area(Names::one, " coil ");
  tables.areas[6] = area(Names::one, " holding ");
  tables.areas[15] = area(Names::range, " coil ");
  tables.areas[16] = area(Names::range, " holding ");
  tables.areas[22] = area(Names::one, " holding ");
  tables.areas[kReadFifoQueue] = area(Names::one, " fifo ");
  for (const std::size_t function : {std::size_t{kDiagnostics}, std::size_t{20}, std::size_t{21},
                                     std::size_t{23}, std::size_t{kEncapsulated}})
    tables.areas[function] = area(Names::others, " ");
  return tables;
}

// Clause 6.8.
std::string_view sub_function(std::uint16_t sub) {
  constexpr std::array<std::string_view, 21> kNames = {
      "return query data",
      "restart communications",
      "return diagnostic register",
      "change ascii input delimiter",
      "force listen only",
      "",
      "",
      "",
      "",
      "",
      "clear counters",
      "return bus message count",
      "return bus communication error count",
      "return bus exception error count",
      "return server message count",
      "return server no response count",
      "return server nak count",
      "return server busy count",
      "return bus character overrun count",
      "",
      "clear overrun counter",
  };
  return sub < kNames.size() ? kNames[sub] : "";
}

void write_range(Writer& to, std::string_view area, Cursor& data) {
  const std::uint32_t first = data.be16();
  const std::uint32_t count = data.be16();
  to.put(area).put(' ').decimal(first);
  if (count > 1) to.put("..").decimal(first + count - 1);
}

// Clauses 6.14 and 6.15: the first group, and how many follow it.
void write_file_records(Writer& to, bool has_values, Cursor& data) {
  Cursor groups = data.child(data.u8());
  std::size_t more = 0;
  for (bool is_first = true; groups.left() > 0; is_first = false) {
    groups.skip(1);  // reference type
    const std::uint16_t file = groups.be16();
    const std::uint32_t first = groups.be16();
    const std::uint32_t count = groups.be16();
    if (has_values) groups.skip(std::size_t{2} * count);
    if (!groups.is_good()) break;
    if (is_first) {
      to.put("file ").decimal(file).put(" record ").decimal(first);
      if (count > 1) to.put("..").decimal(first + count - 1);
    } else {
      ++more;
    }
  }
  if (more > 0) to.put(" +").decimal(more);
}

void write_interface(Writer& to, Cursor& data) {
  constexpr std::array<std::string_view, 5> kCategories = {"", "basic", "regular", "extended",
                                                           "object "};
  constexpr std::uint8_t kObject = 4;
  const std::uint8_t kind = data.u8();
  if (kind == kCanOpen) {
    to.put("canopen");
  } else if (kind != kDeviceIdentification) {
    to.put("interface ").decimal(kind);
  } else {
    const std::uint8_t category = data.u8();
    to.put("identification ");
    if (category >= kCategories.size() || category == 0)
      to.decimal(category);
    else
      to.put(kCategories[category]);
    if (category == kObject) to.decimal(data.u8());
  }
}

void write_other(Writer& to, std::uint8_t function, Cursor& data) {
  if (function == kDiagnostics) {
    const std::uint16_t sub = data.be16();
    if (const std::string_view name = sub_function(sub); !name.empty())
      to.put(name);
    else
      to.put("diagnostics ").decimal(sub);
  } else if (function == kEncapsulated) {
    write_interface(to, data);
  } else if (function == 23) {
    write_range(to, "holding", data);
    write_range(to, " write", data);
  } else {
    write_file_records(to, function == 21, data);
  }
}

}  // namespace

extern constinit const Tables kTables = make_tables();

void Target::add_other(char* to, const Area& area, std::uint8_t function, Cursor data) {
  Writer text(std::span<char>(to, text_.data() + text_.size()));
  if (area.names == Names::others)
    write_other(text, function, data);
  else  // a queue's address is all; every other needs four bytes
    text.decimal(data.be16());
  const bool is_whole = area.names == Names::others || function == kReadFifoQueue;
  if (data.is_good() && is_whole && text.size() > 0)
    size_ = static_cast<std::size_t>(to - text_.data()) + text.size();
}

Shape shape_of(std::uint8_t function, std::span<const std::uint8_t> data) {
  const std::size_t size = data.size();
  const auto counted = [&](std::size_t at) { return size > at && size == at + 1 + data[at]; };
  const auto judge = [](bool is_request, bool is_response) {
    if (is_request && is_response) return Shape::either;
    return is_request ? Shape::request : is_response ? Shape::response : Shape::neither;
  };
  switch (function) {
    case 1:
    case 2:
      return judge(size == 4, counted(0));
    case 3:
    case 4:
      return judge(size == 4, counted(0) && data[0] % 2 == 0);
    case 5:
    case 6:
      return judge(size == 4, size == 4);
    case 15:
    case 16:
      return judge(counted(4), size == 4);
    case 22:
      return judge(size == 6, size == 6);
    case 23:
      return judge(counted(8), counted(0));
    case 7:
      return judge(size == 0, size == 1);
    case 11:
      return judge(size == 0, size == 4);
    case 12:
    case 17:
      return judge(size == 0, counted(0));
    case kEncapsulated:
      if (size > 0 && data[0] == kDeviceIdentification) return judge(size == 3, size >= 6);
      return Shape::either;
    default:
      return Shape::either;
  }
}

Access access_of_special(std::uint8_t function, const Cursor& data) {
  if (function == kDiagnostics && data.peek(0) == 0) {
    // Restart communications, force listen only, clear counters: clause 6.8.
    const std::uint8_t what = data.peek(1);
    if (what == 1 || what == 4 || what == 10) return Access::control;
  }
  if (function == kEncapsulated && data.peek(0) == kCanOpen) return Access::write;
  return kTables.functions[function].access;
}

void identify(Cursor& data, Collected& facts) {
  constexpr std::array<std::string_view, 7> kAttributes = {
      "vendor",       "product_code", "firmware",        "vendor_url",
      "product_name", "model",        "application_name"};
  data.skip(5);  // kind, read device id code, conformity level, more follows, next object
  for (std::uint8_t left = data.u8(); left > 0 && data.is_good(); --left) {
    const std::uint8_t object = data.u8();
    const std::string_view value = data.text(data.u8());
    if (object < kAttributes.size()) facts.add_raw(about_sender(kAttributes[object], 95), value);
  }
}

}  // namespace osect::dissect::modbus_pdu
