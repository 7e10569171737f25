// Lists: reading their parameters and making pages. A cursor is not secret, but it is checked like
// any input.
#include "cloud/api/list.h"

#include <fmt/format.h>

#include <algorithm>

#include "cloud/account/random.h"

namespace osect::api {
namespace {

constexpr std::size_t kFilterValuesMax = 50;

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z')
      value = static_cast<std::uint32_t>(c - 'A');
    else if (c >= 'a' && c <= 'z')
      value = static_cast<std::uint32_t>(c - 'a') + 26;
    else if (c >= '0' && c <= '9')
      value = static_cast<std::uint32_t>(c - '0') + 52;
    else if (c == '-' || c == '_')
      value = c == '-' ? 62 : 63;
    else
      return std::nullopt;
    bits = bits << 6 | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xff);
    }
  }
  return out;
}

// "%" and "_" mean themselves.
std::string like_pattern(std::string_view word) {
  std::string out = "%";
  for (const char c : word) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return out + "%";
}

std::string_view name_of(SortKind kind) {
  switch (kind) {
    case SortKind::time:
      return "time";
    case SortKind::number:
      return "number";
    case SortKind::text:
      break;
  }
  return "text";
}

std::string sort_text(const Paging& paging) {
  return (paging.is_descending ? "-" : "") + paging.field;
}

bool is_key(SortKind kind, const std::string& key) {
  switch (kind) {
    case SortKind::time:
      return parse_time(key).has_value();
    case SortKind::number:
      return key == "0" || parse_id(key).has_value();
    case SortKind::text:
      break;
  }
  return true;
}

bool apply_cursor(const std::string& text, Paging& paging) {
  const auto decoded = from_base64url(text);
  if (!decoded) return false;
  const auto json = Json::parse(*decoded, nullptr, false);
  const bool has_shape = json.is_array() && json.size() == 6 && json[0].is_number_unsigned() &&
                         json[1].is_string() && json[2].is_string() &&
                         json[3].is_number_integer() && json[4].is_number_integer() &&
                         json[5].is_boolean();
  if (!has_shape || json[0].get<std::uint64_t>() != paging.fingerprint ||
      json[1].get<std::string>() != sort_text(paging) ||
      !is_key(paging.kind, json[2].get<std::string>()))
    return false;
  paging.after_key = json[2].get<std::string>();
  paging.after_id = json[3].get<std::int64_t>();
  paging.total = json[4].get<std::int64_t>();
  paging.total_is_exact = json[5].get<bool>();
  return true;
}

std::string make_cursor(const Paging& paging) {
  const Json json =
      Json::array({paging.fingerprint, sort_text(paging), *paging.after_key, *paging.after_id,
                   paging.total.value_or(0), paging.total_is_exact});
  return account::base64url(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

template <typename Check>
Filter read_checked(Context& context, std::string_view field, Check&& check) {
  const std::string name = "filter." + std::string(field);
  Filter out;
  for (std::string& value : context.parameters.read_all(name, kFilterValuesMax)) {
    const bool is_unwanted = value.starts_with('!') && !value.starts_with("!!");
    if (value.starts_with('!')) value.erase(0, 1);
    if (!check(name, value)) break;
    (is_unwanted ? out.unwanted : out.wanted).push_back(std::move(value));
  }
  return out;
}

// Groups of at most `rows` rows of the list; the field "" has one group.
store::Rows count_groups(Context& context, const ListQueries& queries,
                         std::span<const store::Param> filters, std::string_view field,
                         std::optional<std::int64_t> rows, std::int64_t groups) {
  std::vector<store::Param> params(filters.begin(), filters.end());
  params.emplace_back(field);
  params.emplace_back(rows);
  params.emplace_back(groups);
  return context.ask(queries.groups, params);
}

}  // namespace

store::Param Filter::wanted_param() const {
  return wanted.empty() ? store::Param(nullptr) : store::Param::array(wanted);
}

store::Param Filter::unwanted_param() const {
  return unwanted.empty() ? store::Param(nullptr) : store::Param::array(unwanted);
}

Filter read_filter(Context& context, std::string_view field,
                   std::span<const std::string_view> allowed) {
  return read_checked(context, field, [&](const std::string& name, const std::string& value) {
    const bool is_known = allowed.empty()
                              ? length_in_characters(value) <= 200
                              : std::find(allowed.begin(), allowed.end(), value) != allowed.end();
    if (!is_known)
      context.parameters.refuse(name,
                                allowed.empty() ? "Too long." : "Not one of the allowed values.",
                                {allowed.begin(), allowed.end()});
    return is_known;
  });
}

Filter read_id_filter(Context& context, std::string_view field) {
  return read_checked(context, field, [&](const std::string& name, const std::string& value) {
    const bool is_id = parse_id(value).has_value();
    if (!is_id)
      context.parameters.refuse(name, "Not an identifier.", {"a positive decimal number"});
    return is_id;
  });
}

Filter read_number_filter(Context& context, std::string_view field, std::int64_t most) {
  return read_checked(context, field, [&](const std::string& name, const std::string& value) {
    const auto id = value == "0" ? 0 : parse_id(value);
    const bool is_number = id && *id <= most;
    if (!is_number)
      context.parameters.refuse(name, "Not a number in the allowed range.",
                                {"0 to " + std::to_string(most)});
    return is_number;
  });
}

std::vector<std::string> read_words(Context& context) {
  const std::string text = context.parameters.read_text("q", 200).value_or("");
  std::vector<std::string> words;
  std::string word;
  // An ideographic space separates words as an ASCII one does.
  constexpr std::string_view kWideSpace = "\xe3\x80\x80";
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const bool is_wide = std::string_view(text).substr(i).starts_with(kWideSpace);
    if (i == text.size() || text[i] == ' ' || is_wide) {
      if (!word.empty()) words.push_back(std::move(word));
      word.clear();
      if (is_wide) i += kWideSpace.size() - 1;
    } else {
      word += text[i];
    }
  }
  if (words.size() > kWordsMax)
    context.parameters.refuse("q", "Too many words.", {fmt::format("up to {} words", kWordsMax)});
  words.resize(std::min(words.size(), kWordsMax));
  for (auto& each : words) each = like_pattern(each);
  return words;
}

void add_words(const std::vector<std::string>& words, std::vector<store::Param>& params) {
  for (std::size_t i = 0; i < kWordsMax; ++i)
    params.push_back(i < words.size() ? store::Param(words[i]) : store::Param(nullptr));
}

Paging read_order(Context& context, std::span<const SortField> sorts) {
  std::vector<std::string> words;
  for (const auto& sort : sorts) {
    words.emplace_back(sort.name);
    words.push_back("-" + std::string(sort.name));
  }
  const std::vector<std::string_view> allowed(words.begin(), words.end());
  Paging out;
  out.field = context.parameters.read_word("sort", allowed).value_or("-last_seen");
  out.is_descending = out.field.starts_with('-');
  if (out.is_descending) out.field.erase(0, 1);
  for (const auto& sort : sorts)
    if (sort.name == out.field) out.kind = sort.kind;
  return out;
}

Paging read_paging(Context& context, std::span<const SortField> sorts) {
  Paging out = read_order(context, sorts);
  out.limit = context.parameters.read_integer("limit", 1, 500).value_or(50);
  out.fingerprint = fnv1a(context.parameters.fingerprint_source());
  const auto cursor = context.parameters.read_text("cursor", 4096);
  if (cursor && !apply_cursor(*cursor, out))
    context.parameters.refuse("cursor", "Does not belong to this list.",
                              {"`next` of a page with the same filters and sort"});
  return out;
}

void continue_after(Paging& paging, const store::Row& row) {
  paging.after_id = row.integer(0);
  paging.after_key =
      paging.kind == SortKind::time ? rfc3339(row.time(1)) : std::string(row.text(1));
}

store::Rows read_page(Context& context, const ListQueries& queries,
                      std::span<const store::Param> filters, const Paging& paging,
                      std::int64_t limit) {
  std::vector<store::Param> params(filters.begin(), filters.end());
  params.emplace_back(paging.field);
  params.emplace_back(paging.is_descending);
  params.emplace_back(limit);
  const std::string key = paging.after_key.value_or("");
  const bool has_key = paging.after_key.has_value();
  params.emplace_back(has_key && paging.kind == SortKind::time ? key : "1970-01-01T00:00:00Z");
  params.emplace_back(has_key && paging.kind == SortKind::number ? key : "0");
  params.emplace_back(has_key && paging.kind == SortKind::text ? key : "");
  params.emplace_back(paging.after_id);
  params.emplace_back(name_of(paging.kind));
  return context.ask(queries.page, params);
}

Response answer_page(Context& context, const List& list) {
  const auto filters = list.read_filters(context);
  Paging paging = read_paging(context, list.sorts);
  context.parameters.finish();
  context.plan_for_parameters();
  if (!paging.total) {
    const auto counted = count_groups(context, list.queries, filters, "", kCountMax + 1, 1);
    const std::int64_t total = counted.empty() ? 0 : counted[0].integer(2);
    paging.total_is_exact = total <= kCountMax;
    paging.total = std::min(total, kCountMax);
  }
  // One more than the page tells whether there is another.
  const auto rows = read_page(context, list.queries, filters, paging, paging.limit + 1);
  const auto limit = static_cast<std::size_t>(paging.limit);
  Json items = Json::array();
  for (std::size_t i = 0; i < std::min(limit, rows.size()); ++i)
    items.push_back(list.item(rows[i]));
  Json next = nullptr;
  if (rows.size() > limit) {
    continue_after(paging, rows[limit - 1]);
    next = make_cursor(paging);
  }
  return json_response({{"items", std::move(items)},
                        {"next", std::move(next)},
                        {"total", *paging.total},
                        {"total_is_exact", paging.total_is_exact}});
}

Response answer_groups(Context& context, const List& list) {
  const auto filters = list.read_filters(context);
  const auto by = context.parameters.read_required_word("by", list.groups);
  context.parameters.finish();
  context.plan_for_parameters();
  const auto rows = count_groups(context, list.queries, filters, by, std::nullopt, kGroupsMax + 1);
  const auto most = static_cast<std::size_t>(kGroupsMax);
  Json items = Json::array();
  for (std::size_t i = 0; i < std::min(most, rows.size()); ++i) {
    const auto row = rows[i];
    items.push_back({{"value", row.is_null(0) ? Json(nullptr) : text_or_null(row.text(0))},
                     {"name", row.is_null(1) ? Json(nullptr) : text_or_null(row.text(1))},
                     {"count", row.integer(2)}});
  }
  return json_response(
      {{"by", by}, {"items", std::move(items)}, {"truncated", rows.size() > most}});
}

}  // namespace osect::api
