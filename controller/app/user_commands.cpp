// SPDX-License-Identifier: Apache-2.0
#include "controller/app/user_commands.hpp"

#include <array>
#include <ctime>
#include <ostream>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <sodium.h>

#include "controller/access/accounts.hpp"
#include "controller/access/password.hpp"
#include "controller/access/secret.hpp"
#include "controller/access/store.hpp"
#include "controller/access/totp.hpp"
#include "controller/app/clock.hpp"
#include "controller/app/guarded.hpp"

namespace rytme::app {
namespace {

namespace json = boost::json;

constexpr int done = 0, no = 1;
constexpr const char* by = "shell";
constexpr std::size_t tablet_code_length = 8;
constexpr std::int64_t tablet_code_lives_s = 600;

std::string moment(std::int64_t at_s) {
  const std::time_t at = at_s;
  std::tm parts{};
  std::array<char, 32> text{};
  ::gmtime_r(&at, &parts);
  return {text.data(), std::strftime(text.data(), text.size(), "%FT%TZ", &parts)};
}

access::Store store_of(const std::filesystem::path& data) {
  if (sodium_init() < 0) throw std::runtime_error("no random numbers on this machine");
  std::filesystem::create_directories(data);
  return access::Store(access::store_file(data));
}

int refuse(Dialogue& with, const std::string& why) {
  with.err() << "rytme: " << why << '\n';
  return no;
}

// nullopt after it has said why there is none.
std::optional<std::string> new_password(const std::string& name, Dialogue& with) {
  for (;;) {
    auto password = with.ask("Password", true);
    if (!password) {
      refuse(with, "there is no password");
      return std::nullopt;
    }
    const auto fault = access::fault_of(*password, name);
    const bool same =
        !with.is_person() || fault != access::PasswordFault::none || with.ask("Again", true) == password;
    if (fault == access::PasswordFault::none && same) return password;
    refuse(with, same ? std::string(access::sentence_of(fault)) : "They differ.");
    if (!with.is_person()) return std::nullopt;
  }
}

// Shown until a code proves that the authenticator has it; by a program it is only shown. False: it has not.
bool hand_over(const UserRequest& request, const std::string& secret, Dialogue& with) {
  const std::string uri = access::otpauth_uri(secret, "Rytme", request.name);
  if (request.json) {
    with.out() << json::serialize(json::object{{"name", request.name}, {"otpauth", uri}}) << '\n';
    return true;
  }
  with.out() << "For the authenticator:\n  " << uri << "\n  key " << access::base32(secret) << '\n'
             << std::flush;
  for (int tries = 0; with.is_person() && tries < 3; ++tries) {
    const auto code = with.ask("Its code now", false);
    if (!code) return false;
    if (access::totp_step(secret, access::as_made(*code), unix_s(now().wall), 0)) return true;
    with.err() << "This is not its code; are both clocks right?\n";
  }
  return !with.is_person();
}

int switched(const UserRequest& request, Dialogue& with, bool disabled) {
  return guarded(with.err(), [&] {
    if (!store_of(request.data).set_disabled(request.name, disabled, by))
      return refuse(with, "there is no account " + request.name);
    with.out() << (disabled ? "disabled\n" : "enabled\n");
    return done;
  });
}

}  // namespace

int user_add(const UserRequest& request, Dialogue& with) {
  return guarded(with.err(), [&] {
    if (!access::is_account_name(request.name)) return refuse(with, "a name is 1 to 32 of a-z A-Z 0-9 . _ -");
    access::Store store = store_of(request.data);
    if (store.user_named(request.name)) return refuse(with, "there is an account " + request.name);
    const auto password = new_password(request.name, with);
    if (!password) return no;
    access::User user;
    user.name = request.name;
    user.role = role_from(request.role).value_or(Role::staff);
    user.password = access::hash_password(*password);
    user.totp = access::new_totp_secret();
    user.created_s = unix_s(now().wall);
    if (!hand_over(request, user.totp, with)) return refuse(with, "no account was made");
    const auto id = store.add_user(user, by);
    if (!id) return refuse(with, "there is an account " + request.name);
    if (!request.json) with.out() << "made: " << request.name << ", in the record " << *id << '\n';
    return done;
  });
}

int user_list(const UserRequest& request, Dialogue& with) {
  return guarded(with.err(), [&] {
    json::array all;
    std::string table =
        fmt::format("{:<32}  {:<12}  {:<9}  {:<8}  {}\n", "name", "role", "in record", "state", "since");
    for (const access::User& user : store_of(request.data).users()) {
      const std::string_view state = user.disabled ? "disabled" : "enabled";
      const std::string since = moment(user.created_s);
      all.push_back(json::object{{"name", user.name},
                                 {"role", std::string(name_of(user.role))},
                                 {"id", user.id},
                                 {"disabled", user.disabled},
                                 {"created", since}});
      table += fmt::format("{:<32}  {:<12}  {:<9}  {:<8}  {}\n", user.name, name_of(user.role), user.id,
                           state, since);
    }
    with.out() << (request.json ? json::serialize(all) + "\n" : table);
    return done;
  });
}

int user_passwd(const UserRequest& request, Dialogue& with) {
  return guarded(with.err(), [&] {
    access::Store store = store_of(request.data);
    if (!store.user_named(request.name)) return refuse(with, "there is no account " + request.name);
    const auto password = new_password(request.name, with);
    if (!password || !store.set_password(request.name, access::hash_password(*password), by)) return no;
    with.out() << "changed; all sessions of the account end\n";
    return done;
  });
}

int user_authenticator(const UserRequest& request, Dialogue& with) {
  return guarded(with.err(), [&] {
    access::Store store = store_of(request.data);
    if (!store.user_named(request.name)) return refuse(with, "there is no account " + request.name);
    const std::string secret = access::new_totp_secret();
    if (!hand_over(request, secret, with) || !store.set_totp(request.name, secret, by))
      return refuse(with, "the key before is still the one");
    return done;
  });
}

int user_disable(const UserRequest& request, Dialogue& with) { return switched(request, with, true); }
int user_enable(const UserRequest& request, Dialogue& with) { return switched(request, with, false); }

int tablet_add(const TabletRequest& request, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    access::Store store = store_of(request.data);
    const std::string code = access::random_code(tablet_code_length);
    store.offer_enrolment(access::digest(code), unix_s(now().wall) + tablet_code_lives_s, by);
    if (request.json)
      out << json::serialize(json::object{{"code", access::in_groups(code)}, {"minutes", 10}}) << '\n';
    else
      out << access::in_groups(code) << "\nto be typed on the tablet at /enrol within ten minutes\n";
    return done;
  });
}

int tablet_list(const TabletRequest& request, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    json::array all;
    std::string table = fmt::format("{:<12}  {:<20}  {}\n", "id", "since", "code by");
    for (const access::Tablet& tablet : store_of(request.data).tablets()) {
      const std::string since = moment(tablet.enrolled_s);
      all.push_back(json::object{{"id", tablet.id}, {"enrolled", since}, {"by", tablet.by}});
      table += fmt::format("{:<12}  {:<20}  {}\n", tablet.id, since, tablet.by);
    }
    out << (request.json ? json::serialize(all) + "\n" : table);
    return done;
  });
}

int tablet_revoke(const TabletRequest& request, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    if (store_of(request.data).revoke(request.id, by)) {
      out << "revoked\n";
      return done;
    }
    err << "rytme: there is no tablet " << request.id << '\n';
    return no;
  });
}

}  // namespace rytme::app
