// SPDX-License-Identifier: Apache-2.0
#include "controller/modbus/schedule.hpp"

#include <algorithm>
#include <utility>

#include "controller/modbus/frame.hpp"

namespace rytme::modbus {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t queue_limit = 256;
constexpr int tries_of_a_write = 3;
constexpr int commands_before_a_poll = 8;  // a flood of commands must not blind the room
constexpr int polls_before_one_once = 4;
constexpr int failures_of_a_dead_slave = 2;
constexpr auto first_backoff = 500ms;
constexpr auto just_polled = 10ms;
constexpr auto longest_wait_for_the_living = 1000ms;
constexpr auto longest_backoff = 5000ms;

bool covers(const RegisterWrite& newer, const RegisterWrite& older) {
  return newer.unit == older.unit && newer.area == older.area && newer.address <= older.address &&
         newer.address + newer.values.size() >= older.address + older.values.size();
}

// Limits of the Modbus application protocol, 6.11 and 6.12.
bool can_be_written(const RegisterWrite& write) {
  if (write.values.empty()) return false;
  if (write.area == RegisterArea::coil) return write.values.size() <= 1968;
  return write.area == RegisterArea::holding && write.values.size() <= 123;
}

void advance(Instant& due, std::chrono::milliseconds period, Instant now) {
  const auto step = std::max(period, std::chrono::milliseconds{1});
  due += step;
  if (due <= now) due += step * ((now - due) / step + 1);  // what was missed is not made up for
}

}  // namespace

Schedule::Schedule(const std::vector<RegisterRead>& polls, Instant start, std::chrono::milliseconds quiet)
    : quiet_(quiet) {
  for (const auto& read : polls) polls_.push_back({read, start});
}

bool Schedule::outdated(const RegisterWrite& write) const {
  return write.generation != 0 && write.generation < generation_;
}

bool Schedule::add(RegisterWrite write) {
  if (!can_be_written(write) || outdated(write)) {
    ++counters_.dropped;
    return false;
  }
  if (write.priority == WriteClass::stop) withdraw_covered(commands_, write);
  Queue& queue = queue_of(write);
  const auto covered =
      std::ranges::find_if(queue, [&](const Waiting& waiting) { return covers(write, waiting.write); });
  if (covered == queue.end() && stops_.size() + commands_.size() >= queue_limit) {
    ++counters_.dropped;
    return false;
  }
  if (covered == queue.end()) {
    queue.push_back({std::move(write)});
    return true;
  }
  const auto place = covered - queue.begin();
  RegisterWrite older = std::exchange(covered->write, write);
  covered->tries = 0;
  supersede(older);
  // Others behind it that the newer one covers as well.
  withdraw_covered(queue, queue[static_cast<std::size_t>(place)].write, place + 1);
  return true;
}

void Schedule::withdraw_covered(Queue& queue, const RegisterWrite& by, std::ptrdiff_t from) {
  const RegisterWrite newer = by;  // `by` may live in the queue
  const auto first = std::stable_partition(queue.begin() + from, queue.end(), [&](const Waiting& waiting) {
    return !covers(newer, waiting.write);
  });
  for (auto it = first; it != queue.end(); ++it) supersede(it->write);
  queue.erase(first, queue.end());
}

void Schedule::supersede(const RegisterWrite& write) {
  ++counters_.superseded;
  report_dropped(write);
}

void Schedule::report_dropped(const RegisterWrite& write) {
  dropped_.push_back({write.tag, write.bus, write.unit, BusOutcome::stale, std::nullopt});
}

bool Schedule::drop_before(std::uint64_t generation) {
  generation_ = std::max(generation_, generation);
  for (Queue* queue : {&stops_, &commands_}) {
    std::erase_if(*queue, [this](const Waiting& waiting) {
      if (!outdated(waiting.write)) return false;
      ++counters_.dropped;
      report_dropped(waiting.write);
      return true;
    });
  }
  return !dropped_.empty();
}

void Schedule::expire(Instant now) {
  for (Queue* queue : {&stops_, &commands_}) {
    std::erase_if(*queue, [this, now](const Waiting& waiting) {
      if (waiting.write.expires > now) return false;
      ++counters_.expired;
      report_dropped(waiting.write);
      return true;
    });
  }
}

std::optional<Schedule::Job> Schedule::next_write(Instant now) {
  expire(now);
  if (auto job = next_stop(now)) return job;
  return next_command(now);
}

std::optional<Schedule::Job> Schedule::next(Instant now) {
  expire(now);
  if (auto job = next_stop(now)) return job;
  if (auto job = next_poll_ahead(now)) return job;
  const bool poll_first = commands_in_a_row_ >= commands_before_a_poll;
  if (poll_first) {
    commands_in_a_row_ = 0;
    if (auto job = next_poll(now)) return job;
  }
  if (auto job = next_command(now)) {
    ++commands_in_a_row_;
    return job;
  }
  commands_in_a_row_ = 0;
  const bool once_first = polls_in_a_row_ >= polls_before_one_once;
  if (once_first)
    if (auto job = next_once(now)) return job;
  if (auto job = next_poll(now)) {
    ++polls_in_a_row_;
    return job;
  }
  return next_once(now);
}

void Schedule::ask_once(std::vector<RegisterRead> reads) { once_.assign(reads.begin(), reads.end()); }

std::optional<Schedule::Job> Schedule::next_once(Instant now) {
  polls_in_a_row_ = 0;
  if (once_.empty() || line_quiet_until_ > now) return std::nullopt;
  const RegisterRead read = once_.front();
  once_.pop_front();
  return read;
}

std::optional<Schedule::Job> Schedule::take(Queue& queue, const Queue::iterator& from) {
  if (from == queue.end()) return std::nullopt;
  running_ = std::move(*from);
  queue.erase(from);
  return running_->write;
}

// Slaves that answer come first: the one that does not would cost them its timeout.
std::optional<Schedule::Job> Schedule::next_stop(Instant now) {
  const auto ready = [&](const Waiting& waiting) { return ready_at(waiting) <= now; };
  auto best = std::ranges::find_if(stops_, [&](const Waiting& waiting) {
    return slave(waiting.write.unit).failures == 0 && ready(waiting);
  });
  if (best == stops_.end()) best = std::ranges::find_if(stops_, ready);
  return take(stops_, best);
}

std::optional<Schedule::Job> Schedule::next_command(Instant now) {
  return take(commands_, std::ranges::find_if(
                             commands_, [&](const Waiting& waiting) { return ready_at(waiting) <= now; }));
}

// Never twice in a row: on a slow line it would be all that is done.
std::optional<Schedule::Job> Schedule::next_poll_ahead(Instant now) {
  if (std::exchange(was_ahead_, false)) return std::nullopt;
  const auto due = std::ranges::find_if(
      polls_, [&](const Poll& poll) { return poll.read.ahead && !is_dead(poll) && ready_at(poll) <= now; });
  if (due == polls_.end()) return std::nullopt;
  was_ahead_ = true;
  advance(due->due, due->read.period, now);
  return due->read;
}

std::optional<Schedule::Job> Schedule::next_poll(Instant now) {
  const bool behind_the_living = now - living_polled_ <= just_polled || !any_living();
  Poll* first = nullptr;
  for (auto& poll : polls_) {
    const Instant ready = ready_at(poll);
    const bool dead = is_dead(poll);
    if (ready > now || (dead && !behind_the_living && now < ready + longest_wait_for_the_living)) continue;
    const bool sooner =
        first == nullptr || is_dead(*first) > dead || (is_dead(*first) == dead && poll.due < first->due);
    if (sooner) first = &poll;
  }
  if (first == nullptr) return std::nullopt;
  advance(first->due, first->read.period, now);
  return first->read;
}

// An untried stop does not wait for the back-off, and one of a single value not for quiet either.
Instant Schedule::ready_at(const Waiting& waiting) const {
  const bool stop = waiting.write.priority == WriteClass::stop;
  const Slave& asked = slave(waiting.write.unit);
  const Instant quiet = stop && identifies_itself(waiting.write)
                            ? Instant::min()
                            : std::max(line_quiet_until_, asked.quiet_until);
  return stop && waiting.tries == 0 ? quiet : std::max(quiet, asked.ask_again);
}

Instant Schedule::ready_at(const Poll& poll) const {
  const Slave& asked = slave(poll.read.unit);
  return std::max({poll.due, line_quiet_until_, asked.quiet_until, asked.ask_again});
}

bool Schedule::is_dead(const Poll& poll) const {
  return slave(poll.read.unit).failures >= failures_of_a_dead_slave;
}

bool Schedule::any_living() const {
  return std::ranges::any_of(polls_,
                             [this](const Poll& poll) { return slave(poll.read.unit).failures == 0; });
}

void Schedule::keep_line_quiet(Instant until) { line_quiet_until_ = std::max(line_quiet_until_, until); }

Instant Schedule::wake_at() const {
  Instant wake = Instant::max();
  for (const Queue* queue : {&stops_, &commands_}) {
    for (const auto& waiting : *queue) wake = std::min({wake, ready_at(waiting), waiting.write.expires});
  }
  if (!once_.empty()) wake = std::min(wake, line_quiet_until_);
  const bool living = any_living();
  for (const auto& poll : polls_) {
    const bool waits = living && is_dead(poll);
    wake = std::min(wake, waits ? ready_at(poll) + longest_wait_for_the_living : ready_at(poll));
  }
  return wake;
}

// What was written is read soon, where it is polled.
void Schedule::hasten_polls(const RegisterWrite& write, Instant now) {
  if (!write.verify_after) return;
  for (auto& poll : polls_) {
    const auto& read = poll.read;
    const bool covers = read.unit == write.unit && read.area == write.area &&
                        read.address < write.address + write.values.size() &&
                        write.address < unsigned{read.address} + read.count;
    if (covers) poll.due = std::min(poll.due, now + *write.verify_after);
  }
}

std::optional<WriteResult> Schedule::finished(const RegisterWrite& write, BusOutcome outcome, Instant now) {
  note(write.unit, outcome, now);
  if (outcome == BusOutcome::ok) hasten_polls(write, now);
  Waiting done = running_ ? std::move(*running_) : Waiting{write, 0};
  running_.reset();
  ++done.tries;
  const bool again = outcome == BusOutcome::stale || outcome == BusOutcome::retry;
  Queue& queue = queue_of(write);
  const bool newer =
      std::ranges::any_of(queue, [&](const Waiting& waiting) { return covers(waiting.write, write); });
  if (again && !newer && !outdated(write) && done.tries < tries_of_a_write && write.expires > now) {
    queue.push_front(std::move(done));
    return std::nullopt;
  }
  return WriteResult{write.tag, write.bus, write.unit, outcome, now};
}

void Schedule::finished(const RegisterRead& read, BusOutcome outcome, Instant now) {
  if (outcome == BusOutcome::ok) living_polled_ = now;
  note(read.unit, outcome, now);
}

// gone here means that the slave refused: it is alive.
void Schedule::note(std::uint8_t unit, BusOutcome outcome, Instant now) {
  Slave& slave = slaves_[unit];
  if (outcome == BusOutcome::ok || outcome == BusOutcome::gone) {
    slave = {0, slave.quiet_until, {}};  // the late reply to another request may still come
    answering_.insert(unit);
    return;
  }
  answering_.erase(unit);
  ++slave.failures;
  slave.quiet_until = now + quiet_;
  if (slave.failures < failures_of_a_dead_slave) return;
  const int doublings = std::min(slave.failures - failures_of_a_dead_slave, 10);
  slave.ask_again =
      now + std::min<std::chrono::milliseconds>(first_backoff * (1 << doublings), longest_backoff);
}

const Schedule::Slave& Schedule::slave(std::uint8_t unit) const {
  static const Slave fresh;
  const auto found = slaves_.find(unit);
  return found == slaves_.end() ? fresh : found->second;
}

std::optional<WriteResult> Schedule::bus_lost(const Job& unfinished, Instant now) {
  answering_.clear();
  const auto* write = std::get_if<RegisterWrite>(&unfinished);
  if (write == nullptr || !running_) return std::nullopt;
  Waiting again = std::move(*running_);
  running_.reset();
  if (++again.tries >= tries_of_a_write || outdated(*write)) {
    return WriteResult{write->tag, write->bus, write->unit, BusOutcome::gone, now};
  }
  queue_of(*write).push_front(std::move(again));
  return std::nullopt;
}

std::vector<RegisterRead> Schedule::skip_due(Instant now) {
  expire(now);
  std::vector<RegisterRead> skipped(once_.begin(), once_.end());
  once_.clear();
  for (auto& poll : polls_) {
    if (poll.due > now) continue;
    advance(poll.due, poll.read.period, now);
    skipped.push_back(poll.read);
  }
  return skipped;
}

void Schedule::forget_failures() {
  for (auto& [unit, slave] : slaves_) slave = {0, slave.quiet_until, {}};
}

std::vector<WriteResult> Schedule::take_dropped() { return std::exchange(dropped_, {}); }

}  // namespace rytme::modbus
