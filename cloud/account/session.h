// Who is asking: sessions by a random cookie of which only the hash is kept. OWASP ASVS 5.0, V7.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "cloud/store/pool.h"

namespace osect::account {

// Rising; none: not a member.
enum class Role : std::uint8_t { none, viewer, operator_, analyst, admin };

[[nodiscard]] Role role_of(std::string_view name);  // none for an unknown name

struct Account {
  std::int64_t id = 0;
  std::string login;
  std::string display_name;
  std::string locale;
  std::string theme;
  TimeNs created_at = 0;
};

// Where in an organization a person may do something.
struct Reach {
  bool is_member = false;           // in some role, at some site
  bool is_everywhere = false;       // at every site, and for what belongs to none
  std::vector<std::int64_t> sites;  // where not everywhere

  [[nodiscard]] bool is_nowhere() const { return !is_everywhere && sites.empty(); }
  [[nodiscard]] bool has_site(std::int64_t site) const;
  // As query session_see_sites wants it.
  [[nodiscard]] std::string setting() const;
};

struct Session {
  std::string token_hash;
  std::string csrf_token;
  TimeNs expires_at = 0;
  Account account;
  Reach reach;  // in the organization that was asked about
};

struct Membership {
  std::int64_t organization = 0;
  std::string name;
  std::string kind;
  std::string role;            // the strongest one
  bool is_everywhere = false;  // it holds at every site
};

// The session of a cookie, unless it has ended: 12 hours without a request, 7 days, signed out,
// user disabled. The transaction's scope is the organization asked about (0: none). `needed` is the
// lowest role that is enough for what is asked.
[[nodiscard]] std::optional<Session> find_session(store::Transaction& transaction,
                                                  std::string_view token, std::int64_t organization,
                                                  Role needed);

// Starts a session and returns its token, which is not kept.
[[nodiscard]] std::string start_session(store::Transaction& transaction, std::int64_t user,
                                        const std::string& address);

// In a scope that names the user.
[[nodiscard]] std::vector<Membership> memberships(store::Transaction& transaction);

}  // namespace osect::account
