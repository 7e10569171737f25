// One line of JSON for each statement about a capture.
#include "tests/golden/transcript.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace osect::golden {
namespace {

using Json = nlohmann::ordered_json;

class Writer final : public dissect::StatementSink {
 public:
  explicit Writer(std::vector<std::string>& lines, TimeNs start) : lines_(lines), start_(start) {}

  dissect::Memo on_operation(const dissect::Origin& origin, const dissect::Operation& operation,
                             std::optional<dissect::Memo> asked) override {
    constexpr const char* kRoles[] = {"request", "response", "message"};
    Json line = begin(origin, kRoles[static_cast<std::size_t>(operation.role)]);
    line["function"] = operation.function;
    line["code"] = operation.code;
    line["access"] = dissect::access_name(operation.access);
    line["target"] = operation.target;
    if (operation.is_error) line["error"] = true;
    if (asked) line["paired"] = true;
    add_ends(line, origin);
    lines_.push_back(line.dump());
    return 0;
  }
  void on_fact(const dissect::Origin& origin, const dissect::Fact& fact) override {
    Json line = begin(origin, "fact");
    MacAddress mac = fact.mac;
    IpAddress ip = fact.ip;
    if (fact.subject != dissect::Subject::named) {
      const bool is_sender = fact.subject == dissect::Subject::sender;
      mac = is_sender ? origin.sender_mac : origin.receiver_mac;
      ip = is_sender ? origin.sender_ip : origin.receiver_ip;
    }
    line["subject"] = {{"mac", mac.is_zero() ? "" : mac.text()}, {"ip", ip.text()}};
    line["attribute"] = fact.attribute;
    line["value"] = fact.value;
    line["confidence"] = fact.confidence;
    lines_.push_back(line.dump());
  }
  void on_protocol(const dissect::Origin& origin, bool is_assumed) override {
    Json line = begin(origin, is_assumed ? "assumed" : "recognised");
    add_ends(line, origin);
    lines_.push_back(line.dump());
  }
  void on_anomaly(const dissect::Origin& origin) override {
    Json line = begin(origin, "anomaly");
    add_ends(line, origin);
    lines_.push_back(line.dump());
  }

  void say_client(const decode::Flow& flow) {
    const auto client = decode::index(flow.client);
    Json line;
    line["say"] = "client";
    line["client"] = end_text(flow.ends[client].ip, flow.ends[client].mac, flow.ends[client].port);
    line["server"] =
        end_text(flow.ends[1 - client].ip, flow.ends[1 - client].mac, flow.ends[1 - client].port);
    lines_.push_back(line.dump());
  }

 private:
  Json begin(const dissect::Origin& origin, const char* what) const {
    Json line;
    line["at"] = fmt::format("{:.3f}", static_cast<double>(origin.time - start_) / kSecondNs);
    line["say"] = what;
    line["protocol"] = origin.protocol;
    return line;
  }
  static std::string end_text(const IpAddress& ip, const MacAddress& mac, std::uint16_t port) {
    if (ip.is_none()) return mac.text();
    if (port == 0) return ip.text();
    return ip.is_v6() ? fmt::format("[{}]:{}", ip.text(), port)
                      : fmt::format("{}:{}", ip.text(), port);
  }
  static void add_ends(Json& line, const dissect::Origin& origin) {
    std::uint16_t from_port = 0;
    std::uint16_t to_port = 0;
    if (origin.flow != nullptr) {
      from_port = origin.flow->ends[decode::index(origin.from)].port;
      to_port = origin.flow->ends[decode::index(decode::other(origin.from))].port;
    }
    line["from"] = end_text(origin.sender_ip, origin.sender_mac, from_port);
    line["to"] = end_text(origin.receiver_ip, origin.receiver_mac, to_port);
  }

  std::vector<std::string>& lines_;
  TimeNs start_;
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

  void say_counters() {
    const dissect::EngineCounters& counters = engine_.counters();
    Json line;
    line["say"] = "end";
    line["unparsed"] = counters.unparsed;
    line["anomalies"] = counters.anomalies;
    line["truncated"] = counters.truncated;
    transcript_.lines.push_back(line.dump());
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
  for (const StoredFrame& stored : frames) {
    capture::Frame frame;
    frame.time = stored.time;
    frame.bytes = stored.bytes;
    frame.wire_length = stored.wire_length;
    decoder.decode(frame);
  }
  decoder.finish();
  sink.say_counters();
  return transcript;
}

}  // namespace osect::golden
