// /api/v1/organizations: which organizations the signed-in person belongs to.
#include "cloud/account/database.h"
#include "cloud/api/account.h"
#include "cloud/api/routes.h"

namespace osect::api {

Response list_organizations(Context& context) {
  context.parameters.finish();
  // A new transaction, because the scope has to name the user.
  context.commit();
  context.transaction.reset();
  auto transaction = account::begin(context.services.pool,
                                    {.organization = 0, .user = context.session.account.id});
  Json items = Json::array();
  for (const auto& membership : account::memberships(transaction))
    items.push_back(organization_json(membership));
  return json_response({{"items", std::move(items)}});
}

}  // namespace osect::api
