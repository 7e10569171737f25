// HTTP/1.x: RFC 9110, RFC 9112. Software on both sides, the name asked for, the page's title; no
// path, no query, no cookie. What an XML document says is for those who know its kind.
#include <algorithm>
#include <array>

#include "sensor/dissect/collected.h"
#include "sensor/dissect/http_message.h"
#include "sensor/dissect/ntlmssp.h"
#include "sensor/dissect/software.h"

namespace osect::dissect::http {
namespace {

namespace message = http_message;

// How methods and "HTTP/1." begin.
constexpr Lead kLeads[] = {
    {0, {'B', 'C', 'D', 'G', 'H', 'L', 'M', 'N', 'O', 'P', 'R', 'S', 'T', 'U'}}};
constexpr std::uint16_t kPorts[] = {80, 8080, 8000, 8008, 8081, 8088, 8888, 3128, 5357, 5985};
constexpr std::uint8_t kConfidence = 70;
constexpr std::uint8_t kSystemConfidence = 55;  // what software says of the system under it
constexpr std::uint8_t kSeenConfidence = 95;
constexpr std::size_t kReadBytes = 2048;  // of a page for its title, of a document for its kind
constexpr std::size_t kChunkLineMax = 64;

// The flow's word of memory: what the next message means depends on what was said before.
enum Memory : std::uint32_t {
  head_asked = 1,     // the next response has no body
  connect_asked = 2,  // the next response may open a tunnel
  tunnel = 4,         // the rest is another protocol
  page_awaited = 8,   // the next chunk begins an HTML page or an XML document
};

std::string_view text_of(const Cursor& in) {
  Cursor all = in;
  return all.text(all.left());
}

std::size_t number(std::string_view digits, unsigned base) {
  std::size_t value = 0;
  for (const char c : digits) {
    const unsigned digit = c >= '0' && c <= '9'   ? static_cast<unsigned>(c - '0')
                           : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10)
                           : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A' + 10)
                                                  : 99;
    if (digit >= base || value > std::size_t{1} << 50) break;
    value = value * base + digit;
  }
  return value;
}

unsigned status_of(std::string_view head) {
  const auto line = message::start_line(head);
  return static_cast<unsigned>(number(line.substr(std::min<std::size_t>(9, line.size())), 10) %
                               1000);
}

enum class Content : std::uint8_t { other, page, document };

Content content_of(std::string_view head) {
  if (!message::field(head, "Content-Encoding").empty()) return Content::other;
  const std::string_view type = message::field(head, "Content-Type");
  if (message::contains_ignoring_case(type, "text/html")) return Content::page;
  const bool is_xml = message::contains_ignoring_case(type, "text/xml") ||
                      message::contains_ignoring_case(type, "application/xml");
  return is_xml ? Content::document : Content::other;
}

bool is_chunked(std::string_view head) {
  return message::contains_ignoring_case(message::field(head, "Transfer-Encoding"), "chunked");
}

Verdict probe(Cursor in, const Context&) {
  switch (message::kind_of(text_of(in))) {
    case message::Kind::neither:
      return Verdict::no;
    case message::Kind::unfinished:
      return Verdict::maybe;
    case message::Kind::request:
    case message::Kind::response:
      return Verdict::yes;
  }
  return Verdict::no;
}

Framing frame_body(std::string_view head, bool is_response, std::uint32_t memory) {
  const std::size_t size = head.size();
  const std::string_view length = message::field(head, "Content-Length");
  const std::size_t body = number(length, 10);
  if (is_response) {
    const unsigned status = status_of(head);
    if (status < 200 || status == 204 || status == 304 || (memory & Memory::head_asked) != 0)
      return size;
    if ((memory & Memory::connect_asked) != 0 && status < 300) return size;
    if (is_chunked(head)) return size;
    if (length.empty()) return Framing(Framing::kUntilEnd, size);
    return Framing(size + body,
                   size + (content_of(head) != Content::other ? std::min(body, kReadBytes) : 0));
  }
  if (is_chunked(head)) return size;
  return Framing(size + body, size);
}

// A chunk: its size in hexadecimal, extensions, the data; the last one has size 0 and may carry
// trailers.
Framing frame_chunk(std::string_view text, std::uint32_t memory) {
  const auto end = text.find('\n');
  const std::size_t size = number(text, 16);
  if (end == std::string_view::npos)
    return text.size() < kChunkLineMax ? Framing::kNeedMore : Framing::kNotAMessage;
  if (end > kChunkLineMax || size > std::size_t{1} << 40) return Framing::kNotAMessage;
  if (size == 0) {
    const std::size_t last = message::head_length(text);
    return last == 0 ? Framing(Framing::kNeedMore) : Framing(last, 0);
  }
  const bool is_read = (memory & Memory::page_awaited) != 0;
  return Framing(end + 1 + size + 2, is_read ? end + 1 + std::min(size, kReadBytes) : 0);
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

Framing frame(Cursor in, const Context& context) {
  const std::uint32_t memory = *context.memory;
  if ((memory & Memory::tunnel) != 0) return Framing::kAnotherProtocol;
  const auto text = text_of(in);
  const message::Kind kind = message::kind_of(text);
  if (kind == message::Kind::neither)
    return is_hex(text[0]) ? frame_chunk(text, memory) : Framing(Framing::kNotAMessage);
  const std::size_t head = message::head_length(text);
  if (head == 0) {
    // "DEL" may still become a method or a chunk of size 0xDE; the line's end will tell.
    return Framing::kNeedMore;
  }
  return frame_body(text.substr(0, head), kind == message::Kind::response, memory);
}

void collect_title(std::string_view page, Collected& facts) {
  constexpr std::string_view kOpen = "<title";
  constexpr std::string_view kClose = "</title";
  const auto find = [&](std::string_view part, std::size_t from) {
    for (std::size_t at = from; at + part.size() <= page.size(); ++at)
      if (message::equals_ignoring_case(page.substr(at, part.size()), part)) return at;
    return std::string_view::npos;
  };
  const auto tag = find(kOpen, 0);
  if (tag == std::string_view::npos) return;
  const auto begin = page.find('>', tag);
  const auto end = find(kClose, tag);
  if (begin != std::string_view::npos && end != std::string_view::npos && begin < end)
    facts.add_raw(about_sender("page_title", kConfidence), page.substr(begin + 1, end - begin - 1));
}

// RFC 7617: name and password, not hidden but encoded.
bool is_basic(std::string_view credentials) {
  constexpr std::string_view kBasic = "Basic ";
  return message::equals_ignoring_case(credentials.substr(0, kBasic.size()), kBasic);
}

void collect_request(std::string_view head, std::uint32_t& memory, Collected& facts) {
  if (head.starts_with("HEAD ")) memory |= Memory::head_asked;
  if (head.starts_with("CONNECT ")) memory |= Memory::connect_asked;
  const auto agent = message::field(head, "User-Agent");
  facts.add_raw(about_sender("user_agent", kConfidence), agent);
  // What a proxy passes on was written by another.
  if (message::field(head, "Via").empty())
    software::collect(facts, about_sender("", kSystemConfidence), agent);
  const auto credentials = message::field(head, "Authorization");
  ntlmssp::collect_from_header(credentials, facts);
  if (is_basic(credentials)) facts.add(about_receiver("cleartext_login", kSeenConfidence), "HTTP");
  const auto host = message::field(head, "Host");
  const bool is_name = std::any_of(host.begin(), host.end(), [](char c) {
    return (c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z');
  });
  // Through a proxy the name is not the receiver's.
  const bool is_proxied = head.starts_with("CONNECT ") ||
                          message::start_line(head).find(" http://") != std::string_view::npos;
  if (is_name && !is_proxied)
    facts.add_raw(about_receiver("server_name", kConfidence - 10), host.substr(0, host.rfind(':')));
}

void collect_response(std::string_view head, std::string_view body, std::uint32_t& memory,
                      Collected& facts) {
  const auto server = message::field(head, "Server");
  facts.add_raw(about_sender("server_software", kConfidence), server);
  if (message::field(head, "Via").empty())
    software::collect(facts, about_sender("", kSystemConfidence), server);
  const auto challenge = message::field(head, "WWW-Authenticate");
  if (is_basic(challenge)) facts.add(about_sender("authentication", kConfidence), "HTTP Basic");
  ntlmssp::collect_from_header(challenge, facts);
  if (const auto realm = challenge.find("realm=\""); realm != std::string_view::npos) {
    const auto begin = realm + 7;
    facts.add_raw(about_sender("http_realm", kConfidence),
                  challenge.substr(begin, challenge.find('"', begin) - begin));
  }
  const unsigned status = status_of(head);
  if (status == 101 || ((memory & Memory::connect_asked) != 0 && status >= 200 && status < 300))
    memory |= Memory::tunnel;
  if (status >= 200) memory &= ~std::uint32_t{Memory::head_asked | Memory::connect_asked};
  const Content content = content_of(head);
  if (content != Content::other && is_chunked(head))
    memory |= Memory::page_awaited;
  else if (content == Content::page)
    collect_title(body, facts);
}

void dissect(Cursor in, const Context& context, Out& out) {
  const auto text = text_of(in);
  std::uint32_t& memory = *context.memory;
  const message::Kind kind = message::kind_of(text);
  Collected facts;
  if (kind == message::Kind::neither) {  // the chunk that begins a page or a document
    memory &= ~std::uint32_t{Memory::page_awaited};
    collect_title(text, facts);
    facts.say(out, in);
    in.skip(text.find('\n') + 1);
    out.carry(inside::kXml, 0, in);
    return;
  }
  const std::size_t head = message::head_length(text);
  in.skip(head == 0 ? in.left() + 1 : head);
  if (head > 0) {
    if (kind == message::Kind::request)
      collect_request(text.substr(0, head), memory, facts);
    else
      collect_response(text.substr(0, head), text.substr(head), memory, facts);
    out.say_direction(kind == message::Kind::request ? Role::request : Role::response, in);
  }
  facts.say(out, in);
  const bool has_body = head > 0 && text.size() > head;
  if (has_body && content_of(text.substr(0, head)) == Content::document)
    out.carry(inside::kXml, 0, in);
}

}  // namespace

extern constinit const Dissector kDissector{
    .name = "http",
    .title = "HTTP/1.x",
    .over = over::kTcp,
    .off_port = OffPort::strong,
    .ports = kPorts,
    .leads = kLeads,
    .functions = {},
    .facts =
        "user_agent server_software server_name http_realm page_title os os_build vendor "
        "authentication cleartext_login host_name fqdn workgroup dns_domain",
    .probe = probe,
    .frame = frame,
    .dissect = dissect,
};

}  // namespace osect::dissect::http
