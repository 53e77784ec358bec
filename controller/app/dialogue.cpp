// SPDX-License-Identifier: Apache-2.0
#include "controller/app/dialogue.hpp"

#include <istream>
#include <ostream>

#include <termios.h>
#include <unistd.h>

namespace rytme::app {
namespace {

// The terminal shows nothing of what is typed while it lives.
class Unseen {
 public:
  Unseen() : there_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!there_) return;
    termios now = before_;
    now.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &now);
  }
  ~Unseen() {
    if (there_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  termios before_{};
  bool there_;
};

}  // namespace

bool Terminal::is_person() const { return ::isatty(STDIN_FILENO) == 1; }

std::optional<std::string> Terminal::ask(const std::string& question, bool secret) {
  std::optional<Unseen> unseen;
  if (is_person()) {
    err_ << question << ": " << std::flush;
    if (secret) unseen.emplace();
  }
  std::string line;
  const bool got = static_cast<bool>(std::getline(in_, line));
  if (unseen) err_ << '\n';
  if (!got) return std::nullopt;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

}  // namespace rytme::app
