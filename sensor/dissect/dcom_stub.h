// What the arguments of DCOM and OPC Classic calls name: classes, groups, items, servers, hosts.
#pragma once

#include <optional>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dcerpc.h"
#include "sensor/dissect/dcom_interfaces.h"

namespace osect::dissect::dcom {

// Behind the interface's name: what of it the request touches. Values and handles of the moment are
// left out.
void write_object(Writer& to, const Method& method, dcerpc::Ndr stub);

// Who asks, by what it says of itself in the request.
void add_asker(const Method& method, dcerpc::Ndr stub, Collected& facts);

// What the answer says of its sender.
void add_answer(const Method& method, dcerpc::Ndr stub, Collected& facts);

// The result behind the arguments of an answer: did the call fail?
[[nodiscard]] bool has_failed(const Method& method, const dcerpc::Ndr& stub);

// Whether a PDU is one of DCOM: it offers one of its interfaces, or it calls an object. `unclear`
// when too few bytes of it are here to tell.
enum class Kind : std::uint8_t { unclear, object_rpc, other };
[[nodiscard]] Kind kind_of(const dcerpc::Pdu& pdu);

[[nodiscard]] std::optional<Place> find_interface(const dcerpc::Uuid& id);

}  // namespace osect::dissect::dcom
