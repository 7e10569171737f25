// The ledger over the API: what a person uploads, sees before it counts, and decides.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cloud/api/testing/api_test_base.h"

namespace osect::api {
namespace {

using testing::Answer;
using testing::ApiTest;
using testing::Client;
using Json = nlohmann::json;

constexpr const char* kFile =
    "設備台帳,,,,\n"
    "機器名,MACアドレス,IPアドレス,設置場所,点検\n"
    "プレスPLC,02-00-00-00-00-01,10.0.0.1,1F,毎月\n"
    "パネル,,10.0.0.2,2F,\n"
    "予備品,02-00-00-00-00-99,,倉庫,\n"
    "壊れた行,02-00,10.0.0.3,,\n";

class LedgerTest : public ApiTest {
 protected:
  LedgerTest() : client(port()) {
    sql("insert into device (organization_id, site_id, name, name_source, type, vendor, mac_kind, "
        "ips, "
        "macs, first_seen, last_seen) select 1, 1, 'device ' || i, 'dhcp', 'plc', 'Vendor', "
        "'vendor', "
        "array[('10.0.0.' || i)::inet], array[('02:00:00:00:00:0' || i)::macaddr], now(), now() "
        "from "
        "generate_series(1, 3) i");
    client.sign_in("analyst", kPassword);
  }
  Json upload(const std::string& what, const std::string& file, const std::string& query = {}) {
    const auto answer = client.send("POST", base + "/" + what + "?file_name=a.csv" + query, file);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return Json::parse(answer.body);
  }
  Json get(const std::string& rest) {
    const auto answer = client.get(base + rest);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return Json::parse(answer.body);
  }
  std::string states() {
    std::string out;
    const auto answer = get("/entries");
    for (const auto& item : answer["items"])
      out +=
          fmt::format("{}:{} ", item["name"].get<std::string>(), item["state"].get<std::string>());
    return out;
  }

  const std::string base = "/api/v1/organizations/1/sites/1/ledger";
  Client client;
};

TEST_F(LedgerTest, A_preview_says_what_would_be_and_changes_nothing) {
  const auto preview = upload("preview", kFile);
  EXPECT_EQ(preview["header_row"], 2);
  EXPECT_EQ(preview["encoding"], "UTF-8");
  EXPECT_EQ(preview["columns"][1]["field"], "mac");
  EXPECT_EQ(preview["columns"][1]["column"], "B");
  EXPECT_EQ(preview["columns"][4]["field"], nullptr);
  EXPECT_EQ(preview["rows"], 3);
  ASSERT_EQ(preview["problem_count"], 1);
  EXPECT_EQ(preview["problems"][0]["row"], 6);
  EXPECT_EQ(preview["problems"][0]["column"], "B");
  EXPECT_EQ(preview["problems"][0]["kind"], "no_mac");
  EXPECT_EQ(preview["problems"][0]["value"], "02-00");
  EXPECT_EQ(preview["matches"]["matched"], 1);
  EXPECT_EQ(preview["matches"]["probable"], 1);
  EXPECT_EQ(preview["matches"]["only_ledger"], 1);
  EXPECT_EQ(preview["changes"]["added"], 3);
  EXPECT_EQ(get("")["upload"], nullptr);
}

TEST_F(LedgerTest, Good_rows_are_imported_and_the_same_file_changes_nothing) {
  const auto first = upload("import", kFile);
  EXPECT_EQ(first["counts"]["matched"], 1);
  EXPECT_EQ(first["counts"]["only_observed"], 1);
  EXPECT_EQ(states(), "プレスPLC:matched パネル:probable 予備品:only_ledger ");
  const auto again = upload("import", kFile);
  EXPECT_EQ(again["changes"]["same"], 3);
  EXPECT_EQ(again["changes"]["added"], 0);
  EXPECT_EQ(sql("select count(*) from ledger_entry"), "3");
  EXPECT_EQ(sql("select count(*) from ledger_upload where content <> ''"), "1");
  const auto item = get("/entries?state=matched")["items"][0];
  EXPECT_EQ(item["device"]["name"], "device 1");
  EXPECT_EQ(item["matched_by"], "mac");
  EXPECT_EQ(item["texts"]["place"], "1F");
  EXPECT_EQ(item["unknown"], Json::parse(R"([["点検","毎月"]])"));
  EXPECT_EQ(get("/entries?q=%E5%80%89%E5%BA%AB")["items"].size(), 1U);  // 倉庫
  EXPECT_EQ(get("/unregistered")["items"].size(), 1U);
}

TEST_F(LedgerTest, A_new_version_says_what_changed_and_decisions_stay) {
  upload("import", kFile);
  const auto spare = get("/entries?state=only_ledger")["items"][0]["id"].get<std::string>();
  const auto decided =
      client.send("PATCH", base + "/entries/" + spare, R"({"decision":"linked","device":"3"})");
  EXPECT_EQ(decided.status, 200) << decided.body;
  EXPECT_EQ(states(), "プレスPLC:matched パネル:probable 予備品:matched ");
  std::string changed = kFile;
  changed.replace(changed.find("倉庫"), std::string("倉庫").size(), "棚");
  changed += "新設,02-00-00-00-00-55,,3F,\n";
  changed.erase(changed.find("パネル"), std::string("パネル,,10.0.0.2,2F,\n").size());
  const auto result = upload("import", changed);
  EXPECT_EQ(result["changes"]["added"], 1);
  EXPECT_EQ(result["changes"]["changed"], 1);
  EXPECT_EQ(result["changes"]["removed"], 1);
  EXPECT_EQ(states(), "プレスPLC:matched 予備品:matched 新設:only_ledger ");
  EXPECT_EQ(client.send("PATCH", base + "/entries/" + spare, R"({"decision":"automatic"})").status,
            200);
  EXPECT_EQ(states(), "プレスPLC:matched 予備品:only_ledger 新設:only_ledger ");
  EXPECT_EQ(client.send("PATCH", base + "/entries/" + spare, R"({"decision":"ignored"})").status,
            200);
  EXPECT_EQ(get("")["counts"]["ignored"], 1);
}

TEST_F(LedgerTest, A_mapping_by_hand_is_remembered) {
  const auto preview = upload("preview", kFile, "&header_row=2&fields=name,mac,ip,place,notes");
  EXPECT_EQ(preview["columns"][4]["field"], "notes");
  upload("import", kFile, "&header_row=2&fields=name,mac,ip,place,notes");
  EXPECT_EQ(upload("preview", kFile)["columns"][4]["field"], "notes");
  EXPECT_EQ(client.send("POST", base + "/preview?fields=name,mac", kFile).status, 400);
  EXPECT_EQ(client.send("POST", base + "/preview?fields=a,b,c,d,e", kFile).status, 400);
  EXPECT_EQ(client.send("POST", base + "/preview?sheet=none", kFile).status, 400);
}

TEST_F(LedgerTest, What_cannot_be_read_is_refused_with_a_sentence) {
  const auto refused =
      client.send("POST", base + "/import", std::string("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 xls"));
  EXPECT_EQ(refused.status, 422);
  EXPECT_NE(refused.body.find("save it as .xlsx"), std::string::npos) << refused.body;
  EXPECT_EQ(client.send("POST", base + "/import", "a,b\n").status, 422);
  EXPECT_EQ(client.send("POST", "/api/v1/organizations/1/sites/99/ledger/preview", kFile).status,
            404);
  EXPECT_EQ(client.send("PATCH", base + "/entries/999", R"({"decision":"ignored"})").status, 404);
}

TEST_F(LedgerTest, Files_may_be_large_where_files_are_taken_and_nowhere_else) {
  std::string rows = "name,ip\n";
  while (rows.size() < (300U << 10)) rows += "a machine with a long name,\n";
  const auto preview = upload("preview", rows);
  EXPECT_GT(preview["rows"].get<int>(), 10'000);
  const auto refused = client.send("PATCH", base + "/entries/1", rows);
  EXPECT_EQ(refused.status, 413);
}

}  // namespace
}  // namespace osect::api
