// spBv1.0/group/type/node[/device] and spBv1.0/STATE/host.
#include "sensor/dissect/sparkplug_topic.h"

#include <algorithm>
#include <iterator>

namespace osect::dissect::sparkplug_topic {
namespace {

constexpr std::string_view kNamespace = "spBv1.0/";

// The level in front of the next slash, which goes with it.
std::string_view take_level(std::string_view& topic) {
  const std::string_view level = topic.substr(0, topic.find('/'));
  topic.remove_prefix(std::min(level.size() + 1, topic.size()));
  return level;
}

}  // namespace

std::optional<Topic> read(std::string_view topic) {
  if (!topic.starts_with(kNamespace)) return std::nullopt;
  topic.remove_prefix(kNamespace.size());
  Topic read;
  read.group = take_level(topic);
  if (read.group == kWords[Type::host_state]) {
    read = {.type = Type::host_state, .group = {}, .node = topic, .device = {}};
    return topic.empty() ? std::nullopt : std::optional(read);
  }
  const auto* const word = std::find(std::begin(kWords), std::end(kWords), take_level(topic));
  if (word == std::end(kWords)) return std::nullopt;
  read.type = static_cast<Type>(word - std::begin(kWords));
  read.node = take_level(topic);
  read.device = topic;
  const bool is_of_device = word->front() == 'D';
  if (read.group.empty() || read.node.empty() || read.device.empty() == is_of_device)
    return std::nullopt;
  return read;
}

}  // namespace osect::dissect::sparkplug_topic
