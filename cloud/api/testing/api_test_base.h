// A whole API for tests: real PostgreSQL, real HTTP over loopback, two organizations with people of
// every role.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cloud/api/application.h"
#include "cloud/api/testing/client.h"
#include "cloud/ingest/authority.h"
#include "cloud/store/testing/cluster.h"

namespace osect::api::testing {

// Organization 1 ("Alpha") has the people viewer, operator, analyst and admin; organization 2
// ("Beta") has the admin "beta". Everybody's password is kPassword. Site 1 and sensor 1 belong to
// Alpha, site 2 and sensor 2 to Beta.
class ApiTest : public store::testing::DatabaseTest {
 protected:
  static constexpr const char* kPassword = "a long enough password";

  ApiTest();
  ~ApiTest() override;

  [[nodiscard]] std::uint16_t port() const { return application_->port(); }
  // A browser in which this person is signed in.
  [[nodiscard]] Client as(const std::string& login);
  // A page or problem as JSON; fails the test when the status is another.
  [[nodiscard]] static nlohmann::json json(const Answer& answer, int status = 200);
  // "/api/v1/organizations/1" + path
  [[nodiscard]] static std::string alpha(const std::string& path);

  Application& application() { return *application_; }

 private:
  std::filesystem::path directory_;
  std::unique_ptr<ingest::Authority> authority_;
  std::unique_ptr<Application> application_;
};

}  // namespace osect::api::testing
