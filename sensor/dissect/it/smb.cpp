// SMB: MS-CIFS, MS-SMB, MS-SMB2 clauses 2.2.3 to 2.2.6, over TCP directly or RFC 1002 clause 4.3.
// What negotiation and session setup say of both machines; files and users are not looked at.
#include <algorithm>

#include "sensor/dissect/ntlmssp.h"
#include "sensor/dissect/smb1.h"

namespace osect::dissect::smb {
namespace {

constexpr std::uint16_t kPorts[] = {445, 139};
// A session message, 02-bit length, then "SMB" behind what tells the versions apart.
constexpr Lead kLeads[] = {
    {0, {0x00}}, {4, {0xfc, 0xfd, 0xfe, 0xff}}, {5, {'S'}}, {6, {'M'}}, {7, {'B'}}};
constexpr std::uint8_t kConfidence = 85;
constexpr std::size_t kSessionHeadBytes = 4;

// RFC 1002 clause 4.3.1.
enum Session : std::uint8_t {
  message = 0x00,
  request = 0x81,
  positive = 0x82,
  negative = 0x83,
  retarget = 0x84,
  keep_alive = 0x85
};

// The first byte of each version's protocol identifier: the second version encrypts and compresses.
constexpr std::uint8_t kFirst = 0xff;
constexpr std::uint8_t kSecond = 0xfe;
constexpr std::uint8_t kEncrypted = 0xfd;
constexpr std::uint8_t kCompressed = 0xfc;

// MS-SMB2 clause 2.2.1.
enum Command : std::uint16_t { negotiate = 0, session_setup = 1 };
constexpr std::size_t kCommandAt = 12;  // in its header
constexpr std::size_t kHeaderBytes = 64;
constexpr std::uint32_t kFromServer = 1;

bool is_message(Cursor in) {
  const std::uint8_t version = in.u8();
  return (version == kFirst || version == kSecond || version == kEncrypted ||
          version == kCompressed) &&
         in.text(3) == "SMB";
}

Verdict probe(Cursor in, const Context& context) {
  const std::uint8_t type = in.u8();
  const std::uint32_t length = in.be24();
  if (type == Session::request && context.is_usual_port)
    return !in.is_good() ? Verdict::maybe : length == 68 ? Verdict::yes : Verdict::no;
  if (type != Session::message) return Verdict::no;
  // Away from its ports a few zeros are not held back for it.
  if (in.left() < 4) return context.is_usual_port ? Verdict::maybe : Verdict::no;
  return is_message(in) ? Verdict::yes : Verdict::no;
}

// Does the message say what its sender is? What is only transferred is passed over.
bool is_wanted(Cursor in) {
  const std::uint8_t version = in.peek();
  if (version == kSecond) {
    in.skip(kCommandAt);
    return in.le16() <= Command::session_setup;
  }
  const std::uint8_t command = in.peek(4);
  return version == kFirst &&
         (command == smb1::Command::negotiate || command == smb1::Command::session_setup);
}

Framing frame(Cursor in, const Context&) {
  const std::uint8_t type = in.u8();
  const std::size_t length = in.be24();
  if (!in.is_good()) return Framing::kNeedMore;
  if (type != Session::message)
    return type >= Session::request && type <= Session::keep_alive && length <= 512
               ? Framing(kSessionHeadBytes + length)
               : Framing(Framing::kNotAMessage);
  if (in.left() < std::min<std::size_t>(length, kCommandAt + 2)) return Framing::kNeedMore;
  // Anything may pass in a session whose beginning nobody saw; only what is SMB shows where it
  // begins.
  if (length < kCommandAt + 2 || !is_message(in)) return Framing::kNotAMessage;
  return Framing(kSessionHeadBytes + length, is_wanted(in) ? kSessionHeadBytes + length : 0);
}

std::string_view dialect_name(std::uint16_t dialect) {
  switch (dialect) {
    case 0x0202:
      return "SMB 2.0.2";
    case 0x0210:
      return "SMB 2.1";
    case 0x0300:
      return "SMB 3.0";
    case 0x0302:
      return "SMB 3.0.2";
    case 0x0311:
      return "SMB 3.1.1";
    case 0x02ff:  // whichever the client will choose in a second negotiation
      return "SMB 2";
    default:
      return "SMB";
  }
}

Fact fact(std::string_view attribute) {
  return about_sender(attribute, kConfidence);
}

void write_dialect(Writer& to, std::uint16_t dialect) {
  to.put(dialect_name(dialect)).put(" (0x").hex(dialect, 4).put(')');
}

// MS-DTYP clause 2.3.4.2: three integers, then eight bytes as they stand.
void write_guid(Writer& to, Cursor in) {
  to.hex(in.le32(), 8).put('-').hex(in.le16(), 4);
  to.put('-').hex(in.le16(), 4).put('-').hex(in.be16(), 4).put('-');
  while (in.left() > 0) to.hex(in.u8(), 2);
}

void add_signing(std::uint16_t security, Collected& facts) {
  facts.add(fact("smb_signing"), (security & 2U) != 0   ? "required"
                                 : (security & 1U) != 0 ? "enabled"
                                                        : "off");
}

// Clause 2.2.3.
void add_negotiate_request(Cursor& in, Collected& facts) {
  constexpr unsigned kDialectsMax = 16;
  in.expect(in.le16() == 36);
  const unsigned count = in.le16();
  in.skip(2 + 2 + 4 + 16 + 8);  // security, reserved, capabilities, GUID, contexts
  in.expect(count <= kDialectsMax);
  facts.add_text(fact("smb_dialects_offered"), [&](Writer& to) {
    for (unsigned i = 0; i < count && in.is_good(); ++i) {
      if (i > 0) to.put(", ");
      write_dialect(to, in.le16());
    }
  });
}

// Clause 2.2.4.
void add_negotiate_response(Cursor& in, std::span<const std::uint8_t> whole, Collected& facts) {
  in.expect(in.le16() == 65);
  add_signing(in.le16(), facts);
  const std::uint16_t dialect = in.le16();
  in.skip(2);
  const Cursor guid = in.child(16);
  in.skip(4 + 3 * 4 + 2 * 8);  // capabilities, sizes, times
  Cursor token(whole);
  token.skip(in.le16());
  token = token.child(in.le16());
  facts.add_text(fact("smb_dialect"), [&](Writer& to) { write_dialect(to, dialect); });
  facts.add_text(fact("smb_server_guid"), [&](Writer& to) { write_guid(to, guid); });
  ntlmssp::collect_from_token(token, facts);
}

// Clauses 2.2.5 and 2.2.6: their fixed parts differ before the token.
void add_session_setup(Cursor& in, bool is_response, std::span<const std::uint8_t> whole,
                       Collected& facts) {
  in.skip(is_response ? 4 : 12);
  Cursor token(whole);
  token.skip(in.le16());
  token = token.child(in.le16());
  in.expect(token.is_good());
  ntlmssp::collect_from_token(token, facts);
}

void read_second(Cursor& in, Collected& facts, bool& is_response) {
  const auto whole = in.rest();
  in.skip(8);
  const std::uint32_t status = in.le32();
  const std::uint16_t command = in.le16();
  in.skip(2);
  is_response = (in.le32() & kFromServer) != 0;
  in.skip(kHeaderBytes - 20);
  constexpr std::uint32_t kMoreProcessing = 0xc0000016;
  if (is_response && status != 0 && status != kMoreProcessing) return;  // an error's own body
  if (command == Command::session_setup)
    add_session_setup(in, is_response, whole, facts);
  else if (is_response)
    add_negotiate_response(in, whole, facts);
  else
    add_negotiate_request(in, facts);
}

void dissect(Cursor in, const Context&, Out& out) {
  Collected facts;
  const std::uint8_t type = in.u8();
  in.skip(3);
  if (type != Session::message) {
    if (type == Session::request) out.say_direction(Role::request, in);
    out.check(in);
    return;
  }
  Cursor smb = in.child(in.left());
  bool is_response = false;
  if (smb.peek() == kFirst) {
    smb.skip(4);
    const smb1::Header header = smb1::read_header(smb);
    is_response = header.is_response;
    smb1::collect(header, smb, facts);
  } else {
    read_second(smb, facts, is_response);
  }
  out.say_direction(is_response ? Role::response : Role::request, smb);
  facts.say(out, smb);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "smb",
    .title = "SMB",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = {},
    .facts =
        "smb_dialect smb_dialects_offered smb_signing smb_server_guid smb_native_os "
        "smb_lan_manager insecure_protocol os os_build host_name fqdn workgroup dns_domain",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::smb
