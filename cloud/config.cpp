// The keys of the configuration file.
#include "cloud/config.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/config.h"

namespace osect {

bool CloudConfig::has_role(const std::string& role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

Result<CloudConfig> read_cloud_config(const std::string& path) {
  CloudConfig config;
  ConfigFile file;
  file.bind("database.connection", config.database);
  file.bind("database.app_user", config.database_app_user);
  file.bind("database.ingest_user", config.database_ingest_user);
  file.bind("database.owner_user", config.database_owner_user);
  file.bind("database.migrate_user", config.database_migrate_user);
  file.bind("state.directory", config.state_directory);
  file.bind("inventory.ieee_directory", config.ieee_directory);
  file.bind("node.roles", config.roles);
  file.bind("node.names", config.names);
  file.bind("http.address", config.http_address);
  file.bind("http.port", config.http_port, 0, 65535);
  file.bind("http.certificate", config.http_certificate);
  file.bind("http.key", config.http_key);
  file.bind("http.public_origin", config.http_public_origin);
  file.bind("http.web_root", config.web_root);
  file.bind("uplink.address", config.uplink_address);
  file.bind("uplink.port", config.uplink_port, 0, 65535);
  file.bind("enrolment.address", config.enrolment_address);
  file.bind("enrolment.port", config.enrolment_port, 0, 65535);
  file.bind("report.node", config.report_node);
  file.bind("report.script", config.report_script);
  file.bind("keep.minutes_days", config.keep_minutes_days, 1, 366);
  file.bind("keep.hours_days", config.keep_hours_days, 31, 3650);
  file.bind("log.level", config.log_level, {"debug", "info", "warn", "error"});
  if (auto read = file.read(path); !read) return read.error();
  for (const std::string& role : config.roles)
    if (role != "ingest" && role != "inventory" && role != "detect" && role != "report" &&
        role != "api")
      return Error(fmt::format(
          "{}: node.roles: '{}' is none of ingest, inventory, detect, report, api", path, role));
  if (config.names.empty())
    return Error(fmt::format("{}: node.names: at least one name is needed", path));
  return config;
}

}  // namespace osect
