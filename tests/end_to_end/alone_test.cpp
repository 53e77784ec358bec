// SPDX-License-Identifier: Apache-2.0
// The whole room in a network namespace of its own, with nothing but loopback and no route: it works, and
// nothing in it tries to reach anybody outside.
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <regex>
#include <sstream>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/end_to_end/room_under_test.hpp"

namespace rytme::test {
namespace {

bool enter_empty_network() {
  return ::unshare(::geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

bool raise_loopback() {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP;
  const bool up = ::ioctl(socket, SIOCSIFFLAGS, &request) == 0;
  ::close(socket);
  return up;
}

// How often the kernel had no route for somebody of this namespace, IPv4 and IPv6.
long without_route() {
  long count = 0;
  std::ifstream six("/proc/thread-self/net/snmp6");
  for (std::string name, value; six >> name >> value;)
    if (name == "Ip6OutNoRoutes") count += std::stol(value);
  std::ifstream four("/proc/thread-self/net/snmp");
  std::string names, values;
  std::getline(four, names);
  std::getline(four, values);
  std::istringstream name(names), value(values);
  for (std::string n, v; name >> n && value >> v;)
    if (n == "OutNoRoutes") count += std::stol(v);
  return count;
}

void try_to_leave() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_port = htons(443);
  ::inet_pton(AF_INET, "192.0.2.1", &there.sin_addr);
  ::connect(socket, reinterpret_cast<const sockaddr*>(&there), sizeof there);
  ::close(socket);
}

int said(const std::string& what) {
  std::cerr << what << '\n';
  return 1;
}

// Exit code of a process that enters the namespace: 0 all is well, 77 the kernel does not allow it.
int room_alone() {
  if (!enter_empty_network()) return 77;
  if (!raise_loopback()) return said("loopback does not come up");
  const long before = without_route();
  {
    RoomUnderTest room;
    const HttpAnswer page = http_get(room.http(), "/");
    if (page.status != 200) return said("no page");
    const std::regex asset("(?:src|href)=\"(/[^\"]+)\"");
    for (auto at = std::sregex_iterator(page.body.begin(), page.body.end(), asset);
         at != std::sregex_iterator(); ++at)
      if (http_get(room.http(), (*at)[1].str()).status != 200) return said((*at)[1].str() + " is not there");
    for (const char* path : {"/login", "/enrol", "/first", "/devices"})
      if (http_get(room.http(), path).status != 200) return said(std::string(path) + " is not there");
    if (room.post("session", R"({"preset":"regulate-down"})").status != 201) return said("no session");
    if (!eventually(std::chrono::seconds{10}, [&] { return room.state() == "running"; }))
      return said("does not run");
    if (room.post("stop").status != 200) return said("no stop");
  }
  if (without_route() != before) return said("something tried to leave");
  try_to_leave();
  return without_route() == before + 1 ? 0 : said("the count does not count");
}

TEST(Alone, NothingInTheRoomTriesToReachAnybodyOutside) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(room_alone());
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77)
    GTEST_SKIP() << "this kernel gives no network namespace to who runs this test";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace rytme::test
