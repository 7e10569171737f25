// What is given up when there is no room: the oldest counters first, then the oldest of all; each
// loss is declared.
#include <algorithm>

#include "base/log.h"
#include "sensor/condense/pack.h"
#include "sensor/spool/spool.h"

namespace osect::spool {
namespace {

// A batch that says only that something is missing.
std::string gap_payload(const RecordHeader& loss, const char* reason) {
  condense::Content content;
  content.kind = condense::Kind::novelty;
  content.rows.begin = loss.begin;
  content.rows.end = loss.end;
  content.gaps.push_back({reason, loss.begin, loss.end, loss.packets, loss.bytes});
  return condense::pack_alone(content);
}

// The loss grows by a record. It takes the record's number, the last of those lost: should the
// first of them have been committed without our knowledge, too much is declared rather than too
// little.
void extend(RecordHeader& loss, const RecordHeader& by) {
  const bool is_first = loss.kind != RecordKind::loss;
  loss.kind = RecordKind::loss;
  loss.sequence = by.sequence;
  loss.begin = is_first ? by.begin : std::min(loss.begin, by.begin);
  loss.end = is_first ? by.end : std::max(loss.end, by.end);
  loss.packets += by.packets;
  loss.bytes += by.bytes;
}

}  // namespace

void Spool::limit_memory() {
  while (waiting_bytes_ > limits_.memory_bytes_max) {
    const auto is_free = [&](const Waiting& item) {
      return !item.is_written && item.header.sequence > read_ &&
             item.header.kind != RecordKind::loss;
    };
    auto victim = std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& item) {
      return is_free(item) && item.header.kind == RecordKind::counters;
    });
    if (victim == waiting_.end()) victim = std::find_if(waiting_.begin(), waiting_.end(), is_free);
    if (victim == waiting_.end()) return;
    // One loss stands for all of them, at the place of the last.
    const auto old = std::find_if(waiting_.begin(), victim, [&](const Waiting& item) {
      return !item.is_written && item.header.sequence > read_ &&
             item.header.kind == RecordKind::loss;
    });
    RecordHeader loss = old == victim ? RecordHeader{} : old->header;
    extend(loss, victim->header);
    waiting_bytes_ -= victim->payload.size();
    victim->header = loss;
    victim->payload = gap_payload(loss, "spool_full");
    waiting_bytes_ += victim->payload.size();
    ++given_up_;
    if (old != victim) {
      waiting_bytes_ -= old->payload.size();
      waiting_.erase(old);
    }
  }
}

void Spool::limit_disk() {
  while (disk_bytes() > limits_.bytes_max) {
    const auto thin_one = [&](bool with_novelty) {
      return std::any_of(segments_.begin(), segments_.end(), [&](Segment& segment) {
        return !is_current(segment) && thin(segment, with_novelty);
      });
    };
    if (!thin_one(false) && !thin_one(true)) return;
    join_losses();
  }
}

// False when there was nothing to give up, or the disk refused.
bool Spool::thin(Segment& segment, bool with_novelty) {
  std::vector<FoundRecord> kept;
  RecordHeader loss;
  std::uint64_t given_up = 0;
  for (const auto& record : segment.pending) {
    const auto kind = record.header.kind;
    const bool is_free = record.header.sequence > read_;
    if (is_free &&
        (kind == RecordKind::counters || (with_novelty && kind == RecordKind::novelty))) {
      extend(loss, record.header);
      ++given_up;
    } else {
      kept.push_back(record);
    }
  }
  if (given_up == 0) return false;
  if (auto done = rewrite(segment, kept, {{loss, "spool_full"}}); !done) {
    set_trouble(done.error().message);
    return false;
  }
  if (given_up_ == 0)
    log::error("The spool is full at {} bytes: the oldest traffic counters are given up.",
               limits_.bytes_max);
  given_up_ += given_up;
  return true;
}

// The oldest segments may consist of nothing but declared losses: the first joins the second. A
// crash between the two steps declares the first one twice.
void Spool::join_losses() {
  const auto is_only_loss = [this](const Segment& segment) {
    return !is_current(segment) && segment.pending.size() == 1 &&
           segment.pending[0].header.kind == RecordKind::loss &&
           segment.pending[0].header.sequence > read_;
  };
  while (segments_.size() > 1 && is_only_loss(segments_[0]) && is_only_loss(segments_[1])) {
    RecordHeader loss = segments_[0].pending[0].header;
    extend(loss, segments_[1].pending[0].header);
    if (!rewrite(segments_[1], {}, {{loss, "spool_full"}}) ||
        !files_.remove(path(segments_[0].name)))
      return;
    segments_.pop_front();
  }
}

// The segment again, under its own name, with the records kept and the losses declared.
Result<> Spool::rewrite(Segment& segment, const std::vector<FoundRecord>& kept,
                        const std::vector<Loss>& losses) {
  std::vector<std::pair<FoundRecord, std::string>> records;
  for (const auto& record : kept) {
    auto bytes = files_.read_part(path(segment.name), record.offset, record.size);
    if (!bytes) return bytes.error();
    if (!decode_record(*bytes, segment.name.key)) {
      ++damaged_;
      auto lost = record.header;
      lost.kind = RecordKind::loss;
      *bytes = encode_record(lost, gap_payload(lost, "spool_damaged"), segment.name.key);
    }
    records.emplace_back(record, std::move(*bytes));
  }
  for (const auto& loss : losses) {
    records.emplace_back(
        FoundRecord{loss.header},
        encode_record(loss.header, gap_payload(loss.header, loss.reason), segment.name.key));
  }
  std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) {
    return a.first.header.sequence < b.first.header.sequence;
  });
  std::string content;
  std::deque<FoundRecord> pending;
  for (auto& [record, bytes] : records) {
    record.offset = content.size();
    record.size = static_cast<std::uint32_t>(bytes.size());
    content += bytes;
    pending.push_back(record);
  }
  const auto temporary = path(segment.name) + ".tmp";
  if (auto done = write_file(files_, temporary, content); !done) return done;
  if (auto done = files_.rename(temporary, path(segment.name)); !done) return done;
  segment.bytes = content.size();
  segment.pending = std::move(pending);
  return files_.sync_directory(directory_);
}

}  // namespace osect::spool
