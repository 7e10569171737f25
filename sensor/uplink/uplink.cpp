// Connecting, sending, acknowledging, backing off.
#include "sensor/uplink/uplink.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "osect/v1/uplink.pb.h"

namespace osect::uplink {
namespace {

using SteadyClock = std::chrono::steady_clock;

}  // namespace

Uplink::Uplink(UplinkConfig config, spool::Spool& spool)
    : config_(std::move(config)),
      spool_(spool),
      encoder_(condense::random_epoch),
      random_(condense::random_epoch()) {}

void Uplink::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    run_stream(stop);
    if (!stop.stop_requested()) back_off(stop);
  }
}

void Uplink::run_stream(const std::stop_token& stop) {
  auto identity = read_identity(config_.directory);
  if (!identity) return set_trouble(identity.error().message);
  const auto validity = validity_of(identity->certificate_pem);
  if (!validity) return set_trouble(validity.error().message);
  if (validity->end <= system_now())
    return set_trouble(fmt::format("this sensor's certificate expired at {}; enrol it again",
                                   rfc3339(validity->end)));
  identity_ = std::move(*identity);
  validity_ = *validity;
  is_renewal_asked_ = false;
  Stream stream(config_.address, identity_, [this] { wake(); });
  counted_ = {};
  if (!welcome(stream, stop)) return;
  attempts_ = 0;
  set_trouble("");
  {
    const std::lock_guard lock(mutex_);
    state_.is_connected = true;
  }
  while (!stop.stop_requested()) {
    send_some(stream);
    if (!is_renewal_asked_ && validity_.is_to_be_renewed(system_now())) ask_for_renewal(stream);
    wait_until(SteadyClock::now() + std::chrono::seconds(1), stop);
    count_bytes(stream);
    if (!receive(stream)) break;
    if (!in_flight_.empty() &&
        SteadyClock::now() - in_flight_.front().sent > config_.answer_timeout) {
      set_trouble(fmt::format("the cloud at {} does not acknowledge any more", config_.address));
      break;
    }
  }
  const std::lock_guard lock(mutex_);
  state_.is_connected = false;
}

bool Uplink::welcome(Stream& stream, const std::stop_token& stop) {
  v1::SensorMessage hello;
  hello.mutable_hello()->set_version(config_.version);
  *hello.mutable_hello()->mutable_dictionary() = encoder_.state();
  stream.send(std::move(hello));
  const auto deadline = SteadyClock::now() + config_.answer_timeout;
  while (!stop.stop_requested()) {
    if (const auto message = stream.take()) {
      if (!message->has_welcome()) {
        set_trouble(fmt::format("{} does not speak this sensor's protocol", config_.address));
        return false;
      }
      spool_.settle(message->welcome().committed_sequence());
      encoder_.resume(message->welcome().dictionary());
      last_sent_ = message->welcome().committed_sequence();
      in_flight_.clear();
      in_flight_bytes_ = 0;
      return true;
    }
    if (const auto end = stream.end()) {
      set_trouble(sentence(*end));
      return false;
    }
    if (SteadyClock::now() >= deadline) {
      set_trouble(fmt::format("the cloud at {} does not answer", config_.address));
      return false;
    }
    wait_until(deadline, stop);
  }
  return false;
}

void Uplink::send_some(Stream& stream) {
  while (in_flight_bytes_ < config_.in_flight_bytes_max &&
         in_flight_.size() < config_.in_flight_batches_max) {
    const auto stored = spool_.read_after(last_sent_);
    if (!stored) return;
    last_sent_ = stored->sequence;
    v1::SensorMessage message;
    if (auto encoded = encoder_.encode(stored->sequence, stored->payload, *message.mutable_batch());
        !encoded) {
      // The checksum was right, so this is what was written: by a version that wrote something
      // else.
      log::error("Batch {} of the spool cannot be read and is not sent: {}.", stored->sequence,
                 encoded.error().message);
      continue;
    }
    const auto bytes = message.ByteSizeLong();
    in_flight_.push_back({stored->sequence, bytes, SteadyClock::now()});
    in_flight_bytes_ += bytes;
    stream.send(std::move(message));
  }
}

bool Uplink::receive(Stream& stream) {
  while (const auto message = stream.take()) {
    if (message->has_renewed()) {
      take_renewed(message->renewed());
      continue;
    }
    std::uint64_t committed = 0;
    if (message->has_ack()) committed = message->ack().sequence();
    if (message->has_refusal()) {
      committed = message->refusal().sequence();
      log::error("The cloud refused batch {} and put it aside: {}.", committed,
                 message->refusal().reason());
    }
    spool_.acknowledge(committed);
    encoder_.acknowledge(committed);
    const std::lock_guard lock(mutex_);
    if (message->has_refusal()) ++state_.refused;
    while (!in_flight_.empty() && in_flight_.front().sequence <= committed) {
      in_flight_bytes_ -= in_flight_.front().bytes;
      in_flight_.pop_front();
      ++state_.batches;
    }
  }
  const auto end = stream.end();
  if (!end) return true;
  set_trouble(sentence(*end));
  return false;
}

void Uplink::ask_for_renewal(Stream& stream) {
  is_renewal_asked_ = true;
  auto request = make_renewal_request(identity_);
  if (!request) {
    log::error("The sensor's certificate cannot be renewed: {}.", request.error().message);
    return;
  }
  v1::SensorMessage message;
  message.mutable_renewal()->set_certificate_request_pem(std::move(*request));
  stream.send(std::move(message));
}

void Uplink::take_renewed(const v1::Renewed& renewed) {
  const auto done =
      renewed.certificate_pem().empty()
          ? Result<>(Error(fmt::format("the cloud refuses it: {}", renewed.refusal())))
          : replace_certificate(config_.directory, identity_, renewed.certificate_pem());
  if (!done) {
    log::error("The sensor's certificate, valid until {}, was not renewed: {}.",
               rfc3339(validity_.end), done.error().message);
    return;
  }
  if (const auto validity = validity_of(renewed.certificate_pem())) validity_ = *validity;
  log::info("The sensor's certificate was renewed; it is valid until {}.", rfc3339(validity_.end));
}

std::string Uplink::sentence(const StreamEnd& end) const {
  switch (end.cause) {
    case StreamEnd::Cause::refused:
      return fmt::format("the cloud at {} refuses this sensor: {}", config_.address, end.text);
    case StreamEnd::Cause::closed:
      return fmt::format("{} ({})", end.text, config_.address);
    case StreamEnd::Cause::unreachable:
      break;
  }
  if (end.text.find("certificate verify failed") != std::string::npos)
    return fmt::format(
        "what answers at {} is not the cloud this sensor was enrolled with: its certificate is "
        "another authority's",
        config_.address);
  return fmt::format("the cloud at {} cannot be reached: {}", config_.address, end.text);
}

// Full jitter: after an outage of the cloud ten thousand sensors come back one by one.
void Uplink::back_off(const std::stop_token& stop) {
  const auto most =
      std::min(config_.back_off_most,
               config_.back_off_first * (std::int64_t{1} << std::min(attempts_, 16U)));
  ++attempts_;
  std::uniform_int_distribution<std::int64_t> any(most.count() / 10, most.count());
  const auto deadline = SteadyClock::now() + std::chrono::milliseconds(any(random_));
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, stop, deadline, [] { return false; });
}

void Uplink::wait_until(SteadyClock::time_point deadline, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, stop, deadline, [this] { return is_woken_; });
  is_woken_ = false;
}

void Uplink::wake() {
  const std::lock_guard lock(mutex_);
  is_woken_ = true;
  changed_.notify_all();
}

void Uplink::count_bytes(const Stream& stream) {
  const auto now = connection_bytes(stream.peer());
  if (now.sent < counted_.sent) return;
  const std::lock_guard lock(mutex_);
  state_.bytes += now.sent - counted_.sent + (now.received - counted_.received);
  counted_ = now;
}

// Said when it changes, not at each attempt.
void Uplink::set_trouble(const std::string& trouble) {
  bool is_said = false;
  {
    const std::lock_guard lock(mutex_);
    is_said = std::exchange(has_said_, true) && trouble == state_.trouble;
    state_.trouble = trouble;
  }
  if (is_said) return;
  if (trouble.empty())
    log::info("Connected to the cloud at {}.", config_.address);
  else
    log::warn("Records are kept: {}.", trouble);
}

UplinkState Uplink::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

}  // namespace osect::uplink
