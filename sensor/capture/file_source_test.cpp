// Capture files as they come: both formats, both byte orders, both resolutions, compressed, cut
// short, not captures.
#include "sensor/capture/file_source.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace osect::capture {
namespace {

class Bytes {
 public:
  explicit Bytes(bool is_big_endian = false) : is_big_endian_(is_big_endian) {}
  Bytes& u16(std::uint32_t value) { return number(value, 2); }
  Bytes& u32(std::uint32_t value) { return number(value, 4); }
  Bytes& raw(std::string_view text) {
    data.append(text);
    return *this;
  }
  std::string data;

 private:
  Bytes& number(std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i)
      data.push_back(static_cast<char>(value >> 8 * (is_big_endian_ ? size - 1 - i : i)));
    return *this;
  }
  bool is_big_endian_;
};

std::string pcap(bool is_big_endian, std::uint32_t magic, int packets = 2) {
  Bytes file(is_big_endian);
  file.u32(magic).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(1);
  for (int i = 0; i < packets; ++i)
    file.u32(1'700'000'000).u32(static_cast<std::uint32_t>(5 + i)).u32(4).u32(60).raw("abcd");
  return file.data;
}

std::string block(bool is_big_endian, std::uint32_t type, const std::string& body) {
  const auto length = static_cast<std::uint32_t>(12 + (body.size() + 3) / 4 * 4);
  Bytes out(is_big_endian);
  out.u32(type).u32(length).raw(body).raw(std::string((4 - body.size() % 4) % 4, '\0')).u32(length);
  return out.data;
}

std::string pcapng(bool big) {
  std::string file =
      block(big, 0x0a0d0d0a, Bytes(big).u32(0x1a2b3c4d).u16(1).u16(0).u32(~0U).u32(~0U).data);
  file += block(big, 1, Bytes(big).u16(1).u16(0).u32(0).data);  // microseconds
  file +=
      block(big, 1,
            Bytes(big).u16(101).u16(0).u32(0).u16(9).u16(1).raw(std::string("\x09\0\0\0", 4)).data);
  const std::uint64_t us = 1'700'000'000'000'005;
  const std::uint64_t ns = 1'700'000'000'000'000'007;
  const auto packet = [&](std::uint32_t interface, std::uint64_t ticks) {
    return block(big, 6,
                 Bytes(big)
                     .u32(interface)
                     .u32(static_cast<std::uint32_t>(ticks >> 32))
                     .u32(static_cast<std::uint32_t>(ticks))
                     .u32(4)
                     .u32(60)
                     .raw("abcd")
                     .data);
  };
  file += packet(0, us);
  file += block(big, 5, "statistics are passed over..");
  return file + packet(1, ns);
}

class Files : public testing::Test {
 protected:
  Files() {
    path_.resize(static_cast<std::size_t>(::close(::mkstemp(path_.data()))) + path_.size());
  }
  ~Files() override { ::unlink(path_.c_str()); }

  struct Seen {
    std::vector<TimeNs> times;
    std::vector<LinkType> links;
    std::vector<std::uint16_t> ports;
    std::string problem;
  };
  Seen read(const std::string& file) {
    std::ofstream(path_, std::ios::binary) << file;
    return read_as_it_is();
  }
  Seen read_as_it_is() {
    Seen seen;
    auto source = FileSource::open(path_);
    if (!source) {
      seen.problem = source.error().message;
      return seen;
    }
    Frame frame;
    while ((*source)->next(frame) == Next::frame) {
      EXPECT_EQ(std::string(frame.bytes.begin(), frame.bytes.end()), "abcd");
      EXPECT_EQ(frame.wire_length, 60U);
      seen.times.push_back(frame.time);
      seen.links.push_back(frame.link);
      seen.ports.push_back(frame.port);
    }
    if (const auto status = (*source)->problem(); !status) seen.problem = status.error().message;
    return seen;
  }

  std::string path_ = "/tmp/osect_source_XXXXXX";
};

constexpr TimeNs kSecond = 1'700'000'000 * kSecondNs;

TEST_F(Files, reads_pcap_in_either_byte_order_and_resolution) {
  for (const bool is_big_endian : {false, true}) {
    const Seen us = read(pcap(is_big_endian, 0xa1b2c3d4));
    EXPECT_EQ(us.times, (std::vector<TimeNs>{kSecond + 5000, kSecond + 6000}));
    EXPECT_EQ(us.problem, "");
    const Seen ns = read(pcap(is_big_endian, 0xa1b23c4d));
    EXPECT_EQ(ns.times, (std::vector<TimeNs>{kSecond + 5, kSecond + 6}));
  }
}

TEST_F(Files, reads_pcapng_with_several_interfaces) {
  for (const bool is_big_endian : {false, true}) {
    const Seen seen = read(pcapng(is_big_endian));
    EXPECT_EQ(seen.times, (std::vector<TimeNs>{kSecond + 5000, kSecond + 7}));
    EXPECT_EQ(seen.links, (std::vector<LinkType>{LinkType::ethernet, LinkType::raw}));
    EXPECT_EQ(seen.ports, (std::vector<std::uint16_t>{0, 1}));
    EXPECT_EQ(seen.problem, "");
  }
}

TEST_F(Files, reads_compressed_files_and_what_is_left_of_one_cut_short) {
  const std::string plain = pcap(false, 0xa1b2c3d4, 5000);
  gzFile out = gzopen(path_.c_str(), "wb");
  gzwrite(out, plain.data(), static_cast<unsigned>(plain.size()));
  gzclose(out);
  EXPECT_EQ(read_as_it_is().times.size(), 5000U);
  std::ifstream in(path_, std::ios::binary);
  std::string packed((std::istreambuf_iterator<char>(in)), {});
  const Seen cut = read(packed.substr(0, packed.size() / 2));
  EXPECT_GT(cut.times.size(), 0U);
  EXPECT_NE(cut.problem, "");
}

TEST_F(Files, gives_what_comes_before_the_damage_and_says_what_is_wrong) {
  const std::string whole = pcap(false, 0xa1b2c3d4);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Seen seen = read(whole.substr(0, size));
    const bool is_boundary = size == 24 || size == 44;
    EXPECT_EQ(seen.problem.empty(), is_boundary) << size;
    if (!is_boundary) {
      EXPECT_EQ(seen.problem.rfind(path_, 0), 0U) << seen.problem;
    }
    EXPECT_EQ(seen.times.size(), size < 44 ? 0U : 1U);
  }
  const std::string ng = pcapng(true);
  for (std::size_t size = 0; size < ng.size(); ++size) {
    const Seen seen = read(ng.substr(0, size));
    EXPECT_LE(seen.times.size(), 1U);
  }
}

TEST_F(Files, refuses_what_is_no_capture) {
  EXPECT_NE(read("").problem.find("is empty"), std::string::npos);
  EXPECT_NE(read("hello, world\n").problem.find("is not a capture file"), std::string::npos);
  EXPECT_FALSE(FileSource::open("/tmp").has_value());
  EXPECT_NE(
      FileSource::open("/nowhere/x.pcap").error().message.find("/nowhere/x.pcap: cannot be opened"),
      std::string::npos);
}

TEST_F(Files, a_packet_of_impossible_length_ends_the_file) {
  Bytes file;
  file.u32(0xa1b2c3d4).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(1);
  file.u32(1).u32(1).u32(0x7fffffff).u32(60).raw("abcd");
  EXPECT_NE(read(file.data).problem.find("claims 2147483647 captured bytes"), std::string::npos);
}

}  // namespace
}  // namespace osect::capture
