// Frame -> Segment: link layers, tunnels, IP, defragmentation, flows, TCP streams; bounded, total,
// no allocation per frame.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>

#include "sensor/capture/frame.h"
#include "sensor/decode/segment.h"

namespace osect::decode {

// Everything is sized at start; the worst case is the sum of these.
struct DecodeLimits {
  std::size_t flows_max = 65'536;
  std::size_t stream_bytes_max = 8U << 20;    // out-of-order TCP payload waiting for a gap to close
  std::size_t fragment_bytes_max = 2U << 20;  // datagrams being put together
  TimeNs tcp_idle = 600 * kSecondNs;          // a silent connection leaves the table
  TimeNs closed_idle = 30 * kSecondNs;  // a closed connection stays for what is still under way
  TimeNs udp_idle = 120 * kSecondNs;    // every flow that is not TCP
  TimeNs fragment_idle = 30 * kSecondNs;
  std::size_t tunnel_depth_max = 4;
};

// Owned and used by one monitor port's thread.
class Decoder {
 public:
  Decoder(const DecodeLimits& limits, Sink& sink);
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder();

  void decode(const capture::Frame& frame);
  // Ends every flow idle at that time of the capture's own clock. decode() does this by itself once
  // a second; a live port without traffic needs the call.
  void expire(TimeNs now);
  // Hands every live flow that had a packet since the last call to `visit` (interval counters are
  // folded this way): most flows of a factory are silent in most minutes.
  template <typename Visit>
  void for_each_recent_flow(Visit&& visit);
  // Ends all flows: the capture is over.
  void finish();

  [[nodiscard]] const DecodeCounters& counters() const;
  [[nodiscard]] std::size_t memory_bytes() const;  // everything allocated, for the start-up line

 private:
  struct State;
  std::unique_ptr<State> state_;
  // for_each_recent_flow needs a plain function to cross the hidden state.
  using FlowVisit = void (*)(void* context, Flow& flow);
  void visit_flows(FlowVisit visit, void* context);
};

template <typename Visit>
void Decoder::for_each_recent_flow(Visit&& visit) {
  visit_flows([](void* context,
                 Flow& flow) { (*static_cast<std::remove_reference_t<Visit>*>(context))(flow); },
              &visit);
}

}  // namespace osect::decode
