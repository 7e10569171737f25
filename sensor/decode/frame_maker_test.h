// Frames for the tests of decode, byte by byte, and a sink that writes down what came out.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/address.h"
#include "sensor/capture/frame.h"
#include "sensor/decode/decoder.h"

namespace osect::decode::make {

using Bytes = std::vector<std::uint8_t>;

struct Station {
  MacAddress mac;
  IpAddress ip;
};

inline const Station kClient{*MacAddress::parse("02:00:00:00:00:01"),
                             *IpAddress::parse("10.0.0.1")};
inline const Station kServer{*MacAddress::parse("02:00:00:00:00:02"),
                             *IpAddress::parse("10.0.0.2")};
inline const Station kClient6{kClient.mac, *IpAddress::parse("2001:db8::1")};
inline const Station kServer6{kServer.mac, *IpAddress::parse("2001:db8::2")};

inline void put(Bytes& out, const Bytes& more) {
  out.insert(out.end(), more.begin(), more.end());
}
inline void put8(Bytes& out, std::uint64_t v) {
  out.push_back(static_cast<std::uint8_t>(v));
}
inline void put16(Bytes& out, std::uint64_t v) {
  put8(out, v >> 8), put8(out, v);
}
inline void put32(Bytes& out, std::uint64_t v) {
  put16(out, v >> 16), put16(out, v);
}
inline Bytes text_bytes(const std::string& text) {
  return {text.begin(), text.end()};
}

inline Bytes hex(const std::string& digits) {
  Bytes out;
  std::string pair;
  for (const char c : digits) {
    if (c == ' ') continue;
    pair.push_back(c);
    if (pair.size() == 2) {
      out.push_back(static_cast<std::uint8_t>(std::stoi(pair, nullptr, 16)));
      pair.clear();
    }
  }
  return out;
}

inline Bytes operator+(Bytes a, const Bytes& b) {
  put(a, b);
  return a;
}

// Destination, source, then `rest` (type or tags and payload); padded to 60 bytes when asked.
inline Bytes ethernet(const Station& from, const Station& to, const Bytes& rest,
                      bool is_padded = true) {
  Bytes out(to.mac.bytes.begin(), to.mac.bytes.end());
  put(out, Bytes(from.mac.bytes.begin(), from.mac.bytes.end()));
  put(out, rest);
  if (is_padded && out.size() < 60) out.resize(60, 0xee);  // a pattern that must never be payload
  return out;
}

inline Bytes typed(std::uint16_t type, const Bytes& payload) {
  Bytes out;
  put16(out, type);
  return out + payload;
}

struct Ipv4Fields {
  std::uint8_t protocol = 17;
  std::uint16_t id = 0;
  bool has_more = false;
  std::uint32_t offset = 0;
  Bytes options = {};
};

inline Bytes ipv4(const Station& from, const Station& to, const Bytes& payload,
                  const Ipv4Fields& f) {
  Bytes out;
  put8(out, 0x40 | (5 + f.options.size() / 4));
  put8(out, 0);
  put16(out, 20 + f.options.size() + payload.size());
  put16(out, f.id);
  put16(out, (f.has_more ? 0x2000U : 0U) | f.offset / 8);
  put8(out, 64);
  put8(out, f.protocol);
  put16(out, 0xbad0);  // a wrong checksum: offload leaves such behind, and it must not matter
  put(out, Bytes(from.ip.bytes().begin(), from.ip.bytes().end()));
  put(out, Bytes(to.ip.bytes().begin(), to.ip.bytes().end()));
  return out + f.options + payload;
}

inline Bytes ipv6(const Station& from, const Station& to, std::uint8_t next, const Bytes& payload) {
  Bytes out;
  put32(out, 0x60000000U);
  put16(out, payload.size());
  put8(out, next);
  put8(out, 64);
  put(out, Bytes(from.ip.bytes().begin(), from.ip.bytes().end()));
  put(out, Bytes(to.ip.bytes().begin(), to.ip.bytes().end()));
  return out + payload;
}

inline Bytes udp_datagram(std::uint16_t sport, std::uint16_t dport, const Bytes& payload) {
  Bytes out;
  put16(out, sport);
  put16(out, dport);
  put16(out, 8 + payload.size());
  put16(out, 0);
  return out + payload;
}

// An IP packet of the stations' family.
inline Bytes ip(const Station& from, const Station& to, std::uint8_t protocol,
                const Bytes& payload) {
  return from.ip.is_v4() ? ipv4(from, to, payload, {.protocol = protocol})
                         : ipv6(from, to, protocol, payload);
}

inline Bytes ip_typed(const Station& from, const Bytes& packet) {
  return typed(from.ip.is_v4() ? 0x0800 : 0x86dd, packet);
}

inline Bytes udp(const Station& from, const Station& to, std::uint16_t sport, std::uint16_t dport,
                 const std::string& data) {
  return ethernet(from, to,
                  ip_typed(from, ip(from, to, 17, udp_datagram(sport, dport, text_bytes(data)))));
}

struct TcpFields {
  Station from;
  Station to;
  std::uint16_t sport = 0;
  std::uint16_t dport = 0;
  std::uint32_t seq = 0;
  std::uint32_t ack = 0;
  std::uint8_t flags = tcp_flag::kAck;
  std::string data = {};
  Bytes options = {};
};

inline Bytes tcp_packet(const TcpFields& f) {
  Bytes out;
  put16(out, f.sport);
  put16(out, f.dport);
  put32(out, f.seq);
  put32(out, f.ack);
  put8(out, (5 + f.options.size() / 4) << 4);
  put8(out, f.flags);
  put16(out, 4096);
  put32(out, 0);
  return ip(f.from, f.to, 6, out + f.options + text_bytes(f.data));
}

inline Bytes tcp(const TcpFields& f) {
  return ethernet(f.from, f.to, ip_typed(f.from, tcp_packet(f)));
}

// Decodes what is added and keeps copies of everything that comes out.
struct Decoding final : Sink {
  explicit Decoding(const DecodeLimits& limits = {}) : decoder(limits, *this) {}

  void add(const Bytes& frame, TimeNs step = 1'000'000,
           capture::LinkType link = capture::LinkType::ethernet, std::uint32_t wire = 0) {
    time += step;
    decoder.decode({.time = time,
                    .bytes = frame,
                    .wire_length = std::max(wire, static_cast<std::uint32_t>(frame.size())),
                    .link = link});
  }
  void finish() { decoder.finish(); }

  void on_segment(const Segment& segment) override {
    segments.push_back(segment);
    payloads.emplace_back(segment.payload.begin(), segment.payload.end());
  }
  void on_stream(const StreamPiece& piece) override {
    pieces.push_back(piece);
    auto& text = streams[index(piece.from)];
    if (piece.lost_before != 0) text += "<" + std::to_string(piece.lost_before) + ">";
    text.append(piece.bytes.begin(), piece.bytes.end());
  }
  void on_stream_end(Flow&) override { ++streams_ended; }
  void on_flow_end(Flow& flow) override { ended.push_back(flow); }

  // Everything that end sent, with "<n>" where n bytes are missing.
  [[nodiscard]] std::string text(End end) const { return streams[index(end)]; }

  std::vector<Segment> segments;  // payload views are stale: see payloads
  std::vector<std::string> payloads;
  std::vector<StreamPiece> pieces;  // bytes are stale
  std::array<std::string, 2> streams;
  std::vector<Flow> ended;
  int streams_ended = 0;
  TimeNs time = 1'700'000'000 * kSecondNs;
  Decoder decoder;
};

}  // namespace osect::decode::make
