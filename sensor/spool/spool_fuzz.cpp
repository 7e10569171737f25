// libFuzzer: a spool directory of arbitrary files is opened, read to its end, written to and opened
// again.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "sensor/spool/spool.h"

namespace osect::spool {
namespace {

// Files in memory; nothing fails, because what is read is the matter here.
class MemoryFileSystem final : public FileSystem {
 public:
  std::map<std::string, std::string> files;

  Result<> lock_directory(const std::string& /*directory*/) override { return {}; }
  Result<std::vector<std::string>> read_names(const std::string& directory) override {
    std::vector<std::string> names;
    for (const auto& [path, content] : files) names.push_back(path.substr(directory.size() + 1));
    return {boost::system::in_place_value, std::move(names)};
  }
  Result<std::string> read_file(const std::string& path) override {
    const auto found = files.find(path);
    if (found == files.end()) return Error(path + ": not there");
    return {boost::system::in_place_value, found->second};
  }
  Result<std::string> read_part(const std::string& path, std::uint64_t offset,
                                std::size_t size) override {
    const auto found = files.find(path);
    if (found == files.end() || offset > found->second.size()) return Error(path + ": not there");
    return {boost::system::in_place_value,
            found->second.substr(static_cast<std::size_t>(offset), size)};
  }
  Result<std::unique_ptr<File>> create(const std::string& path) override {
    files[path].clear();
    return std::unique_ptr<File>(std::make_unique<Appending>(*this, path));
  }
  Result<> rename(const std::string& from, const std::string& to) override {
    files[to] = files[from];
    files.erase(from);
    return {};
  }
  Result<> remove(const std::string& path) override {
    files.erase(path);
    return {};
  }
  Result<> sync_file(const std::string& /*path*/) override { return {}; }
  Result<> sync_directory(const std::string& /*directory*/) override { return {}; }

 private:
  class Appending final : public File {
   public:
    Appending(MemoryFileSystem& system, std::string path)
        : system_(system), path_(std::move(path)) {}
    Result<> append(std::string_view bytes) override {
      system_.files[path_].append(bytes);
      return {};
    }
    Result<> sync() override { return {}; }

   private:
    MemoryFileSystem& system_;
    std::string path_;
  };
};

struct Reader {
  const std::uint8_t* at;
  const std::uint8_t* end;

  std::uint8_t byte() { return at == end ? std::uint8_t{0} : *at++; }
  std::uint64_t number() {
    const std::uint8_t first = byte();
    if (first < 0xf8) return first;
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = value << 8U | byte();
    return value;
  }
  std::string bytes() {
    const auto size = std::min<std::size_t>(byte(), static_cast<std::size_t>(end - at));
    const std::string out(at, at + size);
    at += size;
    return out;
  }
};

// Segments of whole records, torn ones and noise, with right checks where the bytes say so.
void make_directory(Reader& in, MemoryFileSystem& system) {
  SegmentName name{1, 1};
  std::string* segment = nullptr;
  while (in.at != in.end) {
    switch (in.byte() % 7) {
      case 0:
        name = {in.number(), static_cast<std::uint32_t>(in.byte())};
        segment = &system.files["spool/" + segment_name(name)];
        break;
      case 1:
      case 2: {
        RecordHeader header;
        header.kind = static_cast<RecordKind>(in.byte() % 4);
        header.sequence = in.number();
        header.begin = static_cast<TimeNs>(in.number());
        header.end = static_cast<TimeNs>(in.number());
        header.packets = in.number();
        header.bytes = in.number();
        if (segment != nullptr) *segment += encode_record(header, in.bytes(), name.key);
        break;
      }
      case 3:
        if (segment != nullptr) *segment += in.bytes();
        break;
      case 4:
        if (segment != nullptr)
          segment->resize(segment->size() - segment->size() % (in.byte() + 1U));
        break;
      case 5: {
        const Acknowledged state{
            .acknowledged = in.number(), .reserved = in.number(), .recorded_to = 0};
        system.files["spool/acknowledged"] = encode_acknowledged(state);
        break;
      }
      default:
        system.files["spool/" + in.bytes()] = in.bytes();
        segment = nullptr;
    }
  }
}

// Everything that can be read, once, in rising order.
std::vector<std::uint64_t> read_all(Spool& spool) {
  std::vector<std::uint64_t> sequences;
  std::uint64_t last = spool.state().acknowledged;
  while (const auto batch = spool.read_after(last)) {
    if (batch->sequence <= last) std::abort();
    last = batch->sequence;
    sequences.push_back(last);
  }
  return sequences;
}

void open_read_write_and_open_again(const std::uint8_t* data, std::size_t size) {
  MemoryFileSystem system;
  Reader in{data, data + size};
  make_directory(in, system);
  SpoolLimits limits;
  limits.bytes_max = 8 << 10;
  limits.segment_bytes = 1 << 10;
  std::vector<std::uint64_t> sequences;
  std::uint64_t added = 0;
  {
    const auto spool = Spool::open(system, "spool", limits);
    if (!spool) return;
    // A spool whose numbers are all but used up is not opened a second time.
    if ((*spool)->state().last_sequence > kSequenceMax / 2) return;
    sequences = read_all(**spool);
    condense::Content content;
    content.kind = condense::Kind::novelty;
    added = (*spool)->append(content);
    // A new batch never takes the place of one that was there.
    if (!sequences.empty() && added <= sequences.back()) std::abort();
    (*spool)->sync();
  }
  const auto again = Spool::open(system, "spool", limits);
  if (!again) std::abort();
  const auto now = read_all(**again);
  if (std::find(now.begin(), now.end(), added) == now.end()) std::abort();
}

}  // namespace
}  // namespace osect::spool

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  osect::spool::open_read_write_and_open_again(data, size);
  return 0;
}
