// Capture files as frames: pcap and pcapng, either byte order, microsecond and nanosecond stamps,
// gzip-compressed too; draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "sensor/capture/source.h"

namespace osect::capture {

// Reads one capture file, mapped into memory; used by one thread. What can be read of a damaged
// file is given out, then problem() says in words what is wrong with the rest. Bytes of frames stay
// valid as long as the source lives.
class FileSource final : public Source {
 public:
  // Fails when the file cannot be opened or does not begin as a capture.
  [[nodiscard]] static Result<std::unique_ptr<Source>> open(const std::string& path);
  ~FileSource() override;

  [[nodiscard]] Next next(Frame& frame) override {
    return (is_pcapng_ ? next_block(frame) : next_record(frame)) ? Next::frame : Next::end;
  }
  [[nodiscard]] Result<> problem() const override;
  [[nodiscard]] SourceCounters read_counters() override { return {frames_, 0, 0}; }

 private:
  struct Interface {
    LinkType link = LinkType::ethernet;
    std::uint32_t snap_length = 0;
    std::uint64_t ticks_per_second = 1'000'000;
    std::int64_t offset_s = 0;
  };

  explicit FileSource(const std::string& path) : Source(path) {}
  Result<> map();
  Result<> inflate();
  Result<> read_header();
  bool next_record(Frame& frame);
  bool next_block(Frame& frame);
  bool read_block(std::uint32_t type, std::span<const std::uint8_t> body, Frame& frame);
  void read_interface(std::span<const std::uint8_t> body);
  bool read_packet(std::size_t interface, std::uint64_t ticks, std::uint32_t captured,
                   std::uint32_t original, std::span<const std::uint8_t> rest, Frame& frame);
  bool begin_section(std::span<const std::uint8_t> block);
  bool fail(std::string what);
  [[nodiscard]] Error error(const std::string& what) const;
  [[nodiscard]] std::uint32_t u32(const std::uint8_t* at) const;
  [[nodiscard]] std::uint16_t u16(const std::uint8_t* at) const;

  void* mapping_ = nullptr;
  std::size_t mapping_bytes_ = 0;
  std::vector<std::uint8_t> inflated_;
  std::span<const std::uint8_t> left_;  // not read yet
  bool is_pcapng_ = false;
  bool is_swapped_ = false;
  std::int64_t tick_ns_ = 1000;  // of a pcap file
  LinkType link_ = LinkType::ethernet;
  std::vector<Interface> interfaces_;  // of the pcapng section
  std::uint64_t frames_ = 0;
  std::string failure_;
  bool has_failed_ =
      false;  // nothing more can be read; failure_ alone: something was missing at the end
};

}  // namespace osect::capture
