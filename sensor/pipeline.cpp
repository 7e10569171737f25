// The stages of one monitor port, wired: dissect sees a segment before observe, so that what it
// recognises counts at once.
#include "sensor/pipeline.h"

#include <algorithm>
#include <utility>

namespace osect::sensor {

Pipeline::Pipeline(const PipelineLimits& limits, std::uint16_t port, std::string port_name)
    : port_(port),
      port_name_(std::move(port_name)),
      observer_(limits.observe),
      engine_(limits.dissect, observer_),
      decoder_(limits.decode, *this) {}

Result<> Pipeline::use_rules(const signature::RuleSet& rules, signature::HitSink* further) {
  auto signatures = std::make_unique<Signatures>(rules, further);
  auto engine = signature::Engine::make(rules, {}, signatures->log);
  if (!engine) return engine.error();
  signatures->engine = std::move(*engine);
  signatures_ = std::move(signatures);
  return {};
}

void Pipeline::take(const capture::Frame& frame) {
  if (first_ == 0) first_ = frame.time;
  last_ = std::max(last_, frame.time);
  decoder_.decode(frame);
  if (last_ >= next_expire_) advance(last_);
}

void Pipeline::advance(TimeNs now) {
  decoder_.expire(now);
  next_expire_ = now + kSecondNs;
}

void Pipeline::set_dropped(std::uint64_t kernel, std::uint64_t queue) {
  dropped_kernel_ = kernel;
  dropped_queue_ = queue;
}

observe::PortRow Pipeline::port_totals() const {
  observe::PortRow row;
  row.port = port_;
  row.name = port_name_;
  const auto& decoded = decoder_.counters();
  row.packets = decoded.packets;
  row.bytes = decoded.bytes;
  row.dropped_kernel = dropped_kernel_;
  row.dropped_queue = dropped_queue_;
  row.malformed = decoded.malformed + engine_.counters().anomalies;
  row.unparsed = engine_.counters().unparsed + decoded.unknown_link;
  row.truncated = decoded.truncated;
  row.evicted = decoded.flows_evicted + observer_.counters().evicted();
  if (signatures_) {
    const auto& counted = signatures_->engine->counters();
    row.evicted += counted.flows_evicted + counted.limits_evicted + signatures_->log.evicted();
  }
  return row;
}

observe::Report Pipeline::drain_new(TimeNs now) {
  observe::Report report = observer_.drain_new(now);
  if (signatures_) signatures_->log.drain_new(report.events);
  return report;
}

observe::Report Pipeline::drain(TimeNs now) {
  decoder_.for_each_recent_flow([this](decode::Flow& flow) { observer_.fold(flow); });
  observe::Report report = observer_.drain(now);
  if (signatures_) signatures_->log.drain(now, report.events);
  const observe::PortRow total = port_totals();
  observe::PortRow row = total;
  row.packets -= reported_.packets;
  row.bytes -= reported_.bytes;
  row.dropped_kernel -= reported_.dropped_kernel;
  row.dropped_queue -= reported_.dropped_queue;
  row.malformed -= reported_.malformed;
  row.unparsed -= reported_.unparsed;
  row.truncated -= reported_.truncated;
  row.evicted -= reported_.evicted;
  report.ports.push_back(std::move(row));
  reported_ = total;
  return report;
}

void Pipeline::finish() {
  decoder_.finish();
}

observe::Report Pipeline::totals() const {
  observe::Report report = observer_.totals();
  if (signatures_) signatures_->log.totals(report.events);
  report.ports.push_back(port_totals());
  return report;
}

std::size_t Pipeline::memory_bytes() const {
  std::size_t sum = decoder_.memory_bytes() + engine_.memory_bytes() + observer_.memory_bytes();
  if (signatures_) sum += signatures_->engine->memory_bytes() + signatures_->log.bytes();
  return sum;
}

void Pipeline::on_segment(const decode::Segment& segment) {
  engine_.on_segment(segment);
  observer_.on_segment(segment);
  if (signatures_) signatures_->engine->on_segment(segment);
}

void Pipeline::on_stream(const decode::StreamPiece& piece) {
  engine_.on_stream(piece);
}

void Pipeline::on_stream_end(decode::Flow& flow) {
  engine_.on_stream_end(flow);
}

void Pipeline::on_flow_end(decode::Flow& flow) {
  engine_.on_flow_end(flow);
  observer_.on_flow_end(flow);
  if (signatures_) signatures_->engine->on_flow_end(flow);
}

}  // namespace osect::sensor
