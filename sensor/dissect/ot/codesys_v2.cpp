// CODESYS V2.3, what its programming system says to runtimes of WAGO, ABB, Hitachi and others: the
// maker publishes none of it; header and identity as public scanners agree on them.
#include <algorithm>
#include <iterator>

#include "sensor/dissect/byte_codes.h"
#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::codesys_v2 {
namespace {

constexpr std::uint16_t kPorts[] = {1200, 2455};
constexpr std::uint16_t kMagic = 0xbbbb;
constexpr std::size_t kHeaderBytes = 6;
constexpr std::uint32_t kLengthMax = 0xffff;
constexpr std::size_t kHeadBytes = 256;  // programs and values are behind it
constexpr std::size_t kIdentityOffset = 64;
constexpr std::size_t kTextBytes = 32;
constexpr std::uint8_t kConfidence = 70;

constexpr std::uint8_t kTargetInfo = 0x01;

constexpr Function kFunctions[] = {
    {kTargetInfo, "read_target_info", Access::identity},
    {0x92, "plc_browser_command", Access::control},
};

// In the byte order of the target; 0: neither reads as one.
std::uint32_t read_length(Cursor& in) {
  Cursor big = in;
  const std::uint32_t little = in.le32();
  const std::uint32_t length = little <= kLengthMax ? little : big.be32();
  return length <= kLengthMax ? length : 0;
}

Verdict probe(Cursor in, const Context&) {
  if (in.left() > 0 && in.peek() != kMagic >> 8) return Verdict::no;
  if (in.left() < kHeaderBytes) return Verdict::maybe;
  const bool is_it = in.be16() == kMagic && read_length(in) > 0;
  return is_it ? Verdict::yes : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  if (in.left() < kHeaderBytes) return Framing::kNeedMore;
  const bool has_magic = in.be16() == kMagic;
  const std::uint32_t length = read_length(in);
  if (!has_magic || length == 0) return Framing::kNotAMessage;
  return {kHeaderBytes + length, std::min<std::size_t>(kHeaderBytes + length, kHeadBytes)};
}

// Operating system and product, each a text of fixed size.
void collect_identity(Cursor whole, Collected& facts) {
  whole.skip(kIdentityOffset);
  const auto text = [&] {
    const std::string_view raw = whole.text(std::min(kTextBytes, whole.left()));
    return trimmed(raw.substr(0, raw.find('\0')));
  };
  const std::string_view system = text();
  const std::string_view version = text();
  const std::string_view product = text();
  const auto is_text = [](std::string_view value) {
    return std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
  };
  if (!whole.is_good() || !is_text(system) || !is_text(version) || !is_text(product)) return;
  if (!system.empty())
    facts.add_text(about_sender("os", kConfidence), [&](Writer& to) {
      // Some repeat the system's name before the version.
      const bool is_repeated = version.substr(0, system.size()) == system;
      if (!is_repeated) to.printable(system).put(' ');
      to.printable(version);
    });
  facts.add_raw(about_sender("product_name", kConfidence), product);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const Cursor whole = in;
  in.expect(in.be16() == kMagic);
  in.expect(read_length(in) > 0);
  const std::uint8_t code = in.u8();
  const auto* const function = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                            [&](const Function& row) { return row.code == code; });
  const Function known =
      function != std::end(kFunctions) ? *function : Function{code, {}, Access::none};
  const bool is_answer = !context.is_to_server;
  // One request at a time: an answer is to the last one, also where answers were lost.
  std::uint32_t asked_count = context.memory != nullptr ? *context.memory : 0;
  if (!is_answer && context.memory != nullptr) asked_count = ++*context.memory;
  const std::uint64_t transaction = std::uint64_t{1} << 32 | asked_count;
  if (is_answer) {
    const auto asked = out.asked(transaction);
    Collected facts;
    if (asked && asked->code == byte_code(kTargetInfo)) collect_identity(whole, facts);
    facts.say(out, in);
  }
  out.say({.role = is_answer ? Role::response : Role::request,
           .function = known.name,
           .code = byte_code(code),
           .access = known.access,
           .target = "",
           .transaction = transaction,
           .is_provisional = is_answer},
          in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "codesys_v2",
    .title = "CODESYS V2.3",
    .over = over::kTcp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = kFunctions,
    .code_digits = 2,
    .facts = "os product_name",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::codesys_v2
