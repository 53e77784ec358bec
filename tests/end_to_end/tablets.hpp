// SPDX-License-Identifier: Apache-2.0
// Tablets that follow the room live: each an open connection whose events are read as they come, on one
// thread.
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace rytme::test {

class Tablets {
 public:
  // Connects `count` to "http://127.0.0.1:PORT" and returns when each has the room's state; throws
  // std::runtime_error when one has not within 5 s.
  Tablets(const std::string& http, std::size_t count);
  ~Tablets();
  Tablets(const Tablets&) = delete;
  Tablets& operator=(const Tablets&) = delete;

  // How many are still connected.
  std::size_t connected() const { return connected_; }

 private:
  void read();

  std::vector<int> sockets_;
  std::atomic<std::size_t> connected_{0}, greeted_{0};
  std::atomic<bool> over_{false};
  std::thread reader_;
};

}  // namespace rytme::test
