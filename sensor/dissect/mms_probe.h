// How a stream of MMS begins, beside the other applications of ISO on TCP.
#pragma once

#include "sensor/dissect/cotp.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::mms_probe {

// Data of the transport; of the session, data, a connect or its answer.
inline constexpr Lead kLeads[] = {
    {0, {3}}, {1, {0}}, {4, {2}}, {5, {cotp::kData}}, {7, {1, 13, 14}}};

[[nodiscard]] Verdict probe(Cursor in, const Context& context);

}  // namespace osect::dissect::mms_probe
