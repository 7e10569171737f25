// /api/v1/account: the signed-in person. OWASP ASVS 5.0, V6.
#include "cloud/api/account.h"

#include <array>

#include "cloud/account/database.h"
#include "cloud/account/password.h"
#include "cloud/account/sign_in.h"
#include "cloud/api/body.h"
#include "cloud/api/routes.h"
#include "cloud/store/queries/app_user.h"
#include "cloud/store/queries/session.h"

namespace osect::api {
namespace query = store::query;

Json account_json(const account::Account& account) {
  return {{"id", id_text(account.id)},
          {"login", account.login},
          {"display_name", account.display_name},
          {"locale", account.locale},
          {"theme", account.theme},
          {"created_at", rfc3339(account.created_at)}};
}

Json organization_json(const account::Membership& membership) {
  return {{"id", id_text(membership.organization)},
          {"name", membership.name},
          {"kind", membership.kind},
          {"role", membership.role},
          {"is_everywhere", membership.is_everywhere}};
}

Response get_account(Context& context) {
  context.parameters.finish();
  return json_response(account_json(context.session.account));
}

Response change_account(Context& context) {
  static constexpr std::array<std::string_view, 2> kLocales{"ja", "en"};
  static constexpr std::array<std::string_view, 3> kThemes{"system", "light", "dark"};
  context.parameters.finish();
  Body body(context.request);
  const auto name = body.read_optional_text("display_name", 1, 100);
  const auto locale = body.read_optional_word("locale", kLocales);
  const auto theme = body.read_optional_word("theme", kThemes);
  body.finish_not_empty();
  account::Account& account = context.session.account;
  context.ask(query::kAppUserChange, {account.id, name, locale, theme});
  context.commit();
  account.display_name = name.value_or(account.display_name);
  account.locale = locale.value_or(account.locale);
  account.theme = theme.value_or(account.theme);
  return json_response(account_json(account));
}

Response change_password(Context& context) {
  context.parameters.finish();
  Body body(context.request);
  const std::string current = body.read_text("current", 1, 256);
  const std::string wanted = body.read_text("new", 12, 256);
  const account::Account account = context.session.account;
  const std::string objection = account::objection_to_password(account.login, wanted);
  if (!objection.empty()) body.refuse("new", objection);
  if (!wanted.empty() && wanted == current) body.refuse("new", "The same as the old one.");
  body.finish();
  // Checking takes long: no connection is held meanwhile.
  context.commit();
  context.transaction.reset();
  const auto attempt =
      account::check_login(context.services.pool, account.login, current, context.request.address);
  if (attempt.locked_s > 0) throw locked(attempt.locked_s);
  if (!attempt.user) throw invalid_field("body", "current", "Not your password.");
  const std::string hash = account::hash_password(wanted);
  {
    auto transaction = account::begin(context.services.pool, {});
    account::ask(transaction, query::kAppUserSetPassword, {account.id, hash});
    account::ask(transaction, query::kSessionEndAll, {account.id});
    account::commit(transaction);
  }
  account::audit_everywhere(context.services.pool, account.id, "user.password");
  return open_session(context, account.id);
}

}  // namespace osect::api
