// CODESYS V3 (CODESYS, WAGO, Schneider, Festo, Hitachi and many more): block driver, datagram,
// channel and service layer. The maker publishes the services (Cmp...Itf.h), not the layers below:
// those as public decoders agree on them.
#include <algorithm>

#include "sensor/dissect/codesys_services.h"

namespace osect::dissect::codesys {
namespace {

constexpr std::uint16_t kPorts[] = {11740, 11741, 11742, 11743, 1740, 1741, 1742, 1743, 1217};
constexpr std::uint32_t kBlockMagic = 0x000117e8;
constexpr std::size_t kBlockBytes = 8;
constexpr std::size_t kLengthMax = 0x4000;
constexpr std::uint8_t kDatagramMagic = 0xc5;
constexpr std::size_t kDatagramBytes = 6;
constexpr std::uint16_t kPlain = 0xcd55;
constexpr std::uint16_t kSecureLeft = 0x7557;
constexpr std::uint16_t kSecureRight = 0x5775;
constexpr std::uint8_t kConfidence = 95;

// The block driver over TCP; over UDP the datagram layer is first, its service at the fourth byte.
constexpr Lead kLeads[] = {{0, {0x00, kDatagramMagic}}, {3, {0xe8, 1, 2, 3, 4, 0x40}}};

enum Service : std::uint8_t {
  address_request = 1,
  address_response = 2,
  name_request = 3,
  name_response = 4,
  channel_manager = 0x40,
};

enum Type : std::uint8_t {
  block = 0x01,
  acknowledge = 0x02,
  keep_alive = 0x03,
  open_response = 0x83,
  get_info = 0xc2,
  open_request = 0xc3,
  close_channel = 0xc4,
};

constexpr std::uint16_t kIdentification = 0xc280;

void write_code(Writer& to, std::uint32_t number) {
  const std::uint32_t group = number >> 16;
  const std::uint32_t command = number & 0xffffU;
  switch (group << 16) {
    case kNameService:
      to.put("name 0x").hex(command, 4);
      break;
    case kDatagram:
      to.put("datagram 0x").hex(command, 2);
      break;
    case kChannel:
      to.put("channel 0x").hex(command, 2);
      break;
    case kSecure:
      to.put("secure");
      break;
    default:
      to.put("service 0x").hex(group, group > 0xff ? 4 : 2);
      to.put(" cmd 0x").hex(command, command > 0xff ? 4 : 2);
      break;
  }
}

struct Datagram {
  std::uint8_t service = 0;
  bool is_sane = false;
};

// Header, receiver's and sender's address, padding to a multiple of four.
Datagram read_datagram(Cursor& in) {
  const std::size_t start = in.offset();
  const bool has_magic = in.u8() == kDatagramMagic;
  const std::size_t header = 2U * (in.u8() & 0x07U);  // hops above
  in.skip(1);                                         // priority, kind of address
  Datagram datagram;
  datagram.service = in.u8();
  in.skip(1);  // message id
  const std::uint8_t lengths = in.u8();
  datagram.is_sane = has_magic && header >= kDatagramBytes;
  if (!datagram.is_sane) return datagram;
  in.skip(header - kDatagramBytes);
  in.skip(2U * (lengths & 0x0fU));
  in.skip(2U * (lengths >> 4U));
  in.skip((4 - (in.offset() - start) % 4) % 4);
  return datagram;
}

bool is_name_package(std::uint16_t package) {
  return (package >= 0xc201 && package <= 0xc203) || package == kIdentification;
}

bool is_channel_type(std::uint8_t type) {
  return (type >= Type::block && type <= Type::keep_alive) || type == Type::open_response ||
         (type >= Type::get_info && type <= Type::close_channel);
}

// The datagram's inside is what its service says.
bool is_proven(const Datagram& datagram, Cursor in) {
  switch (datagram.service) {
    case Service::name_request:
    case Service::name_response:
      return is_name_package(in.le16()) && in.is_good();
    case Service::channel_manager: {
      const std::uint8_t type = in.u8();
      const std::uint8_t flags = in.u8();
      return is_channel_type(type) && (flags & 0x7eU) == 0 && in.is_good();
    }
    default:
      return false;
  }
}

Verdict probe_datagram(Cursor in, const Context& context) {
  const Datagram datagram = read_datagram(in);
  if (!in.is_good() || !datagram.is_sane) return Verdict::no;
  if (is_proven(datagram, in)) return Verdict::yes;
  const bool is_known =
      datagram.service >= Service::address_request &&
      (datagram.service <= Service::name_response || datagram.service == Service::channel_manager);
  return context.is_usual_port && is_known ? Verdict::yes : Verdict::no;
}

Verdict probe(Cursor in, const Context& context) {
  if (context.over == over::kUdp) return probe_datagram(in, context);
  constexpr std::uint8_t kMagic[] = {0x00, 0x01, 0x17, 0xe8};
  const auto magic = in.rest().first(std::min<std::size_t>(in.left(), 4));
  if (!std::equal(magic.begin(), magic.end(), kMagic)) return Verdict::no;
  in.skip(4);
  const std::uint32_t length = in.le32();
  if (!in.is_good()) return Verdict::maybe;
  return length >= kBlockBytes + kDatagramBytes && length <= kLengthMax ? Verdict::yes
                                                                        : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  const std::uint32_t magic = in.be32();
  const std::uint32_t length = in.le32();
  if (!in.is_good()) return Framing::kNeedMore;
  if (magic != kBlockMagic || length < kBlockBytes || length > kLengthMax)
    return Framing::kNotAMessage;
  return length;
}

// Each layer counts by itself, each channel has its own order.
constexpr std::uint32_t kOfNames = 1;
constexpr std::uint32_t kOfOpening = 2;
constexpr std::uint32_t kOfNobody = 3;
constexpr std::uint32_t kOfAddresses = 4;
constexpr std::uint32_t kOfChannels = 0x10000;
std::uint64_t transaction_of(std::uint32_t layer, std::uint32_t number) {
  return std::uint64_t{layer} << 32 | number;
}

struct Said {
  Role role = Role::request;
  std::uint32_t number = 0;
  std::string_view target;
  bool is_error = false;
  std::uint64_t transaction = 0;
  bool is_provisional = false;
};

void say(const Said& said, const Cursor& proof, Out& out) {
  const Function function = find_function(said.number);
  Text<kCodeBytesMax> code;
  write_code(code, said.number);
  if (said.transaction >> 32 != kOfNobody) out.say_direction(said.role, proof);
  out.say({.role = said.role,
           .function = function.name,
           .code = code.text(),
           .access = function.access,
           .target = said.target,
           .is_error = said.is_error,
           .transaction = said.transaction,
           .is_provisional = said.is_provisional},
          proof);
}

void add_name(std::string_view attribute, Cursor& in, std::size_t characters, Collected& facts) {
  const auto name = in.bytes(2 * characters);
  in.skip(2);
  facts.add_text(about_sender(attribute, kConfidence),
                 [&](Writer& to) { to.printable_utf16(name); });
}

// Who a node is: numbers and lengths, then the names that the lengths count.
void collect_identification(Cursor& in, Collected& facts) {
  in.skip(4);  // channels, byte order, difference of addresses
  const std::uint16_t parent = in.le16();
  const std::uint16_t node = in.le16();
  const std::uint16_t device = in.le16();
  const std::uint16_t vendor = in.le16();
  in.skip(4);  // kind of target
  const std::uint32_t target = in.le32();
  const std::uint32_t version = in.le32();
  in.skip(4);  // flags
  const std::uint8_t serial = in.u8();
  in.skip(11);  // the maker's own data: its length; block driver
  in.skip(parent);
  add_name("device_name", in, node, facts);
  add_name("model", in, device, facts);
  add_name("vendor", in, vendor, facts);
  facts.add_raw(about_sender("serial", kConfidence), in.text(serial));
  facts.add_text(about_sender("model_code", kConfidence),
                 [&](Writer& to) { to.put("0x").hex(target, 8); });
  facts.add_text(about_sender("firmware", kConfidence), [&](Writer& to) {
    to.decimal(version >> 24).put('.').decimal(version >> 16 & 0xff).put('.');
    to.decimal(version >> 8 & 0xff).put('.').decimal(version & 0xff);
  });
}

void say_name_service(bool is_request, Cursor& in, Out& out) {
  const std::uint16_t package = in.le16();
  in.skip(2);  // version
  const std::uint32_t request = in.le32();
  if (!is_request && package == kIdentification) {
    Collected facts;
    collect_identification(in, facts);
    facts.say(out, in);
  }
  say({.role = is_request ? Role::request : Role::response,
       .number = kNameService | package,
       .target = {},
       .transaction = transaction_of(kOfNames, request),
       .is_provisional = !is_request},
      in, out);
}

// The first block of a message shows its service; the others go on with its data.
void say_block(bool is_request, bool is_first, Cursor& in, Out& out) {
  const std::uint16_t channel = in.le16();
  in.skip(4 + 4);  // numbers of block and acknowledged block
  if (!is_first) {
    out.check(in);
    return;
  }
  in.skip(4 + 4);  // bytes in all, checksum
  const std::uint16_t protocol = in.le16();
  if (in.is_good() && (protocol == kSecureLeft || protocol == kSecureRight)) {
    say({.role = is_request ? Role::request : Role::response,
         .number = kSecure,
         .target = {},
         .transaction = transaction_of(kOfChannels | channel, kSecure)},
        in, out);
    return;
  }
  in.expect(protocol == kPlain);
  const std::uint16_t header = in.le16();
  const std::uint16_t group = in.le16();
  const std::uint16_t command = in.le16();
  in.skip(4 + 4);                // session, bytes of content
  in.expect(header >= 4U * 3U);  // counts from the group on
  in.skip(std::min<std::size_t>(header - std::min<std::size_t>(header, 12), in.left()));
  const bool is_answer = (group & 0x80U) != 0;
  const std::uint32_t number = service(group & 0xff7fU, command);
  Text<kTargetBytesMax> target;
  Shown shown;
  if (is_answer) {
    Collected facts;
    shown = read_answer(number, in, facts);
    facts.say(out, in);
  } else {
    write_target(target, number, in);
  }
  say({.role = is_answer ? Role::response : Role::request,
       .number = number,
       .target = target.text(),
       .is_error = shown.is_refused,
       .transaction = transaction_of(kOfChannels | channel, number)},
      in, out);
}

void say_channel(const Context& context, Cursor& in, Out& out) {
  const std::uint8_t type = in.u8();
  const std::uint8_t flags = in.u8();
  switch (type) {
    case Type::block:
      say_block((flags & 0x80U) != 0, (flags & 0x01U) != 0, in, out);
      return;
    case Type::open_request:
    case Type::open_response: {
      const bool is_request = type == Type::open_request;
      in.skip(2 + 4);  // version, checksum
      const std::uint32_t message = in.le32();
      const std::uint16_t reason = is_request ? std::uint16_t{0} : in.le16();
      say({.role = is_request ? Role::request : Role::response,
           .number = kChannel | Type::open_request,
           .target = {},
           .is_error = reason != 0,
           .transaction = transaction_of(kOfOpening, message)},
          in, out);
      return;
    }
    case Type::keep_alive:
    case Type::get_info:
    case Type::close_channel: {  // either side says them; nobody answers
      const bool is_from_server = context.is_direction_known && !context.is_to_server;
      say({.role = is_from_server ? Role::response : Role::message,
           .number = kChannel | type,
           .target = {},
           .transaction = transaction_of(kOfNobody, type)},
          in, out);
      return;
    }
    case Type::acknowledge:
      out.check(in);
      return;
    default:
      in.expect(false);
      out.check(in);
      return;
  }
}

void dissect(Cursor in, const Context& context, Out& out) {
  if (context.over == over::kTcp) in.skip(kBlockBytes);
  const Datagram datagram = read_datagram(in);
  in.expect(datagram.is_sane);
  switch (datagram.service) {
    case Service::address_request:
    case Service::address_response:
      say({.role = datagram.service == Service::address_request ? Role::request : Role::response,
           .number = kDatagram | datagram.service,
           .target = {},
           .transaction = transaction_of(kOfAddresses, 0),
           .is_provisional = datagram.service == Service::address_response},
          in, out);
      break;
    case Service::name_request:
    case Service::name_response:
      say_name_service(datagram.service == Service::name_request, in, out);
      break;
    case Service::channel_manager:
      say_channel(context, in, out);
      break;
    default:
      in.expect(false);
      out.check(in);
      break;
  }
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "codesys",
    .title = "CODESYS V3",
    .over = over::kTcp | over::kUdp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "device_name model vendor serial model_code firmware application_name cpu_mode",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::codesys
