// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/query_thread.hpp"

#include <memory>
#include <utility>

#include "controller/journal/journal.hpp"
#include "controller/journal/thread_priority.hpp"

namespace rytme::journal {

QueryThread::QueryThread(std::filesystem::path file) : file_(std::move(file)), thread_([this] { run(); }) {}

QueryThread::~QueryThread() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

bool QueryThread::ask(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() >= waiting_limit) return false;
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

void QueryThread::run() {
  give_way();
  std::unique_ptr<Reader> reader;
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
    if (ending_) return;
    const auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    try {
      if (!reader) reader = std::make_unique<Reader>(file_);
      job(reader.get());
    } catch (const JournalError&) {
      reader.reset();  // the file may be another one by now
      job(nullptr);
    }
    lock.lock();
  }
}

}  // namespace rytme::journal
