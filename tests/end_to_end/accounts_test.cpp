// SPDX-License-Identifier: Apache-2.0
// People and tablets come to a room that runs: the command line and the running controller on one file.
#include <ctime>

#include <gmock/gmock.h>

#include "controller/access/store.hpp"
#include "controller/access/totp.hpp"
#include "tests/end_to_end/room_under_test.hpp"
#include "tests/support/shell.hpp"

namespace rytme::test {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

std::string rytme(const RoomUnderTest& room, const std::string& words, const std::string& typed = "") {
  return shell(std::string(RYTME_PROGRAM) + " " + words + " --data " + room.data().string() + " 2>&1",
               typed + "\n")
      .said;
}

struct Answer {
  std::string text, cookie;
};

Answer post(const RoomUnderTest& room, const std::string& path, const std::string& form) {
  const std::string text = http_raw(
      room.http(), "POST " + path +
                       " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n"
                       "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
                       std::to_string(form.size()) + "\r\n\r\n" + form);
  const auto at = text.find("Set-Cookie: ");
  return {text, at == std::string::npos ? "" : text.substr(at + 12, text.find(';', at) - at - 12)};
}

int status_with(const RoomUnderTest& room, const std::string& path, const std::string& cookie) {
  const std::string text = http_raw(
      room.http(),
      "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nCookie: " + cookie + "\r\n\r\n");
  return text.size() < 12 ? 0 : std::stoi(text.substr(9, 3));
}

TEST(Accounts, MadeInTheShellTheyLogInAndAreShutOut) {
  RoomUnderTest room;
  ASSERT_THAT(rytme(room, "user add odd --role officer", "skogmus under lykt"), HasSubstr("made: odd"));
  const std::string secret = access::Store(access::store_file(room.data())).user_named("odd")->totp;
  const std::string form =
      "name=odd&password=skogmus+under+lykt&code=" + access::totp_code(secret, std::time(nullptr));
  const Answer in = post(room, "/login", form);
  ASSERT_THAT(in.text, HasSubstr("HTTP/1.1 303"));
  EXPECT_EQ(status_with(room, "/api/v1/access", in.cookie), 200);
  EXPECT_THAT(post(room, "/login", form).text, HasSubstr("HTTP/1.1 401")) << "a code is good once";
  EXPECT_THAT(rytme(room, "user disable odd"), HasSubstr("disabled"));
  EXPECT_TRUE(eventually(seconds{5}, [&] { return status_with(room, "/api/v1/access", in.cookie) == 401; }));
  std::string log;
  EXPECT_TRUE(eventually(seconds{5}, [&] {
    log = http_get(room.http(), "/api/v1/access?limit=1000", room.token("officer"))
              .body;  // each look above is one
    return log.find("disabled") != std::string::npos;
  }));
  for (const char* what : {"added as officer", "\"log in\"", "disabled"}) EXPECT_THAT(log, HasSubstr(what));
  for (const char* secret_text : {"skogmus", "\"odd\"", "otpauth"})
    EXPECT_THAT(log, Not(HasSubstr(secret_text)));
}

TEST(Accounts, ATabletIsEnrolledByACodeFromTheShell) {
  RoomUnderTest room;
  const std::string code = rytme(room, "tablet add").substr(0, 9);
  const Answer in = post(room, "/enrol", "code=" + code);
  ASSERT_THAT(in.cookie, HasSubstr("__Host-rytme-tablet="));
  EXPECT_EQ(status_with(room, "/api/v1/room", in.cookie), 200);
  EXPECT_THAT(post(room, "/enrol", "code=" + code).text, HasSubstr("HTTP/1.1 401"));
  EXPECT_THAT(rytme(room, "tablet list"), HasSubstr("tablet-"));
}

}  // namespace
}  // namespace rytme::test
