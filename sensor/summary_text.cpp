// The page of text: what was read, who is there, which services and operations are used, what
// stands out.
#include "sensor/summary_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>
#include <vector>

namespace osect::sensor {

namespace {

constexpr std::size_t kRowsMax = 30;  // of each list; the rest is counted

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text)
    out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c);
  return out;
}

std::string host_text(const observe::Host& host) {
  std::string text = host.ip.is_none() ? host.mac.text() : host.ip.text();
  if (host.ip.is_none() && host.mac.is_zero()) text = "(many)";
  if (host.vlan != 0) text += fmt::format(" vlan {}", host.vlan);
  return text;
}

// 1 row and 2 rows, each in its own words.
std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

class Page {
 public:
  template <typename... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_.push_back('\n');
  }
  // The first rows, and how many more there are.
  template <typename Rows, typename Show>
  void list(const Rows& rows, Show&& show) {
    const std::size_t shown = std::min(rows.size(), kRowsMax);
    for (std::size_t i = 0; i < shown; ++i) show(rows[i]);
    if (shown < rows.size()) line("  ... and {} more", rows.size() - shown);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void endpoints(Page& page, const observe::Report& report) {
  std::vector<const observe::EndpointRow*> rows;
  for (const auto& row : report.endpoints) rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto* x, const auto* y) { return x->packets > y->packets; });
  page.line("\n{} (most active first)", counted(rows.size(), "endpoint", "endpoints"));
  page.list(rows, [&](const observe::EndpointRow* row) {
    page.line("  {:<24} {:<18} {:>10} packets{}", host_text(row->host),
              row->host.mac.is_zero() ? "" : row->host.mac.text(), row->packets,
              row->has_sent ? "" : "  (has not sent)");
  });
}

void services(Page& page, const observe::Report& report) {
  struct Use {
    std::uint64_t bytes = 0;
    std::size_t conversations = 0;
  };
  std::map<std::tuple<decode::Transport, std::uint16_t, std::string_view>, Use> services;
  for (const auto& row : report.conversations) {
    Use& use = services[{row.transport, row.port, row.protocol}];
    use.bytes += row.bytes[0] + row.bytes[1];
    ++use.conversations;
  }
  std::vector<std::pair<std::tuple<decode::Transport, std::uint16_t, std::string_view>, Use>> rows(
      services.begin(), services.end());
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& x, const auto& y) { return x.second.bytes > y.second.bytes; });
  page.line("\n{} in {} (most bytes first)", counted(rows.size(), "service", "services"),
            counted(report.conversations.size(), "conversation", "conversations"));
  page.list(rows, [&](const auto& row) {
    const auto& [transport, port, protocol] = row.first;
    const std::string service =
        transport == decode::Transport::ethernet ? fmt::format("ethernet 0x{:04x}", port)
        : port == 0                              ? std::string(decode::transport_name(transport))
                    : fmt::format("{}/{}", decode::transport_name(transport), port);
    page.line("  {:<18} {:<14} {:>14} bytes in {}", service, protocol.empty() ? "-" : protocol,
              row.second.bytes, counted(row.second.conversations, "conversation", "conversations"));
  });
}

void operations(Page& page, const observe::Report& report) {
  if (report.operations.empty()) return;
  std::map<std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>,
           std::array<std::uint64_t, 2>>
      functions;
  for (const auto& row : report.operations) {
    auto& use = functions[{row.protocol.view(), dissect::access_name(row.access),
                           row.function.view(), row.code.view()}];
    use[0] += row.count;
    use[1] += row.errors;
  }
  page.line("\n{}",
            counted(functions.size(), "control function in use", "control functions in use"));
  const std::vector rows(functions.begin(), functions.end());
  page.list(rows, [&](const auto& row) {
    const auto& [protocol, access, function, code] = row.first;
    page.line("  {:<14} {:<10} {:<36} {:>10} times, {} refused", protocol, access,
              printable(function.empty() ? fmt::format("code {}", code) : std::string(function)),
              row.second[0], row.second[1]);
  });
}

void facts(Page& page, const observe::Report& report) {
  if (report.facts.empty()) return;
  page.line("\n{} about devices", counted(report.facts.size(), "fact", "facts"));
  page.list(report.facts, [&](const observe::FactRow& row) {
    page.line("  {:<24} {:<18} {}  ({})", host_text(row.subject), row.attribute,
              printable(row.value), row.source);
  });
}

void events(Page& page, const observe::Report& report) {
  if (report.events.empty()) return;
  page.line("\n{} to look at", counted(report.events.size(), "event", "events"));
  page.list(report.events, [&](const observe::EventRow& row) {
    std::string detail;
    for (const auto& [key, value] : row.detail) detail += fmt::format(" {} {}", key, value);
    page.line("  {:<16} {:<24}{}", row.kind, host_text(row.subject), detail);
  });
}

}  // namespace

std::string summary_text(const observe::Report& report, const Summary& summary) {
  Page page;
  page.line("{} packets, {} bytes in {:.3f} s, from {} to {}", summary.packets, summary.bytes,
            static_cast<double>(summary.duration) / static_cast<double>(kSecondNs),
            rfc3339(report.begin), rfc3339(report.end));
  if (summary.dropped + summary.malformed > 0)
    page.line("{} packets dropped by the capture, {} malformed", summary.dropped,
              summary.malformed);
  events(page, report);
  endpoints(page, report);
  services(page, report);
  operations(page, report);
  facts(page, report);
  return page.take();
}

}  // namespace osect::sensor
