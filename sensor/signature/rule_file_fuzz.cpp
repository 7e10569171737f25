// libFuzzer target: any bytes as a file of rules. Every line is loaded or refused with a reason.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sensor/signature/rule_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto variables = osect::signature::default_variables();
  const void* bytes = data;
  const auto file = osect::signature::parse_rules(
      std::string_view(static_cast<const char*>(bytes), size), variables);
  for (const auto& refusal : file.refusals)
    if (refusal.reason.empty()) std::abort();
  for (const auto& rule : file.rules)
    if (rule.sid == 0) std::abort();
  return 0;
}
