// Counts what decode shows of a mirror and judges the counters; thresholds stand with their
// reasons.
#include "sensor/watch/mirror.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "sensor/decode/bytes.h"

namespace osect::watch {
namespace {

using decode::Segment;

// Below these there is too little to judge.
constexpr std::uint64_t kFramesMin = 50;
constexpr std::uint64_t kConnectionsMin = 3;
constexpr std::uint64_t kPacketsMin = 4;  // of a connection
constexpr std::uint64_t kStreamBytesMin = 2000;
// A copy of a copy comes at once; a station that repeats itself takes longer.
constexpr TimeNs kTwiceWithin = 2'000'000;

constexpr decode::DecodeLimits kLimits{
    .flows_max = 8192, .stream_bytes_max = 2U << 20, .fragment_bytes_max = 1U << 18};

constexpr std::uint16_t kVlan = 0x8100;

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15U;
  return hash ^ (hash >> 29U);
}

// Of everything behind the link header: a copy may have another VLAN tag, not another content.
std::uint64_t hash_of(const capture::Frame& frame, const Segment& segment) {
  std::size_t at = 12;
  const auto& bytes = frame.bytes;
  while (at + 4 <= bytes.size() && decode::load_be16(bytes.data() + at) == kVlan) at += 4;
  std::uint64_t hash = mix(frame.wire_length - at, bytes.size() - at);
  for (const auto& mac : {segment.source_mac, segment.destination_mac})
    for (const std::uint8_t byte : mac.bytes) hash = mix(hash, byte);
  for (; at + 8 <= bytes.size(); at += 8) hash = mix(hash, decode::load_be64(bytes.data() + at));
  for (; at < bytes.size(); ++at) hash = mix(hash, bytes[at]);
  return hash;
}

bool is_many(std::uint64_t count, std::uint64_t of, std::uint64_t percent) {
  return count * 100 >= of * percent;
}

struct Words {
  std::string_view seen;  // with the count and what it is of
  std::string_view next;
};
// In the order of MirrorFault.
struct Both {
  Words ja;
  Words en;
};
constexpr std::array<Both, 7> kWords{{
    {{"フレームが 1 つも届いていません。",
      "スイッチでミラー先 (宛先) "
      "のポートがこの監視ポートにつながっているか、ミラー設定が有効か、ケーブルのリンクランプを確認"
      "してください。"},
     {"No frame arrived at all.",
      "Check that the mirror's destination on the switch is the port this cable is in, that the "
      "mirror session is enabled, and that the link lamp is on."}},
    {{"届いたのはブロードキャストとマルチキャストだけです (端末どうしのフレーム {} / {})。",
      "この監視ポートは普通のポートのままです。スイッチで、見たいポートまたは VLAN "
      "をミラー元、このポートをミラー先に設定してください。"},
     {"Only broadcasts and multicasts arrived (frames between stations: {} of {}).",
      "This is still an ordinary port. On the switch, make the ports or VLANs to be watched the "
      "mirror's sources and this port its destination."}},
    {{"通信の片方向しか見えていません ({} / {} 接続)。",
      "ミラー元の方向を「受信のみ」や「送信のみ」ではなく「両方向 (both)」にしてください。経路が 2 "
      "本あるときは、両方のポートをミラー元にしてください。"},
     {"Only one direction of the connections is seen ({} of {}).",
      "Set the mirror's sources to both directions (\"both\", not \"rx\" or \"tx\" alone). Where "
      "traffic takes two paths, mirror both ports."}},
    {{"同じフレームが 2 回届いています ({} / {} フレーム)。",
      "通信の両端のポートを両方向でミラーしています。VLAN "
      "単位のミラーなら「受信のみ」に、ポート単位なら一方の側のポート "
      "(たとえば上位スイッチへのポート) だけにしてください。"},
     {"Frames arrive twice ({} of {}).",
      "Both ends of a conversation are mirrored in both directions. Mirror a VLAN in direction "
      "\"rx\" only, or only the ports of one side, such as the uplink."}},
    {{"VLAN タグがありません。{} 個のネットワークの端末がタグなしで見えています "
      "(タグつきのフレーム {})。",
      "ミラー先のポートがタグを外しています。ミラー先でタグを残す設定 (encapsulation "
      "replicate、タグつき転送など) にしてください。VLAN "
      "を使っていない場合は、このままでかまいません。"},
     {"VLAN tags are missing: stations of {} networks are seen without any (frames with a tag: "
      "{}).",
      "The mirror's destination strips the tags. Keep them there (\"encapsulation replicate\" or "
      "the like). If the plant has no VLANs, this is as it should be."}},
    {{"ミラーから漏れている通信があります (欠けたバイト {} / {})。",
      "ミラー元の合計がミラー先のポートの速度を超えています。ミラー元を減らすか、より速いポートをミ"
      "ラー先にしてください。スイッチの負荷も確認してください。"},
     {"The mirror loses traffic (missing bytes: {} of {}).",
      "The sources together exceed the speed of the mirror's destination. Mirror fewer ports, or "
      "use a faster destination port; check the switch's load too."}},
    {{"フレームの後ろが切られています ({} / {} フレーム)。",
      "スイッチの「切り詰め (truncate、slice)」を無効にし、途中の経路の MTU を大きくしてください "
      "(リモートミラーでは 1600 以上)。"},
     {"Frames are cut short ({} of {}).",
      "Turn off truncation (\"truncate\", \"slice\") of the mirror, and raise the MTU on its way "
      "(1600 or more for a remote mirror)."}},
}};

}  // namespace

MirrorDoctor::MirrorDoctor() : decoder_(kLimits, *this) {}

void MirrorDoctor::take(const capture::Frame& frame) {
  ++frames_;
  bytes_ += frame.wire_length;
  if (frame.bytes.size() < frame.wire_length) ++cut_;
  frame_ = &frame;
  decoder_.decode(frame);
}

void MirrorDoctor::on_segment(const Segment& segment) {
  if (frame_ == nullptr) return;  // inside a tunnel, or a datagram put together
  const capture::Frame& frame = *std::exchange(frame_, nullptr);
  if ((segment.destination_mac.bytes[0] & 1U) == 0) ++unicast_;
  if (segment.vlan != 0) ++tagged_;
  // A frame that is shorter than its own IP packet was cut before it was sent to us.
  if (segment.is_truncated && frame.bytes.size() == frame.wire_length) ++cut_;
  if (came_before(frame, segment)) ++duplicates_;
  note_network(segment);
}

bool MirrorDoctor::came_before(const capture::Frame& frame, const Segment& segment) {
  if (frame.link != capture::LinkType::ethernet || frame.bytes.size() < 14) return false;
  const std::uint64_t hash = hash_of(frame, segment);
  bool found = false;
  for (std::size_t back = 1; back <= kRecent && !found; ++back) {
    const Seen& seen = recent_[(next_ + kRecent - back) % kRecent];
    if (seen.time == 0 || frame.time - seen.time > kTwiceWithin) break;
    found = seen.hash == hash;
  }
  recent_[next_] = {hash, frame.time};
  next_ = (next_ + 1) % kRecent;
  return found;
}

// The sender of an ARP message (RFC 826) is on this very segment.
void MirrorDoctor::note_network(const Segment& segment) {
  constexpr std::uint16_t kArp = 0x0806;
  if (segment.ethertype != kArp || segment.vlan != 0 || segment.payload.size() < 18) return;
  const std::uint32_t network = decode::load_be32(segment.payload.data() + 14) >> 8U;
  if (network == 0 || networks_.size() == kNetworksMax) return;  // a probe has no address yet
  if (std::find(networks_.begin(), networks_.end(), network) == networks_.end())
    networks_.push_back(network);
}

void MirrorDoctor::on_stream(const decode::StreamPiece& piece) {
  stream_bytes_ += piece.bytes.size();
  lost_bytes_ += piece.lost_before;
}

void MirrorDoctor::on_stream_end(decode::Flow&) {}

void MirrorDoctor::on_flow_end(decode::Flow& flow) {
  judge(flow);
}

void MirrorDoctor::judge(const decode::Flow& flow) {
  if (flow.transport != decode::Transport::tcp || flow.packets[0] + flow.packets[1] < kPacketsMin)
    return;
  ++connections_;
  if (flow.packets[0] == 0 || flow.packets[1] == 0) ++halves_;
}

std::vector<MirrorFinding> MirrorDoctor::findings(const capture::SourceCounters& lost) {
  decoder_.finish();
  std::vector<MirrorFinding> out;
  const auto say = [&](MirrorFault fault, std::uint64_t count, std::uint64_t of) {
    out.push_back({fault, count, of});
  };
  if (frames_ == 0) {
    say(MirrorFault::silent, 0, 0);
    return out;
  }
  // A switch floods what it has not learned yet: a few frames between stations come without a
  // mirror.
  if (frames_ >= kFramesMin && !is_many(unicast_, frames_, 2))
    say(MirrorFault::broadcast_only, unicast_, frames_);
  if (connections_ >= kConnectionsMin && is_many(halves_, connections_, 50))
    say(MirrorFault::one_way, halves_, connections_);
  if (frames_ >= kFramesMin && is_many(duplicates_, frames_, 5))
    say(MirrorFault::duplicated, duplicates_, frames_);
  if (networks_.size() > 1 && !is_many(tagged_, frames_, 1))
    say(MirrorFault::untagged, networks_.size(), tagged_);
  const std::uint64_t dropped = lost.dropped_kernel + lost.dropped_interface;
  if (stream_bytes_ + lost_bytes_ >= kStreamBytesMin && lost_bytes_ > 0 &&
      is_many(lost_bytes_, stream_bytes_ + lost_bytes_, 1))
    say(MirrorFault::oversubscribed, lost_bytes_, stream_bytes_ + lost_bytes_);
  else if (dropped > 0 && is_many(dropped, frames_ + dropped, 1))
    say(MirrorFault::oversubscribed, dropped, frames_ + dropped);
  if (cut_ > 0 && is_many(cut_, frames_, 1)) say(MirrorFault::truncated, cut_, frames_);
  return out;
}

bool MirrorDoctor::has_judged(MirrorFault fault) const {
  switch (fault) {
    case MirrorFault::silent:
      return true;
    case MirrorFault::one_way:
      return connections_ >= kConnectionsMin;
    case MirrorFault::untagged:
      return networks_.size() > 1 || tagged_ > 0;
    case MirrorFault::oversubscribed:
      return stream_bytes_ + lost_bytes_ >= kStreamBytesMin;
    case MirrorFault::broadcast_only:
    case MirrorFault::duplicated:
    case MirrorFault::truncated:
      break;
  }
  return frames_ >= kFramesMin;
}

std::string_view name_of(MirrorFault fault) {
  static constexpr std::array<std::string_view, kWords.size()> kNames{
      "silent",   "broadcast_only", "one_way",  "duplicated",
      "untagged", "oversubscribed", "truncated"};
  return kNames.at(static_cast<std::size_t>(fault));
}

std::string describe(const MirrorFinding& finding, bool is_japanese) {
  const Both& both = kWords[static_cast<std::size_t>(finding.fault)];
  const Words& words = is_japanese ? both.ja : both.en;
  return fmt::format(fmt::runtime(words.seen), finding.count, finding.of) + "\n  -> " +
         std::string(words.next);
}

}  // namespace osect::watch
