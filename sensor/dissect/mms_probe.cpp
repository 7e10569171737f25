// Recognises MMS by its association, or by its messages where the association was opened before.
#include "sensor/dissect/mms_probe.h"

#include "sensor/dissect/ber.h"
#include "sensor/dissect/iso_association.h"
#include "sensor/dissect/mms_services.h"

namespace osect::dissect::mms_probe {
namespace {

namespace iso = iso_association;
namespace services = mms_services;

// Looks like a message of the application. Remote operations have the tags of confirmed messages
// and number them too, but no service by its tag behind the number.
bool is_plausible(Cursor in) {
  const auto [tag, content] = ber::read(in, false);
  Cursor fields = content;
  if (!in.is_good() || !services::is_message(tag)) return false;
  if (tag != services::kConfirmedRequest && tag != services::kConfirmedResponse) return true;
  if (ber::read(fields).tag != ber::kInteger) return false;
  const ber::Tag service = ber::peek(fields);
  return service >= ber::context(0) || service == ber::kSequence;
}

// A session is opened: by an application of ISO. On the port of them all it is taken for MMS as
// long as the connect names no other.
Verdict judge_connect(const iso::Session& session, bool is_whole, bool is_usual_port) {
  constexpr std::uint8_t kConnectAccept = 5;
  constexpr std::uint8_t kProtocolOptions = 19;
  const Verdict said = iso::is_for_mms(session, is_whole);
  const bool is_session =
      session.parameters.peek() == kConnectAccept && session.parameters.peek(2) == kProtocolOptions;
  return said == Verdict::maybe && is_usual_port && is_session ? Verdict::yes : said;
}

Verdict judge_session(Cursor user, bool is_whole, bool is_usual_port) {
  const Verdict unclear = is_whole ? Verdict::no : Verdict::maybe;
  const iso::Session session = iso::read_session(user, is_whole);
  if (session.type == iso::Spdu::none)
    return user.fault() == Fault::truncated ? unclear : Verdict::no;
  if (session.type == iso::Spdu::connect) return judge_connect(session, is_whole, is_usual_port);
  if (session.type != iso::Spdu::data && session.type != iso::Spdu::accept) return Verdict::maybe;
  iso::Values values(session, is_whole);
  auto value = values.next();
  if (!value) return unclear;
  if (session.type == iso::Spdu::data) return is_plausible(*value) ? Verdict::yes : unclear;
  const iso::Association said = iso::read_association(*value, is_whole);
  const bool is_ours = said.is_for_mms || (said.user && is_plausible(*said.user));
  return said.is_control && is_ours ? Verdict::yes : unclear;
}

}  // namespace

Verdict probe(Cursor in, const Context& context) {
  if (!context.is_usual_port)
    for (const Lead& lead : kLeads)
      if (lead.offset < in.left() && !lead.bytes.has(in.peek(lead.offset))) return Verdict::no;
  const cotp::Beginning begun = cotp::read_beginning(in);
  if (!begun.is_transport) return Verdict::no;
  const Cursor& user = begun.data.user;
  if (user.left() == 0) return Verdict::maybe;
  const bool is_whole = !begun.data.is_cut && begun.data.is_last;
  if (!services::is_message(ber::peek(user)))
    return judge_session(user, is_whole, context.is_usual_port);
  // Without the layers between, as some do: the message must fill the transport's data.
  constexpr std::uint8_t kConstructed = 0x20;
  if (!context.is_usual_port || (user.peek() & kConstructed) == 0) return Verdict::no;
  if (!is_whole) return Verdict::maybe;
  Cursor rest = user;
  static_cast<void>(ber::read(rest));
  const bool is_filled = rest.is_good() && rest.left() == 0;
  return is_filled && is_plausible(user) ? Verdict::yes : Verdict::no;
}

}  // namespace osect::dissect::mms_probe
