// Escapes only what RFC 8259, clause 7, asks for.
#include "cloud/api/json_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "cloud/api/json.h"

namespace osect::api {
namespace {

bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x80 &&
         c != '"' && c != '\\';
}

void append(std::string& out, std::int64_t value) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

}  // namespace

void JsonText::separate() {
  if (!is_first_) out_ += ',';
  is_first_ = false;
}

JsonText& JsonText::open(char bracket) {
  separate();
  out_ += bracket;
  is_first_ = true;
  return *this;
}

JsonText& JsonText::close(char bracket) {
  out_ += bracket;
  is_first_ = false;
  return *this;
}

JsonText& JsonText::key(std::string_view name) {
  text(name);
  out_ += ':';
  is_first_ = true;
  return *this;
}

JsonText& JsonText::null() {
  separate();
  out_ += "null";
  return *this;
}

JsonText& JsonText::truth(bool value) {
  separate();
  out_ += value ? "true" : "false";
  return *this;
}

JsonText& JsonText::number(std::int64_t value) {
  separate();
  append(out_, value);
  return *this;
}

JsonText& JsonText::id(std::int64_t value) {
  separate();
  out_ += '"';
  append(out_, value);
  out_ += '"';
  return *this;
}

JsonText& JsonText::text(std::string_view value) {
  separate();
  if (std::all_of(value.begin(), value.end(), is_plain)) {
    out_ += '"';
    out_ += value;
    out_ += '"';
  } else {
    out_ += Json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  return *this;
}

Response JsonText::take() {
  Response out;
  out.body = std::move(out_);
  out.with("Content-Type", "application/json");
  return out;
}

}  // namespace osect::api
