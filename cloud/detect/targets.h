// Ranges of targets that a person allows: "*" for any, "D100..D199" from one to another.
// docs/detection.md, "Baseline".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace osect::detect {

// Any thread.
class Targets {
 public:
  // Nothing where the text is no range: another beginning at its end, no numbers, backwards.
  [[nodiscard]] static std::optional<Targets> parse(std::string_view text);

  [[nodiscard]] bool covers(std::string_view target) const;

 private:
  bool is_any_ = false;
  std::string beginning_;  // that all of them have
  std::int64_t first_ = 0;
  std::int64_t last_ = 0;
};

}  // namespace osect::detect
