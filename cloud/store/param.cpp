// Binary forms: PostgreSQL's array_recv (dimensions, null flag, element type, length, lower bound,
// elements).
#include "cloud/store/param.h"

#include "cloud/store/wire.h"

namespace osect::store {
namespace {

constexpr std::uint32_t kBigintOid = 20;
constexpr std::uint32_t kTextOid = 25;

void put_array_header(std::string& out, std::uint32_t element, std::size_t count) {
  wire::put32(out, count == 0 ? 0 : 1);
  wire::put32(out, 0);
  wire::put32(out, element);
  if (count == 0) return;
  wire::put32(out, static_cast<std::uint32_t>(count));
  wire::put32(out, 1);
}

template <typename Text>
std::string text_array(std::span<const Text> texts) {
  std::string out;
  put_array_header(out, kTextOid, texts.size());
  for (const Text& text : texts) {
    wire::put32(out, static_cast<std::uint32_t>(text.size()));
    out.append(text);
  }
  return out;
}

}  // namespace

Param Param::bytes(std::string_view bytes) {
  Param param{bytes};
  param.is_binary_ = true;
  return param;
}

Param Param::bytes(std::span<const std::uint8_t> bytes) {
  return Param::bytes(std::string(bytes.begin(), bytes.end()));
}

Param Param::array(std::span<const std::int64_t> numbers) {
  std::string out;
  out.reserve(20 + numbers.size() * 12);
  put_array_header(out, kBigintOid, numbers.size());
  for (const std::int64_t number : numbers) {
    wire::put32(out, 8);
    wire::put64(out, static_cast<std::uint64_t>(number));
  }
  return Param::bytes(out);
}

Param Param::array(std::span<const std::string> texts) {
  return Param::bytes(text_array(texts));
}

Param Param::array(std::span<const std::string_view> texts) {
  return Param::bytes(text_array(texts));
}

}  // namespace osect::store
