// Arguments of DCOM and OPC Classic calls in NDR (C706 chapter 14): MS-DCOM clause 2.2, the
// interface definitions of the OPC Foundation.
#include "sensor/dissect/dcom_stub.h"

#include <algorithm>
#include <iterator>

namespace osect::dissect::dcom {
namespace {

using dcerpc::Ndr;
using dcerpc::Uuid;

constexpr std::uint8_t kSure = 95;
constexpr std::size_t kThisBytes = 32;
constexpr std::uint32_t kPointerMax = 4096;  // more elements than any honest list is looked into

// Past ORPCTHIS or ORPCTHAT; what follows extensions is not read.
void skip_this(Ndr& stub) {
  stub.in.skip(2 + 2 + 4 + 4 + 16);  // version, flags, reserved, causality id
  stub.in.expect(stub.u32() == 0);
}
void skip_that(Ndr& stub) {
  stub.in.skip(4);  // flags
  stub.in.expect(stub.u32() == 0);
}

// A conformant and varying string of 16-bit characters, clause 14.3.4.
std::span<const std::uint8_t> read_string(Ndr& stub) {
  stub.align(4);
  stub.in.skip(4 + 4);  // maximum, offset
  const std::uint32_t count = stub.u32();
  stub.in.expect(count <= stub.in.left() / 2);
  return stub.in.bytes(std::size_t{count} * 2);
}

// The first of `count` strings whose references stand in an array before them.
std::span<const std::uint8_t> read_first_of(Ndr& stub, std::uint32_t count) {
  stub.in.expect(count > 0 && count <= kPointerMax && stub.u32() == count);
  stub.in.skip(std::size_t{count} * 4);
  return read_string(stub);
}

void write_named(Writer& to, std::string_view what, std::span<const std::uint8_t> name) {
  if (!name.empty()) to.put(' ').put(what).put(' ').printable_utf16(name);
}

void write_items(Writer& to, std::span<const std::uint8_t> first, std::uint32_t count) {
  if (first.empty()) return;
  to.put(' ').printable_utf16(first);
  if (count > 1) to.put(", +").decimal(count - 1).put(" more");
}

void write_class(Writer& to, const Uuid& id) {
  constexpr Uuid kServerList{0x13486d51, 0x4821, 0x11d2, 0xa4943cb306c10000};
  if (id == kServerList)
    to.put(" OPCEnum");
  else
    dcerpc::write_uuid(to.put(" clsid "), id);
}

// IOPCItemMgt::AddItems and ValidateItems: OPCITEMDEFs, then the strings of each.
void write_item_definitions(Writer& to, Ndr& stub) {
  constexpr std::size_t kDefinitionBytes = 28;
  const std::uint32_t count = stub.u32();
  stub.in.expect(count > 0 && count <= kPointerMax && stub.u32() == count);
  const bool has_path = stub.u32() != 0;
  const bool has_item = stub.u32() != 0;
  stub.in.skip(count * kDefinitionBytes - 8);
  if (has_path) read_string(stub);
  if (!stub.in.is_good() || !has_item) return;
  write_items(to, read_string(stub), count);
}

// The class among the activation properties, MS-DCOM clause 2.2.22: a list of property ids and
// sizes, then the properties; InstantiationInfoData begins with the class.
void write_activation(Writer& to, Ndr& stub) {
  constexpr Uuid kInstantiation{0x000001ab, 0, 0, 0xc000000000000046};
  constexpr std::uint32_t kCustom = 4;
  constexpr std::size_t kHeadersBytes = 16;  // of a serialised type, C706 has none: MS-RPCE 2.2.6
  constexpr std::uint32_t kPropertiesMax = 32;
  stub.in.expect(stub.u32() != 0);  // a reference to them
  stub.in.skip(4 + 4);              // size of the interface pointer, twice
  stub.in.skip(4);                  // signature
  if (stub.u32() != kCustom) return;
  stub.in.skip(16 + 16 + 4 + 4 + 4 + 4);  // interface, class, extension, size; size, reserved
  const Ndr properties = stub;
  stub.in.skip(kHeadersBytes + 4);
  const std::uint32_t header_bytes = stub.u32();
  stub.in.skip(4 + 4);  // reserved, destination context
  const std::uint32_t count = stub.u32();
  stub.in.skip(16 + 4 + 4 + 4 + 4);  // class, references to the lists, size of the first list
  stub.in.expect(count <= kPropertiesMax);
  std::uint32_t place = count;
  for (std::uint32_t i = 0; i < count && stub.in.is_good(); ++i)
    if (stub.uuid() == kInstantiation) place = i;
  stub.in.skip(4);  // size of the second list
  std::size_t before = header_bytes;
  for (std::uint32_t i = 0; i < place && stub.in.is_good(); ++i) before += stub.u32();
  if (!stub.in.is_good() || place == count) return;
  Ndr property = properties;
  property.in.skip(before);
  property.in.skip(kHeadersBytes);
  const Uuid id = property.uuid();
  if (property.in.is_good()) write_class(to, id);
}

// "name", "name[port]", an address: one string binding, MS-DCOM clause 2.2.19.3.
void add_binding(std::span<const std::uint8_t> raw, Collected& facts) {
  Text<256> text;
  text.printable_utf16(raw);
  const std::string_view name = text.text().substr(0, text.text().find('['));
  const std::optional<IpAddress> ip = IpAddress::parse(name);
  const bool is_loopback = ip && (ip->is_v4() ? ip->bytes()[0] == 127 : name == "::1");
  if (!ip)
    facts.add_raw(about_sender("host_name", kSure), name);
  else if (ip->is_station() && !is_loopback)
    facts.add_text(about_sender("ip", kSure), [&](Writer& to) { to.address(*ip); });
}

// DUALSTRINGARRAY, MS-DCOM clause 2.2.19: string bindings up to an empty one; the security bindings
// behind them name nobody.
void add_bindings(Ndr& stub, Collected& facts) {
  constexpr std::uint16_t kTcp = 7;
  if (stub.u32() == 0) return;  // no reference
  stub.in.skip(4);              // number of entries, as the array's size
  stub.in.skip(2);              // number of entries
  const std::size_t security = stub.u16();
  Ndr bindings{stub.in.child(std::min(stub.in.left(), security * 2)), stub.is_little};
  while (bindings.in.left() > 0) {
    const std::uint16_t tower = bindings.u16();
    if (tower == 0) return;
    const auto rest = bindings.in.rest();
    std::size_t size = 0;
    while (size + 1 < rest.size() && (rest[size] != 0 || rest[size + 1] != 0)) size += 2;
    if (size + 1 >= rest.size()) return;
    if (tower == kTcp) add_binding(rest.first(size), facts);
    bindings.in.skip(size + 2);
  }
}

// OPCSERVERSTATUS and OPCEVENTSERVERSTATUS: times, state, (groups, bandwidth,) version, maker.
void add_status(Ndr& stub, std::size_t before_version, Collected& facts) {
  if (stub.u32() == 0) return;  // no reference
  stub.in.skip(3 * 8 + before_version);
  const std::uint16_t major = stub.u16();
  const std::uint16_t minor = stub.u16();
  const std::uint16_t build = stub.u16();
  stub.in.skip(2);
  const bool has_maker = stub.u32() != 0;
  const auto maker = has_maker ? read_string(stub) : std::span<const std::uint8_t>{};
  if (!stub.in.is_good()) return;
  facts.add_text(about_sender("server_software", kSure), [&](Writer& to) {
    to.printable_utf16(maker);
    if (to.size() > 0) to.put(' ');
    to.decimal(major).put('.').decimal(minor).put('.').decimal(build);
  });
}

// ORPCTHIS, MS-DCOM clause 2.2.13.3: with it begins every call of an object.
bool is_object_call(Ndr stub) {
  const std::uint16_t major = stub.u16();
  const std::uint16_t minor = stub.u16();
  const std::uint32_t flags = stub.u32();
  const std::uint32_t reserved = stub.u32();
  stub.in.skip(16 + 4);
  return stub.in.is_good() && major == 5 && minor <= 7 && flags <= 0xff && reserved == 0;
}

bool is_of(const Method& method, Place interface, std::uint8_t opnum) {
  return method.interface == interface && method.opnum == opnum;
}

}  // namespace

void write_object(Writer& to, const Method& method, Ndr stub) {
  if (method.interface == kIObjectExporter) return;
  skip_this(stub);
  switch (method.interface) {
    case kIActivation:
      if (const Uuid id = stub.uuid(); stub.in.is_good()) write_class(to, id);
      return;
    case kIRemoteSCMActivator:
      if (method.opnum == 4) stub.in.expect(stub.u32() == 0);  // RemoteCreateInstance: outer object
      write_activation(to, stub);
      return;
    case kIOPCServer:  // AddGroup, GetGroupByName
      if (method.opnum == 3 || method.opnum == 5) write_named(to, "group", read_string(stub));
      return;
    case kIOPCServerList:
    case kIOPCServerList2:  // CLSIDFromProgID
      if (method.opnum == 5) write_named(to, "progid", read_string(stub));
      return;
    case kIOPCItemMgt:  // AddItems, ValidateItems
      if (method.opnum == 3 || method.opnum == 4) write_item_definitions(to, stub);
      return;
    case kIOPCItemProperties:
      write_items(to, read_string(stub), 1);
      return;
    case kIOPCItemIO: {
      const std::uint32_t count = stub.u32();
      write_items(to, read_first_of(stub, count), count);
      return;
    }
    case kIOPCHDAServer:  // GetItemHandles, ValidateItemIDs
      if (method.opnum == 6 || method.opnum == 8) {
        const std::uint32_t count = stub.u32();
        write_items(to, read_first_of(stub, count), count);
      }
      return;
    default:
      return;
  }
}

void add_asker(const Method& method, Ndr stub, Collected& facts) {
  if (!is_of(method, kIOPCCommon, 7)) return;  // SetClientName
  skip_this(stub);
  const auto name = read_string(stub);
  if (!name.empty())
    facts.add_text(about_sender("application_name", kSure),
                   [&](Writer& to) { to.printable_utf16(name); });
}

void add_answer(const Method& method, Ndr stub, Collected& facts) {
  if (method.interface == kIObjectExporter) {
    if (method.opnum == 5) stub.in.skip(2 + 2);  // version
    if (method.opnum == 0 || method.opnum >= 4) add_bindings(stub, facts);
    return;
  }
  skip_that(stub);
  if (is_of(method, kIOPCServer, 6)) add_status(stub, 4 + 4 + 4, facts);
  if (is_of(method, kIOPCEventServer, 3)) add_status(stub, 4, facts);
}

bool has_failed(const Method& method, const Ndr& stub) {
  constexpr std::uint32_t kFailure = 0x80000000;
  if (stub.in.left() < 4) return false;
  Ndr result = stub;
  result.in.skip(stub.in.left() - 4);
  const std::uint32_t value = result.u32();
  return method.interface == kIObjectExporter ? value != 0 : (value & kFailure) != 0;
}

std::optional<Place> find_interface(const Uuid& id) {
  const auto* const found = std::find_if(std::begin(kInterfaces), std::end(kInterfaces),
                                         [&](const Interface& i) { return i.id == id; });
  if (found == std::end(kInterfaces)) return std::nullopt;
  return static_cast<Place>(found - std::begin(kInterfaces));
}

Kind kind_of(const dcerpc::Pdu& pdu) {
  const std::size_t length = pdu.length - dcerpc::kPduHeaderBytes;
  const Kind otherwise = pdu.body.left() < length ? Kind::unclear : Kind::other;
  Ndr body{pdu.body, pdu.is_little};
  if (pdu.is_bind()) {
    for (std::uint8_t left = dcerpc::begin_offers(body); left > 0 && body.in.is_good(); --left) {
      const dcerpc::Offer offer = dcerpc::read_offer(body);
      if (body.in.is_good() && find_interface(offer.interface)) return Kind::object_rpc;
      dcerpc::skip_syntaxes(body, offer);
    }
    return body.in.is_good() ? Kind::other : otherwise;
  }
  if (pdu.type != dcerpc::request || !pdu.is_first() || !pdu.has_object()) return Kind::other;
  body.in.skip(4 + 2 + 2 + 16);  // allocation hint, context, operation, object
  if (is_object_call(body)) return Kind::object_rpc;
  return body.in.left() < kThisBytes ? otherwise : Kind::other;
}

}  // namespace osect::dissect::dcom
