// SPDX-License-Identifier: Apache-2.0
#include "controller/access/accounts.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "controller/access/password.hpp"
#include "controller/access/secret.hpp"
#include "controller/access/totp.hpp"

namespace rytme::access {
namespace {

using What = Outcome::What;

constexpr std::size_t first_code_length = 16;  // 65 bits
constexpr std::chrono::hours first_code_lives{1};
constexpr std::size_t enrolment_code_length = 8;  // 32 bits, for ten minutes, behind the limit
constexpr std::int64_t enrolment_lives_s = 600;
constexpr std::chrono::seconds busy_hint{2};
const Actor nobody{ActorKind::user, Role::staff, "unknown"};
constexpr std::string_view first_name = "(first account)", tablet_name = "(tablet)";

std::int64_t unix_s(Now now) {
  return std::chrono::floor<std::chrono::seconds>(now.wall).time_since_epoch().count();
}

Outcome outcome(What what, Actor actor = nobody) {
  Outcome out;
  out.what = what;
  out.actor = std::move(actor);
  return out;
}

// Every way to be wrong costs the same hash and says the same.
Outcome judged(Store& store, const Attempt& attempt, std::int64_t at_s) {
  const auto user = store.user_named(attempt.name);
  if (!user) {
    spend_the_time_of_a_hash(attempt.password);
    return outcome(What::wrong);
  }
  const Actor actor{ActorKind::user, user->role, user->id};
  const bool right = fits(user->password, attempt.password);
  const auto step = totp_step(user->totp, as_made(attempt.code), at_s, user->totp_step);
  if (!right || user->disabled || !step || !store.use_totp_step(user->id, *step))
    return outcome(What::wrong, actor);
  Outcome out = outcome(What::ok, actor);
  out.epoch = user->epoch;
  return out;
}

}  // namespace

bool is_account_name(std::string_view name) {
  return !name.empty() && name.size() <= 32 && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
  });
}

Accounts::Accounts(const std::filesystem::path& file, Port port, Sessions sessions)
    : port_(std::move(port)), sessions_(std::move(sessions)), store_(std::make_shared<Store>(file)) {
  take(read(*store_));
  worker_ = std::make_unique<Worker>([this] { look(false); });
  // The hash of nobody is made before the first wrong name asks for it, and the room does not wait for it.
  worker_->put([] { spend_the_time_of_a_hash(""); });
}

Accounts::~Accounts() {
  *alive_ = false;
  worker_.reset();
}

Accounts::Snapshot Accounts::read(Store& store) {
  Snapshot out;
  for (const User& user : store.users()) out.users[user.id] = {user.role, user.epoch, user.disabled};
  out.tablets = store.tablets();
  return out;
}

// Sessions of who was disabled, or has another password or authenticator, are over.
void Accounts::take(Snapshot snapshot) {
  known_ = std::move(snapshot);
  sessions_.end_where([this](const Login& login) {
    const auto user = known_.users.find(login.user);
    return user == known_.users.end() || user->second.disabled || user->second.epoch != login.epoch;
  });
}

std::optional<Actor> Accounts::user(std::string_view session, Instant now, bool active) {
  const auto login = sessions_.find(session, now, active);
  if (!login) return std::nullopt;
  return Actor{ActorKind::user, login->role, login->user};
}

std::optional<Actor> Accounts::tablet(std::string_view token) const {
  const std::string sent = digest(token);
  std::optional<Actor> actor;
  for (const Tablet& tablet : known_.tablets)
    if (same_digest(sent, tablet.token_digest)) actor = {ActorKind::tablet, Role::staff, tablet.id};
  return actor;
}

// The file is looked at after every job, so that what it changed is known before its answer is given.
void Accounts::work(Job job, const Done& done) {
  const auto run = [this, job = std::move(job), done] {
    Outcome result = outcome(What::broken);
    try {
      result = job(*store_);
    } catch (const std::exception&) {
      // the disk or the memory; said as `broken`
    }
    look(true);
    port_.post([alive = alive_, done, result = std::move(result)] {
      if (*alive) done(result);
    });
  };
  if (worker_->put(run)) return;
  Outcome busy = outcome(What::busy);
  busy.wait = busy_hint;
  done(busy);
}

void Accounts::look(bool at_once) {
  try {
    const std::int64_t version = store_->version();
    std::vector<Change> changes = store_->changes();
    if (!at_once && version == seen_version_ && changes.empty()) return;
    seen_version_ = version;
    port_.post([this, alive = alive_, snapshot = read(*store_), changes = std::move(changes)]() mutable {
      if (!*alive) return;
      take(std::move(snapshot));
      tell(changes);
    });
  } catch (const std::exception&) {
    seen_version_ = -1;  // the file is locked or the disk gone: what is known stays, and it is tried again
  }
}

void Accounts::tell(const std::vector<Change>& changes) {
  const std::int64_t before = told_;
  for (const Change& change : changes) {
    if (change.seq <= told_) continue;  // it is still there because nobody had the time to remove it
    port_.tell(change);
    told_ = change.seq;
  }
  if (told_ > before)
    worker_->put([store = store_, told = told_] {
      try {
        store->told(told);
      } catch (const std::exception&) {
        // told twice rather than never
      }
    });
}

bool Accounts::too_soon(const Attempt& attempt, Instant now, const Done& done) const {
  const auto left = limit_.wait(attempt.name, attempt.address, now);
  if (left.count() == 0) return false;
  Outcome out = outcome(What::wait);
  out.wait = left;
  done(out);
  return true;
}

void Accounts::tried(const Attempt& attempt, Job job, Instant now, const Done& done) {
  limit_.begun(attempt.name, attempt.address, now);
  work(std::move(job), [this, name = attempt.name, address = attempt.address, done](const Outcome& result) {
    if (result.what == What::wrong) ++failures_;
    if (result.what == What::busy || result.what == What::broken) limit_.take_back(name, address);
    if (result.what == What::ok) limit_.succeeded(name, address);
    done(result);
  });
}

void Accounts::log_in(const Attempt& attempt, Now now, const Done& done) {
  if (too_soon(attempt, now.steady, done)) return;
  tried(
      attempt, [attempt, at_s = unix_s(now)](Store& store) { return judged(store, attempt, at_s); },
      now.steady,
      [this, begun = now.steady, done](Outcome result) {
        if (result.what == What::ok)
          result.token = sessions_.begin({result.actor.id, result.actor.role, result.epoch}, begun);
        done(result);
      });
}

bool Accounts::log_out(std::string_view session) { return sessions_.end(session); }

std::string Accounts::first_code(Instant now) {
  if (!known_.users.empty()) return "";
  std::string code = random_code(first_code_length);
  first_digest_ = digest(code);
  first_until_ = now + first_code_lives;
  return code;
}

void Accounts::make_first(const Attempt& attempt, Now now, const Done& done) {
  const Attempt limited{std::string(first_name), "", "", attempt.address};
  if (too_soon(limited, now.steady, done)) return;
  const bool right = now.steady < first_until_ && known_.users.empty() &&
                     same_digest(digest(as_made(attempt.code)), first_digest_);
  if (!right) {
    limit_.begun(limited.name, limited.address, now.steady);
    ++failures_;
    return done(outcome(What::wrong));
  }
  work(
      [attempt, at_s = unix_s(now)](Store& store) {
        if (!store.users().empty()) return outcome(What::wrong);
        User user;
        user.name = attempt.name;
        user.role = Role::maintainer;
        user.password = hash_password(attempt.password);
        user.totp = new_totp_secret();
        user.created_s = at_s;
        const auto id = store.add_user(user, "first start");
        if (!id) return outcome(What::taken);
        Outcome made = outcome(What::ok, {ActorKind::user, user.role, *id});
        made.secret = user.totp;
        return made;
      },
      [this, done](const Outcome& result) {
        if (result.what == What::ok) first_digest_.clear();
        done(result);
      });
}

void Accounts::offer_enrolment(const Actor& by, Now now, const Done& done) {
  work(
      [by = by.id, until = unix_s(now) + enrolment_lives_s](Store& store) {
        Outcome made = outcome(What::ok);
        made.secret = random_code(enrolment_code_length);
        store.offer_enrolment(digest(made.secret), until, by);
        return made;
      },
      done);
}

void Accounts::enrol(const Attempt& attempt, Now now, const Done& done) {
  const Attempt limited{std::string(tablet_name), "", "", attempt.address};
  if (too_soon(limited, now.steady, done)) return;
  tried(
      limited,
      [code = as_made(attempt.code), at_s = unix_s(now)](Store& store) {
        const std::string token = random_token();
        const auto id = store.enrol(digest(code), digest(token), at_s);
        if (!id) return outcome(What::wrong);
        Outcome made = outcome(What::ok, {ActorKind::tablet, Role::staff, *id});
        made.token = token;
        return made;
      },
      now.steady, done);
}

void Accounts::revoke(const std::string& tablet, const Actor& by, const Done& done) {
  work([tablet,
        by = by.id](Store& store) { return outcome(store.revoke(tablet, by) ? What::ok : What::wrong); },
       done);
}

std::vector<TabletRow> Accounts::tablets() const {
  std::vector<TabletRow> rows;
  for (const Tablet& tablet : known_.tablets) rows.push_back({tablet.id, tablet.by, tablet.enrolled_s});
  return rows;
}

}  // namespace rytme::access
