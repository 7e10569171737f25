// Appending, reading, acknowledging. What is given up is in thinning.cpp.
#include "sensor/spool/spool.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "base/log.h"
#include "sensor/condense/pack.h"

namespace osect::spool {
namespace {

constexpr const char* kAcknowledgedName = "acknowledged";
// Numbers reserved ahead, so that a number given out while the disk refuses everything is still
// never used again.
constexpr std::uint64_t kReserve = 8192;
// What a run needs to have left, so that no batch is written that the next run would not read.
constexpr std::uint64_t kLeftMin = std::uint64_t{1} << 32;

}  // namespace

Result<std::unique_ptr<Spool>> Spool::open(FileSystem& files, const std::string& directory,
                                           const SpoolLimits& limits) {
  if (auto locked = files.lock_directory(directory); !locked) return locked.error().within("spool");
  std::unique_ptr<Spool> spool(new Spool(files, directory, limits));
  if (auto loaded = spool->load(); !loaded) return loaded.error().within("spool");
  return spool;
}

Result<> Spool::load() {
  const auto names = files_.read_names(directory_);
  if (!names) return names.error();
  std::vector<SegmentName> found;
  Acknowledged state;
  for (const auto& name : *names) {
    if (const auto segment = parse_segment_name(name)) found.push_back(*segment);
    if (name.ends_with(".tmp")) (void)files_.remove(directory_ + "/" + name);
    if (name != kAcknowledgedName) continue;
    const auto content = files_.read_file(directory_ + "/" + name);
    if (const auto known = content ? decode_acknowledged(*content) : std::nullopt) state = *known;
    // Damaged: everything is sent again and the cloud says what it has.
  }
  acknowledged_ = acknowledged_on_disk_ = state.acknowledged;
  next_ = std::max(state.acknowledged + 1, state.reserved);
  recorded_to_ = state.recorded_to;
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first, a.key) < std::tie(b.first, b.key);
  });
  for (const auto& name : found) load_segment(name);
  if (next_ > kSequenceMax - kLeftMin)
    return Error(fmt::format(
        "{}: the numbers of its batches are used up, which no sensor can have done; move the "
        "folder away and start again",
        directory_));
  first_of_run_ = next_;
  read_ = acknowledged_;
  // The process before may have been killed between a write and its sync.
  for (const auto& segment : segments_)
    if (auto done = files_.sync_file(path(segment.name)); !done) set_trouble(done.error().message);
  if (auto done = write_acknowledged(); !done) set_trouble(done.error().message);
  if (damaged_ > 0)
    log::error("The spool in {} was damaged in {} places; the batches there are lost and declared.",
               directory_, damaged_);
  return {};
}

void Spool::load_segment(const SegmentName& name) {
  auto& segment = segments_.emplace_back();
  segment.name = name;
  const auto content = files_.read_file(path(name));
  if (!content) {
    ++damaged_;
    log::error("A segment of the spool is lost: {}.", content.error().message);
    segments_.pop_back();
    return;
  }
  segment.bytes = content->size();
  const auto found = scan_segment(*content, name.key);
  damaged_ += found.damaged_before.size();
  // What was before: of records with the same sequence the first counts.
  std::uint64_t seen = acknowledged_;
  for (const auto& earlier : segments_)
    if (!earlier.pending.empty()) seen = std::max(seen, earlier.pending.back().header.sequence);
  std::vector<FoundRecord> records;
  std::vector<Loss> losses;
  for (std::size_t i = 0; i <= found.records.size(); ++i) {
    const bool is_damaged =
        std::count(found.damaged_before.begin(), found.damaged_before.end(), i) > 0;
    const bool is_end = i == found.records.size();
    // The number of a lost record is not known exactly, but it lies in the hole before the next
    // one.
    const auto first =
        std::max(i == 0 ? name.first : found.records[i - 1].header.sequence + 1, seen + 1);
    if (is_damaged && (is_end || first < found.records[i].header.sequence)) {
      RecordHeader header;
      header.kind = RecordKind::loss;
      header.sequence = first;
      header.begin = i == 0 ? 0 : found.records[i - 1].header.end;
      header.end = is_end ? header.begin : found.records[i].header.begin;
      if (i == 0) header.begin = header.end;
      losses.push_back({header, "spool_damaged"});
      next_ = std::max(next_, first + 1);
    }
    if (is_end || found.records[i].header.sequence <= seen) continue;
    records.push_back(found.records[i]);
    recorded_to_ = std::max(recorded_to_, found.records[i].header.end);
    seen = found.records[i].header.sequence;
    next_ = std::max(next_, seen + 1);
  }
  segment.pending.assign(records.begin(), records.end());
  if (losses.empty()) return;
  if (auto done = rewrite(segment, records, losses); !done)
    log::warn("What is lost cannot be declared yet: {}.", done.error().message);
}

std::uint64_t Spool::append(const condense::Content& content) {
  RecordHeader header;
  header.kind =
      content.kind == condense::Kind::counters ? RecordKind::counters : RecordKind::novelty;
  header.begin = content.rows.begin;
  header.end = content.rows.end;
  header.packets = content.packets();
  header.bytes = content.bytes();
  auto payload = condense::pack_alone(content);
  const std::lock_guard lock(mutex_);
  const auto sequence = wait(header, std::move(payload));
  // Handed to the operating system at once: survives the process, if not yet a power cut.
  if (trouble_.empty()) {
    if (auto written = write_waiting(); !written) set_trouble(written.error().message);
  }
  limit_memory();
  return sequence;
}

std::uint64_t Spool::wait(RecordHeader header, std::string payload) {
  header.sequence = next_++;
  recorded_to_ = std::max(recorded_to_, header.end);
  waiting_bytes_ += payload.size();
  waiting_.push_back({header, std::move(payload)});
  return header.sequence;
}

bool Spool::sync() {
  std::unique_lock lock(mutex_);
  const bool had_waiting = !waiting_.empty();
  const auto run = [this]() -> Result<> {
    if (reserved_ < next_ + kReserve / 2 || acknowledged_on_disk_ != acknowledged_) {
      if (auto done = write_acknowledged(); !done) return done;
    }
    if (auto done = write_waiting(); !done) return done;
    return sync_current();
  };
  const auto done = run();
  set_trouble(done ? std::string() : done.error().message);
  if (done) {
    remove_done_segments();
    limit_disk();
  }
  lock.unlock();
  if (had_waiting && on_readable_) on_readable_();
  return done.has_value();
}

Result<> Spool::write_acknowledged() {
  const Acknowledged state{acknowledged_, next_ + kReserve, recorded_to_};
  if (auto done = replace_file(files_, directory_, kAcknowledgedName, encode_acknowledged(state));
      !done)
    return done;
  acknowledged_on_disk_ = state.acknowledged;
  reserved_ = state.reserved;
  return {};
}

Result<> Spool::write_waiting() {
  for (auto& item : waiting_) {
    if (item.is_written) continue;
    if (current_ == nullptr) {
      const SegmentName name{item.header.sequence,
                             static_cast<std::uint32_t>(std::random_device()())};
      auto created = files_.create(path(name));
      if (!created) return created.error();
      current_ = std::move(*created);
      segments_.push_back({name, 0, {}});
    }
    auto& segment = segments_.back();
    const auto record = encode_record(item.header, item.payload, segment.name.key);
    item.offset = segment.bytes;
    if (auto done = current_->append(record); !done) {
      abandon_current();
      return done;
    }
    segment.bytes += record.size();
    item.is_written = true;
  }
  return {};
}

Result<> Spool::sync_current() {
  if (current_ == nullptr || waiting_.empty()) return {};
  auto done = current_->sync();
  if (done && segments_.back().pending.empty()) done = files_.sync_directory(directory_);
  if (!done) {
    abandon_current();
    return done;
  }
  auto& segment = segments_.back();
  for (const auto& item : waiting_)
    segment.pending.push_back(
        {item.header, item.offset, static_cast<std::uint32_t>(kHeaderBytes + item.payload.size())});
  waiting_.clear();
  waiting_bytes_ = 0;
  if (segment.bytes >= limits_.segment_bytes) current_.reset();
  return {};
}

// What a failed write or sync left behind is not known: the file is not written any more, and
// everything that was not durable is written again to another.
void Spool::abandon_current() {
  current_.reset();
  for (auto& item : waiting_) item.is_written = false;
  if (segments_.back().pending.empty() && files_.remove(path(segments_.back().name)))
    segments_.pop_back();
}

void Spool::remove_done_segments() {
  for (auto segment = segments_.begin(); segment != segments_.end();) {
    const bool is_done = segment->pending.empty() && !is_current(*segment);
    if (is_done && files_.remove(path(segment->name)))
      segment = segments_.erase(segment);
    else
      ++segment;
  }
}

std::optional<StoredBatch> Spool::read_after(std::uint64_t sequence) {
  const std::lock_guard lock(mutex_);
  const auto is_after = [&](const auto& record) { return record.header.sequence > sequence; };
  for (auto& segment : segments_) {
    if (segment.pending.empty() || segment.pending.back().header.sequence <= sequence) continue;
    const auto record = std::find_if(segment.pending.begin(), segment.pending.end(), is_after);
    const auto bytes = files_.read_part(path(segment.name), record->offset, record->size);
    const auto found = bytes ? decode_record(*bytes, segment.name.key) : std::nullopt;
    if (found && found->header.sequence == record->header.sequence) {
      read_ = std::max(read_, found->header.sequence);
      return StoredBatch{found->header.sequence, bytes->substr(kHeaderBytes)};
    }
    ++damaged_;
    log::error("A batch of the spool cannot be read any more: {}.",
               bytes ? "its checksum is wrong" : bytes.error().message);
    condense::Content content;
    content.kind = condense::Kind::novelty;
    const auto& header = record->header;
    content.gaps.push_back(
        {"spool_damaged", header.begin, header.end, header.packets, header.bytes});
    const auto lost = header.sequence;
    std::string payload = condense::pack_alone(content);
    segment.pending.erase(record);
    // Under its own number: nothing else was ever sent as that.
    read_ = std::max(read_, lost);
    return StoredBatch{lost, std::move(payload)};
  }
  if (trouble_.empty()) return std::nullopt;
  const auto item = std::find_if(waiting_.begin(), waiting_.end(), is_after);
  if (item == waiting_.end()) return std::nullopt;
  read_ = std::max(read_, item->header.sequence);
  return StoredBatch{item->header.sequence, item->payload};
}

void Spool::acknowledge(std::uint64_t sequence) {
  const std::lock_guard lock(mutex_);
  drop_to(sequence);
}

void Spool::drop_to(std::uint64_t sequence) {
  acknowledged_ = std::max(acknowledged_, sequence);
  next_ = std::max(next_, acknowledged_ + 1);
  for (auto& segment : segments_)
    while (!segment.pending.empty() && segment.pending.front().header.sequence <= sequence)
      segment.pending.pop_front();
  // What the current segment holds but is not durable stays: it becomes so with the rest.
  while (!waiting_.empty() && !waiting_.front().is_written &&
         waiting_.front().header.sequence <= sequence) {
    waiting_bytes_ -= waiting_.front().payload.size();
    waiting_.pop_front();
  }
}

void Spool::settle(std::uint64_t committed) {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(is_settled_, true) && committed >= first_of_run_) {
    log::warn(
        "The cloud has batches up to {} of this sensor, which gave only {}: its state was restored "
        "from a backup. What was recorded since gets new numbers.",
        committed, next_ - 1);
    next_ = std::max(next_, committed + 1);
    const auto is_taken = [&](const RecordHeader& header) {
      return header.sequence >= first_of_run_ && header.sequence <= committed;
    };
    std::vector<Waiting> taken;
    for (const auto& segment : segments_) {
      for (const auto& record : segment.pending) {
        if (!is_taken(record.header)) continue;
        const auto bytes = files_.read_part(path(segment.name), record.offset, record.size);
        if (bytes && decode_record(*bytes, segment.name.key))
          taken.push_back({record.header, bytes->substr(kHeaderBytes)});
      }
    }
    for (const auto& item : waiting_)
      if (is_taken(item.header)) taken.push_back({item.header, item.payload});
    for (auto& item : taken) wait(item.header, std::move(item.payload));
    auto written = write_waiting();
    if (written) written = sync_current();
    if (!written) set_trouble(written.error().message);
  }
  drop_to(committed);
  read_ = committed;
}

SpoolState Spool::state() const {
  const std::lock_guard lock(mutex_);
  SpoolState state;
  state.bytes = disk_bytes();
  state.pending = waiting_.size();
  for (const auto& segment : segments_) state.pending += segment.pending.size();
  state.last_sequence = next_ - 1;
  state.acknowledged = acknowledged_;
  state.recorded_to = recorded_to_;
  state.given_up = given_up_;
  state.damaged = damaged_;
  state.trouble = trouble_;
  return state;
}

std::uint64_t Spool::disk_bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& segment : segments_) bytes += segment.bytes;
  return bytes;
}

// Said once when it begins and once when it is over.
void Spool::set_trouble(const std::string& trouble) {
  if (trouble_.empty() && !trouble.empty())
    log::error("The spool does not take batches, they wait in memory: {}.", trouble);
  if (!trouble_.empty() && trouble.empty()) log::info("The spool takes batches again.");
  trouble_ = trouble;
}

}  // namespace osect::spool
