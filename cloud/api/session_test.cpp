// Signing in as a person and as an attacker would.
#include <gtest/gtest.h>

#include "cloud/api/testing/api_test_base.h"

namespace osect::api {
namespace {

using testing::Answer;
using testing::ApiTest;
using testing::Client;

class SessionTest : public ApiTest {
 protected:
  Answer try_password(const std::string& login, const std::string& password) {
    Client client(port());
    return client.sign_in(login, password);
  }
};

TEST_F(SessionTest, signing_in_sets_a_strict_cookie_and_says_who_and_where) {
  Client client(port());
  const Answer answer = client.sign_in("Viewer", kPassword);
  const auto session = json(answer);
  EXPECT_EQ(session["account"]["login"], "viewer");
  EXPECT_EQ(session["organizations"][0]["name"], "Alpha");
  EXPECT_EQ(session["organizations"][0]["role"], "viewer");
  const std::string cookie = answer.header("set-cookie");
  EXPECT_NE(cookie.find("; HttpOnly; SameSite=Strict"), std::string::npos) << cookie;
  EXPECT_EQ(json(client.get("/api/v1/session"))["csrf_token"], session["csrf_token"]);
  EXPECT_EQ(json(client.get("/api/v1/organizations"))["items"].size(), 1U);
  // Only a hash of the cookie is kept.
  EXPECT_EQ(sql("select count(*) from session where encode(token_hash, 'escape') like '%" +
                client.cookie.substr(14) + "%'"),
            "0");
  EXPECT_EQ(sql("select action from audit_entry where organization_id = 1"), "session.start");
}

TEST_F(SessionTest, wrong_password_unknown_user_and_disabled_user_look_the_same) {
  sql("update app_user set disabled_at = now() where login = 'analyst'");
  const Answer wrong = try_password("viewer", "not the password");
  const Answer unknown = try_password("nobody", kPassword);
  const Answer disabled = try_password("analyst", kPassword);
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(disabled.status, 401);
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_EQ(wrong.body, disabled.body);
}

TEST_F(SessionTest, five_failures_lock_the_login_known_or_not_until_the_time_is_over) {
  for (const std::string login : {"viewer", "nobody"}) {
    sql("delete from sign_in_attempt");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(try_password(login, "wrong").status, 401);
    const Answer locked = try_password(login, kPassword);
    EXPECT_EQ(locked.status, 429) << login;
    EXPECT_GT(std::stoi(locked.header("retry-after")), 50);
    EXPECT_LE(std::stoi(locked.header("retry-after")), 60);
  }
  EXPECT_EQ(try_password("admin", kPassword).status, 200) << "others are not locked";
  sql("update sign_in_attempt set locked_until = now() - interval '1 second'");
  EXPECT_EQ(try_password("nobody", "wrong").status, 401);
  EXPECT_GT(std::stoi(try_password("nobody", "wrong").header("retry-after")), 60)
      << "each lock is longer";
}

TEST_F(SessionTest, one_address_cannot_try_many_logins) {
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(try_password("user" + std::to_string(i), "wrong").status, 401);
  EXPECT_EQ(try_password("viewer", kPassword).status, 429);
}

TEST_F(SessionTest, a_page_of_another_site_cannot_sign_in) {
  Client client(port());
  const std::string body = R"({"login":"viewer","password":"a long enough password"})";
  EXPECT_EQ(
      client.send("POST", "/api/v1/session", body, {{"Origin", "https://evil.example"}}).status,
      403);
  EXPECT_EQ(client.send("POST", "/api/v1/session", body, {{"Origin", "http://localhost"}}).status,
            200);
}

TEST_F(SessionTest, sessions_end_by_signing_out_by_idleness_and_by_age) {
  Client client = as("viewer");
  EXPECT_EQ(client.send("DELETE", "/api/v1/session").status, 204);
  EXPECT_EQ(client.get("/api/v1/session").status, 401);
  for (const char* end :
       {"last_seen_at = now() - interval '12 hours 1 second'", "expires_at = now()"}) {
    client = as("viewer");
    sql(std::string("update session set ") + end);
    EXPECT_EQ(client.get("/api/v1/session").status, 401) << end;
  }
  client = as("viewer");
  sql("update session set last_seen_at = now() - interval '11 hours'");
  EXPECT_EQ(client.get("/api/v1/session").status, 200);
  EXPECT_EQ(sql("select last_seen_at > now() - interval '1 minute' from session"), "t")
      << "use keeps it alive";
  sql("update app_user set disabled_at = now() where login = 'viewer'");
  EXPECT_EQ(client.get("/api/v1/session").status, 401);
}

TEST_F(SessionTest, signing_in_again_replaces_the_session) {
  Client client = as("viewer");
  const std::string before = client.cookie;
  EXPECT_EQ(client.sign_in("viewer", kPassword).status, 200);
  EXPECT_NE(client.cookie, before);
  Client old(port());
  old.cookie = before;
  EXPECT_EQ(old.get("/api/v1/session").status, 401);
}

TEST_F(SessionTest, changing_the_password_ends_the_other_sessions_and_renews_this_one) {
  Client here = as("viewer");
  Client elsewhere = as("viewer");
  const std::string path = "/api/v1/account/password";
  EXPECT_EQ(json(here.send("POST", path, R"({"current":"wrong","new":"another long password"})"),
                 400)["errors"][0]["field"],
            "current");
  for (const char* bad :
       {"short", "a viewer's password", "aaaaaaaaaaaaaaaa", "a long enough password"}) {
    const auto problem = json(
        here.send("POST", path, nlohmann::json{{"current", kPassword}, {"new", bad}}.dump()), 400);
    EXPECT_EQ(problem["errors"][0]["field"], "new") << bad;
  }
  const Answer changed =
      here.send("POST", path,
                nlohmann::json{{"current", kPassword}, {"new", "another long password"}}.dump());
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(elsewhere.get("/api/v1/session").status, 401);
  EXPECT_EQ(here.get("/api/v1/session").status, 401) << "the old cookie is worth nothing";
  EXPECT_EQ(try_password("viewer", kPassword).status, 401);
  EXPECT_EQ(try_password("viewer", "another long password").status, 200);
}

TEST_F(SessionTest, the_account_keeps_language_theme_and_name) {
  Client client = as("viewer");
  EXPECT_EQ(json(client.send(
                "PATCH", "/api/v1/account",
                R"({"locale":"ja","theme":"dark","display_name":"保全 太郎"})"))["display_name"],
            "保全 太郎");
  const auto account = json(client.get("/api/v1/account"));
  EXPECT_EQ(account["locale"], "ja");
  EXPECT_EQ(account["theme"], "dark");
  const auto problem = json(
      client.send("PATCH", "/api/v1/account", R"({"theme":"pink","age":3,"display_name":7})"), 400);
  EXPECT_EQ(problem["errors"].size(), 3U);
  EXPECT_EQ(problem["type"], "/problems/invalid-field");
  EXPECT_EQ(client.send("PATCH", "/api/v1/account", "{}").status, 400);
  EXPECT_EQ(client.send("PATCH", "/api/v1/account", "{\"theme\":").status, 400);
  EXPECT_EQ(client.send("PATCH", "/api/v1/account", std::string(10000, '[')).status, 400);
}

}  // namespace
}  // namespace osect::api
