// Sessions: found by the hash of their token, touched at most once a minute. OWASP ASVS 5.0, V7.
#include "cloud/account/session.h"

#include <fmt/format.h>

#include <algorithm>

#include "cloud/account/database.h"
#include "cloud/account/random.h"
#include "cloud/store/queries/membership.h"
#include "cloud/store/queries/session.h"

namespace osect::account {
namespace query = store::query;
namespace {

// As the database calls them, rising from Role::viewer.
const std::vector<std::string>& role_names() {
  static const std::vector<std::string> kNames{"viewer", "operator", "analyst", "admin"};
  return kNames;
}

}  // namespace

Role role_of(std::string_view name) {
  const auto& names = role_names();
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<Role>(i + 1);
  return Role::none;
}

bool Reach::has_site(std::int64_t site) const {
  return is_everywhere || std::find(sites.begin(), sites.end(), site) != sites.end();
}

std::string Reach::setting() const {
  return is_everywhere ? "all" : fmt::format("{{{}}}", fmt::join(sites, ","));
}

std::optional<Session> find_session(store::Transaction& transaction, std::string_view token,
                                    std::int64_t organization, Role needed) {
  const auto& names = role_names();
  const auto first = static_cast<std::ptrdiff_t>(std::max(needed, Role::viewer)) - 1;
  const std::vector<std::string> enough(names.begin() + first, names.end());
  Session out;
  out.token_hash = sha256(token);
  const auto hash = store::Param::bytes(out.token_hash);
  const auto rows =
      ask(transaction, query::kSessionFind, {hash, organization, store::Param::array(enough)});
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  out.account.id = row.integer(0);
  out.csrf_token = row.text(1);
  out.expires_at = row.time(2);
  out.account.login = row.text(3);
  out.account.display_name = row.text(4);
  out.account.locale = row.text(5);
  out.account.theme = row.text(6);
  out.account.created_at = row.time(7);
  if (row.boolean(8)) ask(transaction, query::kSessionTouch, {hash});
  out.reach = {row.boolean(9), row.boolean(10), row.integers(11)};
  return out;
}

std::string start_session(store::Transaction& transaction, std::int64_t user,
                          const std::string& address) {
  std::string token = base64url(random_bytes(32));
  ask(transaction, query::kSessionForgetOld);
  ask(transaction, query::kSessionStart,
      {store::Param::bytes(sha256(token)), user, base64url(random_bytes(32)), address});
  return token;
}

std::vector<Membership> memberships(store::Transaction& transaction) {
  std::vector<Membership> out;
  const auto rows = ask(transaction, query::kMembershipOfUser);
  for (const auto row : rows)
    out.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2)),
                   std::string(row.text(3)), row.boolean(4)});
  return out;
}

}  // namespace osect::account
