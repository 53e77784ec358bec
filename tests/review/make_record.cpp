// SPDX-License-Identifier: Apache-2.0
// usage: make_record FILE SESSIONS; a journal for who looks at pages.
#include <charconv>
#include <cstdio>
#include <string_view>

#include "tests/review/long_record.hpp"

int main(int count, char** words) {
  int sessions = 0;
  const std::string_view number = count == 3 ? words[2] : "";
  std::from_chars(number.data(), number.data() + number.size(), sessions);
  if (sessions < 1) {
    std::fputs("make_record FILE SESSIONS\n", stderr);
    return 2;
  }
  rytme::review::LongRecord record(words[1]);
  record.sessions(sessions);
  record.the_hour();
  record.close();
  return 0;
}
