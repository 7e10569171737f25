// Reads a JSON object of a request's body member by member; refuses what is missing, wrong or
// unknown. RFC 8259.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/api/problem.h"
#include "cloud/api/request.h"

namespace osect::api {

// As QueryString: every mistake is noted, finish() throws one Problem that names all of them.
class Body {
 public:
  // Throws a Problem when the body is not a JSON object of type application/json.
  explicit Body(const Request& request);
  ~Body();
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;

  // Texts are trimmed of nothing; lengths are in characters; control characters are refused.
  std::string read_text(std::string_view name, std::size_t least, std::size_t most);
  std::optional<std::string> read_optional_text(std::string_view name, std::size_t least,
                                                std::size_t most);
  std::optional<std::string> read_optional_word(std::string_view name,
                                                std::span<const std::string_view> allowed);
  std::int64_t read_id(std::string_view name);
  std::optional<std::int64_t> read_optional_id(std::string_view name);
  std::optional<std::int64_t> read_optional_number(std::string_view name, std::int64_t least,
                                                   std::int64_t most);
  // At least `least` (0: may be missing), at most `most`.
  std::vector<std::int64_t> read_ids(std::string_view name, std::size_t most,
                                     std::size_t least = 1);
  // At least one of the allowed words.
  std::vector<std::string> read_words(std::string_view name,
                                      std::span<const std::string_view> allowed);
  // Outer nothing: absent; inner nothing: null.
  std::optional<std::optional<std::string>> read_nullable_text(std::string_view name,
                                                               std::size_t least, std::size_t most);

  void refuse(std::string field, std::string detail, std::vector<std::string> allowed = {});
  void finish() const;
  // As finish(), and at least one known member must be there.
  void finish_not_empty() const;

 private:
  struct Parsed;
  std::unique_ptr<Parsed> parsed_;
};

}  // namespace osect::api
