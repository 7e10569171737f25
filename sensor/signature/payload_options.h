// The options of a rule that look at the payload; Suricata's user guide, "Payload Keywords".
#pragma once

#include <string>
#include <string_view>

#include "sensor/signature/rule.h"

namespace osect::signature {

// Appends to the rule's checks; what modifies a content applies to the last one.
class PayloadOptions {
 public:
  explicit PayloadOptions(Rule& rule) : rule_(rule) {}

  // Gives why the option cannot be honoured, or "".
  [[nodiscard]] std::string take(std::string_view name, std::string_view value);

 private:
  using Handler = std::string (PayloadOptions::*)(std::string_view value);
  struct Keyword {
    std::string_view name;
    Handler handler;
  };
  using Modifier = std::string (*)(Content& content, std::string_view value);
  struct Modification {
    std::string_view name;
    Modifier modifier;
  };

  std::string content(std::string_view value);
  std::string expression(std::string_view value);
  std::string byte_test(std::string_view value);
  std::string byte_jump(std::string_view value);
  std::string data_at(std::string_view value);
  std::string distance(std::string_view value);
  std::string within(std::string_view value);
  [[nodiscard]] Content* last_content();
  // The content or expression before the last `skipped` checks must try its other occurrences when
  // what follows fails.
  void retry_before(std::size_t skipped, bool is_distance_only);

  static const Keyword kKeywords[];
  static const Modification kModifications[];

  Rule& rule_;
};

}  // namespace osect::signature
