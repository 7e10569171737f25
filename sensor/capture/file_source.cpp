// Capture files as frames: mapped, parsed in place, every length checked against what is there.
#include "sensor/capture/file_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace osect::capture {

namespace {

constexpr std::uint32_t kFrameBytesMax =
    262'144 * 4;  // beyond any real snap length: the file is damaged
constexpr std::size_t kInflatedBytesMax = std::size_t{16} << 30;
constexpr std::size_t kPcapHeader = 24;
constexpr std::size_t kRecordHeader = 16;
constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;

std::string system_error() {
  return std::strerror(errno);
}

// Some writers put their system's own number for raw IP where the registry's belongs.
LinkType link_type(std::uint32_t number) {
  const std::uint32_t type = number & 0xffffU;  // above: length of the frame check sequence
  return type == 12 || type == 14 ? LinkType::raw : static_cast<LinkType>(type);
}

class File {
 public:
  explicit File(const std::string& path) : handle_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (handle_ >= 0) ::close(handle_);
  }
  [[nodiscard]] int handle() const { return handle_; }

 private:
  int handle_;
};

}  // namespace

FileSource::~FileSource() {
  if (mapping_ != nullptr) ::munmap(mapping_, mapping_bytes_);
}

Error FileSource::error(const std::string& what) const {
  return Error(name() + ": " + what);
}

bool FileSource::fail(std::string what) {
  failure_ = std::move(what);
  has_failed_ = true;
  left_ = {};
  return false;
}

Result<> FileSource::problem() const {
  if (failure_.empty()) return {};
  return error(fmt::format("{} (after {} packets, which were read)", failure_, frames_));
}

Result<std::unique_ptr<Source>> FileSource::open(const std::string& path) {
  // NOLINTNEXTLINE: the constructor is private, so make_unique cannot call it
  std::unique_ptr<FileSource> source(new FileSource(path));
  if (const auto mapped = source->map(); !mapped) return mapped.error();
  if (source->left_.size() >= 2 && source->left_[0] == 0x1f && source->left_[1] == 0x8b)
    if (const auto inflated = source->inflate(); !inflated) return inflated.error();
  if (const auto header = source->read_header(); !header) return header.error();
  return std::unique_ptr<Source>(std::move(source));
}

Result<> FileSource::map() {
  const File file(name());
  if (file.handle() < 0) return error("cannot be opened: " + system_error());
  struct stat about {};
  if (::fstat(file.handle(), &about) != 0) return error("cannot be read: " + system_error());
  if (S_ISDIR(about.st_mode)) return error("is a folder, not a capture file");
  if (about.st_size == 0) return error("is empty");
  mapping_bytes_ = static_cast<std::size_t>(about.st_size);
  void* mapping = ::mmap(nullptr, mapping_bytes_, PROT_READ, MAP_PRIVATE, file.handle(), 0);
  if (mapping == MAP_FAILED) return error("cannot be mapped into memory: " + system_error());
  mapping_ = mapping;
  ::madvise(mapping_, mapping_bytes_, MADV_SEQUENTIAL);
  left_ = {static_cast<const std::uint8_t*>(mapping_), mapping_bytes_};
  return {};
}

Result<> FileSource::inflate() {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;
  if (inflateInit2(&stream, kGzip) != Z_OK) return error("cannot be decompressed: no memory");
  std::size_t in_left = left_.size();
  const std::uint8_t* in = left_.data();
  int state = Z_OK;
  while (state == Z_OK && inflated_.size() < kInflatedBytesMax) {
    std::array<std::uint8_t, 65536> piece;
    const auto now = static_cast<uInt>(std::min<std::size_t>(in_left, 1U << 20));
    stream.next_in = const_cast<Bytef*>(in);
    stream.avail_in = now;
    stream.next_out = piece.data();
    stream.avail_out = piece.size();
    state = ::inflate(&stream, Z_NO_FLUSH);
    in += now - stream.avail_in;
    in_left -= now - stream.avail_in;
    inflated_.insert(inflated_.end(), piece.data(),
                     piece.data() + (piece.size() - stream.avail_out));
    if (state == Z_STREAM_END && in_left > 0 && inflateReset(&stream) == Z_OK) state = Z_OK;
    if (in_left == 0 && stream.avail_out != 0) break;
  }
  inflateEnd(&stream);
  if (inflated_.empty()) return error("is compressed, but cannot be decompressed");
  if (state != Z_STREAM_END) failure_ = "the compressed data ends early";
  left_ = inflated_;
  return {};
}

std::uint32_t FileSource::u32(const std::uint8_t* at) const {
  std::uint32_t value = 0;
  std::memcpy(&value, at, 4);
  return is_swapped_ ? __builtin_bswap32(value) : value;
}

std::uint16_t FileSource::u16(const std::uint8_t* at) const {
  std::uint16_t value = 0;
  std::memcpy(&value, at, 2);
  return is_swapped_ ? __builtin_bswap16(value) : value;
}

Result<> FileSource::read_header() {
  static_assert(std::endian::native == std::endian::little);
  if (left_.size() < 4) return error("is no capture file: it has only a few bytes");
  const std::uint32_t magic = u32(left_.data());
  if (magic == kSectionHeader) {
    is_pcapng_ = true;
    return {};
  }
  is_swapped_ = magic == 0xd4c3b2a1 || magic == 0x4d3cb2a1;
  const std::uint32_t native = is_swapped_ ? __builtin_bswap32(magic) : magic;
  if (native != 0xa1b2c3d4 && native != 0xa1b23c4d)
    return error("is no capture file: it begins neither as pcap nor as pcapng");
  if (left_.size() < kPcapHeader) return error("ends within the file header");
  tick_ns_ = native == 0xa1b23c4d ? 1 : 1000;
  link_ = link_type(u32(&left_[20]));
  left_ = left_.subspan(kPcapHeader);
  return {};
}

bool FileSource::next_record(Frame& frame) {
  if (left_.empty()) return false;
  if (left_.size() < kRecordHeader) return fail("ends within a packet's header");
  const std::uint8_t* at = left_.data();
  const std::uint32_t captured = u32(at + 8);
  if (captured > kFrameBytesMax)
    return fail(fmt::format("has a packet that claims {} bytes", captured));
  frame.time =
      static_cast<TimeNs>(u32(at)) * kSecondNs + static_cast<TimeNs>(u32(at + 4)) * tick_ns_;
  frame.wire_length = std::max(u32(at + 12), captured);
  frame.link = link_;
  frame.port = 0;
  if (left_.size() - kRecordHeader < captured) return fail("ends within a packet");
  frame.bytes = left_.subspan(kRecordHeader, captured);
  left_ = left_.subspan(kRecordHeader + captured);
  ++frames_;
  return true;
}

bool FileSource::begin_section(std::span<const std::uint8_t> block) {
  is_swapped_ = false;
  const std::uint32_t order = u32(&block[8]);
  if (order != 0x1a2b3c4d && order != 0x4d3c2b1a)
    return fail("has a section of unknown byte order");
  is_swapped_ = order == 0x4d3c2b1a;
  interfaces_.clear();
  return true;
}

bool FileSource::next_block(Frame& frame) {
  while (!left_.empty()) {
    if (left_.size() < 12) return fail("ends within a block");
    if (u32(left_.data()) == kSectionHeader && !begin_section(left_)) return false;
    const std::uint32_t type = u32(left_.data());
    const std::uint32_t length = u32(&left_[4]);
    if (length < 12 || length % 4 != 0)
      return fail(fmt::format("has a block of impossible length {}", length));
    if (length > left_.size()) return fail("ends within a block");
    const auto body = left_.subspan(8, length - 12);
    left_ = left_.subspan(length);
    if (read_block(type, body, frame)) {
      ++frames_;
      return true;
    }
    if (has_failed_) return false;
  }
  return false;
}

bool FileSource::read_block(std::uint32_t type, std::span<const std::uint8_t> body, Frame& frame) {
  constexpr std::uint32_t kInterface = 1;
  constexpr std::uint32_t kOldPacket = 2;
  constexpr std::uint32_t kSimplePacket = 3;
  constexpr std::uint32_t kPacket = 6;
  switch (type) {
    case kInterface:
      read_interface(body);
      return false;
    case kSimplePacket: {
      if (body.size() < 4 || interfaces_.empty())
        return fail("has a packet without its description");
      const std::uint32_t original = u32(body.data());
      const std::uint32_t snap = interfaces_[0].snap_length;
      const std::uint32_t captured = snap != 0 ? std::min(original, snap) : original;
      return read_packet(0, 0, captured, original, body.subspan(4), frame);
    }
    case kOldPacket:
    case kPacket: {
      if (body.size() < 20) return fail("has a packet without its description");
      const std::size_t interface = type == kPacket ? u32(body.data()) : u16(body.data());
      const std::uint64_t ticks = static_cast<std::uint64_t>(u32(&body[4])) << 32 | u32(&body[8]);
      return read_packet(interface, ticks, u32(&body[12]), u32(&body[16]), body.subspan(20), frame);
    }
    default:
      return false;  // names, statistics, secrets, custom blocks: not needed
  }
}

void FileSource::read_interface(std::span<const std::uint8_t> body) {
  Interface interface;
  if (body.size() < 8) {
    fail("has an interface without its description");
    return;
  }
  interface.link = link_type(u16(body.data()));
  interface.snap_length = u32(&body[4]);
  for (auto options = body.subspan(8); options.size() >= 4;) {
    const std::uint16_t code = u16(options.data());
    const std::size_t length = u16(&options[2]);
    const std::size_t padded = (length + 3) / 4 * 4;
    if (code == 0 || options.size() - 4 < length) break;
    const auto value = options.subspan(4, length);
    if (code == 9 && length >= 1) {  // if_tsresol
      const unsigned exponent = value[0] & 0x7fU;
      interface.ticks_per_second = 1;
      if ((value[0] & 0x80U) != 0)
        interface.ticks_per_second <<= std::min(exponent, 63U);
      else
        for (unsigned i = 0; i < std::min(exponent, 19U); ++i) interface.ticks_per_second *= 10;
    } else if (code == 14 && length >= 8) {  // if_tsoffset
      const std::uint64_t low = u32(is_swapped_ ? &value[4] : value.data());
      const std::uint64_t high = u32(is_swapped_ ? value.data() : &value[4]);
      interface.offset_s = static_cast<std::int64_t>(high << 32 | low);
    }
    options = options.subspan(std::min(options.size(), 4 + padded));
  }
  interfaces_.push_back(interface);
}

bool FileSource::read_packet(std::size_t interface, std::uint64_t ticks, std::uint32_t captured,
                             std::uint32_t original, std::span<const std::uint8_t> rest,
                             Frame& frame) {
  if (interface >= interfaces_.size())
    return fail("has a packet of an interface that it does not describe");
  if (captured > rest.size()) return fail("has a packet that is longer than its block");
  const Interface& of = interfaces_[interface];
  const std::uint64_t seconds = ticks / of.ticks_per_second;
  const std::uint64_t part = ticks % of.ticks_per_second;
  __extension__ using Wide = unsigned __int128;
  const auto part_ns =
      static_cast<TimeNs>(static_cast<Wide>(part) * kSecondNs / of.ticks_per_second);
  frame.time = (static_cast<TimeNs>(seconds) + of.offset_s) * kSecondNs + part_ns;
  frame.bytes = rest.first(captured);
  frame.wire_length = std::max(original, captured);
  frame.link = of.link;
  frame.port = static_cast<std::uint16_t>(interface);
  return true;
}

}  // namespace osect::capture
