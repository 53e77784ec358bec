// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "controller/app/command_line.hpp"
#include "controller/app/tls_commands.hpp"
#include "controller/app/user_commands.hpp"

namespace rytme::app {
namespace {

void add_user(CLI::App& app, Common& common, int& code) {
  auto* user =
      app.add_subcommand("user", "accounts of people; passwords come from the terminal or standard input");
  user->require_subcommand(1);
  static UserRequest request;
  using Command = int (*)(const UserRequest&, Dialogue&);
  const auto add = [&](const char* name, const char* what, Command carry_out) {
    auto* sub = command(*user, common, name, what);
    sub->add_flag("--json", request.json, "as JSON");
    sub->callback([&common, &code, carry_out] {
      request.data = common.data;
      Terminal terminal(std::cin, std::cout, std::cerr);
      code = carry_out(request, terminal);
    });
    return sub;
  };
  auto* make = add("add", "an account, with a key for its authenticator", user_add);
  make->add_option("--role", request.role, "what it may")
      ->required()
      ->check(CLI::IsMember({"staff", "psychologist", "maintainer", "officer"}));
  for (auto* sub : {make, add("passwd", "another password; ends the account's sessions", user_passwd),
                    add("authenticator", "another key for the authenticator; ends the account's sessions",
                        user_authenticator),
                    add("disable", "no log-in any more; ends the account's sessions", user_disable),
                    add("enable", "log-in again", user_enable)})
    sub->add_option("name", request.name, "what is typed at log-in")->required();
  add("list", "all of them", user_list);
}

void add_tablet(CLI::App& app, Common& common, int& code) {
  auto* tablet = app.add_subcommand("tablet", "screens of the room that need no log-in");
  tablet->require_subcommand(1);
  static TabletRequest request;
  using Command = int (*)(const TabletRequest&, std::ostream&, std::ostream&);
  const auto add = [&](const char* name, const char* what, Command carry_out) {
    auto* sub = command(*tablet, common, name, what);
    sub->add_flag("--json", request.json, "as JSON");
    sub->callback([&common, &code, carry_out] {
      request.data = common.data;
      code = carry_out(request, std::cout, std::cerr);
    });
    return sub;
  };
  add("add", "a code for one tablet, to be typed at /enrol within ten minutes", tablet_add);
  add("list", "all that are enrolled", tablet_list);
  add("revoke", "one that is lost or replaced", tablet_revoke)
      ->add_option("id", request.id, "the tablet's id")
      ->required();
}

void add_tls(CLI::App& app, Common& common, int& code) {
  auto* tls = app.add_subcommand("tls", "certificates for the room's own network");
  tls->require_subcommand(1);
  auto* init = command(*tls, common, "init",
                       "an authority of the room's own, and the server's certificate; again: renews it");
  static TlsRequest request;
  init->add_option("--name", request.names.hosts, "host name that tablets use; may be repeated")
      ->expected(1)
      ->take_all();
  init->add_option("--address", request.names.addresses, "IP address that tablets use; may be repeated")
      ->expected(1)
      ->take_all();
  init->callback([&] {
    request.data = common.data;
    code = tls_init(request, std::cout, std::cerr);
  });
}

}  // namespace

void add_access_commands(CLI::App& app, Common& common, int& code) {
  add_user(app, common, code);
  add_tablet(app, common, code);
  add_tls(app, common, code);
}

}  // namespace rytme::app
