// What a query returned. Views into it live as long as the Rows.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

struct pg_result;

namespace osect::store {

// One row; columns by position, in the order the query names them. A getter on a null column is a
// defect in the caller (assert) unless it returns an optional. Times are what PostgreSQL prints
// with datestyle ISO, zone UTC. Of a query with binary results: bigint, text, boolean, times and
// bytes.
class Row {
 public:
  Row(const pg_result* result, int row) : result_(result), row_(row) {}

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] bool boolean(int column) const;
  [[nodiscard]] TimeNs time(int column) const;
  [[nodiscard]] std::string bytes(int column) const;
  [[nodiscard]] std::vector<std::int64_t> integers(int column) const;  // bigint[]
  [[nodiscard]] std::vector<std::string> texts(int column) const;      // text[], macaddr[], inet[]

  [[nodiscard]] std::optional<std::int64_t> try_integer(int column) const;
  [[nodiscard]] std::optional<std::string> try_text(int column) const;
  [[nodiscard]] std::optional<TimeNs> try_time(int column) const;

 private:
  const pg_result* result_;
  int row_;
};

// Movable owner of a result. Also says how many rows a command touched.
class Rows {
 public:
  explicit Rows(pg_result* result);

  class Iterator {
   public:
    Iterator(const pg_result* result, int row) : result_(result), row_(row) {}
    Row operator*() const { return {result_, row_}; }
    Iterator& operator++() {
      ++row_;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const pg_result* result_;
    int row_;
  };

  [[nodiscard]] Iterator begin() const { return {result_.get(), 0}; }
  [[nodiscard]] Iterator end() const { return {result_.get(), static_cast<int>(size())}; }
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] Row operator[](std::size_t row) const {
    return {result_.get(), static_cast<int>(row)};
  }
  [[nodiscard]] std::int64_t affected() const;
  [[nodiscard]] std::string_view column_name(int column) const;
  [[nodiscard]] int column_count() const;

 private:
  struct Clear {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, Clear> result_;
};

}  // namespace osect::store
