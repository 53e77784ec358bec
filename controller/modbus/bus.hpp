// SPDX-License-Identifier: Apache-2.0
// One Modbus bus (RTU line or TCP gateway): a worker thread that polls and writes, classes stop > command >
// poll, one deadline per request, per-slave back-off, reopen with back-off, and never a wrong value: a reply
// must answer its request (frame.hpp); on a serial line what failed is left alone until no late reply can
// come (schedule.hpp), on TCP each attempt has a number of its own (line.hpp). Thread: write/drain/start/stop
// from the owner's thread; on_results comes on the worker's and must only post.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <variant>
#include <vector>

#include "controller/room/wire.hpp"
#include "controller/settings/house.hpp"

namespace rytme::modbus {

struct Counters {
  std::uint64_t reads{}, writes{}, timeouts{}, garbled{}, exceptions{}, reopens{}, expired{}, superseded{},
      dropped{};
  std::uint64_t foreign{};  // TCP replies to another transaction, thrown away
  std::uint64_t strays{};   // bytes on a serial line that nobody had asked for, thrown away
  bool hears_itself{};      // the adapter returns what is sent, though the settings do not say so
  std::map<std::uint8_t, std::uint64_t>
      garbled_by_unit;  // one unit alone: perhaps two devices have its number
};

using Result = std::variant<RegisterBlock, WriteResult>;

class Bus {
 public:
  // `polls`: the runs of this bus only. `index` is the bus's place in the settings.
  Bus(BusIndex index, settings::BusSettings settings, const std::vector<RegisterRead>& polls,
      std::function<void()> on_results);
  ~Bus();  // as stop()
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  void start();
  void stop();  // writes that wait still go out, for half a second at most

  // Queued, at most 256; a newer write to the same register replaces an older one that has not gone out. One
  // that gets no good answer is tried again, three times in all, until it expires. Each accepted write ends
  // in one WriteResult. False: not taken, because the queue is full, it is older than a stop, has expired, or
  // cannot be written.
  bool write(RegisterWrite write);
  void drop_before(std::uint64_t generation);
  // Each is read once, behind everything else, and ends in one RegisterBlock; takes the place of those that
  // wait, none: of all of them.
  void ask_once(std::vector<RegisterRead> reads);
  // Results since the last call, in order; at most 4096 kept, the oldest dropped and counted.
  void drain(std::vector<Result>& out);

  Counters counters() const;
  bool up() const;  // open, and at least one slave answered when it was last asked

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace rytme::modbus
