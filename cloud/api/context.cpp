// What resources share: queries in the request's scope, audit, announcements, time ranges.
#include "cloud/api/context.h"

#include <fmt/format.h>

#include "cloud/account/database.h"
#include "cloud/store/queries/audit_entry.h"
#include "cloud/store/queries/connection.h"
#include "cloud/store/queries/session.h"

namespace osect::api {
namespace query = store::query;

store::Rows Context::ask(const store::Query& wanted, std::span<const store::Param> params) {
  return account::ask(*transaction, wanted, params);
}

store::Rows Context::ask(const store::Query& wanted, std::initializer_list<store::Param> params) {
  return account::ask(*transaction, wanted, params);
}

void Context::commit() {
  account::commit(*transaction);
}

void Context::plan_for_parameters() {
  ask(query::kSessionPlanForParameters);
}

void Context::audit(const std::string& action, const std::string& subject,
                    const std::string& detail_json) {
  ask(query::kAuditEntryAdd, {organization, session.account.id, action, subject, detail_json});
}

void Context::announce(std::string_view kind, std::optional<std::int64_t> site) {
  const std::string where = site ? fmt::format(R"("{}")", *site) : "null";
  ask(query::kNotifyOfChange,
      {fmt::format(R"({{"organization":"{}","site":{},"kind":"{}"}})", organization, where, kind)});
}

Range read_range(Context& context, TimeNs default_span) {
  const auto from = context.parameters.read_time("from");
  const auto to = context.parameters.read_time("to");
  Range out;
  out.to = to.value_or(context.services.now());
  out.from = from.value_or(out.to - default_span);
  if (out.from >= out.to)
    context.parameters.refuse("from", "Not before the end of the range.",
                              {"a time before " + rfc3339(out.to)});
  return out;
}

OpenRange read_open_range(Context& context) {
  const auto from = context.parameters.read_time("from");
  const auto to = context.parameters.read_time("to");
  if (from && to && *from >= *to)
    context.parameters.refuse("from", "Not before the end of the range.",
                              {"a time before " + rfc3339(*to)});
  OpenRange out;
  if (from) out.from = rfc3339(*from);
  if (to) out.to = rfc3339(*to);
  return out;
}

}  // namespace osect::api
