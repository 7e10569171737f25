// SSH: RFC 4253 clauses 4.2 and 7.1. Software of both sides and HASSH, the fingerprint of what they
// offer (https://github.com/salesforce/hassh); nothing that is encrypted is touched.
#include <array>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/digest.h"
#include "sensor/dissect/software.h"
#include "sensor/dissect/text_line.h"

namespace osect::dissect::ssh {
namespace {

constexpr std::uint16_t kPorts[] = {22, 2222};
constexpr Lead kLeads[] = {{0, {'S'}}, {1, {'S'}}, {2, {'H'}}, {3, {'-'}}};
constexpr std::string_view kName = "SSH-";
constexpr std::uint8_t kConfidence = 70;
constexpr std::uint8_t kSureConfidence = 80;
constexpr std::uint8_t kSystemConfidence = 65;
constexpr std::size_t kVersionBytesMax = 255;
constexpr std::size_t kPacketBytesMax = 35'000;
constexpr std::size_t kPacketHead = 6;  // length, padding length, message number
constexpr std::uint8_t kKexInit = 20;
constexpr std::size_t kCookieBytes = 16;

// The name-lists of KEXINIT in their order; those of one direction are as good as the other's.
enum List : std::size_t {
  kex,
  host_key,
  cipher_up,
  cipher_down,
  mac_up,
  mac_down,
  compression_up,
  compression_down,
  lists
};

bool is_version(std::string_view line) {
  return line.starts_with("SSH-2.0-") || line.starts_with("SSH-1.");
}

Verdict probe(Cursor in, const Context&) {
  const auto text = text_line::text_of(in);
  const auto begun = text.substr(0, kName.size());
  if (begun != kName.substr(0, begun.size())) return Verdict::no;
  const auto end = text.find('\n');
  if (end == std::string_view::npos)
    return text.size() > kVersionBytesMax ? Verdict::no : Verdict::maybe;
  return end <= kVersionBytesMax && is_version(text) ? Verdict::yes : Verdict::no;
}

// The version line and the first KEXINIT; whatever follows them is passed over to the end.
Framing frame(Cursor in, const Context&) {
  const auto text = text_line::text_of(in);
  const auto begun = text.substr(0, kName.size());
  if (begun == kName.substr(0, begun.size())) {
    if (const std::size_t line = text_line::length(text); line > 0) return line;
    return text.size() > kVersionBytesMax ? Framing::kNotAMessage : Framing::kNeedMore;
  }
  const std::size_t length = in.be32();
  in.skip(1);
  const std::uint8_t number = in.u8();
  if (!in.is_good()) return Framing::kNeedMore;
  if (number != kKexInit || length < kPacketHead || length > kPacketBytesMax)
    return Framing(Framing::kUntilEnd, 0);
  return sizeof(std::uint32_t) + length;
}

void read_version(std::string_view line, const Context& context, Collected& facts) {
  const auto protocol = line.substr(kName.size(), line.find('-', kName.size()) - kName.size());
  const auto banner = line.substr(std::min(line.size(), kName.size() + protocol.size() + 1));
  const std::string_view attribute = context.is_to_server ? "user_agent" : "server_software";
  facts.add_raw(about_sender(attribute, kConfidence), banner);
  facts.add_raw(about_sender("ssh_version", kSureConfidence), protocol);
  software::collect(facts, about_sender("", kSystemConfidence), banner);
}

void read_kexinit(Cursor& body, const Context& context, Collected& facts) {
  body.skip(kCookieBytes);
  std::array<std::string_view, List::lists> names;
  for (auto& list : names) list = body.text(body.be32());
  if (!body.is_good()) return;
  const bool is_up = context.is_to_server;
  Text<8192> digested;
  digested.put(names[List::kex]).put(';').put(names[is_up ? List::cipher_up : List::cipher_down]);
  digested.put(';').put(names[is_up ? List::mac_up : List::mac_down]).put(';');
  digested.put(names[is_up ? List::compression_up : List::compression_down]);
  const auto digest = md5_hex(digested.text());
  if (digested.is_cut()) return;
  facts.add_text(about_sender(is_up ? "hassh" : "hassh_server", kSureConfidence),
                 [&](Writer& to) { to.put(std::string_view(digest.data(), digest.size())); });
}

void dissect(Cursor in, const Context& context, Out& out) {
  Collected facts;
  if (text_line::text_of(in).starts_with(kName)) {
    read_version(text_line::first(text_line::text_of(in)), context, facts);
    facts.say(out, in);
    return;
  }
  in.skip(sizeof(std::uint32_t));
  const std::size_t padding = in.u8();
  in.expect(in.u8() == kKexInit && padding < in.left());
  read_kexinit(in, context, facts);
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "ssh",
    .title = "SSH",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = {},
    .facts = "server_software user_agent ssh_version hassh hassh_server os vendor",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::ssh
