// Build tool: turns SQL files into C++. docs/architecture.md: SQL lives in files and is embedded at
// build.
//   embed queries OUT_DIR FILE...     <table>.h per file, a constant per "-- name: x"; all.cpp
//   lists them all. "-- name: x binary" wants its results as bytes. "-- part: x" begins lines that
//   stand wherever "-- use: x key=value..." is, with each {key} replaced.
//   embed migrations OUT_DIR FILE...  migrations.cpp with every file in order, bootstrap.sql apart
//   embed rules OUT_DIR FILE...       files.cpp with every rule file (cloud/rules/rules.h)
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Query {
  std::string name;
  std::string sql;
  bool is_binary = false;
};

using Parts = std::map<std::string, std::string>;

std::string read_all(const std::filesystem::path& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

// Written only when it differs, so that an unchanged table does not rebuild who includes it.
void write_if_changed(const std::filesystem::path& path, const std::string& text) {
  if (std::filesystem::exists(path) && read_all(path) == text) return;
  std::ofstream(path) << text;
}

std::string raw_literal(const std::string& text) {
  // A compiler need not take a literal beyond 64 KiB; adjacent ones are joined.
  std::string out;
  for (std::size_t i = 0; i < text.size() || i == 0; i += 16000)
    out += "R\"~sql~(" + text.substr(i, 16000) + ")~sql~\"\n";
  return out;
}

std::string constant_name(const std::string& name) {
  std::string out = "k";
  bool upper = true;
  for (const char c : name) {
    if (c == '_') {
      upper = true;
    } else {
      out += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
      upper = false;
    }
  }
  return out;
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// "x key=value...": the lines of part x, indented like the line that uses it.
std::string used_part(const Parts& parts, const std::string& use, const std::string& indent) {
  std::istringstream words(use);
  std::string name;
  words >> name;
  const auto part = parts.find(name);
  if (part == parts.end()) throw std::runtime_error("there is no part " + name);
  std::string text;
  std::istringstream lines(part->second);
  for (std::string line; std::getline(lines, line);) text += indent + line + "\n";
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    replace_all(text, "{" + word.substr(0, equals) + "}", word.substr(equals + 1));
  }
  // Braces of an array literal hold no letter.
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1))
    if (std::isalpha(static_cast<unsigned char>(text[at + 1])) != 0)
      throw std::runtime_error("part " + name + " misses " + text.substr(at, 20));
  return text;
}

constexpr std::string_view kNameMark = "-- name: ";
constexpr std::string_view kPartMark = "-- part: ";
constexpr std::string_view kUseMark = "-- use: ";

void read_parts(const std::filesystem::path& path, Parts& parts) {
  std::istringstream in(read_all(path));
  std::string* text = nullptr;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(kPartMark))
      text = &parts[line.substr(kPartMark.size())];
    else if (line.starts_with(kNameMark))
      text = nullptr;
    else if (text != nullptr && !line.empty())
      *text += line + "\n";
  }
}

std::vector<Query> parse(const std::filesystem::path& path, const Parts& parts) {
  std::istringstream in(read_all(path));
  std::vector<Query> queries;
  bool is_in_query = false;
  for (std::string line; std::getline(in, line);) {
    const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
    if (line.starts_with(kNameMark)) {
      std::istringstream words(line.substr(kNameMark.size()));
      Query& query = queries.emplace_back();
      std::string form;
      words >> query.name >> form;
      query.is_binary = form == "binary";
      is_in_query = true;
    } else if (line.starts_with(kPartMark)) {
      is_in_query = false;
    } else if (is_in_query && line.compare(indent, kUseMark.size(), kUseMark) == 0) {
      queries.back().sql +=
          used_part(parts, line.substr(indent + kUseMark.size()), line.substr(0, indent));
    } else if (is_in_query) {
      queries.back().sql += line + "\n";
    }
  }
  for (Query& query : queries) {
    while (!query.sql.empty() && (std::isspace(static_cast<unsigned char>(query.sql.back())) != 0 ||
                                  query.sql.back() == ';'))
      query.sql.pop_back();
    if (query.sql.empty())
      throw std::runtime_error(path.string() + ": nothing under " + query.name);
  }
  return queries;
}

void embed_queries(const std::filesystem::path& out,
                   const std::vector<std::filesystem::path>& files) {
  std::set<std::string> names;
  Parts parts;
  for (const auto& file : files) read_parts(file, parts);
  std::string includes;
  std::string list;
  for (const auto& file : files) {
    std::string text = "// Generated from " + file.filename().string() +
                       ".\n#pragma once\n\n#include \"cloud/store/query.h\"\n\nnamespace "
                       "osect::store::query {\n\n";
    for (const Query& query : parse(file, parts)) {
      if (!names.insert(query.name).second)
        throw std::runtime_error(file.string() + ": a second query is named " + query.name);
      text += "inline constexpr Query " + constant_name(query.name) + "{\"" + query.name + "\", " +
              raw_literal(query.sql) + (query.is_binary ? ", true};\n\n" : "};\n\n");
      list += "    &query::" + constant_name(query.name) + ",\n";
    }
    text += "}  // namespace osect::store::query\n";
    const std::string stem = file.stem().string();
    write_if_changed(out / (stem + ".h"), text);
    includes += "#include \"cloud/store/queries/" + stem + ".h\"\n";
  }
  write_if_changed(
      out / "all.cpp",
      "// Generated: every query there is.\n" + includes +
          "\nnamespace osect::store {\n\nstd::span<const Query* const> all_queries() {\n"
          "  static constexpr const Query* kAll[] = {\n" +
          list + "  };\n  return kAll;\n}\n\n}  // namespace osect::store\n");
}

void embed_migrations(const std::filesystem::path& out,
                      const std::vector<std::filesystem::path>& files) {
  std::map<int, std::filesystem::path> ordered;
  std::string bootstrap;
  for (const auto& file : files) {
    if (file.stem() == "bootstrap") {
      bootstrap = raw_literal(read_all(file));
    } else if (!ordered.emplace(std::stoi(file.filename().string().substr(0, 4)), file).second) {
      throw std::runtime_error(file.string() + ": this number is taken");
    }
  }
  std::string text =
      "// Generated from the migrations.\n#include \"cloud/store/migrate.h\"\n\nnamespace "
      "osect::store {\n\n"
      "const char* bootstrap_sql() {\n  return " +
      bootstrap +
      ";\n}\n\n"
      "std::span<const Migration> all_migrations() {\n  static constexpr Migration kAll[] = {\n";
  for (const auto& [number, file] : ordered)
    text += "    {" + std::to_string(number) + ", \"" + file.stem().string() + "\", " +
            raw_literal(read_all(file)) + "},\n";
  write_if_changed(out / "migrations.cpp",
                   text + "  };\n  return kAll;\n}\n\n}  // namespace osect::store\n");
}

void embed_rules(const std::filesystem::path& out,
                 const std::vector<std::filesystem::path>& files) {
  std::string text =
      "// Generated from the rule files.\n#include \"cloud/rules/rules.h\"\n\nnamespace "
      "osect::rules {\n\n"
      "std::span<const detect::RuleFile> files() {\n"
      "  static constexpr detect::RuleFile kAll[] = {\n";
  for (const auto& file : files)
    text += "    {\"" + file.filename().string() + "\", " + raw_literal(read_all(file)) + "},\n";
  write_if_changed(out / "files.cpp",
                   text + "  };\n  return kAll;\n}\n\n}  // namespace osect::rules\n");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() < 3)
      throw std::runtime_error("usage: embed queries|migrations|rules OUT_DIR FILE...");
    const std::vector<std::filesystem::path> files(arguments.begin() + 2, arguments.end());
    std::filesystem::create_directories(arguments[1]);
    if (arguments[0] == "queries") embed_queries(arguments[1], files);
    if (arguments[0] == "migrations") embed_migrations(arguments[1], files);
    if (arguments[0] == "rules") embed_rules(arguments[1], files);
    return 0;
  } catch (const std::exception& failure) {
    std::cerr << "embed: " << failure.what() << '\n';
    return 1;
  }
}
