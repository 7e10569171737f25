// One line of JSON for each statement about a capture.
#include "tests/golden/transcript.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

namespace osect::golden {
namespace {

// A text as JSON. Nearly all need no escape, and a sweep writes millions of them.
void append_text(fmt::memory_buffer& out, std::string_view text) {
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
  });
  if (is_plain)
    fmt::format_to(std::back_inserter(out), "\"{}\"", text);
  else
    out.append(nlohmann::json(text).dump());
}

// One object, its keys in the order in which they are added.
class Line {
 public:
  Line& add(std::string_view key, std::string_view text) {
    begin(key);
    append_text(out_, text);
    return *this;
  }
  Line& add(std::string_view key, std::uint64_t number) {
    begin(key);
    fmt::format_to(std::back_inserter(out_), "{}", number);
    return *this;
  }
  Line& add_true(std::string_view key) {
    begin(key);
    out_.append(std::string_view("true"));
    return *this;
  }
  Line& add(std::string_view key, const Line& object) {
    begin(key);
    out_.append(object.text());
    return *this;
  }
  std::string text() const { return fmt::to_string(out_) + "}"; }

 private:
  void begin(std::string_view key) {
    fmt::format_to(std::back_inserter(out_), "{}\"{}\":", out_.size() == 0 ? '{' : ',', key);
  }

  fmt::memory_buffer out_;
};

class Writer final : public dissect::StatementSink {
 public:
  explicit Writer(std::vector<std::string>& lines, TimeNs start) : lines_(lines), start_(start) {}

  dissect::Memo on_operation(const dissect::Origin& origin, const dissect::Operation& operation,
                             std::optional<dissect::Memo> asked) override {
    if (is_muted_) return 0;
    constexpr const char* kRoles[] = {"request", "response", "message"};
    Line line = begin(origin, kRoles[static_cast<std::size_t>(operation.role)]);
    line.add("function", operation.function)
        .add("code", operation.code)
        .add("access", dissect::access_name(operation.access))
        .add("target", operation.target);
    if (operation.is_error) line.add_true("error");
    if (asked) line.add_true("paired");
    add_ends(line, origin);
    lines_.push_back(line.text());
    return 0;
  }
  void on_fact(const dissect::Origin& origin, const dissect::Fact& fact) override {
    if (is_muted_) return;
    MacAddress mac = fact.mac;
    IpAddress ip = fact.ip;
    if (fact.subject != dissect::Subject::named) {
      const bool is_sender = fact.subject == dissect::Subject::sender;
      mac = is_sender ? origin.sender_mac : origin.receiver_mac;
      ip = is_sender ? origin.sender_ip : origin.receiver_ip;
    }
    Line line = begin(origin, "fact");
    line.add("subject",
             Line().add("mac", mac.is_zero() ? std::string() : mac.text()).add("ip", ip.text()))
        .add("attribute", fact.attribute)
        .add("value", fact.value)
        .add("confidence", std::uint64_t{fact.confidence});
    lines_.push_back(line.text());
  }
  void on_protocol(const dissect::Origin& origin, bool is_assumed) override {
    say_of_ends(origin, is_assumed ? "assumed" : "recognised");
  }
  void on_anomaly(const dissect::Origin& origin) override { say_of_ends(origin, "anomaly"); }

  void mute(bool is_muted) { is_muted_ = is_muted; }
  void say_client(const decode::Flow& flow) {
    if (is_muted_) return;
    const auto& client = flow.ends[decode::index(flow.client)];
    const auto& server = flow.ends[1 - decode::index(flow.client)];
    lines_.push_back(Line()
                         .add("say", "client")
                         .add("client", end_text(client.ip, client.mac, client.port))
                         .add("server", end_text(server.ip, server.mac, server.port))
                         .text());
  }

 private:
  Line begin(const dissect::Origin& origin, const char* what) const {
    Line line;
    line.add("at", fmt::format("{:.3f}", static_cast<double>(origin.time - start_) / kSecondNs))
        .add("say", what)
        .add("protocol", origin.protocol);
    return line;
  }
  void say_of_ends(const dissect::Origin& origin, const char* what) {
    if (is_muted_) return;
    Line line = begin(origin, what);
    add_ends(line, origin);
    lines_.push_back(line.text());
  }
  static std::string end_text(const IpAddress& ip, const MacAddress& mac, std::uint16_t port) {
    if (ip.is_none()) return mac.text();
    if (port == 0) return ip.text();
    return ip.is_v6() ? fmt::format("[{}]:{}", ip.text(), port)
                      : fmt::format("{}:{}", ip.text(), port);
  }
  static void add_ends(Line& line, const dissect::Origin& origin) {
    std::uint16_t from_port = 0;
    std::uint16_t to_port = 0;
    if (origin.flow != nullptr) {
      from_port = origin.flow->ends[decode::index(origin.from)].port;
      to_port = origin.flow->ends[decode::index(decode::other(origin.from))].port;
    }
    line.add("from", end_text(origin.sender_ip, origin.sender_mac, from_port))
        .add("to", end_text(origin.receiver_ip, origin.receiver_mac, to_port));
  }

  std::vector<std::string>& lines_;
  TimeNs start_;
  bool is_muted_ = false;
};

class Run final : public decode::Sink {
 public:
  Run(Transcript& transcript, TimeNs start, const RunOptions& options)
      : transcript_(transcript),
        options_(options),
        writer_(transcript.lines, start),
        engine_({.flows_max = 4096, .buffers_max = 64, .requests_max = 1024, .trials_max = 16},
                writer_) {}

  void on_segment(const decode::Segment& segment) override { engine_.on_segment(segment); }
  void on_stream(const decode::StreamPiece& piece) override {
    const std::size_t number = transcript_.piece_sizes.size();
    transcript_.piece_sizes.push_back(piece.bytes.size());
    if (options_.is_bytewise) {
      for (std::size_t i = 0; i < piece.bytes.size(); ++i) feed(piece, i, 1);
    } else if (options_.cut != nullptr && options_.cut->piece == number) {
      feed(piece, 0, options_.cut->byte);
      feed(piece, options_.cut->byte, piece.bytes.size() - options_.cut->byte);
    } else {
      engine_.on_stream(piece);
    }
  }
  void on_stream_end(decode::Flow& flow) override { engine_.on_stream_end(flow); }
  void on_flow_end(decode::Flow& flow) override {
    if (flow.dissect_slot != decode::kNoSlot && flow.transport != decode::Transport::ethernet)
      writer_.say_client(flow);
    engine_.on_flow_end(flow);
  }

  void mute(bool is_muted) { writer_.mute(is_muted); }

  void say_counters() {
    const dissect::EngineCounters& counters = engine_.counters();
    transcript_.lines.push_back(Line()
                                    .add("say", "end")
                                    .add("unparsed", counters.unparsed)
                                    .add("anomalies", counters.anomalies)
                                    .add("truncated", counters.truncated)
                                    .text());
  }

 private:
  void feed(decode::StreamPiece piece, std::size_t at, std::size_t size) {
    piece.bytes = piece.bytes.subspan(at, size);
    if (at > 0) {
      piece.is_start = false;
      piece.lost_before = 0;
    }
    engine_.on_stream(piece);
  }

  Transcript& transcript_;
  const RunOptions& options_;
  Writer writer_;
  dissect::Engine engine_;
};

}  // namespace

Transcript run(const std::vector<StoredFrame>& frames, const RunOptions& options) {
  Transcript transcript;
  Run sink(transcript, frames.empty() ? 0 : frames.front().time, options);
  decode::DecodeLimits limits;
  limits.flows_max = 4096;
  limits.stream_bytes_max = 1U << 20;
  limits.fragment_bytes_max = 1U << 18;
  decode::Decoder decoder(limits, sink);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const StoredFrame& stored = frames[i];
    sink.mute(i < options.say_from);
    capture::Frame frame;
    frame.time = stored.time;
    frame.bytes = stored.bytes;
    frame.wire_length = stored.wire_length;
    decoder.decode(frame);
  }
  sink.mute(frames.size() < options.say_from);
  decoder.finish();
  sink.say_counters();
  return transcript;
}

}  // namespace osect::golden
