// Targets of MMS: names of objects, domains, program invocations and files.
#include "sensor/dissect/mms_names.h"

#include <algorithm>
#include <array>

#include "sensor/dissect/mms_services.h"

namespace osect::dissect::mms_names {
namespace {

namespace services = mms_services;

constexpr std::size_t kMoreBytes = 12;  // of ", +999 more"
constexpr std::string_view kLastError = "LastApplError";
constexpr std::string_view kReport = "RPT";

// Where a service's request has the names of what it is about.
enum class Kind : std::uint8_t {
  nowhere,
  name,      // an object's name is the whole request, or its first field
  name_in,   // an object's name in a field
  names_in,  // names of objects in a field, or the domain of all in the one behind it
  text,      // an identifier is the whole request
  text_in,   // an identifier in a field
  number,    // of an upload or of an open file
  file,      // a file's name is the whole request
  file_in,   // a file's name in a field
  variable,  // a name or an address
  variables,
  read,  // variables in field 1
  class_and_scope,
  additional,  // a service of its own inside
};

struct Place {
  Kind kind = Kind::nowhere;
  std::uint8_t field = 0;
  std::uint8_t file = 0;  // the field of a file's name beside it; 0: none
};

constexpr std::array<Place, 128> kPlaces = [] {
  std::array<Place, 128> places{};
  const auto set = [&](Place place, std::initializer_list<std::uint8_t> numbers) {
    for (const std::uint8_t number : numbers) places[number] = place;
  };
  set({Kind::name}, {9, 11, 12, 14, 15, 22, 23, 49, 50, 55, 56, 60, 68, 80});
  set({Kind::name_in, 0},
      {7, 8, 19, 20, 21, 24, 25, 47, 51, 52, 53, 57, 59, 62, 65, 66, 67, 69, 70, 81});
  set({Kind::name_in, 1}, {3});
  set({Kind::names_in, 0}, {48, 54, 58});
  set({Kind::names_in, 1}, {10, 13, 16, 61});
  set({Kind::text}, {27, 29, 36, 37, 39, 45, 85});
  set({Kind::text_in, 0}, {17, 18, 26, 28, 38, 40, 41, 42, 43, 44, 82, 83, 84});
  set({Kind::text_in, 0, 1}, {33, 35});
  set({Kind::text_in, 0, 4}, {32, 34});
  set({Kind::number}, {30, 31, 73, 74});
  set({Kind::file}, {76});
  set({Kind::file_in, 0}, {72, 77});
  set({Kind::file_in, 0, 1}, {75});
  set({Kind::file_in, 1, 2}, {46});
  set({Kind::variable}, {6});
  set({Kind::variables}, {services::kWrite});
  set({Kind::read}, {services::kRead});
  set({Kind::class_and_scope}, {services::kGetNameList});
  set({Kind::additional}, {78});
  return places;
}();

void write_name(Writer& to, const Name& name) {
  if (!name.domain.empty()) to.printable(name.domain).put('/');
  if (name.is_of_association) to.put('@');
  to.printable(name.item);
}

// The content of a field that the request must have.
Cursor field(Cursor& body, ber::Tag number) {
  const auto found = ber::find(body, ber::context(number));
  body.expect(found.has_value());
  return found.value_or(body);
}

void write_name_in(Writer& to, Cursor& body, ber::Tag number) {
  Cursor name = field(body, number);
  write_name(to, read_name(name));
  if (!name.is_good()) body = name;
}

void write_text_in(Writer& to, Cursor& body, ber::Tag number) {
  to.printable(ber::text(field(body, number)));
}

// FileName: its parts, of which IEC 61850 uses one.
void write_file(Writer& to, Cursor& parts) {
  if (to.size() > 0) to.put(' ');
  for (bool is_first = true; parts.left() > 0; is_first = false) {
    const auto part = ber::read(parts);
    if (!is_first) to.put('/');
    to.printable(ber::text(part.content));
  }
}

void write_file_in(Writer& to, Cursor& body, ber::Tag number) {
  Cursor parts = field(body, number);
  write_file(to, parts);
  if (!parts.is_good()) body = parts;
}

void write_more(Writer& to, std::size_t count) {
  if (count > 1) to.put(", +").decimal(count - 1).put(" more");
}

std::size_t count_elements(Cursor in) {
  std::size_t count = 0;
  for (; in.left() > 0; ++count) static_cast<void>(ber::read(in));
  return count;
}

// Some deletions name a domain instead, whose objects all are meant.
void write_names_in(Writer& to, Cursor& body, std::uint8_t number) {
  auto list = ber::find(body, ber::context(number));
  if (!list) {
    if (const auto domain = ber::find(body, ber::context(number + 1U)))
      to.printable(ber::text(*domain));
    return;
  }
  const std::size_t count = count_elements(*list);
  if (count == 0) return;
  write_name(to, read_name(*list));
  write_more(to, count);
  if (!list->is_good()) body = *list;
}

// Address: a number, a symbol, or octets that only the device understands.
void write_address(Writer& to, Cursor& in) {
  auto [kind, content] = ber::read(in);
  if (kind == ber::context(0))
    to.put("address ").decimal(ber::number(content));
  else if (kind == ber::context(1))
    to.printable(ber::text(content));
  else
    to.put("address");
}

// What writing the variable does, or reading it: the functional constraint follows the logical
// node's name. Control objects, switching of setting groups, substitution and blocking are control.
Access access_of(std::string_view item, Access usual) {
  const std::size_t node = item.find('$');
  if (node == std::string_view::npos) return usual;
  const std::string_view rest = item.substr(node + 1);
  const std::string_view constraint = rest.substr(0, rest.find('$'));
  if (usual == Access::read) {  // with normal security a control object is selected by reading it
    const bool is_select =
        constraint == "CO" && item.size() > 4 && item.substr(item.size() - 4) == "$SBO";
    return is_select ? Access::control : usual;
  }
  if (constraint == "CO" || constraint == "SV" || constraint == "BL") return Access::control;
  if (constraint == "SP" && rest.substr(0, 7) == "SP$SGCB") return Access::control;
  if (constraint == "CF" || constraint == "DC" || constraint == "GO" || constraint == "GS" ||
      constraint == "MS" || constraint == "US" || constraint == "LG")
    return Access::config;
  if (constraint == "BR" || constraint == "RP") return Access::session;
  return usual;
}

// VariableSpecification; returns the item's name if it has one.
std::string_view write_variable(Writer& to, Cursor& in) {
  auto [kind, content] = ber::read(in);
  if (kind == ber::context(0)) {
    const Name name = read_name(content);
    if (!content.is_good()) in = content;
    write_name(to, name);
    return name.item;
  }
  if (kind == ber::context(1)) write_address(to, content);
  if (!content.is_good()) in = content;
  return {};
}

// VariableAccessSpecification: variables, or the name of a list of them. The first is written.
Access write_variables(Writer& to, Cursor& in, Access usual) {
  auto [kind, content] = ber::read(in);
  in.expect(kind == ber::context(0) || kind == ber::context(1));
  Access access = usual;
  if (kind == ber::context(1)) {
    write_name(to, read_name(content));
  } else {
    const std::size_t count = count_elements(content);
    Text<kTargetBytesMax> first;
    for (std::size_t i = 0; i < count && content.left() > 0; ++i) {
      Cursor variable = ber::read(content, ber::kSequence);
      Writer nowhere{std::span<char>()};
      const auto item = write_variable(i == 0 ? static_cast<Writer&>(first) : nowhere, variable);
      const Access does = access_of(item, usual);
      if (i == 0 || does == Access::control) access = does;
      if (!variable.is_good()) content = variable;
    }
    const std::size_t room = count > 1 ? kTargetBytesMax - kMoreBytes : kTargetBytesMax;
    to.put(first.text().substr(0, room));
    write_more(to, count);
  }
  if (in.is_good() && !content.is_good()) in = content;
  return access;
}

// Read-Request: whether the names shall be repeated, variables.
Access write_read(Writer& to, Cursor& in, Access usual) {
  if (ber::peek(in) == ber::context(0)) static_cast<void>(ber::read(in));
  Cursor variables = ber::read(in, ber::context(1));
  const Access access = write_variables(to, variables, usual);
  if (!variables.is_good()) in = variables;
  return access;
}

// A report names its list "RPT"; which report it is stands first among its values.
void write_report(Writer& to, Cursor& in) {
  Text<kTargetBytesMax> name;
  static_cast<void>(write_variables(name, in, Access::read));
  to.put(name.text());
  if (name.text() != kReport) return;
  Cursor results = ber::read(in, ber::context(0), false);
  if (ber::peek(results) != ber::context(10)) return;
  const auto id = ber::read(results);
  if (results.is_good()) to.put(' ').printable(ber::text(id.content));
}

void write_class_and_scope(Writer& to, Cursor& body) {
  constexpr std::array<std::string_view, 12> kClasses = {
      "variables",        "scattered accesses", "variable lists", "types",    "semaphores",
      "event conditions", "event actions",      "enrollments",    "journals", "domains",
      "programs",         "operator stations"};
  auto number = ber::find(field(body, 0), ber::context(0));
  const std::uint64_t listed = number ? ber::number(*number) : kClasses.size();
  if (listed < kClasses.size()) to.put(kClasses[listed]);
  if (const auto domain = ber::find(field(body, 1), ber::context(1)))
    to.put(" of ").printable(ber::text(*domain));
}

void write_additional(Writer& to, Cursor& body) {
  constexpr std::array<std::string_view, 4> kServicesInside = {
      "vmd_stop", "vmd_reset", "select", "alter_program_invocation_attributes"};
  const std::uint32_t number = ber::read(body).tag ^ ber::context(0);
  if (number < kServicesInside.size())
    to.put(kServicesInside[number]);
  else
    to.put("service ").decimal(number);
}

}  // namespace

Name read_name(Cursor& in) {
  Name name;
  auto [kind, content] = ber::read(in);
  if (kind == ber::context(1)) {
    name.domain = ber::text(ber::read(content).content);
    name.item = ber::text(ber::read(content).content);
    if (!content.is_good()) in = content;
    return name;
  }
  in.expect(kind == ber::context(0) || kind == ber::context(2));
  name.item = ber::text(content);
  name.is_of_association = kind == ber::context(2);
  return name;
}

Access write_target(Writer& to, const Function& service, Cursor& body) {
  if (service.code == services::kInformationReport) {
    write_report(to, body);
    return service.access;
  }
  if (service.code == services::kEventNotification) write_name_in(to, body, 0);
  const Place place = service.code < kPlaces.size() ? kPlaces[service.code] : Place{};
  switch (place.kind) {
    case Kind::nowhere:
      break;
    case Kind::name:
      write_name(to, read_name(body));
      break;
    case Kind::name_in:
      write_name_in(to, body, place.field);
      break;
    case Kind::names_in:
      write_names_in(to, body, place.field);
      break;
    case Kind::text:
      to.printable(ber::text(body));
      break;
    case Kind::text_in:
      write_text_in(to, body, place.field);
      break;
    case Kind::number:
      to.put(service.code < services::kFileOpen ? "upload " : "file ").decimal(ber::number(body));
      break;
    case Kind::file:
      write_file(to, body);
      break;
    case Kind::file_in:
      if (body.left() > 0) write_file_in(to, body, place.field);  // a directory's may be left out
      break;
    case Kind::variable:
      static_cast<void>(write_variable(to, body));
      break;
    case Kind::variables:
      return write_variables(to, body, service.access);
    case Kind::read:
      return write_read(to, body, service.access);
    case Kind::class_and_scope:
      write_class_and_scope(to, body);
      break;
    case Kind::additional:
      write_additional(to, body);
      break;
  }
  if (place.file != 0) write_file_in(to, body, place.file);
  return service.access;
}

bool is_control_failure(Cursor report) {
  auto [kind, list] = ber::read(report);
  if (kind != ber::context(0)) return false;
  Cursor variable = ber::read(list, ber::kSequence);
  Cursor name = ber::read(variable, ber::context(0));
  return read_name(name).item == kLastError && name.is_good();
}

}  // namespace osect::dissect::mms_names
