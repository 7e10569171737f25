// The table of routes, in the order of openapi.yaml.
#include "cloud/api/routes.h"

#include <array>

namespace osect::api {

std::span<const Route> routes() {
  using enum Access;
#define OSECT_ORGANIZATION "/api/v1/organizations/{organization}"
  static constexpr std::array kRoutes{
      Route{"POST", "/api/v1/session", anybody, sign_in},
      Route{"GET", "/api/v1/session", user, get_session},
      Route{"DELETE", "/api/v1/session", user, sign_out},
      Route{"GET", "/api/v1/account", user, get_account},
      Route{"PATCH", "/api/v1/account", user, change_account},
      Route{"POST", "/api/v1/account/password", user, change_password},
      Route{"GET", "/api/v1/organizations", user, list_organizations},
      Route{"GET", OSECT_ORGANIZATION "/home", viewer, get_home},
      Route{"GET", OSECT_ORGANIZATION "/sites", viewer, list_sites},
      Route{"POST", OSECT_ORGANIZATION "/sites", admin, add_site},
      Route{"PATCH", OSECT_ORGANIZATION "/sites/{site}", admin, change_site},
      Route{"GET", OSECT_ORGANIZATION "/sensors", viewer, list_sensors},
      Route{"POST", OSECT_ORGANIZATION "/sensors", admin, add_sensor},
      Route{"GET", OSECT_ORGANIZATION "/sensors/{sensor}", viewer, get_sensor},
      Route{"POST", OSECT_ORGANIZATION "/sensors/{sensor}/code", admin, renew_sensor_code},
      Route{"POST", OSECT_ORGANIZATION "/sensors/{sensor}/revoke", admin, revoke_sensor},
      Route{"GET", OSECT_ORGANIZATION "/devices", viewer, list_devices},
      Route{"GET", OSECT_ORGANIZATION "/devices/groups", viewer, group_devices},
      Route{"GET", OSECT_ORGANIZATION "/devices/export", viewer, export_devices},
      Route{"GET", OSECT_ORGANIZATION "/devices/unheard", viewer, list_unheard_endpoints},
      Route{"GET", OSECT_ORGANIZATION "/devices/{device}", viewer, get_device},
      Route{"PATCH", OSECT_ORGANIZATION "/devices/{device}", operator_, change_device},
      Route{"POST", OSECT_ORGANIZATION "/devices/{device}/merge", operator_, merge_device},
      Route{"POST", OSECT_ORGANIZATION "/devices/{device}/split", operator_, split_device},
      Route{"POST", OSECT_ORGANIZATION "/devices/{device}/decisions/{decision}/undo", operator_,
            undo_device_decision},
      Route{"GET", OSECT_ORGANIZATION "/devices/{device}/facts", viewer, list_device_facts},
      Route{"GET", OSECT_ORGANIZATION "/devices/{device}/peers", viewer, list_device_peers},
      Route{"GET", OSECT_ORGANIZATION "/devices/{device}/operations", viewer,
            list_device_operations},
      Route{"GET", OSECT_ORGANIZATION "/devices/{device}/traffic", viewer, get_device_traffic},
      Route{"GET", OSECT_ORGANIZATION "/network", viewer, get_network},
      Route{"GET", OSECT_ORGANIZATION "/network/edge", viewer, get_network_edge},
      Route{"GET", OSECT_ORGANIZATION "/matrix", viewer, get_matrix},
      Route{"GET", OSECT_ORGANIZATION "/matrix/cell", viewer, get_matrix_cell},
      Route{"GET", OSECT_ORGANIZATION "/matrix/export", viewer, export_matrix},
      Route{"GET", OSECT_ORGANIZATION "/difference", viewer, get_difference},
      Route{"GET", OSECT_ORGANIZATION "/difference/export", viewer, export_difference},
      Route{"GET", OSECT_ORGANIZATION "/conversations", viewer, list_conversations},
      Route{"GET", OSECT_ORGANIZATION "/conversations/groups", viewer, group_conversations},
      Route{"GET", OSECT_ORGANIZATION "/conversations/export", viewer, export_conversations},
      Route{"GET", OSECT_ORGANIZATION "/operations", viewer, list_operations},
      Route{"GET", OSECT_ORGANIZATION "/operations/groups", viewer, group_operations},
      Route{"GET", OSECT_ORGANIZATION "/operations/export", viewer, export_operations},
      Route{"GET", OSECT_ORGANIZATION "/operations/sums", viewer, sum_operations},
      Route{"GET", OSECT_ORGANIZATION "/operations/series", viewer, get_operation_series},
      Route{"GET", OSECT_ORGANIZATION "/weaknesses", viewer, list_weaknesses},
      Route{"GET", OSECT_ORGANIZATION "/weaknesses/groups", viewer, group_weaknesses},
      Route{"GET", OSECT_ORGANIZATION "/weaknesses/export", viewer, export_weaknesses},
      Route{"GET", OSECT_ORGANIZATION "/traffic/series", viewer, get_traffic_series},
      Route{"GET", OSECT_ORGANIZATION "/traffic/rankings", viewer, get_traffic_ranking},
      Route{"GET", OSECT_ORGANIZATION "/alerts", viewer, list_alerts},
      Route{"GET", OSECT_ORGANIZATION "/alerts/groups", viewer, group_alerts},
      Route{"GET", OSECT_ORGANIZATION "/alerts/export", viewer, export_alerts},
      Route{"POST", OSECT_ORGANIZATION "/alerts/actions", operator_, act_on_alerts},
      Route{"GET", OSECT_ORGANIZATION "/alerts/people", viewer, list_alert_people},
      Route{"GET", OSECT_ORGANIZATION "/alerts/{alert}", viewer, get_alert},
      Route{"GET", OSECT_ORGANIZATION "/rules", viewer, list_rules},
      Route{"GET", OSECT_ORGANIZATION "/learning", viewer, list_learning},
      Route{"GET", OSECT_ORGANIZATION "/learning/devices", viewer, list_learning_devices},
      Route{"PATCH", OSECT_ORGANIZATION "/learning/devices/{device}", operator_,
            change_device_learning},
      Route{"PATCH", OSECT_ORGANIZATION "/learning/{site}", analyst, change_learning},
      Route{"GET", OSECT_ORGANIZATION "/baseline", viewer, list_baseline},
      Route{"GET", OSECT_ORGANIZATION "/events", viewer, listen_to_changes},
  };
#undef OSECT_ORGANIZATION
  return kRoutes;
}

}  // namespace osect::api
