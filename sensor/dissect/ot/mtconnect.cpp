// MTConnect: ANSI/MTC1.4 part 1.0 clause 6 (response documents and their headers), part 2.0 clause
// 4 (devices). An agent is known by the documents that it answers with; observations are not read.
#include <algorithm>
#include <string_view>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/dissector.h"

namespace osect::dissect::mtconnect {
namespace {

constexpr std::uint16_t kInside[] = {inside::kXml};
constexpr std::string_view kRoot = "MTConnect";
constexpr std::uint8_t kConfidence = 90;
// An agent may speak for machines that are other hosts.
constexpr std::uint8_t kMachineConfidence = 60;

enum Document : std::uint8_t { devices, streams, assets, error };

// The request that each document answers; of one part of the standard current and sample share it.
constexpr Function kFunctions[] = {
    {devices, "probe", Access::identity},
    {streams, "current_or_sample", Access::read},
    {assets, "asset", Access::read},
    {error, "error", Access::diagnostic},
};
constexpr std::string_view kDocuments[] = {"MTConnectDevices", "MTConnectStreams",
                                           "MTConnectAssets", "MTConnectError"};

struct Tag {
  std::string_view name;  // without the prefix of its namespace
  std::string_view attributes;
};

// The next element that begins, behind which `text` goes on. Declarations, comments and ends are
// passed over; a name that is empty where no whole element is left.
Tag next_element(std::string_view& text) {
  for (;;) {
    const auto begin = text.find('<');
    if (begin == std::string_view::npos) return {};
    text.remove_prefix(begin + 1);
    const auto end = text.find('>');
    if (end == std::string_view::npos) return {};
    std::string_view tag = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (tag.starts_with('?') || tag.starts_with('!') || tag.starts_with('/')) continue;
    const std::string_view name = tag.substr(0, tag.find_first_of(" \t\r\n/"));
    const auto prefix = name.rfind(':');
    return {prefix == std::string_view::npos ? name : name.substr(prefix + 1),
            tag.substr(name.size())};
  }
}

std::string_view attribute(const Tag& tag, std::string_view name) {
  for (std::size_t at = tag.attributes.find(name); at != std::string_view::npos;
       at = tag.attributes.find(name, at + 1)) {
    const std::string_view behind = tag.attributes.substr(at + name.size());
    const bool is_whole =
        at > 0 && (tag.attributes[at - 1] == ' ' || tag.attributes[at - 1] == '\n' ||
                   tag.attributes[at - 1] == '\t');
    if (!is_whole || behind.size() < 2 || behind[0] != '=') continue;
    const char quote = behind[1];
    if (quote != '"' && quote != '\'') continue;
    const std::string_view value = behind.substr(2);
    const auto end = value.find(quote);
    return end == std::string_view::npos ? std::string_view() : value.substr(0, end);
  }
  return {};
}

// The document that the text is; none where its first element is another's.
const Function* document_of(std::string_view& text) {
  const Tag root = next_element(text);
  const auto* const at = std::find(std::begin(kDocuments), std::end(kDocuments), root.name);
  // Before version 1.1 there was a word for several errors.
  if (root.name == "MTConnectErrors") return &kFunctions[error];
  return at != std::end(kDocuments) ? &kFunctions[at - std::begin(kDocuments)] : nullptr;
}

std::string_view text_of(Cursor in) {
  return in.text(in.left());
}

Verdict probe(Cursor in, const Context&) {
  std::string_view text = text_of(in);
  if (text.substr(0, 1024).find(kRoot) == std::string_view::npos) return Verdict::no;
  return document_of(text) != nullptr ? Verdict::yes : Verdict::no;
}

void collect_machine(const Tag& tag, Collected& facts) {
  const auto add = [&](std::string_view as, std::string_view name) {
    facts.add_raw(about_sender(as, kMachineConfidence), attribute(tag, name));
  };
  if (tag.name == "Description") {
    add("vendor", "manufacturer");
    add("model", "model");
    add("serial", "serialNumber");
  } else {
    add("device_name", "name");
    add("mtconnect_uuid", "uuid");
  }
}

void dissect(Cursor in, const Context&, Out& out) {
  std::string_view text = text_of(in);
  const Function* const function = document_of(text);
  in.expect(function != nullptr);
  if (function == nullptr) {
    out.check(in);
    return;
  }
  Collected facts;
  Text<kTargetBytesMax> target;
  std::size_t machines = 0;
  // What describes the agent and the first machine stands in front of its components.
  for (Tag tag = next_element(text); !tag.name.empty(); tag = next_element(text)) {
    if (tag.name == "Header") {
      facts.add_raw(about_sender("host_name", kMachineConfidence), attribute(tag, "sender"));
      facts.add_text(about_sender("server_software", kConfidence), [&](Writer& to) {
        const std::string_view version = attribute(tag, "version");
        if (!version.empty()) to.put("MTConnect agent ").printable(version);
      });
    } else if (tag.name == "Device" || tag.name == "DeviceStream") {
      if (machines++ == 0) target.printable(attribute(tag, "name"));
      collect_machine(tag, facts);
    } else if (tag.name == "Description" && machines == 1) {
      collect_machine(tag, facts);
    } else if (tag.name == "Components" || tag.name == "ComponentStream" ||
               tag.name == "DataItems") {
      break;
    }
  }
  facts.say(out, in);
  out.say({.role = Role::response,
           .function = function->name,
           .code = kDocuments[function->code],
           .access = function->access,
           .target = target.text(),
           .is_error = function->code == Document::error},
          in);
}

void write_code(Writer& to, std::uint32_t code) {
  to.put(kDocuments[code]);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "mtconnect",
    .title = "MTConnect",
    .over = over::kInside,
    .off_port = OffPort::never,
    .ports = kInside,
    .functions = kFunctions,
    .write_code = write_code,
    .facts = "host_name server_software device_name mtconnect_uuid vendor model serial",
    .probe = probe,
    .frame = nullptr,
    .dissect = dissect,
};

}  // namespace osect::dissect::mtconnect
