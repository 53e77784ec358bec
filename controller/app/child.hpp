// SPDX-License-Identifier: Apache-2.0
// A child process that ends with us, however we end. Owner's thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace rytme::app {

class Child {
 public:
  // `argv[0]` is the path of the program. `name` is for people.
  Child(std::string name, std::vector<std::string> argv);
  ~Child();  // as end()
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;

  // Throws std::system_error when the program cannot be started.
  void start();
  // SIGTERM, up to 8 s to end in order, then SIGKILL.
  void end();
  void ask_to_end() const;  // SIGTERM only

  // How it ended since the last look; nullopt: runs, or was never started.
  struct End {
    bool by_signal{};
    int code{};  // exit code or signal number
  };
  std::optional<End> look();
  pid_t pid() const { return pid_; }
  const std::string& name() const { return name_; }

 private:
  std::string name_;
  std::vector<std::string> argv_;
  pid_t pid_{-1};
};

}  // namespace rytme::app
