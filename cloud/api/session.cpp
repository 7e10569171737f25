// /api/v1/session: signing in and out. OWASP ASVS 5.0, V6 and V7.
#include "cloud/account/session.h"

#include "cloud/account/database.h"
#include "cloud/account/random.h"
#include "cloud/account/sign_in.h"
#include "cloud/api/account.h"
#include "cloud/api/body.h"
#include "cloud/api/json.h"
#include "cloud/api/router.h"
#include "cloud/api/routes.h"
#include "cloud/store/queries/session.h"

namespace osect::api {
namespace query = store::query;
namespace {

// A browser sends Origin with every POST; a page of another site must not sign a person in.
void check_origin(const Context& context) {
  const std::string_view origin = context.request.header("origin");
  if (origin.empty()) return;
  std::string own = context.services.public_origin;
  if (own.empty())
    own = (context.request.is_tls ? "https://" : "http://") +
          std::string(context.request.header("host"));
  if (origin != own) throw forbidden("origin", "The page that asks is not of this server.");
}

bool is_secure(const Context& context) {
  return context.request.is_tls || context.services.public_origin.starts_with("https://");
}

std::string cookie_header(const Context& context, const std::string& value,
                          const std::string& extra) {
  return std::string(kSessionCookie) + "=" + value + "; Path=/; HttpOnly; SameSite=Strict" +
         (is_secure(context) ? "; Secure" : "") + extra;
}

Json session_json(const Context& context, const account::Session& session) {
  auto transaction =
      account::begin(context.services.pool, {.organization = 0, .user = session.account.id});
  Json organizations = Json::array();
  for (const auto& membership : account::memberships(transaction))
    organizations.push_back(organization_json(membership));
  return {{"csrf_token", session.csrf_token},
          {"expires_at", rfc3339(session.expires_at)},
          {"account", account_json(session.account)},
          {"organizations", std::move(organizations)}};
}

}  // namespace

Response open_session(const Context& context, std::int64_t user) {
  auto transaction = account::begin(context.services.pool, {});
  const std::string token = account::start_session(transaction, user, context.request.address);
  const auto session = account::find_session(transaction, token, 0, account::Role::none);
  account::commit(transaction);
  // Disabled between the check and now.
  if (!session) throw not_signed_in();
  Response out = json_response(session_json(context, *session));
  out.with("Set-Cookie", cookie_header(context, token, ""));
  return out;
}

Response sign_in(Context& context) {
  check_origin(context);
  Body body(context.request);
  const std::string login = body.read_text("login", 1, 100);
  const std::string password = body.read_text("password", 1, 256);
  body.finish();
  context.parameters.finish();
  const auto attempt =
      account::check_login(context.services.pool, login, password, context.request.address);
  if (attempt.locked_s > 0) throw locked(attempt.locked_s);
  if (!attempt.user) throw Problem(401, "wrong-credentials", "The login or the password is wrong.");
  // The session this browser had, if any, ends: its cookie is replaced.
  const std::string_view old = cookie(context.request, kSessionCookie);
  if (!old.empty()) {
    auto transaction = account::begin(context.services.pool, {});
    account::ask(transaction, query::kSessionEnd, {store::Param::bytes(account::sha256(old))});
    account::commit(transaction);
  }
  account::audit_everywhere(context.services.pool, *attempt.user, "session.start");
  return open_session(context, *attempt.user);
}

Response get_session(Context& context) {
  context.parameters.finish();
  context.commit();
  context.transaction.reset();
  return json_response(session_json(context, context.session));
}

Response sign_out(Context& context) {
  context.parameters.finish();
  context.ask(query::kSessionEnd, {store::Param::bytes(context.session.token_hash)});
  context.commit();
  Response out;
  out.status = 204;
  out.with("Set-Cookie", cookie_header(context, "", "; Max-Age=0"));
  return out;
}

}  // namespace osect::api
