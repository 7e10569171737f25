// Signing in: attempts are counted before the password is checked, each step in a transaction of
// its own.
#include "cloud/account/sign_in.h"

#include <algorithm>

#include "cloud/account/database.h"
#include "cloud/account/password.h"
#include "cloud/store/queries/app_user.h"
#include "cloud/store/queries/audit_entry.h"
#include "cloud/store/queries/sign_in_attempt.h"

namespace osect::account {
namespace query = store::query;
namespace {

constexpr std::int32_t kFailuresOfLogin = 5;
constexpr std::int32_t kFailuresOfAddress = 20;

std::string in_lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

// Seconds for which the key is locked; 0 when the attempt was counted and may go on.
int count_attempt(store::Transaction& transaction, const std::string& key, std::int32_t most) {
  if (!ask(transaction, query::kSignInAttemptCount, {key, most}).empty()) return 0;
  const auto locked = ask(transaction, query::kSignInAttemptLocked, {key});
  return locked.empty() ? 1 : static_cast<int>(locked[0].integer(0));
}

}  // namespace

Attempt check_login(store::Pool& pool, const std::string& login, const std::string& password,
                    const std::string& address) {
  const std::string login_key = "login:" + in_lower_case(login);
  const std::string address_key = "address:" + address;
  std::optional<std::int64_t> user;
  std::string hash;
  {
    auto transaction = begin(pool, {});
    ask(transaction, query::kSignInAttemptForgetOld);
    int locked_s = count_attempt(transaction, address_key, kFailuresOfAddress);
    if (locked_s == 0) locked_s = count_attempt(transaction, login_key, kFailuresOfLogin);
    const auto rows = ask(transaction, query::kAppUserFindByLogin, {login});
    commit(transaction);
    if (locked_s > 0) return {.user = std::nullopt, .locked_s = locked_s};
    if (!rows.empty()) {
      user = rows[0].integer(0);
      hash = rows[0].text(1);
    }
  }
  if (!user) {
    spend_as_if_checked(password);
    return {};
  }
  if (!is_password(password, hash)) return {};
  auto transaction = begin(pool, {});
  ask(transaction, query::kSignInAttemptClear, {login_key});
  // Not cleared: who knows one password must not get fresh attempts at others' from the same
  // address.
  ask(transaction, query::kSignInAttemptUncount, {address_key});
  commit(transaction);
  return {.user = user};
}

std::string objection_to_password(const std::string& login, const std::string& password) {
  const std::string lowered = in_lower_case(password);
  if (lowered.find(in_lower_case(login)) != std::string::npos) return "Contains the login name.";
  if (std::all_of(password.begin(), password.end(), [&](char c) { return c == password[0]; }))
    return "One character repeated.";
  return {};
}

void audit_everywhere(store::Pool& pool, std::int64_t user, const std::string& action) {
  std::vector<Membership> all;
  {
    auto transaction = begin(pool, {.organization = 0, .user = user});
    all = memberships(transaction);
  }
  for (const auto& membership : all) {
    auto transaction = begin(pool, {.organization = membership.organization, .user = user});
    ask(transaction, query::kAuditEntryAdd,
        {membership.organization, user, action, "user:" + std::to_string(user), "{}"});
    commit(transaction);
  }
}

}  // namespace osect::account
