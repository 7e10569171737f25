// RFB, the protocol of VNC: RFC 6143 clause 7. Version, how a server wants to be logged in to, the
// name of its desktop; no challenge, no screen, no key.
#include <algorithm>

#include "sensor/dissect/collected.h"

namespace osect::dissect::rfb {
namespace {

constexpr std::uint16_t kPorts[] = {5900, 5901, 5902, 5903};
constexpr Lead kLeads[] = {{0, {'R'}}, {1, {'F'}}, {2, {'B'}}, {3, {' '}},
                           {4, {'0'}}, {5, {'0'}}, {7, {'.'}}};
constexpr std::uint8_t kConfidence = 85;
constexpr std::uint8_t kNameConfidence = 60;
constexpr std::size_t kVersionBytes = 12;  // "RFB 003.008\n"
constexpr std::size_t kChallengeBytes = 16;
constexpr std::size_t kFailureBytesMax = 4096;
constexpr std::size_t kInitBytes = 24;  // before the desktop's name
constexpr std::size_t kNameBytesMax = 1024;

enum Security : std::uint8_t { invalid = 0, none = 1, vnc = 2 };
struct Type {
  std::uint8_t number;
  std::string_view name;
};
// IANA, "Remote Framebuffer Security Types".
constexpr Type kTypes[] = {{1, "none"},   {2, "VNC password"}, {5, "RA2"},      {6, "RA2ne"},
                           {16, "Tight"}, {17, "Ultra"},       {18, "TLS"},     {19, "VeNCrypt"},
                           {20, "SASL"},  {21, "MD5"},         {22, "xvp"},     {30, "Apple"},
                           {35, "Apple"}, {36, "Apple"},       {113, "MSLogon"}};

// Where the server's side is; of the client only its version and its choice are of interest.
enum class Stage : std::uint8_t { version, types, chosen, challenge, result, init, over };

// The flow's word of memory: the server's stage, the version's minor, the type chosen.
class Memory {
 public:
  explicit Memory(std::uint32_t& word) : word_(word) {}

  // What the server says next. Behind the choice (RFC 6143 clauses 7.1.2 and 7.1.3) that depends on
  // it: versions before 3.8 tell no result where nothing was asked.
  [[nodiscard]] Stage stage() const {
    const auto stage = static_cast<Stage>(word_ & 0xf);
    if (stage != Stage::chosen) return stage;
    const std::uint32_t type = word_ >> 16;
    if (type == Security::vnc) return Stage::challenge;
    if (type != Security::none) return Stage::over;
    return minor() >= 8 ? Stage::result : Stage::init;
  }
  [[nodiscard]] bool has_client_version() const { return (word_ & kClientVersion) != 0; }
  [[nodiscard]] bool has_choice() const { return word_ >> 16 != 0; }
  [[nodiscard]] unsigned minor() const { return word_ >> 8 & 0xff; }
  void go_to(Stage stage) { word_ = (word_ & ~0xfU) | static_cast<std::uint32_t>(stage); }
  void note_version(unsigned minor, bool is_client) {
    word_ = (word_ & ~0xff00U) | minor << 8 | (is_client ? kClientVersion : 0);
  }
  void note_choice(std::uint8_t type) { word_ = (word_ & 0xffffU) | std::uint32_t{type} << 16; }

 private:
  static constexpr std::uint32_t kClientVersion = 0x10;
  std::uint32_t& word_;
};

bool is_version(std::string_view text) {
  const auto is_number = [&](std::size_t at) {
    for (const char c : text.substr(at, 3))
      if (c < '0' || c > '9') return false;
    return true;
  };
  return text.starts_with("RFB 00") && is_number(4) && text[7] == '.' && is_number(8) &&
         text[11] == '\n';
}

unsigned minor_of(std::string_view version) {
  unsigned minor = 0;
  for (const char c : version.substr(8, 3)) minor = minor * 10 + static_cast<unsigned>(c - '0');
  return minor > 8 ? 8 : minor;  // Apple writes 889 and means 8
}

Verdict probe(Cursor in, const Context&) {
  constexpr std::string_view kBegins = "RFB 00";
  const auto text = in.text(std::min(in.left(), kVersionBytes));
  if (text.size() == kVersionBytes) return is_version(text) ? Verdict::yes : Verdict::no;
  const auto begun = text.substr(0, kBegins.size());
  return kBegins.starts_with(begun) ? Verdict::maybe : Verdict::no;
}

// A length, and so many bytes behind it.
Framing counted(Cursor in, std::size_t before, std::size_t most) {
  in.skip(before);
  const std::size_t count = in.be32();
  if (!in.is_good()) return Framing::kNeedMore;
  if (count > most) return Framing(Framing::kUntilEnd, 0);
  return before + sizeof(std::uint32_t) + count;
}

Framing frame_server(Cursor in, const Memory& memory) {
  switch (memory.stage()) {
    case Stage::version:
      return kVersionBytes;
    case Stage::types:
      if (memory.minor() < 7) return sizeof(std::uint32_t);
      return in.peek() == 0 ? counted(in, 1, kFailureBytesMax) : Framing(1U + in.peek());
    case Stage::challenge:
      return Framing(kChallengeBytes);
    case Stage::result:
      return sizeof(std::uint32_t);
    case Stage::init:
      return counted(in, kInitBytes - sizeof(std::uint32_t), kNameBytesMax);
    case Stage::chosen:
    case Stage::over:
      break;
  }
  return Framing(Framing::kUntilEnd, 0);
}

Framing frame(Cursor in, const Context& context) {
  const Memory memory(*context.memory);
  if (!context.is_to_server) return frame_server(in, memory);
  if (!memory.has_client_version()) return kVersionBytes;
  if (memory.minor() >= 7 && !memory.has_choice()) return 1;
  return Framing(Framing::kUntilEnd, 0);
}

void add_type(std::uint32_t number, Collected& facts) {
  for (const Type& type : kTypes)
    if (type.number == number) facts.add(about_sender("authentication", kConfidence), type.name);
}

void read_version(Cursor& in, Memory& memory, bool is_client, Collected& facts) {
  const auto version = in.text(kVersionBytes);
  in.expect(version.size() == kVersionBytes && is_version(version));
  if (!in.is_good()) return;
  memory.note_version(minor_of(version), is_client);
  if (is_client) return;
  memory.go_to(Stage::types);
  facts.add_raw(about_sender("rfb_version", kConfidence), version.substr(4, 7));
  if (version.substr(8, 3) == "889") facts.add(about_sender("os", kNameConfidence), "macOS");
}

void read_server(Cursor& in, Memory& memory, Collected& facts) {
  const Stage stage = memory.stage();
  switch (stage) {
    case Stage::version:
      read_version(in, memory, false, facts);
      break;
    case Stage::types:
      memory.go_to(Stage::chosen);
      if (memory.minor() < 7) {
        const std::uint32_t type = in.be32();
        add_type(type, facts);
        memory.note_choice(static_cast<std::uint8_t>(type));
        break;
      }
      for (int left = in.u8(); left > 0; --left) add_type(in.u8(), facts);
      break;
    case Stage::challenge:
      memory.go_to(Stage::result);
      break;
    case Stage::result:
      memory.go_to(in.be32() == 0 ? Stage::init : Stage::over);
      break;
    case Stage::init:
      memory.go_to(Stage::over);
      in.skip(kInitBytes - sizeof(std::uint32_t));
      facts.add_raw(about_sender("device_name", kNameConfidence), in.text(in.be32()));
      break;
    case Stage::chosen:
    case Stage::over:
      break;
  }
}

void dissect(Cursor in, const Context& context, Out& out) {
  Memory memory(*context.memory);
  Collected facts;
  if (!context.is_to_server)
    read_server(in, memory, facts);
  else if (!memory.has_client_version())
    read_version(in, memory, true, facts);
  else
    memory.note_choice(in.u8());
  facts.say(out, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "rfb",
    .title = "VNC (RFB)",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = {},
    .facts = "rfb_version authentication device_name os",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::rfb
