// Static files: what a browser needs to cache rightly, and what must never leave the folder.
#include "cloud/api/web_root.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace osect::api {
namespace {

class WebRootTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "osect-web-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    std::filesystem::create_directories(directory_ / "web/assets");
    std::filesystem::create_directories(directory_ / "web/.vite");
    write("web/index.html", "<!doctype html>");
    write("web/assets/app-1a2b.js", "script");
    write("web/assets/app-1a2b.js.br", "small");
    write("web/.vite/manifest.json", "{}");
    write("secret.txt", "secret");
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ / name) << text;
  }
  Response get(const std::string& path,
               std::vector<std::pair<std::string, std::string>> headers = {}) const {
    Request request;
    request.method = "GET";
    request.path = path;
    request.headers = std::move(headers);
    return WebRoot((directory_ / "web").string()).serve(request);
  }
  static std::string header(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
      if (key == name) return value;
    return {};
  }

  std::filesystem::path directory_;
};

TEST_F(WebRootTest, hashed_assets_never_change_and_pages_are_revalidated) {
  EXPECT_EQ(header(get("/assets/app-1a2b.js"), "Cache-Control"),
            "public, max-age=31536000, immutable");
  const Response page = get("/");
  EXPECT_EQ(header(page, "Cache-Control"), "no-cache");
  EXPECT_EQ(header(page, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(get("/", {{"if-none-match", header(page, "ETag")}}).status, 304);
}

TEST_F(WebRootTest, the_uis_own_paths_open_the_ui_but_missing_files_are_missing) {
  EXPECT_EQ(get("/devices/12").file->size(), std::string("<!doctype html>").size());
  EXPECT_EQ(get("/assets/gone-ffff.js").status, 404);
}

TEST_F(WebRootTest, sends_the_compressed_file_only_to_who_takes_it) {
  EXPECT_EQ(
      header(get("/assets/app-1a2b.js", {{"accept-encoding", "gzip, br"}}), "Content-Encoding"),
      "br");
  EXPECT_EQ(
      header(get("/assets/app-1a2b.js", {{"accept-encoding", "br;q=0, gzip"}}), "Content-Encoding"),
      "");
  EXPECT_EQ(header(get("/assets/app-1a2b.js"), "Vary"), "Accept-Encoding");
}

TEST_F(WebRootTest, nothing_outside_and_nothing_hidden_is_served) {
  for (const char* path : {"/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt",
                           "/..%2fsecret.txt", "/.vite/manifest.json", "/assets/%00", "/a\\b.txt"})
    EXPECT_EQ(get(path).status, 404) << path;
}

}  // namespace
}  // namespace osect::api
