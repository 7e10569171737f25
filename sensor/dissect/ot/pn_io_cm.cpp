// PROFINET IO context management: connections, record data, control, over connectionless RPC, and
// the endpoint mapper beside it; IEC 61158-6-10, clauses "RPC APDU" and "Coding of Blocks".
#include <algorithm>
#include <array>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dcerpc.h"
#include "sensor/dissect/dissector.h"
#include "sensor/dissect/profinet_identity.h"
#include "sensor/dissect/profinet_names.h"

namespace osect::dissect::pn_io_cm {
namespace {

using dcerpc::Datagram;
using dcerpc::Ndr;
using dcerpc::Uuid;

constexpr std::uint16_t kPorts[] = {34964};
constexpr std::uint16_t kWindowsMapper = 135;
constexpr std::uint8_t kSure = 95;
constexpr std::uint8_t kAsked = 70;  // what a client believes of its server

constexpr Lead kLeads[] = {
    {0, {4}}, {1, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}, {4, {0x00, 0x10}}, {5, {0}}};

enum Opnum : std::uint16_t {
  connect = 0,
  release = 1,
  read = 2,
  write = 3,
  control = 4,
  read_implicit = 5,
};

constexpr std::uint32_t kMapper = 0x10000;  // added to the endpoint mapper's operation numbers
constexpr std::uint16_t kLookup = 2;

constexpr Function kFunctions[] = {
    {connect, "connect", Access::session},
    {release, "release", Access::session},
    {read, "read", Access::read},
    {write, "write", Access::write},
    {control, "control", Access::session},
    {read_implicit, "read_implicit", Access::read},
    {kMapper | kLookup, "ept_lookup", Access::identity},
    {kMapper | 3, "ept_map", Access::identity},
    {kMapper | 4, "ept_lookup_handle_free", Access::session},
};

void write_code(Writer& to, std::uint32_t code) {
  if (code >= kMapper) to.put("epm ");
  to.put("opnum ").decimal(code & 0xffffU);
}

const Function* function_of(std::uint32_t code) {
  const auto* const found = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                         [&](const Function& f) { return f.code == code; });
  return found != std::end(kFunctions) ? found : nullptr;
}

// Block types; the answer's has the upper bit.
enum Block : std::uint16_t {
  write_header = 0x0008,
  ar = 0x0101,
  ar_server = 0x0106,
};
constexpr std::uint16_t kAnswer = 0x8000;
constexpr std::uint16_t kWriteMultiple = 0xe040;

// PNIO interfaces: device, controller, supervisor, parameter server.
bool is_pnio(const Uuid& interface) {
  constexpr Uuid kDevice{0xdea00001, 0x6c97, 0x11d1, 0x827100a02442df7d};
  const Uuid same{kDevice.low, interface.mid, interface.high, interface.rest};
  return same == kDevice && interface.low >= kDevice.low && interface.low < kDevice.low + 4;
}

Verdict probe(Cursor in, const Context& context) {
  const Datagram pdu = dcerpc::read_datagram(in);
  if (!in.is_good() && context.is_whole) return Verdict::no;
  if (is_pnio(pdu.interface)) return Verdict::yes;
  // Devices answer from a port of their own; Windows has a mapper too, elsewhere.
  const bool is_windows =
      context.source_port == kWindowsMapper || context.destination_port == kWindowsMapper;
  return pdu.interface == dcerpc::kEndpointMapper && !is_windows ? Verdict::yes : Verdict::no;
}

// IODReadReqHeader, IODWriteReqHeader and those of their answers.
struct RecordHeader {
  std::uint32_t api = 0;
  std::uint16_t slot = 0;
  std::uint16_t subslot = 0;
  std::uint16_t index = 0;
  std::uint32_t length = 0;
  std::uint32_t status = 0;  // of the answer to a write
};

RecordHeader read_record_header(Cursor& blocks) {
  const std::uint16_t type = blocks.be16();
  Cursor block = blocks.child(blocks.be16());
  RecordHeader header;
  block.skip(2 + 2 + 16);  // version, sequence number, AR
  header.api = block.be32();
  header.slot = block.be16();
  header.subslot = block.be16();
  block.skip(2);
  header.index = block.be16();
  header.length = block.be32();
  if (type == (Block::write_header | kAnswer)) {
    block.skip(4);  // additional values
    header.status = block.be32();
  }
  blocks.expect(block.is_good());
  return header;
}

void write_place_and_index(Writer& to, const RecordHeader& header) {
  to.put("api ");
  if (header.api < 0x100)
    to.decimal(header.api);
  else
    to.put("0x").hex(header.api, header.api > 0xffff ? 8 : 4);
  profinet::write_place(to.put(' '), header.slot, header.subslot);
  to.put(" index 0x").hex(header.index, 4);
}

void write_record(Writer& to, const RecordHeader& header) {
  write_place_and_index(to, header);
  const std::string_view word = profinet::record_of(header.index).word;
  if (!word.empty() && to.size() + 1 + word.size() <= kTargetBytesMax) to.put(' ').put(word);
}

std::string_view ar_type_word(std::uint16_t type) {
  switch (type) {
    case 0x0001:
      return "iocar_single";
    case 0x0003:
      return "iocar_cir";
    case 0x0006:
      return "iosar";
    case 0x0010:
      return "iocar_single_rt_class_3";
    case 0x0020:
      return "iocar_sr";
    default:
      return "";
  }
}

// ARBlockReq and ARBlockRes: the kind of connection, who its two ends are.
void read_ar(Cursor& block, bool is_request, Writer& target, Collected& facts) {
  constexpr std::uint16_t kSupervisor = 0x0006;
  const std::uint16_t type = block.be16();
  block.skip(16 + 2);  // AR, session key
  const MacAddress mac = block.mac();
  if (!block.is_good()) return;
  const std::string_view word = ar_type_word(type);
  target.put("ar ");
  if (word.empty())
    target.put("0x").hex(type, 4);
  else
    target.put(word);
  if (mac.is_station())
    facts.add_text(about_sender("mac", kSure), [&](Writer& to) { to.address(mac); });
  if (!is_request) {
    facts.add(about_sender("profinet_role", kSure), "io_device");
    return;
  }
  if (!word.empty())
    facts.add(about_sender("profinet_role", kSure),
              type == kSupervisor ? "io_supervisor" : "io_controller");
  Ndr object{block};
  profinet::add_object(object.uuid(), true, kSure, facts);
  block.skip(16 + 4 + 2 + 2);  // properties, timeout factor, UDP port
  facts.add_raw(about_sender("station_name", kSure), block.text(block.be16()));
}

std::string_view control_word(std::uint16_t block) {
  constexpr std::uint16_t kFirst = 0x0110;
  constexpr std::array<std::string_view, 9> kWords = {"prm_end",
                                                      "plug_prm_end",
                                                      "application_ready",
                                                      "plug_application_ready",
                                                      "",
                                                      "",
                                                      "ready_for_companion",
                                                      "ready_for_rt_class_3",
                                                      "prm_begin"};
  const std::size_t at = (block & 0x7fffU) - kFirst;
  return at < kWords.size() ? kWords[at] : std::string_view();
}

// What a message touches and tells.
struct Told {
  Text<kTargetBytesMax> target;
  Access access = Access::none;
  bool is_refused = false;
  Collected facts;
};

void read_connection(Cursor& blocks, Told& told) {
  while (blocks.left() > 0) {
    const std::uint16_t type = blocks.be16();
    Cursor block = blocks.child(blocks.be16());
    block.skip(2);  // version
    if ((type & 0x7fff) == Block::ar)
      read_ar(block, type == Block::ar, told.target, told.facts);
    else if (type == (Block::ar_server | kAnswer))
      told.facts.add_raw(about_sender("station_name", kSure), block.text(block.be16()));
  }
}

// Several records in one write: headers and data, each filled up to four bytes.
void read_write_multiple(Cursor& records, bool is_answer, Told& told) {
  RecordHeader first;
  std::uint32_t count = 0;
  while (records.left() > 0) {
    const RecordHeader header = read_record_header(records);
    if (!records.is_good()) return;
    if (!is_answer) {
      records.skip(header.length);
      records.skip(std::min<std::size_t>(records.left(), (4 - header.length % 4) % 4));
    }
    if (count++ == 0) first = header;
    told.is_refused = told.is_refused || header.status != 0;
  }
  if (count == 1) write_record(told.target, first);
  if (count < 2) return;
  write_place_and_index(told.target, first);
  told.target.put(", +").decimal(count - 1).put(" more");
}

void read_record(Cursor& blocks, bool is_write, bool is_answer, Told& told) {
  const RecordHeader header = read_record_header(blocks);
  if (!blocks.is_good()) return;
  told.is_refused = told.is_refused || header.status != 0;
  const profinet::Record& record = profinet::record_of(header.index);
  told.access = is_write ? record.write : record.read;
  if (is_write && header.index == kWriteMultiple) {
    read_write_multiple(blocks, is_answer, told);
    return;
  }
  write_record(told.target, header);
  if (!is_write && is_answer)
    profinet::add_record_data(header.slot, header.subslot, blocks, told.facts);
}

void read_blocks(std::uint16_t opnum, Cursor& blocks, bool is_answer, Told& told) {
  if (blocks.left() == 0) return;
  switch (opnum) {
    case Opnum::connect:
      read_connection(blocks, told);
      return;
    case Opnum::read:
    case Opnum::read_implicit:
      read_record(blocks, false, is_answer, told);
      return;
    case Opnum::write:
      read_record(blocks, true, is_answer, told);
      return;
    case Opnum::control:
      told.target.put(control_word(blocks.be16()));
      return;
    default:
      return;
  }
}

// Clause "RPC APDU": the arguments are one array of bytes; an answer begins with the PNIOStatus.
void read_arguments(const Datagram& pdu, Cursor& proof, Told& told) {
  const bool is_answer = pdu.type == dcerpc::response;
  Ndr arguments{pdu.body, pdu.is_little};
  const std::uint32_t first = arguments.u32();  // status, or the most that may be answered
  told.is_refused = is_answer && first != 0;
  arguments.in.skip(4 + 4 + 4);  // length, and what the array's bounds say once more
  const std::uint32_t count = arguments.u32();
  Cursor& in = arguments.in;
  if (pdu.is_fragment()) {
    // The first of several: what lies beyond it is no fault.
    Cursor part(in.rest());
    read_blocks(pdu.opnum, part, is_answer, told);
    proof = in;
    return;
  }
  proof = in.child(count);
  read_blocks(pdu.opnum, proof, is_answer, told);
}

// The answer to a lookup, C706 appendix O: entries of object, tower and annotation; the towers lie
// behind all of them.
void read_endpoints(const Datagram& pdu, Cursor& proof, Collected& facts) {
  Ndr answer{pdu.body, pdu.is_little};
  answer.in.skip(20 + 4 + 4 + 4);  // handle, number of entries, bounds of the array
  const std::uint32_t count = answer.u32();
  for (std::uint32_t i = 0; i < count && answer.in.left() > 0; ++i) {
    profinet::add_object(answer.uuid(), true, kSure, facts);
    answer.in.skip(4 + 4);  // reference to the tower, offset
    profinet::add_annotation(answer.in.text(answer.u32()), facts);
    answer.align(4);
  }
  proof = answer.in;
}

// Once in each direction of a flow: every message says it.
bool is_first(const Context& context, bool is_request) {
  const std::uint32_t bit = is_request ? 1 : 2;
  if (context.memory == nullptr || (*context.memory & bit) != 0) return false;
  *context.memory |= bit;
  return true;
}

void say_call(const Datagram& pdu, const Context& context, Out& out) {
  const bool is_mapper = pdu.interface == dcerpc::kEndpointMapper;
  const bool is_request = pdu.type == dcerpc::request;
  Told told;
  Cursor proof = pdu.body;
  if (pdu.type == dcerpc::fault || pdu.type == dcerpc::reject)
    told.is_refused = true;
  else if (!is_mapper)
    read_arguments(pdu, proof, told);
  else if (!is_request && pdu.opnum == kLookup)
    read_endpoints(pdu, proof, told.facts);
  // Who refuses may be another than was asked for.
  if (!is_mapper && !told.is_refused && proof.is_good() && is_first(context, is_request))
    profinet::add_object(pdu.object, !is_request, is_request ? kAsked : kSure, told.facts);
  told.facts.say(out, proof);

  const std::uint32_t number = pdu.opnum | (is_mapper ? kMapper : 0);
  const Function* const function = function_of(number);
  Text<kCodeBytesMax> code;
  write_code(code, number);
  const Access usual = function != nullptr ? function->access : Access::none;
  out.say({.role = is_request ? Role::request : Role::response,
           .function = function != nullptr ? function->name : std::string_view(),
           .code = code.text(),
           .access = told.access != Access::none ? told.access : usual,
           .target = told.target.text(),
           .is_error = told.is_refused,
           .transaction = pdu.call,
           .is_provisional = true},
          proof);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Datagram pdu = dcerpc::read_datagram(in);
  in.expect(is_pnio(pdu.interface) || pdu.interface == dcerpc::kEndpointMapper);
  if (!in.is_good()) {
    out.check(in);
    return;
  }
  if (pdu.is_from_client()) out.say_direction(Role::request, in);
  if (pdu.is_from_server()) out.say_direction(Role::response, in);
  // Pings, acknowledgements and what follows the first fragment say nothing more.
  const bool is_call = pdu.type == dcerpc::request || pdu.is_answer();
  if (is_call && pdu.fragment == 0)
    say_call(pdu, context, out);
  else
    out.check(pdu.body);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "pn_io_cm",
    .title = "PROFINET IO context management",
    .over = over::kUdp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = kFunctions,
    .write_code = write_code,
    .is_answered_elsewhere = true,
    .facts =
        "station_name mac profinet_role vendor profinet_vendor_id profinet_device_id model "
        "order_number serial hardware firmware module im_tag_function im_tag_location im_date "
        "im_descriptor",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::pn_io_cm
