// TLS 1.0 to 1.3 and SSL 3.0 over TCP: RFC 8446, RFC 5246. Hellos and certificates; nothing that is
// encrypted is touched.
#include <algorithm>
#include <array>

#include "sensor/dissect/certificate.h"
#include "sensor/dissect/collected.h"
#include "sensor/dissect/digest.h"
#include "sensor/dissect/remote_tools.h"
#include "sensor/dissect/tls_hello.h"

namespace osect::dissect::tls {
namespace {

constexpr std::uint16_t kPorts[] = {443, 465,  636,  802,  853,  989,  990,   992,  993,
                                    995, 2221, 4843, 5061, 8443, 8883, 19998, 19999};
constexpr std::uint16_t kRemoteDesktop = 3389;
constexpr std::uint8_t kConfidence = 60;
constexpr std::uint8_t kSureConfidence = 80;
constexpr std::size_t kHeaderBytes = 5;
constexpr std::size_t kRecordBytesMax = (1U << 14) + 2048;
constexpr std::size_t kHandshakeBytesMax = 1U << 14;

enum Content : std::uint8_t {
  change_cipher_spec = 20,
  alert = 21,
  handshake = 22,
  application_data = 23,
  heartbeat = 24
};
constexpr Lead kLeads[] = {{0, {20, 21, 22, 23, 24}}, {1, {3}}};  // content type, major version
enum Handshake : std::uint8_t { client_hello = 1, server_hello = 2, certificate = 11 };

struct Record {
  std::uint8_t content;
  std::uint16_t version;
  std::uint16_t length;

  [[nodiscard]] bool is_sane() const {
    return content >= Content::change_cipher_spec && content <= Content::heartbeat &&
           version >> 8 == 3 && (version & 0xff) <= 4 && length <= kRecordBytesMax;
  }
};

Record read_record(Cursor& in) {
  return {.content = in.u8(), .version = in.be16(), .length = in.be16()};
}

// Is a handshake message of this type part of a flight in the clear? What is encrypted looks like
// any type, most often like 0, because an explicit nonce often counts from there.
bool is_handshake_type(std::uint8_t type) {
  constexpr std::array<std::uint8_t, 9> kTypes = {1, 2, 11, 12, 13, 14, 15, 16, 22};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

Verdict probe(Cursor in, const Context&) {
  const std::uint8_t content = in.peek(0);
  const std::uint8_t major = in.peek(1);
  const std::size_t here = in.left();
  const Record record = read_record(in);
  if (here < kHeaderBytes) {
    const bool is_begun = content >= Content::change_cipher_spec && content <= Content::heartbeat;
    return is_begun && (here < 2 || major == 3) ? Verdict::maybe : Verdict::no;
  }
  if (!record.is_sane() || record.length == 0) return Verdict::no;
  if (record.content == Content::application_data)
    return record.version > 0x0300 ? Verdict::yes : Verdict::no;
  if (record.content == Content::change_cipher_spec)
    return record.length == 1 && in.peek() <= 1 ? Verdict::yes : Verdict::no;
  if (record.content == Content::alert)
    return record.length == 2 && (in.left() == 0 || in.peek() == 1 || in.peek() == 2) ? Verdict::yes
                                                                                      : Verdict::no;
  if (record.content != Content::handshake) return Verdict::no;
  if (in.left() < 4) return Verdict::maybe;
  const std::uint8_t type = in.u8();
  const std::uint32_t length = in.be24();
  const bool is_hello = type == Handshake::client_hello || type == Handshake::server_hello;
  if (is_hello) return length >= 38 && length <= kHandshakeBytesMax ? Verdict::yes : Verdict::no;
  return is_handshake_type(type) && length <= kHandshakeBytesMax ? Verdict::yes : Verdict::maybe;
}

// Handshake messages may share a record and may span several: a run of records that ends with a
// message is framed as one. Other records are passed over unread.
Framing frame(Cursor in, const Context&) {
  const auto bytes = in.rest();
  std::size_t at = 0;
  std::size_t message_left =
      0;  // of the handshake message that the records so far leave unfinished
  do {
    Cursor here(bytes.subspan(std::min(at, bytes.size())));
    const Record record = read_record(here);
    if (!here.is_good()) return Framing::kNeedMore;
    if (!record.is_sane() || record.content != Content::handshake) {
      // A run that is broken off was no flight in the clear.
      if (at > 0) return Framing(at, 0);
      return record.is_sane() ? Framing(kHeaderBytes + record.length, 0)
                              : Framing(Framing::kNotAMessage);
    }
    std::size_t record_left = record.length;
    while (record_left > 0) {
      if (message_left == 0) {
        // A header that is split over two records never occurs in hellos; such a run is passed
        // over.
        if (record_left < 4) return Framing(at + kHeaderBytes + record.length, 0);
        if (here.left() < 4) return Framing::kNeedMore;
        const std::uint8_t type = here.u8();
        message_left = here.be24();
        record_left -= 4;
        if (!is_handshake_type(type) || message_left > kHandshakeBytesMax)
          return Framing(at + kHeaderBytes + record.length, 0);
      }
      const std::size_t part = std::min(record_left, message_left);
      if (here.left() < part && record_left > part)
        return Framing::kNeedMore;  // the next message's header is not here yet
      here.skip(std::min(part, here.left()));
      record_left -= part;
      message_left -= part;
    }
    at += kHeaderBytes + record.length;
  } while (message_left > 0 && at < kHandshakeBytesMax);
  return at;
}

void add_fingerprint(Collected& facts, std::string_view attribute, std::string_view digested) {
  const auto digest = md5_hex(digested);
  facts.add_text(about_sender(attribute, kSureConfidence),
                 [&](Writer& to) { to.put(std::string_view(digest.data(), digest.size())); });
}

void collect_client(Cursor& body, Collected& facts) {
  tls_hello::Hello hello;
  tls_hello::read_client(body, hello);
  if (!body.is_good()) return;
  Text<8192> digested;
  tls_hello::write_ja3(digested, hello);
  add_fingerprint(facts, "ja3", digested.text());
  facts.add_text(about_sender("ja4", kSureConfidence),
                 [&](Writer& to) { tls_hello::write_ja4(to, hello); });
  facts.add_raw(about_receiver("server_name", kConfidence), hello.server_name);
  facts.add(about_sender("remote_tool", kConfidence), remote_tools::of_host(hello.server_name));
}

void collect_server(Cursor& body, Collected& facts) {
  tls_hello::Hello hello;
  tls_hello::read_server(body, hello);
  if (!body.is_good()) return;
  Text<4096> digested;
  tls_hello::write_ja3s(digested, hello);
  add_fingerprint(facts, "ja3s", digested.text());
  facts.add(about_sender("tls_version", kSureConfidence),
            tls_hello::version_name(hello.version_chosen));
}

// The first certificate of the list is the sender's own.
void collect_certificate(Cursor& body, const Context& context, Collected& facts) {
  Cursor list = body.child(body.be24());
  if (list.left() == 0) return;  // a client without a certificate says so by an empty list
  Cursor first = list.child(list.be24());
  const certificate::Names names = certificate::read_names(first);
  body.expect(list.is_good() && first.is_good());
  if (!body.is_good()) return;
  facts.add_text(about_sender("certificate_subject", kConfidence),
                 [&](Writer& to) { certificate::write_name(to, names.subject); });
  facts.add_text(about_sender("certificate_issuer", kConfidence),
                 [&](Writer& to) { certificate::write_name(to, names.issuer); });
  facts.add_text(about_sender("certificate_expires", kConfidence),
                 [&](Writer& to) { certificate::write_date(to, names.not_after); });
  if (!names.is_self_issued()) return;
  facts.add(about_sender("certificate_self_signed", kConfidence), "yes");
  // Windows makes one for its remote desktop by itself, in the name of the computer.
  if (context.source_port == kRemoteDesktop)
    facts.add_text(about_sender("host_name", kConfidence),
                   [&](Writer& to) { certificate::write_common_name(to, names.subject); });
}

// The payload of a run of handshake records: a view when it is one record, put together in `memory`
// otherwise.
std::span<const std::uint8_t> join(Cursor& in, std::span<std::uint8_t> memory) {
  const Record first = read_record(in);
  const auto payload = in.bytes(first.length);
  if (in.left() == 0) return payload;
  std::size_t size = std::min(payload.size(), memory.size());
  std::copy_n(payload.begin(), size, memory.begin());
  while (in.left() > 0) {
    const Record next = read_record(in);
    const auto more = in.bytes(next.length);
    in.expect(next.content == Content::handshake && more.size() <= memory.size() - size);
    if (!in.is_good()) break;
    std::copy(more.begin(), more.end(), memory.begin() + static_cast<std::ptrdiff_t>(size));
    size += more.size();
  }
  return memory.first(size);
}

void dissect(Cursor in, const Context& context, Out& out) {
  std::array<std::uint8_t, kHandshakeBytesMax + kRecordBytesMax> memory;
  Cursor messages(join(in, memory));
  Collected facts;
  while (messages.left() > 0) {
    const std::uint8_t type = messages.u8();
    Cursor body = messages.child(messages.be24());
    if (!messages.is_good()) break;
    if (type == Handshake::client_hello) {
      out.say_direction(Role::request, body);
      collect_client(body, facts);
    } else if (type == Handshake::server_hello) {
      out.say_direction(Role::response, body);
      collect_server(body, facts);
    } else if (type == Handshake::certificate) {
      collect_certificate(body, context, facts);
    }
    messages.expect(body.is_good());
  }
  in.expect(messages.is_good());
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "tls",
    .title = "TLS",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = {},
    .facts =
        "server_name ja3 ja4 ja3s tls_version certificate_subject certificate_issuer "
        "certificate_expires certificate_self_signed host_name remote_tool",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::tls
