// DNS messages as DNS, mDNS and LLMNR share them; RFC 1035, RFC 6762, RFC 4795.
#pragma once

#include <cstdint>
#include <string_view>

#include "sensor/dissect/collected.h"

namespace osect::dissect::dns_message {

constexpr std::uint16_t kTypeA = 1;
constexpr std::uint16_t kTypePtr = 12;
constexpr std::uint16_t kTypeTxt = 16;
constexpr std::uint16_t kTypeAaaa = 28;
constexpr std::uint16_t kTypeSrv = 33;
constexpr std::size_t kNameBytesMax = 255;

struct Header {
  std::uint16_t id = 0;
  bool is_response = false;
  std::uint8_t operation = 0;
  std::uint16_t questions = 0;
  std::uint16_t answers = 0;  // answers, authorities and additional records together
};
Header read_header(Cursor& in);

// Whether these bytes are a DNS message as far as its header and first question tell.
Verdict probe(Cursor in);

// Reads a name, following compression into the message, and writes it dotted, without the last dot.
// A name that runs in circles, is too long or points forward faults the cursor.
void read_name(Cursor& in, std::span<const std::uint8_t> message, Writer& to);

struct Record {
  std::string_view name;
  std::uint16_t type = 0;
  Cursor data;
};

// Calls question(name) for each question and record(const Record&) for each resource record, in
// order; texts live during the call. Faults of names and data fault the cursor.
template <typename OnQuestion, typename OnRecord>
void walk(Cursor& in, std::span<const std::uint8_t> message, const Header& header,
          OnQuestion&& question, OnRecord&& record) {
  for (unsigned left = header.questions; left > 0 && in.is_good(); --left) {
    Text<kNameBytesMax * 4> name;
    read_name(in, message, name);
    in.skip(4);  // type and class
    if (in.is_good()) question(name.text());
  }
  for (unsigned left = header.answers; left > 0 && in.is_good(); --left) {
    Text<kNameBytesMax * 4> name;
    read_name(in, message, name);
    Record found;
    found.type = in.be16();
    in.skip(6);  // class and time to live
    found.data = in.child(in.be16());
    found.name = name.text();
    if (!in.is_good()) break;
    record(found);
    in.expect(found.data.is_good());
  }
}

// The address of an A or AAAA record; none for other records and other lengths (which fault the
// record).
IpAddress address_of(Record& record);
// The address that "4.3.2.1.in-addr.arpa" stands for; none for other names.
IpAddress reverse_address(std::string_view name);

}  // namespace osect::dissect::dns_message
