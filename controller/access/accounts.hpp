// SPDX-License-Identifier: Apache-2.0
// Who somebody is, and how they become it: log-in, log-out, first account, enrolment of tablets. What is
// asked with every request is answered from memory; passwords and the file are the worker's, and their
// answers come later. Logic thread, but for what says otherwise.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/access/login_limit.hpp"
#include "controller/access/sessions.hpp"
#include "controller/access/store.hpp"
#include "controller/access/worker.hpp"
#include "controller/room/actor.hpp"
#include "controller/room/time.hpp"

namespace rytme::access {

struct Attempt {
  std::string name, password, code, address;
};

// What became of an attempt. `wait`: how long until the next one is looked at (wait), or a hint (busy).
struct Outcome {
  enum class What : std::uint8_t { ok, wrong, wait, busy, taken, broken } what{};
  std::chrono::seconds wait{};
  Actor actor{};         // ok: who it is; wrong: whose account it is, or "unknown"
  std::string token;     // of the session, or of the tablet
  std::string secret;    // first account: the authenticator's, bytes; offer_enrolment: the code
  std::int64_t epoch{};  // of the account
};
using Done = std::function<void(const Outcome&)>;

struct TabletRow {
  std::string id, by;
  std::int64_t enrolled_s{};
};

class Accounts {
 public:
  struct Port {
    // Runs it on the logic thread; called on the worker's. What comes after the end of the logic is dropped.
    std::function<void(std::function<void()>)> post;
    // Something for the access log that was done to accounts or tablets, here or by the command line.
    std::function<void(const Change&)> tell;
  };

  // Opens the file; throws journal::SqlError or std::system_error. `sessions`: of who was logged in before
  // the room started anew in the same process; those that are over by now are left out.
  Accounts(const std::filesystem::path& file, Port port, Sessions sessions = {});
  ~Accounts();
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;

  // nullopt: no such session, or it is over. `active`: a person did something, which keeps it from ending.
  std::optional<Actor> user(std::string_view session, Instant now, bool active);
  std::optional<Actor> tablet(std::string_view token) const;

  // Looked at on the worker, unless it is too soon (wait) or too many wait (busy).
  void log_in(const Attempt& attempt, Now now, const Done& done);
  bool log_out(std::string_view session);

  // Makes the code for the first account, valid for an hour; "" when there are accounts.
  std::string first_code(Instant now);
  // `attempt.code` is that code; ok: the account is a maintainer's, `secret` is for its authenticator.
  void make_first(const Attempt& attempt, Now now, const Done& done);

  // A code for one tablet, for ten minutes: `secret`.
  void offer_enrolment(const Actor& by, Now now, const Done& done);
  // `attempt.code` is that code; ok: `token` is the tablet's for good.
  void enrol(const Attempt& attempt, Now now, const Done& done);
  void revoke(const std::string& tablet, const Actor& by, const Done& done);  // wrong: no such tablet
  std::vector<TabletRow> tablets() const;

  // All that are logged in, to be handed on; nobody is here any more.
  Sessions hand_over() { return std::exchange(sessions_, {}); }
  std::size_t sessions() const { return sessions_.count(); }
  std::uint64_t failures() const { return failures_; }  // wrong attempts since the start

 private:
  struct Known {
    Role role{};
    std::int64_t epoch{};
    bool disabled{};
  };
  struct Snapshot {
    std::map<std::string, Known> users;  // by id
    std::vector<Tablet> tablets;
  };
  using Job = std::function<Outcome(Store&)>;

  static Snapshot read(Store& store);
  void take(Snapshot snapshot);
  void work(Job job, const Done& done);
  void tried(const Attempt& attempt, Job job, Instant now, const Done& done);
  bool too_soon(const Attempt& attempt, Instant now, const Done& done) const;
  void look(bool at_once);  // worker
  void tell(const std::vector<Change>& changes);

  Port port_;
  Sessions sessions_;
  LoginLimit limit_;
  Snapshot known_;
  std::string first_digest_;
  Instant first_until_{};
  std::uint64_t failures_{};
  std::int64_t told_{};            // the last change that the access log has
  std::shared_ptr<Store> store_;   // the worker's, once it runs
  std::int64_t seen_version_{-1};  // the worker's
  std::shared_ptr<bool> alive_{std::make_shared<bool>(true)};
  std::unique_ptr<Worker> worker_;
};

// What a log-in name may be: 1 to 32 of a-z A-Z 0-9 . _ -
bool is_account_name(std::string_view name);

}  // namespace rytme::access
