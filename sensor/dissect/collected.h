// Facts gathered while a message is read, stated together once the whole message has proved itself.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "sensor/dissect/dissector.h"
#include "sensor/dissect/text.h"

namespace osect::dissect {

// Facts without their value yet.
[[nodiscard]] inline Fact about_sender(std::string_view attribute, std::uint8_t confidence) {
  return {Subject::sender, {}, {}, attribute, {}, confidence};
}
[[nodiscard]] inline Fact about_receiver(std::string_view attribute, std::uint8_t confidence) {
  return {Subject::receiver, {}, {}, attribute, {}, confidence};
}
[[nodiscard]] inline Fact about(const MacAddress& mac, const IpAddress& ip,
                                std::string_view attribute, std::uint8_t confidence) {
  return {Subject::named, mac, ip, attribute, {}, confidence};
}

// What does not fit (more facts or more text than any honest message has) is left out.
class Collected {
 public:
  static constexpr std::size_t kFactsMax = 48;
  static constexpr std::size_t kTextBytes = 4096;
  static constexpr std::size_t kValueBytesMax = 400;

  // Value as it stands; it must live until say().
  void add(const Fact& fact) {
    if (count_ < kFactsMax && !fact.value.empty()) std::construct_at(&facts_[count_++].fact, fact);
  }
  void add(Fact fact, std::string_view value) {
    fact.value = value;
    add(fact);
  }
  // Value from the wire, made printable and trimmed here.
  void add_raw(Fact fact, std::string_view raw) {
    fact.value =
        keep([&](Writer& text) { text.printable(trimmed(raw).substr(0, kValueBytesMax)); });
    add(fact);
  }
  // Value written by `write(Writer&)`.
  template <typename Write>
  void add_text(Fact fact, Write&& write) {
    fact.value = keep(write);
    add(fact);
  }
  template <typename Write>
  std::string_view keep(Write&& write) {
    Writer text(std::span<char>(memory_).subspan(used_));
    write(text);
    if (text.is_cut()) return {};
    used_ += text.size();
    return text.text();
  }

  void say(Out& out, const Cursor& proof) const {
    if (count_ == 0) out.check(proof);
    for (std::size_t i = 0; i < count_; ++i) out.say(facts_[i].fact, proof);
  }

 private:
  std::size_t count_ = 0;
  std::size_t used_ = 0;
  // Not made before it is added: to clear all of them costs more than to read most messages.
  union Place {
    Place() {}  // NOLINT(modernize-use-equals-default): a defaulted one would not exist
    Fact fact;
  };
  std::array<Place, kFactsMax> facts_;
  std::array<char, kTextBytes> memory_;
};

}  // namespace osect::dissect
