// The one table of what the API offers; the router obeys it, openapi.yaml documents it, tests walk
// it.
#pragma once

#include <span>
#include <string_view>

#include "cloud/api/context.h"

namespace osect::api {

// Who may call: anybody, anybody signed in, or members of the path's organization from this role
// up.
enum class Access : std::uint8_t { anybody, user, viewer, operator_, analyst, admin };

struct Route {
  std::string_view method;
  std::string_view
      path;  // "/api/v1/organizations/{organization}/devices/{device}"; each {x} an identifier
  Access access;
  Response (*handle)(Context&);
  bool takes_file = false;  // the body may be as large as ServerConfig::file_bytes_max
};

[[nodiscard]] std::span<const Route> routes();

// Whether a request to this path may bring a file; asked before anything is known of who asks.
[[nodiscard]] bool takes_file(std::string_view method, std::string_view path);

// session.cpp
Response sign_in(Context& context);
Response get_session(Context& context);
Response sign_out(Context& context);
// account.cpp
Response get_account(Context& context);
Response change_account(Context& context);
Response change_password(Context& context);
// organizations.cpp
Response list_organizations(Context& context);
// home.cpp
Response get_home(Context& context);
// sites.cpp
Response list_sites(Context& context);
Response add_site(Context& context);
Response change_site(Context& context);
// sensors.cpp
Response list_sensors(Context& context);
Response add_sensor(Context& context);
Response get_sensor(Context& context);
Response renew_sensor_code(Context& context);
Response revoke_sensor(Context& context);
// devices.cpp
Response list_devices(Context& context);
Response group_devices(Context& context);
Response export_devices(Context& context);
// device.cpp
Response get_device(Context& context);
Response change_device(Context& context);
Response list_device_facts(Context& context);
Response list_device_peers(Context& context);
Response list_device_operations(Context& context);
Response get_device_traffic(Context& context);
// device_decisions.cpp
Response merge_device(Context& context);
Response split_device(Context& context);
Response undo_device_decision(Context& context);
Response list_unheard_endpoints(Context& context);
// network.cpp
Response get_network(Context& context);
Response get_network_edge(Context& context);
// matrix.cpp
Response get_matrix(Context& context);
Response get_matrix_cell(Context& context);
Response export_matrix(Context& context);
// difference.cpp
Response get_difference(Context& context);
Response export_difference(Context& context);
// conversations.cpp
Response list_conversations(Context& context);
Response group_conversations(Context& context);
Response export_conversations(Context& context);
// operations.cpp
Response list_operations(Context& context);
Response group_operations(Context& context);
Response export_operations(Context& context);
// operation_sums.cpp
Response sum_operations(Context& context);
// operation_series.cpp
Response get_operation_series(Context& context);
// weaknesses.cpp
Response list_weaknesses(Context& context);
Response group_weaknesses(Context& context);
Response export_weaknesses(Context& context);
// ledger.cpp
Response get_ledger(Context& context);
Response preview_ledger(Context& context);
Response import_ledger(Context& context);
Response match_ledger(Context& context);
Response list_ledger_entries(Context& context);
Response list_unregistered_devices(Context& context);
Response decide_ledger_entry(Context& context);
// reports.cpp
Response list_reports(Context& context);
Response add_report(Context& context);
Response get_report_deck(Context& context);
// traffic.cpp
Response get_traffic_series(Context& context);
Response get_traffic_ranking(Context& context);
// alerts.cpp
Response list_alerts(Context& context);
Response group_alerts(Context& context);
Response export_alerts(Context& context);
// alert.cpp
Response get_alert(Context& context);
Response act_on_alerts(Context& context);
Response list_alert_people(Context& context);
Response list_rules(Context& context);
// incidents.cpp
Response list_incidents(Context& context);
Response get_incident(Context& context);
Response act_on_incident(Context& context);
// planned_work.cpp
Response list_planned_work(Context& context);
Response add_planned_work(Context& context);
Response end_planned_work(Context& context);
// learning.cpp
Response list_learning(Context& context);
Response change_learning(Context& context);
Response list_learning_devices(Context& context);
Response change_device_learning(Context& context);
Response list_baseline(Context& context);
// baseline.cpp
Response list_baseline_entries(Context& context);
Response act_on_baseline(Context& context);
// events.cpp
Response listen_to_changes(Context& context);

}  // namespace osect::api
