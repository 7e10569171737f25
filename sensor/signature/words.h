// Pieces of a rule's text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace osect::signature {

[[nodiscard]] std::string_view trimmed(std::string_view text);
// The parts between separators outside of brackets, trimmed.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
// Nothing but digits, at most `most`.
[[nodiscard]] std::optional<std::uint64_t> number(std::string_view text, std::uint64_t most);
[[nodiscard]] std::optional<std::int64_t> signed_number(std::string_view text, std::int64_t most);
// Decimal, or hexadecimal after 0x.
[[nodiscard]] std::optional<std::uint64_t> any_number(std::string_view text);
// What stands between quotes, escapes undone; none when there are no quotes.
[[nodiscard]] std::optional<std::string> unquoted(std::string_view text);
// The bytes of a content: |41 42| are hexadecimal.
[[nodiscard]] std::optional<std::string> content_bytes(std::string_view text);

}  // namespace osect::signature
