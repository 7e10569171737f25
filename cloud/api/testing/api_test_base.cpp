// Arranges two organizations and starts the API on a free port.
#include "cloud/api/testing/api_test_base.h"

#include <cstdlib>
#include <stdexcept>

#include "cloud/account/password.h"

namespace osect::api::testing {

ApiTest::ApiTest() {
  static const std::string kHash = account::hash_password(kPassword);
  sql("insert into organization (id, name) values (1, 'Alpha'), (2, 'Beta');"
      "insert into site (organization_id, name, time_zone) values (1, 'Tokyo', 'Asia/Tokyo');"
      "insert into site (organization_id, name, time_zone) values (2, 'Osaka', 'Asia/Tokyo');"
      "insert into sensor (organization_id, site_id, name, state) values (1, 1, 'Line 1', "
      "'active');"
      "insert into sensor (organization_id, site_id, name, state) values (2, 2, 'Line 2', "
      "'active');");
  for (const std::string login : {"viewer", "operator", "analyst", "admin", "beta"}) {
    const bool is_beta = login == "beta";
    sql("with u as (insert into app_user (login, display_name, password_hash, locale) values ('" +
        login + "', '" + login + "', '" + kHash +
        "', 'en') returning id) insert into membership (organization_id, user_id, role) select " +
        (is_beta ? "2, id, 'admin'" : "1, id, '" + login + "'") + " from u");
  }
  std::string pattern = (std::filesystem::temp_directory_path() / "osect-api-XXXXXX").string();
  directory_ = ::mkdtemp(pattern.data());
  auto authority = ingest::Authority::open(directory_.string());
  if (!authority) throw std::runtime_error(authority.error().message);
  authority_ = std::make_unique<ingest::Authority>(std::move(*authority));
  ApplicationConfig config;
  config.server.port = 0;
  config.server.work_threads = 4;
  config.web_root = directory_.string();
  config.names = {"cloud.example", "127.0.0.1"};
  config.enrolment_port = 9444;
  config.connection = connection();
  application_ = std::make_unique<Application>(config, app(), *authority_);
  const auto started = application_->start();
  if (!started) throw std::runtime_error(started.error().message);
}

ApiTest::~ApiTest() {
  application_->stop();
  application_.reset();
  std::filesystem::remove_all(directory_);
}

Client ApiTest::as(const std::string& login) {
  Client out(port());
  const Answer answer = out.sign_in(login, kPassword);
  EXPECT_EQ(answer.status, 200) << answer.body;
  return out;
}

nlohmann::json ApiTest::json(const Answer& answer, int status) {
  EXPECT_EQ(answer.status, status) << answer.body;
  return nlohmann::json::parse(answer.body, nullptr, false);
}

std::string ApiTest::alpha(const std::string& path) {
  return "/api/v1/organizations/1" + path;
}

}  // namespace osect::api::testing
