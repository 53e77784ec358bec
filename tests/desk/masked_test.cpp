// SPDX-License-Identifier: Apache-2.0
#include "controller/desk/masked.hpp"

#include <gtest/gtest.h>

#include "controller/desk/line_diff.hpp"
#include "controller/desk/settings_files.hpp"

namespace rytme::desk {
namespace {

TEST(Masked, secrets_and_comments_go_and_the_rest_stays_on_its_line) {
  EXPECT_EQ(masked("[broker]  # ring Kari, 900 00 000\n"
                   "host = \"10.0.0.2\"   # \"quoted\"\n"
                   "password = \"hunter2\"\n"
                   "\"psk\"='a b'\n"
                   "tls = { ca = \"ca.pem\", api_token = abc123, key = \"room.key\" }\n"
                   "password_file = \"broker.password\"\n"
                   "remote_password one two\n"
                   "topic = \"a#b\"\n"
                   "params = { network_key = \"0f1e\", wifi_pwd = 'x' }\n"
                   "PASSWORD= x\n"),
            "[broker]  #\n"
            "host = \"10.0.0.2\"   #\n"
            "password = \"***\"\n"
            "\"psk\"=\"***\"\n"
            "tls = { ca = \"ca.pem\", api_token = \"***\", key = \"***\" }\n"
            "password_file = \"broker.password\"\n"
            "remote_password \"***\"\n"
            "topic = \"a#b\"\n"
            "params = { network_key = \"***\", wifi_pwd = \"***\" }\n"
            "PASSWORD= \"***\"\n");
  EXPECT_EQ(masked(""), "");
  EXPECT_EQ(masked("a = \"unclosed"), "a = \"unclosed");
  EXPECT_EQ(masked("password"), "password");
}

TEST(Masked, what_is_shipped_has_no_secret_and_keeps_its_lines) {
  for (const auto& [name, text] : read_files("config")) {
    const std::string out = masked(text);
    EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), std::count(text.begin(), text.end(), '\n')) << name;
    EXPECT_EQ(out.find("***"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace rytme::desk
