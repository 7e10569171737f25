// The priority that a class of rules has; Suricata's classification.config.
#include "sensor/signature/priority.h"

#include <algorithm>

namespace osect::signature {
namespace {

constexpr std::string_view kFirst[] = {
    "attempted-user",   "unsuccessful-user",      "successful-user",
    "attempted-admin",  "successful-admin",       "shellcode-detect",
    "trojan-activity",  "web-application-attack", "inappropriate-content",
    "policy-violation", "targeted-activity",      "exploit-kit",
    "domain-c2",        "credential-theft",       "command-and-control",
};
constexpr std::string_view kSecond[] = {
    "bad-unknown",
    "attempted-recon",
    "successful-recon-limited",
    "successful-recon-largescale",
    "attempted-dos",
    "successful-dos",
    "rpc-portmap-decode",
    "suspicious-filename-detect",
    "suspicious-login",
    "system-call-detect",
    "unusual-client-port-connection",
    "denial-of-service",
    "non-standard-protocol",
    "web-application-activity",
    "misc-attack",
    "default-login-attempt",
    "external-ip-check",
    "pup-activity",
    "social-engineering",
    "coin-mining",
};

bool has(const auto& names, std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

}  // namespace

std::uint32_t priority_of(std::string_view classtype) {
  return has(kFirst, classtype) ? 1 : has(kSecond, classtype) ? 2 : 3;
}

}  // namespace osect::signature
