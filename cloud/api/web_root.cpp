// Static files with precompressed variants, validators and cache rules. RFC 9110 (ETag,
// If-None-Match), RFC 8246.
#include "cloud/api/web_root.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "cloud/api/problem.h"
#include "cloud/api/query_string.h"

namespace osect::api {
namespace {

struct Found {
  std::shared_ptr<OpenFile> file;
  std::string etag;
};

std::optional<Found> open_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    return std::nullopt;
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  return Found{
      std::make_shared<OpenFile>(descriptor, size),
      fmt::format("\"{:x}-{:x}-{:x}\"", size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec)};
}

// No segment may begin with a dot: neither the way up nor hidden files.
bool is_safe(std::string_view path) {
  return path.starts_with('/') && path.find("/.") == path.npos && path.find('\\') == path.npos;
}

std::string_view extension(std::string_view path) {
  const auto dot = path.rfind('.');
  return dot == path.npos || path.find('/', dot) != path.npos ? std::string_view()
                                                              : path.substr(dot + 1);
}

std::string_view media_type(std::string_view path) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kTypes{{
      {"html", "text/html; charset=utf-8"},
      {"js", "text/javascript; charset=utf-8"},
      {"mjs", "text/javascript; charset=utf-8"},
      {"css", "text/css; charset=utf-8"},
      {"json", "application/json"},
      {"map", "application/json"},
      {"webmanifest", "application/manifest+json"},
      {"svg", "image/svg+xml"},
      {"png", "image/png"},
      {"jpg", "image/jpeg"},
      {"webp", "image/webp"},
      {"ico", "image/x-icon"},
      {"woff2", "font/woff2"},
      {"wasm", "application/wasm"},
      {"txt", "text/plain; charset=utf-8"},
  }};
  for (const auto& [name, type] : kTypes)
    if (name == extension(path)) return type;
  return "application/octet-stream";
}

// Whether Accept-Encoding takes the coding: named, and not with q=0. RFC 9110 12.5.3.
bool accepts(std::string_view header, std::string_view coding) {
  while (!header.empty()) {
    std::string_view item = header.substr(0, header.find(','));
    header.remove_prefix(std::min(item.size() + 1, header.size()));
    while (item.starts_with(' ')) item.remove_prefix(1);
    const std::string_view name = item.substr(0, item.find_first_of("; "));
    if (name != coding) continue;
    const auto q = item.find("q=0");
    return q == item.npos || item.find_first_of("123456789", q) != item.npos;
  }
  return false;
}

}  // namespace

Response WebRoot::serve(const Request& request) const {
  if (request.method != "GET" && request.method != "HEAD") {
    Response out = Problem(405, "method-not-allowed", "Files can only be read.").response();
    return std::move(out.with("Allow", "GET, HEAD"));
  }
  const auto decoded = percent_decode(request.path, false);
  if (!decoded || !is_safe(*decoded)) return not_found().response();
  std::string path = *decoded == "/" ? "/index.html" : *decoded;
  if (!open_file(directory_ + path)) {
    if (!extension(path).empty()) return not_found().response();
    path = "/index.html";
  }
  std::optional<Found> found;
  std::string_view coding;
  const std::string_view accepted = request.header("accept-encoding");
  for (const auto& [name, suffix] :
       {std::pair<std::string_view, const char*>{"br", ".br"}, {"gzip", ".gz"}}) {
    if (found || !accepts(accepted, name)) continue;
    found = open_file(directory_ + path + suffix);
    coding = name;
  }
  if (!found) {
    found = open_file(directory_ + path);
    coding = {};
  }
  if (!found) return not_found().response();

  Response out;
  const bool is_hashed = path.starts_with("/assets/");
  out.with("Cache-Control", is_hashed ? "public, max-age=31536000, immutable" : "no-cache");
  out.with("ETag", found->etag).with("Vary", "Accept-Encoding");
  if (request.header("if-none-match").find(found->etag) != std::string_view::npos) {
    out.status = 304;
    return out;
  }
  out.with("Content-Type", std::string(media_type(path)));
  if (!coding.empty()) out.with("Content-Encoding", std::string(coding));
  out.file = std::move(found->file);
  return out;
}

void add_security_headers(const Request& request, Response& response) {
  const bool is_api = request.path.starts_with("/api/");
  response.with("Content-Security-Policy",
                is_api ? "default-src 'none'; frame-ancestors 'none'"
                       : "default-src 'none'; script-src 'self'; style-src 'self'; "
                         "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
                         "worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
                         "form-action 'self'; frame-ancestors 'none'");
  response.with("X-Content-Type-Options", "nosniff")
      .with("Referrer-Policy", "no-referrer")
      .with("Cross-Origin-Opener-Policy", "same-origin")
      .with("Cross-Origin-Resource-Policy", "same-origin")
      .with("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
  if (is_api) response.with("Cache-Control", "no-store");
  if (request.is_tls) response.with("Strict-Transport-Security", "max-age=63072000");
}

}  // namespace osect::api
