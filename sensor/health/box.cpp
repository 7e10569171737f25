// Readings of /proc, /sys, getrusage and statvfs.
#include "sensor/health/box.h"

#include <sys/resource.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

namespace osect::health {
namespace {

std::chrono::microseconds cpu_time() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return std::chrono::seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         std::chrono::microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

// The hottest zone; some boxes have none.
std::optional<std::int32_t> temperature_c() {
  std::optional<std::int32_t> hottest;
  std::error_code error;
  for (const auto& zone : std::filesystem::directory_iterator("/sys/class/thermal", error)) {
    std::ifstream in(zone.path() / "temp");
    std::int32_t thousandths = 0;
    if (in >> thousandths)
      hottest = std::max(hottest.value_or(thousandths / 1000), thousandths / 1000);
  }
  return hottest;
}

}  // namespace

Box::Box(std::string directory)
    : directory_(std::move(directory)),
      before_(std::chrono::steady_clock::now()),
      cpu_before_(cpu_time()) {}

void Box::read(condense::Health& health) {
  timespec since_boot{};  // not by /proc/uptime: the sandbox shows of /proc the processes only
  if (::clock_gettime(CLOCK_BOOTTIME, &since_boot) == 0)
    health.uptime_s = static_cast<std::uint64_t>(since_boot.tv_sec);
  std::uint64_t pages = 0;
  std::uint64_t resident = 0;
  if (std::ifstream("/proc/self/statm") >> pages >> resident)
    health.memory_bytes = resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  struct statvfs disk {};
  if (::statvfs(directory_.c_str(), &disk) == 0)
    health.disk_free_bytes = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  health.temperature_c = temperature_c();
  const auto now = std::chrono::steady_clock::now();
  const auto cpu = cpu_time();
  const auto wall_us = std::chrono::duration_cast<std::chrono::microseconds>(now - before_).count();
  if (wall_us > 0)
    health.cpu_permille = static_cast<std::uint32_t>((cpu - cpu_before_).count() * 1000 / wall_us);
  before_ = now;
  cpu_before_ = cpu;
}

}  // namespace osect::health
