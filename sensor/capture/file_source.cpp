// The two file formats, record by record.
#include "sensor/capture/file_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace osect::capture {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kPacketObsolete = 2;
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kBlockBytesMax = 16U << 20;
constexpr std::size_t kInterfacesMax = 4096;

std::uint32_t load32(const std::uint8_t* at) {
  std::uint32_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}

// Numbers that differ between systems, as libpcap maps them.
LinkType link_of(std::uint32_t number) {
  number &= 0xffff;  // above: the length of a frame check sequence
  if (number == 12 || number == 14) number = 101;
  return static_cast<LinkType>(number);
}

std::uint32_t padded(std::uint32_t length) {
  return (length + 3U) & ~3U;
}

}  // namespace

FileSource::FileSource(const std::string& path, std::unique_ptr<FileBytes> bytes)
    : Source(path), bytes_(std::move(bytes)) {}

std::uint16_t FileSource::u16(const std::uint8_t* at) const {
  std::uint16_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return is_swapped_ ? __builtin_bswap16(value) : value;
}

std::uint32_t FileSource::u32(const std::uint8_t* at) const {
  const std::uint32_t value = load32(at);
  return is_swapped_ ? __builtin_bswap32(value) : value;
}

Result<std::unique_ptr<Source>> FileSource::open(const std::string& path) {
  auto bytes = FileBytes::open(path);
  if (!bytes) return bytes.error();
  std::unique_ptr<FileSource> source(new FileSource(path, std::move(*bytes)));
  if (auto ok = source->read_header(); !ok) return ok.error();
  return std::unique_ptr<Source>(std::move(source));
}

Result<> FileSource::read_header() {
  const auto start = bytes_->peek(24);
  const std::string& path = name();
  if (start.empty()) {
    if (!bytes_->failure().empty()) return Error(path + ": cannot be read: " + bytes_->failure());
    return Error(path + ": the file is empty");
  }
  const std::uint32_t magic = start.size() >= 4 ? load32(start.data()) : 0;
  if (magic == kSectionHeader) {
    is_pcapng_ = true;
    const auto block = read_block();
    if (!block) return Error(problem_);
    if (!begin_section(*block)) return Error(problem_);
    return {};
  }
  if (!try_read_pcap_header(magic))
    return Error(path + ": is not a capture file (neither pcap nor pcapng)");
  if (start.size() < 24)
    return Error(
        fmt::format("{}: the file ends within its header ({} of 24 bytes)", path, start.size()));
  link_ = link_of(u32(&start[20]));
  bytes_->skip(24);
  return {};
}

bool FileSource::try_read_pcap_header(std::uint32_t magic) {
  for (const bool is_swapped : {false, true}) {
    is_swapped_ = is_swapped;
    switch (is_swapped ? __builtin_bswap32(magic) : magic) {
      case 0xa1b2c3d4:
        fraction_ns_ = 1000;
        return true;
      case 0xa1b23c4d:
        fraction_ns_ = 1;
        return true;
      case 0xa1b2cd34:  // Kuznetzov's patched libpcap: eight more bytes before each packet
        fraction_ns_ = 1000;
        record_header_ = 24;
        return true;
      default:
        break;
    }
  }
  return false;
}

Next FileSource::next(Frame& frame) {
  if (is_done_) return Next::end;
  bytes_->skip(consumed_);
  if (is_pcapng_) return next_pcapng(frame);
  const auto there = bytes_->peek(record_header_);
  if (there.size() < record_header_) return stop_short(there.size(), record_header_);
  std::array<std::uint32_t, 4> header;  // seconds, fraction, captured, on the wire
  std::memcpy(header.data(), there.data(), sizeof header);
  if (is_swapped_)
    for (std::uint32_t& field : header) field = __builtin_bswap32(field);
  const std::uint8_t* record = there.data();
  const std::size_t whole = record_header_ + header[2];
  if (there.size() < whole || header[2] > kFrameBytesMax) [[unlikely]] {
    record = peek_record(header[2]);
    if (record == nullptr) return Next::end;
  }
  frame.time = static_cast<TimeNs>(header[0]) * kSecondNs +
               static_cast<TimeNs>(static_cast<std::uint64_t>(header[1]) * fraction_ns_);
  frame.bytes = {record + record_header_, std::min(header[2], header[3])};
  frame.wire_length = header[3];
  frame.link = link_;
  frame.port = 0;
  consumed_ = whole;
  ++packets_;
  return Next::frame;
}

const std::uint8_t* FileSource::peek_record(std::uint32_t captured) {
  if (captured > kFrameBytesMax) {
    stop(fmt::format("packet {} at byte {} claims {} captured bytes, more than any packet has",
                     packets_ + 1, bytes_->offset(), captured));
    return nullptr;
  }
  const std::size_t whole = record_header_ + captured;
  const auto there = bytes_->peek(whole);
  if (there.size() >= whole) return there.data();
  stop_short(there.size(), whole);
  return nullptr;
}

Next FileSource::next_pcapng(Frame& frame) {
  consumed_ = 0;
  while (const auto block = read_block()) {
    switch (block->type) {
      case kSectionHeader:
        if (!begin_section(*block)) return Next::end;
        break;
      case kInterfaceDescription:
        if (!add_interface(*block)) return Next::end;
        break;
      case kEnhancedPacket:
      case kPacketObsolete:
      case kSimplePacket:
        if (!read_packet(*block, frame)) return Next::end;
        consumed_ = block->length;
        ++packets_;
        return Next::frame;
      default:
        bytes_->skip(block->length);
        break;
    }
  }
  return Next::end;
}

std::optional<FileSource::Block> FileSource::read_block() {
  while (true) {
    auto there = bytes_->peek(12);
    if (there.size() < 12) {
      stop_short(there.size(), 12);
      return std::nullopt;
    }
    Block block;
    block.type = load32(there.data());
    if (block.type == kSectionHeader) {  // the byte order may change with every section
      const std::uint32_t order = load32(&there[8]);
      if (order != 0x1a2b3c4d && order != 0x4d3c2b1a) {
        stop(fmt::format("the section header at byte {} has no valid byte-order mark",
                         bytes_->offset()));
        return std::nullopt;
      }
      is_swapped_ = order == 0x4d3c2b1a;
    }
    block.type = u32(there.data());
    block.length = u32(&there[4]);
    if (block.length < 12 || block.length % 4 != 0) {
      stop(fmt::format("the block at byte {} claims a length of {}, which no block can have",
                       bytes_->offset(), block.length));
      return std::nullopt;
    }
    const bool is_known = block.type == kSectionHeader || block.type == kInterfaceDescription ||
                          block.type == kPacketObsolete || block.type == kSimplePacket ||
                          block.type == kEnhancedPacket;
    if (block.length > kBlockBytesMax) {
      if (is_known) {
        stop(fmt::format("the block at byte {} claims {} bytes, more than any packet has",
                         bytes_->offset(), block.length));
        return std::nullopt;
      }
      const std::uint64_t at = bytes_->offset();
      if (!bytes_->try_skip_far(block.length)) {
        stop(fmt::format("the file ends within the block at byte {}", at));
        return std::nullopt;
      }
      continue;
    }
    if (there.size() < block.length) {
      there = bytes_->peek(block.length);
      if (there.size() < block.length) {
        stop_short(there.size(), block.length);
        return std::nullopt;
      }
    }
    if (u32(&there[block.length - 4]) != block.length) {
      stop(fmt::format("the block at byte {} has two lengths that differ ({} and {})",
                       bytes_->offset(), block.length, u32(&there[block.length - 4])));
      return std::nullopt;
    }
    block.body = &there[8];
    block.size = block.length - 12;
    return block;
  }
}

bool FileSource::begin_section(const Block& block) {
  if (block.size < 16 || u16(block.body + 4) != 1) {
    stop(fmt::format("the section at byte {} is of a version of pcapng that is not known",
                     bytes_->offset()));
    return false;
  }
  interfaces_.clear();
  bytes_->skip(block.length);
  return true;
}

bool FileSource::add_interface(const Block& block) {
  if (block.size < 8 || interfaces_.size() >= kInterfacesMax) {
    stop(fmt::format("the interface at byte {} cannot be understood", bytes_->offset()));
    return false;
  }
  Interface interface;
  interface.link = link_of(u16(block.body));
  interface.snap_length = u32(block.body + 4);
  interface.port = next_port_++;
  for (std::size_t at = 8; at + 4 <= block.size;) {
    constexpr std::uint16_t kEnd = 0;
    constexpr std::uint16_t kResolution = 9;
    constexpr std::uint16_t kOffset = 14;
    const std::uint16_t code = u16(block.body + at);
    const std::uint16_t length = u16(block.body + at + 2);
    const std::uint8_t* value = block.body + at + 4;
    if (code == kEnd || at + 4 + length > block.size) break;
    if (code == kResolution && length == 1) {
      interface.is_binary = (*value & 0x80) != 0;
      interface.exponent = *value & 0x7f;
    }
    if (code == kOffset && length == 8) {
      const std::uint64_t low = u32(is_swapped_ ? value + 4 : value);
      const std::uint64_t high = u32(is_swapped_ ? value : value + 4);
      const auto seconds = static_cast<std::int64_t>(high << 32 | low);
      constexpr std::int64_t kMost = INT64_MAX / kSecondNs;
      interface.offset = std::clamp(seconds, -kMost, kMost) * kSecondNs;
    }
    at += 4 + padded(length);
  }
  interfaces_.push_back(interface);
  bytes_->skip(block.length);
  return true;
}

bool FileSource::read_packet(const Block& block, Frame& frame) {
  const std::span<const std::uint8_t> body(block.body, block.size);
  const bool is_simple = block.type == kSimplePacket;
  const std::size_t fixed = is_simple ? 4 : 20;
  if (body.size() < fixed) {
    stop(fmt::format("packet {} at byte {} has no room for its header", packets_ + 1,
                     bytes_->offset()));
    return false;
  }
  std::uint32_t number = 0;
  if (block.type == kEnhancedPacket) number = u32(block.body);
  if (block.type == kPacketObsolete) number = u16(block.body);
  if (number >= interfaces_.size()) {
    stop(fmt::format("packet {} at byte {} names interface {}, which was not described",
                     packets_ + 1, bytes_->offset(), number));
    return false;
  }
  const Interface& interface = interfaces_[number];
  if (is_simple) {
    const std::uint32_t wire = u32(block.body);
    std::uint32_t captured =
        std::min<std::uint32_t>(wire, static_cast<std::uint32_t>(body.size() - 4));
    if (interface.snap_length != 0) captured = std::min(captured, interface.snap_length);
    frame.time = last_time_;
    frame.bytes = body.subspan(4, captured);
    frame.wire_length = wire;
    frame.link = interface.link;
    frame.port = interface.port;
    return true;
  }
  const std::uint64_t ticks =
      static_cast<std::uint64_t>(u32(block.body + 4)) << 32 | u32(block.body + 8);
  return finish_packet(interface, ticks, u32(block.body + 12), u32(block.body + 16),
                       body.subspan(20), frame);
}

bool FileSource::finish_packet(const Interface& interface, std::uint64_t ticks,
                               std::uint32_t captured, std::uint32_t wire,
                               std::span<const std::uint8_t> rest, Frame& frame) {
  if (captured > rest.size() || captured > kFrameBytesMax) {
    stop(fmt::format("packet {} at byte {} claims {} captured bytes; its block has room for {}",
                     packets_ + 1, bytes_->offset(), captured, rest.size()));
    return false;
  }
  __extension__ using Wide = unsigned __int128;
  TimeNs time = 0;
  if (!interface.is_binary && interface.exponent == 6) {
    time = static_cast<TimeNs>(ticks * 1000);
  } else if (!interface.is_binary && interface.exponent == 9) {
    time = static_cast<TimeNs>(ticks);
  } else if (interface.is_binary) {
    time =
        static_cast<TimeNs>(interface.exponent >= 64
                                ? 0
                                : static_cast<std::uint64_t>(static_cast<Wide>(ticks) * kSecondNs >>
                                                             interface.exponent));
  } else {
    std::uint64_t nanoseconds = ticks;
    for (int e = interface.exponent; e < 9; ++e) nanoseconds *= 10;
    for (int e = interface.exponent; e > 9 && nanoseconds != 0; --e) nanoseconds /= 10;
    time = static_cast<TimeNs>(nanoseconds);
  }
  // Modulo 2^64, so that a nonsensical time is just a number.
  frame.time = static_cast<TimeNs>(static_cast<std::uint64_t>(time) +
                                   static_cast<std::uint64_t>(interface.offset));
  last_time_ = frame.time;
  frame.bytes = rest.first(std::min(captured, wire));
  frame.wire_length = wire;
  frame.link = interface.link;
  frame.port = interface.port;
  return true;
}

Next FileSource::stop(const std::string& what) {
  is_done_ = true;
  problem_ = name() + ": " + what;
  return Next::end;
}

Next FileSource::stop_short(std::size_t there, std::uint64_t needed) {
  if (!bytes_->failure().empty())
    return stop(fmt::format("after packet {}: {}", packets_, bytes_->failure()));
  if (there != 0 && bytes_->offset() == 0)
    return stop(
        fmt::format("the file ends within its header ({} bytes are missing)", needed - there));
  if (there != 0)
    return stop(
        fmt::format("the file ends in the middle of packet {} at byte {}: {} bytes are missing",
                    packets_ + 1, bytes_->offset(), needed - there));
  is_done_ = true;
  return Next::end;
}

Result<> FileSource::problem() const {
  if (problem_.empty()) return {};
  return Error(problem_);
}

}  // namespace osect::capture
