// The table of routes, in the order of openapi.yaml.
#include "cloud/api/routes.h"

#include <array>

namespace osect::api {

std::span<const Route> routes() {
  using enum Access;
#define OSECT_ORGANIZATION "/api/v1/organizations/{organization}"
  static constexpr auto kRoutes = std::to_array<Route>({
      {"POST", "/api/v1/session", anybody, sign_in},
      {"GET", "/api/v1/session", user, get_session},
      {"DELETE", "/api/v1/session", user, sign_out},
      {"GET", "/api/v1/account", user, get_account},
      {"PATCH", "/api/v1/account", user, change_account},
      {"POST", "/api/v1/account/password", user, change_password},
      {"GET", "/api/v1/organizations", user, list_organizations},
      {"GET", OSECT_ORGANIZATION "/home", viewer, get_home},
      {"GET", OSECT_ORGANIZATION "/sites", viewer, list_sites},
      {"POST", OSECT_ORGANIZATION "/sites", admin, add_site},
      {"PATCH", OSECT_ORGANIZATION "/sites/{site}", admin, change_site},
      {"GET", OSECT_ORGANIZATION "/sensors", viewer, list_sensors},
      {"POST", OSECT_ORGANIZATION "/sensors", admin, add_sensor},
      {"GET", OSECT_ORGANIZATION "/sensors/{sensor}", viewer, get_sensor},
      {"POST", OSECT_ORGANIZATION "/sensors/{sensor}/code", admin, renew_sensor_code},
      {"POST", OSECT_ORGANIZATION "/sensors/{sensor}/revoke", admin, revoke_sensor},
      {"GET", OSECT_ORGANIZATION "/devices", viewer, list_devices},
      {"GET", OSECT_ORGANIZATION "/devices/groups", viewer, group_devices},
      {"GET", OSECT_ORGANIZATION "/devices/export", viewer, export_devices},
      {"GET", OSECT_ORGANIZATION "/devices/unheard", viewer, list_unheard_endpoints},
      {"GET", OSECT_ORGANIZATION "/devices/{device}", viewer, get_device},
      {"PATCH", OSECT_ORGANIZATION "/devices/{device}", operator_, change_device},
      {"POST", OSECT_ORGANIZATION "/devices/{device}/merge", operator_, merge_device},
      {"POST", OSECT_ORGANIZATION "/devices/{device}/split", operator_, split_device},
      {"POST", OSECT_ORGANIZATION "/devices/{device}/decisions/{decision}/undo", operator_,
       undo_device_decision},
      {"GET", OSECT_ORGANIZATION "/devices/{device}/facts", viewer, list_device_facts},
      {"GET", OSECT_ORGANIZATION "/devices/{device}/peers", viewer, list_device_peers},
      {"GET", OSECT_ORGANIZATION "/devices/{device}/operations", viewer, list_device_operations},
      {"GET", OSECT_ORGANIZATION "/devices/{device}/traffic", viewer, get_device_traffic},
      {"GET", OSECT_ORGANIZATION "/network", viewer, get_network},
      {"GET", OSECT_ORGANIZATION "/network/edge", viewer, get_network_edge},
      {"GET", OSECT_ORGANIZATION "/matrix", viewer, get_matrix},
      {"GET", OSECT_ORGANIZATION "/matrix/cell", viewer, get_matrix_cell},
      {"GET", OSECT_ORGANIZATION "/matrix/export", viewer, export_matrix},
      {"GET", OSECT_ORGANIZATION "/difference", viewer, get_difference},
      {"GET", OSECT_ORGANIZATION "/difference/export", viewer, export_difference},
      {"GET", OSECT_ORGANIZATION "/conversations", viewer, list_conversations},
      {"GET", OSECT_ORGANIZATION "/conversations/groups", viewer, group_conversations},
      {"GET", OSECT_ORGANIZATION "/conversations/export", viewer, export_conversations},
      {"GET", OSECT_ORGANIZATION "/operations", viewer, list_operations},
      {"GET", OSECT_ORGANIZATION "/operations/groups", viewer, group_operations},
      {"GET", OSECT_ORGANIZATION "/operations/export", viewer, export_operations},
      {"GET", OSECT_ORGANIZATION "/operations/sums", viewer, sum_operations},
      {"GET", OSECT_ORGANIZATION "/operations/series", viewer, get_operation_series},
      {"GET", OSECT_ORGANIZATION "/weaknesses", viewer, list_weaknesses},
      {"GET", OSECT_ORGANIZATION "/weaknesses/groups", viewer, group_weaknesses},
      {"GET", OSECT_ORGANIZATION "/weaknesses/export", viewer, export_weaknesses},
      {"GET", OSECT_ORGANIZATION "/traffic/series", viewer, get_traffic_series},
      {"GET", OSECT_ORGANIZATION "/traffic/rankings", viewer, get_traffic_ranking},
      {"GET", OSECT_ORGANIZATION "/alerts", viewer, list_alerts},
      {"GET", OSECT_ORGANIZATION "/alerts/groups", viewer, group_alerts},
      {"GET", OSECT_ORGANIZATION "/alerts/export", viewer, export_alerts},
      {"POST", OSECT_ORGANIZATION "/alerts/actions", operator_, act_on_alerts},
      {"GET", OSECT_ORGANIZATION "/alerts/people", viewer, list_alert_people},
      {"GET", OSECT_ORGANIZATION "/alerts/{alert}", viewer, get_alert},
      {"GET", OSECT_ORGANIZATION "/incidents", viewer, list_incidents},
      {"GET", OSECT_ORGANIZATION "/incidents/{incident}", viewer, get_incident},
      {"POST", OSECT_ORGANIZATION "/incidents/{incident}/actions", operator_, act_on_incident},
      {"GET", OSECT_ORGANIZATION "/rules", viewer, list_rules},
      {"GET", OSECT_ORGANIZATION "/learning", viewer, list_learning},
      {"GET", OSECT_ORGANIZATION "/learning/devices", viewer, list_learning_devices},
      {"PATCH", OSECT_ORGANIZATION "/learning/devices/{device}", operator_, change_device_learning},
      {"PATCH", OSECT_ORGANIZATION "/learning/{site}", analyst, change_learning},
      {"GET", OSECT_ORGANIZATION "/baseline", viewer, list_baseline},
      {"GET", OSECT_ORGANIZATION "/events", viewer, listen_to_changes},
  });
#undef OSECT_ORGANIZATION
  return kRoutes;
}

}  // namespace osect::api
