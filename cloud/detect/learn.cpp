// Sightings into entries of the baseline.
#include "cloud/detect/learn.h"

#include <nlohmann/json.hpp>

namespace osect::detect {
namespace {

constexpr TimeNs kMillisecondNs = 1'000'000;

bool is_kept(Record record) {
  return record == Record::device || record == Record::address || record == Record::conversation ||
         record == Record::operation || record == Record::fact;
}

}  // namespace

std::string entries_json(const std::vector<Sighting>& sightings) {
  nlohmann::json out = nlohmann::json::array();
  for (const Sighting& one : sightings) {
    // To allow an occurrence is to allow the operation.
    const Record record = one.record == Record::occurrence ? Record::operation : one.record;
    if (!is_kept(record)) continue;
    nlohmann::json row{{"record", name_of(record)},
                       {"client", one.client},
                       {"server", 0},
                       {"port", 0},
                       {"first_ms", one.first / kMillisecondNs},
                       {"last_ms", one.last / kMillisecondNs}};
    for (const char* field :
         {"transport", "protocol", "function", "access", "target", "attribute", "value"})
      row[field] = "";
    const auto keep = [&](std::initializer_list<const char*> fields) {
      for (const char* field : fields) row[field] = text_of(one, field);
    };
    if (record == Record::conversation || record == Record::operation) row["server"] = one.server;
    if (record == Record::conversation) {
      keep({"transport", "protocol"});
      if (const auto at = one.values.find("port"); at != one.values.end())
        row["port"] = std::get<std::int64_t>(at->second);
    }
    if (record == Record::operation) keep({"protocol", "function", "access", "target"});
    if (record == Record::fact) keep({"attribute", "value"});
    if (record == Record::address) {
      row["attribute"] = text_of(one, "mac");
      row["value"] = text_of(one, "value");
    }
    out.push_back(std::move(row));
  }
  return out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace osect::detect
