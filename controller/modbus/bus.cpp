// SPDX-License-Identifier: Apache-2.0
#include "controller/modbus/bus.hpp"

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <iterator>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <pthread.h>
#include <sys/prctl.h>

#include "controller/modbus/line.hpp"
#include "controller/modbus/schedule.hpp"

namespace rytme::modbus {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t result_limit = 4096;
constexpr std::chrono::milliseconds last_words{500};  // for the writes that wait when the bus is stopped
constexpr std::chrono::milliseconds reopen_first = 100ms;
constexpr std::chrono::milliseconds reopen_longest = 2000ms;
constexpr std::uint8_t largest_unit = 247;

// The process's signals belong to its main thread.
void block_all_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

// The kernel may make a sleep 50 us longer than asked: more than a seventh of the silence at 115 200 baud.
void sleep_precisely() { ::prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL); }

std::uint8_t unused_unit(const std::vector<RegisterRead>& polls) {
  std::uint8_t unit = largest_unit;
  while (unit > 1 && std::ranges::find(polls, unit, &RegisterRead::unit) != polls.end()) --unit;
  return unit;
}

BusOutcome outcome_of(Answer answer) {
  switch (answer) {
    case Answer::ok:
      return BusOutcome::ok;
    case Answer::timeout:
    case Answer::unreachable:
      return BusOutcome::stale;
    case Answer::garbled:
    case Answer::busy:
      return BusOutcome::retry;
    case Answer::refused:
    case Answer::lost:
      break;
  }
  return BusOutcome::gone;
}

}  // namespace

class Bus::Worker {
 public:
  Worker(BusIndex index, settings::BusSettings settings, const std::vector<RegisterRead>& polls,
         std::function<void()> on_results)
      : index_(index),
        settings_(std::move(settings)),
        on_results_(std::move(on_results)),
        line_(settings_, unused_unit(polls)),
        schedule_(polls, Clock::now(), quiet_time(settings_)) {}

  void start();
  void stop();
  bool write(RegisterWrite write);
  void drop_before(std::uint64_t generation);
  void ask_once(std::vector<RegisterRead> reads);
  void drain(std::vector<Result>& out);
  Counters counters() const;
  bool up() const;

 private:
  using Lock = std::unique_lock<std::mutex>;

  void run();
  void say_the_rest(Lock& lock);
  void step(Lock& lock);
  void open(Lock& lock);
  void reopen_later(Instant now);
  void carry_out(Lock& lock, const Schedule::Job& job);
  void carry_out(Lock& lock, const RegisterRead& read);
  void carry_out(Lock& lock, const RegisterWrite& write);
  void settle(Answer answer, const Schedule::Job& job, Instant now);
  void count(Answer answer, std::uint8_t unit);
  void give(Result result);
  void give_dropped();
  void tell(Lock& lock);
  void wait_until(Lock& lock, Instant limit);

  const BusIndex index_;
  const settings::BusSettings settings_;
  const std::function<void()> on_results_;

  // Worker's thread only.
  Line line_;
  Instant reopen_at_{};
  std::chrono::milliseconds reopen_step_{reopen_first};
  bool opened_before_{};
  bool was_lost_{};  // not only closed after a late reply

  // Guards all below; never held while the line is used or the owner is told.
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_{};
  bool news_{};
  bool untold_{};
  bool open_{};
  Schedule schedule_;
  std::deque<Result> results_;
  Counters counters_;

  std::thread thread_;
};

void Bus::Worker::start() {
  if (thread_.joinable()) return;
  stopping_ = false;
  thread_ = std::thread([this] { run(); });
}

void Bus::Worker::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

bool Bus::Worker::write(RegisterWrite write) {
  write.bus = index_;
  {
    const std::lock_guard lock(mutex_);
    if (write.expires <= Clock::now()) {
      ++counters_.expired;
      return false;
    }
    if (!schedule_.add(std::move(write))) return false;
    news_ = true;
  }
  wake_.notify_all();
  return true;
}

void Bus::Worker::drop_before(std::uint64_t generation) {
  {
    const std::lock_guard lock(mutex_);
    if (!schedule_.drop_before(generation))
      return;  // and the worker is not woken just before the stop's own writes
    news_ = true;
  }
  wake_.notify_all();
}

void Bus::Worker::ask_once(std::vector<RegisterRead> reads) {
  for (auto& read : reads) read.bus = index_;
  {
    const std::lock_guard lock(mutex_);
    schedule_.ask_once(std::move(reads));
    news_ = true;
  }
  wake_.notify_all();
}

void Bus::Worker::drain(std::vector<Result>& out) {
  out.clear();
  std::deque<Result> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(results_);
  }
  out.assign(std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end()));
}

Counters Bus::Worker::counters() const {
  const std::lock_guard lock(mutex_);
  Counters counters = counters_;
  counters.expired += schedule_.counters().expired;
  counters.superseded += schedule_.counters().superseded;
  counters.dropped += schedule_.counters().dropped;
  return counters;
}

bool Bus::Worker::up() const {
  const std::lock_guard lock(mutex_);
  return open_ && schedule_.any_answers();
}

void Bus::Worker::run() {
  block_all_signals();
  sleep_precisely();
  Lock lock(mutex_);
  while (!stopping_) {
    news_ = false;
    step(lock);
    give_dropped();
    tell(lock);
  }
  say_the_rest(lock);
  line_.close();
  open_ = false;
}

// What was commanded before the end still goes out: the last step of a ramp to safe light is one of them.
void Bus::Worker::say_the_rest(Lock& lock) {
  const Instant limit = Clock::now() + last_words;
  while (line_.is_open() && Clock::now() < limit) {
    const auto job = schedule_.next_write(Clock::now());
    if (!job) return;
    carry_out(lock, *job);
  }
}

// One thing: wait for the line, open it, or carry out one job.
void Bus::Worker::step(Lock& lock) {
  const Instant now = Clock::now();
  schedule_.expire(now);
  if (!line_.is_open()) return now < reopen_at_ ? wait_until(lock, reopen_at_) : open(lock);
  if (const auto job = schedule_.next(now)) return carry_out(lock, *job);
  wait_until(lock, schedule_.wake_at());
}

void Bus::Worker::open(Lock& lock) {
  lock.unlock();
  const bool opened = line_.open();
  lock.lock();
  open_ = opened;
  counters_.hears_itself = line_.counters().hears_itself;
  if (opened) {
    if (std::exchange(opened_before_, true)) ++counters_.reopens;
    if (std::exchange(was_lost_, false)) schedule_.forget_failures();
    return;
  }
  was_lost_ = true;
  const Instant now = Clock::now();
  for (const auto& read : schedule_.skip_due(now)) give(RegisterBlock{read, BusOutcome::gone, {}, now});
  reopen_later(now);
}

void Bus::Worker::reopen_later(Instant now) {
  reopen_at_ = now + reopen_step_;
  reopen_step_ = std::min(reopen_step_ * 2, reopen_longest);
}

void Bus::Worker::carry_out(Lock& lock, const Schedule::Job& job) {
  std::visit([&](const auto& one) { carry_out(lock, one); }, job);
}

void Bus::Worker::carry_out(Lock& lock, const RegisterRead& read) {
  RegisterBlock block{read, {}, {}, {}};
  lock.unlock();
  const Answer answer = line_.read(read, block.values);
  const Instant now = Clock::now();
  lock.lock();
  ++counters_.reads;
  block.outcome = outcome_of(answer);
  block.received = now;
  if (answer != Answer::lost) schedule_.finished(read, block.outcome, now);
  settle(answer, read, now);
  give(std::move(block));
}

void Bus::Worker::carry_out(Lock& lock, const RegisterWrite& write) {
  lock.unlock();
  const Answer answer = line_.write(write);
  const Instant now = Clock::now();
  lock.lock();
  ++counters_.writes;
  if (answer != Answer::lost) {
    if (auto result = schedule_.finished(write, outcome_of(answer), now)) give(*result);
  }
  settle(answer, write, now);
}

// What the answer means for the line.
void Bus::Worker::settle(Answer answer, const Schedule::Job& job, Instant now) {
  count(answer, std::visit([](const auto& one) { return one.unit; }, job));
  if (answer == Answer::ok) reopen_step_ = reopen_first;
  if (answer == Answer::garbled) schedule_.keep_line_quiet(now + quiet_time(settings_));
  if (answer == Answer::lost) line_.close();
  if (line_.is_open()) return;
  open_ = false;
  reopen_at_ = now;
  if (answer != Answer::lost) return;
  if (auto result = schedule_.bus_lost(job, now)) give(*result);
  was_lost_ = true;
  reopen_later(now);
}

void Bus::Worker::count(Answer answer, std::uint8_t unit) {
  if (answer == Answer::timeout) ++counters_.timeouts;
  if (answer == Answer::garbled) ++counters_.garbled;
  if (answer == Answer::garbled) ++counters_.garbled_by_unit[unit];
  const bool exception = answer == Answer::refused || answer == Answer::busy || answer == Answer::unreachable;
  if (exception) ++counters_.exceptions;
  counters_.foreign = line_.counters().foreign;
  counters_.strays = line_.counters().strays;
}

void Bus::Worker::give(Result result) {
  if (results_.empty()) untold_ = true;
  if (results_.size() >= result_limit) {
    results_.pop_front();
    ++counters_.dropped;
  }
  results_.push_back(std::move(result));
}

void Bus::Worker::give_dropped() {
  for (auto& result : schedule_.take_dropped()) give(result);
}

void Bus::Worker::tell(Lock& lock) {
  if (!std::exchange(untold_, false) || !on_results_) return;
  lock.unlock();
  on_results_();
  lock.lock();
}

void Bus::Worker::wait_until(Lock& lock, Instant limit) {
  give_dropped();
  tell(lock);
  const auto woken = [this] { return stopping_ || news_; };
  if (limit == Instant::max()) {
    wake_.wait(lock, woken);
  } else {
    wake_.wait_until(lock, limit, woken);
  }
}

Bus::Bus(BusIndex index, settings::BusSettings settings, const std::vector<RegisterRead>& polls,
         std::function<void()> on_results)
    : worker_(std::make_unique<Worker>(index, std::move(settings), polls, std::move(on_results))) {}
Bus::~Bus() { stop(); }
void Bus::start() { worker_->start(); }
void Bus::stop() { worker_->stop(); }
bool Bus::write(RegisterWrite write) { return worker_->write(std::move(write)); }
void Bus::drop_before(std::uint64_t generation) { worker_->drop_before(generation); }
void Bus::ask_once(std::vector<RegisterRead> reads) { worker_->ask_once(std::move(reads)); }
void Bus::drain(std::vector<Result>& out) { worker_->drain(out); }
Counters Bus::counters() const { return worker_->counters(); }
bool Bus::up() const { return worker_->up(); }

}  // namespace rytme::modbus
