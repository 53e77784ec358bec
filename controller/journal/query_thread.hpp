// SPDX-License-Identifier: Apache-2.0
// Questions to the journal away from the logic thread: one thread with its own read-only connection. ask()
// from the owner's thread; the job runs on this one and posts its answer itself.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>

#include "controller/journal/reader.hpp"

namespace rytme::journal {

class QueryThread {
 public:
  // nullptr when the journal could not be opened.
  using Job = std::function<void(Reader*)>;

  explicit QueryThread(std::filesystem::path file);
  ~QueryThread();  // jobs that have not begun are forgotten
  QueryThread(const QueryThread&) = delete;
  QueryThread& operator=(const QueryThread&) = delete;

  // False: too many questions wait; the job was not taken.
  bool ask(Job job);

 private:
  static constexpr std::size_t waiting_limit = 32;
  void run();

  std::filesystem::path file_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool ending_{};
  std::thread thread_;
};

}  // namespace rytme::journal
