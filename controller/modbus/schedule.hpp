// SPDX-License-Identifier: Apache-2.0
// What one bus does next: stop writes, then the inputs of wall stops, then commands, then polls that are due.
// Pure: the worker passes the time and does the talking.
//
// A slave that fails twice in a row is left alone for a while that doubles up to 5 s, so that a dead one
// costs the others one timeout per back-off; and it is asked again behind a round of their polls, where its
// timeout makes them least late. A stop is tried once all the same, behind the slaves that answer.
//
// A late reply must not meet a request that it could answer. So a slave that failed is asked nothing for the
// quiet time; the others are, because a reply names its slave. The worker calls for quiet on the whole line
// when what came named nobody. A stop of one value goes out even then: its reply repeats address and value.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "controller/room/wire.hpp"

namespace rytme::modbus {

class Schedule {
 public:
  using Job = std::variant<RegisterWrite, RegisterRead>;
  struct Counters {
    std::uint64_t expired{}, superseded{}, dropped{};
  };

  // `quiet`: how long a slave that failed is left alone; 0 where replies carry their request's number.
  Schedule(const std::vector<RegisterRead>& polls, Instant start, std::chrono::milliseconds quiet = {});

  // False: not taken (the queue is full, older than a stop, or not something Modbus can write). Takes the
  // place of a waiting write of the same class, or of a waiting command, whose registers it covers.
  bool add(RegisterWrite write);
  // True: something was dropped, see take_dropped().
  bool drop_before(std::uint64_t generation);
  void expire(Instant now);
  void keep_line_quiet(Instant until);
  // Reads that are asked once each, behind all that is due; but one after four polls, so that a busy bus
  // comes to an end of them. Takes the place of those that wait.
  void ask_once(std::vector<RegisterRead> reads);

  // The next thing to do now. A write leaves the queue, a poll moves on along its own absolute times.
  std::optional<Job> next(Instant now);
  std::optional<Job> next_write(Instant now);  // the same, without polls
  // When next() may have something, or something expires; Instant::max() when there is nothing to wait for.
  // Instant::min(): now.
  Instant wake_at() const;

  // How it went. A write that got no good answer goes back to its place, twice; the result is there when it
  // is over.
  std::optional<WriteResult> finished(const RegisterWrite& write, BusOutcome outcome, Instant now);
  void finished(const RegisterRead& read, BusOutcome outcome, Instant now);
  // The bus broke over this job: a write goes back to its place, or has its result when it has broken the bus
  // so often.
  std::optional<WriteResult> bus_lost(const Job& unfinished, Instant now);
  // While the bus is gone: polls that are due, to be told so. Their times move on.
  std::vector<RegisterRead> skip_due(Instant now);
  // The bus is back: every slave gets a chance at once.
  void forget_failures();

  // Writes that were dropped since the last call.
  std::vector<WriteResult> take_dropped();
  const Counters& counters() const { return counters_; }
  bool any_answers() const { return !answering_.empty(); }

 private:
  struct Waiting {
    RegisterWrite write;
    int tries{};
  };
  struct Poll {
    RegisterRead read;
    Instant due;
  };
  struct Slave {
    int failures{};
    Instant quiet_until{};  // a late reply may still come
    Instant ask_again{};    // back-off
  };
  using Queue = std::deque<Waiting>;

  bool outdated(const RegisterWrite& write) const;
  Queue& queue_of(const RegisterWrite& write) {
    return write.priority == WriteClass::stop ? stops_ : commands_;
  }
  void withdraw_covered(Queue& queue, const RegisterWrite& by, std::ptrdiff_t from = 0);
  void supersede(const RegisterWrite& write);
  void report_dropped(const RegisterWrite& write);
  void hasten_polls(const RegisterWrite& write, Instant now);
  Instant ready_at(const Waiting& waiting) const;
  Instant ready_at(const Poll& poll) const;
  bool is_dead(const Poll& poll) const;
  bool any_living() const;
  std::optional<Job> take(Queue& queue, const Queue::iterator& from);
  std::optional<Job> next_stop(Instant now);
  std::optional<Job> next_command(Instant now);
  std::optional<Job> next_poll_ahead(Instant now);
  std::optional<Job> next_poll(Instant now);
  std::optional<Job> next_once(Instant now);
  const Slave& slave(std::uint8_t unit) const;
  void note(std::uint8_t unit, BusOutcome outcome, Instant now);

  std::chrono::milliseconds quiet_;
  Instant line_quiet_until_{};
  std::vector<Poll> polls_;
  std::deque<RegisterRead> once_;
  int polls_in_a_row_{};
  Queue stops_, commands_;
  std::map<std::uint8_t, Slave> slaves_;
  std::set<std::uint8_t> answering_;
  Instant living_polled_{};  // when a slave that answers was last read
  std::optional<Waiting> running_;
  std::vector<WriteResult> dropped_;
  std::uint64_t generation_{};
  int commands_in_a_row_{};
  bool was_ahead_{};  // the last job was a poll ahead of the others
  Counters counters_;
};

}  // namespace rytme::modbus
