// Reading of arguments.
#include "sensor/options.h"

#include <fmt/format.h>

#include <algorithm>

namespace osect::sensor {

Result<std::vector<std::string>> read_options(Arguments arguments,
                                              const std::vector<Option>& options) {
  std::vector<std::string> rest;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view word = arguments[i];
    if (!word.starts_with("--")) {
      rest.emplace_back(word);
      continue;
    }
    const auto equals = word.find('=');
    const auto name = word.substr(0, equals);
    const auto option = std::find_if(options.begin(), options.end(),
                                     [&](const Option& known) { return known.name == name; });
    if (option == options.end()) return Error(fmt::format("there is no option '{}'", name));
    if (equals != std::string_view::npos)
      *option->value = word.substr(equals + 1);
    else if (++i < arguments.size())
      *option->value = arguments[i];
    else
      return Error(fmt::format("'{}' needs a value", name));
  }
  return rest;
}

std::pair<std::string, std::string> split_address(const std::string& address,
                                                  const std::string& default_port) {
  const auto colon = address.rfind(':');
  const auto bracket = address.rfind(']');
  const bool has_port =
      colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
  std::string host = has_port ? address.substr(0, colon) : address;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  return {host, has_port ? address.substr(colon + 1) : default_port};
}

}  // namespace osect::sensor
