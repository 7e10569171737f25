// Release history of Windows: learn.microsoft.com, "Windows release information".
#include "sensor/dissect/windows_versions.h"

#include <string_view>

namespace osect::dissect::windows {
namespace {

struct Release {
  std::uint8_t major;
  std::uint8_t minor;
  std::uint16_t build;  // the first of the release; later ones up to the next row belong to it
  std::string_view name;
};

// A client and the server made of the same source share a build.
constexpr Release kReleases[] = {
    {4, 0, 0, "Windows NT 4.0"},
    {5, 0, 0, "Windows 2000"},
    {5, 1, 0, "Windows XP"},
    {5, 2, 0, "Windows XP x64 / Windows Server 2003"},
    {6, 0, 0, "Windows Vista / Windows Server 2008"},
    {6, 0, 6001, "Windows Vista SP1 / Windows Server 2008"},
    {6, 0, 6002, "Windows Vista SP2 / Windows Server 2008 SP2"},
    {6, 1, 0, "Windows 7 / Windows Server 2008 R2"},
    {6, 1, 7601, "Windows 7 SP1 / Windows Server 2008 R2 SP1"},
    {6, 2, 0, "Windows 8 / Windows Server 2012"},
    {6, 3, 0, "Windows 8.1 / Windows Server 2012 R2"},
    {10, 0, 0, "Windows 10 / Windows Server 2016 or later"},
    {10, 0, 10240, "Windows 10 1507"},
    {10, 0, 10586, "Windows 10 1511"},
    {10, 0, 14393, "Windows 10 1607 / Windows Server 2016"},
    {10, 0, 15063, "Windows 10 1703"},
    {10, 0, 16299, "Windows 10 1709"},
    {10, 0, 17134, "Windows 10 1803"},
    {10, 0, 17763, "Windows 10 1809 / Windows Server 2019"},
    {10, 0, 18362, "Windows 10 1903"},
    {10, 0, 18363, "Windows 10 1909"},
    {10, 0, 19041, "Windows 10 2004"},
    {10, 0, 19042, "Windows 10 20H2"},
    {10, 0, 19043, "Windows 10 21H1"},
    {10, 0, 19044, "Windows 10 21H2"},
    {10, 0, 19045, "Windows 10 22H2"},
    {10, 0, 20348, "Windows Server 2022"},
    {10, 0, 22000, "Windows 11 21H2"},
    {10, 0, 22621, "Windows 11 22H2"},
    {10, 0, 22631, "Windows 11 23H2"},
    {10, 0, 25398, "Windows Server 23H2"},
    {10, 0, 26100, "Windows 11 24H2 / Windows Server 2025"},
    {10, 0, 26200, "Windows 11 25H2"},
};

const Release* find_release(const Version& version) {
  const Release* found = nullptr;
  for (const Release& release : kReleases)
    if (release.major == version.major && release.minor == version.minor &&
        release.build <= version.build)
      found = &release;
  return found;
}

}  // namespace

void write_name(Writer& to, const Version& version) {
  const Release* const release = find_release(version);
  if (release == nullptr) return;
  to.put(release->name);
  if (version.build != 0) to.put(" (build ").decimal(version.build).put(')');
}

void add_version(Fact about_whom, const Version& version, Collected& facts) {
  if (version.build == 0) return;
  about_whom.attribute = "os";
  facts.add_text(about_whom, [&](Writer& to) { write_name(to, version); });
  about_whom.attribute = "os_build";
  facts.add_text(about_whom, [&](Writer& to) {
    to.decimal(version.major).put('.').decimal(version.minor).put('.').decimal(version.build);
  });
}

}  // namespace osect::dissect::windows
