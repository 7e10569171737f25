// Sets up and tears down.
#include "cloud/ingest/testing/cloud.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <filesystem>

#include "base/certificate.h"

namespace osect::ingest::testing {

CloudTest::CloudTest() {
  sql("insert into organization (id, name) values (1, 'one'), (2, 'two');"
      "insert into site (organization_id, name) values (1, 'plant'), (2, 'other plant');"
      "insert into sensor (organization_id, site_id, name) values (1, 1, 'press shop'), (2, 2, "
      "'other')");
  std::string name = "/tmp/osect-state.XXXXXX";
  directory_ = mkdtemp(name.data());
  authority_.emplace(Authority::open(directory_).value());
  ServiceConfig config;
  config.uplink_address = "127.0.0.1";
  config.uplink_port = 0;
  config.enrolment_address = "127.0.0.1";
  config.enrolment_port = 0;
  config.work_threads = 2;
  config.revocation_check_ms = 100;
  config.retry_first_ms = 50;
  config.retry_most_ms = 200;
  service_ = std::make_unique<Service>(config, ingest(), *authority_, [](const Sensor&) {});
  const auto started = service_->start();
  EXPECT_TRUE(started) << (started ? "" : started.error().message);
  press_shop = enrol("press shop");
}

CloudTest::~CloudTest() {
  service_.reset();
  std::filesystem::remove_all(directory_);
}

std::string CloudTest::make_code(const std::string& sensor_name) {
  const OneTimeCode code = authority_->make_code();
  std::string hex;
  for (const char c : code.hash) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  sql(fmt::format(
      "insert into enrolment_code (organization_id, sensor_id, code_hash, expires_at) "
      "select organization_id, id, '\\x{}', now() + interval '1 day' from sensor where name = '{}' "
      "on conflict on constraint enrolment_code_pk do update set code_hash = excluded.code_hash, "
      "used_at = null",
      hex, sensor_name));
  return code.text;
}

Identity CloudTest::enrol(const std::string& sensor_name) {
  const KeyAndRequest key = make_key_and_request().value();
  const EnrolAnswer answer = enroll(service_->enrolment_port(), authority_->certificate_pem(),
                                    make_code(sensor_name), key.request_pem);
  EXPECT_TRUE(answer.is_ok) << answer.why;
  return {answer.response.authority_pem(), answer.response.certificate_pem(), key.key_pem};
}

void CloudTest::fold() {
  Folder folder({}, ingest());
  for (;;) {
    const auto more = folder.fold({1, 1, 1});
    ASSERT_TRUE(more) << more.error().message;
    if (!*more) return;
  }
}

void CloudTest::tell(Story& story) {
  Uplink uplink(service_->uplink_port(), press_shop);
  const auto welcome = uplink.hello();
  ASSERT_TRUE(welcome) << uplink.status();
  story.resume(welcome->dictionary());
  uplink.send(story.take(welcome->committed_sequence() + 1));
  const auto answer = uplink.receive();
  ASSERT_TRUE(answer) << uplink.status();
  ASSERT_TRUE(answer->has_ack()) << answer->DebugString();
}

}  // namespace osect::ingest::testing
