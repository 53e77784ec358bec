// SPDX-License-Identifier: Apache-2.0
#include "tests/web/people.hpp"

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>
#include <sodium.h>

#include "controller/access/password.hpp"
#include "controller/access/totp.hpp"

namespace rytme::web {

std::string Browser::cookies() const {
  std::string out;
  if (!session.empty()) out += "__Host-rytme=" + session;
  if (!tablet.empty()) out += (out.empty() ? "" : "; ") + ("__Host-rytme-tablet=" + tablet);
  return out.empty() ? "" : "Cookie: " + out + "\r\n";
}

std::string cookie(const Heard& heard, std::string_view name) {
  const auto header = heard.headers.find("set-cookie");
  const std::string start = std::string(name) + "=";
  if (header == heard.headers.end() || !header->second.starts_with(start)) return "";
  return header->second.substr(start.size(), header->second.find(';') - start.size());
}

People::People(Options options)
    : house(std::move(options), [this](Options& with, boost::asio::io_context& io) {
        EXPECT_GE(sodium_init(), 0);
        access::Accounts::Port port;
        port.post = [&io](std::function<void()> job) { boost::asio::post(io, std::move(job)); };
        port.tell = [](const access::Change&) {};
        accounts = std::make_shared<access::Accounts>(access::store_file(folder.path()), std::move(port));
        with.accounts = accounts;
      }) {}

void People::add(const std::string& name, Role role) {
  static const std::string hash = access::hash_password(good_password);  // once for all: it takes its time
  access::User user;
  user.name = name;
  user.role = role;
  user.password = hash;
  user.totp = secrets[name] = access::new_totp_secret();
  ASSERT_TRUE(access::Store(access::store_file(folder.path())).add_user(user, "test"));
}

void People::pass(std::chrono::milliseconds time) {
  house.room.clock += time;
  house.room.wall += time;
}

std::string People::code(const std::string& name) {
  pass(std::chrono::seconds(30));
  return access::totp_code(
      secrets[name], std::chrono::floor<std::chrono::seconds>(house.room.wall).time_since_epoch().count());
}

std::string People::form(const std::string& name, const std::string& password) {
  std::string text = "name=" + name + "&password=" + password + "&code=" + code(name);
  std::replace(text.begin(), text.end(), ' ', '+');
  return text;
}

Heard People::post_form(const std::string& path, const std::string& form, const std::string& extra,
                        unsigned char from) {
  return parse(house.raw("POST " + path +
                             " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                             "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
                             std::to_string(form.size()) + "\r\n" + extra + "\r\n" + form,
                         from));
}

std::string People::log_in(const std::string& name) {
  const Heard heard = post_form("/login", form(name), same_origin);
  EXPECT_EQ(heard.status, 303) << heard.body;
  return cookie(heard, "__Host-rytme");
}

access::Outcome People::wait_for(const std::function<void(const access::Done&)>& ask) {
  std::optional<access::Outcome> got;
  ask([&got](const access::Outcome& outcome) { got = outcome; });
  EXPECT_TRUE(house.until([&got] { return got.has_value(); }));
  return got.value_or(access::Outcome{access::Outcome::What::broken, {}, {}, {}, {}, {}});
}

std::string People::enrol() {
  const auto offer = wait_for([&](const access::Done& done) {
    accounts->offer_enrolment({ActorKind::user, Role::maintainer, "user-M"}, now(), done);
  });
  return wait_for([&](const access::Done& done) {
           accounts->enrol({"", "", offer.secret, "127.0.0.1"}, now(), done);
         })
      .token;
}

}  // namespace rytme::web
