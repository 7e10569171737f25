// Frames from a monitor port: libpcap on a kernel ring, promiscuous, receiving only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "sensor/capture/source.h"

struct pcap;

namespace osect::capture {

struct LivePort {
  std::string interface = {};            // "eth1"
  std::uint16_t number = 0;              // goes into every frame
  std::uint32_t ring_bytes = 16U << 20;  // shared with the kernel
  int timeout_ms = 100;  // how long next() may wait, and how long frames may sit in the ring
};

// One network interface; several ports are several sources, each on its own thread. Time stamps are
// the kernel's, to the nanosecond where the interface has them. Frames come in blocks of the ring
// (TPACKET_V3): immediate mode would cost a system call per frame. Nothing in this program sends on
// the interface.
class LiveSource final : public Source {
 public:
  // Needs CAP_NET_RAW; says so when it is missing.
  [[nodiscard]] static Result<std::unique_ptr<Source>> open(const LivePort& port);

  [[nodiscard]] Next next(Frame& frame) override;
  [[nodiscard]] Result<> problem() const override;
  [[nodiscard]] SourceCounters read_counters() override;

 private:
  struct Close {
    void operator()(pcap* handle) const;
  };

  LiveSource(const LivePort& port, std::unique_ptr<pcap, Close> handle);

  std::unique_ptr<pcap, Close> handle_;
  std::uint16_t number_;
  int timeout_ms_;
  LinkType link_ = LinkType::ethernet;
  std::uint32_t fraction_ns_ = 1;  // of a tick of the stamps' second field
  SourceCounters counters_;
  SourceCounters last_;  // libpcap's own, which wrap at 2^32
  std::string problem_;
};

}  // namespace osect::capture
