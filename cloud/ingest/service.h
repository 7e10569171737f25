// The two gRPC servers: osect.v1.Uplink behind mutual TLS, osect.v1.Enrolment behind server TLS.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "cloud/ingest/authority.h"
#include "cloud/ingest/writer.h"
#include "cloud/store/pool.h"

namespace osect::ingest {

struct ServiceConfig {
  std::string uplink_address = "0.0.0.0";
  std::uint16_t uplink_port = 8443;  // 0: any free one
  std::string enrolment_address = "0.0.0.0";
  std::uint16_t enrolment_port = 8444;  // 0: any free one
  std::vector<std::string> names{
      "localhost"};              // what sensors call this server: DNS names and IP addresses
  std::size_t work_threads = 4;  // each needs a connection of the pool
  std::int64_t revocation_check_ms =
      60'000;                         // how often open streams are held against the sensors' states
  std::int64_t retry_first_ms = 250;  // a batch the database could not take; doubles up to
  std::int64_t retry_most_ms = 10'000;
};

// Called on a worker thread after each commit that changed something.
using OnCommit = std::function<void(const Sensor&)>;

// start() and stop() belong to one thread; stop() ends the streams and returns with nothing left
// running. A batch that was being written is committed or not, never half; it is acknowledged only
// when it is.
class Service {
 public:
  Service(ServiceConfig config, store::Pool& pool, const Authority& authority, OnCommit on_commit);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  ~Service();

  Result<> start();
  void stop();
  [[nodiscard]] std::uint16_t uplink_port() const;
  [[nodiscard]] std::uint16_t enrolment_port() const;

 private:
  class Running;
  const ServiceConfig config_;
  store::Pool& pool_;
  const Authority& authority_;
  const OnCommit on_commit_;
  std::unique_ptr<Running> running_;
};

}  // namespace osect::ingest
