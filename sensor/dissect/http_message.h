// Start lines and header fields as HTTP/1.x and SSDP share them; RFC 9112.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "sensor/decode/cursor.h"

namespace osect::dissect::http_message {

// Bytes of the head, its empty line included; 0 when that is not here yet.
std::size_t head_length(std::string_view text);

// The first line without its end, and what follows it.
std::string_view start_line(std::string_view head);

// The value of a header field, trimmed; empty when it is not there. Names compare without case.
std::string_view field(std::string_view head, std::string_view name);

[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);
[[nodiscard]] bool contains_ignoring_case(std::string_view text, std::string_view part);

enum class Kind : std::uint8_t { neither, request, response, unfinished };
// What a message is by how it begins: "GET /", "HTTP/1.1 200"; unfinished when these bytes could
// become either.
Kind kind_of(std::string_view text);

}  // namespace osect::dissect::http_message
