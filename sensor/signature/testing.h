// Rules held against packets, for tests: which sids are hit, how often.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "sensor/decode/segment.h"
#include "sensor/signature/engine.h"
#include "sensor/signature/rule_file.h"
#include "sensor/signature/rule_set.h"

namespace osect::signature::testing {

// One flow of 10.0.0.1:1024 and 10.0.0.2; packets of either end. Counts hits by sid.
class Bench final : public HitSink {
 public:
  explicit Bench(std::string_view text, std::uint16_t port = 502,
                 decode::Transport transport = decode::Transport::udp)
      : file(parse_rules(text, default_variables())) {
    set_ = std::move(*RuleSet::build(std::move(file.rules)));
    engine_ = std::move(*Engine::make(set_, {}, *this));
    flow.transport = transport;
    flow.ends[0].ip = *IpAddress::parse("10.0.0.1");
    flow.ends[0].port = 1024;
    flow.ends[1].ip = *IpAddress::parse("10.0.0.2");
    flow.ends[1].port = port;
  }

  void on_hit(const Hit& hit) override { ++hits[hit.rule->sid]; }

  // `seconds` is when.
  void send(std::string_view payload, decode::End from = decode::End::a, int seconds = 0,
            std::uint8_t tcp_flags = decode::tcp_flag::kAck) {
    decode::Segment segment;
    segment.time = seconds * kSecondNs;
    segment.flow = &flow;
    segment.from = from;
    segment.source = flow.ends[decode::index(from)].ip;
    segment.destination = flow.ends[decode::index(decode::other(from))].ip;
    const bool is_icmp = flow.transport == decode::Transport::icmp;
    segment.ip_protocol = is_icmp ? 1 : flow.transport == decode::Transport::tcp ? 6 : 17;
    segment.ttl = 64;
    segment.tcp_flags = tcp_flags;
    const void* bytes = payload.data();
    segment.payload = {static_cast<const std::uint8_t*>(bytes), payload.size()};
    ++flow.packets[decode::index(from)];
    engine_->on_segment(segment);
  }

  RuleFile file;
  std::map<std::uint32_t, int> hits;
  decode::Flow flow;

 private:
  RuleSet set_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace osect::signature::testing
