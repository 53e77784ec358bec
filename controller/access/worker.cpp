// SPDX-License-Identifier: Apache-2.0
#include "controller/access/worker.hpp"

#include <utility>

#include "controller/journal/thread_priority.hpp"

namespace rytme::access {
namespace {
constexpr std::chrono::seconds between_looks{1};
}

Worker::Worker(std::function<void()> look) : look_(std::move(look)), thread_([this] { run(); }) {}

Worker::~Worker() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

bool Worker::put(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() >= most_waiting) return false;
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

void Worker::run() {
  journal::give_way();
  std::unique_lock lock(mutex_);
  while (!ending_) {
    wake_.wait_for(lock, between_looks, [this] { return ending_ || !jobs_.empty(); });
    if (ending_) return;
    std::function<void()> job;
    if (!jobs_.empty()) {
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    lock.unlock();
    if (job) job();
    look_();
    job = nullptr;
    lock.lock();
  }
}

}  // namespace rytme::access
