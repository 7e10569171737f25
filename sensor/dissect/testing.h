// For tests of dissect: flows and messages by hand, statements as lines of text.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sensor/dissect/engine.h"

namespace osect::dissect::testing {

// "00 01 | 00 00" and "\"text\"" to bytes; everything from // to the end of the line is a comment.
inline std::vector<std::uint8_t> bytes(std::string_view annotated) {
  std::vector<std::uint8_t> out;
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  for (std::size_t i = 0; i < annotated.size(); ++i) {
    if (annotated.substr(i, 2) == "//") {
      i = annotated.find('\n', i);
      if (i == std::string_view::npos) break;
    } else if (annotated[i] == '"') {
      for (++i; annotated[i] != '"'; ++i) out.push_back(static_cast<std::uint8_t>(annotated[i]));
    } else if (digit(annotated[i]) >= 0) {
      out.push_back(static_cast<std::uint8_t>(digit(annotated[i]) << 4 | digit(annotated[i + 1])));
      ++i;
    }
  }
  return out;
}

inline std::vector<std::uint8_t> text(std::string_view raw) {
  return {raw.begin(), raw.end()};
}

// Writes each statement as one line:
//   "a: request modbus 3 read_holding_registers read unit 1"
//   "a: response modbus 3 ... unit 1 paired", "... error", "a: fact vendor=ACME", "protocol
//   modbus", "anomaly modbus"
class Journal final : public StatementSink {
 public:
  Memo on_operation(const Origin& origin, const Operation& operation,
                    std::optional<Memo> asked) override {
    std::string line = sender(origin);
    line += operation.role == Role::request    ? "request "
            : operation.role == Role::response ? "response "
                                               : "message ";
    line += origin.protocol;
    for (const std::string_view word :
         {operation.code, operation.function, std::string_view(access_name(operation.access)),
          operation.target})
      if (!word.empty()) line.append(" ").append(word);
    if (operation.is_error) line += " error";
    if (asked) line += " paired";
    lines.push_back(line);
    return 0;
  }
  void on_fact(const Origin& origin, const Fact& fact) override {
    std::string line = sender(origin);
    line += fact.subject == Subject::sender     ? "fact "
            : fact.subject == Subject::receiver ? "peer "
                                                : "named ";
    if (fact.subject == Subject::named) {
      if (!fact.mac.is_zero()) line += fact.mac.text() + " ";
      if (!fact.ip.is_none()) line += fact.ip.text() + " ";
    }
    line.append(fact.attribute).append("=").append(fact.value);
    lines.push_back(line);
  }
  void on_protocol(const Origin& origin, bool is_assumed) override {
    lines.push_back((is_assumed ? "assumed " : "protocol ") + std::string(origin.protocol));
  }
  void on_anomaly(const Origin& origin) override {
    lines.push_back("anomaly " + std::string(origin.protocol));
  }

  std::vector<std::string> lines;

 private:
  static std::string sender(const Origin& origin) {
    return origin.from == decode::End::a ? "a: " : "b: ";
  }
};

// One flow between client end a (10.0.0.1) and server end b (10.0.0.2), through a real Engine.
class Exchange {
 public:
  explicit Exchange(decode::Transport transport, std::uint16_t client_port = 49152,
                    std::uint16_t server_port = 0)
      : engine_(
            EngineLimits{.flows_max = 16, .buffers_max = 4, .requests_max = 256, .trials_max = 2},
            journal_) {
    flow_.transport = transport;
    flow_.ip_protocol = transport == decode::Transport::tcp ? 6 : 17;
    flow_.ends[0] = {*MacAddress::parse("02:00:00:00:00:01"), *IpAddress::parse("10.0.0.1"),
                     client_port};
    flow_.ends[1] = {*MacAddress::parse("02:00:00:00:00:02"), *IpAddress::parse("10.0.0.2"),
                     server_port};
  }
  ~Exchange() { engine_.on_flow_end(flow_); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  Exchange& opened() {  // the client's SYN was seen
    flow_.state_client(decode::End::a, decode::OpenerGround::syn);
    is_opened_ = true;
    return *this;
  }
  Exchange& up(std::span<const std::uint8_t> message) { return send(decode::End::a, message); }
  Exchange& down(std::span<const std::uint8_t> message) { return send(decode::End::b, message); }
  Exchange& up(std::string_view annotated) { return up(bytes(annotated)); }
  Exchange& down(std::string_view annotated) { return down(bytes(annotated)); }
  Exchange& lose(std::uint64_t count) {
    lost_ = count;
    return *this;
  }
  Exchange& wait(TimeNs time) {
    now_ += time;
    return *this;
  }
  Exchange& end_stream() {
    engine_.on_stream_end(flow_);
    return *this;
  }

  [[nodiscard]] const std::vector<std::string>& lines() const { return journal_.lines; }
  [[nodiscard]] std::vector<std::string> take_lines() { return std::exchange(journal_.lines, {}); }
  [[nodiscard]] const EngineCounters& counters() const { return engine_.counters(); }
  [[nodiscard]] decode::Flow& flow() { return flow_; }
  bool is_truncated = false;  // of the datagrams to come

 private:
  Exchange& send(decode::End from, std::span<const std::uint8_t> message) {
    now_ += 1'000'000;
    if (flow_.transport == decode::Transport::tcp) {
      bool& has_begun = has_begun_[decode::index(from)];
      engine_.on_stream({.time = now_,
                         .flow = &flow_,
                         .from = from,
                         .lost_before = std::exchange(lost_, 0),
                         .is_start = is_opened_ && !has_begun,
                         .bytes = message});
      has_begun = true;
      return *this;
    }
    const auto& sender = flow_.ends[decode::index(from)];
    const auto& receiver = flow_.ends[decode::index(decode::other(from))];
    decode::Segment segment;
    segment.time = now_;
    segment.source_mac = sender.mac;
    segment.destination_mac = receiver.mac;
    segment.ethertype = flow_.ethertype;
    segment.source = sender.ip;
    segment.destination = receiver.ip;
    segment.ip_protocol = flow_.ip_protocol;
    segment.is_truncated = is_truncated;
    segment.payload = message;
    segment.flow = &flow_;
    segment.from = from;
    engine_.on_segment(segment);
    return *this;
  }

  Journal journal_;
  Engine engine_;
  decode::Flow flow_;
  TimeNs now_ = kSecondNs;
  std::uint64_t lost_ = 0;
  bool is_opened_ = false;
  std::array<bool, 2> has_begun_{};
};

}  // namespace osect::dissect::testing
