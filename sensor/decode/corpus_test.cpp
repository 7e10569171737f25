// Packets and bytes of every pair of addresses in published captures, against what an independent
// decoder counted.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "sensor/capture/file_source.h"
#include "sensor/decode/decoder.h"

namespace osect::decode {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Sender, receiver, transport -> packets and bytes.
using Pairs = std::map<std::tuple<std::string, std::string, std::string>,
                       std::pair<std::uint64_t, std::uint64_t>>;

struct Tally final : Sink {
  Pairs pairs;
  std::set<std::string> macs;
  bool has_tunnel = false;

  void on_segment(const Segment& segment) override {
    if (segment.tunnel_depth > 0) has_tunnel = true;
    if (segment.tunnel_depth == 0 && segment.source_mac.is_station())
      macs.insert(segment.source_mac.text());
    if (segment.flow == nullptr) return;
    ASSERT_EQ(segment.source, segment.flow->ends[index(segment.from)].ip);
  }
  void on_stream(const StreamPiece& piece) override { ASSERT_FALSE(piece.bytes.empty()); }
  void on_stream_end(Flow&) override {}
  void on_flow_end(Flow& flow) override {
    if (flow.tunnel_depth > 0 || flow.ends[0].ip.is_none()) return;
    const std::string transport = transport_name(flow.transport);
    for (const std::size_t i : {0U, 1U}) {
      auto& [packets, bytes] =
          pairs[{flow.ends[i].ip.text(), flow.ends[1 - i].ip.text(), transport}];
      packets += flow.packets[i];
      bytes += flow.bytes[i];
    }
  }
};

// Where the other decoder or the file differs for a reason; each stands here with it.
const std::map<std::string, std::string> kKnown = {
    {"it-ip/zeek_ipv6-fragmented-dns.pcap",
     "the other counts fragments under the protocol in their fragment header (RFC 8200, 4.5) only "
     "when the datagram is whole"},
    {"it-ip/zeek_ipv6-reassembly-state-leak.pcap", "as above"},
    {"it-ip/zeek_ipv6-mobility-dst-opts.pcap",
     "the other stops at an option that is too long; the extension header's own length leads on "
     "(RFC 8200, 4.6)"},
    {"it-ip/zeek_trunc_ipv4-internally-truncated-header.pcap",
     "cut by the capture within the options: the addresses are there"},
    {"it-tunnels/zeek_pbb-recursive-frames.pcapng",
     "58 headers of 802.1ah: beyond the limit, and counted"},
    {"malformed/tcpdump/tcpdump_atm-heapoverflow.pcap",
     "ATM is not understood; the other counts fewer bytes than the file says"},
    {"malformed/tcpdump/tcpdump_isis_poi.pcap", "Juniper's link type is not understood"},
    {"malformed/tcpdump/tcpdump_q933-heapoverflow-2.pcap",
     "Ethernet bridged over frame relay is not understood"},
    {"malformed/tcpdump/tcpdump_dsa-high-vid.pcap",
     "the other refuses the link type and reads nothing"},
    {"malformed/tcpdump/tcpdump_edsa-high-vid.pcap", "as above"},
    {"malformed/tcpdump/tcpdump_juniper_es_oobr.pcap", "as above"},
    {"malformed/tcpdump/tcpdump_vtp_asan.pcap", "as above"},
};

std::string normal(const std::string& ip) {
  const auto parsed = IpAddress::parse(ip);
  return parsed ? parsed->text() : ip;
}

bool is_compared(const std::string& transport) {
  return transport == "tcp" || transport == "udp" || transport == "sctp";
}

Pairs pairs_of(const json& truth) {
  Pairs pairs;
  for (const auto& c : truth.at("conversations")) {
    const std::string a = normal(c.at("a"));
    const std::string b = normal(c.at("b"));
    const std::string transport = c.at("proto");
    for (const auto& [from, to, counts] :
         {std::tuple(a, b, c.at("a2b")), std::tuple(b, a, c.at("b2a"))}) {
      auto& [packets, bytes] = pairs[{from, to, transport}];
      packets += counts.at(0).get<std::uint64_t>();
      bytes += counts.at(1).get<std::uint64_t>();
    }
  }
  return pairs;
}

void compare(const fs::path& capture, const json& truth) {
  SCOPED_TRACE(capture.string());
  auto source = capture::FileSource::open(capture.string());
  ASSERT_TRUE(source) << source.error().message;
  Tally tally;
  Decoder decoder({}, tally);
  capture::Frame frame;
  while ((*source)->next(frame) == capture::Next::frame) decoder.decode(frame);
  decoder.finish();
  const auto problem = (*source)->problem();
  EXPECT_EQ(decoder.counters().packets, truth.at("packets").get<std::uint64_t>())
      << (problem ? "" : problem.error().message);
  if (problem) {
    EXPECT_EQ(decoder.counters().bytes, truth.at("wire_bytes").get<std::uint64_t>());
  }
  for (const auto& host : truth.at("hosts").at("mac")) {
    const std::string mac = host.at("mac");
    EXPECT_TRUE(host.at("tx").get<int>() == 0 || tally.macs.contains(mac)) << "missing " << mac;
  }
  const Pairs expected = pairs_of(truth);
  for (const auto& [key, counts] : expected) {
    const auto& [from, to, transport] = key;
    if (!is_compared(transport)) continue;
    EXPECT_EQ(tally.pairs[key], counts) << from << " -> " << to << " " << transport;
  }
  for (const auto& [key, counts] : tally.pairs) {
    const auto& [from, to, transport] = key;
    if (!is_compared(transport) || counts.first == 0) continue;
    EXPECT_TRUE(expected.contains(key)) << "invented " << from << " -> " << to << " " << transport;
  }
}

TEST(Corpus, EveryPairOfAddressesHasTheExactPacketsAndBytes) {
  const fs::path root = "../shared/captures";
  if (!fs::exists(root / "truth")) GTEST_SKIP() << "no published captures beside the project";
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(root / "truth"))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::ranges::sort(files);
  ASSERT_FALSE(files.empty());
  for (const auto& path : files) {
    const json truth = json::parse(std::ifstream(path));
    const std::string file = truth.at("file");
    if (fs::exists(root / file) && !kKnown.contains(file)) compare(root / file, truth);
  }
}

}  // namespace
}  // namespace osect::decode
