// Reading and writing of what format.h describes.
#include "sensor/spool/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/crc.h"

namespace osect::spool {
namespace {

constexpr std::string_view kRecordMagic = "OSR1";
constexpr std::string_view kAcknowledgedMagic = "OSA1";

template <typename Number>
void put(std::string& out, Number number) {
  auto rest = static_cast<std::uint64_t>(number);
  for (std::size_t i = 0; i < sizeof(Number); ++i, rest >>= 8)
    out.push_back(static_cast<char>(rest & 0xff));
}

template <typename Number>
Number get(std::string_view bytes, std::size_t offset) {
  std::uint64_t number = 0;
  for (std::size_t i = sizeof(Number); i-- > 0;)
    number = (number << 8) | static_cast<unsigned char>(bytes[offset + i]);
  return static_cast<Number>(number);
}

std::uint32_t checksum(std::string_view bytes, std::uint32_t before = 0) {
  const auto* data = static_cast<const std::uint8_t*>(static_cast<const void*>(bytes.data()));
  return crc32c({data, bytes.size()}, before);
}

std::uint32_t keyed_checksum(std::string_view bytes, std::uint32_t key) {
  std::string prefix;
  put(prefix, key);
  return checksum(bytes, checksum(prefix));
}

}  // namespace

std::string encode_record(const RecordHeader& header, std::string_view payload, std::uint32_t key) {
  std::string guarded;
  guarded.reserve(kHeaderBytes + payload.size());
  put(guarded, static_cast<std::uint32_t>(payload.size()));
  put(guarded, static_cast<std::uint32_t>(header.kind));
  put(guarded, header.sequence);
  put(guarded, header.begin);
  put(guarded, header.end);
  put(guarded, header.packets);
  put(guarded, header.bytes);
  guarded += payload;
  std::string record(kRecordMagic);
  record.reserve(record.size() + 4 + guarded.size());
  put(record, keyed_checksum(guarded, key));
  return record + guarded;
}

std::optional<FoundRecord> decode_record(std::string_view bytes, std::uint32_t key) {
  if (bytes.size() < kHeaderBytes || !bytes.starts_with(kRecordMagic)) return std::nullopt;
  const auto payload = get<std::uint32_t>(bytes, 8);
  if (payload > kPayloadBytesMax || payload > bytes.size() - kHeaderBytes) return std::nullopt;
  const auto kind = get<std::uint32_t>(bytes, 12);
  if (kind < 1 || kind > 3) return std::nullopt;
  if (get<std::uint64_t>(bytes, 16) > kSequenceMax) return std::nullopt;
  if (keyed_checksum(bytes.substr(8, kHeaderBytes - 8 + payload), key) !=
      get<std::uint32_t>(bytes, 4))
    return std::nullopt;
  return FoundRecord{
      {static_cast<RecordKind>(kind), get<std::uint64_t>(bytes, 16), get<TimeNs>(bytes, 24),
       get<TimeNs>(bytes, 32), get<std::uint64_t>(bytes, 40), get<std::uint64_t>(bytes, 48)},
      0,
      static_cast<std::uint32_t>(kHeaderBytes + payload)};
}

FoundSegment scan_segment(std::string_view content, std::uint32_t key) {
  FoundSegment found;
  std::size_t at = 0;
  while (at < content.size()) {
    if (auto record = decode_record(content.substr(at), key)) {
      record->offset = at;
      at += record->size;
      found.records.push_back(*record);
      continue;
    }
    std::size_t next = content.find(kRecordMagic, at + 1);
    while (next != std::string_view::npos && !decode_record(content.substr(next), key))
      next = content.find(kRecordMagic, next + 1);
    if (next == std::string_view::npos) {
      // Cut short is where the writer was stopped; complete and wrong is damage.
      const auto rest = content.substr(at);
      if (rest.size() >= kHeaderBytes && get<std::uint32_t>(rest, 8) <= rest.size() - kHeaderBytes)
        found.damaged_before.push_back(found.records.size());
      break;
    }
    found.damaged_before.push_back(found.records.size());
    at = next;
  }
  return found;
}

std::string segment_name(const SegmentName& name) {
  return fmt::format("{:016x}-{:08x}.spool", name.first, name.key);
}

std::optional<SegmentName> parse_segment_name(std::string_view name) {
  if (name.size() != 31 || name[16] != '-' || !name.ends_with(".spool")) return std::nullopt;
  SegmentName parsed;
  const auto first = std::from_chars(name.data(), name.data() + 16, parsed.first, 16);
  const auto key = std::from_chars(name.data() + 17, name.data() + 25, parsed.key, 16);
  if (first.ec != std::errc() || first.ptr != name.data() + 16 || key.ec != std::errc() ||
      key.ptr != name.data() + 25 || parsed.first > kSequenceMax)
    return std::nullopt;
  return parsed;
}

std::string encode_acknowledged(const Acknowledged& state) {
  std::string guarded;
  put(guarded, state.acknowledged);
  put(guarded, state.reserved);
  put(guarded, state.recorded_to);
  std::string content(kAcknowledgedMagic);
  put(content, checksum(guarded));
  return content + guarded;
}

std::optional<Acknowledged> decode_acknowledged(std::string_view bytes) {
  if (bytes.size() != 32 || !bytes.starts_with(kAcknowledgedMagic) ||
      checksum(bytes.substr(8)) != get<std::uint32_t>(bytes, 4) ||
      std::max(get<std::uint64_t>(bytes, 8), get<std::uint64_t>(bytes, 16)) > kSequenceMax)
    return std::nullopt;
  return Acknowledged{get<std::uint64_t>(bytes, 8), get<std::uint64_t>(bytes, 16),
                      get<TimeNs>(bytes, 24)};
}

}  // namespace osect::spool
