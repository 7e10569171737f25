// The one place that opens a network interface; pcap(3).
#include "sensor/capture/live_source.h"

#include <fmt/format.h>
#include <pcap/pcap.h>
#include <poll.h>

#include <algorithm>
#include <array>

#include "base/log.h"

namespace osect::capture {
namespace {

constexpr int kSnapLength = 65'535;

// libpcap's DLT numbers of this system, as the registry has them.
LinkType link_of(int dlt) {
  return dlt == DLT_RAW ? LinkType::raw : static_cast<LinkType>(dlt);
}

std::string reason(pcap_t* handle, int code) {
  const std::string detail = pcap_geterr(handle);
  const std::string general = pcap_statustostr(code);
  if (detail.empty() || detail == general) return general;
  return code == PCAP_ERROR ? detail : general + " (" + detail + ")";
}

}  // namespace

void LiveSource::Close::operator()(pcap* handle) const {
  pcap_close(handle);
}

LiveSource::LiveSource(const LivePort& port, std::unique_ptr<pcap, Close> handle)
    : Source(port.interface),
      handle_(std::move(handle)),
      number_(port.number),
      timeout_ms_(port.timeout_ms) {}

Result<std::unique_ptr<Source>> LiveSource::open(const LivePort& port) {
  std::array<char, PCAP_ERRBUF_SIZE> words{};
  std::unique_ptr<pcap, Close> handle(pcap_create(port.interface.c_str(), words.data()));
  if (handle == nullptr)
    return Error(
        fmt::format("monitor port {}: cannot be opened: {}", port.interface, words.data()));
  pcap_t* h = handle.get();
  pcap_set_snaplen(h, kSnapLength);
  pcap_set_promisc(h, 1);
  pcap_set_timeout(h, port.timeout_ms);
  pcap_set_immediate_mode(h, 0);
  pcap_set_buffer_size(h, static_cast<int>(std::min<std::uint32_t>(port.ring_bytes, 1U << 30)));
  pcap_set_tstamp_precision(h, PCAP_TSTAMP_PRECISION_NANO);
  const int code = pcap_activate(h);
  if (code < 0)
    return Error(
        fmt::format("monitor port {}: cannot be captured: {}", port.interface, reason(h, code)));
  if (code > 0) log::warn("monitor port {}: {}", port.interface, reason(h, code));
  if (pcap_setnonblock(h, 1, words.data()) != 0)
    return Error(
        fmt::format("monitor port {}: cannot be captured: {}", port.interface, words.data()));
  std::unique_ptr<LiveSource> source(new LiveSource(port, std::move(handle)));
  source->link_ = link_of(pcap_datalink(h));
  source->fraction_ns_ = pcap_get_tstamp_precision(h) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000;
  return std::unique_ptr<Source>(std::move(source));
}

Next LiveSource::next(Frame& frame) {
  if (!problem_.empty()) return Next::end;
  pcap_pkthdr* header = nullptr;
  const std::uint8_t* bytes = nullptr;
  int code = pcap_next_ex(handle_.get(), &header, &bytes);
  if (code == 0) {
    // libpcap's own wait has no end on a silent port: with TPACKET_V3 it lets the ring's timer wake
    // it, which only does so for frames. What was seen before the silence would stay unreported.
    pollfd ready{pcap_get_selectable_fd(handle_.get()), POLLIN, 0};
    if (::poll(&ready, 1, timeout_ms_) == 0) return Next::idle;
    code = pcap_next_ex(handle_.get(), &header, &bytes);
  }
  if (code == 0) return Next::idle;
  if (code < 0) {
    problem_ = fmt::format("monitor port {}: {}", name(), reason(handle_.get(), code));
    return Next::end;
  }
  frame.time = static_cast<TimeNs>(header->ts.tv_sec) * kSecondNs +
               static_cast<TimeNs>(header->ts.tv_usec) * fraction_ns_;
  frame.bytes = {bytes, std::min(header->caplen, header->len)};
  frame.wire_length = header->len;
  frame.link = link_;
  frame.port = number_;
  return Next::frame;
}

Result<> LiveSource::problem() const {
  if (problem_.empty()) return {};
  return Error(problem_);
}

SourceCounters LiveSource::read_counters() {
  pcap_stat now{};
  if (pcap_stats(handle_.get(), &now) != 0) return counters_;
  const auto difference = [](std::uint32_t current, std::uint64_t last) {
    return static_cast<std::uint32_t>(current - static_cast<std::uint32_t>(last));
  };
  counters_.received += difference(now.ps_recv, last_.received);
  counters_.dropped_kernel += difference(now.ps_drop, last_.dropped_kernel);
  counters_.dropped_interface += difference(now.ps_ifdrop, last_.dropped_interface);
  last_ = {now.ps_recv, now.ps_drop, now.ps_ifdrop};
  return counters_;
}

}  // namespace osect::capture
