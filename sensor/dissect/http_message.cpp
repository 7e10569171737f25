// Finds the head of an HTTP message and its fields; RFC 9112 clauses 2 to 5.
#include "sensor/dissect/http_message.h"

#include <algorithm>
#include <array>

#include "sensor/dissect/text.h"

namespace osect::dissect::http_message {
namespace {

constexpr auto kMethods = std::to_array<std::string_view>(
    {"GET ",         "POST ",         "HEAD ",    "PUT ",      "DELETE ",    "OPTIONS ",
     "CONNECT ",     "PATCH ",        "TRACE ",   "PROPFIND ", "PROPPATCH ", "MKCOL ",
     "COPY ",        "MOVE ",         "LOCK ",    "UNLOCK ",   "REPORT ",    "SEARCH ",
     "SUBSCRIBE ",   "UNSUBSCRIBE ",  "NOTIFY ",  "M-SEARCH ", "M-POST ",    "BITS_POST ",
     "RPC_IN_DATA ", "RPC_OUT_DATA ", "CCM_POST "});
constexpr std::string_view kVersion = "HTTP/1.";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::size_t head_length(std::string_view text) {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    if (text.substr(at + 1, 1) == "\n") return at + 2;
    if (text.substr(at + 1, 2) == "\r\n") return at + 3;
  }
  return 0;
}

std::string_view start_line(std::string_view head) {
  const auto line = head.substr(0, head.find('\n'));
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

std::string_view field(std::string_view head, std::string_view name) {
  for (auto end = head.find('\n'); end != std::string_view::npos; end = head.find('\n')) {
    head.remove_prefix(end + 1);
    if (head.size() > name.size() && head[name.size()] == ':' &&
        equals_ignoring_case(head.substr(0, name.size()), name))
      return trimmed(start_line(head.substr(name.size() + 1)));
  }
  return {};
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char x, char y) { return lower(x) == lower(y); }) != text.end();
}

Kind kind_of(std::string_view text) {
  // Searched for at every byte of bodies: nearly all of them end here.
  if (text.empty() || text[0] < 'A' || text[0] > 'Z') return Kind::neither;
  const auto begins = [&](std::string_view with) {
    return with[0] == text[0] && text.substr(0, with.size()) == with.substr(0, text.size());
  };
  if (begins(kVersion)) return text.size() >= kVersion.size() ? Kind::response : Kind::unfinished;
  for (const std::string_view method : kMethods) {
    if (!begins(method)) continue;
    const auto end = text.find('\n');
    // A first line that is long is still one; its version stands at its end.
    if (end == std::string_view::npos) return Kind::unfinished;
    return start_line(text).find(" HTTP/1.") != std::string_view::npos ? Kind::request
                                                                       : Kind::neither;
  }
  return Kind::neither;
}

}  // namespace osect::dissect::http_message
