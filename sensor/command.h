// The sub-commands of osect-sensor; docs/architecture.md, Commands. Each returns the program's exit
// status.
#pragma once

#include <span>
#include <string_view>

namespace osect::sensor {

using Arguments = std::span<const std::string_view>;  // after the sub-command's name

constexpr int kDone = 0;
constexpr int kFailed = 1;    // the world: a disk, a network, a peer
constexpr int kBadInput = 2;  // a wrong argument, or an input that cannot be read or not to its end

int run(Arguments arguments);
int analyze(Arguments arguments);
int replay(Arguments arguments);
int enroll(Arguments arguments);
int check(Arguments arguments);
int ports(Arguments arguments);
int rules(Arguments arguments);

}  // namespace osect::sensor
