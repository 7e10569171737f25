// P13 with one tenant: 10,000 devices, 50,000 conversations, a day of traffic; p50 and p99 of each
// route at a fixed rate. An open loop: a request is due at its time whether or not the one before
// was answered, and waiting counts. CPU tells what a busy machine hides.
//   OSECT_SAMPLES=300 build/dev/tests/bench/api_bench      OSECT_ROUTE=/network: routes with it
//   only
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string_view>
#include <thread>

#include "base/clock.h"
#include "cloud/api/testing/api_test_base.h"
#include "cloud/store/operation_counts.h"
#include "cloud/store/testing/packed.h"

namespace osect::api {
namespace {

using Clock = std::chrono::steady_clock;

class ApiBench : public testing::ApiTest {
 protected:
  void seed(int devices, int conversations, int hours) {
    sql(fmt::format(
        "insert into device (organization_id, site_id, name, name_source, type, vendor, model, "
        "ips, macs, first_seen, last_seen) "
        "select 1, 1, 'device-' || i, 'dhcp', (array['plc','hmi','pc','switch'])[1 + i % 4], "
        "'Vendor ' || i % 40, 'Model ' || i % 200, "
        "array[('10.' || i / 65536 || '.' || i / 256 % 256 || '.' || i % 256)::inet], "
        "array[('02:00:00:' || to_hex(16 + i / 65536 % 16) || ':' || lpad(to_hex(i / 256 % 256), "
        "2, '0') || ':' || "
        "lpad(to_hex(i % 256), 2, '0'))::macaddr], now() - i * interval '1 minute', now() - i % "
        "1000 * interval '1 second' "
        "from generate_series(1, {0}) i;"
        "insert into endpoint (organization_id, site_id, sensor_id, device_id, vlan, mac, ip, "
        "has_sent, packets, bytes, first_seen, "
        "last_seen) select 1, 1, 1, d.id, 0, d.macs[1], d.ips[1], true, 10, 1000, d.first_seen, "
        "d.last_seen from device d order by d.id;"
        "insert into conversation (organization_id, site_id, sensor_id, client_endpoint_id, "
        "server_endpoint_id, transport, port, "
        "protocol, packets_up, packets_down, bytes_up, bytes_down, flows, first_seen, last_seen) "
        "select 1, 1, 1, 1 + i % {0}, 1 + (i * 7919 + i / {0}) % 500, 'tcp', "
        "(array[502,80,443,44818])[1 + i % 4], "
        "(array['modbus','http','tls','cip'])[1 + i % 4], i, i, 100 * i, 200 * i, 1, now() - "
        "interval '2 days', "
        "now() - i % 7200 * interval '1 second' from generate_series(1, {1}) i on conflict do "
        "nothing;"
        "insert into operation (organization_id, site_id, sensor_id, protocol, client_endpoint_id, "
        "server_endpoint_id, function, "
        "code, access, target, count, errors, first_seen, last_seen) select 1, 1, 1, 'modbus', "
        "c.client_endpoint_id, "
        "c.server_endpoint_id, 'read_holding_registers', '3', 'read', 'unit ' || c.id, 1, 0, "
        "c.first_seen, c.last_seen "
        "from conversation c where c.protocol = 'modbus';",
        devices, conversations));
    seed_hours(hours);
    sql("vacuum analyze");
  }
  // In every hour a fifth of the conversations talk, another fifth in the next: the day has all.
  void seed_hours(int hours) {
    store::Volumes day;
    for (const char* protocol : {"modbus", "http", "tls", "cip"}) {
      static const std::map<std::string_view, std::int64_t> kPorts{
          {"modbus", 502}, {"http", 80}, {"tls", 443}, {"cip", 44818}};
      day.services.push_back({"tcp", kPorts.at(protocol), protocol});
    }
    for (const auto& line :
         lines("select id, client_endpoint_id, server_endpoint_id, array_position("
               "array['modbus','http','tls','cip'], protocol) - 1 from conversation order by id")) {
      store::Volumes::Row row{
          .packets_up = 10, .packets_down = 10, .bytes_up = 1000, .bytes_down = 2000, .flows = 1};
      std::sscanf(line.c_str(), "%ld|%ld|%ld|%zu", &row.conversation, &row.client, &row.server,
                  &row.service);
      day.rows.push_back(row);
    }
    for (int h = 0; h <= hours; ++h) {
      store::Volumes hour;
      hour.services = day.services;
      for (const auto& row : day.rows)
        if ((row.conversation + h) % 5 == 0) hour.rows.push_back(row);
      sql(fmt::format(
          "insert into traffic_hour (organization_id, site_id, sensor_id, hour, packed) "
          "values (1, 1, 1, date_trunc('hour', now()) - {} * interval '1 hour', {});"
          "insert into traffic_protocol_hour (organization_id, site_id, sensor_id, hour, "
          "protocol, packets, bytes) select 1, 1, 1, date_trunc('hour', now()) - {} * "
          "interval '1 hour', protocol, 20 * count(*), 3000 * count(*) from conversation "
          "where (id + {}) % 5 = 0 group by protocol",
          h, store::testing::literal(store::pack(hour)), h, h));
    }
    store::OperationCounts counts;
    for (const auto& line : lines("select id from operation order by id"))
      counts.rows.push_back({.operation = std::stoll(line), .count = 60});
    for (int h = 0; h <= hours; ++h)
      sql(fmt::format(
          "insert into operation_hour (organization_id, site_id, sensor_id, hour, packed) values "
          "(1, 1, 1, date_trunc('hour', now()) - {} * interval '1 hour', {})",
          h, store::testing::literal(store::pack(counts))));
    // The month before, of which the rankings of longer ranges read the days.
    for (int d = 0; d <= 30; ++d)
      sql(fmt::format(
          "insert into traffic_day (organization_id, site_id, sensor_id, day, packed) "
          "values (1, 1, 1, date_trunc('day', now(), 'UTC') - {} * interval '1 day', {})",
          d, store::testing::literal(store::pack(day))));
  }
  struct Times {
    std::vector<double> ms;  // from when each request was due until its answer, sorted
    double sql_ms = 0;       // CPU of a request in PostgreSQL,
    double all_ms = 0;       // and in everything together
  };
  Times run(testing::Client& client, const std::string& target, int count) {
    constexpr int kPerSecond = 10;
    Times out;
    const double sql_before = backend_cpu_ms();
    const double own_before = own_cpu_ms();
    const auto begin = Clock::now();
    for (int i = 0; i < count; ++i) {
      const auto due = begin + i * std::chrono::microseconds(1'000'000 / kPerSecond);
      std::this_thread::sleep_until(due);
      const auto answer = client.get(target);
      EXPECT_EQ(answer.status, 200) << answer.body;
      out.ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - due).count());
    }
    std::sort(out.ms.begin(), out.ms.end());
    out.sql_ms = (backend_cpu_ms() - sql_before) / count;
    out.all_ms = out.sql_ms + (own_cpu_ms() - own_before) / count;
    return out;
  }

 private:
  static double own_cpu_ms() { return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
  // Of the server's processes that serve the API.
  double backend_cpu_ms() {
    double ticks = 0;
    for (const auto& pid : lines("select pid from pg_stat_activity where usename = 'osect_app'")) {
      std::ifstream in("/proc/" + pid + "/stat");
      const std::string text((std::istreambuf_iterator<char>(in)), {});
      std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 2)));
      std::string field;
      for (int i = 3; i <= 15 && fields >> field; ++i)
        if (i >= 14) ticks += std::stod(field);
    }
    return ticks * 1000 / static_cast<double>(sysconf(_SC_CLK_TCK));
  }
};

TEST_F(ApiBench, each_route_at_a_fixed_rate) {
  const char* const asked = std::getenv("OSECT_SAMPLES");
  const int samples = asked == nullptr ? 300 : std::atoi(asked);
  const char* const only = std::getenv("OSECT_ROUTE");
  seed(10'000, 50'000, 24);
  testing::Client client = as("viewer");
  const auto next = json(client.get(alpha("/devices")))["next"].get<std::string>();
  const auto days = [](int count) {
    return "&from=" + rfc3339(system_now() - count * 24 * 60 * kMinuteNs);
  };
  // Today against yesterday.
  const auto difference = [](const std::string& kind) {
    const TimeNs day = 24 * 60 * kMinuteNs;
    const TimeNs now = system_now();
    return "/difference?kind=" + kind + "&before_from=" + rfc3339(now - 2 * day) +
           "&before_to=" + rfc3339(now - day) + "&after_from=" + rfc3339(now - day) +
           "&after_to=" + rfc3339(now);
  };
  fmt::print("{:<48} {:>9} {:>9} {:>10} {:>10} {:>6}\n", "route (10 requests a second)", "p50 ms",
             "p99 ms", "CPU of SQL", "CPU of all", "ratio");
  for (const std::string& path : {std::string("/devices"),
                                  "/devices?cursor=" + next,
                                  std::string("/devices?sort=name"),
                                  std::string("/devices?q=device-77"),
                                  std::string("/devices?filter.vendor=Vendor%207"),
                                  std::string("/devices/groups?by=vendor"),
                                  std::string("/devices/1"),
                                  std::string("/devices/1/peers"),
                                  std::string("/devices/1/traffic?step=hour"),
                                  std::string("/conversations"),
                                  std::string("/conversations?sort=-bytes"),
                                  std::string("/conversations?q=device-77"),
                                  std::string("/operations"),
                                  std::string("/operations?q=device-77"),
                                  std::string("/operations/series?by=access"),
                                  std::string("/home"),
                                  std::string("/sites"),
                                  std::string("/sensors"),
                                  std::string("/network"),
                                  std::string("/matrix?by=vendor"),
                                  std::string("/matrix?by=device"),
                                  difference("devices"),
                                  difference("conversations"),
                                  difference("services"),
                                  difference("operations"),
                                  difference("attributes"),
                                  std::string("/traffic/series?step=hour"),
                                  std::string("/traffic/series?step=hour&by=protocol"),
                                  std::string("/traffic/series?step=hour&by=device"),
                                  std::string("/traffic/rankings?by=talker"),
                                  std::string("/traffic/rankings?by=pair"),
                                  std::string("/traffic/rankings?by=protocol"),
                                  std::string("/traffic/rankings?by=port"),
                                  std::string("/traffic/rankings?by=outside"),
                                  "/traffic/rankings?by=pair" + days(7),
                                  "/traffic/rankings?by=pair" + days(30)}) {
    if (only != nullptr && path.find(only) == std::string::npos) continue;
    run(client, alpha(path), 5);  // connections, statements and caches warm
    const auto times = run(client, alpha(path), samples);
    fmt::print("{:<48} {:>9.1f} {:>9.1f} {:>10.1f} {:>10.1f} {:>6.1f}\n", path.substr(0, 48),
               times.ms[times.ms.size() / 2], times.ms[times.ms.size() * 99 / 100], times.sql_ms,
               times.all_ms, times.all_ms / std::max(times.sql_ms, 0.1));
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace osect::api
