// The lines of `analyze` as scripts read them: exact keys in exact order, valid JSON whatever was
// on the wire.
#include "sensor/jsonl.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace osect::sensor {
namespace {

constexpr TimeNs kTime = 1'700'000'000'123'456'789;

std::string written(const observe::Report& report, const Summary& summary) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
  JsonLines lines(file.get());
  lines.write(report);
  lines.write(summary);
  EXPECT_TRUE(lines.flush());
  std::rewind(file.get());
  std::string text(1 << 16, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  return text;
}

observe::Host host() {
  return {7, *MacAddress::parse("00:80:f4:09:51:3b"), *IpAddress::parse("192.168.66.235")};
}

TEST(JsonLines, writes_every_record_with_its_keys_in_order) {
  observe::Report report;
  report.endpoints.push_back({host(), true, true, 12, 900, kTime, kTime});
  observe::ConversationRow conversation;
  conversation.client = host();
  conversation.server = {0, *MacAddress::parse("01:80:c2:00:00:0e"), IpAddress{}};
  conversation.transport = decode::Transport::ethernet;
  conversation.port = 0x88cc;
  conversation.protocol = "lldp";
  conversation.packets = {34, 31};
  conversation.bytes = {2210, 2904};
  conversation.first = conversation.last = kTime;
  report.conversations.push_back(conversation);
  observe::OperationRow operation;
  operation.protocol = observe::FixedText<24>("modbus");
  operation.client = host();
  operation.server = conversation.server;
  operation.function = observe::FixedText<64>("read_holding_registers");
  operation.code = observe::FixedText<64>("3");
  operation.access = dissect::Access::read;
  operation.target = observe::FixedText<64>("unit 7");
  operation.count = 34;
  operation.first = operation.last = kTime;
  report.operations.push_back(operation);
  report.facts.push_back({host(), "model", "M340", "modbus", 90, true, 1, kTime, kTime});
  report.events.push_back({"port_scan",
                           observe::Severity::medium,
                           host(),
                           {{"transport", "tcp"}, {"ports", "70"}},
                           70,
                           kTime,
                           kTime});

  const std::string span =
      R"("first":"2023-11-14T22:13:20.123456Z","last":"2023-11-14T22:13:20.123456Z"})"
      "\n";
  const std::string plc = R"({"mac":"00:80:f4:09:51:3b","ip":"192.168.66.235"})";
  EXPECT_EQ(
      written(report, {.packets = 5,
                       .bytes = 6,
                       .duration = 1'500'000'000,
                       .dropped = 1,
                       .malformed = 2,
                       .unparsed = 3,
                       .uplink_bytes = 4,
                       .uplink_records = 7}),
      R"({"record":"endpoint","mac":"00:80:f4:09:51:3b","vlan":7,"ips":["192.168.66.235"],"packets":12,)" +
          span + R"({"record":"conversation","client":)" + plc +
          R"(,"server":{"mac":"01:80:c2:00:00:0e","ip":null},"transport":"ethernet","port":35020,"protocol":"lldp",)"
          R"("packets":[34,31],"bytes":[2210,2904],)" +
          span +
          R"({"record":"operation","protocol":"modbus","client":"192.168.66.235","server":"01:80:c2:00:00:0e",)"
          R"("function":"read_holding_registers","code":"3","access":"read","target":"unit 7","count":34,"errors":0,)" +
          span + R"({"record":"fact","subject":)" + plc +
          R"(,"attribute":"model","value":"M340","source":"modbus","confidence":90,)" + span +
          R"({"record":"event","kind":"port_scan","severity":"medium","subject":)" + plc +
          R"(,"detail":{"transport":"tcp","ports":"70"},)" + span +
          R"({"record":"summary","packets":5,"bytes":6,"duration_s":1.500000,"dropped":1,"malformed":2,"unparsed":3,"uplink_bytes":4,"uplink_records":7})"
          "\n");
}

TEST(JsonLines, text_from_the_wire_is_valid_json_always) {
  struct Case {
    std::string wire;
    std::string json;
  };
  const std::array cases{
      Case{"a\"b\\c", R"("a\"b\\c")"},
      Case{std::string("\x01\n\x7f", 3), R"("\u0001\u000a\u007f")"},
      Case{"\xe6\xa9\x9f\xe6\xa2\xb0", "\"\xe6\xa9\x9f\xe6\xa2\xb0\""},  // 機械
      Case{"\xf0\x9f\x8f\xad", "\"\xf0\x9f\x8f\xad\""},
      Case{"\xc3", "\"\xef\xbf\xbd\""},                                       // cut short
      Case{"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},                       // overlong
      Case{"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},       // a surrogate
      Case{"\x93\xfa\x96\x7b", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd{\""},  // Shift_JIS
  };
  for (const auto& [wire, json] : cases) {
    observe::Report report;
    report.facts.push_back({host(), "host_name", wire, "nbns", 50, true, 1, kTime, kTime});
    const std::string line = written(report, {});
    EXPECT_NE(line.find("\"value\":" + json + ","), std::string::npos) << line;
    EXPECT_TRUE(nlohmann::json::accept(line.substr(0, line.find('\n')))) << line;
  }
}

TEST(JsonLines, says_when_the_output_cannot_be_written) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> full(std::fopen("/dev/full", "w"),
                                                             &std::fclose);
  ASSERT_NE(full, nullptr);
  JsonLines lines(full.get());
  lines.write(Summary{});
  EXPECT_FALSE(lines.flush());
}

}  // namespace
}  // namespace osect::sensor
