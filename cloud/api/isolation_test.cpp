// Walks the table of routes: each is documented, each needs its session and role, none shows
// another organization.
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "cloud/api/routes.h"
#include "cloud/api/testing/api_test_base.h"

namespace osect::api {
namespace {

using testing::Answer;
using testing::ApiTest;
using testing::Client;

// "GET /path" -> x-role, as openapi.yaml says.
std::map<std::string, std::string> documented() {
  std::ifstream in("cloud/api/openapi.yaml");
  std::map<std::string, std::string> out;
  std::string path;
  std::string operation;
  for (std::string line; std::getline(in, line) && line != "components:";) {
    const auto text = line.find_first_not_of(' ');
    const bool is_key = !line.empty() && line.back() == ':';
    if (is_key && text == 2 && line[2] == '/') {
      path = line.substr(2, line.size() - 3);
    } else if (is_key && text == 4) {
      operation = line.substr(4, line.size() - 5);
      for (char& c : operation) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      operation += " " + path;
    } else if (line.starts_with("      x-role: ")) {
      out[operation] = line.substr(14);
    }
  }
  return out;
}

std::string role_name(Access access) {
  switch (access) {
    case Access::anybody:
      return "none";
    case Access::user:
      return "user";
    case Access::viewer:
      return "viewer";
    case Access::operator_:
      return "operator";
    case Access::analyst:
      return "analyst";
    case Access::admin:
      return "admin";
  }
  return {};
}

TEST(routes, openapi_documents_exactly_the_routes_there_are) {
  std::map<std::string, std::string> offered;
  for (const Route& route : routes())
    offered[std::string(route.method) + " " + std::string(route.path)] = role_name(route.access);
  EXPECT_EQ(offered, documented());
}

// The template with organization and all other ids filled in.
std::string filled(std::string_view pattern, const std::string& organization,
                   const std::string& id) {
  std::string out(pattern);
  const std::string mark = "{organization}";
  if (const auto at = out.find(mark); at != std::string::npos)
    out.replace(at, mark.size(), organization);
  for (auto at = out.find('{'); at != std::string::npos; at = out.find('{'))
    out.replace(at, out.find('}') - at + 1, id);
  return out;
}

class IsolationTest : public ApiTest {};

TEST_F(IsolationTest, without_a_session_every_route_says_401) {
  Client nobody(port());
  Client forger(port());
  forger.cookie = "osect_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  for (const Route& route : routes()) {
    if (route.access == Access::anybody) continue;
    const std::string target = filled(route.path, "1", "1");
    EXPECT_EQ(nobody.send(std::string(route.method), target, "{}").status, 401) << target;
    EXPECT_EQ(forger.send(std::string(route.method), target, "{}").status, 401) << target;
  }
}

TEST_F(IsolationTest, a_foreign_organization_looks_exactly_like_an_absent_one) {
  Client beta = as("beta");
  for (const Route& route : routes()) {
    if (route.access == Access::anybody || route.access == Access::user) continue;
    const std::string method(route.method);
    const Answer foreign = beta.send(method, filled(route.path, "1", "1"), "{}");
    const Answer absent = beta.send(method, filled(route.path, "999", "1"), "{}");
    const Answer broken = beta.send(method, filled(route.path, "1%20or%201", "1"), "{}");
    EXPECT_EQ(foreign.status, 404) << method << " " << route.path << " " << foreign.body;
    EXPECT_EQ(foreign.body, absent.body) << route.path;
    EXPECT_EQ(foreign.body, broken.body) << route.path;
  }
}

TEST_F(IsolationTest, a_foreign_id_in_ones_own_organization_looks_like_an_absent_one) {
  sql("insert into device (organization_id, site_id, name, name_source, first_seen, last_seen) "
      "values "
      "(1, 1, 'alpha plc', 'ip', now(), now())");
  Client beta = as("beta");
  for (const Route& route : routes()) {
    const bool has_id = route.path.find('{', route.path.find('}')) != std::string_view::npos;
    if (!has_id) continue;
    const std::string method(route.method);
    const std::string body = method == "PATCH" ? R"({"name":"stolen"})" : "";
    // 1 is Alpha's site, sensor and device.
    const Answer foreign = beta.send(method, filled(route.path, "2", "1"), body);
    const Answer absent = beta.send(method, filled(route.path, "2", "999"), body);
    EXPECT_EQ(foreign.status, 404) << method << " " << route.path << " " << foreign.body;
    EXPECT_EQ(foreign.body, absent.body) << route.path;
  }
  EXPECT_EQ(sql("select name from device where id = 1"), "alpha plc");
  EXPECT_EQ(sql("select state from sensor where id = 1"), "active");
}

TEST_F(IsolationTest, a_foreign_site_or_sensor_as_scope_gives_nothing) {
  sql("insert into device (organization_id, site_id, name, name_source, first_seen, last_seen) "
      "values "
      "(1, 1, 'alpha plc', 'ip', now(), now())");
  Client beta = as("beta");
  for (const char* scope : {"?site=1", "?sensor=1", ""}) {
    const auto page = json(beta.get(std::string("/api/v1/organizations/2/devices") + scope));
    EXPECT_EQ(page["total"], 0) << scope;
    const auto home = json(beta.get(std::string("/api/v1/organizations/2/home") + scope));
    EXPECT_EQ(home["devices"], 0) << scope;
  }
}

TEST_F(IsolationTest, each_role_may_do_what_the_table_says_and_no_more) {
  const std::vector<std::pair<std::string, Access>> people{{"viewer", Access::viewer},
                                                           {"operator", Access::operator_},
                                                           {"analyst", Access::analyst},
                                                           {"admin", Access::admin}};
  for (const auto& [login, access] : people) {
    Client client = as(login);
    for (const Route& route : routes()) {
      if (route.access <= Access::user || route.path.ends_with("/events")) continue;
      // Ids that do not exist: nobody's request changes anything, and past the role's check comes
      // 400 or 404.
      const Answer answer = client.send(std::string(route.method), filled(route.path, "1", "999"),
                                        route.method == "GET" ? "" : "[]");
      if (access < route.access)
        EXPECT_EQ(answer.status, 403) << login << " " << route.method << " " << route.path;
      else
        EXPECT_NE(answer.status, 403) << login << " " << route.method << " " << route.path;
      EXPECT_LT(answer.status, 500) << route.path << " " << answer.body;
    }
  }
}

TEST_F(IsolationTest, every_unsafe_route_needs_the_csrf_token) {
  Client admin = as("admin");
  const std::string token = admin.csrf_token;
  for (const Route& route : routes()) {
    if (route.access == Access::anybody || route.method == "GET") continue;
    for (const std::string& wrong : {std::string(), std::string("x"), token.substr(1)}) {
      admin.csrf_token = wrong;
      const Answer answer =
          admin.send(std::string(route.method), filled(route.path, "1", "1"), "{}");
      EXPECT_EQ(answer.status, 403) << route.method << " " << route.path;
      EXPECT_NE(answer.body.find("/problems/csrf"), std::string::npos) << answer.body;
    }
  }
}

TEST_F(IsolationTest, an_unknown_parameter_is_refused_by_name_on_every_route) {
  Client admin = as("admin");
  sql("insert into device (organization_id, site_id, name, name_source, first_seen, last_seen) "
      "values "
      "(1, 1, 'plc', 'ip', now(), now())");
  for (const Route& route : routes()) {
    if (route.access <= Access::user || route.method != "GET") continue;
    const auto problem = json(admin.get(filled(route.path, "1", "1") + "?surprise=1"), 400);
    bool is_named = false;
    for (const auto& error : problem["errors"]) is_named = is_named || error["field"] == "surprise";
    EXPECT_TRUE(is_named) << route.path << problem.dump();
  }
}

TEST_F(IsolationTest, unknown_paths_and_methods_are_problems_too) {
  Client admin = as("admin");
  EXPECT_EQ(admin.get("/api/v1/nothing").status, 404);
  EXPECT_EQ(admin.get("/api/").header("content-type"), "application/problem+json");
  const Answer answer = admin.send("PUT", "/api/v1/session");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("allow"), "DELETE, GET, POST");
}

TEST_F(IsolationTest, every_answer_carries_the_security_headers) {
  Client admin = as("admin");
  for (const char* target : {"/api/v1/session", "/api/v1/nothing", "/", "/devices"}) {
    const Answer answer = admin.get(target);
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff") << target;
    EXPECT_EQ(answer.header("referrer-policy"), "no-referrer") << target;
    const std::string policy = answer.header("content-security-policy");
    EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos) << target;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos) << target;
  }
}

}  // namespace
}  // namespace osect::api
