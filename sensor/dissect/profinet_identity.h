// What PROFINET stations say of themselves through context management: object UUIDs, I&M records,
// the annotation of their endpoint.
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dcerpc.h"

namespace osect::dissect::profinet {

// "slot 1 subslot 2"; from 0x8000 on interfaces and ports, which the standard counts in
// hexadecimal.
void write_place(Writer& to, std::uint16_t slot, std::uint16_t subslot);

// The object UUID of a station: instance, device id and vendor id (IEC 61158-6-10, clause "Coding
// of the field RPCObjectUUID").
void add_object(const dcerpc::Uuid& object, bool is_sender, std::uint8_t confidence,
                Collected& facts);

// Record data that were read: I&M0 to I&M3, clause "Coding section related to I&M"; about the
// device where they are of slot 0, about a module elsewhere.
void add_record_data(std::uint16_t slot, std::uint16_t subslot, decode::Cursor data,
                     Collected& facts);

// The annotation of an endpoint, clause "Coding of the field RPCAnnotation": columns of text.
void add_annotation(std::string_view text, Collected& facts);

}  // namespace osect::dissect::profinet
