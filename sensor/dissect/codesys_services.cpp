// Reads the tags of CODESYS V3 services; codesys_services.h.
#include "sensor/dissect/codesys_services.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace osect::dissect::codesys {
namespace {

constexpr std::uint8_t kConfidence = 90;

struct Group {
  std::uint8_t number;
  Access access;
};

// Groups whose services are not all known: what is worth telling of those that are not.
constexpr Group kGroups[] = {
    {0x05, Access::diagnostic},  // CmpLog
    {0x06, Access::config},      // CmpSettings
    {0x07, Access::config},      // SysEthernet
    {0x0b, Access::diagnostic},  // CmpIoMgr
    {0x0c, Access::config},      // CmpUserMgr
    {0x0f, Access::diagnostic},  // CmpTraceMgr
    {0x11, Access::control},     // PlcShell
    {0x12, Access::control},     // CmpAppBP
    {0x13, Access::control},     // CmpAppForce
    {0x18, Access::diagnostic},  // CmpAlarmManager
    {0x1d, Access::config},      // CmpCodeMeter
    {0x1f, Access::diagnostic},  // CmpCoreDump
    {0x22, Access::config},      // CmpOpenSSL
};

enum Tag : std::uint32_t {
  login_error = 0x20,
  session_id = 0x21,
  application_name = 0x10,
  boot_application_name = 0x70,
  list_name = 0x03,
  status_result = 0x13,
  file_name = 0x01,
  directory_name = 0x0b,
  closed_file = 0x07,
  shell_command = 0x10,
  first_parent = 0x80,  // from here on tags hold tags
};

constexpr std::uint32_t kLogin = service(0x01, 0x02);
constexpr std::uint32_t kReadStatus = service(0x02, 0x14);
constexpr std::uint32_t kReadApplicationList = service(0x02, 0x18);
constexpr std::uint32_t kEndTransfer = service(0x08, 0x08);
constexpr std::uint32_t kShellExecute = service(0x11, 0x01);
constexpr std::uint8_t kApplications = 0x02;
constexpr std::uint8_t kFiles = 0x08;

// Seven bits a byte, the lowest first. The writer fills up with bytes of nothing to align what
// follows.
std::uint32_t read_number(Cursor& in) {
  constexpr int kBytesMax = 8;
  std::uint64_t number = 0;
  for (int i = 0; i < kBytesMax; ++i) {
    const std::uint8_t byte = in.u8();
    if (i < 5) number |= std::uint64_t{byte & 0x7fU} << 7 * i;
    if ((byte & 0x80) == 0) return static_cast<std::uint32_t>(number);
  }
  in.expect(false);
  return 0;
}

struct Field {
  std::uint32_t id = 0;
  Cursor value;
};

// Nothing at the end, and where a tag goes beyond the block.
std::optional<Field> next(Cursor& tags) {
  if (tags.left() == 0) return std::nullopt;
  Field field;
  field.id = read_number(tags);
  const std::uint32_t size = read_number(tags);
  if (!tags.is_good() || size > tags.left()) return std::nullopt;
  field.value = tags.child(size);
  return field;
}

// The tags of a service, and those inside them: two levels are all that the services have that are
// looked at.
template <typename Visit>
void each_tag(Cursor tags, Visit&& visit) {
  while (auto field = next(tags)) {
    visit(*field);
    if (field->id < Tag::first_parent) continue;
    while (const auto inner = next(field->value)) visit(*inner);
  }
}

std::string_view text_of(const Field& field) {
  Cursor value = field.value;
  const std::string_view text = value.text(value.left());
  return trimmed(text.substr(0, text.find('\0')));
}

std::string_view application_state(std::uint32_t state) {
  constexpr std::string_view kStates[] = {"", "run", "stop", "halt_on_breakpoint"};
  return state < std::size(kStates) ? kStates[state] : std::string_view{};
}

// Result, state of the application, state of the operation; some writers align the state.
void collect_status(Cursor value, Collected& facts) {
  constexpr std::size_t kStates = 8;
  if (value.left() < 2 + kStates) return;
  value.skip(value.left() - kStates);
  facts.add(about_sender("cpu_mode", kConfidence), application_state(value.le32()));
}

}  // namespace

Function find_function(std::uint32_t number) {
  const auto* const at = std::lower_bound(
      std::begin(kFunctions), std::end(kFunctions), number,
      [](const Function& function, std::uint32_t wanted) { return function.code < wanted; });
  if (at != std::end(kFunctions) && at->code == number) return *at;
  const auto* const group = std::find_if(std::begin(kGroups), std::end(kGroups),
                                         [&](Group row) { return row.number == number >> 16; });
  return {number, {}, group != std::end(kGroups) ? group->access : Access::none};
}

void write_target(Writer& to, std::uint32_t number, Cursor tags) {
  const std::uint32_t group = number >> 16;
  std::string_view word;
  std::string_view name;
  each_tag(tags, [&](const Field& field) {
    if (!name.empty()) return;
    if (number == kShellExecute && field.id == Tag::shell_command) {
      word = "command ";  // the first word: what follows may be anything
      name = text_of(field);
      name = name.substr(0, name.find(' '));
    } else if (group == kApplications &&
               (field.id == Tag::application_name || field.id == Tag::boot_application_name)) {
      word = "application ";
      name = text_of(field);
    } else if (number == kEndTransfer && field.id == Tag::closed_file) {
      Field file = field;
      file.value.skip(8);  // number of the transfer
      word = "file ";
      name = text_of(file);
    } else if (group == kFiles && number != kEndTransfer &&
               (field.id == Tag::file_name || field.id == Tag::directory_name)) {
      word = "file ";
      name = text_of(field);
    }
  });
  if (!name.empty()) to.put(word).printable(name);
}

Shown read_answer(std::uint32_t number, Cursor tags, Collected& facts) {
  bool has_session = false;
  bool has_error = false;
  each_tag(tags, [&](const Field& field) {
    if (number == kLogin) {
      has_session = has_session || field.id == Tag::session_id;
      has_error = has_error || field.id == Tag::login_error;
    } else if (number == kReadApplicationList && field.id == Tag::list_name) {
      facts.add_raw(about_sender("application_name", kConfidence), text_of(field));
    } else if (number == kReadStatus && field.id == Tag::status_result) {
      collect_status(field.value, facts);
    }
  });
  return {has_error && !has_session};
}

}  // namespace osect::dissect::codesys
