// What an operation that depends on the world (disk, network, database, peer) returns;
// docs/architecture.md, three kinds of wrong.
#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace osect {

// A failure of the world in words that a person can act on. Context is added on the way up,
// outermost first.
struct Error {
  Error() = default;
  explicit Error(std::string text) : message(std::move(text)) {}

  // "uplink: cannot read the certificate: ..." from "cannot read the certificate: ...".
  [[nodiscard]] Error within(std::string_view context) const {
    return Error(std::string(context) + ": " + message);
  }

  std::string message;
};

// Thrown only by Result::value() on a failed result: a defect in the caller, who should have
// looked.
[[noreturn]] inline void throw_exception_from_error(const Error& error,
                                                    const boost::source_location& where) {
  throw std::logic_error(std::string(where.file_name()) + ": unchecked failure: " + error.message);
}

// A value or an Error; ignoring one is a compile error.
template <typename T = void>
class [[nodiscard]] Result : public boost::system::result<T, Error> {
 public:
  using boost::system::result<T, Error>::result;
};

}  // namespace osect
