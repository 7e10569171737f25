// Keys from the strongest to the weakest; a weaker one counts only where no stronger one answered.
#include "cloud/ledger/match.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "cloud/ledger/values.h"

namespace osect::ledger {
namespace {

constexpr int kMacConfidence = 98;
constexpr int kSerialConfidence = 95;
constexpr int kHostAndVendorConfidence = 85;
constexpr int kHostConfidence = 75;
constexpr int kIpConfidence = 65;
constexpr int kNameConfidence = 50;
constexpr double kSimilarLeast = 0.8;
constexpr std::size_t kNameLettersLeast = 4;  // shorter names are alike by chance

std::string lower(std::string_view text) {
  std::string out = half_width(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// "plc-01.plant.example" and "PLC-01" are one name.
std::string short_host(std::string_view host) {
  const std::string text = lower(host);
  return text.substr(0, text.find('.'));
}

// Dice's coefficient of the pairs of neighbouring bytes.
double similarity(std::string_view a, std::string_view b) {
  if (a.size() < 2 || b.size() < 2) return a == b ? 1 : 0;
  std::map<std::string_view, int> pairs;
  for (std::size_t i = 0; i + 1 < a.size(); ++i) ++pairs[a.substr(i, 2)];
  std::size_t common = 0;
  for (std::size_t i = 0; i + 1 < b.size(); ++i) {
    const auto found = pairs.find(b.substr(i, 2));
    if (found == pairs.end() || found->second == 0) continue;
    --found->second;
    ++common;
  }
  return 2.0 * static_cast<double>(common) / static_cast<double>(a.size() + b.size() - 2);
}

using Devices = std::vector<std::size_t>;  // positions among the candidates

class Index {
 public:
  explicit Index(const std::vector<Candidate>& candidates) : candidates_(candidates) {
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const Candidate& candidate = candidates[i];
      for (const auto& mac : candidate.macs) macs_[mac].push_back(i);
      for (const auto& ip : candidate.ips) ips_[ip].push_back(i);
      if (!candidate.serial.empty()) serials_[lower(candidate.serial)].push_back(i);
      if (!candidate.host_name.empty()) hosts_[short_host(candidate.host_name)].push_back(i);
      names_.push_back(lower(candidate.name));
      for (const auto& pair : pairs_of(names_.back())) pairs_[pair].push_back(i);
    }
  }

  Match find(const Entry& entry) const {
    Match found;
    std::vector<std::pair<Key, std::size_t>> strong;
    const auto note = [&](Key key, const std::string& value, int confidence,
                          const Devices& devices) {
      for (const auto device : devices) strong.emplace_back(key, device);
      if (!devices.empty() && found.key == Key::none)
        set(found, key, value, confidence, devices.front());
    };
    for (const auto& mac : entry.macs) note(Key::mac, mac.text(), kMacConfidence, at(macs_, mac));
    if (const auto serial = entry.text("serial"); !serial.empty())
      note(Key::serial, serial, kSerialConfidence, at(serials_, lower(serial)));
    if (!strong.empty()) {
      found.state = Match::State::matched;
      for (const auto& [key, device] : strong) add_other(found, device);
      if (!found.others.empty()) found.state = Match::State::conflict;
      return found;
    }
    find_probable(entry, found);
    return found;
  }

 private:
  void find_probable(const Entry& entry, Match& found) const {
    const auto probable = [&](Key key, const std::string& value, int confidence,
                              const Devices& devices) {
      if (devices.empty()) return false;
      set(found, key, value, confidence, devices.front());
      found.state = Match::State::probable;
      for (const auto device : devices) add_other(found, device);
      if (!found.others.empty()) found.state = Match::State::conflict;
      return true;
    };
    if (const auto host = entry.text("host_name"); !host.empty()) {
      Devices hosts = at(hosts_, short_host(host));
      const auto vendor = lower(entry.text("vendor"));
      Devices of_vendor;
      std::copy_if(hosts.begin(), hosts.end(), std::back_inserter(of_vendor), [&](std::size_t i) {
        const auto observed = lower(candidates_[i].vendor);
        return !vendor.empty() && !observed.empty() &&
               (observed.find(vendor) != std::string::npos ||
                vendor.find(observed) != std::string::npos);
      });
      const bool is_by_both = !of_vendor.empty();
      if (probable(Key::host_name, host, is_by_both ? kHostAndVendorConfidence : kHostConfidence,
                   is_by_both ? of_vendor : hosts))
        return;
    }
    for (const auto& ip : entry.ips)
      if (probable(Key::ip, ip.text(), kIpConfidence, at(ips_, ip))) return;
    for (const char* field : {"name", "host_name"})
      if (const auto name = entry.text(field); !name.empty())
        if (probable(Key::name, name, kNameConfidence, most_alike(lower(name)))) return;
  }

  void set(Match& found, Key key, const std::string& value, int confidence,
           std::size_t device) const {
    found.key = key;
    found.value = value;
    found.confidence = confidence;
    found.device = candidates_[device].id;
  }
  void add_other(Match& found, std::size_t device) const {
    const auto id = candidates_[device].id;
    if (id != *found.device &&
        std::find(found.others.begin(), found.others.end(), id) == found.others.end())
      found.others.push_back(id);
  }

  template <typename Map, typename Value>
  static Devices at(const Map& map, const Value& value) {
    const auto found = map.find(value);
    return found == map.end() ? Devices{} : found->second;
  }

  static std::set<std::string> pairs_of(const std::string& name) {
    std::set<std::string> pairs;
    for (std::size_t i = 0; i + 1 < name.size(); ++i) pairs.insert(name.substr(i, 2));
    return pairs;
  }

  // The one device whose name is most like it, if there is one, and only one, that is like enough.
  Devices most_alike(const std::string& name) const {
    if (name.size() < kNameLettersLeast) return {};
    std::unordered_map<std::size_t, int> shared;
    for (const auto& pair : pairs_of(name))
      for (const auto device : at(pairs_, pair)) ++shared[device];
    double best = kSimilarLeast;
    Devices devices;
    for (const auto& [device, count] : shared) {
      const double alike = similarity(name, names_[device]);
      if (alike > best) devices.clear();
      if (alike >= best) devices.push_back(device);
      best = std::max(best, alike);
    }
    return devices.size() == 1 ? devices : Devices{};
  }

  const std::vector<Candidate>& candidates_;
  std::map<MacAddress, Devices> macs_;
  std::map<IpAddress, Devices> ips_;
  std::unordered_map<std::string, Devices> serials_;
  std::unordered_map<std::string, Devices> hosts_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, Devices> pairs_;
};

}  // namespace

const char* key_name(Key key) {
  constexpr const char* kNames[] = {"none", "mac", "serial", "host_name", "ip", "name"};
  return kNames[static_cast<std::size_t>(key)];
}

const char* state_name(Match::State state) {
  constexpr const char* kNames[] = {"only_ledger", "probable", "matched", "duplicate", "conflict"};
  return kNames[static_cast<std::size_t>(state)];
}

std::vector<Match> match(const std::vector<Entry>& entries,
                         const std::vector<Candidate>& candidates) {
  const Index index(candidates);
  std::vector<Match> matches;
  std::map<std::int64_t, std::size_t> best;  // entry, by device
  for (const Entry& entry : entries) {
    matches.push_back(index.find(entry));
    const auto& device = matches.back().device;
    if (!device || matches.back().state == Match::State::conflict) continue;
    const auto [at, is_first] = best.try_emplace(*device, matches.size() - 1);
    if (!is_first && matches.back().confidence > matches[at->second].confidence)
      at->second = matches.size() - 1;
  }
  for (std::size_t i = 0; i < matches.size(); ++i) {
    Match& found = matches[i];
    if (found.device && found.state != Match::State::conflict && best.at(*found.device) != i)
      found.state = Match::State::duplicate;
  }
  return matches;
}

}  // namespace osect::ledger
