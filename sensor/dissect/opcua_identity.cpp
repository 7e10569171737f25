// What OPC UA applications say of themselves: ApplicationDescription, EndpointDescription,
// RegisteredServer, UserTokenPolicy (OPC 10000-4 clause 7), BuildInfo (OPC 10000-5 clause 12.4).
#include <algorithm>
#include <array>

#include "sensor/dissect/opcua_message.h"

namespace osect::dissect::opcua_message {
namespace {

constexpr std::uint8_t kConfidence = 95;
constexpr std::uint8_t kListedConfidence = 60;  // a discovery server speaks of others too
// Ids of binary encodings.
constexpr std::uint32_t kServerStatus = 864;
constexpr std::uint32_t kBuildInfo = 340;
constexpr std::uint32_t kAnonymousToken = 321;
constexpr std::uint32_t kUserNameToken = 324;
constexpr std::uint32_t kCertificateToken = 327;
constexpr std::uint32_t kIssuedToken = 940;

constexpr std::array<std::string_view, 4> kApplicationTypes = {
    "server", "client", "client_and_server", "discovery_server"};
constexpr std::array<std::string_view, 4> kModes = {"", "None", "Sign", "SignAndEncrypt"};
constexpr std::array<std::string_view, 4> kTokens = {"anonymous", "username", "certificate",
                                                     "issued_token"};

template <std::size_t kSize>
std::string_view word(const std::array<std::string_view, kSize>& words, std::uint32_t at) {
  return at < kSize ? words[at] : std::string_view{};
}

struct Application {
  std::string_view uri;
  std::string_view product;
  std::string_view name;
  std::uint32_t type = 0;
};

Application read_application(Cursor& in) {
  Application said;
  said.uri = read_string(in);
  said.product = read_string(in);
  said.name = read_localized_text(in);
  said.type = in.le32();
  static_cast<void>(read_string(in));  // gateway server
  static_cast<void>(read_string(in));  // discovery profile
  skip_strings(in);                    // discovery URLs
  return said;
}

void collect_application(const Application& said, std::uint8_t confidence, Collected& facts) {
  facts.add_raw(about_sender("application_uri", confidence), said.uri);
  facts.add_raw(about_sender("product_uri", confidence), said.product);
  facts.add_raw(about_sender("application_name", confidence), said.name);
  facts.add(about_sender("application_type", confidence), word(kApplicationTypes, said.type));
}

// What many endpoints of one server repeat is said once.
class Once {
 public:
  bool is_first(std::string_view text) {
    const auto end = seen_.begin() + static_cast<std::ptrdiff_t>(count_);
    if (text.empty() || std::find(seen_.begin(), end, text) != end) return false;
    if (count_ < seen_.size()) seen_[count_++] = text;
    return true;
  }

 private:
  std::array<std::string_view, 24> seen_{};
  std::size_t count_ = 0;
};

void collect_user_tokens(Cursor& in, Once& tokens, Collected& facts) {
  for (std::size_t left = read_count(in); left > 0 && in.left() > 0; --left) {
    static_cast<void>(read_string(in));  // policy id
    const std::string_view kind = word(kTokens, in.le32());
    static_cast<void>(read_string(in));  // issued token type
    static_cast<void>(read_string(in));  // issuer
    static_cast<void>(read_string(in));  // security policy
    if (in.is_good() && tokens.is_first(kind))
      facts.add(about_sender("user_token", kConfidence), kind);
  }
}

void collect_endpoints(Cursor& in, Collected& facts) {
  Once said;
  Once modes;
  Once tokens;
  for (std::size_t left = read_count(in); left > 0 && in.left() > 0; --left) {
    const std::string_view url = read_string(in);
    const Application server = read_application(in);
    static_cast<void>(read_string(in));  // certificate
    const std::string_view mode = word(kModes, in.le32());
    const std::string_view policy = policy_name(read_string(in));
    if (!in.is_good()) return;
    if (said.is_first(url)) facts.add_raw(about_sender("endpoint_url", kConfidence), url);
    if (said.is_first(server.uri)) collect_application(server, kConfidence, facts);
    if (said.is_first(policy)) facts.add_raw(about_sender("security_policy", kConfidence), policy);
    if (modes.is_first(mode)) facts.add(about_sender("security_mode", kConfidence), mode);
    collect_user_tokens(in, tokens, facts);
    static_cast<void>(read_string(in));  // transport profile
    in.skip(1);                          // security level
  }
}

void collect_build_info(Cursor& in, Collected& facts) {
  const std::string_view uri = read_string(in);
  const std::string_view manufacturer = read_string(in);
  const std::string_view product = read_string(in);
  const std::string_view version = read_string(in);
  if (!in.is_good()) return;
  facts.add_raw(about_sender("product_uri", kConfidence), uri);
  facts.add_raw(about_sender("vendor", kConfidence), manufacturer);
  facts.add_raw(about_sender("product_name", kConfidence), product);
  facts.add_raw(about_sender("firmware", kConfidence), version);
}

// The attribute that a variable of ServerStatus.BuildInfo holds (OPC 10000-5 clause 8.3.2).
std::string_view attribute_of(std::string_view node) {
  if (node == "i=2262") return "product_uri";
  if (node == "i=2263") return "vendor";
  if (node == "i=2261") return "product_name";
  if (node == "i=2264") return "firmware";
  return {};
}

}  // namespace

std::string_view policy_name(std::string_view uri) {
  const std::size_t at = uri.rfind('#');
  return at == std::string_view::npos ? uri : uri.substr(at + 1);
}

void read_find_servers_response(Cursor& in, Collected& facts) {
  for (std::size_t left = read_count(in); left > 0 && in.left() > 0; --left) {
    const Application listed = read_application(in);
    if (in.is_good()) collect_application(listed, kListedConfidence, facts);
  }
}

void read_get_endpoints_response(Cursor& in, Collected& facts) {
  collect_endpoints(in, facts);
}

void read_register_server(Cursor& in, Collected& facts) {
  const std::string_view uri = read_string(in);
  const std::string_view product = read_string(in);
  if (!in.is_good()) return;
  facts.add_raw(about_sender("application_uri", kConfidence), uri);
  facts.add_raw(about_sender("product_uri", kConfidence), product);
}

void read_create_session(Cursor& in, Collected& facts) {
  const Application client = read_application(in);
  static_cast<void>(read_string(in));  // server URI
  const std::string_view url = read_string(in);
  if (!in.is_good()) return;
  collect_application(client, kConfidence, facts);
  facts.add_raw(about_receiver("endpoint_url", kConfidence), url);
}

void read_create_session_response(Cursor& in, Collected& facts) {
  static_cast<void>(read_node_id(in));  // session
  static_cast<void>(read_node_id(in));  // its secret
  in.skip(8);                           // timeout
  static_cast<void>(read_string(in));   // nonce
  static_cast<void>(read_string(in));   // certificate
  collect_endpoints(in, facts);
}

void read_activate_session(Cursor& in, Collected& facts) {
  static_cast<void>(read_string(in));  // signature: algorithm and bytes
  static_cast<void>(read_string(in));
  for (std::size_t left = read_count(in); left > 0 && in.left() > 0; --left) {
    static_cast<void>(read_string(in));  // software certificates
    static_cast<void>(read_string(in));
  }
  skip_strings(in);  // locales
  const NodeId token = read_extension_object(in).type;
  if (!in.is_good()) return;
  const std::string_view kind = token.is(kAnonymousToken)     ? "anonymous"
                                : token.is(kUserNameToken)    ? "username"
                                : token.is(kCertificateToken) ? "certificate"
                                : token.is(kIssuedToken)      ? "issued_token"
                                                              : "";
  facts.add(about_sender("user_token_used", kConfidence), kind);
}

void read_read_response(Cursor& in, std::string_view node, Collected& facts) {
  constexpr std::uint8_t kHasValue = 1;
  constexpr std::uint8_t kString = 12;
  constexpr std::uint8_t kExtensionObject = 22;
  if (read_count(in) == 0 || (in.u8() & kHasValue) == 0) return;
  const std::uint8_t type = in.u8();
  if (type == kString && !attribute_of(node).empty()) {
    const std::string_view value = read_string(in);
    if (in.is_good()) facts.add_raw(about_sender(attribute_of(node), kConfidence), value);
  } else if (type == kExtensionObject) {
    ExtensionObject object = read_extension_object(in);
    if (object.type.is(kServerStatus)) object.body.skip(8 + 8 + 4);  // start, now, state
    if (object.type.is(kServerStatus) || object.type.is(kBuildInfo))
      collect_build_info(object.body, facts);
  }
}

}  // namespace osect::dissect::opcua_message
