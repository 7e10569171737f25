// CSV of the IEEE: registry, assignment in hexadecimal, organization, address.
#include "cloud/inventory/vendor.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>

namespace osect::inventory {
namespace {

constexpr unsigned kBits[] = {36, 28, 24};  // the longest assignment counts

std::uint64_t key_of(std::uint64_t leading, unsigned bits) {
  return (std::uint64_t{bits} << 48U) | leading;
}

// The field at the start of the line, quotes taken away; the line is advanced behind its comma.
std::string take_field(std::string_view& line) {
  std::string field;
  bool is_quoted = false;
  std::size_t i = 0;
  for (; i < line.size(); ++i) {
    if (line[i] == '"') {
      if (is_quoted && i + 1 < line.size() && line[i + 1] == '"')
        field += line[i++];
      else
        is_quoted = !is_quoted;
    } else if (line[i] == ',' && !is_quoted) {
      break;
    } else {
      field += line[i];
    }
  }
  line.remove_prefix(std::min(i + 1, line.size()));
  return field;
}

// A maker's name as people say it: without its legal form, of which some entries have two ("Co.,
// Ltd.").
void drop_legal_form(std::string& name) {
  constexpr std::string_view kForms[] = {
      "co",   "co.", "ltd", "ltd.", "inc",  "inc.",    "corp",    "corp.",       "ag",
      "gmbh", "ab",  "llc", "kg",   "s.a.", "limited", "company", "corporation", "corporate"};
  for (;;) {
    while (!name.empty() && (name.back() == ' ' || name.back() == '\r' || name.back() == ','))
      name.pop_back();
    const auto at = name.find_last_of(" ,");
    if (at == std::string::npos || at == 0) break;
    std::string last = name.substr(at + 1);
    for (char& c : last) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (std::find(std::begin(kForms), std::end(kForms), last) == std::end(kForms)) break;
    name.resize(at);
  }
  for (const std::string_view tail : {".INC", ".Inc"})
    if (name.size() > tail.size() && name.ends_with(tail)) name.resize(name.size() - tail.size());
}

}  // namespace

Result<Vendors> Vendors::read(const std::string& directory) {
  Vendors vendors;
  for (const auto& [name, bits] :
       {std::pair("oui.csv", 24U), std::pair("mam.csv", 28U), std::pair("oui36.csv", 36U)})
    if (auto done = vendors.read_file(directory + "/" + name, bits); !done) return done.error();
  return vendors;
}

Result<> Vendors::read_file(const std::string& path, unsigned bits) {
  std::ifstream in(path);
  if (!in) return Error(fmt::format("cannot read {} (Debian package ieee-data)", path));
  for (std::string line; std::getline(in, line);) {
    std::string_view rest = line;
    take_field(rest);
    const std::string assignment = take_field(rest);
    std::string name = take_field(rest);
    std::uint64_t leading = 0;
    const auto parsed =
        std::from_chars(assignment.data(), assignment.data() + assignment.size(), leading, 16);
    if (parsed.ec != std::errc() || assignment.size() * 4 != bits) continue;  // the heading
    drop_legal_form(name);
    if (name.empty() || name == "Private") continue;
    names_[key_of(leading, bits)] = std::move(name);
  }
  return {};
}

std::string_view Vendors::of(const MacAddress& mac) const {
  if (!mac.is_station() || mac.is_locally_administered()) return {};
  std::uint64_t value = 0;
  for (const std::uint8_t byte : mac.bytes) value = (value << 8U) | byte;
  for (const unsigned bits : kBits)
    if (const auto at = names_.find(key_of(value >> (48 - bits), bits)); at != names_.end())
      return at->second;
  return {};
}

}  // namespace osect::inventory
