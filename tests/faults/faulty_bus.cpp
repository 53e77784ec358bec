// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/faulty_bus.hpp"

#include <algorithm>
#include <utility>

namespace rytme::test {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds timeout{150};
constexpr milliseconds quiet{200};
constexpr milliseconds reopen_pause{1000};
constexpr milliseconds serial_transaction{12};
constexpr milliseconds tcp_transaction{2};

std::uint8_t unit_of(const modbus::Schedule::Job& job) {
  return std::visit([](const auto& one) { return one.unit; }, job);
}

}  // namespace

FaultyBus::FaultyBus(BusIndex bus, bool serial, std::vector<simulator::World::Slave>& slaves,
                     std::uint64_t seed, Handlers handlers)
    : bus_(bus), serial_(serial), slaves_(slaves), random_(seed, 80U + bus), handlers_(std::move(handlers)) {}

void FaultyBus::start(const std::vector<RegisterRead>& polls, Instant now) {
  std::vector<RegisterRead> mine;
  std::copy_if(polls.begin(), polls.end(), std::back_inserter(mine),
               [this](const RegisterRead& poll) { return poll.bus == bus_; });
  schedule_ = std::make_unique<modbus::Schedule>(mine, now, serial_ ? quiet : milliseconds{0});
  reopen_ = now;
  open_ = false;
}

void FaultyBus::kill() {
  schedule_.reset();
  running_.reset();
}

void FaultyBus::write(RegisterWrite write, Instant now) {
  if (write.expires > now) schedule_->add(std::move(write));
}

void FaultyBus::drop_before(std::uint64_t generation) { schedule_->drop_before(generation); }

void FaultyBus::silence(std::uint8_t unit, bool is) {
  if (is)
    silent_.insert(unit);
  else
    silent_.erase(unit);
}

simulator::RegisterPeer* FaultyBus::slave(std::uint8_t unit) {
  const auto found = std::find_if(slaves_.begin(), slaves_.end(), [&](const simulator::World::Slave& one) {
    return one.bus == bus_ && one.peer->unit() == unit;
  });
  return found == slaves_.end() || silent_.contains(unit) ? nullptr : found->peer.get();
}

// The slave carries out what it is asked.
bool FaultyBus::ask(Running& running, Instant now) {
  auto* peer = slave(unit_of(running.job));
  bool ok = false;
  if (const auto* read = std::get_if<RegisterRead>(&running.job)) {
    ok = peer->read(read->area, read->address, read->count, running.values, now);
    handlers_.asked(read->unit);
  } else {
    const auto& write = std::get<RegisterWrite>(running.job);
    handlers_.before(write, now);
    ok = peer->write(write.area, write.address, write.values, now);
    handlers_.after(write, now);
  }
  return ok;
}

void FaultyBus::begin(modbus::Schedule::Job job, Instant now) {
  Running running{std::move(job), BusOutcome::stale, {}, now, now + timeout};
  enum { fine, request_lost, reply_lost, reply_torn } fault = fine;
  if (random_.chance(disturbed_))
    fault = static_cast<decltype(fault)>(1 + static_cast<int>(random_.uniform(0, 3)));
  if (slave(unit_of(running.job)) != nullptr && fault != request_lost) {
    const bool ok = ask(running, now);
    const auto answer = ok ? BusOutcome::ok : BusOutcome::gone;
    running.outcome = fault == fine ? answer : fault == reply_torn ? BusOutcome::retry : BusOutcome::stale;
    if (fault != reply_lost) running.ends = now + (serial_ ? serial_transaction : tcp_transaction);
  }
  if (running.outcome != BusOutcome::ok) running.values.clear();
  running_ = std::move(running);
}

void FaultyBus::end(Instant now) {
  const auto done = std::exchange(running_, std::nullopt);
  if (const auto* read = std::get_if<RegisterRead>(&done->job)) {
    schedule_->finished(*read, done->outcome, now);
    handlers_.block({*read, done->outcome, done->values, now});
  } else if (auto result = schedule_->finished(std::get<RegisterWrite>(done->job), done->outcome, now)) {
    handlers_.written(*result);
  }
}

void FaultyBus::while_cut(Instant now) {
  if (running_) {
    const auto lost = std::exchange(running_, std::nullopt);
    if (auto result = schedule_->bus_lost(lost->job, now)) handlers_.written(*result);
  }
  open_ = false;
  if (now < reopen_) return;
  reopen_ = now + reopen_pause;
  for (const auto& read : schedule_->skip_due(now)) handlers_.block({read, BusOutcome::gone, {}, now});
}

void FaultyBus::give_dropped() {
  for (const auto& result : schedule_->take_dropped()) handlers_.written(result);
}

void FaultyBus::run(Instant now) {
  if (!schedule_) return;
  schedule_->expire(now);
  if (cut_) {
    while_cut(now);
    return give_dropped();
  }
  if (!open_ && now < reopen_) return;
  if (!std::exchange(open_, true)) schedule_->forget_failures();
  if (running_ && now >= running_->ends) end(now);
  if (!running_)
    if (auto job = schedule_->next(now)) begin(std::move(*job), now);
  give_dropped();
}

Instant FaultyBus::next_wake() const {
  if (!schedule_) return Instant::max();
  if (cut_ || !open_) return reopen_;
  return running_ ? running_->ends : schedule_->wake_at();
}

}  // namespace rytme::test
