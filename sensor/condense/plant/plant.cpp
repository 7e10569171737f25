// Numbers of the kind a factory has; none of them is from a capture.
#include "sensor/condense/plant/plant.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "sensor/condense/condenser.h"

namespace osect::condense {
namespace {

// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order the table below reads
struct Service {
  const char* protocol;
  decode::Transport transport;
  std::uint16_t port;
  double a_minute;     // requests
  std::uint64_t up;    // bytes of a request frame
  std::uint64_t down;  // bytes of a response frame; 0: one way
  double activity;
  std::array<const char*, 2> functions;
  std::array<const char*, 2> codes;
  dissect::Access access;
  const char* target;
};

using decode::Transport;
using dissect::Access;

constexpr Service kServices[] = {
    {"modbus",
     Transport::tcp,
     502,
     60,
     66,
     85,
     1,
     {"read_holding_registers", "write_multiple_registers"},
     {"3", "16"},
     Access::read,
     "unit {}"},
    {"modbus",
     Transport::tcp,
     502,
     600,
     66,
     95,
     1,
     {"read_input_registers", "read_coils"},
     {"4", "1"},
     Access::read,
     "unit {}"},
    {"s7comm",
     Transport::tcp,
     102,
     120,
     85,
     130,
     1,
     {"read_var", "write_var"},
     {"func 0x04", "func 0x05"},
     Access::read,
     "rack 0 slot {}"},
    {"enip",
     Transport::tcp,
     44818,
     30,
     100,
     98,
     1,
     {"send_rr_data", "register_session"},
     {"0x006f", "0x0065"},
     Access::session,
     ""},
    {"cip",
     Transport::tcp,
     44818,
     30,
     110,
     140,
     1,
     {"get_attribute_single", "get_attributes_all"},
     {"service 0x0e class 0x01", "service 0x01 class 0x01"},
     Access::read,
     "slot {}"},
    {"cip_io",
     Transport::udp,
     2222,
     3000,
     80,
     80,
     1,
     {"io", "io"},
     {"io", "io"},
     Access::cyclic,
     ""},
    {"pn_rt",
     Transport::ethernet,
     0x8892,
     7500,
     60,
     60,
     1,
     {"cyclic_data", "cyclic_data"},
     {"frame_id 0xc002", "frame_id 0x8001"},
     Access::cyclic,
     ""},
    {"opcua",
     Transport::tcp,
     4840,
     60,
     150,
     210,
     1,
     {"publish", "read"},
     {"826", "631"},
     Access::read,
     ""},
    {"iec104",
     Transport::tcp,
     2404,
     12,
     70,
     90,
     1,
     {"measured_value", "testfr"},
     {"type 13 cot 3", "U 0x43"},
     Access::read,
     "station {}"},
    {"fins",
     Transport::udp,
     9600,
     60,
     70,
     90,
     1,
     {"memory_area_read", "memory_area_write"},
     {"0x0101", "0x0102"},
     Access::read,
     "node {}"},
    {"dns", Transport::udp, 53, 4, 78, 130, 0.4, {}, {}, Access::none, ""},
    {"ntp", Transport::udp, 123, 1, 90, 90, 0.5, {}, {}, Access::none, ""},
    {"arp", Transport::ethernet, 0x0806, 3, 60, 60, 0.7, {}, {}, Access::none, ""},
    {"dhcp", Transport::udp, 67, 1, 342, 342, 0.03, {}, {}, Access::none, ""},
    {"nbns", Transport::udp, 137, 3, 92, 0, 0.3, {}, {}, Access::none, ""},
    {"mdns", Transport::udp, 5353, 2, 120, 0, 0.3, {}, {}, Access::none, ""},
    {"lldp", Transport::ethernet, 0x88cc, 2, 120, 0, 1, {}, {}, Access::none, ""},
    {"tls", Transport::tcp, 443, 20, 120, 900, 0.2, {}, {}, Access::none, ""},
    {"http", Transport::tcp, 80, 10, 400, 1200, 0.1, {}, {}, Access::none, ""},
    {"snmp", Transport::udp, 161, 20, 85, 95, 0.9, {}, {}, Access::none, ""},
    {"", Transport::tcp, 445, 30, 140, 180, 0.2, {}, {}, Access::none, ""},
};

constexpr std::array<const char*, 12> kAttributes = {
    "vendor",      "model",       "firmware", "serial", "host_name",        "os",
    "device_type", "server_name", "ja3",      "ja4",    "dhcp_fingerprint", "router"};

constexpr std::array<std::array<std::uint8_t, 3>, 8> kVendors = {{{0x00, 0x80, 0xf4},
                                                                  {0x00, 0x1b, 0x1b},
                                                                  {0x00, 0x00, 0xbc},
                                                                  {0x00, 0x00, 0x0a},
                                                                  {0x08, 0x00, 0x70},
                                                                  {0x00, 0x0c, 0x29},
                                                                  {0x00, 0x50, 0x56},
                                                                  {0x00, 0x30, 0xde}}};

}  // namespace

std::uint64_t Plant::pick(std::uint64_t least, std::uint64_t most) {
  return std::uniform_int_distribution<std::uint64_t>(least, most)(random_);
}

bool Plant::chance(double probability) {
  return std::uniform_real_distribution<double>(0, 1)(random_) < probability;
}

observe::Host Plant::host(std::size_t cell, std::size_t number) {
  observe::Host host;
  const auto& vendor = kVendors[pick(0, kVendors.size() - 1)];
  host.mac.bytes = {vendor[0],
                    vendor[1],
                    vendor[2],
                    static_cast<std::uint8_t>(pick(0, 255)),
                    static_cast<std::uint8_t>(pick(0, 255)),
                    static_cast<std::uint8_t>(number)};
  const std::uint32_t network = chance(0.5) ? 0x0a000000U : 0xc0a80000U;
  host.ip = IpAddress::v4(network | (static_cast<std::uint32_t>(cell) << 8) |
                          (static_cast<std::uint32_t>(number) & 0xffU));
  return host;
}

Plant::Plant(std::uint32_t seed, std::size_t cells, std::size_t devices_a_cell)
    : random_(seed), now_(TimeNs{1'760'000'000} * kSecondNs + TimeNs{seed} * 97 * kMinuteNs) {
  for (std::size_t cell = 0; cell < cells; ++cell) {
    for (std::size_t number = 1; number <= devices_a_cell; ++number) add_device(cell, number);
    const std::size_t base = hosts_.size() - devices_a_cell;
    for (std::size_t i = 0; i < 4 * devices_a_cell; ++i) {
      const auto client = hosts_[base + pick(0, devices_a_cell / 3)];
      const auto server = hosts_[base + pick(0, devices_a_cell - 1)];
      if (client == server) continue;
      add_poll(client, server, pick(0, std::size(kServices) - 1));
    }
  }
}

void Plant::add_device(std::size_t cell, std::size_t number) {
  hosts_.push_back(host(cell, number));
  for (std::size_t i = pick(0, 3); i > 0; --i) {
    observe::FactRow fact;
    fact.subject = hosts_.back();
    fact.attribute = kAttributes[pick(0, kAttributes.size() - 1)];
    fact.value = fmt::format("{}-{}", fact.attribute.substr(0, 3), pick(1, 300));
    fact.source = kServices[pick(0, std::size(kServices) - 2)].protocol;
    fact.confidence = static_cast<std::uint8_t>(10 * pick(3, 9));
    fact.is_new = true;
    fact.count = 1;
    facts_.push_back(std::move(fact));
  }
}

void Plant::add_poll(const observe::Host& client, const observe::Host& server, std::size_t kind) {
  const auto& service = kServices[kind];
  Poll poll;
  poll.packets_a_minute = service.a_minute * (0.5 + 0.5 * static_cast<double>(pick(1, 4)));
  poll.activity = service.activity;
  auto& row = poll.conversation;
  row.client = client;
  row.server = server;
  if (service.transport == decode::Transport::ethernet) row.client.ip = row.server.ip = IpAddress();
  row.transport = service.transport;
  row.port = service.port;
  row.protocol = service.protocol;
  row.bytes = {service.up + pick(0, 12), service.down == 0 ? 0 : service.down + pick(0, 60)};
  for (std::size_t i = 0; i < 2 && service.functions[i] != nullptr; ++i) {
    if (i == 1 && !chance(0.4)) continue;
    auto& operation = poll.operations.emplace_back();
    operation.protocol = observe::FixedText<24>(service.protocol);
    operation.client = row.client;
    operation.server = row.server;
    operation.function = observe::FixedText<64>(service.functions[i]);
    operation.code = observe::FixedText<64>(service.codes[i]);
    operation.access = i == 0 ? service.access : dissect::Access::write;
    operation.target =
        observe::FixedText<64>(fmt::format(fmt::runtime(service.target), pick(1, 9)));
    if (service.access == dissect::Access::cyclic)
      operation.cycle_us = static_cast<std::uint32_t>(6e7 / poll.packets_a_minute);
  }
  polls_.push_back(std::move(poll));
}

void Plant::count(Poll& poll, observe::Report& novelty, observe::Report& counters) {
  const auto jitter = static_cast<std::int64_t>(pick(0, 2)) - 1;
  const auto mean = chance(poll.activity > 0.9 ? 0.9 : 0.3)
                        ? poll.packets_a_minute
                        : poll.packets_a_minute * static_cast<double>(pick(1, 30)) / 10;
  const auto requests =
      static_cast<std::uint64_t>(std::max<std::int64_t>(1, std::llround(mean) + jitter));
  auto row = poll.conversation;
  const bool is_steady = poll.activity > 0.9;
  const auto count_row = [&](observe::Report& report, std::uint64_t up, std::uint64_t down,
                             TimeNs first, TimeNs last) {
    row.packets = {up, row.bytes[1] == 0 ? 0 : down};
    row.bytes = {poll.conversation.bytes[0] * up, poll.conversation.bytes[1] * down};
    row.flows = row.transport == decode::Transport::tcp && is_steady && !row.is_new ? 0 : 1;
    row.first = first;
    row.last = last;
    report.conversations.push_back(row);
    for (auto operation : poll.operations) {
      operation.is_new = row.is_new;
      operation.count = up;
      operation.errors = chance(0.01) ? 1 : 0;
      operation.jitter_us = static_cast<std::uint32_t>(operation.cycle_us * pick(1, 9) / 200);
      operation.first = first;
      operation.last = last;
      report.operations.push_back(operation);
    }
  };
  const TimeNs first =
      now_ + static_cast<TimeNs>(is_steady ? pick(0, 1000) : pick(0, 59'000)) * 1'000'000;
  const TimeNs last = is_steady ? now_ + kMinuteNs - static_cast<TimeNs>(pick(1, 1000)) * 1'000'000
                                : first + static_cast<TimeNs>(pick(0, 900)) * 1'000'000;
  if (!poll.is_told) {
    poll.is_told = row.is_new = true;
    count_row(novelty, 1, 1, first, first + 2'000'000);
    row.is_new = false;
  }
  count_row(counters, requests, requests - (chance(0.1) ? 1 : 0), first, last);
}

std::vector<Content> Plant::minute() {
  observe::Report novelty;
  observe::Report counters;
  if (chance(0.1)) {
    add_poll(hosts_[pick(0, hosts_.size() - 1)], hosts_[pick(0, hosts_.size() - 1)],
             pick(0, std::size(kServices) - 1));
  }
  for (auto& poll : polls_)
    if (chance(poll.activity)) count(poll, novelty, counters);
  for (auto& fact : facts_) {
    fact.first = fact.last = now_ + static_cast<TimeNs>(pick(0, 59'000)) * 1'000'000;
    novelty.facts.push_back(fact);
  }
  facts_.clear();
  std::vector<Content> contents;
  for (const observe::Report* report : {&novelty, &counters}) {
    if (report == &novelty && report->is_empty()) continue;
    Merge merge;  // two polls may be one conversation
    for (const auto& row : report->conversations) merge.add(row, {});
    for (const auto& row : report->operations) merge.add(row, {});
    for (const auto& row : report->facts) merge.add(row, {});
    Content& content = contents.emplace_back();
    content.kind = report == &novelty ? Kind::novelty : Kind::counters;
    content.rows = merge.take();
    content.rows.begin = now_;
    content.rows.end = now_ + kMinuteNs;
  }
  Content& last = contents.back();
  const auto packets = last.packets();
  last.rows.ports.push_back({0, "eth1", packets, last.bytes(), 0, 0, 0, packets / 50, 0, 0});
  last.health = Health{"0.1.0",
                       100'000 + static_cast<std::uint64_t>(now_ % 1000),
                       30,
                       30'000'000 + pick(0, 4096) * 4096,
                       pick(0, 100'000),
                       20'000'000'000 - pick(0, 1'000'000) * 4096,
                       {},
                       pick(300, 9000)};
  now_ += kMinuteNs;
  return contents;
}

}  // namespace osect::condense
