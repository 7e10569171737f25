// Session, presentation and association control, down to what they carry.
#include "sensor/dissect/iso_association.h"

#include <algorithm>
#include <array>

#include "sensor/dissect/ber.h"

namespace osect::dissect::iso_association {
namespace {

// Session, ISO 8327-1 clause 8: identifier, length, parameters. Data come behind an empty unit that
// gives no tokens; two units of the same identifier, told apart by their place.
constexpr std::uint8_t kGiveTokens = 1;
constexpr std::uint8_t kData = 1;
constexpr std::uint8_t kLongLength = 0xff;  // two more bytes follow
constexpr std::uint8_t kUserData = 193;
constexpr std::uint8_t kExtendedUserData = 194;

// Presentation, ISO 8823-1 clause 8.2.
constexpr ber::Tag kNormalMode = ber::context(2);
constexpr ber::Tag kContextDefinitions = ber::context(4);
constexpr ber::Tag kFullyEncoded = ber::application(1);
constexpr ber::Tag kSingleType = ber::context(0);

// Association control, ISO 8650-1 clause 9.1.
constexpr ber::Tag kApplicationContext = ber::context(1);
constexpr ber::Tag kResult = ber::context(2);
constexpr ber::Tag kUserInformation = ber::context(30);

// Object identifiers in their encoding: 2.2.1.0.1, 1.0.9506.2.1, 1.0.9506.2.3.
constexpr std::array<std::uint8_t, 4> kControlSyntax = {0x52, 0x01, 0x00, 0x01};
constexpr std::array<std::uint8_t, 5> kAbstractSyntax = {0x28, 0xca, 0x22, 0x02, 0x01};
constexpr std::array<std::uint8_t, 5> kContextName = {0x28, 0xca, 0x22, 0x02, 0x03};

bool is_equal(const Cursor& content, std::span<const std::uint8_t> wanted) {
  const auto bytes = content.rest();
  return std::equal(bytes.begin(), bytes.end(), wanted.begin(), wanted.end());
}

std::size_t read_length(Cursor& in) {
  const std::uint8_t length = in.u8();
  return length == kLongLength ? in.be16() : length;
}

bool is_known(std::uint8_t type) {
  switch (static_cast<Spdu>(type)) {
    case Spdu::finish:
    case Spdu::disconnect:
    case Spdu::refuse:
    case Spdu::connect:
    case Spdu::accept:
    case Spdu::abort:
    case Spdu::abort_accept:
      return true;
    default:
      return false;
  }
}

}  // namespace

Session read_session(Cursor& in, bool is_whole) {
  Session session;
  const std::uint8_t type = in.u8();
  std::size_t length = read_length(in);
  if (type == kGiveTokens) {
    in.expect(length == 0 && in.u8() == kData && in.u8() == 0);
    if (!in.is_good()) return session;
    session.type = Spdu::data;
    session.user = in;
    return session;
  }
  in.expect(is_known(type));
  if (!in.is_good()) return session;
  session.type = static_cast<Spdu>(type);
  if (!is_whole) length = std::min(length, in.left());
  Cursor parameters = in.child(length);
  session.parameters = parameters;
  while (parameters.left() > 0) {
    const std::uint8_t parameter = parameters.u8();
    std::size_t size = read_length(parameters);
    if (!is_whole) size = std::min(size, parameters.left());
    const Cursor value = parameters.child(size);
    if (parameter == kUserData || parameter == kExtendedUserData) session.user = value;
  }
  if (!parameters.is_good()) in = parameters;
  return session;
}

Values::Values(const Session& session, bool is_whole) : list_(session.user), is_whole_(is_whole) {
  if (list_.left() == 0) return;
  switch (session.type) {
    case Spdu::connect:
    case Spdu::accept: {
      const Cursor parameters = ber::read(list_, ber::kSet, is_whole);
      const auto normal = ber::find(parameters, kNormalMode, is_whole);
      const auto encoded = normal ? ber::find(*normal, kFullyEncoded, is_whole) : normal;
      if (list_.is_good()) list_ = encoded.value_or(Cursor());
      return;
    }
    case Spdu::abort:
    case Spdu::refuse:
      list_ = Cursor();  // only why
      return;
    default: {
      const Cursor encoded = ber::read(list_, kFullyEncoded, is_whole);
      list_.expect(list_.left() == 0);
      if (list_.is_good()) list_ = encoded;
    }
  }
}

std::optional<Cursor> Values::next() {
  if (list_.left() == 0) return std::nullopt;
  Cursor item = ber::read(list_, ber::kSequence, is_whole_);
  ber::Tag tag = ber::peek(item);
  if (tag == ber::kObjectIdentifier) static_cast<void>(ber::read(item));  // transfer syntax
  Cursor context = ber::read(item, ber::kInteger);
  static_cast<void>(ber::number(context));
  Cursor value = ber::read(item, kSingleType, is_whole_);
  if (!context.is_good()) item = context;
  if (!item.is_good()) {
    if (list_.is_good()) list_ = item;
    return std::nullopt;
  }
  return value;
}

Verdict is_for_mms(const Session& connect, bool is_whole) {
  Cursor user = connect.user;
  const Cursor parameters = ber::read(user, ber::kSet, is_whole);
  const auto normal = ber::find(parameters, kNormalMode, is_whole);
  auto definitions = normal ? ber::find(*normal, kContextDefinitions, is_whole) : normal;
  bool has_other = false;
  while (definitions && definitions->left() > 0) {
    const Cursor definition = ber::read(*definitions, ber::kSequence, is_whole);
    const auto syntax = ber::find(definition, ber::kObjectIdentifier);
    if (syntax && is_equal(*syntax, kAbstractSyntax)) return Verdict::yes;
    has_other = has_other || (syntax && !is_equal(*syntax, kControlSyntax));
  }
  return is_whole || has_other ? Verdict::no : Verdict::maybe;
}

Association read_association(Cursor& in, bool is_whole) {
  Association said;
  const ber::Tag tag = ber::peek(in);
  // Association request and response, release request and response, abort.
  for (ber::Tag number = 0; number <= 4; ++number)
    said.is_control = said.is_control || tag == ber::application(number);
  if (!said.is_control) return said;
  const bool is_response = tag == ber::application(1);
  Cursor fields = ber::read(in, is_whole).content;
  while (fields.left() > 0) {
    auto [field, content] = ber::read(fields, is_whole);
    if (field == kApplicationContext) {
      Cursor name = ber::read(content, ber::kObjectIdentifier);
      said.is_for_mms = content.is_good() && is_equal(name, kContextName);
    } else if (field == kResult && is_response) {
      Cursor result = ber::read(content, ber::kInteger);
      said.is_refused = ber::number(result) != 0;
    } else if (field == kUserInformation) {
      const Cursor external = ber::read(content, ber::kExternal, is_whole);
      if (content.is_good()) said.user = ber::find(external, kSingleType, is_whole);
    }
    if (!content.is_good()) fields = content;
  }
  if (!fields.is_good()) in = fields;
  return said;
}

}  // namespace osect::dissect::iso_association
