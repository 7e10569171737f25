// Options on the payload, one function each.
#include "sensor/signature/payload_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <span>

#include "sensor/signature/expression.h"
#include "sensor/signature/words.h"

namespace osect::signature {
namespace {

constexpr std::size_t kContentMost = 255;
constexpr std::int64_t kReachMost = 65535;

std::string nocase(Content& content, std::string_view) {
  content.is_nocase = true;
  std::ranges::transform(content.bytes, content.bytes.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  });
  return {};
}

std::string fast_pattern(Content& content, std::string_view value) {
  if (!value.empty() && value != "only")
    return "fast_pattern: parts of a content are not supported";
  content.is_fast = true;
  return {};
}

std::string rawbytes(Content&, std::string_view) {
  return {};
}

std::string offset(Content& content, std::string_view value) {
  const auto given = number(value, kReachMost);
  if (!given) return "offset: expected 0 to 65535";
  if (content.has_offset || content.is_relative() || content.is_at_end)
    return "offset: does not go with the content's other modifiers";
  content.has_offset = true;
  content.offset = static_cast<std::uint32_t>(*given);
  return {};
}

std::string depth(Content& content, std::string_view value) {
  const auto given = number(value, kReachMost);
  if (!given || *given < content.bytes.size()) return "depth: is less than the content's length";
  if (content.has_depth || content.is_relative() || content.is_at_end)
    return "depth: does not go with the content's other modifiers";
  content.has_depth = true;
  content.depth = static_cast<std::uint32_t>(*given);
  return {};
}

std::string startswith(Content& content, std::string_view) {
  if (content.has_depth || content.has_offset || content.is_relative())
    return "startswith: does not go with the content's other modifiers";
  content.has_depth = true;
  content.has_offset = true;
  content.depth = static_cast<std::uint32_t>(content.bytes.size());
  return {};
}

std::string endswith(Content& content, std::string_view) {
  if (content.has_depth || content.has_offset || content.is_relative() || content.is_negated)
    return "endswith: is supported alone and not negated";
  content.is_at_end = true;
  return {};
}

std::string take_extract_word(std::string_view word, Extract& extract) {
  if (word == "relative") {
    extract.is_relative = true;
  } else if (word == "little") {
    extract.is_little = true;
  } else if (word.starts_with("bitmask ")) {
    const auto mask = any_number(trimmed(word.substr(8)));
    if (!mask || *mask == 0) return "bitmask: expected a number";
    extract.mask = *mask;
  } else if (word != "big") {
    return fmt::format("'{}' is not supported", word);
  }
  return {};
}

// The number of bytes and where they are; the sizes that every version reads alike.
std::string take_extract(std::string_view bytes, std::string_view at, Extract& extract) {
  const auto count = number(bytes, 4);
  if (!count || *count == 0) return "1 to 4 bytes are supported";
  const auto offset_given = signed_number(at, kReachMost);
  if (!offset_given) return fmt::format("the offset '{}' is no number", at);
  extract.bytes = static_cast<std::uint32_t>(*count);
  extract.offset = static_cast<std::int32_t>(*offset_given);
  return {};
}

std::string take_comparison(std::string_view text, ByteTest& test) {
  struct Name {
    std::string_view text;
    Comparison comparison;
  };
  constexpr Name kNames[] = {{"<", Comparison::less},           {"=", Comparison::equal},
                             {">", Comparison::greater},        {"<=", Comparison::less_equal},
                             {">=", Comparison::greater_equal}, {"&", Comparison::any_bit}};
  if (text.starts_with('!')) {
    test.is_negated = true;
    text = trimmed(text.substr(1));
    if (text.empty()) text = "=";
  }
  for (const auto& name : kNames) {
    if (name.text != text) continue;
    test.comparison = name.comparison;
    return {};
  }
  return fmt::format("the operator '{}' is not supported", text);
}

}  // namespace

constexpr PayloadOptions::Keyword PayloadOptions::kKeywords[] = {
    {"content", &PayloadOptions::content},     {"pcre", &PayloadOptions::expression},
    {"byte_test", &PayloadOptions::byte_test}, {"byte_jump", &PayloadOptions::byte_jump},
    {"isdataat", &PayloadOptions::data_at},    {"distance", &PayloadOptions::distance},
    {"within", &PayloadOptions::within},
};

constexpr PayloadOptions::Modification PayloadOptions::kModifications[] = {
    {"nocase", nocase},         {"offset", offset},     {"depth", depth},
    {"startswith", startswith}, {"endswith", endswith}, {"fast_pattern", fast_pattern},
    {"rawbytes", rawbytes},
};

std::string PayloadOptions::take(std::string_view name, std::string_view value) {
  for (const auto& keyword : kKeywords) {
    if (keyword.name != name) continue;
    auto reason = (this->*keyword.handler)(value);
    if (!reason.empty() && !reason.starts_with(name)) reason = fmt::format("{}: {}", name, reason);
    return reason;
  }
  for (const auto& modification : kModifications) {
    if (modification.name != name) continue;
    Content* last = last_content();
    if (last == nullptr) return fmt::format("{}: there is no content before it", name);
    return modification.modifier(*last, value);
  }
  return fmt::format("the keyword '{}' is not supported", name);
}

Content* PayloadOptions::last_content() {
  for (auto check = rule_.checks.rbegin(); check != rule_.checks.rend(); ++check)
    if (auto* found = std::get_if<Content>(&*check)) return found;
  return nullptr;
}

void PayloadOptions::retry_before(std::size_t skipped, bool is_distance_only) {
  for (std::size_t i = rule_.checks.size() - skipped; i-- > 0;) {
    if (auto* before = std::get_if<Content>(&rule_.checks[i])) {
      before->is_retried = before->is_retried || !is_distance_only;
      return;
    }
    if (auto* before = std::get_if<Expression>(&rule_.checks[i])) {
      before->is_retried = true;
      return;
    }
  }
}

std::string PayloadOptions::content(std::string_view value) {
  Content out;
  if (value.starts_with('!')) {
    out.is_negated = true;
    value = trimmed(value.substr(1));
  }
  auto bytes = content_bytes(value);
  if (!bytes) return "expected a text in quotes";
  if (bytes->size() > kContentMost) return "is longer than 255 bytes";
  out.bytes = std::move(*bytes);
  rule_.checks.emplace_back(std::move(out));
  return {};
}

std::string PayloadOptions::expression(std::string_view value) {
  Expression out;
  auto reason = parse_expression(value, out);
  if (!reason.empty()) return reason;
  if (out.is_relative) retry_before(0, false);
  rule_.checks.emplace_back(std::move(out));
  return {};
}

std::string PayloadOptions::byte_test(std::string_view value) {
  const auto parts = split(value, ',');
  if (parts.size() < 4) return "expected bytes, operator, value, offset";
  ByteTest out;
  auto reason = take_extract(parts[0], parts[3], out.from);
  if (reason.empty()) reason = take_comparison(parts[1], out);
  for (const auto word : std::span(parts).subspan(4))
    if (reason.empty()) reason = take_extract_word(word, out.from);
  const auto compared = any_number(parts[2]);
  if (reason.empty() && !compared) reason = fmt::format("'{}' is no number", parts[2]);
  if (!reason.empty()) return reason;
  out.value = *compared;
  if (out.from.is_relative) retry_before(0, false);
  rule_.checks.emplace_back(out);
  return {};
}

std::string PayloadOptions::byte_jump(std::string_view value) {
  const auto parts = split(value, ',');
  if (parts.size() < 2) return "expected bytes and offset";
  ByteJump out;
  auto reason = take_extract(parts[0], parts[1], out.from);
  for (const auto word : std::span(parts).subspan(2)) {
    if (!reason.empty()) break;
    if (word == "align") {
      out.is_aligned = true;
    } else if (word == "from_beginning") {
      out.is_from_start = true;
    } else if (word.starts_with("multiplier ") || word.starts_with("post_offset ")) {
      // Jumps backwards, across the start, end differently in different versions of Suricata.
      const auto blank = word.find(' ');
      const auto given = number(trimmed(word.substr(blank)), 65535);
      const bool is_multiplier = word.starts_with('m');
      if (!given || (is_multiplier && *given == 0))
        return fmt::format("'{}' is not supported", word);
      (is_multiplier ? out.multiplier : out.add) = static_cast<std::uint32_t>(*given);
    } else {
      reason = take_extract_word(word, out.from);
    }
  }
  if (out.from.mask != 0) reason = "bitmask is not supported here";
  if (!reason.empty()) return reason;
  if (out.from.is_relative) retry_before(0, false);
  rule_.checks.emplace_back(out);
  return {};
}

std::string PayloadOptions::data_at(std::string_view value) {
  DataAt out;
  if (value.starts_with('!')) {
    out.is_negated = true;
    value = trimmed(value.substr(1));
  }
  const auto parts = split(value, ',');
  const auto at = number(parts.front(), kReachMost);
  if (!at) return "expected a number";
  out.at = static_cast<std::uint32_t>(*at);
  for (const auto word : std::span(parts).subspan(1)) {
    if (word == "relative") {
      out.is_relative = true;
    } else if (word != "rawbytes") {
      return fmt::format("'{}' is not supported", word);
    }
  }
  if (out.is_relative) retry_before(0, false);
  rule_.checks.emplace_back(out);
  return {};
}

std::string PayloadOptions::distance(std::string_view value) {
  auto* last = rule_.checks.empty() ? nullptr : std::get_if<Content>(&rule_.checks.back());
  if (last == nullptr) return "there is no content right before it";
  if (last->has_distance || last->has_depth || last->has_offset || last->is_at_end)
    return "does not go with the content's other modifiers";
  const auto given = signed_number(value, kReachMost);
  if (!given) return "expected a number";
  last->has_distance = true;
  last->distance = static_cast<std::int32_t>(*given);
  retry_before(1, true);
  return {};
}

std::string PayloadOptions::within(std::string_view value) {
  auto* last = rule_.checks.empty() ? nullptr : std::get_if<Content>(&rule_.checks.back());
  if (last == nullptr) return "there is no content right before it";
  if (last->has_within || last->has_depth || last->has_offset || last->is_at_end)
    return "does not go with the content's other modifiers";
  const auto given = number(value, kReachMost);
  if (!given || *given < last->bytes.size()) return "is less than the content's length";
  last->has_within = true;
  last->within = static_cast<std::int32_t>(*given);
  retry_before(1, false);
  return {};
}

}  // namespace osect::signature
