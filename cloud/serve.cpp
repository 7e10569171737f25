// The wiring of the cloud on one screen: pools, services, workers; stopped in the reverse order of
// their start.
#include "cloud/serve.h"

#include <csignal>
#include <optional>

#include "base/log.h"
#include "cloud/alert/raise.h"
#include "cloud/api/application.h"
#include "cloud/detect/detector.h"
#include "cloud/ingest/authority.h"
#include "cloud/ingest/fold.h"
#include "cloud/ingest/service.h"
#include "cloud/inventory/inventory.h"
#include "cloud/report/reporter.h"
#include "cloud/rules/rules.h"
#include "cloud/store/migrate.h"
#include "cloud/store/partitions.h"
#include "cloud/weakness/assessor.h"

namespace osect {
namespace {

constexpr std::size_t kIngestThreads = 4;

store::Pool::Options pool_options(const CloudConfig& config, const std::string& user,
                                  std::size_t size) {
  return {.connection = config.database, .user = user, .size = size};
}

ingest::ServiceConfig service_config(const CloudConfig& config) {
  ingest::ServiceConfig out;
  out.uplink_address = config.uplink_address;
  out.uplink_port = static_cast<std::uint16_t>(config.uplink_port);
  out.enrolment_address = config.enrolment_address;
  out.enrolment_port = static_cast<std::uint16_t>(config.enrolment_port);
  out.names = config.names;
  out.work_threads = kIngestThreads;
  return out;
}

api::ApplicationConfig api_config(const CloudConfig& config) {
  api::ApplicationConfig out;
  out.server.address = config.http_address;
  out.server.port = static_cast<std::uint16_t>(config.http_port);
  out.server.certificate = config.http_certificate;
  out.server.key = config.http_key;
  out.web_root = config.web_root;
  out.public_origin = config.http_public_origin;
  out.names = config.names;
  out.enrolment_port = static_cast<std::uint16_t>(config.enrolment_port);
  out.connection = config.database;
  out.listen_user = config.database_app_user;
  return out;
}

report::RendererConfig renderer_config(const CloudConfig& config) {
  report::RendererConfig out;
  out.node = config.report_node;
  out.script = config.report_script;
  return out;
}

// Blocks until the process is told to stop; the signals were blocked before the first thread
// started.
void wait_for_stop(const sigset_t& signals) {
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
  log::info("Stopping on signal {}", signal);
}

}  // namespace

Result<> serve(const CloudConfig& config, const std::vector<std::string>& /*arguments*/) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  static_cast<void>(
      std::signal(SIGPIPE, SIG_IGN));  // a peer that goes away is an error of its call

  if (auto checked = store::check_migrated(config.database + " user=" + config.database_app_user);
      !checked)
    return checked;
  auto authority = ingest::Authority::open(config.state_directory);
  if (!authority) return authority.error().within("certificate authority");

  auto vendors = inventory::Vendors::read(config.ieee_directory);
  if (!vendors) return vendors.error().within("vendors of MAC addresses");

  if (auto read = detect::read_rules(rules::files()); !read)
    return read.error().within("detections");

  // Pools before what uses them: destroyed last.
  store::Pool owner_pool(pool_options(config, config.database_owner_user, 1));
  store::Pool ingest_pool(pool_options(config, config.database_ingest_user, kIngestThreads + 1));
  store::Pool inventory_pool(pool_options(config, config.database_ingest_user, 2));
  store::Pool detect_pool(pool_options(config, config.database_ingest_user, 1));
  store::Partitions partitions({config.keep_minutes_days, config.keep_hours_days}, owner_pool);
  ingest::Folder folder({}, ingest_pool);
  api::ApplicationConfig http = api_config(config);
  store::Pool app_pool(
      pool_options(config, config.database_app_user, http.server.work_threads + 2));
  detect::Detector detector(detect_pool, rules::all(), alert::raise);
  inventory::Inventory inventory(inventory_pool, *vendors, std::chrono::seconds(2),
                                 [&detector] { detector.note(); });
  weakness::Assessor assessor(inventory_pool);
  report::Reporter reporter(renderer_config(config), inventory_pool, app_pool);
  std::optional<ingest::Service> ingest;
  std::optional<api::Application> api;

  if (config.has_role("inventory")) {
    inventory.start();
    assessor.start();
  }
  if (config.has_role("detect")) detector.start();
  if (config.has_role("report")) reporter.start();
  if (config.has_role("ingest")) {
    if (auto made = partitions.maintain(system_now()); !made)
      return made.error().within("partitions");
    partitions.start();
    folder.start();
    ingest.emplace(service_config(config), ingest_pool, *authority,
                   [&folder, &inventory, &detector](const ingest::Sensor& sensor) {
                     folder.note(sensor);
                     inventory.note();
                     detector.note();
                   });
    if (auto started = ingest->start(); !started) return started;
    http.enrolment_port = ingest->enrolment_port();
    log::info("Sensors connect to {}:{} and enrol at {}:{}", config.uplink_address,
              ingest->uplink_port(), config.enrolment_address, ingest->enrolment_port());
  }
  if (config.has_role("api")) {
    api.emplace(http, app_pool, *authority);
    if (auto started = api->start(); !started) return started.error().within("http");
    log::info("The web is at http{}://{}:{}", config.http_certificate.empty() ? "" : "s",
              config.http_address, api->port());
  }
  wait_for_stop(signals);
  if (api) api->stop();
  ingest.reset();
  folder.stop();
  reporter.stop();
  assessor.stop();
  inventory.stop();
  detector.stop();
  partitions.stop();
  return {};
}

}  // namespace osect
