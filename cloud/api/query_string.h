// Reads the parameters after '?': decodes, checks, and refuses what no resource asked for. RFC
// 3986, WHATWG form encoding.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "cloud/api/problem.h"

namespace osect::api {

// "%E7%AB%AF+1" -> "端 1" ('+' only in queries); nothing when broken: bad escape, not UTF-8, or a
// NUL.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

[[nodiscard]] bool is_utf8(std::string_view text);
// Unicode code points of valid UTF-8.
[[nodiscard]] std::size_t length_in_characters(std::string_view utf8);

// An identifier as the API writes it: decimal, positive, no leading zero.
[[nodiscard]] std::optional<std::int64_t> parse_id(std::string_view text);

// RFC 3339 with zone, years 1970 to 2200.
[[nodiscard]] std::optional<TimeNs> parse_time(std::string_view text);

// The parameters of one request. Reading a parameter makes it known; every mistake is noted;
// finish() then throws one Problem that names all of them, unknown parameters included. Until
// finish() a reader of a wrong value gets "absent".
class QueryString {
 public:
  // Throws a Problem when an escape is broken.
  explicit QueryString(std::string_view encoded);

  std::optional<std::string> read_text(std::string_view name, std::size_t most_characters);
  std::optional<std::string> read_word(std::string_view name,
                                       std::span<const std::string_view> allowed);
  // As read_word, but absent is wrong too; "" then.
  std::string read_required_word(std::string_view name, std::span<const std::string_view> allowed);
  std::optional<std::int64_t> read_id(std::string_view name);
  std::optional<std::int64_t> read_integer(std::string_view name, std::int64_t least,
                                           std::int64_t most);
  std::optional<TimeNs> read_time(std::string_view name);
  // Every occurrence, in order.
  std::vector<std::string> read_all(std::string_view name, std::size_t most);

  [[nodiscard]] bool has(std::string_view name) const { return values_.contains(name); }
  void refuse(std::string field, std::string detail, std::vector<std::string> allowed = {});
  void finish() const;

  // What a cursor belongs to: every known parameter but `cursor` and `limit`, in a fixed order.
  [[nodiscard]] std::string fingerprint_source() const;

 private:
  const std::string* find_single(std::string_view name);

  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::map<std::string, bool, std::less<>> known_;
  std::vector<FieldError> errors_;
};

}  // namespace osect::api
