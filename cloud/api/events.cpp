// /events: the hub and its streams.
#include "cloud/api/events.h"

#include <fmt/format.h>

#include <chrono>

#include "base/log.h"
#include "cloud/account/database.h"
#include "cloud/api/json.h"
#include "cloud/api/routes.h"
#include "cloud/store/listener.h"
#include "cloud/store/queries/session.h"

namespace osect::api {
namespace query = store::query;
namespace {

constexpr std::int64_t kPatienceMs = 250;  // how soon the hub notices that it has to stop
constexpr auto kCheckSessionsEvery = std::chrono::seconds(30);
constexpr auto kTryAgainAfter = std::chrono::seconds(1);

std::string hexadecimal(std::string_view bytes) {
  std::string out;
  for (const char c : bytes)
    fmt::format_to(std::back_inserter(out), "{:02x}", static_cast<unsigned char>(c));
  return out;
}

}  // namespace

void ChangeStream::on_change(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

std::string ChangeStream::take() {
  const std::lock_guard lock(mutex_);
  std::string out;
  if (std::exchange(is_lost_, false)) out += "event: lost\ndata: {}\n\n";
  const std::string now = rfc3339(system_now());
  for (const auto& [kind, site] : waiting_) {
    const Json json{{"kind", kind}, {"site", text_or_null(site)}, {"at", now}};
    out += "event: change\ndata: " + json.dump() + "\n\n";
  }
  waiting_.clear();
  return out;
}

bool ChangeStream::is_ended() const {
  const std::lock_guard lock(mutex_);
  return is_ended_;
}

void ChangeStream::say(const std::string& kind, const std::string& site) {
  if (!site.empty() && !reach_.has_site(parse_id(site).value_or(0))) return;
  const std::lock_guard lock(mutex_);
  if (waiting_.size() < kWaitingMax)
    waiting_.emplace(kind, site);
  else
    is_lost_ = true;
  if (wake_) wake_();
}

void ChangeStream::say_lost() {
  const std::lock_guard lock(mutex_);
  is_lost_ = true;
  if (wake_) wake_();
}

void ChangeStream::end() {
  const std::lock_guard lock(mutex_);
  is_ended_ = true;
  if (wake_) wake_();
}

EventHub::EventHub(std::string connection, std::string user, store::Pool& pool)
    : connection_(std::move(connection)),
      user_(std::move(user)),
      pool_(pool),
      thread_([this](const std::stop_token& stop) { listen(stop); }) {}

EventHub::~EventHub() {
  thread_.request_stop();
  thread_.join();
  for (const auto& stream : streams()) stream->end();
}

std::shared_ptr<ChangeStream> EventHub::open_stream(std::int64_t organization,
                                                    const account::Reach& reach,
                                                    const std::string& session) {
  auto stream = std::make_shared<ChangeStream>(organization, reach, session);
  const std::lock_guard lock(mutex_);
  streams_.push_back(stream);
  return stream;
}

std::vector<std::shared_ptr<ChangeStream>> EventHub::streams() {
  const std::lock_guard lock(mutex_);
  std::erase_if(streams_, [](const auto& stream) { return stream.expired(); });
  std::vector<std::shared_ptr<ChangeStream>> out;
  for (const auto& stream : streams_)
    if (auto alive = stream.lock()) out.push_back(std::move(alive));
  return out;
}

void EventHub::deliver(const std::string& payload) {
  const auto json = Json::parse(payload, nullptr, false);
  const auto text = [&](const char* name) {
    return json.is_object() && json.contains(name) && json[name].is_string()
               ? json[name].get<std::string>()
               : std::string();
  };
  const auto organization = parse_id(text("organization"));
  if (!organization || text("kind").empty()) {
    log::warn("A change was announced in a form that is not understood: {}", payload);
    return;
  }
  for (const auto& stream : streams())
    if (stream->organization() == *organization) stream->say(text("kind"), text("site"));
}

void EventHub::end_streams_without_session() {
  const auto open = streams();
  if (open.empty()) return;
  std::vector<std::string> sessions;
  sessions.reserve(open.size());
  for (const auto& stream : open) sessions.push_back(stream->session());
  std::set<std::string> alive;
  try {
    auto transaction = account::begin(pool_, {});
    const auto rows =
        account::ask(transaction, query::kSessionAlive, {store::Param::array(sessions)});
    for (const auto row : rows) alive.emplace(row.text(0));
  } catch (const account::DatabaseFailure& failure) {
    log::warn("Sessions of open streams could not be checked: {}", failure.what());
    return;  // asked again soon
  }
  for (const auto& stream : open)
    if (!alive.contains(stream->session())) stream->end();
}

void EventHub::listen(const std::stop_token& stop) {
  auto checked = std::chrono::steady_clock::now();
  std::optional<store::Listener> listener;
  while (!stop.stop_requested()) {
    if (!listener) {
      auto opened = store::Listener::open(connection_, user_);
      if (!opened) {
        log::warn("Live updates wait for the database: {}", opened.error().message);
        std::unique_lock lock(mutex_);
        stopped_.wait_for(lock, stop, kTryAgainAfter, [] { return false; });
        continue;
      }
      listener.emplace(std::move(*opened));
      for (const auto& stream : streams()) stream->say_lost();
    }
    const auto heard = listener->wait(kPatienceMs);
    if (!heard) {
      log::warn("Live updates were interrupted: {}", heard.error().message);
      listener.reset();
      continue;
    }
    for (const auto& payload : *heard) deliver(payload);
    if (std::chrono::steady_clock::now() - checked >= kCheckSessionsEvery) {
      checked = std::chrono::steady_clock::now();
      end_streams_without_session();
    }
  }
}

Response listen_to_changes(Context& context) {
  context.parameters.finish();
  Response out;
  out.stream = context.services.events.open_stream(context.organization, context.session.reach,
                                                   hexadecimal(context.session.token_hash));
  out.with("Content-Type", "text/event-stream");
  return out;
}

}  // namespace osect::api
