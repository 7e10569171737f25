// osect-cloud: the sub-commands.
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "cloud/account/admin.h"
#include "cloud/config.h"
#include "cloud/ingest/authority.h"
#include "cloud/report/command.h"
#include "cloud/serve.h"
#include "cloud/store/migrate.h"

namespace osect {
namespace {

constexpr int kUsage = 2;

Result<> migrate(const CloudConfig& config, const std::vector<std::string>& /*arguments*/) {
  const auto applied = store::migrate(config.database + " user=" + config.database_migrate_user);
  if (!applied) return applied.error();
  log::info("The database is up to date; {} migrations were applied", *applied);
  return {};
}

Result<> admin(const CloudConfig& config, const std::vector<std::string>& arguments) {
  const auto authority = ingest::Authority::open(config.state_directory);
  if (!authority) return authority.error().within("certificate authority");
  store::Pool pool({.connection = config.database, .user = config.database_owner_user, .size = 1});
  return account::run_admin(arguments, pool, *authority, std::cout);
}

Result<> report(const CloudConfig& config, const std::vector<std::string>& arguments) {
  store::Pool pool({.connection = config.database, .user = config.database_owner_user, .size = 1});
  return report::run_report(arguments, {.node = config.report_node, .script = config.report_script},
                            pool, system_now(), std::cout);
}

struct Command {
  std::string_view name;
  std::string_view says;
  Result<> (*run)(const CloudConfig& config, const std::vector<std::string>& arguments);
};

constexpr Command kCommands[] = {
    {"serve", "gRPC ingest, inventory, HTTP API and web, until told to stop", serve},
    {"migrate", "make the database what this program needs", migrate},
    {"admin", "organizations, sites, people and sensors; without arguments says which", admin},
    {"report", "make the assessment report of a site: --site NAME --output FILE.pptx", report},
};

int usage() {
  std::cerr << "usage: osect-cloud COMMAND --config FILE [ARGUMENT...]\n";
  for (const Command& command : kCommands)
    std::cerr << "  " << command.name << "  " << command.says << '\n';
  return kUsage;
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return usage();
  std::string config_path;
  std::vector<std::string> rest;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i] == "--config" && i + 1 < arguments.size()) {
      config_path = arguments[++i];
    } else {
      rest.push_back(arguments[i]);
    }
  }
  for (const Command& command : kCommands) {
    if (arguments[0] != command.name) continue;
    if (config_path.empty()) return usage();
    const auto config = read_cloud_config(config_path);
    if (!config) {
      std::cerr << "osect-cloud: " << config.error().message << '\n';
      return kUsage;
    }
    log::start("osect-cloud", config->log_level);
    if (const auto done = command.run(*config, rest); !done) {
      std::cerr << "osect-cloud " << command.name << ": " << done.error().message << '\n';
      return 1;
    }
    return 0;
  }
  return usage();
}

}  // namespace
}  // namespace osect

int main(int argc, char** argv) {
  return osect::run({argv + 1, argv + argc});
}
