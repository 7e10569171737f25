// JSON written straight into text, for answers of thousands of rows: as a tree of values each of
// them would be made, copied and visited again. RFC 8259.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cloud/api/response.h"

namespace osect::api {

// The caller opens, names and closes in the right order; commas come by themselves.
class JsonText {
 public:
  JsonText& open(char bracket);   // '{' or '['
  JsonText& close(char bracket);  // '}' or ']'
  JsonText& key(std::string_view name);
  JsonText& null();
  JsonText& truth(bool value);
  JsonText& number(std::int64_t value);
  // An identifier: a number between quotation marks.
  JsonText& id(std::int64_t value);
  // Bytes that are not UTF-8 become U+FFFD.
  JsonText& text(std::string_view value);
  JsonText& text_or_null(std::string_view value) { return value.empty() ? null() : text(value); }

  [[nodiscard]] Response take();

 private:
  void separate();

  std::string out_;
  bool is_first_ = true;  // nothing stands before the next value that a comma would part it from
};

}  // namespace osect::api
