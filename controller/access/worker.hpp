// SPDX-License-Identifier: Apache-2.0
// The one thread that hashes passwords and touches access.db, so that the room never waits for either. One
// hash at a time, few waiting.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace rytme::access {

class Worker {
 public:
  static constexpr std::size_t most_waiting = 8;

  // `look` is called on the thread, between jobs, about once a second.
  explicit Worker(std::function<void()> look);
  // What still waits is dropped.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // False: too many wait. The job must not throw. Any thread.
  bool put(std::function<void()> job);

 private:
  void run();

  std::function<void()> look_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  bool ending_{};
  std::thread thread_;  // last: it uses all the others
};

}  // namespace rytme::access
