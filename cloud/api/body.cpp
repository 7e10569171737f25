// JSON bodies: parsing within limits and typed reading. RFC 8259.
#include "cloud/api/body.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "cloud/api/query_string.h"

namespace osect::api {

struct Body::Parsed {
  nlohmann::json json = nlohmann::json::object();
  std::set<std::string, std::less<>> known;
  std::vector<FieldError> errors;

  const nlohmann::json* find(std::string_view name) {
    known.emplace(name);
    const auto found = json.find(name);
    return found == json.end() ? nullptr : &*found;
  }
};

namespace {

constexpr int kDeepest = 8;

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

bool is_json(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return type == "application/json";
}

}  // namespace

Body::Body(const Request& request) : parsed_(std::make_unique<Parsed>()) {
  if (!is_json(request.header("content-type")))
    throw Problem(415, "unsupported-media-type", "The body must be JSON.", {},
                  {{"header", "Content-Type", "Not JSON.", {"application/json"}}});
  bool is_too_deep = false;
  const auto limit_depth = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    is_too_deep = is_too_deep || depth > kDeepest;
    return !is_too_deep;
  };
  parsed_->json = nlohmann::json::parse(request.body, limit_depth, false);
  if (is_too_deep || !parsed_->json.is_object())
    throw invalid_field("body", "", "Not a JSON object.", {"a JSON object in UTF-8"});
}

Body::~Body() = default;

void Body::refuse(std::string field, std::string detail, std::vector<std::string> allowed) {
  parsed_->errors.push_back({"body", std::move(field), std::move(detail), std::move(allowed)});
}

std::optional<std::string> Body::read_optional_text(std::string_view name, std::size_t least,
                                                    std::size_t most) {
  const nlohmann::json* value = parsed_->find(name);
  if (value == nullptr) return std::nullopt;
  const std::string range =
      "a text of " + std::to_string(least) + " to " + std::to_string(most) + " characters";
  if (!value->is_string()) {
    refuse(std::string(name), "Not a text.", {range});
    return std::nullopt;
  }
  const auto& text = value->get_ref<const std::string&>();
  const std::size_t length = length_in_characters(text);
  if (length < least || length > most) {
    refuse(std::string(name), length < least ? "Too short." : "Too long.", {range});
    return std::nullopt;
  }
  if (has_control_character(text)) {
    refuse(std::string(name), "Contains a control character.", {range});
    return std::nullopt;
  }
  return text;
}

std::string Body::read_text(std::string_view name, std::size_t least, std::size_t most) {
  if (parsed_->find(name) == nullptr) {
    refuse(std::string(name), "Missing.");
    return {};
  }
  return read_optional_text(name, least, most).value_or(std::string());
}

std::optional<std::string> Body::read_optional_word(std::string_view name,
                                                    std::span<const std::string_view> allowed) {
  const nlohmann::json* value = parsed_->find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string() || std::find(allowed.begin(), allowed.end(),
                                       value->get_ref<const std::string&>()) == allowed.end()) {
    refuse(std::string(name), "Not one of the allowed values.", {allowed.begin(), allowed.end()});
    return std::nullopt;
  }
  return value->get<std::string>();
}

std::int64_t Body::read_id(std::string_view name) {
  const nlohmann::json* value = parsed_->find(name);
  if (value == nullptr) {
    refuse(std::string(name), "Missing.");
    return 0;
  }
  const auto id = value->is_string() ? parse_id(value->get_ref<const std::string&>())
                                     : std::optional<std::int64_t>();
  if (!id) refuse(std::string(name), "Not an identifier.", {"a decimal number as text"});
  return id.value_or(0);
}

std::optional<std::int64_t> Body::read_optional_id(std::string_view name) {
  if (parsed_->find(name) == nullptr) return std::nullopt;
  return read_id(name);
}

std::optional<std::int64_t> Body::read_optional_number(std::string_view name, std::int64_t least,
                                                       std::int64_t most) {
  const nlohmann::json* value = parsed_->find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_number_integer())
    if (const auto number = value->get<std::int64_t>(); number >= least && number <= most)
      return number;
  refuse(std::string(name), "Not such a number.",
         {std::to_string(least) + " to " + std::to_string(most)});
  return std::nullopt;
}

std::vector<std::string> Body::read_words(std::string_view name,
                                          std::span<const std::string_view> allowed) {
  std::vector<std::string> out;
  const nlohmann::json* value = parsed_->find(name);
  const bool is_list = value != nullptr && value->is_array();
  if (is_list && value->size() <= allowed.size())
    for (const nlohmann::json& one : *value)
      if (one.is_string() && std::find(allowed.begin(), allowed.end(),
                                       one.get_ref<const std::string&>()) != allowed.end())
        out.push_back(one.get<std::string>());
  if (out.empty() || out.size() != value->size())
    refuse(std::string(name), "Not a list of the allowed values.",
           {allowed.begin(), allowed.end()});
  return out;
}

std::vector<std::int64_t> Body::read_ids(std::string_view name, std::size_t most,
                                         std::size_t least) {
  std::vector<std::int64_t> out;
  const nlohmann::json* value = parsed_->find(name);
  if (value == nullptr && least == 0) return out;
  const bool is_list = value != nullptr && value->is_array();
  if (is_list && value->size() <= most)
    for (const nlohmann::json& one : *value)
      if (const auto id = one.is_string() ? parse_id(one.get_ref<const std::string&>())
                                          : std::optional<std::int64_t>())
        out.push_back(*id);
  if (!is_list || out.size() < least || out.size() != value->size())
    refuse(std::string(name), "Not a list of identifiers.",
           {std::to_string(least) + " to " + std::to_string(most) + " decimal numbers as texts"});
  return out;
}

std::optional<std::optional<std::string>> Body::read_nullable_text(std::string_view name,
                                                                   std::size_t least,
                                                                   std::size_t most) {
  const nlohmann::json* value = parsed_->find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_null()) return std::optional<std::string>();
  auto text = read_optional_text(name, least, most);
  if (!text) return std::nullopt;
  return text;
}

void Body::finish() const {
  auto errors = parsed_->errors;
  for (const auto& [name, unused] : parsed_->json.items()) {
    if (parsed_->known.contains(name)) continue;
    errors.push_back(
        {"body", name, "There is no such member.", {parsed_->known.begin(), parsed_->known.end()}});
  }
  if (!errors.empty()) throw invalid_fields(std::move(errors));
}

void Body::finish_not_empty() const {
  finish();
  if (parsed_->json.empty())
    throw invalid_field("body", "", "Nothing to change.",
                        {parsed_->known.begin(), parsed_->known.end()});
}

}  // namespace osect::api
