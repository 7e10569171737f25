// The configuration of osect-cloud: defaults in the struct, read once, constant afterwards.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace osect {

struct CloudConfig {
  // libpq's connection string; the roles below are signed in as, their passwords belong in libpq's
  // passfile.
  std::string database = "host=/run/postgresql dbname=osect";
  std::string database_app_user = "osect_app";
  std::string database_ingest_user = "osect_ingest";
  std::string database_owner_user = "osect_owner";
  std::string database_migrate_user = "osect";

  std::string state_directory = "/var/lib/osect";  // the authority's key and certificate
  std::string ieee_directory = "/usr/share/ieee-data";
  std::vector<std::string> roles{"ingest", "inventory", "detect", "report", "api"};
  // What sensors call this server: DNS names and IP addresses that its certificate carries.
  std::vector<std::string> names{"localhost", "127.0.0.1"};

  std::string http_address = "127.0.0.1";
  std::int64_t http_port = 8080;
  std::string http_certificate;  // PEM files; TLS when both are given
  std::string http_key;
  std::string http_public_origin;  // "https://osect.example" behind a proxy; "": what Host says
  std::string web_root = "/usr/share/osect/web";
  std::string uplink_address = "0.0.0.0";
  std::int64_t uplink_port = 8443;
  std::string enrolment_address = "0.0.0.0";
  std::int64_t enrolment_port = 8444;

  std::string report_node = "/usr/bin/node";
  std::string report_script = "/usr/share/osect/report.mjs";  // web/report, built

  std::int64_t keep_minutes_days = 14;
  std::int64_t keep_hours_days = 400;
  std::string log_level = "info";

  [[nodiscard]] bool has_role(const std::string& role) const;
};

Result<CloudConfig> read_cloud_config(const std::string& path);

}  // namespace osect
