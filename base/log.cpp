// One logger a process, on standard error: systemd stores it.
#include "base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>

namespace osect::log {

void start(const std::string& program, const std::string& level) {
  auto logger = spdlog::stderr_color_mt(program);
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%fZ %n %^%l%$ %v", spdlog::pattern_time_type::utc);
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace osect::log
