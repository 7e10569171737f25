// TeamViewer on its own port: every message begins with 0x1724, as its traffic shows; its maker
// publishes nothing. That it runs is all that is read.
#include "sensor/dissect/collected.h"

namespace osect::dissect::teamviewer {
namespace {

constexpr std::uint16_t kPorts[] = {5938};
constexpr std::uint16_t kMark = 0x1724;
constexpr std::size_t kMarkBytes = 2;
constexpr std::uint8_t kConfidence = 80;

Verdict probe(Cursor in, const Context&) {
  if (in.left() < kMarkBytes) return in.peek() == kMark >> 8 ? Verdict::maybe : Verdict::no;
  return in.be16() == kMark ? Verdict::yes : Verdict::no;
}

Framing frame(Cursor in, const Context&) {
  if (in.left() < kMarkBytes) return Framing::kNeedMore;
  return Framing(Framing::kUntilEnd, kMarkBytes);
}

void dissect(Cursor in, const Context& context, Out& out) {
  in.expect(in.be16() == kMark);
  Collected facts;
  facts.add(context.is_to_server ? about_sender("remote_tool", kConfidence)
                                 : about_receiver("remote_tool", kConfidence),
            "TeamViewer");
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "teamviewer",
    .title = "TeamViewer",
    .over = over::kTcp,
    .off_port = OffPort::never,
    .ports = kPorts,
    .functions = {},
    .facts = "remote_tool",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::teamviewer
