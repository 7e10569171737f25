// A report as JSON lines, keys in fixed order: the format of `analyze --format jsonl`;
// docs/architecture.md, Commands.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "sensor/observe/report.h"
#include "sensor/signature/engine.h"

namespace osect::sensor {

// What a capture cost and held as a whole; the last line of the output.
struct Summary {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  // on the wire
  TimeNs duration = 0;
  std::uint64_t dropped = 0;
  std::uint64_t malformed = 0;
  std::uint64_t unparsed = 0;
  std::uint64_t uplink_bytes = 0;  // what the records cost on the wire, both ways, headers included
  std::uint64_t uplink_records = 0;  // rows sent
};

// Collects lines and writes them in large pieces. Text that is not UTF-8 comes out with U+FFFD in
// place of each wrong byte, so that every line is valid JSON whatever was on the wire.
class JsonLines {
 public:
  explicit JsonLines(std::FILE* out) : out_(out) {}
  JsonLines(const JsonLines&) = delete;
  JsonLines& operator=(const JsonLines&) = delete;

  void write(const observe::Report& report);
  void write(const Summary& summary);
  void write(const signature::Hit& hit);
  // False when the output could not be written (a full disk, a closed pipe).
  [[nodiscard]] bool flush();

 private:
  void write(const observe::EndpointRow& row);
  void write(const observe::ConversationRow& row);
  void write(const observe::OperationRow& row);
  void write(const observe::FactRow& row);
  void write(const observe::EventRow& row);
  void open(std::string_view record);
  void key(std::string_view name);
  void text(std::string_view value);
  void number(std::uint64_t value);
  void mac(const MacAddress& mac);
  void ip(const IpAddress& ip);
  void time(TimeNs time);
  // Exactly `width` digits.
  void digits(std::uint64_t value, int width);
  void host(std::string_view name, const observe::Host& host);
  void address(std::string_view name, const observe::Host& host);
  void pair(std::string_view name, const std::array<std::uint64_t, 2>& values);
  void span(TimeNs first, TimeNs last);
  void close();

  std::FILE* out_;
  std::string buffer_;
  TimeNs day_ = -1;  // the day whose text is remembered: most times are of one
  std::string day_text_;
  bool has_failed_ = false;
};

}  // namespace osect::sensor
