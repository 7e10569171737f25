// ISO transport on TCP: RFC 1006 (TPKT) around ISO 8073 class 0 (COTP), which S7comm and MMS share.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sensor/dissect/dissector.h"

namespace osect::dissect::cotp {

constexpr std::uint16_t kPort = 102;
constexpr std::size_t kTpktBytes = 4;

// TPDU codes, ISO 8073 clause 13.
constexpr std::uint8_t kConnectRequest = 0xe0;
constexpr std::uint8_t kConnectConfirm = 0xd0;
constexpr std::uint8_t kDisconnectRequest = 0x80;
constexpr std::uint8_t kData = 0xf0;

struct Tpdu {
  std::uint8_t type = 0;
  bool is_last = true;  // end of TSDU mark of a data TPDU
  bool is_cut = false;  // the TPKT is longer than what is here
  Cursor header;        // behind the type: references, class and parameters
  Cursor user;          // behind the header
};

// The TPDU of the TPKT that begins here; `in` moves behind it. What is no TPKT faults `in`.
[[nodiscard]] Tpdu read(Cursor& in);

// From the first TPKT to the one that ends its TSDU: one message of the protocol above.
[[nodiscard]] Framing frame(Cursor in);

// What a data message carries, put together when it came in several TPDUs. `whole` points into the
// message or into this; it is empty for all but data.
class UserData {
 public:
  explicit UserData(Cursor message);
  UserData(const UserData&) = delete;
  UserData& operator=(const UserData&) = delete;

  [[nodiscard]] const Cursor& whole() const { return whole_; }
  [[nodiscard]] bool is_in_parts() const { return is_in_parts_; }
  // The last part is here; else more of the message follows, too much to be put together.
  [[nodiscard]] bool has_end() const { return has_end_; }

 private:
  Cursor whole_;
  bool is_in_parts_ = false;
  bool has_end_ = true;
  std::array<std::uint8_t, std::size_t{16} * 1024> memory_;
};

// The transport selectors of a connect request or confirm; empty where it has none.
struct Selectors {
  std::span<const std::uint8_t> calling;
  std::span<const std::uint8_t> called;
};
[[nodiscard]] Selectors selectors(const Tpdu& connect);

// How a stream begins, for probes: what opens the transport connection and empty data are passed
// over.
struct Beginning {
  bool is_transport = false;  // nothing here contradicts TPKT and COTP
  bool is_named = false;      // a connect request or confirm names the selector called
  std::span<const std::uint8_t> called;
  Tpdu data;  // the first that holds something; its user data is empty while none came
};
[[nodiscard]] Beginning read_beginning(Cursor in);

}  // namespace osect::dissect::cotp
