// Which releases a text may mean, and what all of them have in common: their end, or only a
// possible one.
#include "cloud/weakness/support.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace osect::weakness {
namespace {

constexpr int kYear = 10000;  // of a Day

// " windows 7 sp1 server 2008 r2 ": lower case, one space between words, dots kept inside numbers.
std::string words_of(std::string_view text) {
  std::string out = " ";
  for (const char c : lower(text)) {
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
    if (is_word) out.push_back(c);
    if (!is_word && out.back() != ' ') out.push_back(' ');
  }
  if (out.back() != ' ') out.push_back(' ');
  return out;
}

struct Span {
  std::size_t begin = 0;
  std::size_t length = 0;
};

// Where the phrase stands: whole words; behind a number more of the number may follow ("12.5").
std::optional<Span> find_phrase(const std::string& words, const std::string& phrase) {
  const std::string wanted = " " + phrase;
  for (auto at = words.find(wanted); at != std::string::npos; at = words.find(wanted, at + 1)) {
    const char next = words[at + wanted.size()];
    if (next == ' ' || next == '.') return Span{at, wanted.size()};
  }
  return std::nullopt;
}

// The build of Windows: "10.0.17763", "build 7601"; 0: none.
int build_of(const std::string& words) {
  if (words.find(" windows ") == std::string::npos) return 0;
  int out = 0;
  std::size_t begin = 1;
  bool is_behind_build = false;
  while (begin < words.size()) {
    const auto end = words.find(' ', begin);
    const std::string word = words.substr(begin, end - begin);
    const auto dot = word.rfind('.');
    const bool is_version = std::count(word.begin(), word.end(), '.') == 2;
    const std::string number = is_version ? word.substr(dot + 1) : word;
    if ((is_version || is_behind_build) && number.size() >= 4 && number.size() <= 5 &&
        number.find_first_not_of("0123456789") == std::string::npos)
      out = std::stoi(number);
    is_behind_build = word == "build";
    begin = end + 1;
  }
  return out;
}

struct Candidate {
  const Release* release;
  Span at;
};

Span longest_phrase(const std::string& words, const Release& release) {
  Span best;
  for (const std::string& phrase : release.is)
    if (const auto found = find_phrase(words, phrase); found && found->length > best.length)
      best = *found;
  return best;
}

// A name within a longer one is not meant: "Server 2008" in "Server 2008 R2".
void drop_shorter(std::vector<Candidate>& all) {
  const auto before = all;
  std::erase_if(all, [&](const Candidate& one) {
    return std::any_of(before.begin(), before.end(), [&](const Candidate& other) {
      return other.at.length > one.at.length && other.at.begin <= one.at.begin &&
             other.at.begin + other.at.length >= one.at.begin + one.at.length;
    });
  });
}

Text plain(const std::string& text) {
  return {text, text};
}

Text list_of(const std::vector<const Release*>& releases) {
  Text out;
  for (const Release* one : releases) {
    const Text day = day_text(std::max(one->ends, one->extended));
    out.ja += fmt::format("{}{} は {} まで", out.ja.empty() ? "" : "、", one->name, day.ja);
    out.en += fmt::format("{}{} until {}", out.en.empty() ? "" : ", ", one->name, day.en);
  }
  return out;
}

void append(Text& text, const Text& more) {
  text.ja += more.ja;
  text.en += " " + more.en;
}

// What makes an unrepaired system dangerous to its neighbours.
std::vector<std::string> exposed_services(const Observed& device) {
  constexpr std::array<std::pair<const char*, const char*>, 8> kServices{{{"smb", "SMB"},
                                                                          {"smb1", "SMB"},
                                                                          {"smb2", "SMB"},
                                                                          {"rdp", "RDP"},
                                                                          {"rfb", "VNC"},
                                                                          {"http", "HTTP"},
                                                                          {"telnet", "Telnet"},
                                                                          {"ftp", "FTP"}}};
  std::vector<std::string> out;
  for (const auto& [protocol, name] : kServices)
    for (const Evidence& one : device.evidence)
      if (one.field == "serves" && one.value == protocol &&
          std::find(out.begin(), out.end(), name) == out.end())
        out.emplace_back(name);
  return out;
}

enum class State { ended, paid, mixed, base, ending, fine };

State state_of(const std::vector<const Release*>& releases, Day today) {
  const auto all = [&](auto is) { return std::all_of(releases.begin(), releases.end(), is); };
  const auto any = [&](auto is) { return std::any_of(releases.begin(), releases.end(), is); };
  const auto over = [&](const Release* one) { return one->ends < today; };
  const auto all_over = [&](const Release* one) {
    return one->ends < today && one->extended < today;
  };
  if (any(over) && all([](const Release* one) { return one->is_base; })) return State::base;
  if (all(all_over)) return State::ended;
  if (all(over)) return State::paid;
  if (any(over)) return State::mixed;
  return any([&](const Release* one) { return one->ends < today + kYear; }) ? State::ending
                                                                            : State::fine;
}

}  // namespace

std::vector<const Release*> releases_of(std::string_view os, const Known& known) {
  const std::string words = words_of(os);
  const int build = build_of(words);
  // A lower bound, as the handshake of TCP tells it, is no release.
  if (build == 0 && words.find(" or later ") != std::string::npos) return {};
  std::vector<Candidate> named;
  std::vector<Candidate> built;
  for (const Release& release : known.releases) {
    const Span at = longest_phrase(words, release);
    if (at.length > 0) named.push_back({&release, at});
    if (build != 0 && release.build == build) built.push_back({&release, at});
  }
  if (!built.empty() && std::any_of(built.begin(), built.end(),
                                    [](const Candidate& one) { return one.at.length > 0; }))
    std::erase_if(built, [](const Candidate& one) { return one.at.length == 0; });
  std::vector<Candidate>& candidates = built.empty() ? named : built;
  if (built.empty()) drop_shorter(candidates);
  // The longest edition that is named: "IoT Enterprise LTSC" is not "Enterprise".
  const auto edition_length = [&](const Candidate& one) {
    std::size_t most = 0;
    for (const std::string& phrase : one.release->edition)
      if (const auto at = find_phrase(words, phrase)) most = std::max(most, at->length);
    return most;
  };
  std::size_t longest = 0;
  for (const Candidate& one : candidates) longest = std::max(longest, edition_length(one));
  if (longest > 0)
    std::erase_if(candidates, [&](const Candidate& one) { return edition_length(one) < longest; });
  std::vector<const Release*> out;
  out.reserve(candidates.size());
  for (const Candidate& one : candidates) out.push_back(one.release);
  return out;
}

std::optional<Finding> find_end_of_support(const Observed& device, const Known& known, Day today) {
  const auto releases = releases_of(device.os, known);
  if (releases.empty()) return std::nullopt;
  const State state = state_of(releases, today);
  if (state == State::fine) return std::nullopt;
  const auto longest =
      std::max_element(releases.begin(), releases.end(), [](const Release* a, const Release* b) {
        return std::pair(a->ends, a->extended) < std::pair(b->ends, b->extended);
      });
  const Release& release = **longest;
  const auto services = exposed_services(device);
  const bool is_exposed = !services.empty() || device.talks_outside;
  const bool is_over = state == State::ended;
  const bool is_paid_over = is_over && release.extended != 0;

  Finding out;
  out.kind = "end_of_support";
  out.rule = releases.front()->id;
  out.verdict = is_over ? "affected" : state == State::ending ? "not_affected" : "possible";
  out.severity = is_over                  ? (is_exposed ? "high" : "medium")
                 : state == State::ending ? "info"
                                          : "low";
  out.action = is_over && is_exposed ? "now" : state == State::base ? "never" : "next";
  const Text os = plain(device.os);
  const bool are_several = releases.size() > 1;
  const Text name = plain(are_several ? device.os : release.name);
  const Text ends =
      day_text(is_over && are_several ? std::max(release.ends, release.extended) : release.ends);
  const bool is_ending = state == State::ending;
  out.title = known.say(is_ending ? "support_ending_title" : "support_title", {{"os", os}});
  const char* const sentence = state == State::mixed || (is_ending && are_several)
                                   ? "support_edition"
                               : is_ending              ? "support_ending"
                               : state == State::base   ? "support_base"
                               : state == State::paid   ? "support_paid"
                               : is_over && are_several ? "support_ended_last"
                               : is_paid_over           ? "support_paid_over"
                                                        : "support_ended";
  out.reason = known.say(sentence, {{"os", name},
                                    {"ends", ends},
                                    {"extended", day_text(release.extended)},
                                    {"list", list_of(releases)}});
  if (is_over && !services.empty())
    append(out.reason,
           known.say("support_exposed",
                     {{"services", plain(fmt::format("{}", fmt::join(services, ", ")))}}));
  if (is_over && device.talks_outside) append(out.reason, known.say("support_internet", {}));
  out.measure = known.say(is_ending              ? "support_ending_measure"
                          : state == State::paid ? "support_paid_measure"
                                                 : "support_measure",
                          {});
  out.evidence = {{"fact.os", device.os, "", device.first, device.last}};
  return out;
}

}  // namespace osect::weakness
