// Announcements into a dictionary: every length, reference and word checked.
#include <fmt/format.h>

#include <algorithm>

#include "cloud/ingest/decoder.h"
#include "osect/v1/record.pb.h"

namespace osect::ingest {
namespace {

// A sensor starts a new epoch long before (sensor/condense/encoder.h).
constexpr std::size_t kEntriesMax = 1'000'000;
constexpr std::size_t kTextBytesMax = 1024;

constexpr std::array kTransports{"ethernet", "tcp",  "udp",  "icmp",
                                 "icmpv6",   "sctp", "igmp", "other"};
constexpr std::array kAccesses{"none",       "read",     "write", "control", "program", "config",
                               "diagnostic", "identity", "time",  "session", "cyclic"};

Error broken(const char* what) {
  return Error(fmt::format("announcements: {}", what));
}

template <typename Words>
const char* word(const Words& words, char code) {
  const auto index = static_cast<unsigned char>(code);
  return index < words.size() ? words[index] : nullptr;
}

std::span<const std::uint8_t> bytes_at(const std::string& text, std::size_t at, std::size_t length,
                                       std::array<std::uint8_t, 16>& room) {
  std::transform(text.begin() + static_cast<std::ptrdiff_t>(at),
                 text.begin() + static_cast<std::ptrdiff_t>(at + length), room.begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  return {room.data(), length};
}

}  // namespace

DictionaryCounts Dictionary::counts() const {
  const auto count = [](const auto& rows) { return static_cast<std::uint32_t>(rows.size() - 1); };
  return {epoch_, count(texts_), count(hosts_), count(conversations_), count(operations_)};
}

void Dictionary::start(std::uint64_t epoch) {
  *this = Dictionary();
  epoch_ = epoch;
}

Result<> Dictionary::add(const v1::Announced& announced) {
  const auto runs_on = [](std::uint32_t first, std::size_t added, std::size_t next) {
    return added == 0 || (first == next && added + next <= kEntriesMax);
  };
  const auto hosts = static_cast<std::size_t>(announced.host_vlan_size());
  const auto conversations = static_cast<std::size_t>(announced.conversation_client_size());
  const auto operations = static_cast<std::size_t>(announced.operation_protocol_size());
  if (!runs_on(announced.first_text(), static_cast<std::size_t>(announced.text_size()),
               texts_.size()) ||
      !runs_on(announced.first_host(), hosts, hosts_.size()) ||
      !runs_on(announced.first_conversation(), conversations, conversations_.size()) ||
      !runs_on(announced.first_operation(), operations, operations_.size()))
    return broken("they do not run on from what the dictionary holds");
  if (auto added = add_texts(announced); !added) return added;
  if (auto added = add_hosts(announced); !added) return added;
  if (auto added = add_conversations(announced); !added) return added;
  return add_operations(announced);
}

Result<> Dictionary::add_texts(const v1::Announced& announced) {
  // That they are UTF-8 was checked by the parser of the message.
  for (const std::string& text : announced.text()) {
    if (text.size() > kTextBytesMax) return broken("a text is too long");
    if (text.find('\0') != std::string::npos) return broken("a text contains NUL");
    texts_.push_back(text);
  }
  return {};
}

Result<> Dictionary::add_hosts(const v1::Announced& announced) {
  const auto count = static_cast<std::size_t>(announced.host_vlan_size());
  if (announced.host_mac().size() != count * 6 || announced.host_ip_length().size() != count)
    return broken("the columns of hosts differ in length");
  std::size_t ip_at = 0;
  std::array<std::uint8_t, 16> room{};
  for (std::size_t i = 0; i < count; ++i) {
    Host host;
    const std::uint32_t vlan = announced.host_vlan(static_cast<int>(i));
    if (vlan > 0xffff) return broken("a VLAN is out of range");
    host.vlan = static_cast<std::uint16_t>(vlan);
    const auto mac = bytes_at(announced.host_mac(), i * 6, 6, room);
    std::copy(mac.begin(), mac.end(), host.mac.bytes.begin());
    const auto length =
        static_cast<std::size_t>(static_cast<unsigned char>(announced.host_ip_length()[i]));
    if ((length != 0 && length != 4 && length != 16) || announced.host_ip().size() - ip_at < length)
      return broken("an address has a wrong length");
    host.ip = IpAddress::from_bytes(bytes_at(announced.host_ip(), ip_at, length, room));
    ip_at += length;
    hosts_.push_back(host);
  }
  return ip_at == announced.host_ip().size() ? Result<>() : broken("addresses are left over");
}

Result<> Dictionary::add_conversations(const v1::Announced& announced) {
  const int count = announced.conversation_client_size();
  if (announced.conversation_server_size() != count ||
      announced.conversation_port_size() != count ||
      announced.conversation_protocol_size() != count ||
      announced.conversation_transport().size() != static_cast<std::size_t>(count))
    return broken("the columns of conversations differ in length");
  for (int i = 0; i < count; ++i) {
    ConversationKey key;
    key.client = announced.conversation_client(i);
    key.server = announced.conversation_server(i);
    key.transport =
        word(kTransports, announced.conversation_transport()[static_cast<std::size_t>(i)]);
    key.protocol = announced.conversation_protocol(i);
    if (std::max(key.client, key.server) >= hosts_.size() || key.protocol >= texts_.size() ||
        key.transport == nullptr || announced.conversation_port(i) > 65535)
      return broken("a conversation refers to what is not there");
    key.port = static_cast<std::uint16_t>(announced.conversation_port(i));
    conversations_.push_back(key);
  }
  return {};
}

Result<> Dictionary::add_operations(const v1::Announced& announced) {
  const int count = announced.operation_protocol_size();
  if (announced.operation_client_size() != count || announced.operation_server_size() != count ||
      announced.operation_function_size() != count || announced.operation_code_size() != count ||
      announced.operation_target_size() != count ||
      announced.operation_access().size() != static_cast<std::size_t>(count))
    return broken("the columns of operations differ in length");
  for (int i = 0; i < count; ++i) {
    const OperationKey key{
        announced.operation_protocol(i),
        announced.operation_client(i),
        announced.operation_server(i),
        announced.operation_function(i),
        announced.operation_code(i),
        word(kAccesses, announced.operation_access()[static_cast<std::size_t>(i)]),
        announced.operation_target(i)};
    if (std::max(key.client, key.server) >= hosts_.size() || key.access == nullptr ||
        std::max({key.protocol, key.function, key.code, key.target}) >= texts_.size())
      return broken("an operation refers to what is not there");
    operations_.push_back(key);
  }
  return {};
}

}  // namespace osect::ingest
