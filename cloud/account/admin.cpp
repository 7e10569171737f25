// osect-cloud admin: sub-commands as a table, each a few queries.
#include "cloud/account/admin.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <ostream>
#include <span>
#include <string_view>

#include "cloud/account/database.h"
#include "cloud/account/password.h"
#include "cloud/account/session.h"
#include "cloud/account/sign_in.h"
#include "cloud/ingest/authority.h"
#include "cloud/store/queries/admin.h"
#include "cloud/store/queries/app_user.h"
#include "cloud/store/queries/audit_entry.h"
#include "cloud/store/queries/membership.h"
#include "cloud/store/queries/organization.h"
#include "cloud/store/queries/session.h"
#include "cloud/store/queries/sign_in_attempt.h"
#include "cloud/store/queries/site_read.h"

namespace osect::account {
namespace query = store::query;
namespace {

// Wrong arguments, or something that is not there; caught in run_admin().
struct Refusal {
  std::string text;
};

struct Run {
  store::Pool& pool;
  const ingest::Authority& authority;
  std::ostream& out;
  std::string subject;                         // what the command is about: NAME or LOGIN
  std::map<std::string, std::string> options;  // without the dashes

  [[nodiscard]] std::string option(const std::string& name, const std::string& otherwise) const {
    const auto found = options.find(name);
    return found == options.end() ? otherwise : found->second;
  }
};

std::int64_t find_organization(Run& run) {
  auto transaction = begin(run.pool, {});
  const std::string name = run.option("organization", "");
  const auto rows = ask(transaction, query::kAdminOrganizationFind, {name});
  if (rows.size() == 1) return rows[0].integer(0);
  if (rows.empty()) throw Refusal{fmt::format("there is no organization '{}'", name)};
  throw Refusal{fmt::format("several organizations are named '{}'; give the id", name)};
}

std::int64_t find_site(Run& run, store::Transaction& transaction, std::int64_t organization) {
  const std::string name = run.option("site", "");
  const auto rows = ask(transaction, query::kAdminSiteFind, {organization, name});
  if (rows.empty()) throw Refusal{fmt::format("the organization has no site '{}'", name)};
  return rows[0].integer(0);
}

void note(store::Transaction& transaction, std::int64_t organization, const std::string& action,
          const std::string& subject) {
  ask(transaction, query::kAuditEntryAdd,
      {organization, nullptr, action, subject, R"({"by":"osect-cloud admin"})"});
}

std::int64_t make_organization(Run& run, const std::string& name, const std::string& kind) {
  std::int64_t id = 0;
  {
    auto transaction = begin(run.pool, {});
    id = ask(transaction, query::kOrganizationNextId)[0].integer(0);
  }
  auto transaction = begin(run.pool, {.organization = id, .user = 0});
  ask(transaction, query::kOrganizationAdd, {id, name, kind});
  note(transaction, id, "organization.add", fmt::format("organization:{}", id));
  commit(transaction);
  return id;
}

std::int64_t make_site(Run& run, std::int64_t organization, const std::string& name) {
  const std::string zone = run.option("time-zone", "Asia/Tokyo");
  auto transaction = begin(run.pool, {.organization = organization, .user = 0});
  if (!ask(transaction, query::kTimeZoneIsKnown, {zone})[0].boolean(0))
    throw Refusal{
        fmt::format("'{}' is not a time zone; an IANA name such as Asia/Tokyo is needed", zone)};
  const auto id =
      ask(transaction, query::kSiteAdd, {organization, name, zone, run.option("place", "")})[0]
          .integer(0);
  note(transaction, organization, "site.add", fmt::format("site:{}", id));
  commit(transaction);
  return id;
}

// The first line of --password-file, or a random one.
std::string new_password(Run& run, const std::string& login) {
  if (!run.options.contains("password-file")) return random_password();
  const std::string path = run.option("password-file", "");
  std::ifstream in(path);
  std::string out;
  if (!std::getline(in, out)) throw Refusal{fmt::format("cannot read a password from {}", path)};
  if (out.size() < 12) throw Refusal{path + ": a password needs 12 characters or more"};
  const std::string objection = objection_to_password(login, out);
  if (!objection.empty()) throw Refusal{fmt::format("{}: {}", path, objection)};
  return out;
}

// Makes the user where there is none, and a member of the site (nothing: of all); prints the
// password of a new user.
void make_member(Run& run, std::int64_t organization, std::optional<std::int64_t> site,
                 const std::string& login, const std::string& role) {
  if (role_of(role) == Role::none)
    throw Refusal{
        fmt::format("'{}' is not a role; viewer, operator, analyst or admin is needed", role)};
  const std::string locale = run.option("locale", "ja");
  if (locale != "ja" && locale != "en")
    throw Refusal{fmt::format("'{}' is not a language; ja or en is needed", locale)};
  const std::string password = new_password(run, login);
  const std::string hash = hash_password(password);
  auto transaction = begin(run.pool, {.organization = organization, .user = 0});
  const auto added = ask(transaction, query::kAppUserAdd,
                         {login, run.option("display-name", login), hash, locale});
  const auto found = ask(transaction, query::kAppUserIdOfLogin, {login});
  const std::int64_t user = found[0].integer(0);
  ask(transaction, query::kMembershipSet, {organization, user, role, site});
  note(transaction, organization, "user.add", fmt::format("user:{}", user));
  commit(transaction);
  run.out << "login: " << login << '\n';
  const bool is_shown = !added.empty() && !run.options.contains("password-file");
  if (is_shown) run.out << "password: " << password << '\n';
}

// Nothing else goes to the output, so that a script can hand it on.
void print_code(Run& run, store::Transaction& transaction, std::int64_t organization,
                std::int64_t sensor) {
  const auto code = run.authority.make_code();
  ask(transaction, query::kEnrolmentCodeSet,
      {organization, sensor, store::Param::bytes(code.hash)});
  run.out << code.text << '\n';
}

void init(Run& run) {
  {
    auto transaction = begin(run.pool, {});
    if (ask(transaction, query::kAdminOrganizationCount)[0].integer(0) > 0)
      throw Refusal{
          "this cloud has an organization already; use 'organization add' and 'user add'"};
  }
  const auto organization = make_organization(run, run.option("organization", ""), "customer");
  run.out << "organization: " << organization << '\n';
  run.out << "site: " << make_site(run, organization, run.option("site", "")) << '\n';
  make_member(run, organization, std::nullopt, run.option("login", "admin"), "admin");
}

void organization_add(Run& run) {
  const bool is_partner = run.options.contains("partner");
  run.out << "organization: "
          << make_organization(run, run.subject, is_partner ? "partner" : "customer") << '\n';
}

void organization_list(Run& run) {
  auto transaction = begin(run.pool, {});
  const auto rows = ask(transaction, query::kAdminOrganizationList);
  for (const auto row : rows) run.out << row.integer(0) << ": " << row.text(1) << '\n';
}

void site_add(Run& run) {
  run.out << "site: " << make_site(run, find_organization(run), run.subject) << '\n';
}

void user_add(Run& run) {
  const std::int64_t organization = find_organization(run);
  std::optional<std::int64_t> site;
  if (run.options.contains("site")) {
    auto transaction = begin(run.pool, {.organization = organization, .user = 0});
    site = find_site(run, transaction, organization);
  }
  make_member(run, organization, site, run.subject, run.option("role", ""));
}

void user_password(Run& run) {
  const std::string password = new_password(run, run.subject);
  const std::string hash = hash_password(password);
  auto transaction = begin(run.pool, {});
  const auto rows = ask(transaction, query::kAppUserSetPasswordByLogin, {run.subject, hash});
  if (rows.empty()) throw Refusal{fmt::format("there is no user '{}'", run.subject)};
  ask(transaction, query::kSessionEndAll, {rows[0].integer(0)});
  ask(transaction, query::kSignInAttemptClearLogin, {run.subject});
  commit(transaction);
  run.out << "login: " << run.subject << '\n';
  if (!run.options.contains("password-file")) run.out << "password: " << password << '\n';
}

void user_disable(Run& run) {
  auto transaction = begin(run.pool, {});
  const auto rows = ask(transaction, query::kAppUserDisable, {run.subject});
  if (rows.empty()) throw Refusal{fmt::format("there is no enabled user '{}'", run.subject)};
  ask(transaction, query::kSessionEndAll, {rows[0].integer(0)});
  commit(transaction);
  run.out << "disabled: " << run.subject << '\n';
}

void sensor_add(Run& run) {
  const std::int64_t organization = find_organization(run);
  auto transaction = begin(run.pool, {.organization = organization, .user = 0});
  const std::int64_t site = find_site(run, transaction, organization);
  const auto sensor =
      ask(transaction, query::kSensorAdd, {organization, site, run.subject})[0].integer(0);
  print_code(run, transaction, organization, sensor);
  note(transaction, organization, "sensor.add", fmt::format("sensor:{}", sensor));
  commit(transaction);
}

std::int64_t find_sensor(Run& run, store::Transaction& transaction, std::int64_t organization) {
  const auto rows = ask(transaction, query::kAdminSensorFind, {organization, run.subject});
  if (rows.size() == 1) return rows[0].integer(0);
  if (rows.empty()) throw Refusal{fmt::format("the organization has no sensor '{}'", run.subject)};
  throw Refusal{fmt::format("several sensors are named '{}'; give the id", run.subject)};
}

void sensor_code(Run& run) {
  const std::int64_t organization = find_organization(run);
  auto transaction = begin(run.pool, {.organization = organization, .user = 0});
  const std::int64_t sensor = find_sensor(run, transaction, organization);
  if (ask(transaction, query::kSensorLock, {organization, sensor})[0].text(0) == "revoked")
    throw Refusal{"the sensor is revoked and cannot enrol again"};
  print_code(run, transaction, organization, sensor);
  note(transaction, organization, "sensor.code", fmt::format("sensor:{}", sensor));
  commit(transaction);
}

void sensor_revoke(Run& run) {
  const std::int64_t organization = find_organization(run);
  auto transaction = begin(run.pool, {.organization = organization, .user = 0});
  const std::int64_t sensor = find_sensor(run, transaction, organization);
  ask(transaction, query::kSensorRevoke, {organization, sensor});
  ask(transaction, query::kEnrolmentCodeRemove, {organization, sensor});
  note(transaction, organization, "sensor.revoke", fmt::format("sensor:{}", sensor));
  commit(transaction);
  run.out << "revoked: " << sensor << '\n';
}

struct Command {
  std::string_view words;
  std::string_view subject;  // the option that says what it is about; may stand without its name
  std::vector<std::string_view> required;
  std::vector<std::string_view> optional;
  void (*run)(Run&);
};

const std::array<Command, 10>& commands() {
  static const std::array<Command, 10> kCommands{{
      {"init",
       "",
       {"organization", "site"},
       {"login", "display-name", "locale", "password-file", "time-zone", "place"},
       init},
      {"organization add", "name", {}, {"partner"}, organization_add},
      {"organization list", "", {}, {}, organization_list},
      {"site add", "name", {"organization"}, {"time-zone", "place"}, site_add},
      {"user add",
       "login",
       {"organization", "role"},
       {"site", "display-name", "locale", "password-file"},
       user_add},
      {"user password", "login", {}, {"password-file"}, user_password},
      {"user disable", "login", {}, {}, user_disable},
      {"sensor add", "name", {"organization", "site"}, {}, sensor_add},
      {"sensor code", "name", {"organization"}, {}, sensor_code},
      {"sensor revoke", "name", {"organization"}, {}, sensor_revoke},
  }};
  return kCommands;
}

std::string usage(const Command& command) {
  std::string out = "osect-cloud admin " + std::string(command.words);
  if (!command.subject.empty()) out += fmt::format(" --{} ...", command.subject);
  for (const auto name : command.required) out += fmt::format(" --{} ...", name);
  for (const auto name : command.optional)
    out += name == "partner" ? " [--partner]" : fmt::format(" [--{} ...]", name);
  return out;
}

bool is_among(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Fills subject and options from what stands behind the command's words.
void read_arguments(const Command& command, std::span<const std::string> rest, Run& run) {
  const auto refuse = [&](const std::string& why) -> void {
    throw Refusal{why + "\nusage: " + usage(command)};
  };
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (!rest[i].starts_with("--")) {
      if (command.subject.empty() || !run.subject.empty() || rest[i].empty())
        refuse(fmt::format("'{}' is one argument too many", rest[i]));
      run.subject = rest[i];
      continue;
    }
    const std::string name = rest[i].substr(2);
    const bool is_subject = !command.subject.empty() && name == command.subject;
    if (!is_subject && !is_among(command.required, name) && !is_among(command.optional, name))
      refuse(fmt::format("there is no option --{}", name));
    const bool is_flag = name == "partner";
    if (!is_flag && (i + 1 == rest.size() || rest[i + 1].empty()))
      refuse(fmt::format("--{} needs a value", name));
    (is_subject ? run.subject : run.options[name]) = is_flag ? "" : rest[++i];
  }
  if (!command.subject.empty() && run.subject.empty())
    refuse(fmt::format("--{} is missing", command.subject));
  for (const auto name : command.required)
    if (!run.options.contains(std::string(name))) refuse(fmt::format("--{} is missing", name));
}

std::string all_usages() {
  std::string out = "what to do? One of:";
  for (const auto& command : commands()) out += "\n  " + usage(command);
  return out;
}

// Names that are taken, in words.
std::string explain(const DatabaseFailure& failure) {
  if (failure.constraint() == "site_name_key")
    return "the organization has a site of this name already";
  if (failure.constraint() == "sensor_name_key")
    return "the site has a sensor of this name already";
  return failure.what();
}

}  // namespace

Result<> run_admin(const std::vector<std::string>& arguments, store::Pool& pool,
                   const ingest::Authority& authority, std::ostream& out) {
  for (const auto& command : commands()) {
    const auto space = command.words.find(' ');
    const std::size_t words = space == std::string_view::npos ? 1 : 2;
    if (arguments.size() < words || arguments[0] != command.words.substr(0, space)) continue;
    if (words == 2 && arguments[1] != command.words.substr(space + 1)) continue;
    Run run{pool, authority, out, {}, {}};
    try {
      read_arguments(command, std::span(arguments).subspan(words), run);
      command.run(run);
    } catch (const Refusal& refusal) {
      return Error(refusal.text);
    } catch (const DatabaseFailure& failure) {
      return Error(explain(failure));
    }
    return {};
  }
  return Error(all_usages());
}

}  // namespace osect::account
