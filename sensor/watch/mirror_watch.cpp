// Looks of the doctor, compared with each other.
#include "sensor/watch/mirror_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace osect::watch {
namespace {

template <typename Findings>
bool has_same_faults(const Findings& a, const Findings& b) {
  return std::equal(a.begin(), a.end(), b.begin(), [](const auto& one, const auto& other) {
    return one.has_value() == other.has_value();
  });
}

// What the counters gained; a port that was opened anew counts from zero.
std::uint64_t gained(std::uint64_t now, std::uint64_t before) {
  return now >= before ? now - before : now;
}

observe::EventRow event_of(const char* kind, const std::string& port, TimeNs now) {
  observe::EventRow out;
  out.kind = kind;
  out.detail = {{"port", port}};
  out.count = 1;
  out.first = now;
  out.last = now;
  return out;
}

}  // namespace

void MirrorWatch::begin_look(TimeNs now, const capture::SourceCounters& counted) {
  doctor_ = std::make_unique<MirrorDoctor>();
  counted_ = counted;
  begun_ = now;
  next_ = now + timing_.look;
}

MirrorWatch::Findings MirrorWatch::end_look(const capture::SourceCounters& counted) {
  capture::SourceCounters lost;
  lost.dropped_kernel = gained(counted.dropped_kernel, counted_.dropped_kernel);
  lost.dropped_interface = gained(counted.dropped_interface, counted_.dropped_interface);
  Findings out;
  for (const auto& finding : doctor_->findings(lost))
    out.at(static_cast<std::size_t>(finding.fault)) = finding;
  // A quiet night cures nothing.
  for (std::size_t i = 0; i < out.size(); ++i)
    if (!out[i] && !doctor_->has_judged(static_cast<MirrorFault>(i))) out[i] = told_[i];
  doctor_.reset();
  return out;
}

std::vector<observe::EventRow> MirrorWatch::tell(TimeNs now, const Findings& found) {
  std::vector<observe::EventRow> out;
  observe::EventRow& state = out.emplace_back(event_of("mirror", port_, now));
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i]) continue;
    const auto& finding = *found[i];
    const std::string figures = fmt::format("{}/{}", finding.count, finding.of);
    state.detail.emplace_back(name_of(finding.fault), figures);
    // A plant that stands still is silent too: the port's page says so, nobody is called.
    if (told_[i] || finding.fault == MirrorFault::silent) continue;
    observe::EventRow fault = event_of("mirror_fault", port_, now);
    fault.severity = observe::Severity::medium;
    fault.detail.emplace_back("fault", name_of(finding.fault));
    fault.detail.emplace_back("figures", figures);
    out.push_back(std::move(fault));
  }
  told_ = found;
  told_at_ = now;
  return out;
}

std::vector<observe::EventRow> MirrorWatch::turn(TimeNs now,
                                                 const capture::SourceCounters& counted) {
  if (doctor_ == nullptr || now < begun_) {  // a clock that was set back ends nothing
    begin_look(now, counted);
    return {};
  }
  const Findings found = end_look(counted);
  const bool is_confirmed = before_ && has_same_faults(*before_, found);
  before_ = found;
  if (!is_confirmed) {
    begin_look(now, counted);
    return {};
  }
  const bool is_wrong =
      std::any_of(found.begin(), found.end(), [](const auto& fault) { return fault.has_value(); });
  next_ = now + (is_wrong ? timing_.pause_when_wrong : timing_.pause);
  const bool is_news = told_at_ == 0 || !has_same_faults(told_, found);
  if (!is_news && now - told_at_ < timing_.again) return {};
  return tell(now, found);
}

}  // namespace osect::watch
