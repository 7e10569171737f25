// A cloud that takes in records, for tests: database, authority and both gRPC servers, with two
// organizations.
#pragma once

#include <string>

#include "cloud/ingest/authority.h"
#include "cloud/ingest/fold.h"
#include "cloud/ingest/service.h"
#include "cloud/ingest/testing/sensor.h"
#include "cloud/ingest/testing/story.h"
#include "cloud/store/testing/cluster.h"

namespace osect::ingest::testing {

// Organization 1 with site 1 and sensor "press shop", organization 2 with site 2 and sensor
// "other".
class CloudTest : public store::testing::DatabaseTest {
 protected:
  CloudTest();
  ~CloudTest() override;

  // A certificate of a sensor through the real enrolment.
  Identity enrol(const std::string& sensor_name);
  std::string make_code(const std::string& sensor_name);
  Service& service() { return *service_; }
  const Authority& authority() const { return *authority_; }
  // Folds everything that is committed of organization 1's sensor.
  void fold();
  // Sends one batch on a fresh stream and expects it to be acknowledged; the sequence is the next.
  void tell(Story& story);

  Identity press_shop;

 private:
  std::string directory_;
  std::optional<Authority> authority_;
  std::unique_ptr<Service> service_;
};

}  // namespace osect::ingest::testing
