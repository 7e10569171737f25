// One gRPC stream to the cloud under mutual TLS; stream.cpp is one of two files that see gRPC.
// proto/osect/v1/uplink.proto.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sensor/uplink/identity.h"

namespace osect::v1 {
class CloudMessage;
class SensorMessage;
}  // namespace osect::v1

namespace osect::uplink {

// Why a stream ended.
struct StreamEnd {
  enum class Cause { unreachable, refused, closed } cause = Cause::closed;
  std::string text;  // gRPC's words
};

// Thread-safe. `wake` is called on gRPC's threads whenever something has arrived, was sent, or the
// stream has ended.
class Stream {
 public:
  Stream(const std::string& address, const Identity& identity, std::function<void()> wake);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream();  // cancels what goes on and waits for its end

  // Queued; sent in order. The caller bounds what is in flight.
  void send(v1::SensorMessage message);
  std::optional<v1::CloudMessage> take();
  // Once the stream is over, and everything that arrived was taken.
  [[nodiscard]] std::optional<StreamEnd> end() const;
  // "ipv4:192.0.2.1:8443" once connected.
  [[nodiscard]] std::string peer() const;

 private:
  class Reactor;
  std::shared_ptr<Reactor> reactor_;
};

}  // namespace osect::uplink
