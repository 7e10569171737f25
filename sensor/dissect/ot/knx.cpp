// KNX as KNXnet/IP carries it: KNX Standard 03_06_03 clause 4 (cEMI), 03_03_04 (transport layer),
// 03_03_07 clause 2 (application layer).
#include <algorithm>
#include <iterator>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"
#include "sensor/dissect/knx_names.h"
#include "sensor/dissect/knx_services.h"

namespace osect::dissect::knx {
namespace {

using namespace knx_services;  // NOLINT(google-build-using-namespace): its tables are this file's

constexpr std::uint16_t kInside[] = {inside::kKnx};
constexpr std::uint16_t kRouting = 0x0530;
constexpr std::uint8_t kConfidence = 95;

const Function* function_of(std::uint32_t code) {
  const auto* const at = std::lower_bound(
      std::begin(kFunctions), std::end(kFunctions), code,
      [](const Function& function, std::uint32_t wanted) { return function.code < wanted; });
  return at != std::end(kFunctions) && at->code == code ? at : nullptr;
}

void write_code(Writer& to, std::uint32_t code) {
  to.put("0x").hex(code & 0xfff, (code & kTwoDigits) != 0 ? 2 : 3);
}

// What a message is of, in the words of its table row.
struct Said {
  std::uint32_t code = 0;
  Role role = Role::message;
  Access access = Access::none;
  std::string_view target;
  std::uint64_t transaction = 0;
  bool is_error = false;
  bool has_own_code = false;
};

void say(const Said& said, const Cursor& proof, Out& out) {
  const Function* const function = function_of(said.code);
  Text<8> code;
  write_code(code, said.code);
  out.say({.role = said.role,
           .function = function != nullptr ? function->name : std::string_view(),
           .code = code.text(),
           .access = said.access,
           .target = said.target,
           .is_error = said.is_error,
           .transaction = said.transaction,
           .has_own_code = said.has_own_code},
          proof);
}

Access access_of(std::uint32_t code) {
  const Function* const function = function_of(code);
  return function != nullptr ? function->access : Access::none;
}

// 03_03_07 table 1: four bits tell the service, all ten where these leave no room for data.
std::uint16_t service_of(std::uint16_t apci) {
  const auto four_bits = static_cast<std::uint16_t>(apci & 0x3c0);
  switch (four_bits) {
    case 0x1c0:
      return apci < 0x1c8 ? four_bits : apci;
    case 0x2c0:
    case 0x380:
    case 0x3c0:
      return apci;
    default:
      return four_bits;
  }
}

// A telegram of the link layer.
struct Telegram {
  std::uint16_t source = 0;
  std::uint16_t destination = 0;
  bool is_group = false;
  bool is_refused = false;  // of a confirmation: it could not be sent
  bool has_addresses = true;
};

Telegram read_telegram(Cursor& in, std::uint8_t message) {
  Telegram telegram;
  if (message != data_req && message != data_ind && message != data_con) {
    in.skip(6);  // reserved where the link layer's fields are
    telegram.has_addresses = false;
    return telegram;
  }
  telegram.is_refused = (in.u8() & 1) != 0 && message == data_con;
  telegram.is_group = (in.u8() & 0x80) != 0;
  telegram.source = in.be16();
  telegram.destination = in.be16();
  return telegram;
}

// Whose object it is: of a response the sender's, and which of its memory or properties.
void write_target(Writer& to, const Telegram& telegram, std::uint16_t apci, Cursor& data) {
  const std::uint16_t service = service_of(apci);
  const Function* const function = function_of(service);
  const bool is_response = function != nullptr && function->name.ends_with("_response");
  if (service == individual_address_write) {  // which address the device shall have
    knx_names::write_individual(to, data.be16());
    return;
  }
  const bool is_broadcast = telegram.is_group && telegram.destination == 0;
  if (telegram.is_group && !is_broadcast)
    knx_names::write_group(to, telegram.destination);
  else if (telegram.has_addresses && is_response)
    knx_names::write_individual(to, telegram.source);
  else if (is_broadcast)
    to.put("broadcast");
  else if (telegram.has_addresses)
    knx_names::write_individual(to, telegram.destination);
  if (telegram.has_addresses) to.put(' ');
  if (service == memory_read || service == memory_response || service == memory_write) {
    to.put("memory 0x").hex(data.be16(), 4).put(" x").decimal(apci & 0xfU);
  } else if (service >= property_value_read && service <= property_description_response) {
    to.put("object ").decimal(data.u8());
    to.put(" property ").decimal(data.u8());
  }
}

// Answers of the link layer repeat what they confirm.
std::uint64_t transaction_of(std::uint32_t code, std::uint32_t whom) {
  return std::uint64_t{1} << 48 | std::uint64_t{code} << 32 | whom;
}

Role role_of(std::uint8_t message) {
  switch (message) {
    case data_con:
      return Role::response;
    case data_req:
      return Role::request;
    default:
      return Role::message;
  }
}

// 03_03_04 clause 2: what of the transport layer stands in front of the service.
void say_telegram(Cursor in, std::uint8_t message, const Context& context, Out& out) {
  constexpr std::uint8_t kControl = 0x80;
  const Telegram telegram = read_telegram(in, message);
  const std::size_t length = in.u8();
  in.expect(in.left() == length + 1 || !context.is_whole);
  const std::uint8_t tpci = in.u8();
  Said said{.role = role_of(message), .target = {}, .is_error = telegram.is_refused};
  Text<kTargetBytesMax> target;
  if ((tpci & kControl) != 0) {
    const bool is_numbered = (tpci & 0x40) != 0;
    said.code = kTwoDigits | (is_numbered ? tpci & 0xc3U : tpci);
    if (telegram.has_addresses) knx_names::write_individual(target, telegram.destination);
  } else {
    const auto apci = static_cast<std::uint16_t>((tpci & 3) << 8 | in.u8());
    said.code = service_of(apci);
    write_target(target, telegram, apci, in);
  }
  said.access = access_of(said.code);
  // What a server passes on from the bus is read by its client.
  const bool is_group_value = said.code == group_value_response || said.code == group_value_write;
  if (message == data_ind && context.transaction != kRouting && is_group_value && telegram.is_group)
    said.access = Access::read;
  said.target = trimmed(target.text());
  said.transaction = said.role == Role::message
                         ? 0
                         : transaction_of(said.code, std::uint32_t{telegram.is_group} << 16 |
                                                         telegram.destination);
  say(said, in, out);
}

// A property of the server itself.
struct Property {
  std::uint16_t object = 0;
  std::uint8_t instance = 0;
  std::uint8_t id = 0;
};

// 03_05_01: properties that identify; object 0 is the device, 11 the parameters of KNXnet/IP.
void collect_property(const Property& property, std::uint16_t first, std::uint8_t count, Cursor in,
                      Collected& facts) {
  constexpr std::uint16_t kDevice = 0;
  constexpr std::uint16_t kParameters = 11;
  constexpr std::uint8_t kSerialNumber = 11;
  constexpr std::uint8_t kManufacturer = 12;
  constexpr std::uint8_t kOrderInfo = 15;
  constexpr std::uint8_t kFriendlyName = 76;
  if (first != 1) return;
  if (property.object == kDevice && property.id == kSerialNumber && in.left() == 6)
    facts.add_text(about_sender("serial", kConfidence),
                   [&](Writer& to) { to.hex(in.be16(), 4).put(':').hex(in.be32(), 8); });
  if (property.object == kDevice && property.id == kManufacturer && in.left() == 2) {
    const std::uint16_t maker = in.be16();
    facts.add(about_sender("vendor", kConfidence), knx_names::find_manufacturer(maker));
    facts.add_text(about_sender("vendor_id", kConfidence), [&](Writer& to) { to.decimal(maker); });
  }
  if (property.object == kDevice && property.id == kOrderInfo && in.left() == 10)
    facts.add_raw(about_sender("order_number", kConfidence), in.text(10));
  if (property.object == kParameters && property.id == kFriendlyName && in.left() == count &&
      count > 1)
    facts.add_text(about_sender("device_name", kConfidence),
                   [&](Writer& to) { knx_names::write_name(to, in.text(count)); });
}

// 03_06_03 clause 4.1.7: the server's own properties.
void say_management(Cursor in, std::uint8_t message, Out& out) {
  const Property property{in.be16(), in.u8(), in.u8()};
  Text<kTargetBytesMax> target;
  target.put("object ").decimal(property.object).put(" property ").decimal(property.id);
  Said said{.code = kTwoDigits | message,
            .access = access_of(kTwoDigits | message),
            .target = target.text()};
  said.transaction =
      transaction_of(kTwoDigits, std::uint32_t{property.object} << 16 |
                                     std::uint32_t{property.instance} << 8 | property.id);
  Collected facts;
  switch (message) {
    case func_prop_command_req:
    case func_prop_read_req:
      said.role = Role::request;
      break;
    case func_prop_con:
      said.role = Role::response;
      said.is_error = in.left() == 0 || in.u8() != 0;
      break;
    default: {  // properties as such: how many elements, from which
      const std::uint16_t elements = in.be16();
      const auto count = static_cast<std::uint8_t>(elements >> 12);
      const bool is_request = message == prop_read_req || message == prop_write_req;
      const bool is_told = message == prop_info_ind;
      said.role = is_request ? Role::request : is_told ? Role::message : Role::response;
      said.is_error = said.role == Role::response && count == 0;
      if (message == prop_read_con && !said.is_error)
        collect_property(property, elements & 0xfff, count, in, facts);
      break;
    }
  }
  said.has_own_code = said.role == Role::response;
  facts.say(out, in);
  say(said, in, out);
}

Verdict probe(Cursor in, const Context&) {
  return in.left() > 0 ? Verdict::yes : Verdict::no;
}

// The service of KNXnet/IP that carries the message is its transaction.
void dissect(Cursor in, const Context& context, Out& out) {
  const std::uint8_t message = in.u8();
  switch (message) {
    case data_req:
    case data_ind:
    case data_con:
    case connected_req:
    case connected_ind:
    case individual_req:
    case individual_ind:
      in.skip(in.u8());  // additional information
      say_telegram(in, message, context, out);
      break;
    case prop_write_con:
    case prop_write_req:
    case prop_info_ind:
    case func_prop_command_req:
    case func_prop_read_req:
    case func_prop_con:
    case prop_read_con:
    case prop_read_req:
      say_management(in, message, out);
      break;
    default: {
      const std::uint32_t code = kTwoDigits | message;
      say({.code = code, .access = access_of(code), .target = {}}, in, out);
      break;
    }
  }
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "knx",
    .title = "KNX (cEMI)",
    .over = over::kInside,
    .off_port = OffPort::never,
    .ports = kInside,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "serial vendor vendor_id order_number device_name",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::knx
