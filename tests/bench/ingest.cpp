// goals.md P11: exactly-once ingest of flow-minutes against a raw binary COPY of the same facts
// into an indexed table, in CPU of service and PostgreSQL backend together, in one run. Prints
// ratios, decides nothing.
//   build/dev/tests/bench/ingest_bench [SENSORS MINUTES FLOWS]
#include <dirent.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "cloud/ingest/fold.h"
#include "cloud/ingest/session.h"
#include "cloud/ingest/testing/story.h"
#include "cloud/store/copy.h"
#include "cloud/store/partitions.h"
#include "cloud/store/testing/cluster.h"

namespace osect {
namespace {

using ingest::testing::Story;

constexpr store::Query kRawCopy{
    "bench_copy",
    "copy raw_fact (organization_id, site_id, conversation_id, minute, packets_up, "
    "packets_down, bytes_up, bytes_down, flows, first_seen, last_seen) from stdin "
    "(format binary)"};

double own_cpu_s() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// User and system time of the server's backends that serve this program, from /proc.
double backend_cpu_s(const std::vector<std::string>& pids) {
  double ticks = 0;
  for (const std::string& pid : pids) {
    std::ifstream in("/proc/" + pid + "/stat");
    std::string text((std::istreambuf_iterator<char>(in)), {});
    const std::size_t after_name = text.rfind(')');
    if (after_name == std::string::npos) continue;
    std::istringstream fields(text.substr(after_name + 2));
    std::string field;
    for (int i = 3; i <= 15 && fields >> field; ++i)
      if (i >= 14) ticks += std::stod(field);
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

class Bench : public store::testing::DatabaseTest {
 public:
  void TestBody() override {}

  void run(std::uint64_t sensors, std::uint64_t minutes, std::uint64_t flows) {
    prepare(sensors);
    std::vector<std::vector<v1::Batch>> batches(sensors);
    for (auto& of_sensor : batches) of_sensor = tell(3 * minutes, flows);
    const double facts = static_cast<double>(sensors * minutes * flows);
    std::printf(
        "%.0f facts: %llu sensors, %llu minutes of %llu conversations; CPU of service and "
        "backend\n",
        facts, static_cast<unsigned long long>(sensors), static_cast<unsigned long long>(minutes),
        static_cast<unsigned long long>(flows));
    const double raw_s =
        measure("raw binary COPY, one btree", facts, [&] { copy_raw(sensors, minutes, flows); });
    // The dictionary goes ahead: the first minute of each sensor is not counted.
    std::vector<std::unique_ptr<ingest::Session>> sessions;
    for (std::uint64_t s = 0; s < sensors; ++s) sessions.push_back(open(s, batches[s][0]));
    ingest::Folder folder({}, ingest());
    fold(folder, sensors);
    const double taken_s = measure("ingest, durable and exactly once", facts, [&] {
      for (std::uint64_t m = 1; m <= minutes; ++m)
        for (std::uint64_t s = 0; s < sensors; ++s) take(*sessions[s], batches[s][m]);
    });
    const double folded_s = measure("fold of all minutes into totals, hours, days", facts,
                                    [&] { fold(folder, sensors); });
    const double repeated_s = measure("the same batches again", facts, [&] {
      for (std::uint64_t m = 1; m <= minutes; ++m)
        for (std::uint64_t s = 0; s < sensors; ++s) take(*sessions[s], batches[s][m]);
    });
    // The least favourable pace: a machine with nothing else to do folds each minute by itself.
    const double each_s = measure("ingest and a fold after every minute", facts, [&] {
      for (std::uint64_t m = minutes + 1; m <= 2 * minutes; ++m) {
        for (std::uint64_t s = 0; s < sensors; ++s) take(*sessions[s], batches[s][m]);
        fold(folder, sensors);
      }
    });
    // As the service runs: the folder's thread at its own pace beside the ingest, and what it has
    // not come to is folded and counted too.
    const double served_s = measure("ingest, the folder at its own pace, and the rest", facts, [&] {
      folder.start();
      for (std::uint64_t m = 2 * minutes + 1; m <= 3 * minutes; ++m)
        for (std::uint64_t s = 0; s < sensors; ++s) {
          take(*sessions[s], batches[s][m]);
          ingest::Sensor sensor;
          sensor.organization = sensor.site = 1;
          sensor.id = static_cast<std::int64_t>(s + 1);
          folder.note(sensor);
        }
      folder.stop();
      fold(folder, sensors);
    });
    std::printf("P11 ratio ingest with its folds : raw COPY = %.2f (goal 0.5)\n", raw_s / served_s);
    std::printf(
        "  its bounds: without folds %.2f, all minutes folded at once %.2f, each minute by itself "
        "%.2f; replays %.0f facts per CPU second\n",
        raw_s / taken_s, raw_s / (taken_s + folded_s), raw_s / each_s,
        facts / std::max(repeated_s, 0.01));
    const std::string wrong = sql(fmt::format(
        "select count(*) from conversation where packets_up <> {}", 3 * minutes * 60 + 60));
    std::printf("conversations with wrong totals: %s\n", wrong.c_str());
  }

 private:
  void prepare(std::uint64_t sensors) {
    sql("insert into organization (id, name) values (1, 'one');"
        "insert into site (organization_id, name) values (1, 'plant');"
        "create table raw_fact (organization_id bigint not null, site_id bigint not null, "
        "conversation_id bigint not "
        "null, minute timestamptz not null, packets_up bigint not null, packets_down bigint not "
        "null, bytes_up bigint "
        "not null, bytes_down bigint not null, flows bigint not null, first_seen timestamptz not "
        "null, last_seen "
        "timestamptz not null);"
        "create index raw_fact_site on raw_fact (organization_id, site_id, minute);"
        "grant insert on raw_fact to osect_ingest");
    sql(
        fmt::format("insert into sensor (organization_id, site_id, name, state) select 1, 1, "
                    "'sensor ' || n, 'active' "
                    "from generate_series(1, {}) n",
                    sensors));
    store::Partitions partitions({.minutes_days = 366}, owner());
    if (const auto done = partitions.maintain(1'795'403'820 * kSecondNs); !done)
      throw std::runtime_error(done.error().message);
  }

  static std::vector<v1::Batch> tell(std::uint64_t minutes, std::uint64_t flows) {
    Story story;
    std::vector<v1::Batch> out;
    for (std::uint64_t m = 0; m <= minutes; ++m) {
      for (std::uint64_t f = 0; f < flows; ++f) {
        const auto client = story.host(fmt::format("00:80:f4:00:00:{:02x}", f % 40),
                                       fmt::format("10.0.0.{}", f % 40));
        const auto server = story.host(fmt::format("00:80:f4:00:01:{:02x}", f % 200),
                                       fmt::format("10.0.1.{}", f % 200));
        story.conversation(client, server, v1::TRANSPORT_TCP, static_cast<std::uint32_t>(1000 + f),
                           "modbus", 60, 60, 60 * 66, 60 * 85 + f % 7);
      }
      out.push_back(story.take(m + 1));
      story.begin_ms += 60'000;
    }
    return out;
  }

  void copy_raw(std::uint64_t sensors, std::uint64_t minutes, std::uint64_t flows) {
    for (std::uint64_t m = 0; m < minutes; ++m)
      for (std::uint64_t s = 0; s < sensors; ++s) {
        auto transaction = ingest().begin({.organization = 1}).value();
        store::CopyRows rows(11);
        rows.reserve(flows * 140);
        const std::int64_t minute_us =
            1'795'403'820'000'000 + static_cast<std::int64_t>(m) * 60'000'000;
        for (std::uint64_t f = 0; f < flows; ++f) {
          rows.row();
          rows.bigint(1);
          rows.bigint(1);
          rows.bigint(static_cast<std::int64_t>(s * flows + f));
          rows.time_us(minute_us);
          for (const std::int64_t value : {60, 60, 60 * 66, 60 * 85, 1}) rows.bigint(value);
          rows.time_us(minute_us);
          rows.time_us(minute_us + 60'000'000);
        }
        if (!transaction.copy(kRawCopy, std::move(rows)) || !transaction.commit())
          throw std::runtime_error("copy");
      }
  }

  std::unique_ptr<ingest::Session> open(std::uint64_t sensor, const v1::Batch& first) {
    auto session = std::make_unique<ingest::Session>(
        ingest(), sql(fmt::format("select uuid from sensor where id = {}", sensor + 1)),
        "192.0.2.1");
    v1::Welcome welcome;
    if (session->open({}, welcome).kind != ingest::Verdict::Kind::acknowledged)
      throw std::runtime_error("open");
    take(*session, first);
    return session;
  }

  static void take(ingest::Session& session, const v1::Batch& batch) {
    const auto verdict = session.take(batch);
    if (verdict.kind != ingest::Verdict::Kind::acknowledged) throw std::runtime_error(verdict.why);
  }

  static void fold(ingest::Folder& folder, std::uint64_t sensors) {
    for (std::uint64_t s = 1; s <= sensors; ++s)
      while (folder.fold({1, 1, static_cast<std::int64_t>(s)}).value()) {
      }
  }

  template <typename Work>
  double measure(const char* what, double facts, const Work& work) {
    const auto pids = [&] {
      return lines("select pid from pg_stat_activity where usename = 'osect_ingest'");
    };
    const auto known = pids();
    const double before = own_cpu_s() + backend_cpu_s(known);
    const auto begun = std::chrono::steady_clock::now();
    work();
    const double wall =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    const double cpu = own_cpu_s() + backend_cpu_s(pids()) - before;
    std::printf("%-46s %6.2f s CPU %6.2f s wall %9.0f facts per CPU second\n", what, cpu, wall,
                facts / std::max(cpu, 0.01));
    return cpu;
  }
};

}  // namespace
}  // namespace osect

int main(int argc, char** argv) {
  const auto argument = [&](int i, std::uint64_t otherwise) {
    return argc > i ? std::stoull(argv[i]) : otherwise;
  };
  try {
    osect::Bench bench;
    bench.run(argument(1, 5), argument(2, 100), argument(3, 1000));
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "ingest: %s\n", failure.what());
    return 1;
  }
}
