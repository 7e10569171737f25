// Sessions: found by the hash of their token, touched at most once a minute. OWASP ASVS 5.0, V7.
#include "cloud/account/session.h"

#include "cloud/account/database.h"
#include "cloud/account/random.h"
#include "cloud/store/queries/membership.h"
#include "cloud/store/queries/session.h"

namespace osect::account {
namespace query = store::query;

Role role_of(std::string_view name) {
  if (name == "viewer") return Role::viewer;
  if (name == "operator") return Role::operator_;
  if (name == "analyst") return Role::analyst;
  if (name == "admin") return Role::admin;
  return Role::none;
}

std::optional<Session> find_session(store::Transaction& transaction, std::string_view token,
                                    std::int64_t organization) {
  Session out;
  out.token_hash = sha256(token);
  const auto hash = store::Param::bytes(out.token_hash);
  const auto rows = ask(transaction, query::kSessionFind, {hash, organization});
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
  if (!row.is_null(9)) out.role = role_of(row.text(9));
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
                   std::string(row.text(3))});
  return out;
}

}  // namespace osect::account
