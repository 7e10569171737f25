// The uplink from the sensor's side: real gRPC, real TLS, real PostgreSQL.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <thread>

#include "base/certificate.h"
#include "cloud/ingest/decoder.h"
#include "cloud/ingest/testing/cloud.h"
#include "cloud/store/testing/packed.h"

namespace osect::ingest {
namespace {

using testing::Story;
using testing::Uplink;

class IngestTest : public testing::CloudTest {
 protected:
  // Two stations that talk Modbus; calling it again with the same story counts on.
  static void polling(Story& story, std::uint64_t packets = 60) {
    const auto hmi = story.host("00:80:f4:00:00:01", "192.168.1.10");
    const auto plc = story.host("00:80:f4:00:00:02", "192.168.1.20");
    story.conversation(hmi, plc, v1::TRANSPORT_TCP, 502, "modbus", packets, packets, packets * 66,
                       packets * 85);
    story.operation(hmi, plc, "modbus", "read_holding_registers", v1::ACCESS_READ, packets, 0);
  }
  std::string totals() {
    fold();
    return sql("select packets_up, packets_down, bytes_up, bytes_down from conversation").empty()
               ? ""
               : lines("select packets_up, packets_down, bytes_up, bytes_down from conversation")
                     .front();
  }
  static std::uint64_t acknowledged(const std::optional<v1::CloudMessage>& message) {
    return message && message->has_ack() ? message->ack().sequence() : 0;
  }
};

TEST_F(IngestTest, What_a_sensor_says_is_in_the_database_once_acknowledged) {
  Story story;
  polling(story);
  story.fact(1, "host_name", "操作盤1", "dhcp", 80);
  auto& event = *story.records().add_event();
  event.set_kind("port_scan");
  event.set_severity(v1::SEVERITY_MEDIUM);
  event.set_host(1);
  event.add_detail("ports");
  event.add_detail("1024");
  event.set_count(3);
  auto& port = *story.records().add_port();
  port.set_name("eth1");
  port.set_packets(120);
  port.set_dropped_kernel(7);
  story.records().mutable_health()->set_cpu_permille(42);
  auto& gap = *story.records().add_gap();
  gap.set_reason("restart");
  gap.set_begin_ms(static_cast<std::int64_t>(story.begin_ms));
  gap.set_end_ms(static_cast<std::int64_t>(story.begin_ms + 5));
  tell(story);
  fold();
  EXPECT_EQ(lines("select host(c.ip), host(s.ip), transport, port, protocol, v.packets_up, "
                  "v.bytes_down, v.first_seen, "
                  "v.last_seen from conversation v join endpoint c on c.id = client_endpoint_id "
                  "join endpoint s on s.id = server_endpoint_id"),
            (std::vector<std::string>{
                "192.168.1.10|192.168.1.20|tcp|502|modbus|60|5100|2026-11-23 03:17:00+00|"
                "2026-11-23 03:18:00+00"}));
  EXPECT_EQ(lines("select mac, host(ip), has_sent, packets, bytes from endpoint order by ip"),
            (std::vector<std::string>{"00:80:f4:00:00:01|192.168.1.10|t|60|3960",
                                      "00:80:f4:00:00:02|192.168.1.20|t|60|5100"}));
  EXPECT_EQ(lines("select protocol, function, access, count, errors from operation"),
            (std::vector<std::string>{"modbus|read_holding_registers|read|60|0"}));
  EXPECT_EQ(lines("select attribute, value, source, confidence from fact"),
            (std::vector<std::string>{"host_name|操作盤1|dhcp|80"}));
  EXPECT_EQ(lines("select kind, severity, detail, count from event"),
            (std::vector<std::string>{R"(port_scan|medium|{"ports": "1024"}|3)"}));
  EXPECT_EQ(lines("select name, packets, dropped_kernel from port_counter"),
            (std::vector<std::string>{"eth1|120|7"}));
  EXPECT_EQ(lines("select cpu_permille from sensor_health"), (std::vector<std::string>{"42"}));
  EXPECT_EQ(lines("select reason, ends_at - begins_at from gap"),
            (std::vector<std::string>{"restart|00:00:00.005"}));
  EXPECT_EQ(lines("select hour, protocol, packets, bytes from traffic_protocol_hour"),
            (std::vector<std::string>{"2026-11-23 03:00:00+00|modbus|120|9060"}));
  EXPECT_EQ(sql("select hour from traffic_hour"), "2026-11-23 03:00:00+00");
  EXPECT_EQ(sql("select day from traffic_day"), "2026-11-23 00:00:00+00");
  for (const char* table : {"traffic_hour", "traffic_day"}) {
    const auto volumes =
        store::testing::volumes_of(sql(fmt::format("select packed from {}", table)));
    ASSERT_EQ(volumes.rows.size(), 1U) << table;
    EXPECT_EQ(volumes.rows[0].packets_up, 60) << table;
    EXPECT_EQ(volumes.rows[0].bytes_down, 5100) << table;
    EXPECT_EQ(volumes.rows[0].flows, 1) << table;
    EXPECT_EQ(volumes.services[0], (store::Volumes::Service{"tcp", 502, "modbus"})) << table;
  }
  EXPECT_EQ(lines("select minute, packets_up, bytes_down from traffic_minute"),
            (std::vector<std::string>{"2026-11-23 03:17:00+00|60|5100"}));
  EXPECT_EQ(sql("select version from sensor where name = 'press shop' and last_seen_at > now() - "
                "interval '1 minute'"),
            "1.0");
}

TEST_F(IngestTest, Counters_of_many_batches_add_up_on_one_stream_and_over_streams) {
  Story story;
  for (int stream = 0; stream < 3; ++stream) {
    Uplink uplink(service().uplink_port(), press_shop);
    const auto welcome = uplink.hello();
    ASSERT_TRUE(welcome);
    story.resume(welcome->dictionary());
    for (std::uint64_t i = 1; i <= 5; ++i) {
      polling(story, 10 * i);
      story.begin_ms += 60'000;
      uplink.send(story.take(welcome->committed_sequence() + i));
    }
    for (std::uint64_t i = 1; i <= 5; ++i)
      ASSERT_EQ(acknowledged(uplink.receive()), welcome->committed_sequence() + i);
  }
  EXPECT_EQ(totals(), "450|450|29700|38250");
  EXPECT_EQ(store::testing::volumes_of(sql("select packed from traffic_hour")).rows[0].packets_up,
            450);
  EXPECT_EQ(sql("select sum(packets) from traffic_protocol_hour"), "900");
  EXPECT_EQ(sql("select count from operation"), "450");
  EXPECT_EQ(sql("select count(*) from traffic_minute"), "15");
  EXPECT_EQ(sql("select count(*) from sensor_dictionary"), "1")
      << "what is known is not announced again";
}

TEST_F(IngestTest, A_repeated_batch_is_acknowledged_and_not_stored_twice) {
  Story story;
  polling(story);
  const v1::Batch batch = story.take(1);
  {
    Uplink uplink(service().uplink_port(), press_shop);
    ASSERT_TRUE(uplink.hello());
    for (int i = 0; i < 3; ++i) uplink.send(batch);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(acknowledged(uplink.receive()), 1);
  }
  Uplink again(service().uplink_port(), press_shop);
  const auto welcome = again.hello();
  ASSERT_TRUE(welcome);
  EXPECT_EQ(welcome->committed_sequence(), 1);
  EXPECT_EQ(welcome->dictionary().hosts(), 2);
  again.send(batch);
  EXPECT_EQ(acknowledged(again.receive()), 1);
  EXPECT_EQ(totals(), "60|60|3960|5100");
}

TEST_F(IngestTest, A_later_batch_of_an_earlier_sequence_is_not_stored) {
  Story story;
  Uplink uplink(service().uplink_port(), press_shop);
  ASSERT_TRUE(uplink.hello());
  polling(story);
  uplink.send(story.take(7));
  EXPECT_EQ(acknowledged(uplink.receive()), 7)
      << "holes are allowed: a sensor may have lost what it never sent";
  polling(story);
  uplink.send(story.take(6));
  EXPECT_EQ(acknowledged(uplink.receive()), 6);
  EXPECT_EQ(totals(), "60|60|3960|5100");
}

TEST_F(IngestTest, A_new_epoch_keeps_the_rows_and_forgets_the_old_dictionary) {
  Story first(1);
  polling(first);
  tell(first);
  Story second(2);
  polling(second);
  tell(second);
  EXPECT_EQ(totals(), "120|120|7920|10200");
  EXPECT_EQ(lines("select epoch from sensor_dictionary"), (std::vector<std::string>{"2"}));
  EXPECT_EQ(sql("select count(*) from endpoint"), "2");
}

TEST_F(IngestTest, A_batch_that_cannot_be_understood_is_kept_aside_and_the_next_stream_goes_on) {
  Story story;
  v1::Batch broken;
  {
    Uplink uplink(service().uplink_port(), press_shop);
    ASSERT_TRUE(uplink.hello());
    polling(story);
    broken = story.take(1);
    broken.mutable_records()->resize(broken.records().size() / 2);
    uplink.send(broken);
    const auto answer = uplink.receive();
    ASSERT_TRUE(answer && answer->has_refusal());
    EXPECT_EQ(answer->refusal().sequence(), 1);
    EXPECT_EQ(uplink.status(), "ABORTED: a batch was refused: connect again");
  }
  EXPECT_EQ(lines("select sequence, length(payload) from ingest_quarantine"),
            (std::vector<std::string>{fmt::format("1|{}", broken.records().size())}));
  Story again;
  polling(again);
  tell(again);
  EXPECT_EQ(totals(), "60|60|3960|5100");
  EXPECT_EQ(sql("select committed_sequence from sensor_stream where sensor_id = 1"), "2");
}

TEST_F(IngestTest, A_batch_that_only_the_database_finds_wrong_is_kept_aside_too) {
  Story story;
  const auto host = story.host("00:80:f4:00:00:01", "192.168.1.10");
  story.endpoint(host, 1, 60);
  v1::Batch batch = story.take(1);
  // The same host under two numbers: nothing a column could show.
  v1::Records records;
  records.set_tick_ms(1);
  auto& announced = *records.mutable_announced();
  announced.set_first_host(1);
  for (int i = 0; i < 2; ++i) {
    announced.add_host_vlan(0);
    announced.mutable_host_mac()->append("\x00\x80\xf4\x00\x00\x01", 6);
    announced.mutable_host_ip_length()->push_back('\0');
  }
  batch.set_records(records.SerializeAsString());
  batch.set_compression(v1::COMPRESSION_NONE);
  Uplink uplink(service().uplink_port(), press_shop);
  ASSERT_TRUE(uplink.hello());
  uplink.send(batch);
  const auto answer = uplink.receive();
  ASSERT_TRUE(answer && answer->has_refusal())
      << (answer ? answer->DebugString() : uplink.status());
  EXPECT_EQ(sql("select count(*) from ingest_quarantine"), "1");
  EXPECT_EQ(sql("select count(*) from endpoint"), "0");
}

TEST_F(IngestTest, Random_and_mutated_bytes_never_do_more_than_be_refused) {
  std::mt19937 random(20261123);
  Story story;
  polling(story);
  story.fact(1, "host_name", "a", "dhcp", 80);
  v1::Batch valid = story.take(1);
  Decoder probe{Dictionary()};
  ASSERT_TRUE(probe.decode(valid));
  // Without compression mutations reach the columns.
  v1::Batch uncompressed = valid;
  polling(story);
  story.fact(1, "host_name", "a", "dhcp", 80);
  story.resume({});
  uncompressed.set_records(story.take_plain());
  uncompressed.set_compression(v1::COMPRESSION_NONE);
  ASSERT_TRUE(Decoder{Dictionary()}.decode(uncompressed));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  int refused = 0;
  int taken = 0;
  while (std::chrono::steady_clock::now() < deadline) {
    v1::Batch batch = random() % 4 == 0 ? valid : uncompressed;
    std::string& records = *batch.mutable_records();
    for (std::size_t i = 0; i < 1 + random() % 4; ++i) {
      switch (random() % 4) {
        case 0:
          records[random() % records.size()] = static_cast<char>(random());
          break;
        case 1:
          records.resize(1 + random() % records.size());
          break;
        case 2:
          records.insert(random() % records.size(), 1, static_cast<char>(random()));
          break;
        default:
          records[random() % records.size()] ^= static_cast<char>(1U << (random() % 8));
      }
    }
    batch.set_epoch(random() % 3);
    Decoder decoder{Dictionary()};
    (decoder.decode(batch) ? taken : refused) += 1;
  }
  EXPECT_GT(refused, 1000);
  RecordProperty("refused", refused);
  RecordProperty("taken", taken);
}

TEST_F(IngestTest, A_revoked_sensor_is_refused_and_an_open_stream_ends) {
  Uplink open(service().uplink_port(), press_shop);
  ASSERT_TRUE(open.hello());
  sql("update sensor set state = 'revoked' where name = 'press shop'");
  EXPECT_FALSE(open.receive()) << "ended while idle";
  Uplink refused(service().uplink_port(), press_shop);
  EXPECT_FALSE(refused.hello());
  EXPECT_EQ(refused.status(), "PERMISSION_DENIED: the sensor press shop is revoked");
}

TEST_F(IngestTest, A_batch_of_a_sensor_revoked_meanwhile_is_not_stored) {
  Story story;
  polling(story);
  Uplink open(service().uplink_port(), press_shop);
  ASSERT_TRUE(open.hello());
  sql("update sensor set state = 'revoked' where name = 'press shop'");
  open.send(story.take(1));
  EXPECT_FALSE(open.receive());
  EXPECT_EQ(sql("select count(*) from traffic_minute"), "0");
}

TEST_F(IngestTest, Without_a_certificate_of_this_authority_there_is_no_stream) {
  Uplink nobody(service().uplink_port(), {press_shop.authority_pem, "", ""});
  EXPECT_FALSE(nobody.hello());
  EXPECT_TRUE(nobody.status().starts_with("UNAVAILABLE"));
}

TEST_F(IngestTest, A_sensor_writes_into_its_own_organization_only) {
  const testing::Identity other = enrol("other");
  Uplink uplink(service().uplink_port(), other);
  ASSERT_TRUE(uplink.hello());
  Story story;
  polling(story);
  uplink.send(story.take(1));
  ASSERT_EQ(acknowledged(uplink.receive()), 1);
  for (const char* table :
       {"endpoint", "conversation", "operation", "traffic_minute", "sensor_dictionary"})
    EXPECT_EQ(lines(fmt::format("select distinct organization_id from {}", table)),
              (std::vector<std::string>{"2"}))
        << table;
}

TEST_F(IngestTest, A_second_stream_of_a_sensor_takes_the_place_of_the_first) {
  Uplink first(service().uplink_port(), press_shop);
  ASSERT_TRUE(first.hello());
  Uplink second(service().uplink_port(), press_shop);
  ASSERT_TRUE(second.hello());
  EXPECT_FALSE(first.receive());
  Story story;
  polling(story);
  second.send(story.take(1));
  EXPECT_EQ(acknowledged(second.receive()), 1);
}

TEST_F(IngestTest, A_killed_database_loses_nothing_and_doubles_nothing) {
  Story story;
  Uplink uplink(service().uplink_port(), press_shop);
  ASSERT_TRUE(uplink.hello());
  constexpr std::uint64_t kBatches = 60;
  std::jthread killer([] {
    for (int i = 0; i < 3; ++i) {
      std::this_thread::sleep_for(
          std::chrono::milliseconds(60));  // NOLINT: the point is to hit any moment
      store::testing::Cluster::get().stop("immediate");
      store::testing::Cluster::get().start();
    }
  });
  std::uint64_t committed = 0;
  for (std::uint64_t i = 1; i <= kBatches; ++i) {
    polling(story, i);
    uplink.send(story.take(i));
    committed = acknowledged(uplink.receive());
    if (committed != i) break;  // the outcome of a commit was lost: a new stream tells
    std::this_thread::sleep_for(
        std::chrono::milliseconds(10));  // NOLINT: spreads the batches over the kills
  }
  killer.join();
  Uplink again(service().uplink_port(), press_shop);
  const auto welcome = again.hello();
  ASSERT_TRUE(welcome);
  committed = welcome->committed_sequence();
  story.resume(welcome->dictionary());
  for (std::uint64_t i = committed + 1; i <= kBatches; ++i) {
    polling(story, i);
    again.send(story.take(i));
    ASSERT_EQ(acknowledged(again.receive()), i);
  }
  constexpr std::uint64_t kSum = kBatches * (kBatches + 1) / 2;
  EXPECT_EQ(totals(), fmt::format("{}|{}|{}|{}", kSum, kSum, kSum * 66, kSum * 85));
}

TEST_F(IngestTest, A_code_enrols_once) {
  const KeyAndRequest key = make_key_and_request().value();
  const std::string code = make_code("other");
  const auto first = testing::enroll(service().enrolment_port(), authority().certificate_pem(),
                                     code, key.request_pem);
  ASSERT_TRUE(first.is_ok) << first.why;
  EXPECT_EQ(first.response.sensor_name(), "other");
  EXPECT_EQ(first.response.site_name(), "other plant");
  const auto second = testing::enroll(service().enrolment_port(), authority().certificate_pem(),
                                      code, key.request_pem);
  EXPECT_FALSE(second.is_ok);
  EXPECT_EQ(second.why, "PERMISSION_DENIED: the code is not valid: used, expired or mistyped");
  EXPECT_EQ(sql("select state from sensor where name = 'other'"), "active");
  EXPECT_EQ(sql("select action from audit_entry where organization_id = 2"), "sensor_enrolled");
}

TEST_F(IngestTest, A_certificate_is_renewed_on_the_stream_and_works) {
  const KeyAndRequest key = make_key_and_request().value();
  const auto serial = [this] {
    return sql("select certificate_serial from sensor where name = 'press shop'");
  };
  const auto before = serial();
  Story story;
  testing::Identity renewed = press_shop;
  {
    Uplink uplink(service().uplink_port(), press_shop);
    ASSERT_TRUE(uplink.hello());
    uplink.ask_for_renewal("no request");
    auto answer = uplink.receive();
    ASSERT_TRUE(answer && answer->has_renewed());
    EXPECT_EQ(answer->renewed().certificate_pem(), "");
    EXPECT_NE(answer->renewed().refusal(), "");
    EXPECT_EQ(serial(), before);
    uplink.ask_for_renewal(key.request_pem);
    answer = uplink.receive();
    ASSERT_TRUE(answer && answer->has_renewed());
    renewed.certificate_pem = answer->renewed().certificate_pem();
    renewed.key_pem = key.key_pem;
    polling(story);
    uplink.send(story.take(1));
    EXPECT_EQ(acknowledged(uplink.receive()), 1U) << "the stream goes on";
    uplink.ask_for_renewal(key.request_pem);
    EXPECT_EQ(uplink.status(), "ABORTED: a stream renews its certificate once");
  }
  EXPECT_NE(serial(), before);
  EXPECT_EQ(sql("select count(*) from audit_entry where action = 'sensor_renewed'"), "1");
  Uplink again(service().uplink_port(), renewed);
  const auto welcome = again.hello();
  ASSERT_TRUE(welcome) << again.status();
  EXPECT_EQ(welcome->committed_sequence(), 1U) << "it is the same sensor";
}

TEST_F(IngestTest, A_code_is_understood_as_a_person_types_it) {
  std::string code = make_code("other");
  for (char& c : code) {
    if (c == '0') c = 'o';
    if (c == '1') c = 'L';
    if (c >= 'A' && c <= 'Z' && c != 'L') c = static_cast<char>(c - 'A' + 'a');
  }
  const auto answer = testing::enroll(service().enrolment_port(), authority().certificate_pem(),
                                      " " + code, make_key_and_request().value().request_pem);
  EXPECT_TRUE(answer.is_ok) << answer.why;
}

TEST_F(IngestTest, An_expired_code_and_a_bad_request_are_refused_and_guessing_is_slowed_down) {
  const std::string code = make_code("other");
  const auto ask = [&](const std::string& text, const std::string& request) {
    return testing::enroll(service().enrolment_port(), authority().certificate_pem(), text, request)
        .why;
  };
  EXPECT_TRUE(ask(code, "no request").starts_with("INVALID_ARGUMENT"));
  sql("update enrolment_code set expires_at = now() - interval '1 second'");
  EXPECT_TRUE(
      ask(code, make_key_and_request().value().request_pem).starts_with("PERMISSION_DENIED"));
  std::string last;
  for (int i = 0; i < 12; ++i) last = ask("0000-0000-0000-0000", "");
  EXPECT_TRUE(last.starts_with("RESOURCE_EXHAUSTED")) << last;
}

}  // namespace
}  // namespace osect::ingest
