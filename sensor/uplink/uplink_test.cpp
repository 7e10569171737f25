// The uplink against a real gRPC server with real certificates: exactly once through broken
// streams, killed servers, lost acknowledgements; what is said when a certificate is wrong.
#include "sensor/uplink/uplink.h"

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <thread>

#include "base/certificate.h"
#include "base/log.h"
#include "osect/v1/record.pb.h"
#include "osect/v1/uplink.grpc.pb.h"
#include "sensor/condense/compress.h"
#include "sensor/condense/condenser.h"
#include "sensor/condense/pack.h"
#include "sensor/uplink/enrolment.h"

namespace osect::uplink {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using SteadyClock = std::chrono::steady_clock;

// An authority as the cloud has one.
class TestAuthority {
 public:
  TestAuthority() : key_(EVP_EC_gen("P-256"), EVP_PKEY_free) {
    certificate_ = sign(key_.get(), nullptr, fmt::format("Authority {}", std::rand()), 3600,
                        {{NID_basic_constraints, "critical,CA:TRUE"}});
  }
  std::string pem() const { return to_pem(certificate_.get()); }
  std::pair<std::string, std::string> server(const std::string& names) const {  // certificate, key
    const std::shared_ptr<EVP_PKEY> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const auto certificate =
        sign(key.get(), certificate_.get(), "Server", 3600,
             {{NID_ext_key_usage, "serverAuth"}, {NID_subject_alt_name, names}});
    return {to_pem(certificate.get()), to_pem(key.get())};
  }
  std::string sensor(const std::string& request_pem, long valid_s = 3600) const {
    const auto request = read_request(request_pem).value();
    return to_pem(sign(X509_REQ_get0_pubkey(request.get()), certificate_.get(), "sensor-1", valid_s,
                       {{NID_ext_key_usage, "clientAuth"}})
                      .get());
  }

 private:
  std::shared_ptr<X509> sign(EVP_PKEY* key, X509* issuer, const std::string& name, long valid_s,
                             const std::vector<std::pair<int, std::string>>& extensions) const {
    std::shared_ptr<X509> certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), std::rand());
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -86400);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), valid_s);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
        static_cast<const unsigned char*>(static_cast<const void*>(name.data())),
        static_cast<int>(name.size()), -1, 0);
    X509* signer = issuer == nullptr ? certificate.get() : issuer;
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
    for (const auto& [nid, value] : extensions) {
      X509V3_CTX context;
      X509V3_set_ctx(&context, signer, certificate.get(), nullptr, nullptr, 0);
      const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
          X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()), X509_EXTENSION_free);
      X509_add_ext(certificate.get(), extension.get(), -1);
    }
    X509_sign(certificate.get(), key_.get(), EVP_sha256());
    return certificate;
  }
  std::shared_ptr<EVP_PKEY> key_;
  std::shared_ptr<X509> certificate_;
};

// The cloud's side as uplink.proto has it: committed state survives the server, the stream's state
// does not.
struct Committed {
  std::mutex mutex;
  std::uint64_t sequence = 0;
  std::uint64_t epoch = 0;
  condense::Dictionary dictionary;
  std::vector<std::uint64_t> numbers;  // of batches, in the order they were committed
};

class TestCloud final : public v1::Uplink::Service, public v1::Enrolment::Service {
 public:
  TestCloud(const TestAuthority& authority, Committed& committed, int wanted_port,
            std::uint32_t seed = 1)
      : committed_(committed), authority_(authority), random_(seed) {
    const auto [certificate, key] = authority.server("DNS:localhost,IP:127.0.0.1");
    grpc::SslServerCredentialsOptions tls(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    tls.pem_root_certs = authority.pem();
    tls.pem_key_cert_pairs.push_back({key, certificate + authority.pem()});
    grpc::SslServerCredentialsOptions open_tls(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
    open_tls.pem_key_cert_pairs.push_back({key, certificate + authority.pem()});
    grpc::ServerBuilder builder;
    builder.AddListeningPort(fmt::format("127.0.0.1:{}", wanted_port),
                             grpc::SslServerCredentials(tls), &this->port);
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(open_tls), &enrolment_port);
    builder.RegisterService(static_cast<v1::Uplink::Service*>(this));
    builder.RegisterService(static_cast<v1::Enrolment::Service*>(this));
    server_ = builder.BuildAndStart();
  }
  ~TestCloud() override { kill(); }
  void kill() {
    if (server_) server_->Shutdown(std::chrono::system_clock::now());
    server_.reset();
  }

  int port = 0;
  int enrolment_port = 0;
  bool is_denying = false;
  double break_probability = 0;      // after a batch the stream ends without a word
  double lost_ack_probability = 0;   // committed, and the stream ends before the acknowledgement
  std::uint64_t refused_number = 0;  // the batch with this number is refused
  long renewed_for_s = 90 * 86'400;  // 0: no certificate is renewed
  const TestAuthority* renewing = nullptr;  // another authority than this cloud's own
  std::atomic<int> renewals = 0;

  grpc::Status Connect(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::CloudMessage, v1::SensorMessage>* stream) override {
    if (is_denying) return {grpc::StatusCode::PERMISSION_DENIED, "this sensor was revoked"};
    v1::SensorMessage message;
    if (!stream->Read(&message) || !message.has_hello()) return grpc::Status::CANCELLED;
    condense::Dictionary dictionary;
    condense::References references;
    std::uint64_t epoch = 0;
    {
      const std::lock_guard lock(committed_.mutex);
      dictionary = committed_.dictionary;
      epoch = committed_.epoch;
      v1::CloudMessage welcome;
      welcome.mutable_welcome()->set_committed_sequence(committed_.sequence);
      auto& state = *welcome.mutable_welcome()->mutable_dictionary();
      const auto counts = dictionary.counts();
      state.set_epoch(epoch);
      state.set_texts(counts.texts);
      state.set_hosts(counts.hosts);
      state.set_conversations(counts.conversations);
      state.set_operations(counts.operations);
      stream->Write(welcome);
    }
    while (stream->Read(&message)) {
      if (message.has_renewal()) {
        stream->Write(renew(message.renewal()));
        continue;
      }
      const auto& batch = message.batch();
      if (chance(break_probability)) return grpc::Status::OK;
      if (batch.epoch() != epoch) {
        dictionary = condense::Dictionary();
        references.clear();
        epoch = batch.epoch();
      }
      v1::Records records;
      EXPECT_TRUE(condense::decompress(batch, records));
      const auto content = condense::unpack(records, dictionary, references);
      EXPECT_TRUE(content);
      const auto number = content->rows.conversations.at(0).packets[0];
      v1::CloudMessage answer;
      const std::lock_guard lock(committed_.mutex);
      if (batch.sequence() <= committed_.sequence) {
        ADD_FAILURE() << "a committed batch was sent again on a new stream";
        return grpc::Status::CANCELLED;
      }
      committed_.sequence = batch.sequence();
      if (number == refused_number) {
        answer.mutable_refusal()->set_sequence(batch.sequence());
        answer.mutable_refusal()->set_reason("not to the taste of this test");
        stream->Write(answer);
        return grpc::Status::OK;
      }
      committed_.numbers.push_back(number);
      committed_.dictionary = dictionary;
      committed_.epoch = epoch;
      if (chance(lost_ack_probability)) return grpc::Status::OK;
      answer.mutable_ack()->set_sequence(batch.sequence());
      stream->Write(answer);
    }
    return grpc::Status::OK;
  }

  grpc::Status Enroll(grpc::ServerContext*, const v1::EnrollRequest* request,
                      v1::EnrollResponse* response) override {
    if (request->code() != "0123456789ABCDEF")
      return {grpc::StatusCode::PERMISSION_DENIED, "the code is not valid"};
    response->set_certificate_pem(authority_.sensor(request->certificate_request_pem()));
    response->set_authority_pem(authority_.pem());
    response->set_sensor_name("Line 1");
    response->set_site_name("大阪");
    return grpc::Status::OK;
  }

 private:
  v1::CloudMessage renew(const v1::Renewal& renewal) {
    ++renewals;
    v1::CloudMessage answer;
    if (renewed_for_s == 0) {
      answer.mutable_renewed()->set_refusal("not today");
    } else {
      const auto& authority = renewing != nullptr ? *renewing : authority_;
      answer.mutable_renewed()->set_certificate_pem(
          authority.sensor(renewal.certificate_request_pem(), renewed_for_s));
    }
    return answer;
  }
  bool chance(double probability) {
    return std::uniform_real_distribution<double>(0, 1)(random_) < probability;
  }

  Committed& committed_;
  const TestAuthority& authority_;
  std::mt19937 random_;
  std::unique_ptr<grpc::Server> server_;
};

condense::Content batch(std::uint64_t number) {
  observe::ConversationRow row;
  row.client.ip = IpAddress::v4(static_cast<std::uint32_t>(number % 17 + 1));
  row.server.ip = IpAddress::v4(static_cast<std::uint32_t>(number % 5 + 100));
  const auto protocol = fmt::format("p{}", number % 7);
  row.protocol = protocol;
  row.packets = {number, 0};
  row.bytes = {number * 60, 0};
  row.first = row.last = static_cast<TimeNs>(number) * kMinuteNs;
  condense::Merge merge;
  merge.add(row, {});
  condense::Content content;
  content.rows = merge.take();
  content.rows.begin = row.first;
  content.rows.end = row.first + kMinuteNs;
  return content;
}

class UplinkTest : public testing::Test {
 protected:
  void SetUp() override {
    spdlog::set_level(spdlog::level::off);
    directory_ = std::filesystem::temp_directory_path() / "osect_uplink_XXXXXX";
    ASSERT_NE(::mkdtemp(directory_.data()), nullptr);
    files_ = spool::posix_file_system();
    auto spool = spool::Spool::open(*files_, directory_ + "/spool", {});
    ASSERT_TRUE(spool);
    spool_ = std::move(*spool);
    enrol(authority_);
  }
  void TearDown() override {
    spdlog::set_level(spdlog::level::info);
    stop();
    std::filesystem::remove_all(directory_);
  }
  void enrol(const TestAuthority& authority, long valid_s = 3600) {
    const auto made = make_key_and_request();
    ASSERT_TRUE(made);
    ASSERT_TRUE(write_identity(
        directory_,
        {made->key_pem, authority.sensor(made->request_pem, valid_s), authority_.pem(), ""}));
  }
  void start(int port) {
    UplinkConfig config;
    config.address = fmt::format("127.0.0.1:{}", port);
    config.directory = directory_;
    config.version = "test";
    config.back_off_first = milliseconds(10);
    config.back_off_most = milliseconds(50);
    uplink_ = std::make_unique<Uplink>(config, *spool_);
    spool_->on_readable([this] { uplink_->wake(); });
    thread_ = std::jthread([this](const std::stop_token& token) { uplink_->run(token); });
  }
  void stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
  }
  void append(std::uint64_t from, std::uint64_t to) {
    for (auto number = from; number <= to; ++number) spool_->append(batch(number));
    EXPECT_TRUE(spool_->sync());
  }
  // True when it became so in time.
  template <typename Condition>
  static bool becomes(const Condition& condition, seconds within = seconds(20)) {
    const auto deadline = SteadyClock::now() + within;
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    while (!condition()) {
      if (SteadyClock::now() > deadline) return false;
      never.wait_for(lock, milliseconds(5));
    }
    return true;
  }
  bool is_drained() const { return spool_->state().pending == 0; }
  void expect_each_once(std::uint64_t to) {
    const std::lock_guard lock(committed_.mutex);
    ASSERT_EQ(committed_.numbers.size(), to);
    for (std::uint64_t i = 0; i < to; ++i) ASSERT_EQ(committed_.numbers[i], i + 1);
  }

  TestAuthority authority_;
  Committed committed_;
  std::string directory_;
  std::unique_ptr<spool::FileSystem> files_;
  std::unique_ptr<spool::Spool> spool_;
  std::unique_ptr<Uplink> uplink_;
  std::jthread thread_;
};

TEST_F(UplinkTest, EachBatchOnceThroughBrokenStreamsAndLostAcknowledgements) {
  TestCloud cloud(authority_, committed_, 0, 5);
  cloud.break_probability = 0.05;
  cloud.lost_ack_probability = 0.05;
  start(cloud.port);
  for (std::uint64_t i = 0; i < 20; ++i) append(i * 15 + 1, i * 15 + 15);
  EXPECT_TRUE(becomes([&] { return is_drained(); }));
  expect_each_once(300);
}

TEST_F(UplinkTest, AServerThatIsKilledAndComesBack) {
  auto cloud = std::make_unique<TestCloud>(authority_, committed_, 0);
  const int port = cloud->port;
  start(port);
  for (std::uint64_t round = 0; round < 4; ++round) {
    append(round * 50 + 1, round * 50 + 50);
    EXPECT_TRUE(becomes([&] {
      const std::lock_guard lock(committed_.mutex);
      return committed_.numbers.size() > round * 50 + 5;
    }));
    cloud.reset();
    cloud = std::make_unique<TestCloud>(authority_, committed_, port);
  }
  EXPECT_TRUE(becomes([&] { return is_drained(); }));
  expect_each_once(200);
}

TEST_F(UplinkTest, ARefusedBatchIsPassedAndTheRestFollows) {
  TestCloud cloud(authority_, committed_, 0);
  cloud.refused_number = 7;
  append(1, 20);
  start(cloud.port);
  EXPECT_TRUE(becomes([&] { return is_drained(); }));
  EXPECT_EQ(uplink_->state().refused, 1U);
  const std::lock_guard lock(committed_.mutex);
  EXPECT_EQ(committed_.numbers.size(), 19U);
}

TEST_F(UplinkTest, RenewsItsCertificateInTheLastThirdOfItsTime) {
  const auto certificate = [this] { return read_identity(directory_)->certificate_pem; };
  const auto key = read_identity(directory_)->key_pem;
  const auto days_left = [&] {
    return (validity_of(certificate())->end - system_now()) / (86'400 * kSecondNs);
  };
  TestCloud cloud(authority_, committed_, 0);
  ASSERT_EQ(days_left(), 0);
  append(1, 3);
  start(cloud.port);
  EXPECT_TRUE(becomes([&] { return days_left() == 89; }));
  EXPECT_TRUE(becomes([&] { return is_drained(); })) << "records wait for nothing";
  EXPECT_EQ(read_identity(directory_)->key_pem, key);
  stop();
  // With the new one it connects, and asks for none.
  append(4, 5);
  start(cloud.port);
  EXPECT_TRUE(becomes([&] { return is_drained(); }));
  EXPECT_EQ(cloud.renewals, 1);
  stop();
}

TEST_F(UplinkTest, ACertificateThatIsNotRightTakesNobodysPlace) {
  const auto before = read_identity(directory_)->certificate_pem;
  const TestAuthority other;
  TestCloud cloud(authority_, committed_, 0);
  append(1, 2);
  for (const auto refuse : {true, false}) {
    cloud.renewed_for_s = refuse ? 0 : 86'400;
    cloud.renewing = refuse ? nullptr : &other;
    const int asked = cloud.renewals;
    start(cloud.port);
    EXPECT_TRUE(becomes([&] { return cloud.renewals > asked && is_drained(); }));
    stop();
    EXPECT_EQ(read_identity(directory_)->certificate_pem, before);
  }
}

TEST_F(UplinkTest, CountsWhatTheConnectionCosts) {
  TestCloud cloud(authority_, committed_, 0);
  enrol(authority_, 300 * 86'400L);  // a renewal costs too
  append(1, 50);
  start(cloud.port);
  EXPECT_TRUE(becomes([&] { return is_drained() && uplink_->state().bytes > 0; }));
  EXPECT_GT(uplink_->state().bytes, 5'000U);
  EXPECT_LT(uplink_->state().bytes, 60'000U);
}

TEST_F(UplinkTest, SaysWhatIsWrongAndKeepsTheRecords) {
  append(1, 3);
  const auto trouble_with = [&](int port) {
    start(port);
    EXPECT_TRUE(becomes([&] { return !uplink_->state().trouble.empty(); }));
    const auto trouble = uplink_->state().trouble;
    stop();
    EXPECT_EQ(spool_->state().pending, 3U);
    return trouble;
  };
  {
    TestCloud cloud(authority_, committed_, 0);
    cloud.is_denying = true;
    EXPECT_NE(trouble_with(cloud.port).find("refuses this sensor: this sensor was revoked"),
              std::string::npos);
  }
  {
    TestCloud cloud(authority_, committed_, 0);
    const TestAuthority other;
    enrol(other);  // a certificate of somebody else's authority
    EXPECT_NE(trouble_with(cloud.port).find("cannot be reached"), std::string::npos);
    enrol(authority_, -60);
    EXPECT_NE(trouble_with(cloud.port).find("certificate expired at"), std::string::npos);
    enrol(authority_);
  }
  {
    const TestAuthority other;
    Committed nothing;
    TestCloud impostor(other, nothing, 0);
    EXPECT_NE(trouble_with(impostor.port).find("not the cloud this sensor was enrolled with"),
              std::string::npos);
    EXPECT_TRUE(nothing.numbers.empty());
  }
  EXPECT_NE(trouble_with(1).find("cannot be reached"), std::string::npos);
  std::filesystem::remove(directory_ + "/" + kCertificateFile);
  EXPECT_NE(trouble_with(1).find("not enrolled"), std::string::npos);
}

TEST_F(UplinkTest, EnrolsByCodeAndOnlyWithTheCloudThatGaveIt) {
  TestCloud cloud(authority_, committed_, 0);
  const auto port = std::to_string(cloud.enrolment_port);
  const auto pin = pin_of(authority_.pem());
  ASSERT_TRUE(pin);
  const std::string to = directory_ + "/enrolled";
  const auto enrolled = enroll("127.0.0.1", port, "0123-4567-89ab-cdef-" + *pin, "test", to);
  ASSERT_TRUE(enrolled) << enrolled.error().message;
  EXPECT_EQ(enrolled->site_name, "大阪");
  const auto identity = read_identity(to);
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->authority_pem, authority_.pem());
  EXPECT_EQ(std::filesystem::status(to + "/" + kKeyFile).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);

  const auto wrong = enroll("127.0.0.1", port, "FFFF-4567-89ab-cdef-" + *pin, "test", to);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("not valid"), std::string::npos);
  const auto elsewhere =
      enroll("127.0.0.1", port, "0123-4567-89ab-cdef-0000000000000000", "test", to);
  ASSERT_FALSE(elsewhere);
  EXPECT_NE(elsewhere.error().message.find("not the cloud that gave the code"), std::string::npos);
  EXPECT_FALSE(enroll("127.0.0.1", port, "short", "test", to));
  EXPECT_FALSE(enroll("127.0.0.1", port, "U123-4567-89ab-cdef-" + *pin, "test", to));
}

}  // namespace
}  // namespace osect::uplink
