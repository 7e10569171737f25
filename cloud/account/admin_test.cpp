// osect-cloud admin as an operator types it, against a real database.
#include "cloud/account/admin.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cloud/account/sign_in.h"
#include "cloud/ingest/authority.h"
#include "cloud/store/testing/cluster.h"

namespace osect::account {
namespace {

class AdminTest : public store::testing::DatabaseTest {
 protected:
  AdminTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "osect-admin-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    authority_.emplace(ingest::Authority::open(directory_.string()).value());
  }
  ~AdminTest() override { std::filesystem::remove_all(directory_); }

  // What was printed, or "error: ..." with the message.
  std::string admin(const std::vector<std::string>& arguments) {
    std::ostringstream out;
    const auto done = run_admin(arguments, owner(), *authority_, out);
    return done ? out.str() : "error: " + done.error().message;
  }
  static std::string value(const std::string& printed, const std::string& name) {
    const auto at = printed.find(name + ": ");
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 2;
    return printed.substr(begin, printed.find('\n', begin) - begin);
  }

  std::filesystem::path directory_;
  std::optional<ingest::Authority> authority_;
};

TEST_F(AdminTest, init_makes_what_is_needed_to_sign_in_and_does_so_once) {
  const std::string printed =
      admin({"init", "--organization", "Alpha", "--site", "Tokyo", "--login", "Hanako"});
  const std::string password = value(printed, "password");
  ASSERT_EQ(password.size(), 20U) << printed;
  EXPECT_TRUE(check_login(app(), "hanako", password, "192.0.2.1").user);
  EXPECT_FALSE(check_login(app(), "hanako", password + "x", "192.0.2.1").user);
  EXPECT_EQ(sql("select role from membership"), "admin");
  EXPECT_NE(
      admin({"init", "--organization", "B", "--site", "C"}).find("has an organization already"),
      std::string::npos);
}

TEST_F(AdminTest, a_person_becomes_a_member_of_the_whole_or_of_a_site) {
  admin({"init", "--organization", "Alpha", "--site", "Tokyo"});
  admin({"site", "add", "Kyoto", "--organization", "Alpha"});
  const std::vector<std::string> add{"user",  "add",    "taro",   "--organization",
                                     "Alpha", "--role", "viewer", "--site"};
  auto with = [&](const char* site) {
    auto words = add;
    words.emplace_back(site);
    return admin(words);
  };
  EXPECT_EQ(with("Nara"), "error: the organization has no site 'Nara'");
  EXPECT_NE(with("Kyoto").find("password: "), std::string::npos);
  EXPECT_EQ(with("Tokyo"), "login: taro\n");
  EXPECT_EQ(
      lines("select s.name, m.role from membership m join site s on s.id = m.site_id order by "
            "s.name"),
      (std::vector<std::string>{"Kyoto|viewer", "Tokyo|viewer"}));
}

TEST_F(AdminTest, people_get_passwords_and_lose_them) {
  admin({"organization", "add", "Alpha"});
  const std::string first = value(
      admin({"user", "add", "taro", "--organization", "Alpha", "--role", "viewer"}), "password");
  EXPECT_TRUE(check_login(app(), "taro", first, "192.0.2.1").user);
  const std::string second = value(admin({"user", "password", "taro"}), "password");
  EXPECT_FALSE(check_login(app(), "taro", first, "192.0.2.1").user);
  EXPECT_TRUE(check_login(app(), "taro", second, "192.0.2.1").user);
  // Known already: a member of one more organization, with the password as it is.
  admin({"organization", "add", "Beta"});
  const std::string again =
      admin({"user", "add", "taro", "--organization", "Beta", "--role", "admin"});
  EXPECT_EQ(again.find("password"), std::string::npos) << again;
  EXPECT_EQ(sql("select count(*) from membership"), "2");
  const std::string file = (directory_ / "password").string();
  std::ofstream(file) << "chosen by hand 7\n";
  EXPECT_EQ(admin({"user", "password", "--login", "taro", "--password-file", file}),
            "login: taro\n");
  EXPECT_TRUE(check_login(app(), "taro", "chosen by hand 7", "192.0.2.1").user);
  admin({"user", "disable", "taro"});
  EXPECT_FALSE(check_login(app(), "taro", second, "192.0.2.1").user);
  EXPECT_EQ(admin({"user", "disable", "taro"}), "error: there is no enabled user 'taro'");
}

TEST_F(AdminTest, a_sensors_code_is_shown_once_and_kept_as_a_hash) {
  admin({"init", "--organization", "Alpha", "--site", "Tokyo"});
  const std::string code =
      admin({"sensor", "add", "Line 1", "--organization", "Alpha", "--site", "Tokyo"});
  EXPECT_EQ(code.find(':'), std::string::npos) << "nothing but the code: " << code;
  const std::string hash = "select encode(code_hash, 'hex') from enrolment_code";
  const std::string before = sql(hash);
  EXPECT_EQ(before.find(code), std::string::npos);
  EXPECT_NE(admin({"sensor", "code", "--name", "Line 1", "--organization", "1"}), code);
  EXPECT_NE(sql(hash), before);
  EXPECT_EQ(admin({"sensor", "revoke", "Line 1", "--organization", "Alpha"}), "revoked: 1\n");
  EXPECT_EQ(sql("select state from sensor"), "revoked");
  EXPECT_EQ(sql("select count(*) from enrolment_code"), "0");
  EXPECT_NE(admin({"sensor", "code", "Line 1", "--organization", "Alpha"}).find("revoked"),
            std::string::npos);
  EXPECT_EQ(sql("select string_agg(action, ',' order by id) from audit_entry"),
            "organization.add,site.add,user.add,sensor.add,sensor.code,sensor.revoke");
}

TEST_F(AdminTest, a_mistake_is_answered_with_what_to_write_instead) {
  admin({"init", "--organization", "Alpha", "--site", "Tokyo"});
  EXPECT_EQ(admin({"site", "add", "Osaka", "--organization", "Gamma"}),
            "error: there is no organization 'Gamma'");
  EXPECT_EQ(admin({"site", "add", "Tokyo", "--organization", "Alpha"}),
            "error: the organization has a site of this name already");
  EXPECT_NE(admin({"site", "add", "Kyoto", "--organization", "Alpha", "--time-zone", "Mars"})
                .find("IANA"),
            std::string::npos);
  EXPECT_NE(admin({"user", "add", "x", "--organization", "Alpha", "--role", "king"})
                .find("viewer, operator, analyst or admin"),
            std::string::npos);
  EXPECT_NE(admin({"user", "add", "x"})
                .find("--organization is missing\nusage: osect-cloud admin user add --login"),
            std::string::npos);
  EXPECT_NE(admin({"sensor", "add", "--loud"}).find("there is no option --loud"),
            std::string::npos);
  EXPECT_NE(admin({}).find("osect-cloud admin sensor revoke"), std::string::npos);
}

}  // namespace
}  // namespace osect::account
