// Targets end in a number: what stands before it, and from which to which.
#include "cloud/detect/targets.h"

#include <charconv>

namespace osect::detect {
namespace {

struct Numbered {
  std::string_view beginning;
  std::int64_t number = 0;
};

std::optional<Numbered> split(std::string_view target) {
  std::size_t at = target.size();
  while (at > 0 && target[at - 1] >= '0' && target[at - 1] <= '9') --at;
  Numbered out{.beginning = target.substr(0, at)};
  const char* const end = target.data() + target.size();
  const auto read = std::from_chars(target.data() + at, end, out.number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return out;
}

}  // namespace

std::optional<Targets> Targets::parse(std::string_view text) {
  Targets out;
  if (text == "*") {
    out.is_any_ = true;
    return out;
  }
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const auto from = split(text.substr(0, dots));
  const auto to = split(text.substr(dots + 2));
  if (!from || !to || from->beginning != to->beginning || from->number > to->number)
    return std::nullopt;
  out.beginning_ = std::string(from->beginning);
  out.first_ = from->number;
  out.last_ = to->number;
  return out;
}

bool Targets::covers(std::string_view target) const {
  if (is_any_) return true;
  const auto asked = split(target);
  return asked && asked->beginning == beginning_ && asked->number >= first_ &&
         asked->number <= last_;
}

}  // namespace osect::detect
