// From a view model to the bytes of a .pptx: web/report, run by Node.js in a process of its own.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace osect::report {

struct RendererConfig {
  std::string node = "/usr/bin/node";
  std::string script = "/usr/share/osect/report.mjs";
  std::int64_t memory_mb = 512;  // of the script's heap
  std::int64_t timeout_s = 120;  // then the process is killed
};

struct Deck {
  std::string bytes;
};

// Blocks for seconds. The process gets the view model as its input and nothing else: no
// environment, no descriptor of ours. What it says goes into the error.
[[nodiscard]] Result<Deck> render(const RendererConfig& config, const std::string& view_model,
                                  const std::string& language);

}  // namespace osect::report
