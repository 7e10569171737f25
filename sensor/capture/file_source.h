// Frames out of capture files: pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng),
// plain or gzip.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sensor/capture/file_bytes.h"
#include "sensor/capture/source.h"

namespace osect::capture {

// Reads both byte orders, micro- and nanoseconds, all packet blocks of pcapng; no allocation per
// frame. A file that cannot be a capture is refused by open(); one that breaks off or turns into
// nonsense gives what stands before that, and problem() then says which packet at which byte.
class FileSource final : public Source {
 public:
  // Longer "packets" are nonsense: the largest snap length that capture tools use.
  static constexpr std::uint32_t kFrameBytesMax = 262'144;

  [[nodiscard]] static Result<std::unique_ptr<Source>> open(const std::string& path);

  [[nodiscard]] Next next(Frame& frame) override;
  [[nodiscard]] Result<> problem() const override;
  [[nodiscard]] SourceCounters read_counters() override { return {.received = packets_}; }

 private:
  // One interface of a pcapng section.
  struct Interface {
    LinkType link = LinkType::ethernet;
    std::uint32_t snap_length = 0;  // 0: no limit
    bool is_binary = false;         // ticks are 2^-exponent seconds, otherwise 10^-exponent
    std::uint8_t exponent = 6;
    TimeNs offset = 0;
    std::uint16_t port = 0;
  };
  struct Block {
    std::uint32_t type = 0;
    std::uint32_t length = 0;
    const std::uint8_t* body = nullptr;
    std::size_t size = 0;  // of the body
  };

  FileSource(const std::string& path, std::unique_ptr<FileBytes> bytes);
  [[nodiscard]] Result<> read_header();
  [[nodiscard]] bool try_read_pcap_header(std::uint32_t magic);
  // The record at the reading place; null after stop().
  [[nodiscard]] const std::uint8_t* peek_record(std::uint32_t captured);
  [[nodiscard]] Next next_pcapng(Frame& frame);
  // Nothing: the file ends here, with or without a problem.
  [[nodiscard]] std::optional<Block> read_block();
  [[nodiscard]] bool begin_section(const Block& block);
  [[nodiscard]] bool add_interface(const Block& block);
  [[nodiscard]] bool read_packet(const Block& block, Frame& frame);
  [[nodiscard]] bool finish_packet(const Interface& interface, std::uint64_t ticks,
                                   std::uint32_t captured, std::uint32_t wire,
                                   std::span<const std::uint8_t> rest, Frame& frame);
  // Ends the reading; `what` completes "PATH: ".
  Next stop(const std::string& what);
  Next stop_short(std::size_t there, std::uint64_t needed);
  [[nodiscard]] std::uint16_t u16(const std::uint8_t* at) const;
  [[nodiscard]] std::uint32_t u32(const std::uint8_t* at) const;

  std::unique_ptr<FileBytes> bytes_;
  bool is_pcapng_ = false;
  bool is_swapped_ = false;
  bool is_done_ = false;
  std::uint32_t fraction_ns_ = 1000;  // pcap: nanoseconds of a tick
  std::size_t record_header_ = 16;
  LinkType link_ = LinkType::ethernet;
  std::vector<Interface> interfaces_;  // of the current section
  std::uint16_t next_port_ = 0;
  TimeNs last_time_ = 0;  // for blocks without a time
  std::uint64_t packets_ = 0;
  std::size_t consumed_ = 0;  // of the frame handed out last: skipped with the next call
  std::string problem_;
};

}  // namespace osect::capture
