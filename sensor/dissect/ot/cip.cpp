// Common Industrial Protocol, explicit messages: CIP Networks Library volume 1, clause 2-4 (message
// router), 3-5 (connection manager), appendix A; Logix data access 1756-PM020.
#include <optional>

#include "sensor/dissect/cip_identity.h"
#include "sensor/dissect/cip_names.h"
#include "sensor/dissect/cip_path.h"
#include "sensor/dissect/collected.h"

namespace osect::dissect::cip {
namespace {

constexpr std::uint16_t kInside[] = {inside::kCip, inside::kCipConnected};
constexpr std::uint8_t kIsResponse = 0x80;
constexpr std::uint8_t kSuccess = 0x00;
constexpr std::uint8_t kPartialTransfer = 0x06;
constexpr std::uint8_t kEmbeddedError = 0x1e;
constexpr int kDepthMax = 3;  // an unconnected send with a multiple service packet inside
constexpr std::uint8_t kRequestorBytesMin = 7;

// Word of the flow: what is known of the routes of its connections.
enum Routes : std::uint32_t { unknown = 0, direct = 1, routed = 2, mixed = 3 };
constexpr std::uint32_t kRoutes = 3;
constexpr std::uint32_t kSlotKnown = 4;  // with routed: the slot stands in bits 8 to 15
constexpr unsigned kSlotShift = 8;

// What surrounds a message.
struct Place {
  std::uint64_t transaction = 0;  // of the carrier
  std::uint32_t index = 0;        // within a multiple service packet, from 1
  int depth = 0;
  bool is_connected = false;
  std::string_view route;  // of an unconnected send around it
};

// The service is part of what pairs: an unconnected send waits beside what it carries.
std::uint64_t transaction_of(const Place& place, std::uint8_t service) {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;  // spreads the words over the key
  const std::uint64_t inner = std::uint64_t{place.index} << 8 | service;
  return ((place.transaction + 1) * kOdd ^ inner) | std::uint64_t{1} << 63;
}

bool is_request(Cursor in) {
  const std::uint8_t service = in.u8();
  const std::size_t words = in.u8();
  return service != 0 && in.is_good() && in.left() >= 2 * words;
}

bool is_response(Cursor in) {
  in.skip(1);
  const std::uint8_t reserved = in.u8();
  in.skip(1);
  const std::size_t words = in.u8();
  return in.is_good() && reserved == 0 && in.left() >= 2 * words;
}

Verdict probe(Cursor in, const Context& context) {
  if (context.inside == inside::kCipConnected) in.skip(2);
  const bool fits = (in.peek() & kIsResponse) != 0 ? is_response(in) : is_request(in);
  return fits ? Verdict::yes : Verdict::no;
}

// One explicit message and those inside it.
class Reader {
 public:
  Reader(const Context& context, Out& out) : context_(context), out_(out) {}

  void read(Cursor in, const Place& place) {
    if ((in.peek() & kIsResponse) != 0)
      read_response(in, place);
    else
      read_request(in, place);
  }

 private:
  void read_request(Cursor in, const Place& place);
  void read_response(Cursor in, const Place& place);
  void read_packet(Cursor in, const Place& place);
  void read_unconnected_send(Cursor in, const Place& place);
  void read_forward_open(Cursor& in, bool is_large, Path& connection);
  void read_pccc(Cursor in, const Place& place);
  void read_identity(Cursor in, std::uint8_t service, const Place& place);
  void note_route(const Path& connection);

  const Context& context_;
  Out& out_;
};

void Reader::read_request(Cursor in, const Place& place) {
  const std::uint8_t service = in.u8();
  Path path;
  Cursor words = in.child(std::size_t{in.u8()} * 2);
  read_path(words, path);
  in.expect(path.is_clean);

  const bool is_manager = path.of_class() == object::kConnectionManager;
  const bool is_open =
      is_manager && (service == service::kForwardOpen || service == service::kLargeForwardOpen);
  std::optional<Path> about;  // what the manager is asked to connect or send to
  Cursor data = in;
  if (is_open) {
    read_forward_open(data, service == service::kLargeForwardOpen, about.emplace());
  } else if (is_manager && service == service::kUnconnectedSend) {
    data.skip(2);
    const std::size_t size = data.le16();
    data.skip(size + size % 2);
    const std::size_t route_words = data.u8();
    data.skip(1);
    read_path(data.child(2 * route_words), about.emplace());
  }
  Text<kCodeBytesMax> code;
  write_code(code, path.of_class(), service);
  Text<2 * kTargetBytesMax> target;
  if (is_open)
    write_target(target, about->route.text(), *about);
  else if (about && about->route.size() > 0)
    target.put(about->route.text());
  else
    write_target(target, place.route, path);
  const Meaning meaning = meaning_of(path.of_class(), service);
  out_.say(Operation{.role = Role::request,
                     .function = meaning.name,
                     .code = code.text(),
                     .access = meaning.access,
                     .target = target.text().substr(0, kTargetBytesMax),
                     .transaction = transaction_of(place, service)},
           data);
  if (!data.is_good() || place.depth == kDepthMax) return;
  Place inner = place;
  ++inner.depth;
  if (service == service::kMultipleServicePacket) {
    read_packet(in, inner);
  } else if (is_manager && service == service::kUnconnectedSend) {
    inner.route = about->route.text();
    read_unconnected_send(in, inner);
  } else if (path.of_class() == object::kPccc && service == service::kExecutePccc) {
    read_pccc(in, place);
  }
}

// Services with their offsets from the count on, CIP volume 1, appendix.
void Reader::read_packet(Cursor in, const Place& place) {
  const auto all = in.rest();
  const std::uint16_t count = in.le16();
  Cursor offsets = in.child(std::size_t{count} * 2);
  out_.check(offsets);
  for (std::uint16_t i = 1; i <= count && offsets.left() > 0; ++i) {
    const std::size_t from = offsets.le16();
    std::size_t to = all.size();
    if (offsets.left() >= 2) to = offsets.peek(0) | std::size_t{offsets.peek(1)} << 8;
    Cursor bounds(all);
    bounds.expect(from < to && to <= all.size());
    if (!bounds.is_good()) {
      out_.check(bounds);
      return;
    }
    Place inner = place;
    inner.index = place.index << 16 | i;
    read(Cursor(all.subspan(from, to - from)), inner);
  }
}

void Reader::read_unconnected_send(Cursor in, const Place& place) {
  in.skip(2);  // time tick and ticks
  const Cursor message = in.child(in.le16());
  if (message.left() > 0) read(message, place);
}

// The path of the new connection, and who opens it; CIP volume 1, clause 3-5.5.2.
void Reader::read_forward_open(Cursor& in, bool is_large, Path& connection) {
  in.skip(10);  // tick, ticks, connection ids
  in.skip(2);   // connection serial number
  const std::uint16_t vendor = in.le16();
  const std::uint32_t serial = in.le32();
  in.skip(4);                   // timeout multiplier, reserved
  in.skip(is_large ? 16 : 12);  // packet intervals and parameters of both directions
  in.skip(1);                   // transport
  const std::size_t words = in.u8();
  read_path(in.child(2 * words), connection);
  if (!in.is_good()) return;
  note_route(connection);
  Collected facts;
  facts.add_text(about_sender("cip_originator", 80), [&](Writer& to) {
    to.put("vendor 0x").hex(vendor, 4).put(" serial 0x").hex(serial, 8);
  });
  facts.say(out_, in);
}

// What connected messages reach is told only by the opening of their connection.
void Reader::note_route(const Path& connection) {
  if (context_.memory == nullptr) return;
  std::uint32_t& word = *context_.memory;
  std::uint32_t now = direct;
  if (connection.route.size() > 0) {
    now = routed;
    std::uint32_t slot = 0;
    const std::string_view text = connection.route.text();
    if (text.starts_with("slot ") && text.find(',') == text.npos) {
      for (const char digit : text.substr(5))
        slot = slot * 10 + static_cast<std::uint32_t>(digit - '0');
      now |= kSlotKnown | slot << kSlotShift;
    }
  }
  word = word == unknown || word == now ? now : std::uint32_t{mixed};
}

// The requestor, then a PCCC message; 1756-PM020, PCCC object.
void Reader::read_pccc(Cursor in, const Place& place) {
  const std::uint8_t requestor = in.u8();
  in.expect(requestor >= kRequestorBytesMin);
  in.skip(requestor - 1U);
  out_.check(in);
  if (in.is_good()) out_.carry(inside::kPccc, transaction_of(place, service::kExecutePccc), in);
}

void Reader::read_response(Cursor in, const Place& place) {
  const std::uint8_t service = in.u8() & static_cast<std::uint8_t>(~kIsResponse);
  in.expect(in.u8() == 0);
  const std::uint8_t status = in.u8();
  in.skip(std::size_t{in.u8()} * 2);
  const bool is_good = status == kSuccess || status == kPartialTransfer;

  const bool has_packet =
      service == service::kMultipleServicePacket && (is_good || status == kEmbeddedError);
  if (is_good && (service == service::kGetAttributesAll || service == service::kGetAttributeList))
    read_identity(in, service, place);
  const bool has_pccc =
      service == service::kExecutePccc && is_good && in.peek() >= kRequestorBytesMin;
  if (has_pccc) {
    const auto asked = out_.asked(transaction_of(place, service));
    if (asked && asked->code == "service 0x4b class 0x67") read_pccc(in, place);
  }
  const Meaning meaning = common_meaning_of(service);
  const Operation said{.role = Role::response,
                       .function = meaning.name,
                       .code = code_without_class(service),
                       .access = meaning.access,
                       .target = {},
                       .is_error = !is_good,
                       .transaction = transaction_of(place, service),
                       .is_provisional = true};
  out_.say(said, in);
  // The answer to what an unconnected send carried answers the sending as well.
  if (place.depth == 0 && !place.is_connected && service != service::kUnconnectedSend) {
    const std::uint64_t sending = transaction_of(place, service::kUnconnectedSend);
    if (out_.asked(sending))
      out_.say(Operation{.role = Role::response,
                         .function = {},
                         .code = {},
                         .target = {},
                         .transaction = sending},
               in);
  }
  if (has_packet && place.depth < kDepthMax) {
    Place inner = place;
    ++inner.depth;
    read_packet(in, inner);
  }
}

// Only what was asked of the identity object is an identity, and only without a route the sender's.
void Reader::read_identity(Cursor in, std::uint8_t service, const Place& place) {
  const auto asked = out_.asked(transaction_of(place, service));
  if (!asked || !asked->code.ends_with(" class 0x01")) return;
  const auto about = asked->target.find("identity 1");
  if (about == asked->target.npos) return;
  Identity identity;
  if (service == service::kGetAttributesAll)
    identity.read_all(in);
  else
    identity.read_list(in);
  Collected facts;
  if (about > 2) {
    collect_module(identity, asked->target.substr(0, about - 2), facts);
  } else if (place.is_connected) {
    const std::uint32_t word = context_.memory != nullptr ? *context_.memory : unknown;
    if ((word & kRoutes) == direct) collect_identity(identity, facts);
    if ((word & kRoutes) == routed && (word & kSlotKnown) != 0) {
      Text<16> slot;
      slot.put("slot ").decimal(word >> kSlotShift);
      collect_module(identity, slot.text(), facts);
    }
  } else {
    collect_identity(identity, facts);
  }
  facts.say(out_, in);
}

void dissect(Cursor in, const Context& context, Out& out) {
  Place place;
  place.transaction = context.transaction;
  place.is_connected = context.inside == inside::kCipConnected;
  if (place.is_connected) in.skip(2);  // the sequence count, which the carrier has seen
  Reader(context, out).read(in, place);
}

void write_row_code(Writer& to, std::uint32_t code) {
  const auto service = static_cast<std::uint8_t>(code & 0xff);
  write_code(to, code >> 8, service);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "cip",
    .title = "CIP",
    .over = over::kInside,
    .off_port = OffPort::never,
    .ports = kInside,
    .functions = kFunctions,
    .write_code = write_row_code,
    .facts =
        "vendor device_type cip_key model firmware serial cip_status cpu_mode module "
        "cip_originator",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::cip
