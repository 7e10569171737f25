// Reads a TOML configuration file into the fields of a struct; says file, line and allowed values
// for what is wrong.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace osect {

// One program's configuration file. Bind every known key to a field that already holds its default,
// then read:
//   ConfigFile file; file.bind("spool.directory", config.spool_directory); auto ok =
//   file.read(path);
// Keys are "table.key". A key that is not bound, a value of the wrong type and a value out of range
// are refused with file, line, and what is allowed. Used on the main thread before any other
// starts.
class ConfigFile {
 public:
  void bind(std::string key, std::string& field) { fields_.emplace(std::move(key), &field); }
  void bind(std::string key, bool& field) { fields_.emplace(std::move(key), &field); }
  void bind(std::string key, std::vector<std::string>& field) {
    fields_.emplace(std::move(key), &field);
  }
  // An integer within [least, most].
  void bind(std::string key, std::int64_t& field, std::int64_t least, std::int64_t most) {
    fields_.emplace(std::move(key), Number{&field, least, most});
  }
  // One of a closed set of words.
  void bind(std::string key, std::string& field, std::vector<std::string> allowed) {
    fields_.emplace(std::move(key), Word{&field, std::move(allowed)});
  }

  Result<> read(const std::string& path) const;
  Result<> read_text(std::string_view text, const std::string& path) const;

 private:
  struct Number {
    std::int64_t* field;
    std::int64_t least;
    std::int64_t most;
  };
  struct Word {
    std::string* field;
    std::vector<std::string> allowed;
  };
  using Field = std::variant<std::string*, bool*, std::vector<std::string>*, Number, Word>;

  std::map<std::string, Field, std::less<>> fields_;
};

}  // namespace osect
