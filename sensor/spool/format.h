// The spool on disk, version 1. Numbers are little endian.
//
// A spool is a directory of
//   <S>-<K>.spool  a segment: records one after the other. S: sequence of its first record, K: its
//   key, a random
//                  number; 16 and 8 hexadecimal digits. Sorted by name, segments are in the order
//                  of their records.
//   acknowledged   what the cloud has, 24 bytes: "OSA1", CRC-32C of the rest, sequence acknowledged
//   (u64), sequence
//                  reserved (u64): any number below it may have been used, none from it on.
//   *.tmp          a file that was about to replace another: to be ignored.
//
// A record: header of 56 bytes and payload.
//   0  "OSR1"
//   4  CRC-32C of the segment's key (u32) and of everything after this field, payload included. The
//   key keeps a
//      payload from passing for records should the record around it be damaged.
//   8  size of the payload (u32)
//   12 kind (u32): 1 counters, 2 novelty, 3 declared loss
//   16 sequence (u64), rising
//   24 begin (i64) and end (i64), nanoseconds since 1970
//   40 packets (u64) and bytes (u64) that are lost with this record: what a gap declares
// The payload is an osect.v1.Batch that stands alone (condense::pack_alone).
//
// Reading: where no record starts, or its CRC is wrong, the next position at which a whole one
// starts is taken. What is incomplete at the end of a segment is where the writer was stopped. Of
// records with the same sequence the first counts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace osect::spool {

enum class RecordKind : std::uint8_t { counters = 1, novelty = 2, loss = 3 };

struct RecordHeader {
  RecordKind kind = RecordKind::counters;
  std::uint64_t sequence = 0;
  TimeNs begin = 0;
  TimeNs end = 0;
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
};

constexpr std::size_t kHeaderBytes = 56;
constexpr std::size_t kPayloadBytesMax = 16U << 20;
// No sensor lives to use more: a higher one is no sequence, and what follows it could not be
// counted.
constexpr std::uint64_t kSequenceMax = std::uint64_t{1} << 62;

[[nodiscard]] std::string encode_record(const RecordHeader& header, std::string_view payload,
                                        std::uint32_t key);

// A whole record at the start of the bytes.
struct FoundRecord {
  RecordHeader header;
  std::uint64_t offset = 0;  // in the segment
  std::uint32_t size = 0;    // of header and payload
};
[[nodiscard]] std::optional<FoundRecord> decode_record(std::string_view bytes, std::uint32_t key);

struct FoundSegment {
  std::vector<FoundRecord> records;
  // Places where something was that is no record any more, by the number of records before each.
  std::vector<std::size_t> damaged_before;
};
[[nodiscard]] FoundSegment scan_segment(std::string_view content, std::uint32_t key);

struct SegmentName {
  std::uint64_t first = 0;
  std::uint32_t key = 0;
};
[[nodiscard]] std::string segment_name(const SegmentName& name);
[[nodiscard]] std::optional<SegmentName> parse_segment_name(std::string_view name);

struct Acknowledged {
  std::uint64_t acknowledged = 0;
  std::uint64_t reserved = 1;
  TimeNs recorded_to = 0;
};
[[nodiscard]] std::string encode_acknowledged(const Acknowledged& state);
[[nodiscard]] std::optional<Acknowledged> decode_acknowledged(std::string_view bytes);

}  // namespace osect::spool
