// SPDX-License-Identifier: Apache-2.0
// A house where people have accounts: the real store, worker and hashes behind the real server.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "controller/access/accounts.hpp"
#include "tests/support/folder.hpp"
#include "tests/web/client.hpp"

namespace rytme::web {

constexpr const char* good_password = "skogmus under lykt";

// What a browser would send with a request.
struct Browser {
  std::string session, tablet;  // values of the cookies
  std::string cookies() const;  // the Cookie header, "" when there is none
};

class People {
 public:
  explicit People(Options options = house_options());
  // The accounts' worker posts to the house: the server's hold on it is the last, and goes before the house.
  ~People() { accounts.reset(); }
  People(const People&) = delete;
  People& operator=(const People&) = delete;

  // An account of that name and role, with good_password.
  void add(const std::string& name, Role role);
  // Its code for the next log-in; each call is 30 s later.
  std::string code(const std::string& name);
  std::string form(const std::string& name, const std::string& password = good_password);
  // Cookie value of a new session of that account; through the front door.
  std::string log_in(const std::string& name);
  // Cookie value of a newly enrolled tablet.
  std::string enrol();
  void pass(std::chrono::milliseconds time);
  // Outcome of something that answers later.
  access::Outcome wait_for(const std::function<void(const access::Done&)>& ask);
  Now now() const { return {house.room.clock, house.room.wall}; }

  Heard post_form(const std::string& path, const std::string& form, const std::string& extra = "",
                  unsigned char from = 1);

  test::Folder folder;
  std::shared_ptr<access::Accounts> accounts;
  std::map<std::string, std::string> secrets;  // of the authenticators
  House house;
};

constexpr const char* same_origin = "Sec-Fetch-Site: same-origin\r\n";
// The value of a cookie that an answer sets; "" = it sets none.
std::string cookie(const Heard& heard, std::string_view name);

}  // namespace rytme::web
