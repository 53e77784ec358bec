// SPDX-License-Identifier: Apache-2.0
#include "controller/app/child.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <system_error>
#include <thread>
#include <utility>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rytme::app {

Child::Child(std::string name, std::vector<std::string> argv)
    : name_(std::move(name)), argv_(std::move(argv)) {}

Child::Child(Child&& other) noexcept
    : name_(std::move(other.name_)), argv_(std::move(other.argv_)), pid_(std::exchange(other.pid_, -1)) {}

Child::~Child() { end(); }

void Child::start() {
  std::vector<char*> argv;
  argv.reserve(argv_.size() + 1);
  for (auto& word : argv_) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "cannot start " + name_);
  if (pid_ != 0) return;
  // In the child: the parent's end is our end; the second look catches a parent that ended in between.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(0);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::close_range(3, ~0U,
                0);  // a socket that lived on in the child would stay open for whoever is at its other end
  ::setpgid(0, 0);   // a Ctrl-C in the terminal reaches the supervisor alone, which ends us in order
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

void Child::ask_to_end() const {
  if (pid_ > 0) ::kill(pid_, SIGTERM);
}

void Child::end() {
  if (pid_ <= 0) return;
  ask_to_end();
  const auto by = std::chrono::steady_clock::now() + std::chrono::seconds{8};
  while (!look() && pid_ > 0) {
    if (std::chrono::steady_clock::now() > by) ::kill(pid_, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
}

std::optional<Child::End> Child::look() {
  if (pid_ <= 0) return std::nullopt;
  int status{};
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  pid_ = -1;
  if (WIFSIGNALED(status)) return End{true, WTERMSIG(status)};
  return End{false, WEXITSTATUS(status)};
}

}  // namespace rytme::app
