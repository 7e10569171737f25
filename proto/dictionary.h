// The zstd dictionary of COMPRESSION_ZSTD_DICTIONARY_1, proto/records.zdict; trained by
// sensor/condense/plant/train.cpp.
#pragma once

#include <string_view>

namespace osect {

// Never changes once shipped: another dictionary gets another number in uplink.proto.
[[nodiscard]] std::string_view records_dictionary();

}  // namespace osect
