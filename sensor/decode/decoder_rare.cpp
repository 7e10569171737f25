// What most frames are not: other link-layer protocols, headers in between, fragments, tunnels, UDP
// and the rest.
#include "sensor/decode/bytes.h"
#include "sensor/decode/decoder_state.h"

namespace osect::decode {

void Decoder::State::link(capture::LinkType type, Packet packet, Segment& segment) {
  LinkVerdict verdict = LinkVerdict::good;
  if (type == capture::LinkType::ethernet)
    verdict = read_ethernet(packet, segment) ? LinkVerdict::good : LinkVerdict::cut;
  else
    verdict = read_link(type, packet, segment);
  switch (verdict) {
    case LinkVerdict::good:
      if (segment.is_truncated) ++counters.truncated;
      return network(segment.ethertype, packet, segment);
    case LinkVerdict::cut:
      ++(packet.is_cut() ? counters.truncated : counters.malformed);
      return;
    case LinkVerdict::unknown:
      ++counters.unknown_link;
      counters.unknown_link_type = static_cast<std::uint16_t>(type);
      return;
  }
}

void Decoder::State::network(std::uint16_t type, Packet packet, Segment& segment) {
  segment.ethertype = type;
  switch (type) {
    case ethertype::kIpv4:
    case ethertype::kIpv6:
      return internet(type == ethertype::kIpv4, packet, segment);
    default: {
      const Inner inner = read_shim(type, packet);
      if (!inner.is_some()) return link_layer(packet, segment);
      if (++shims > kShimsMax) {
        ++counters.tunnels_too_deep;
        return link_layer(packet, segment);
      }
      if (inner.type == ethertype::kBridging) {
        link_layer(packet, segment);
        return bridged(inner.packet, segment);
      }
      return network(inner.type, inner.packet, segment);
    }
  }
}

void Decoder::State::link_layer(Packet packet, Segment& segment) {
  segment.payload = packet.bytes();
  if (!segment.source_mac.is_zero() || !segment.destination_mac.is_zero()) {
    const FlowSide side = link_flow(segment.source_mac, segment.destination_mac, segment.ethertype,
                                    segment.vlan, segment.tunnel_depth);
    enter_rare(side, 0, segment);
  }
  sink.on_segment(segment);
}

// A whole frame carried through a network of bridges: the same packet with the stations' own
// addresses.
void Decoder::State::bridged(Packet frame, const Segment& outer) {
  Segment segment;
  segment.time = outer.time;
  segment.port = outer.port;
  segment.wire_length = outer.wire_length;
  segment.tunnel_depth = outer.tunnel_depth;
  enter_ethernet(frame, segment);
}

void Decoder::State::enter_ethernet(Packet frame, Segment& segment) {
  segment.is_truncated = frame.is_cut();
  if (read_ethernet(frame, segment)) return network(segment.ethertype, frame, segment);
  ++(segment.is_truncated ? counters.truncated : counters.malformed);
}

void Decoder::State::fragment(const Ip& header, Segment& segment) {
  segment.is_fragment = true;
  enter_rare(ip_flow(header, 0, segment.vlan, segment.tunnel_depth), header.protocol, segment);
  sink.on_segment(segment);
  // The capture cut it: the datagram can never become whole.
  if (header.payload.is_cut()) {
    ++counters.fragments_dropped;
    return;
  }
  const FragmentKey key{.source = segment.source,
                        .destination = segment.destination,
                        .id = header.fragment_id,
                        .vlan = segment.vlan,
                        .ip_protocol = header.protocol,
                        .tunnel_depth = segment.tunnel_depth};
  const auto whole =
      fragments.accept(key, header.fragment_offset, header.has_more, header.payload.bytes(), clock);
  if (whole.empty()) return;
  Ip datagram = header;
  datagram.is_fragment = false;
  const auto size = static_cast<std::uint32_t>(whole.size());
  datagram.payload = {whole.data(), size, size};
  if (!header.is_v4 && skip_ipv6_extensions(datagram) != IpVerdict::good) ++counters.malformed;
  if (datagram.is_fragment) return;  // a fragment within a fragment: nobody sends that
  segment.is_fragment = false;
  segment.is_reassembled = true;
  segment.flow = nullptr;
  segment.ip_protocol = datagram.protocol;
  carried(datagram, segment);
}

void Decoder::State::count_fault(const Packet& packet, std::size_t needed, Segment& segment) {
  if (packet.wire >= needed)
    segment.is_truncated = true;
  else
    ++counters.malformed;
}

void Decoder::State::udp(const Ip& header, Segment& segment) {
  const Packet& packet = header.payload;
  const auto* b = packet.data;
  const std::uint32_t ports = packet.size >= 4 ? load_be32(b) : 0;
  enter_rare(ip_flow(header, ports, segment.vlan, segment.tunnel_depth), header.protocol, segment);
  if (packet.size < 8) {
    count_fault(packet, 8, segment);
    return sink.on_segment(segment);
  }
  const std::uint32_t length = load_be16(b + 4);
  Packet payload = packet.after(8);
  if (length >= 8)
    payload = payload.first(length - 8);
  else if (length != 0) {  // 0: a jumbogram or a large send
    ++counters.malformed;
    payload = payload.first(0);
  }
  segment.payload = payload.bytes();
  sink.on_segment(segment);
  const Inner inner = read_udp_tunnel(static_cast<std::uint16_t>(ports >> 16),
                                      static_cast<std::uint16_t>(ports), payload);
  if (inner.is_some()) inside(inner, segment);
}

void Decoder::State::portless(Ip header, Segment& segment) {
  if (header.protocol == ip_protocol::kAuthentication &&
      skip_authentication(header) == IpVerdict::good) {
    segment.ip_protocol = header.protocol;
    // What a second one would protect is not looked for: no stack sends that.
    if (header.protocol != ip_protocol::kAuthentication) return carried(header, segment);
  }
  const Packet& packet = header.payload;
  std::uint32_t ports = 0;
  segment.payload = packet.bytes();
  if (header.protocol == ip_protocol::kSctp && packet.size >= 12) {
    ports = load_be32(packet.data);
    segment.payload = segment.payload.subspan(12);
  }
  enter_rare(ip_flow(header, ports, segment.vlan, segment.tunnel_depth), header.protocol, segment);
  sink.on_segment(segment);
  switch (header.protocol) {
    case ip_protocol::kGre:
      return inside(read_gre(packet), segment);
    case ip_protocol::kIpv4:
      return inside({ethertype::kIpv4, packet}, segment);
    case ip_protocol::kIpv6:
      return inside({ethertype::kIpv6, packet}, segment);
    case ip_protocol::kEtherIp:  // RFC 3378: version 3, then an Ethernet frame
      if (packet.size >= 2 && packet.data[0] == 0x30)
        return inside({ethertype::kBridging, packet.after(2)}, segment);
      return;
    default:
      return;
  }
}

void Decoder::State::inside(const Inner& inner, const Segment& outer) {
  if (!inner.is_some() || inner.packet.size == 0) return;
  if (outer.tunnel_depth >= limits.tunnel_depth_max) {
    ++counters.tunnels_too_deep;
    return;
  }
  Segment segment;
  segment.time = outer.time;
  segment.port = outer.port;
  segment.tunnel_depth = static_cast<std::uint8_t>(outer.tunnel_depth + 1);
  segment.wire_length = inner.packet.wire;
  if (inner.type == ethertype::kBridging) return enter_ethernet(inner.packet, segment);
  segment.is_truncated = inner.packet.is_cut();
  segment.vlan = outer.vlan;
  network(inner.type, inner.packet, segment);
}

}  // namespace osect::decode
