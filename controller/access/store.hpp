// SPDX-License-Identifier: Apache-2.0
// access.db: who has an account, which tablets are enrolled, what the access log has yet to be told. A file
// of its own beside the journal, for its owner alone; the running room and the command line use it at the
// same time. Passwords, tokens and codes are kept hashed only; the authenticator's secret must be readable.
// One thread at a time. All throw journal::SqlError or std::system_error.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/journal/sqlite.hpp"
#include "controller/room/actor.hpp"

namespace rytme::access {

struct User {
  std::string id;    // "user-K7FW": what the record calls the account
  std::string name;  // what is typed at log-in; one account each, capitals or not
  Role role{};
  std::string password;      // PHC string
  std::string totp;          // the authenticator's secret, bytes
  std::int64_t totp_step{};  // of the last code that was used
  std::int64_t epoch{};      // another one ends all sessions begun before
  bool disabled{};
  std::int64_t created_s{};  // Unix time
};

struct Tablet {
  std::string id;            // "tablet-K7FW"
  std::string token_digest;  // 32 bytes
  std::int64_t enrolled_s{};
  std::string by;  // who made its code
};

// Something the access log shall be told: what was done, and by whom.
struct Change {
  std::int64_t seq{};
  std::string what, by;
};

class Store {
 public:
  // Makes the file when there is none, with mode 0600 and the owner of its folder.
  explicit Store(const std::filesystem::path& file);

  std::vector<User> users();
  std::optional<User> user_named(std::string_view name);
  // The account's id; nullopt: the name is taken.
  std::optional<std::string> add_user(const User& user, std::string_view by);
  // Each of these ends the account's sessions. False: nobody has that name.
  bool set_password(std::string_view name, std::string_view hash, std::string_view by);
  bool set_totp(std::string_view name, std::string_view secret, std::string_view by);
  bool set_disabled(std::string_view name, bool disabled, std::string_view by);
  // False: a code of that step or a later one was used meanwhile.
  bool use_totp_step(std::string_view id, std::int64_t step);

  std::vector<Tablet> tablets();
  // Keeps the code's digest until then; all other open codes end with it.
  void offer_enrolment(std::string_view code_digest, std::int64_t until_s, std::string_view by);
  // The new tablet's id; nullopt: there is no such code, or it is too old.
  std::optional<std::string> enrol(std::string_view code_digest, std::string_view token_digest,
                                   std::int64_t now_s);
  bool revoke(std::string_view tablet, std::string_view by);  // false: there is no such tablet

  std::vector<Change> changes();  // oldest first
  void told(std::int64_t seq);    // up to and with this one
  std::int64_t version();         // another number after a change by somebody else

 private:
  void note(std::string_view what, std::string_view by);
  bool changed_user(std::string_view sql, std::string_view name, std::string_view value,
                    std::string_view what, std::string_view by);
  std::string free_id(std::string_view kind);

  journal::Connection connection_;
};

// `folder`/access.db
std::filesystem::path store_file(const std::filesystem::path& folder);

}  // namespace rytme::access
