// Rows into sightings.
#include "cloud/detect/reading.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "cloud/store/packed.h"
#include "cloud/store/queries/detect.h"

namespace osect::detect {
namespace query = store::query;
namespace {

using store::Param;
using store::Row;
using store::Rows;

constexpr std::int64_t kMinutesMax = 200;  // packed rows a transaction
constexpr std::int64_t kQuietMax = 1000;
constexpr std::int64_t kQuietFromSeconds = 300;  // of a device; rules ask for more
constexpr std::int64_t kErrorsLeast = 5;         // of an exchange worth a look

std::string text(const Row& row, int column) {
  return std::string(row.text(column));
}

bool is_controller(std::string_view type) {
  constexpr std::array<std::string_view, 5> kTypes{"plc", "rtu", "io", "drive", "robot"};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

// Columns of the part judged_sides, from `column` on.
void read_sides(const Row& row, int column, Sighting& into) {
  into.client = row.integer(column);
  into.server = row.integer(column + 1);
  const std::string server_type = text(row, column + 3);
  into.values["client_type"] = text(row, column + 2);
  into.values["server_is_controller"] = is_controller(server_type);
  into.values["server_type"] = server_type;
  into.values["client_is_outside"] = row.boolean(column + 4);
  into.values["server_is_outside"] = row.boolean(column + 5);
  into.values["client_is_device"] = row.boolean(column + 6);
  into.values["server_is_device"] = row.boolean(column + 7);
}

Sighting conversation(const Row& row) {
  Sighting out{.record = Record::conversation, .first = row.time(0), .last = row.time(1)};
  out.values = {{"transport", text(row, 2)}, {"port", row.integer(3)}, {"protocol", text(row, 4)}};
  out.values["service"] = service_of(row.text(2), row.integer(3), row.text(4));
  read_sides(row, 5, out);
  return out;
}

// Columns protocol, function, code, access, target from `column` on, then the sides.
void read_operation(const Row& row, int column, Sighting& into) {
  into.values = {{"protocol", text(row, column)},
                 {"function", text(row, column + 1)},
                 {"code", text(row, column + 2)},
                 {"access", text(row, column + 3)},
                 {"target", text(row, column + 4)}};
  read_sides(row, column + 5, into);
}

Sighting operation(const Row& row) {
  Sighting out{.record = Record::operation, .first = row.time(0), .last = row.time(1)};
  read_operation(row, 2, out);
  return out;
}

// What minutes tell of one operation, added up.
struct Told {
  std::int64_t count = 0;
  std::int64_t errors = 0;
  std::int64_t first_ms = 0;
  std::int64_t last_ms = 0;

  void add(const store::Packed::Operation& more) {
    first_ms = count == 0 ? more.first_ms : std::min(first_ms, more.first_ms);
    last_ms = std::max(last_ms, more.last_ms);
    count += more.count;
    errors += more.errors;
  }
};

constexpr TimeNs kMillisecondNs = 1'000'000;
constexpr std::int64_t kPercent = 100;

void set_times(Sighting& sighting, const Told& told) {
  sighting.count = told.count;
  sighting.first = told.first_ms * kMillisecondNs;
  sighting.last = told.last_ms * kMillisecondNs;
}

}  // namespace

Rows Reading::ask(const store::Query& query, std::initializer_list<Param> params) {
  auto rows = transaction_.run(query, params);
  if (!rows) throw Stopped{rows.error().within(query.name)};
  return std::move(*rows);
}

Rows Reading::take(const store::Query& query) {
  Rows rows = ask(query, {site_.organization, site_.id, kRowsMax});
  is_more_ = is_more_ || rows.size() == static_cast<std::size_t>(kRowsMax);
  return rows;
}

std::vector<Sighting> Reading::judge_devices() {
  std::vector<Sighting> out;
  for (const Row row : take(query::kJudgeDevices)) {
    if (row.boolean(8)) continue;  // it became part of another before anybody looked
    Sighting& one = out.emplace_back();
    one.client = row.integer(0);
    one.first = row.time(1);
    one.last = row.time(2);
    one.values = {{"type", text(row, 3)},         {"vendor", text(row, 4)},
                  {"is_outside", row.boolean(5)}, {"is_local", row.boolean(6)},
                  {"is_router", row.boolean(7)},  {"is_made_up_mac", row.boolean(9)}};
  }
  return out;
}

std::vector<Sighting> Reading::judge_conversations() {
  std::vector<Sighting> out;
  for (const Row row : take(query::kJudgeConversations)) out.push_back(conversation(row));
  return out;
}

std::vector<Sighting> Reading::judge_operations() {
  std::vector<Sighting> out;
  for (const Row row : take(query::kJudgeOperations)) out.push_back(operation(row));
  return out;
}

std::vector<Sighting> Reading::judge_facts(const std::vector<std::string>& attributes) {
  std::vector<Sighting> out;
  const Rows rows =
      ask(query::kJudgeFacts, {site_.organization, site_.id, kRowsMax, Param::array(attributes)});
  is_more_ = is_more_ || rows.size() == static_cast<std::size_t>(kRowsMax);
  for (const Row row : rows) {
    Sighting one{.record = Record::fact,
                 .client = row.integer(2),
                 .first = row.time(0),
                 .last = row.time(1)};
    one.values = {{"attribute", text(row, 3)},
                  {"value", text(row, 4)},
                  {"source", text(row, 5)},
                  {"client_type", text(row, 6)},
                  {"is_outside", row.boolean(7)}};
    if (text(row, 3) == "ip" && !row.is_null(8)) {
      Sighting claim = one;
      claim.record = Record::address;
      claim.values["mac"] = text(row, 8);
      if (!row.is_null(9)) {
        claim.server = row.integer(10);
        claim.values["other_mac"] = text(row, 9);
        claim.values["other_silent_s"] = std::max<std::int64_t>(0, row.integer(11));
      }
      out.push_back(std::move(claim));
    }
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<Sighting> Reading::judge_events() {
  std::vector<Sighting> out;
  for (const Row row : take(query::kJudgeEvents)) {
    Sighting& one = out.emplace_back();
    one = {.record = Record::event,
           .client = row.integer(2),
           .server = row.integer(6),
           .count = row.integer(5),
           .first = row.time(0),
           .last = row.time(1)};
    const auto detail = nlohmann::json::parse(row.text(4), nullptr, false);
    if (detail.is_object())
      for (const auto& [name, value] : detail.items())
        if (value.is_string()) one.values[name] = value.get<std::string>();
    one.values["kind"] = text(row, 3);
    one.values["sensor"] = text(row, 7);
  }
  return out;
}

std::vector<Sighting> Reading::judge_minutes() {
  const Rows rows = ask(query::kReadUnjudgedMinutes, {site_.organization, site_.id, kMinutesMax});
  if (rows.empty()) return {};
  is_more_ = is_more_ || rows.size() == static_cast<std::size_t>(kMinutesMax);
  std::map<std::int64_t, std::int64_t> judged;  // sensor, sequence
  std::map<std::int64_t, Told> told;            // by operation
  std::vector<std::int64_t> wrong;              // operations with errors within one minute
  std::map<std::int64_t, Told> worst;
  for (const Row row : rows) {
    judged[row.integer(0)] = row.integer(1);
    const auto packed = store::unpack(row.bytes(2));
    if (!packed) throw Stopped{packed.error().within("a minute")};
    for (const auto& operation : packed->operations) {
      told[operation.id].add(operation);
      if (operation.errors >= kErrorsLeast) worst[operation.id].add(operation);
    }
  }
  std::vector<Sighting> out;
  std::vector<std::int64_t> ids;
  ids.reserve(told.size());
  for (const auto& [id, one] : told) ids.push_back(id);
  if (!ids.empty())
    for (const Row row :
         ask(query::kReadDecisiveOperations, {site_.organization, site_.id, Param::array(ids)})) {
      Sighting& one = out.emplace_back();
      one.record = Record::occurrence;
      read_operation(row, 1, one);
      const Told& counted = told.at(row.integer(0));
      set_times(one, counted);
      one.values["is_refused"] = counted.count > 0 && counted.errors >= counted.count;
    }
  ids.clear();
  for (const auto& [id, one] : worst) ids.push_back(id);
  if (!ids.empty()) {
    std::map<std::tuple<Side, Side, std::string>, Sighting> exchanges;
    for (const Row row :
         ask(query::kReadPairsOfOperations, {site_.organization, site_.id, Param::array(ids)})) {
      Sighting one{.record = Record::exchange};
      read_sides(row, 2, one);
      const Told& counted = worst.at(row.integer(0));
      set_times(one, counted);
      one.values["protocol"] = text(row, 1);
      one.values["errors"] = counted.errors;
      one.values["error_percent"] =
          kPercent * counted.errors / std::max<std::int64_t>(1, counted.count);
      const auto key = std::make_tuple(one.client, one.server, text(row, 1));
      const auto [at, is_new] = exchanges.try_emplace(key, one);
      if (!is_new && std::get<std::int64_t>(at->second.values["errors"]) < counted.errors)
        at->second = one;
    }
    for (auto& [key, one] : exchanges) out.push_back(std::move(one));
  }
  std::vector<std::int64_t> sensors;
  std::vector<std::int64_t> sequences;
  for (const auto& [sensor, sequence] : judged) {
    sensors.push_back(sensor);
    sequences.push_back(sequence);
  }
  ask(query::kNoteJudgedMinutes,
      {site_.organization, Param::array(sensors), Param::array(sequences)});
  return out;
}

std::vector<Sighting> Reading::read_cycles() {
  std::vector<Sighting> out;
  for (const Row row : ask(query::kReadCycles, {site_.organization, site_.id, kQuietMax})) {
    Sighting one{.record = Record::cycle, .first = row.time(0), .last = row.time(1)};
    one.values = {{"protocol", text(row, 2)},   {"function", text(row, 3)},
                  {"access", text(row, 4)},     {"target", text(row, 5)},
                  {"cycle_ms", row.integer(6)}, {"usual_ms", row.integer(7)}};
    read_sides(row, 9, one);
    const std::int64_t silent_s = row.integer(8);
    one.values["silent_s"] = silent_s;
    out.push_back(one);
    one.record = Record::presence;
    one.values["subject"] = std::string("operation");
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<Sighting> Reading::read_quiet() {
  std::vector<Sighting> out;
  for (const Row row : ask(query::kReadQuietDevices,
                           {site_.organization, site_.id, kQuietFromSeconds, kQuietMax})) {
    Sighting& one = out.emplace_back();
    one = {.record = Record::presence,
           .client = row.integer(0),
           .first = row.time(3),
           .last = row.time(3)};
    one.values = {{"subject", std::string("device")},
                  {"client_type", text(row, 1)},
                  {"is_controller", is_controller(row.text(1))},
                  {"silent_s", row.integer(4)},
                  {"known_days", row.integer(5)}};
  }
  for (const Row row : ask(query::kReadQuietSensors, {site_.organization, site_.id})) {
    Sighting& one = out.emplace_back();
    one = {.record = Record::presence, .first = row.time(2), .last = row.time(2)};
    one.values = {{"subject", std::string("sensor")},
                  {"sensor_id", row.integer(0)},
                  {"sensor", text(row, 1)},
                  {"silent_s", row.integer(3)}};
  }
  return out;
}

std::vector<Sighting> Reading::read_recent(const std::vector<Sighting>& sightings, TimeNs window) {
  std::set<Side> clients;
  TimeNs from = 0;
  for (const Sighting& one : sightings) {
    clients.insert(one.client);
    from = from == 0 ? one.first : std::min(from, one.first);
  }
  std::vector<Sighting> out;
  if (clients.empty()) return out;
  const std::vector<std::int64_t> ids(clients.begin(), clients.end());
  const std::int64_t from_ms = (from - window) / kMillisecondNs;
  for (const Row row : ask(query::kReadRecentConversations,
                           {site_.organization, site_.id, Param::array(ids), from_ms}))
    out.push_back(conversation(row));
  for (const Row row : ask(query::kReadRecentOperations,
                           {site_.organization, site_.id, Param::array(ids), from_ms}))
    out.push_back(operation(row));
  return out;
}

}  // namespace osect::detect
