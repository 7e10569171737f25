// Starts PostgreSQL for tests the way deploy/quickstart does for a user: private, socket only, peer
// authentication.
#include "cloud/store/testing/cluster.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "cloud/store/migrate.h"

namespace osect::store::testing {
namespace {

std::string find_binaries() {
  for (const char* version : {"17", "16", "15"}) {
    const std::string path = fmt::format("/usr/lib/postgresql/{}/bin", version);
    if (std::filesystem::exists(path + "/initdb")) return path;
  }
  throw std::runtime_error(
      "no PostgreSQL 15 or newer under /usr/lib/postgresql (deploy/setup run installs it)");
}

std::string user_name() {
  const passwd* const entry = getpwuid(geteuid());
  return entry == nullptr ? "root" : entry->pw_name;
}

struct Answer {
  explicit Answer(PGresult* r) : result(r) {}
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  ~Answer() { PQclear(result); }
  PGresult* result;
};

}  // namespace

std::vector<std::string> query_lines(const std::string& connection, const std::string& text) {
  PGconn* const raw = PQconnectdb(connection.c_str());
  const std::unique_ptr<PGconn, void (*)(PGconn*)> link(raw, PQfinish);
  const Answer quiet(PQexec(raw, "set client_min_messages = warning; set timezone = 'UTC'"));
  const Answer answer(PQexec(raw, text.c_str()));
  const ExecStatusType status = PQresultStatus(answer.result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(text + "\n" + PQerrorMessage(raw));
  std::vector<std::string> out;
  for (int row = 0; row < PQntuples(answer.result); ++row) {
    std::string line;
    for (int column = 0; column < PQnfields(answer.result); ++column)
      line += (column == 0 ? "" : "|") + std::string(PQgetvalue(answer.result, row, column));
    out.push_back(line);
  }
  return out;
}

Cluster& Cluster::get() {
  static Cluster cluster;
  return cluster;
}

Cluster::Cluster() {
  std::array<char, 32> name{"/tmp/osect-pg.XXXXXX"};
  if (mkdtemp(name.data()) == nullptr)
    throw std::runtime_error("cannot make a directory under /tmp");
  directory_ = name.data();
  const std::string binaries = find_binaries();
  std::filesystem::permissions(directory_, std::filesystem::perms::owner_all |
                                               std::filesystem::perms::others_exec |
                                               std::filesystem::perms::group_exec);
  const std::string environment =
      fmt::format("env -i PATH={}:/usr/bin:/bin LANG=C.UTF-8 HOME={} ", binaries, directory_);
  // PostgreSQL refuses root.
  as_ =
      geteuid() == 0
          ? "setpriv --reuid=postgres --regid=postgres --init-groups --inh-caps=-all " + environment
          : environment;
  // Whatever ends this program, kill -9 too, closes the pipe to the keeper, which then takes the
  // cluster away. It has a session of its own, so that a signal to the program's group spares it.
  // It tries again while a command this program had begun still writes there.
  keeper_ = popen(
      fmt::format("exec setsid sh -c 'cat; while [ -e {1} ]; do {0}pg_ctl -D {1}/data -m immediate "
                  "-w stop; rm -rf {1} || sleep 0.2; done' >/dev/null 2>&1",
                  as_, directory_)
          .c_str(),
      "we");
  if (keeper_ == nullptr) throw std::runtime_error("cannot start the keeper of a test cluster");
  if (geteuid() == 0) run(fmt::format("chown postgres:postgres {}", directory_));
  run(
      fmt::format("{}initdb -D {}/data --no-locale -E UTF8 -U osect --auth-local=peer "
                  "--auth-host=reject --no-sync "
                  "--no-instructions >{}/initdb.log",
                  as_, directory_, directory_));
  const auto append = [&](const std::string& file, const std::string& text) {
    std::ofstream(fmt::format("{}/data/{}", directory_, file), std::ios::app) << text;
  };
  // fsync off: a test kills the server's processes, not the machine.
  append("postgresql.conf",
         fmt::format("listen_addresses = ''\nunix_socket_directories = '{}'\nfsync = off\n"
                     "shared_buffers = 64MB\nmax_connections = 60\nautovacuum_naptime = 10s\n",
                     directory_));
  std::ofstream(directory_ + "/data/pg_hba.conf") << "local all all peer map=osect\n";
  for (const char* role : {"osect", "osect_owner", "osect_app", "osect_ingest"})
    append("pg_ident.conf", fmt::format("osect postgres {0}\nosect {1} {0}\n", role, user_name()));
  start();
  superuser("postgres", "create database osect_template");
  if (const auto applied = migrate(connection("osect_template")); !applied)
    throw std::runtime_error(applied.error().message);
}

Cluster::~Cluster() {
  pclose(keeper_);  // waits until the keeper is done
}

void Cluster::run(const std::string& command) const {
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

void Cluster::start() {
  run(fmt::format("{}pg_ctl -D {}/data -l {}/log -w -t 60 start >/dev/null", as_, directory_,
                  directory_));
}

void Cluster::stop(const std::string& mode) {
  run(fmt::format("{}pg_ctl -D {}/data -m {} -w stop >/dev/null", as_, directory_, mode));
}

std::string Cluster::connection(const std::string& database) const {
  return fmt::format("host={} dbname={} user=osect", directory_, database);
}

void Cluster::superuser(const std::string& database, const std::string& sql) const {
  query_lines(connection(database), sql);
}

void Cluster::make_database(const std::string& name) {
  superuser("postgres",
            fmt::format("create database {} template osect_template strategy file_copy", name));
}

void Cluster::make_empty_database(const std::string& name) {
  superuser("postgres", fmt::format("create database {}", name));
}

void Cluster::drop_database(const std::string& name) {
  superuser("postgres", fmt::format("drop database {} with (force)", name));
}

std::string Cluster::dump_schema(const std::string& database) const {
  const std::string command =
      fmt::format("{}pg_dump -s -h {} -U osect {}", as_, directory_, database);
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run pg_dump");
  std::string out;
  std::array<char, 4096> line{};
  while (fgets(line.data(), static_cast<int>(line.size()), pipe) != nullptr) {
    std::string text = line.data();
    const auto starts = [&](const char* prefix) { return text.starts_with(prefix); };
    if (text == "\n" || starts("--") || starts("SET ") ||
        text.find("pg_catalog.set_config(") != std::string::npos || starts("\\"))
      continue;
    // Key words are the only words in capitals.
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    out += text;
  }
  pclose(pipe);
  return out;
}

DatabaseTest::DatabaseTest()
    : database_([] {
        static int count = 0;
        const std::string name = fmt::format("test_{}", ++count);
        Cluster::get().make_database(name);
        return name;
      }()) {
  const auto pool = [&](const char* user) {
    return std::make_unique<Pool>(Pool::Options{.connection = connection(), .user = user});
  };
  app_ = pool("osect_app");
  ingest_ = pool("osect_ingest");
  owner_ = pool("osect_owner");
}

DatabaseTest::~DatabaseTest() {
  app_.reset();
  ingest_.reset();
  owner_.reset();
  try {
    Cluster::get().drop_database(database_);
  } catch (const std::exception&) {
    // The cluster goes away with the program anyway.
  }
}

Pool& DatabaseTest::app() {
  return *app_;
}
Pool& DatabaseTest::ingest() {
  return *ingest_;
}
Pool& DatabaseTest::owner() {
  return *owner_;
}

std::string DatabaseTest::sql(const std::string& statements) {
  const auto found = query_lines(connection(), statements);
  return found.empty() ? "" : found.front();
}

std::vector<std::string> DatabaseTest::lines(const std::string& query) {
  return query_lines(connection(), query);
}

}  // namespace osect::store::testing
