// Reads stages.toml.
#include "cloud/alert/stage.h"

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "cloud/alert/stages_text.h"

namespace osect::alert {
namespace {

Result<Stages> fail(const std::string& what) {
  return Error{"stages.toml: " + what};
}

}  // namespace

std::size_t Stages::find(std::string_view rule) const {
  const auto at = std::find_if(in_order.begin(), in_order.end(), [&](const Stage& stage) {
    return std::find(stage.rules.begin(), stage.rules.end(), rule) != stage.rules.end();
  });
  return static_cast<std::size_t>(at - in_order.begin());
}

Result<Stages> read_stages(std::string_view text) {
  try {
    const toml::table file = toml::parse(text);
    Stages out;
    const auto number = [&](std::string_view name) {
      return file[name].value<std::int64_t>().value_or(0);
    };
    out.within = number("within_hours") * 60 * kMinuteNs;
    out.least = static_cast<std::size_t>(number("stages_least"));
    out.grave_from = number("grave_from");
    if (out.within <= 0 || out.least < 1 || out.grave_from < 1)
      return fail("within_hours, stages_least and grave_from are numbers from 1 up");
    const toml::array* const all = file["stage"].as_array();
    if (all == nullptr) return fail("there is no [[stage]]");
    for (const auto& node : *all) {
      const toml::table& one = *node.as_table();
      Stage stage{.id = one["id"].value_or(std::string()),
                  .name = {one["ja"].value_or(std::string()), one["en"].value_or(std::string())},
                  .rules = {},
                  .begins = one["begins"].value_or(true)};
      if (const toml::array* const rules = one["rules"].as_array())
        for (const auto& rule : *rules) stage.rules.push_back(rule.value_or(std::string()));
      if (stage.id.empty() || stage.name.ja.empty() || stage.name.en.empty() || stage.rules.empty())
        return fail("a stage has id, ja, en and rules");
      for (const std::string& rule : stage.rules)
        if (out.find(rule) != out.in_order.size()) return fail(rule + " is at two stages");
      out.in_order.push_back(std::move(stage));
    }
    return out;
  } catch (const toml::parse_error& error) {
    std::ostringstream where;
    where << error.source().begin << ": " << error.description();
    return fail(where.str());
  }
}

const Stages& stages() {
  static const Stages known = read_stages(stages_text).value();
  return known;
}

}  // namespace osect::alert
