// SPDX-License-Identifier: Apache-2.0
// A real mosquitto for a test: the shipped config/mosquitto with a free loopback port and files of its own in
// a temporary folder. It ends with the test, however that ends. Thread: one; the broker lives no longer than
// the thread that started it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace rytme::test {

struct BrokerUser {
  std::string name;
  std::string password;
};

class Broker {
 public:
  // `acl`: lines behind the shipped access list. The default adds what demo.json names: an observer that
  // reads all and an injector that writes all. `more_conf`: lines behind the shipped mosquitto.conf.
  explicit Broker(const std::vector<BrokerUser>& users = {{"rytme", "secret"},
                                                          {"observer", "secret"},
                                                          {"injector", "secret"}},
                  const std::string& acl = "user observer\ntopic read #\nuser injector\ntopic readwrite #\n",
                  const std::string& more_conf = "");
  ~Broker();
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  int port() const { return port_; }
  pid_t pid() const { return pid_; }

  // Each returns when it is so; start() when the broker takes connections, on the same port as before.
  void start();
  void stop();
  void kill();
  void pause();
  void resume();

 private:
  void write_files(const std::vector<BrokerUser>& users, const std::string& acl,
                   const std::string& more_conf) const;
  void end(int signal);

  std::filesystem::path folder_;
  int port_;
  pid_t pid_{-1};
};

// A loopback port that was free a moment ago.
int free_port();

}  // namespace rytme::test
