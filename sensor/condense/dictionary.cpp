// Interning; proto/osect/v1/record.proto, Announced.
#include "sensor/condense/dictionary.h"

#include <algorithm>
#include <array>

#include "osect/v1/record.pb.h"

namespace osect::condense {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

// Length of the well-formed UTF-8 sequence at the start (Unicode 15, table 3-7); 0: none, or NUL.
std::size_t sequence_length(std::string_view s) {
  const auto at = [&](std::size_t i) {
    return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U;
  };
  const auto is_tail = [&](std::size_t i) { return (at(i) & 0xc0U) == 0x80U; };
  const unsigned lead = at(0);
  if (lead == 0) return 0;
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return is_tail(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const unsigned low = lead == 0xe0 ? 0xa0 : 0x80;
    const unsigned high = lead == 0xed ? 0x9f : 0xbf;
    return at(1) >= low && at(1) <= high && is_tail(2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const unsigned low = lead == 0xf0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xf4 ? 0x8f : 0xbf;
    return at(1) >= low && at(1) <= high && is_tail(2) && is_tail(3) ? 4 : 0;
  }
  return 0;
}

Error broken(const char* what) {
  return Error(std::string("the announcements of a batch are broken: ") + what);
}

}  // namespace

std::string as_utf8(std::string_view text) {
  // ASCII without NUL, which nearly every text is, stands as it is.
  const auto is_plain = [](char c) { return static_cast<signed char>(c) > 0; };
  if (text.size() <= kTextBytes && std::all_of(text.begin(), text.end(), is_plain))
    return std::string(text);
  std::string clean;
  clean.reserve(std::min(text.size(), kTextBytes));
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const std::string_view next = length == 0 ? kReplacement : text.substr(0, length);
    if (clean.size() + next.size() > kTextBytes) break;
    clean += next;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return clean;
}

const observe::Hasher& KeyHash::hasher() {
  static const observe::Hasher hasher;
  return hasher;
}

std::size_t KeyHash::operator()(const ConversationKey& key) const {
  const std::array<std::uint64_t, 2> words = {std::uint64_t{key.client} << 32 | key.server,
                                              std::uint64_t{key.protocol} << 32 |
                                                  std::uint64_t{key.port} << 8 |
                                                  static_cast<std::uint64_t>(key.transport)};
  return hasher()(words);
}

std::size_t KeyHash::operator()(const OperationKey& key) const {
  const std::array<std::uint64_t, 4> words = {std::uint64_t{key.client} << 32 | key.server,
                                              std::uint64_t{key.protocol} << 32 | key.function,
                                              std::uint64_t{key.code} << 32 | key.target,
                                              static_cast<std::uint64_t>(key.access)};
  return hasher()(words);
}

std::size_t KeyHash::operator()(std::string_view text) const {
  const std::array<std::uint64_t, 1> words = {std::hash<std::string_view>()(text)};
  return hasher()(words);
}

std::uint32_t DictionaryCounts::largest() const {
  return std::max({texts, hosts, conversations, operations});
}

std::uint32_t Dictionary::text_id(std::string_view text) {
  if (text.empty()) return 0;
  // What is in the table is text already; nearly every text is.
  const std::uint32_t known = texts_.find(text);
  return known != 0 ? known : texts_.id(as_utf8(text));
}

DictionaryCounts Dictionary::counts() const {
  return {texts_.size(), hosts_.size(), conversations_.size(), operations_.size()};
}

void Dictionary::truncate(const DictionaryCounts& counts) {
  texts_.truncate(counts.texts);
  hosts_.truncate(counts.hosts);
  conversations_.truncate(counts.conversations);
  operations_.truncate(counts.operations);
}

Entries Dictionary::entries() const {
  return {texts_.entries(), hosts_.entries(), conversations_.entries(), operations_.entries()};
}

Entries Dictionary::take() {
  return {texts_.take(), hosts_.take(), conversations_.take(), operations_.take()};
}

void Dictionary::announce(const DictionaryCounts& beyond, v1::Announced& out) const {
  if (texts_.size() > beyond.texts) out.set_first_text(beyond.texts + 1);
  for (auto id = beyond.texts + 1; id <= texts_.size(); ++id) out.add_text(texts_.entry(id));

  if (hosts_.size() > beyond.hosts) out.set_first_host(beyond.hosts + 1);
  for (auto id = beyond.hosts + 1; id <= hosts_.size(); ++id) {
    const observe::Host host = hosts_.entry(id).host();
    const auto ip = host.ip.bytes();
    out.add_host_vlan(host.vlan);
    out.mutable_host_mac()->append(host.mac.bytes.begin(), host.mac.bytes.end());
    out.mutable_host_ip_length()->push_back(static_cast<char>(ip.size()));
    out.mutable_host_ip()->append(ip.begin(), ip.end());
  }

  if (conversations_.size() > beyond.conversations)
    out.set_first_conversation(beyond.conversations + 1);
  for (auto id = beyond.conversations + 1; id <= conversations_.size(); ++id) {
    const auto& key = conversations_.entry(id);
    out.add_conversation_client(key.client);
    out.add_conversation_server(key.server);
    out.mutable_conversation_transport()->push_back(static_cast<char>(key.transport));
    out.add_conversation_port(key.port);
    out.add_conversation_protocol(key.protocol);
  }

  if (operations_.size() > beyond.operations) out.set_first_operation(beyond.operations + 1);
  for (auto id = beyond.operations + 1; id <= operations_.size(); ++id) {
    const auto& key = operations_.entry(id);
    out.add_operation_protocol(key.protocol);
    out.add_operation_client(key.client);
    out.add_operation_server(key.server);
    out.add_operation_function(key.function);
    out.add_operation_code(key.code);
    out.mutable_operation_access()->push_back(static_cast<char>(key.access));
    out.add_operation_target(key.target);
  }
}

Result<> Dictionary::add(const v1::Announced& announced) {
  if (announced.text_size() > 0 && announced.first_text() != texts_.size() + 1)
    return broken("texts do not run on");
  for (const auto& text : announced.text()) {
    const auto before = texts_.size();
    if (texts_.id(text) != before + 1) return broken("a text comes twice");
  }
  if (auto added = add_hosts(announced); !added) return added;
  if (auto added = add_conversations(announced); !added) return added;
  return add_operations(announced);
}

Result<> Dictionary::add_hosts(const v1::Announced& announced) {
  const auto count = static_cast<std::size_t>(announced.host_vlan_size());
  if (count > 0 && announced.first_host() != hosts_.size() + 1)
    return broken("hosts do not run on");
  if (announced.host_mac().size() != 6 * count || announced.host_ip_length().size() != count)
    return broken("columns of hosts differ in length");
  std::string_view ips = announced.host_ip();
  for (std::size_t i = 0; i < count; ++i) {
    observe::Host host;
    const auto vlan = announced.host_vlan(static_cast<int>(i));
    const auto length = static_cast<std::uint8_t>(announced.host_ip_length()[i]);
    if (vlan > 0xffff || (length != 0 && length != 4 && length != 16) || length > ips.size())
      return broken("a host is out of range");
    host.vlan = static_cast<std::uint16_t>(vlan);
    std::copy_n(announced.host_mac().begin() + static_cast<std::ptrdiff_t>(6 * i), 6,
                host.mac.bytes.begin());
    std::array<std::uint8_t, 16> ip{};
    std::copy_n(ips.begin(), length, ip.begin());
    host.ip = IpAddress::from_bytes(std::span(ip).first(length));
    ips.remove_prefix(length);
    const auto before = hosts_.size();
    if (host_id(observe::HostKey(host)) != before + 1) return broken("a host comes twice");
  }
  return {};
}

Result<> Dictionary::add_conversations(const v1::Announced& announced) {
  const int count = announced.conversation_client_size();
  if (count > 0 && announced.first_conversation() != conversations_.size() + 1)
    return broken("conversations do not run on");
  if (announced.conversation_server_size() != count ||
      announced.conversation_port_size() != count ||
      announced.conversation_protocol_size() != count ||
      announced.conversation_transport().size() != static_cast<std::size_t>(count))
    return broken("columns of conversations differ in length");
  for (int i = 0; i < count; ++i) {
    const auto transport =
        static_cast<std::uint8_t>(announced.conversation_transport()[static_cast<std::size_t>(i)]);
    const ConversationKey key{announced.conversation_client(i), announced.conversation_server(i),
                              announced.conversation_protocol(i),
                              static_cast<std::uint16_t>(announced.conversation_port(i)),
                              static_cast<decode::Transport>(transport)};
    if (std::max(key.client, key.server) > hosts_.size() || key.protocol > texts_.size() ||
        announced.conversation_port(i) > 0xffff ||
        transport > static_cast<std::uint8_t>(decode::Transport::other))
      return broken("a conversation is out of range");
    const auto before = conversations_.size();
    if (conversations_.id(key) != before + 1) return broken("a conversation comes twice");
  }
  return {};
}

Result<> Dictionary::add_operations(const v1::Announced& announced) {
  const int count = announced.operation_client_size();
  if (count > 0 && announced.first_operation() != operations_.size() + 1)
    return broken("operations do not run on");
  if (announced.operation_server_size() != count || announced.operation_protocol_size() != count ||
      announced.operation_function_size() != count || announced.operation_code_size() != count ||
      announced.operation_target_size() != count ||
      announced.operation_access().size() != static_cast<std::size_t>(count))
    return broken("columns of operations differ in length");
  for (int i = 0; i < count; ++i) {
    const auto access =
        static_cast<std::uint8_t>(announced.operation_access()[static_cast<std::size_t>(i)]);
    const OperationKey key{announced.operation_protocol(i),     announced.operation_client(i),
                           announced.operation_server(i),       announced.operation_function(i),
                           announced.operation_code(i),         announced.operation_target(i),
                           static_cast<dissect::Access>(access)};
    if (std::max(key.client, key.server) > hosts_.size() ||
        std::max({key.protocol, key.function, key.code, key.target}) > texts_.size() ||
        access > static_cast<std::uint8_t>(dissect::Access::cyclic))
      return broken("an operation is out of range");
    const auto before = operations_.size();
    if (operations_.id(key) != before + 1) return broken("an operation comes twice");
  }
  return {};
}

}  // namespace osect::condense
