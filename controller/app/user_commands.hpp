// SPDX-License-Identifier: Apache-2.0
// `rytme user add | list | passwd | authenticator | disable | enable`, `rytme tablet add | list | revoke`: on
// access.db, also while the room runs, which tells its access log of it. Exit 0 done, 1 the answer is no, 2
// cannot do it.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "controller/app/dialogue.hpp"

namespace rytme::app {

struct UserRequest {
  std::filesystem::path data;
  std::string name, role;
  bool json{};
};

// The password is the first line of standard input when nobody sits at it; then no code is asked for.
int user_add(const UserRequest& request, Dialogue& with);
int user_list(const UserRequest& request, Dialogue& with);
int user_passwd(const UserRequest& request, Dialogue& with);
int user_authenticator(const UserRequest& request, Dialogue& with);
int user_disable(const UserRequest& request, Dialogue& with);
int user_enable(const UserRequest& request, Dialogue& with);

struct TabletRequest {
  std::filesystem::path data;
  std::string id;
  bool json{};
};

int tablet_add(const TabletRequest& request, std::ostream& out, std::ostream& err);
int tablet_list(const TabletRequest& request, std::ostream& out, std::ostream& err);
int tablet_revoke(const TabletRequest& request, std::ostream& out, std::ostream& err);

}  // namespace rytme::app
