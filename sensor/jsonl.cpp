// JSON by hand: a few fixed shapes, written fast; RFC 8259.
#include "sensor/jsonl.h"

#include <array>
#include <iterator>

#include "sensor/signature/hit_log.h"

namespace osect::sensor {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 18;

const char* severity_name(observe::Severity severity) {
  switch (severity) {
    case observe::Severity::low:
      return "low";
    case observe::Severity::medium:
      return "medium";
    case observe::Severity::high:
      return "high";
    case observe::Severity::critical:
      return "critical";
    case observe::Severity::info:
      break;
  }
  return "info";
}

bool is_plain(unsigned char c) {
  return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

// The length of the well-formed UTF-8 sequence of several bytes that begins here, 0 if none does;
// RFC 3629, section 4.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
  };
  const auto is_tail = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
  const unsigned char lead = byte(0);
  const unsigned char next = byte(1);
  if (lead >= 0xc2 && lead <= 0xdf) return is_tail(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const bool is_overlong = lead == 0xe0 && next < 0xa0;
    const bool is_surrogate = lead == 0xed && next >= 0xa0;
    return is_tail(1) && is_tail(2) && !is_overlong && !is_surrogate ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const bool is_overlong = lead == 0xf0 && next < 0x90;
    const bool is_beyond = lead == 0xf4 && next >= 0x90;
    return is_tail(1) && is_tail(2) && is_tail(3) && !is_overlong && !is_beyond ? 4 : 0;
  }
  return 0;
}

}  // namespace

void JsonLines::open(std::string_view record) {
  buffer_ += R"({"record":)";
  text(record);
}

void JsonLines::close() {
  buffer_ += "}\n";
  if (buffer_.size() >= kPieceBytes) has_failed_ |= !flush();
}

bool JsonLines::flush() {
  has_failed_ |= std::fwrite(buffer_.data(), 1, buffer_.size(), out_) != buffer_.size();
  buffer_.clear();
  has_failed_ |= std::fflush(out_) != 0;
  return !has_failed_;
}

void JsonLines::key(std::string_view name) {
  buffer_ += ",\"";
  buffer_.append(name);
  buffer_ += "\":";
}

void JsonLines::text(std::string_view value) {
  buffer_.push_back('"');
  for (std::size_t i = 0; i < value.size();) {
    const auto c = static_cast<unsigned char>(value[i]);
    if (is_plain(c)) {
      const std::size_t begin = i;
      while (i < value.size() && is_plain(static_cast<unsigned char>(value[i]))) ++i;
      buffer_.append(value.substr(begin, i - begin));
    } else if (c == '"' || c == '\\') {
      buffer_.push_back('\\');
      buffer_.push_back(value[i++]);
    } else if (c < 0x80) {
      fmt::format_to(std::back_inserter(buffer_), "\\u{:04x}", c);
      ++i;
    } else if (const std::size_t size = utf8_length(value.substr(i)); size > 0) {
      buffer_.append(value.substr(i, size));
      i += size;
    } else {
      buffer_ += "\xef\xbf\xbd";
      ++i;
    }
  }
  buffer_.push_back('"');
}

void JsonLines::number(std::uint64_t value) {
  const fmt::format_int text(value);
  buffer_.append(text.data(), text.size());
}

void JsonLines::digits(std::uint64_t value, int width) {
  std::array<char, 20> text;
  for (int i = width; i > 0; --i) {
    text[static_cast<std::size_t>(i - 1)] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  buffer_.append(text.data(), static_cast<std::size_t>(width));
}

void JsonLines::mac(const MacAddress& mac) {
  if (mac.is_zero()) {
    buffer_ += "null";
    return;
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<char, 19> text;
  text.front() = text.back() = '"';
  for (std::size_t i = 0; i < 6; ++i) {
    text[1 + 3 * i] = kHex[mac.bytes[i] >> 4];
    text[2 + 3 * i] = kHex[mac.bytes[i] & 0x0f];
    if (i < 5) text[3 + 3 * i] = ':';
  }
  buffer_.append(text.data(), text.size());
}

void JsonLines::ip(const IpAddress& ip) {
  if (ip.is_none()) {
    buffer_ += "null";
    return;
  }
  buffer_.push_back('"');
  if (ip.is_v4()) {
    const auto bytes = ip.bytes();
    for (std::size_t i = 0; i < 4; ++i) {
      if (i > 0) buffer_.push_back('.');
      number(bytes[i]);
    }
  } else {
    buffer_.append(ip.text());
  }
  buffer_.push_back('"');
}

void JsonLines::time(TimeNs time) {
  constexpr TimeNs kDayNs = 24 * 3600 * kSecondNs;
  const TimeNs in_day = (time % kDayNs + kDayNs) % kDayNs;
  if (time - in_day != day_ || day_text_.empty()) {
    day_ = time - in_day;
    day_text_ = rfc3339(day_);
    day_text_.resize(day_text_.find('T') + 1);
  }
  const auto microseconds = static_cast<std::uint64_t>(in_day / 1000);
  const std::uint64_t seconds = microseconds / 1'000'000;
  buffer_.push_back('"');
  buffer_.append(day_text_);
  digits(seconds / 3600, 2);
  buffer_.push_back(':');
  digits(seconds / 60 % 60, 2);
  buffer_.push_back(':');
  digits(seconds % 60, 2);
  buffer_.push_back('.');
  digits(microseconds % 1'000'000, 6);
  buffer_ += "Z\"";
}

void JsonLines::host(std::string_view name, const observe::Host& host) {
  key(name);
  buffer_ += R"({"mac":)";
  mac(host.mac);
  key("ip");
  ip(host.ip);
  buffer_.push_back('}');
}

void JsonLines::address(std::string_view name, const observe::Host& host) {
  key(name);
  if (host.ip.is_none()) {
    mac(host.mac);
  } else {
    ip(host.ip);
  }
}

void JsonLines::pair(std::string_view name, const std::array<std::uint64_t, 2>& values) {
  key(name);
  buffer_.push_back('[');
  number(values[0]);
  buffer_.push_back(',');
  number(values[1]);
  buffer_.push_back(']');
}

void JsonLines::span(TimeNs first, TimeNs last) {
  key("first");
  time(first);
  key("last");
  time(last);
}

void JsonLines::write(const observe::EndpointRow& row) {
  open("endpoint");
  key("mac");
  mac(row.host.mac);
  key("vlan");
  number(row.host.vlan);
  key("ips");
  buffer_.push_back('[');
  if (!row.host.ip.is_none()) ip(row.host.ip);
  buffer_.push_back(']');
  key("packets");
  number(row.packets);
  span(row.first, row.last);
  close();
}

void JsonLines::write(const observe::ConversationRow& row) {
  open("conversation");
  host("client", row.client);
  host("server", row.server);
  key("transport");
  text(decode::transport_name(row.transport));
  key("port");
  number(row.port);
  key("protocol");
  text(row.protocol);
  pair("packets", row.packets);
  pair("bytes", row.bytes);
  span(row.first, row.last);
  close();
}

void JsonLines::write(const observe::OperationRow& row) {
  open("operation");
  key("protocol");
  text(row.protocol.view());
  address("client", row.client);
  address("server", row.server);
  key("function");
  text(row.function.view());
  key("code");
  text(row.code.view());
  key("access");
  text(dissect::access_name(row.access));
  key("target");
  text(row.target.view());
  key("count");
  number(row.count);
  key("errors");
  number(row.errors);
  span(row.first, row.last);
  close();
}

void JsonLines::write(const observe::FactRow& row) {
  open("fact");
  host("subject", row.subject);
  key("attribute");
  text(row.attribute);
  key("value");
  text(row.value);
  key("source");
  text(row.source);
  key("confidence");
  number(row.confidence);
  span(row.first, row.last);
  close();
}

void JsonLines::write(const observe::EventRow& row) {
  open("event");
  key("kind");
  text(row.kind);
  key("severity");
  text(severity_name(row.severity));
  host("subject", row.subject);
  key("detail");
  buffer_.push_back('{');
  for (std::size_t i = 0; i < row.detail.size(); ++i) {
    if (i > 0) buffer_.push_back(',');
    text(row.detail[i].first);
    buffer_.push_back(':');
    text(row.detail[i].second);
  }
  buffer_.push_back('}');
  span(row.first, row.last);
  close();
}

void JsonLines::write(const signature::Hit& hit) {
  const auto& segment = *hit.segment;
  const auto port_of = [&](decode::End end) -> std::uint64_t {
    return segment.flow == nullptr ? 0U : segment.flow->ends[decode::index(end)].port;
  };
  open("alert");
  key("time");
  time(segment.time);
  key("sid");
  number(hit.rule->sid);
  key("gid");
  number(hit.rule->gid);
  key("rev");
  number(hit.rule->rev);
  key("msg");
  text(hit.rule->message);
  key("severity");
  text(severity_name(signature::severity_of(hit.rule->priority)));
  key("transport");
  text(decode::transport_name(segment.transport()));
  key("source");
  ip(segment.source);
  key("source_port");
  number(port_of(segment.from));
  key("destination");
  ip(segment.destination);
  key("destination_port");
  number(port_of(decode::other(segment.from)));
  key("direction");
  text(hit.toward == signature::Toward::any      ? "unknown"
       : hit.toward == signature::Toward::server ? "to_server"
                                                 : "to_client");
  close();
}

void JsonLines::write(const observe::Report& report) {
  for (const auto& row : report.endpoints) write(row);
  for (const auto& row : report.conversations) write(row);
  for (const auto& row : report.operations) write(row);
  for (const auto& row : report.facts) write(row);
  for (const auto& row : report.events) write(row);
}

void JsonLines::write(const Summary& summary) {
  open("summary");
  key("packets");
  number(summary.packets);
  key("bytes");
  number(summary.bytes);
  key("duration_s");
  const TimeNs microseconds = summary.duration / 1000;
  fmt::format_to(std::back_inserter(buffer_), "{}.{:06}", microseconds / 1'000'000,
                 microseconds % 1'000'000);
  key("dropped");
  number(summary.dropped);
  key("malformed");
  number(summary.malformed);
  key("unparsed");
  number(summary.unparsed);
  key("uplink_bytes");
  number(summary.uplink_bytes);
  key("uplink_records");
  number(summary.uplink_records);
  close();
}

}  // namespace osect::sensor
