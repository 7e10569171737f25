// Batches kept durably until the cloud has committed them; docs/architecture.md, spool; files:
// format.h.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sensor/condense/content.h"
#include "sensor/spool/file_system.h"
#include "sensor/spool/format.h"

namespace osect::spool {

struct SpoolLimits {
  std::uint64_t bytes_max = 64U << 20;  // on disk; beyond it the oldest counters are given up first
  std::uint64_t segment_bytes = 1U << 20;     // a segment is closed once it is larger
  std::uint64_t memory_bytes_max = 4U << 20;  // of what the disk does not take
};

struct StoredBatch {
  std::uint64_t sequence = 0;
  std::string payload;  // condense::pack_alone
};

struct SpoolState {
  std::uint64_t bytes = 0;          // on disk
  std::uint64_t pending = 0;        // batches not yet acknowledged
  std::uint64_t last_sequence = 0;  // the highest given so far
  std::uint64_t acknowledged = 0;
  TimeNs recorded_to = 0;      // the latest end of a batch, also before the last restart
  std::uint64_t given_up = 0;  // batches lost to a full spool since the start; each is declared
  std::uint64_t damaged = 0;   // places of the spool that could not be read since the start
  std::string trouble;         // why the disk does not take batches; empty: it does
};

// Thread-safe: one thread appends and syncs, another reads and acknowledges. Guarantees: what
// sync() reported durable is read again after any crash until it is acknowledged, in the order of
// its sequence; no sequence is ever used for two batches; what had to be given up or cannot be read
// any more is declared as a gap among the batches themselves. A disk that is full, read-only or
// broken stops nothing: batches wait in memory, counters are given up before novelty.
class Spool {
 public:
  // Reads what is there. Fails only when the directory cannot be made, held or listed.
  static Result<std::unique_ptr<Spool>> open(FileSystem& files, const std::string& directory,
                                             const SpoolLimits& limits);

  // Gives the batch the next sequence. It can be read once it is durable, or as long as the disk
  // refuses it.
  std::uint64_t append(const condense::Content& content);
  // Makes everything appended durable, removes what is acknowledged, keeps to the limits. False:
  // the disk refuses; to be tried again. To be called each second, and at once after novelty.
  bool sync();

  // The batch after this sequence.
  std::optional<StoredBatch> read_after(std::uint64_t sequence);
  // This sequence and all before it are committed by the cloud.
  void acknowledge(std::uint64_t sequence);
  // What the cloud says when a stream begins. When it has what this run of the spool has not sent
  // yet, the spool was restored from older state: batches of this run get new sequences, lest they
  // pass for those.
  void settle(std::uint64_t committed);

  [[nodiscard]] SpoolState state() const;
  // Called, on the syncing thread, when there is something new to read. To be set before any other
  // thread starts.
  void on_readable(std::function<void()> call) { on_readable_ = std::move(call); }

 private:
  struct Segment {
    SegmentName name;
    std::uint64_t bytes = 0;
    std::deque<FoundRecord> pending;  // by sequence
  };
  struct Waiting {
    RecordHeader header;
    std::string payload;
    bool is_written = false;  // to the current segment, not durable yet
    std::uint64_t offset = 0;
  };
  struct Loss {
    RecordHeader header;
    const char* reason = "";
  };

  Spool(FileSystem& files, std::string directory, const SpoolLimits& limits)
      : files_(files), directory_(std::move(directory)), limits_(limits) {}

  Result<> load();
  void load_segment(const SegmentName& name);
  std::uint64_t wait(RecordHeader header, std::string payload);
  Result<> write_waiting();
  Result<> sync_current();
  Result<> write_acknowledged();
  void abandon_current();
  void remove_done_segments();
  void limit_memory();
  void limit_disk();
  bool thin(Segment& segment, bool with_novelty);
  void join_losses();
  Result<> rewrite(Segment& segment, const std::vector<FoundRecord>& kept,
                   const std::vector<Loss>& losses);
  void drop_to(std::uint64_t sequence);
  void set_trouble(const std::string& trouble);
  [[nodiscard]] bool is_current(const Segment& segment) const {
    return current_ != nullptr && &segment == &segments_.back();
  }
  [[nodiscard]] std::string path(const SegmentName& name) const {
    return directory_ + "/" + segment_name(name);
  }
  [[nodiscard]] std::uint64_t disk_bytes() const;

  FileSystem& files_;
  const std::string directory_;
  const SpoolLimits limits_;
  std::function<void()> on_readable_;

  mutable std::mutex mutex_;
  std::deque<Segment> segments_;  // in order; the last one is being written while current_ is open
  std::unique_ptr<File> current_;
  std::deque<Waiting> waiting_;  // appended, not durable
  std::uint64_t waiting_bytes_ = 0;
  std::uint64_t next_ = 1;
  std::uint64_t first_of_run_ = 1;
  std::uint64_t reserved_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::uint64_t acknowledged_on_disk_ = 0;
  std::uint64_t read_ = 0;  // handed out on this stream, may be committed: not to be given up
  TimeNs recorded_to_ = 0;
  bool is_settled_ = false;
  std::uint64_t given_up_ = 0;
  std::uint64_t damaged_ = 0;
  std::string trouble_;
};

}  // namespace osect::spool
