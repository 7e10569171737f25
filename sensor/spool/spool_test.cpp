// The spool against a model, on a file system that fails and crashes as the test says; damage byte
// by byte; kill -9.
#include "sensor/spool/spool.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <set>

#include "base/log.h"
#include "sensor/condense/condenser.h"
#include "sensor/condense/pack.h"

namespace osect::spool {
namespace {

// Files in memory. What was not synced may be gone, in part or whole, after crash(); so may names.
class SimulatedFileSystem final : public FileSystem {
 public:
  struct Content {
    std::string now;
    std::string durable;
  };

  explicit SimulatedFileSystem(std::uint32_t seed) : random_(seed) {}

  std::uint64_t space = ~std::uint64_t{0};  // bytes all files may have
  double failure = 0;  // probability that an operation that changes something fails
  bool is_read_only = false;

  void crash() {
    // A synced directory has the names of its last sync; each change since may or may not have
    // reached the disk.
    std::map<std::string, std::shared_ptr<Content>> names = durable_names_;
    for (const auto& [path, file] : names_)
      if (names.count(path) == 0 && random_() % 2 == 0) names[path] = file;
    for (auto at = names.begin(); at != names.end();) {
      const bool is_removed = names_.count(at->first) == 0;
      if (!is_removed && random_() % 2 == 0) at->second = names_[at->first];
      at = is_removed && random_() % 2 == 0 ? names.erase(at) : std::next(at);
    }
    for (auto& [path, file] : names) {
      auto survived = std::make_shared<Content>(*file);
      const auto extra =
          survived->now.size() - std::min(survived->now.size(), survived->durable.size());
      survived->now.resize(survived->now.size() - (extra == 0 ? 0 : random_() % (extra + 1)));
      survived->durable = survived->now;
      file = survived;
    }
    names_ = durable_names_ = names;
  }
  std::map<std::string, std::string> contents() const {
    std::map<std::string, std::string> all;
    for (const auto& [path, file] : names_) all[path] = file->now;
    return all;
  }
  void put(const std::string& path, const std::string& content) {
    names_[path] = durable_names_[path] = std::make_shared<Content>(Content{content, content});
  }
  std::uint64_t bytes() const {
    std::uint64_t total = 0;
    for (const auto& [path, file] : names_) total += file->now.size();
    return total;
  }

  Result<> lock_directory(const std::string&) override { return {}; }
  Result<std::vector<std::string>> read_names(const std::string&) override {
    std::vector<std::string> names;
    for (const auto& [path, file] : names_) names.push_back(path.substr(path.rfind('/') + 1));
    return names;
  }
  Result<std::string> read_file(const std::string& path) override {
    return read_part(path, 0, ~std::size_t{0});
  }
  Result<std::string> read_part(const std::string& path, std::uint64_t offset,
                                std::size_t size) override {
    const auto file = names_.find(path);
    if (file == names_.end()) return Error(path + ": no such file");
    if (offset > file->second->now.size()) return {boost::system::in_place_value, ""};
    return {boost::system::in_place_value, file->second->now.substr(offset, size)};
  }
  Result<std::unique_ptr<File>> create(const std::string& path) override {
    if (auto ok = attempt(path); !ok) return ok.error();
    auto file = std::make_shared<Content>();
    names_[path] = file;
    return std::unique_ptr<File>(std::make_unique<SimulatedFile>(*this, path, file));
  }
  Result<> rename(const std::string& from, const std::string& to) override {
    if (auto ok = attempt(to); !ok) return ok;
    names_[to] = names_[from];
    names_.erase(from);
    return {};
  }
  Result<> remove(const std::string& path) override {
    if (auto ok = attempt(path); !ok) return ok;
    names_.erase(path);
    return {};
  }
  Result<> sync_file(const std::string& path) override {
    if (auto ok = attempt(path); !ok) return ok;
    names_[path]->durable = names_[path]->now;
    return {};
  }
  Result<> sync_directory(const std::string& directory) override {
    if (auto ok = attempt(directory); !ok) return ok;
    durable_names_ = names_;
    return {};
  }

 private:
  class SimulatedFile final : public File {
   public:
    SimulatedFile(SimulatedFileSystem& files, std::string path, std::shared_ptr<Content> content)
        : files_(files), path_(std::move(path)), content_(std::move(content)) {}
    Result<> append(std::string_view bytes) override {
      if (auto ok = files_.attempt(path_); !ok) {
        content_->now += bytes.substr(0, files_.random_() % (bytes.size() + 1));  // short write
        return ok;
      }
      const auto room = files_.space - std::min(files_.space, files_.bytes());
      content_->now += bytes.substr(0, room);
      return room < bytes.size() ? Result<>(Error(path_ + ": No space left on device"))
                                 : Result<>();
    }
    Result<> sync() override {
      if (auto ok = files_.attempt(path_); !ok) return ok;
      content_->durable = content_->now;
      return {};
    }

   private:
    SimulatedFileSystem& files_;
    std::string path_;
    std::shared_ptr<Content> content_;
  };

  Result<> attempt(const std::string& path) {
    if (is_read_only) return Error(path + ": Read-only file system");
    if (std::uniform_real_distribution<double>(0, 1)(random_) < failure)
      return Error(path + ": Input/output error");
    return {};
  }

  std::mt19937 random_;
  std::map<std::string, std::shared_ptr<Content>> names_;
  std::map<std::string, std::shared_ptr<Content>> durable_names_;
};

constexpr const char* kDirectory = "/spool";

// A batch that can be told from all others: packets is its number.
condense::Content batch(std::uint64_t number, condense::Kind kind, std::size_t padding = 0) {
  condense::Merge merge;
  observe::ConversationRow row;
  row.client.ip = IpAddress::v4(1);
  row.server.ip = IpAddress::v4(2);
  row.packets = {number, 0};
  row.first = row.last = static_cast<TimeNs>(number) * kSecondNs;
  merge.add(row, {});
  std::mt19937 random(static_cast<std::uint32_t>(number));
  if (padding > 0) {
    observe::FactRow fact;
    fact.subject = row.client;
    for (std::size_t i = 0; i < padding; ++i)
      fact.value.push_back(static_cast<char>('!' + random() % 90));
    fact.first = fact.last = row.first;
    merge.add(fact, {});
  }
  condense::Content content;
  content.kind = kind;
  content.rows = merge.take();
  content.rows.begin = row.first;
  content.rows.end = row.first + kSecondNs;
  return content;
}

struct Read {
  std::map<std::uint64_t, std::uint64_t> numbers;  // sequence -> number of the batch
  std::uint64_t declared = 0;                      // packets in gaps
  std::uint64_t gaps = 0;
};

Read read_all(Spool& spool, std::uint64_t after = 0) {
  Read read;
  while (const auto stored = spool.read_after(after)) {
    EXPECT_GT(stored->sequence, after) << "order";
    after = stored->sequence;
    const auto content = condense::unpack_alone(stored->payload);
    EXPECT_TRUE(content) << "what is read is what was written";
    if (!content) continue;
    for (const auto& gap : content->gaps) read.declared += gap.packets, ++read.gaps;
    if (!content->rows.conversations.empty())
      read.numbers[after] = content->rows.conversations[0].packets[0];
  }
  return read;
}

std::unique_ptr<Spool> open(FileSystem& files, const SpoolLimits& limits = {}) {
  auto spool = Spool::open(files, kDirectory, limits);
  EXPECT_TRUE(spool) << (spool ? "" : spool.error().message);
  return std::move(*spool);
}

class SpoolTest : public testing::Test {
 protected:
  void SetUp() override { spdlog::set_level(spdlog::level::off); }
  void TearDown() override { spdlog::set_level(spdlog::level::info); }
};

TEST_F(SpoolTest, KeepsUntilAcknowledged) {
  SimulatedFileSystem files(1);
  {
    const auto spool = open(files);
    for (std::uint64_t i = 1; i <= 5; ++i) spool->append(batch(i, condense::Kind::counters));
    EXPECT_FALSE(spool->read_after(0)) << "not before it is durable";
    EXPECT_TRUE(spool->sync());
    EXPECT_EQ(read_all(*spool).numbers.size(), 5U);
    spool->acknowledge(read_all(*spool).numbers.begin()->first + 1);
    EXPECT_TRUE(spool->sync());
  }
  files.crash();
  const auto spool = open(files);
  const auto read = read_all(*spool);
  ASSERT_EQ(read.numbers.size(), 3U);
  EXPECT_EQ(read.numbers.begin()->second, 3U);
  EXPECT_GT(spool->append(batch(9, condense::Kind::novelty)), read.numbers.rbegin()->first);
}

// Appends, syncs, acknowledgements, failures of every operation, full and read-only disks, crashes
// at any point.
TEST_F(SpoolTest, AgreesWithTheModelWhateverTheDiskDoes) {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    std::mt19937 random(seed);
    SimulatedFileSystem files(seed);
    SpoolLimits limits;
    limits.segment_bytes = 700;
    auto spool = open(files, limits);
    std::uint64_t number = 0;
    std::map<std::uint64_t, std::uint64_t> given;  // sequence -> number, all there ever were
    std::set<std::uint64_t> handed_out;            // sequences
    std::set<std::uint64_t> durable;               // numbers
    std::set<std::uint64_t> appended;
    std::uint64_t acknowledged = 0;
    for (int step = 0; step < 120; ++step) {
      switch (random() % 10) {
        case 0:
        case 1:
        case 2:
        case 3: {
          const auto kind = random() % 3 == 0 ? condense::Kind::novelty : condense::Kind::counters;
          const auto sequence = spool->append(batch(++number, kind, random() % 200));
          ASSERT_EQ(handed_out.count(sequence), 0U) << "a sequence was used twice";
          given[sequence] = number;
          appended.insert(number);
          break;
        }
        case 4:
        case 5:
          if (spool->sync()) durable.insert(appended.begin(), appended.end());
          break;
        case 6: {
          const auto read = read_all(*spool);
          for (const auto& [sequence, read_number] : read.numbers) {
            ASSERT_EQ(given[sequence], read_number);
            handed_out.insert(sequence);
          }
          if (read.numbers.empty()) break;
          auto upto = read.numbers.begin();
          std::advance(upto, random() % read.numbers.size());
          acknowledged = std::max(acknowledged, upto->first);
          spool->acknowledge(acknowledged);
          break;
        }
        case 7:
          files.failure = random() % 3 == 0 ? 0.3 : 0;
          files.space = random() % 3 == 0 ? files.bytes() + random() % 300 : ~std::uint64_t{0};
          files.is_read_only = random() % 5 == 0;
          break;
        default: {
          if (random() % 3 != 0) break;
          spool.reset();
          const bool is_power_cut = random() % 2 == 0;
          if (is_power_cut) files.crash();
          files.failure = 0;
          files.is_read_only = false;
          files.space = ~std::uint64_t{0};
          spool = open(files, limits);
          const auto read = read_all(*spool);
          // A lost acknowledgement brings batches back, under their own numbers; nothing else
          // comes.
          for (const auto& [sequence, read_number] : read.numbers) {
            ASSERT_EQ(given.count(sequence), 1U);
            ASSERT_EQ(given[sequence], read_number);
          }
          for (const auto& [sequence, given_number] : given) {
            if (sequence > acknowledged && durable.count(given_number) > 0) {
              ASSERT_EQ(read.numbers.count(sequence), 1U)
                  << "durable batch " << given_number << " lost";
            }
          }
          ASSERT_EQ(read.gaps, 0U);
          // What was not durable and did not survive is gone for good.
          appended.clear();
          for (const auto& [sequence, read_number] : read.numbers) appended.insert(read_number);
          if (is_power_cut) durable = appended;
          break;
        }
      }
    }
  }
}

TEST_F(SpoolTest, AFullOrReadOnlyDiskStopsNothing) {
  SimulatedFileSystem files(7);
  SpoolLimits limits;
  limits.memory_bytes_max = 4000;
  const auto spool = open(files, limits);
  spool->append(batch(1, condense::Kind::novelty));
  EXPECT_TRUE(spool->sync());
  files.is_read_only = true;
  std::uint64_t total = 1;
  for (std::uint64_t i = 2; i <= 60; ++i) {
    spool->append(batch(i, i % 6 == 0 ? condense::Kind::novelty : condense::Kind::counters, 100));
    total += i;
    EXPECT_FALSE(spool->sync());
  }
  EXPECT_NE(spool->state().trouble, "");
  files.is_read_only = false;
  EXPECT_TRUE(spool->sync());
  EXPECT_EQ(spool->state().trouble, "");
  const auto read = read_all(*spool);
  std::uint64_t kept = 0;
  std::set<std::uint64_t> numbers;
  for (const auto& [sequence, number] : read.numbers) kept += number, numbers.insert(number);
  EXPECT_EQ(kept + read.declared, total) << "what was given up is declared to the packet";
  for (std::uint64_t i = 6; i <= 60; i += 6) EXPECT_EQ(numbers.count(i), 1U) << "novelty is kept";
  EXPECT_EQ(read.gaps, 1U);
}

TEST_F(SpoolTest, OldestCountersAreGivenUpFirstAndDeclared) {
  SimulatedFileSystem files(8);
  SpoolLimits limits;
  limits.bytes_max = 12'000;
  limits.segment_bytes = 1000;
  auto spool = open(files, limits);
  std::uint64_t total = 0;
  for (std::uint64_t i = 1; i <= 200; ++i) {
    spool->append(batch(i, i % 20 == 0 ? condense::Kind::novelty : condense::Kind::counters, 100));
    total += i;
    EXPECT_TRUE(spool->sync());
    EXPECT_LE(spool->state().bytes, limits.bytes_max + limits.segment_bytes);
  }
  spool.reset();
  files.crash();
  spool = open(files, limits);
  const auto read = read_all(*spool);
  std::uint64_t kept = 0;
  std::set<std::uint64_t> numbers;
  for (const auto& [sequence, number] : read.numbers) kept += number, numbers.insert(number);
  EXPECT_EQ(kept + read.declared, total);
  for (std::uint64_t i = 20; i <= 200; i += 20) EXPECT_EQ(numbers.count(i), 1U) << "novelty " << i;
  EXPECT_EQ(numbers.count(199), 1U) << "the newest stay";
  EXPECT_EQ(numbers.count(1), 0U);
}

TEST_F(SpoolTest, NoveltyAloneIsBoundedToo) {
  SimulatedFileSystem files(9);
  SpoolLimits limits;
  limits.bytes_max = 8000;
  limits.segment_bytes = 1000;
  const auto spool = open(files, limits);
  std::uint64_t total = 0;
  for (std::uint64_t i = 1; i <= 300; ++i) {
    spool->append(batch(i, condense::Kind::novelty, 100));
    total += i;
    EXPECT_TRUE(spool->sync());
    EXPECT_LE(files.bytes(), limits.bytes_max + 2 * limits.segment_bytes);
  }
  const auto read = read_all(*spool);
  std::uint64_t kept = 0;
  for (const auto& [sequence, number] : read.numbers) kept += number;
  EXPECT_EQ(kept + read.declared, total);
}

// A small spool, each byte flipped in turn: at most the record that was touched is lost, and then
// declared.
TEST_F(SpoolTest, OneFlippedByteDamagesOneRecord) {
  SimulatedFileSystem original(10);
  constexpr std::uint64_t kBatches = 6;
  {
    const auto spool = open(original);
    for (std::uint64_t i = 1; i <= kBatches; ++i)
      spool->append(batch(i, condense::Kind::novelty, 20));
    EXPECT_TRUE(spool->sync());
  }
  for (const auto& [path, content] : original.contents()) {
    for (std::size_t at = 0; at < content.size(); ++at) {
      for (const int mask : {0x01, 0x80, 0xff}) {
        SimulatedFileSystem files(11);
        for (const auto& [name, bytes] : original.contents()) files.put(name, bytes);
        auto damaged = content;
        damaged[at] = static_cast<char>(damaged[at] ^ mask);
        files.put(path, damaged);
        const auto spool = open(files);
        const auto read = read_all(*spool);
        ASSERT_GE(read.numbers.size(), path.ends_with(".spool") ? kBatches - 1 : kBatches)
            << path << " byte " << at;
        for (const auto& [sequence, number] : read.numbers) ASSERT_LE(number, kBatches);
        // Unless the damage made the last record look cut short.
        if (read.numbers.size() < kBatches && read.numbers.rbegin()->second == kBatches) {
          ASSERT_EQ(read.gaps, 1U) << "byte " << at;
        }
      }
    }
  }
}

TEST_F(SpoolTest, TruncationAnywhereLosesOnlyWhatIsCut) {
  SimulatedFileSystem original(12);
  {
    const auto spool = open(original);
    for (std::uint64_t i = 1; i <= 6; ++i) spool->append(batch(i, condense::Kind::novelty, 20));
    EXPECT_TRUE(spool->sync());
  }
  for (const auto& [path, content] : original.contents()) {
    std::size_t before = 0;
    for (std::size_t size = 0; size <= content.size(); ++size) {
      SimulatedFileSystem files(13);
      for (const auto& [name, bytes] : original.contents()) files.put(name, bytes);
      files.put(path, content.substr(0, size));
      const auto spool = open(files);
      const auto read = read_all(*spool);
      std::uint64_t expected = 0;
      for (const auto& [sequence, number] : read.numbers) ASSERT_EQ(number, ++expected);
      ASSERT_GE(read.numbers.size(), before);
      before = read.numbers.size();
      ASSERT_EQ(spool->state().damaged, 0U) << "a torn end is no damage";
      // The spool goes on.
      spool->append(batch(99, condense::Kind::novelty));
      ASSERT_TRUE(spool->sync());
      ASSERT_EQ(read_all(*spool).numbers.rbegin()->second, 99U);
    }
    EXPECT_EQ(before, 6U);
  }
}

TEST_F(SpoolTest, RestoredFromOlderStateGetsNewNumbers) {
  SimulatedFileSystem files(14);
  std::map<std::string, std::string> backup;
  std::uint64_t committed = 0;
  {
    const auto spool = open(files);
    spool->append(batch(1, condense::Kind::novelty));
    EXPECT_TRUE(spool->sync());
    backup = files.contents();
    for (std::uint64_t i = 2; i <= 20'000; ++i)
      committed = spool->append(batch(i, condense::Kind::novelty));
  }
  SimulatedFileSystem restored(15);
  for (const auto& [name, bytes] : backup) restored.put(name, bytes);
  const auto spool = open(restored);
  for (std::uint64_t i = 101; i <= 105; ++i) spool->append(batch(i, condense::Kind::novelty));
  EXPECT_TRUE(spool->sync());
  spool->settle(committed);
  EXPECT_TRUE(spool->sync());
  const auto read = read_all(*spool, committed);
  std::set<std::uint64_t> numbers;
  for (const auto& [sequence, number] : read.numbers) numbers.insert(number);
  EXPECT_EQ(numbers, (std::set<std::uint64_t>{101, 102, 103, 104, 105}));
}

// A batch with a number that no run reads again would be lost without a word.
TEST_F(SpoolTest, UsedUpNumbersAreSaidAtTheStart) {
  SimulatedFileSystem files(1);
  files.put("spool/acknowledged", encode_acknowledged({kSequenceMax, 0, 0}));
  const auto spool = Spool::open(files, "spool", {});
  ASSERT_FALSE(spool);
  EXPECT_NE(spool.error().message.find("used up"), std::string::npos) << spool.error().message;
  files.put("spool/acknowledged", encode_acknowledged({kSequenceMax / 2, 0, 0}));
  EXPECT_TRUE(Spool::open(files, "spool", {}));
}

TEST_F(SpoolTest, SecondProcessIsRefused) {
  std::string directory = std::filesystem::temp_directory_path() / "osect_spool_XXXXXX";
  ASSERT_NE(::mkdtemp(directory.data()), nullptr);
  const auto first_files = posix_file_system();
  const auto second_files = posix_file_system();
  const auto first = Spool::open(*first_files, directory, {});
  ASSERT_TRUE(first);
  const auto second = Spool::open(*second_files, directory, {});
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("another sensor"), std::string::npos);
  std::filesystem::remove_all(directory);
}

// A child that appends and reports what is durable is killed at random instants: nothing durable is
// ever lost.
TEST_F(SpoolTest, KilledProcessLosesNothingDurable) {
  std::string directory = std::filesystem::temp_directory_path() / "osect_spool_XXXXXX";
  ASSERT_NE(::mkdtemp(directory.data()), nullptr);
  std::mt19937 random(16);
  std::uint64_t highest = 0;  // number reported durable by any child
  std::map<std::uint64_t, std::uint64_t> seen;
  for (int round = 0; round < 8; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto files = posix_file_system();
      SpoolLimits limits;
      limits.segment_bytes = 20'000;
      auto spool = Spool::open(*files, directory, limits);
      if (!spool) ::_exit(3);
      for (std::uint64_t number = highest + 1;; ++number) {
        (*spool)->append(batch(number, condense::Kind::counters, 50));
        if (number % 4 == 0 && (*spool)->sync() &&
            ::write(ends[1], &number, sizeof number) != sizeof number)
          ::_exit(4);
      }
    }
    ::close(ends[1]);
    // A random time after the first report.
    std::uint64_t number = 0;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    std::uint64_t reports = random() % 40 + 1;
    while (reports-- > 0 && std::chrono::steady_clock::now() < deadline &&
           ::read(ends[0], &number, sizeof number) == sizeof number)
      highest = number;
    ::kill(child, SIGKILL);
    while (::read(ends[0], &number, sizeof number) == sizeof number) highest = number;
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child could not work";

    const auto files = posix_file_system();
    auto spool = Spool::open(*files, directory, {});
    ASSERT_TRUE(spool);
    const auto read = read_all(**spool);
    std::set<std::uint64_t> numbers;
    for (const auto& [sequence, read_number] : read.numbers) {
      numbers.insert(read_number);
      const auto [at, is_new] = seen.emplace(sequence, read_number);
      ASSERT_EQ(at->second, read_number) << "a sequence was used twice";
    }
    for (std::uint64_t i = 1; i <= highest; ++i) ASSERT_EQ(numbers.count(i), 1U) << i;
    highest = *numbers.rbegin();
    ASSERT_EQ(read.gaps, 0U);
  }
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace osect::spool
