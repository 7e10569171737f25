// Tables of PROFINET vendor ids and record data.
#include "sensor/dissect/profinet_names.h"

#include <algorithm>
#include <iterator>

namespace osect::dissect::profinet {
namespace {

// PROFINET vendor ids, as the devices' descriptions (GSDML) of these makers state them.
constexpr struct {
  std::uint16_t number;
  std::string_view name;
} kVendors[] = {
    {0x002a, "Siemens"},  {0x00b0, "Phoenix Contact"},
    {0x010a, "DFE"},      {0x010c, "HMS Industrial Networks"},
    {0x011d, "WAGO"},     {0x011e, "Hilscher"},
    {0x0120, "Beckhoff"}, {0x012f, "Murrelektronik"},
    {0x014d, "Festo"},    {0x015a, "GE"},
    {0x0493, "RT-Labs"},
};

constexpr Record read_only(std::uint16_t index, std::string_view word) {
  return {index, word, Access::read, Access::write};
}
constexpr Record diagnosis(std::uint16_t index, std::string_view word) {
  return {index, word, Access::diagnostic, Access::write};
}
constexpr Record network(std::uint16_t index, std::string_view word) {
  return {index, word, Access::read, Access::config};
}
constexpr Record identification(std::uint16_t index, std::string_view word) {
  return {index, word, Access::identity, Access::config};
}

// Of one subslot (0x8...), of one slot (0xc...), of one application relation (0xe...), of one
// application process (0xf0..), of the device (0xf8..). In order.
constexpr Record kRecords[] = {
    read_only(0x8000, "expected_identification"),
    read_only(0x8001, "real_identification"),
    diagnosis(0x800a, "diagnosis_channel"),
    diagnosis(0x800b, "diagnosis_all_codings"),
    diagnosis(0x800c, "diagnosis_maintenance"),
    diagnosis(0x8010, "maint_required_channel"),
    diagnosis(0x8011, "maint_demanded_channel"),
    diagnosis(0x8012, "maint_required"),
    diagnosis(0x8013, "maint_demanded"),
    read_only(0x801e, "substitute_values"),
    network(0x8020, "pd_ir_subframe_data"),
    read_only(0x8027, "pd_port_data_real_ext"),
    read_only(0x8028, "record_input_data"),
    read_only(0x8029, "record_output_data"),
    network(0x802a, "pd_port_data_real"),
    network(0x802b, "pd_port_data_check"),
    network(0x802c, "pd_ir_data"),
    network(0x802d, "pd_sync_data"),
    network(0x802f, "pd_port_data_adjust"),
    network(0x8030, "isochronous_mode_data"),
    network(0x8031, "pd_time_data"),
    network(0x8050, "pd_interface_mrp_real"),
    network(0x8051, "pd_interface_mrp_check"),
    network(0x8052, "pd_interface_mrp_adjust"),
    network(0x8053, "pd_port_mrp_adjust"),
    network(0x8054, "pd_port_mrp_real"),
    network(0x8055, "pd_port_mrp_ic_adjust"),
    network(0x8056, "pd_port_mrp_ic_check"),
    network(0x8057, "pd_port_mrp_ic_real"),
    network(0x8060, "pd_port_fo_data_real"),
    network(0x8061, "pd_port_fo_data_check"),
    network(0x8062, "pd_port_fo_data_adjust"),
    network(0x8063, "pd_port_sfp_data_check"),
    network(0x8070, "pd_nc_data_check"),
    network(0x8071, "pd_interface_adjust"),
    diagnosis(0x8072, "pd_port_statistic"),
    network(0x8080, "pd_interface_data_real"),
    network(0x8090, "pd_interface_fsu_adjust"),
    identification(0xaff0, "im0"),
    identification(0xaff1, "im1"),
    identification(0xaff2, "im2"),
    identification(0xaff3, "im3"),
    identification(0xaff4, "im4"),
    identification(0xaff5, "im5"),
    read_only(0xc000, "expected_identification"),
    read_only(0xc001, "real_identification"),
    diagnosis(0xc00a, "diagnosis_channel"),
    diagnosis(0xc00b, "diagnosis_all_codings"),
    diagnosis(0xc00c, "diagnosis_maintenance"),
    diagnosis(0xc010, "maint_required_channel"),
    diagnosis(0xc011, "maint_demanded_channel"),
    diagnosis(0xc012, "maint_required"),
    diagnosis(0xc013, "maint_demanded"),
    read_only(0xe000, "expected_identification"),
    read_only(0xe001, "real_identification"),
    read_only(0xe002, "module_diff_block"),
    diagnosis(0xe00a, "diagnosis_channel"),
    diagnosis(0xe00b, "diagnosis_all_codings"),
    diagnosis(0xe00c, "diagnosis_maintenance"),
    diagnosis(0xe010, "maint_required_channel"),
    diagnosis(0xe011, "maint_demanded_channel"),
    diagnosis(0xe012, "maint_required"),
    diagnosis(0xe013, "maint_demanded"),
    network(0xe030, "isochronous_mode_data"),
    read_only(0xe040, "write_multiple"),
    network(0xe050, "ar_fsu_data_adjust"),
    read_only(0xf000, "real_identification"),
    diagnosis(0xf00a, "diagnosis_channel"),
    diagnosis(0xf00b, "diagnosis_all_codings"),
    diagnosis(0xf00c, "diagnosis_maintenance"),
    diagnosis(0xf010, "maint_required_channel"),
    diagnosis(0xf011, "maint_demanded_channel"),
    diagnosis(0xf012, "maint_required"),
    diagnosis(0xf013, "maint_demanded"),
    read_only(0xf020, "ar_data"),
    diagnosis(0xf80c, "diagnosis_maintenance"),
    read_only(0xf820, "ar_data"),
    read_only(0xf821, "api_data"),
    diagnosis(0xf830, "log_data"),
    read_only(0xf831, "pdev_data"),
    identification(0xf840, "im0_filter_data"),
    read_only(0xf841, "pd_real_data"),
    read_only(0xf842, "pd_expected_data"),
    read_only(0xf850, "auto_configuration"),
    {0xfbff, "trigger_rpc_monitoring", Access::session, Access::session},
};
constexpr Record kOther{0, "", Access::read, Access::write};

}  // namespace

std::string_view vendor_name(std::uint16_t vendor) {
  const auto* const found = std::find_if(std::begin(kVendors), std::end(kVendors),
                                         [&](const auto& row) { return row.number == vendor; });
  return found == std::end(kVendors) ? std::string_view() : found->name;
}

const Record& record_of(std::uint16_t index) {
  const auto* const at =
      std::lower_bound(std::begin(kRecords), std::end(kRecords), index,
                       [](const Record& record, std::uint16_t i) { return record.index < i; });
  return at != std::end(kRecords) && at->index == index ? *at : kOther;
}

}  // namespace osect::dissect::profinet
