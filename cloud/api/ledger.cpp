// /sites/{site}/ledger: the customer's own list of machines: preview, import, matching, queues.
#include "cloud/store/queries/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "cloud/api/body.h"
#include "cloud/api/json.h"
#include "cloud/api/list.h"
#include "cloud/api/routes.h"
#include "cloud/ledger/match.h"
#include "cloud/ledger/workbook.h"

namespace osect::api {
namespace query = store::query;
namespace {

using Plain = nlohmann::json;  // members in the order of their names: what can be compared

constexpr std::array<std::string_view, 6> kStates{"matched",  "probable",  "only_ledger",
                                                  "conflict", "duplicate", "ignored"};
constexpr std::array<std::string_view, 3> kDecisions{"linked", "ignored", "automatic"};
constexpr std::size_t kProblemsMax = 200;
constexpr std::size_t kChangesMax = 200;
constexpr std::size_t kExamples = 3;
constexpr std::int64_t kPage = 500;
constexpr std::int64_t kUnregisteredMax = 1'000;

// "A", "Z", "AA": as spreadsheets call their columns.
std::string column_letters(std::size_t column) {
  std::string out;
  for (std::size_t rest = column + 1; rest > 0; rest = (rest - 1) / 26)
    out.insert(out.begin(), static_cast<char>('A' + (rest - 1) % 26));
  return out;
}

// The kind stands where fields stand, so that a page can say it in its own words.
Problem unreadable(const ledger::Complaint& complaint) {
  return Problem(422, "unreadable-ledger", "The file cannot be taken.", sentence(complaint),
                 {{"body", kind_name(complaint.kind), complaint.value}});
}

void require_site(Context& context) {
  if (context.ask(query::kLedgerSite, {context.organization, context.ids[0]}).empty())
    throw not_found();
}

// A row as it is stored and compared.
Plain row_json(const ledger::Entry& entry) {
  Plain macs = Plain::array();
  for (const auto& mac : entry.macs) macs.push_back(mac.text());
  Plain ips = Plain::array();
  for (const auto& ip : entry.ips) ips.push_back(ip.text());
  Plain unknown = Plain::array();
  for (const auto& [header, value] : entry.unknown)
    unknown.push_back(Plain::array({header, value}));
  return {{"name", entry.text("name")},
          {"macs", std::move(macs)},
          {"ips", std::move(ips)},
          {"texts", entry.texts},
          {"unknown", std::move(unknown)}};
}

// By which a row is the same one in the next version of the file: the first it has.
std::string key_of(const ledger::Entry& entry) {
  if (!entry.macs.empty()) return "mac " + entry.macs.front().text();
  for (const char* field : {"serial", "asset_number"})
    if (const auto text = entry.text(field); !text.empty()) return field + (" " + text);
  const auto name = entry.text("name");
  if (!name.empty()) return fmt::format("name {} at {}", name, entry.text("place"));
  if (!entry.ips.empty()) return "ip " + entry.ips.front().text();
  return "host_name " + entry.text("host_name");
}

// An uploaded file, understood as far as it can be.
struct Upload {
  std::string file_name;
  ledger::Workbook workbook;
  std::size_t sheet = 0;
  ledger::Columns columns;
  ledger::Entries entries;
  std::map<std::string, Plain> rows;  // by key, numbered where a key comes twice
  std::vector<std::string> keys;      // of the entries, in their order
};

// What the last upload of the site said about its columns, by header.
std::map<std::string, std::string> remembered_fields(Context& context) {
  std::map<std::string, std::string> out;
  const auto last = context.ask(query::kLedgerLastUpload, {context.organization, context.ids[0]});
  if (last.empty()) return out;
  const auto headers = last[0].texts(4);
  const auto fields = last[0].texts(5);
  for (std::size_t i = 0; i < headers.size(); ++i) out.emplace(headers[i], fields[i]);
  return out;
}

void choose_columns(Context& context, Upload& upload, const std::optional<std::int64_t>& header_row,
                    const std::vector<std::string>& fields) {
  const ledger::Sheet& sheet = upload.workbook.sheets[upload.sheet];
  upload.columns = header_row ? ledger::columns_at(sheet, static_cast<std::size_t>(*header_row - 1))
                              : ledger::guess_columns(sheet);
  auto& columns = upload.columns;
  const auto remembered = remembered_fields(context);
  for (std::size_t i = 0; i < columns.headers.size(); ++i)
    if (const auto known = remembered.find(columns.headers[i]); known != remembered.end())
      columns.fields[i] = known->second;
  if (fields.empty()) return;
  const auto& known = ledger::field_names();
  if (fields.size() != columns.headers.size())
    throw invalid_field("query", "fields",
                        fmt::format("One for each of the {} columns.", columns.headers.size()));
  for (const auto& field : fields)
    if (!field.empty() && std::find(known.begin(), known.end(), field) == known.end())
      throw invalid_field("query", "fields", "An unknown field.", known);
  columns.fields = fields;
}

// "mac,,ip": one a column, empty for a column that is kept as it is.
std::vector<std::string> split_fields(const std::string& text) {
  std::vector<std::string> out(1);
  for (const char c : text)
    if (c == ',')
      out.emplace_back();
    else
      out.back() += c;
  return out;
}

Upload read_upload(Context& context) {
  constexpr std::size_t kNameCharacters = 200;
  constexpr std::size_t kFieldsCharacters = 8'000;
  const auto name = context.parameters.read_text("file_name", kNameCharacters);
  const auto sheet = context.parameters.read_text("sheet", kNameCharacters);
  const auto header_row = context.parameters.read_integer("header_row", 1, ledger::kRowsMax);
  const auto fields = context.parameters.read_text("fields", kFieldsCharacters);
  context.parameters.finish();
  auto workbook = ledger::read_workbook(context.request.body);
  if (!workbook) throw unreadable(workbook.error());
  Upload upload;
  upload.file_name = name.value_or("");
  upload.workbook = std::move(*workbook);
  auto& sheets = upload.workbook.sheets;
  if (sheet) {
    const auto chosen = std::find_if(sheets.begin(), sheets.end(),
                                     [&](const auto& one) { return one.name == *sheet; });
    if (chosen == sheets.end())
      throw invalid_field("query", "sheet", "The file has no such sheet.");
    upload.sheet = static_cast<std::size_t>(chosen - sheets.begin());
  } else {  // the one with the most rows
    const auto largest = std::max_element(
        sheets.begin(), sheets.end(),
        [](const auto& a, const auto& b) { return a.rows.size() < b.rows.size(); });
    upload.sheet = static_cast<std::size_t>(largest - sheets.begin());
  }
  choose_columns(context, upload, header_row,
                 fields ? split_fields(*fields) : std::vector<std::string>{});
  upload.entries = ledger::read_entries(sheets[upload.sheet], upload.columns);
  std::map<std::string, int> times;
  for (const auto& entry : upload.entries.rows) {
    std::string key = key_of(entry);
    if (const int time = ++times[key]; time > 1) key += fmt::format(" #{}", time);
    upload.rows.emplace(key, row_json(entry));
    upload.keys.push_back(std::move(key));
  }
  return upload;
}

std::map<std::string, Plain> stored_rows(Context& context) {
  std::map<std::string, Plain> out;
  for (const auto row : context.ask(query::kLedgerKeys, {context.organization, context.ids[0]}))
    out.emplace(std::string(row.text(0)), Plain{{"name", row.text(1)},
                                                {"macs", row.texts(2)},
                                                {"ips", row.texts(3)},
                                                {"texts", Plain::parse(row.text(4))},
                                                {"unknown", Plain::parse(row.text(5))}});
  return out;
}

struct Changes {
  std::size_t added = 0, changed = 0, removed = 0, same = 0;
  Json rows = Json::array();  // of those that are not the same, the first kChangesMax

  void note(std::size_t& count, const char* kind, const std::string& key, const Plain& row) {
    ++count;
    const auto name = row.at("name").get<std::string>();
    if (rows.size() < kChangesMax)
      rows.push_back({{"change", kind}, {"name", name.empty() ? key : name}});
  }
  [[nodiscard]] Json json() const {
    return {{"added", added},
            {"changed", changed},
            {"removed", removed},
            {"same", same},
            {"rows", rows}};
  }
};

Changes compare(const Upload& upload, const std::map<std::string, Plain>& stored) {
  Changes changes;
  for (const auto& key : upload.keys) {
    const auto& row = upload.rows.at(key);
    const auto old = stored.find(key);
    if (old == stored.end())
      changes.note(changes.added, "added", key, row);
    else if (old->second != row)
      changes.note(changes.changed, "changed", key, row);
    else
      ++changes.same;
  }
  for (const auto& [key, row] : stored)
    if (!upload.rows.contains(key)) changes.note(changes.removed, "removed", key, row);
  return changes;
}

template <typename Address>
std::vector<Address> addresses(const std::vector<std::string>& texts) {
  std::vector<Address> out;
  for (const auto& text : texts)
    if (const auto address = Address::parse(text)) out.push_back(*address);
  return out;
}

std::vector<ledger::Candidate> read_candidates(Context& context) {
  std::vector<ledger::Candidate> out;
  for (const auto row :
       context.ask(query::kLedgerCandidates, {context.organization, context.ids[0]}))
    out.push_back({row.integer(0), std::string(row.text(1)), addresses<MacAddress>(row.texts(2)),
                   std::string(row.text(3)), std::string(row.text(4)), std::string(row.text(5)),
                   addresses<IpAddress>(row.texts(6))});
  return out;
}

// Every row about which no person has decided, against what is observed now.
void match_again(Context& context) {
  std::vector<std::int64_t> ids;
  std::vector<ledger::Entry> entries;
  for (const auto row :
       context.ask(query::kLedgerUndecided, {context.organization, context.ids[0]})) {
    ids.push_back(row.integer(0));
    auto& entry = entries.emplace_back();
    entry.macs = addresses<MacAddress>(row.texts(2));
    entry.ips = addresses<IpAddress>(row.texts(3));
    entry.texts = Plain::parse(row.text(4)).get<std::map<std::string, std::string>>();
  }
  const auto matches = ledger::match(entries, read_candidates(context));
  Plain out = Plain::array();
  for (std::size_t i = 0; i < matches.size(); ++i)
    out.push_back({{"id", ids[i]},
                   {"state", ledger::state_name(matches[i].state)},
                   {"device", matches[i].device ? Plain(*matches[i].device) : Plain(nullptr)},
                   {"by", ledger::key_name(matches[i].key)},
                   {"value", matches[i].value},
                   {"confidence", matches[i].confidence},
                   {"others", "{" + fmt::format("{}", fmt::join(matches[i].others, ",")) + "}"}});
  context.ask(query::kLedgerSaveMatches, {context.organization, context.ids[0], out.dump()});
}

Json counts_json(Context& context) {
  const auto rows = context.ask(query::kLedgerCounts, {context.organization, context.ids[0]});
  Json out;
  for (std::size_t i = 0; i < kStates.size(); ++i)
    out[std::string(kStates[i])] = rows[0].integer(static_cast<int>(i));
  out["only_observed"] = rows[0].integer(static_cast<int>(kStates.size()));
  return out;
}

Json ledger_json(Context& context) {
  Json upload = nullptr;
  const auto last = context.ask(query::kLedgerLastUpload, {context.organization, context.ids[0]});
  if (!last.empty())
    upload = {{"file_name", last[0].text(1)},
              {"sheet", last[0].text(2)},
              {"uploaded_at", rfc3339(last[0].time(6))},
              {"uploaded_by", last[0].is_null(7) ? Json(nullptr) : Json(last[0].text(7))}};
  return {{"upload", std::move(upload)}, {"counts", counts_json(context)}};
}

Json columns_json(const Upload& upload) {
  const auto& sheet = upload.workbook.sheets[upload.sheet];
  Json out = Json::array();
  for (std::size_t i = 0; i < upload.columns.headers.size(); ++i) {
    Json examples = Json::array();
    for (auto row = upload.columns.header_row + 1;
         row < sheet.rows.size() && examples.size() < kExamples; ++row)
      if (i < sheet.rows[row].size() && !sheet.rows[row][i].empty())
        examples.push_back(sheet.rows[row][i]);
    out.push_back({{"header", upload.columns.headers[i]},
                   {"column", column_letters(i)},
                   {"field", text_or_null(upload.columns.fields[i])},
                   {"examples", std::move(examples)}});
  }
  return out;
}

Json problems_json(const Upload& upload) {
  Json out = Json::array();
  for (const auto& problem : upload.entries.problems) {
    if (out.size() == kProblemsMax) break;
    const auto& headers = upload.columns.headers;
    out.push_back({{"row", problem.row + 1},
                   {"column", column_letters(problem.column)},
                   {"header", problem.column < headers.size() ? headers[problem.column] : ""},
                   {"kind", kind_name(problem.what.kind)},
                   {"value", problem.what.value}});
  }
  return out;
}

Json device_json(const store::Row& row, int first) {
  if (row.is_null(first)) return nullptr;
  return {{"id", id_text(row.integer(first))},
          {"name", row.text(first + 1)},
          {"ip", row.is_null(first + 2) ? Json(nullptr) : Json(row.text(first + 2))},
          {"mac", row.is_null(first + 3) ? Json(nullptr) : Json(row.text(first + 3))}};
}

Json others_json(const store::Row& row, int ids, int names) {
  Json out = Json::array();
  const auto name = row.texts(names);
  const auto id = row.integers(ids);
  for (std::size_t i = 0; i < id.size(); ++i) out.push_back(reference(id[i], name[i]));
  return out;
}

// What is said about the same thing on both sides.
Json observed_json(const store::Row& row) {
  if (row.is_null(13)) return nullptr;
  Json out;
  int column = 17;
  for (const char* field : {"vendor", "model", "serial", "os", "host_name", "type"})
    out[field] = text_or_null(row.text(column++));
  out["last_seen"] = rfc3339(row.time(column));
  return out;
}

Json entry_json(const store::Row& row) {
  return {{"id", id_text(row.integer(0))},
          {"row", row.integer(1)},
          {"name", text_or_null(row.text(2))},
          {"macs", row.texts(3)},
          {"ips", row.texts(4)},
          {"texts", Json::parse(row.text(5))},
          {"unknown", Json::parse(row.text(6))},
          {"state", row.text(7)},
          {"matched_by", row.text(8)},
          {"matched_value", text_or_null(row.text(9))},
          {"confidence", row.integer(10)},
          {"decided_at", time_or_null(row, 11)},
          {"decided_by", row.is_null(12) ? Json(nullptr) : Json(row.text(12))},
          {"device", device_json(row, 13)},
          {"observed", observed_json(row)},
          {"others", others_json(row, 24, 25)}};
}

}  // namespace

Response get_ledger(Context& context) {
  context.parameters.finish();
  require_site(context);
  return json_response(ledger_json(context));
}

Response preview_ledger(Context& context) {
  require_site(context);
  const Upload upload = read_upload(context);
  const auto matches = ledger::match(upload.entries.rows, read_candidates(context));
  Json states;
  for (const auto state : kStates) states[std::string(state)] = 0;
  for (const auto& found : matches) {
    auto& count = states[ledger::state_name(found.state)];
    count = count.get<int>() + 1;
  }
  Json sheets = Json::array();
  for (const auto& sheet : upload.workbook.sheets)
    sheets.push_back({{"name", sheet.name}, {"rows", sheet.rows.size()}});
  return json_response({{"sheets", std::move(sheets)},
                        {"sheet", upload.workbook.sheets[upload.sheet].name},
                        {"encoding", text_or_null(upload.workbook.encoding)},
                        {"header_row", upload.columns.header_row + 1},
                        {"fields", ledger::field_names()},
                        {"columns", columns_json(upload)},
                        {"rows", upload.entries.rows.size()},
                        {"problems", problems_json(upload)},
                        {"problem_count", upload.entries.problems.size()},
                        {"matches", std::move(states)},
                        {"changes", compare(upload, stored_rows(context)).json()}});
}

Response import_ledger(Context& context) {
  require_site(context);
  const Upload upload = read_upload(context);
  if (upload.entries.rows.empty()) throw unreadable({ledger::Complaint::Kind::no_row, ""});
  const std::int64_t site = context.ids[0];
  const auto changes = compare(upload, stored_rows(context));
  const auto added = context.ask(
      query::kLedgerAddUpload,
      {context.organization, site, upload.file_name, upload.workbook.sheets[upload.sheet].name,
       static_cast<std::int64_t>(upload.columns.header_row + 1),
       store::Param::array(std::span<const std::string>(upload.columns.headers)),
       store::Param::array(std::span<const std::string>(upload.columns.fields)),
       store::Param::bytes(std::string_view(context.request.body)), context.session.account.id});
  const std::int64_t id = added[0].integer(0);
  context.ask(query::kLedgerForgetContents, {context.organization, site, id});
  Plain rows = Plain::array();
  for (std::size_t i = 0; i < upload.keys.size(); ++i) {
    Plain row = upload.rows.at(upload.keys[i]);
    row["key"] = upload.keys[i];
    row["row"] = upload.entries.rows[i].row + 1;
    for (const char* list : {"macs", "ips"})  // as PostgreSQL writes arrays
      row[list] = fmt::format("{{{}}}", fmt::join(row[list].get<std::vector<std::string>>(), ","));
    rows.push_back(std::move(row));
  }
  context.ask(query::kLedgerSave, {context.organization, site, id, rows.dump()});
  context.ask(query::kLedgerDropOthers, {context.organization, site, id});
  match_again(context);
  Json result = ledger_json(context);
  result["changes"] = changes.json();
  result["problem_count"] = upload.entries.problems.size();
  context.audit("ledger.import", "site:" + id_text(site),
                Json{{"file_name", upload.file_name}, {"rows", upload.keys.size()}}.dump());
  context.announce("ledger", site);
  context.commit();
  return json_response(result);
}

Response match_ledger(Context& context) {
  context.parameters.finish();
  require_site(context);
  match_again(context);
  const Json json = ledger_json(context);
  context.announce("ledger", context.ids[0]);
  context.commit();
  return json_response(json);
}

Response list_ledger_entries(Context& context) {
  const auto states = context.parameters.read_all("state", kStates.size());
  const auto words = read_words(context);
  const auto after = context.parameters.read_integer("after", 1, ledger::kRowsMax + 1);
  for (const auto& state : states)
    if (std::find(kStates.begin(), kStates.end(), state) == kStates.end())
      context.parameters.refuse("state", "Not a state.", {kStates.begin(), kStates.end()});
  context.parameters.finish();
  require_site(context);
  std::vector<store::Param> params{context.organization, context.ids[0],
                                   states.empty()
                                       ? store::Param(nullptr)
                                       : store::Param::array(std::span<const std::string>(states)),
                                   after, kPage + 1};
  add_words(words, params);
  const auto rows = context.ask(query::kLedgerList, params);
  Json items = Json::array();
  const auto shown = std::min(rows.size(), static_cast<std::size_t>(kPage));
  for (std::size_t i = 0; i < shown; ++i) items.push_back(entry_json(rows[i]));
  return json_response(
      {{"items", std::move(items)},
       {"next", rows.size() > shown ? Json(rows[shown - 1].integer(1)) : Json(nullptr)}});
}

Response list_unregistered_devices(Context& context) {
  context.parameters.finish();
  require_site(context);
  Json items = Json::array();
  for (const auto row : context.ask(query::kLedgerUnregistered,
                                    {context.organization, context.ids[0], kUnregisteredMax})) {
    Json item = device_json(row, 0);
    item["vendor"] = text_or_null(row.text(4));
    item["model"] = text_or_null(row.text(5));
    item["type"] = row.text(6);
    item["first_seen"] = rfc3339(row.time(7));
    item["last_seen"] = rfc3339(row.time(8));
    items.push_back(std::move(item));
  }
  return json_response({{"items", std::move(items)}});
}

Response decide_ledger_entry(Context& context) {
  context.parameters.finish();
  require_site(context);
  Body body(context.request);
  const auto decision = body.read_optional_word("decision", kDecisions);
  const auto device = body.read_optional_id("device");
  if (decision == "linked" && !device) body.refuse("device", "The device that the row means.");
  body.finish_not_empty();
  const std::int64_t site = context.ids[0];
  const std::int64_t entry = context.ids[1];
  if (!decision)
    throw invalid_field("body", "decision", "Missing.", {kDecisions.begin(), kDecisions.end()});
  const bool is_linked = *decision == "linked";
  const auto changed =
      *decision == "automatic"
          ? context.ask(query::kLedgerUndecide, {context.organization, site, entry})
          : context.ask(query::kLedgerDecide,
                        {context.organization, site, entry,
                         is_linked ? store::Param(*device) : store::Param(nullptr),
                         is_linked ? "matched" : "ignored", context.session.account.id});
  if (changed.empty()) throw not_found();
  match_again(context);
  context.audit("ledger.decide", "ledger_entry:" + id_text(entry),
                Json{{"decision", *decision}}.dump());
  context.announce("ledger", site);
  const Json json = counts_json(context);
  context.commit();
  return json_response({{"counts", json}});
}

}  // namespace osect::api
