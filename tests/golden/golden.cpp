// Golden tests of the dissectors: capture in, one line a statement out, held against <case>.jsonl;
// docs/adding-a-protocol.md.
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <unordered_set>

#include "tests/golden/protocol_table.h"
#include "tests/golden/transcript.h"

namespace osect::golden {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::uint32_t le32(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i > 0; --i)
    value = value << 8 | static_cast<std::uint8_t>(bytes[at + i - 1]);
  return value;
}

// The project's own captures only: little-endian pcap with microseconds, as make_captures.py writes
// them.
std::vector<StoredFrame> read_capture(const std::string& path) {
  const std::string file = read_file(path);
  std::vector<StoredFrame> frames;
  if (file.size() < 24 || le32(file, 0) != 0xa1b2c3d4U) return frames;
  for (std::size_t at = 24; at + 16 <= file.size();) {
    const std::size_t size = le32(file, at + 8);
    if (at + 16 + size > file.size()) break;
    StoredFrame frame;
    frame.time = le32(file, at) * kSecondNs + le32(file, at + 4) * TimeNs{1000};
    frame.wire_length = le32(file, at + 12);
    const auto begin = file.begin() + static_cast<std::ptrdiff_t>(at + 16);
    frame.bytes.assign(begin, begin + static_cast<std::ptrdiff_t>(size));
    frames.push_back(std::move(frame));
    at += 16 + size;
  }
  return frames;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

int fail(const std::string& why) {
  std::cerr << why << '\n';
  return 1;
}

// The first line in which two transcripts differ, for people.
std::string difference(const std::string& want, const std::string& got) {
  std::size_t at = 0;
  while (at < want.size() && at < got.size() && want[at] == got[at]) ++at;
  const auto line = [&](const std::string& text) {
    const auto begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
    return begin < text.size() ? text.substr(begin, text.find('\n', at) - begin) : "(nothing)";
  };
  return fmt::format("expected: {}\n     got: {}", line(want), line(got));
}

void erase(std::string& line, std::string_view from, std::string_view to) {
  const auto begin = line.find(from);
  if (begin == std::string::npos) return;
  line.erase(begin, line.find(to, begin + from.size()) + to.size() - begin);
}

// What a line states, without what hangs on the frames around it: when a gap was given up, whether
// the request was seen, whether the other station has shown its MAC.
std::string essence(std::string line) {
  erase(line, "\"at\":\"", "\",");
  erase(line, "\"mac\":\"", "\",");
  erase(line, "\"paired\":", ",");
  return line;
}

// Of a response, what is left when its request is not known: the rest may be the request's.
std::string bare_essence(const std::string& line) {
  std::string bare = essence(line);
  for (const char* word : {"\"function\":\"", "\"code\":\"", "\"access\":\"", "\"target\":\""})
    erase(bare, word, "\",");
  return bare;
}

bool is_response(const std::string& line) {
  return line.find("\"say\":\"response\"") != std::string::npos;
}

bool is_statement(const std::string& line) {
  return line.find("\"say\":\"client\"") == std::string::npos &&
         line.find("\"say\":\"end\"") == std::string::npos &&
         line.find("\"say\":\"anomaly\"") == std::string::npos &&
         line.find("\"say\":\"recognised\"") == std::string::npos;
}

// Every frame cut at every byte: what is stated was stated about the whole capture too.
int sweep_prefixes(std::vector<StoredFrame> frames) {
  std::unordered_set<std::string> said;  // word for word: nearly every line is one of these
  std::unordered_set<std::string> known;
  for (const auto& line : run(frames).lines) {
    said.insert(line);
    known.insert(essence(line));
    if (is_response(line)) known.insert(bare_essence(line));
  }
  const auto is_known = [&](const std::string& line) {
    if (known.contains(essence(line))) return true;
    const bool is_alone = line.find("\"paired\"") == std::string::npos;
    return is_response(line) && is_alone && known.contains(bare_essence(line));
  };
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto whole = frames[i].bytes;
    for (std::size_t size = 0; size < whole.size(); ++size) {
      frames[i].bytes.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      for (const auto& line : run(frames, {.say_from = i}).lines)
        if (!said.contains(line) && is_statement(line) && !is_known(line))
          return fail(fmt::format("frame {} cut to {} bytes states what the whole does not: {}",
                                  i + 1, size, line));
    }
    frames[i].bytes = whole;
  }
  return 0;
}

// Every byte of every frame changed: anything may be stated, nothing may break.
int sweep_flips(std::vector<StoredFrame> frames) {
  for (auto& frame : frames) {
    for (auto& byte : frame.bytes) {
      const std::uint8_t whole = byte;
      for (const int flip : {0x01, 0xff}) {
        byte = static_cast<std::uint8_t>(whole ^ flip);
        run(frames, {.say_from = frames.size() + 1});
      }
      byte = whole;
    }
  }
  return 0;
}

// TCP may cut a stream anywhere: the statements stay the same.
int sweep_cuts(const std::vector<StoredFrame>& frames) {
  const Transcript whole = run(frames);
  const std::string want = joined(whole.lines);
  for (Cut cut; cut.piece < whole.piece_sizes.size(); ++cut.piece) {
    for (cut.byte = 1; cut.byte < whole.piece_sizes[cut.piece]; ++cut.byte) {
      const std::string got = joined(run(frames, {.cut = &cut}).lines);
      if (got != want)
        return fail(fmt::format("stream piece {} cut after {} bytes\n{}", cut.piece + 1, cut.byte,
                                difference(want, got)));
    }
  }
  const std::string bytewise = joined(run(frames, {.is_bytewise = true}).lines);
  if (bytewise != want) return fail("streams byte by byte\n" + difference(want, bytewise));
  return 0;
}

int main_of(const std::vector<std::string>& words) {
  const std::string usage =
      "usage: golden check|bless|prefixes|flips|cuts CAPTURE.pcap\n       golden "
      "protocols|bless-protocols FILE.md GOLDEN_FOLDER";
  if (words.size() < 2) return fail(usage);
  const std::string& what = words[0];
  const std::string& path = words[1];
  if (what == "protocols" || what == "bless-protocols") {
    if (words.size() != 3) return fail(usage);
    const std::string table = protocol_table(words[2]);
    if (what == "bless-protocols") std::ofstream(path) << table;
    if (read_file(path) != table)
      return fail(
          path +
          " is not what the list of dissectors says; write it with: golden bless-protocols " +
          path + " " + words[2]);
    return 0;
  }
  if (words.size() != 2) return fail(usage);
  const auto frames = read_capture(path);
  if (frames.empty()) return fail(path + ": not a capture of make_captures.py");
  if (what == "prefixes") return sweep_prefixes(frames);
  if (what == "flips") return sweep_flips(frames);
  if (what == "cuts") return sweep_cuts(frames);
  const std::string expected = path.substr(0, path.rfind('.')) + ".jsonl";
  const std::string got = joined(run(frames).lines);
  if (what == "bless")
    std::ofstream(expected) << got;
  else if (what != "check")
    return fail(usage);
  const std::string want = read_file(expected);
  if (want != got)
    return fail(fmt::format("{} differs\n{}\nwhen the new one is right: golden bless {}", expected,
                            difference(want, got), path));
  return 0;
}

}  // namespace
}  // namespace osect::golden

int main(int argc, char** argv) {
  // A sweep makes and drops the same tables a hundred thousand times: their memory stays here.
  mallopt(M_MMAP_THRESHOLD, 1 << 28);
  mallopt(M_TRIM_THRESHOLD, 1 << 28);
  return osect::golden::main_of(std::vector<std::string>(argv + 1, argv + argc));
}
