// SPDX-License-Identifier: Apache-2.0
// The heart wearables of one person: each with its own tracker, one of them believed at a time, and every
// change of that told. Pure: time comes with the samples. Logic thread. No allocation after construction
// except in the caller's vectors.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "controller/room/reading.hpp"
#include "controller/room/room_state.hpp"
#include "controller/signals/heart_tracker.hpp"
#include "controller/signals/wearer_watch.hpp"

namespace rytme::signals {

struct HeartEvent {
  enum class Kind : std::uint8_t {
    source_chosen,  // `device` is believed from now on; before it `previous`, if any
    source_lost,    // nobody is believed any more; `previous` was
    contact_lost,
    wearer_returned,          // worn again after a break: its windows have begun anew
    wearer_probably_another,  // and the RR differ: what was learnt of the one before does not hold
    battery_low,
  };
  Kind kind{};
  DeviceIndex device{};
  std::optional<DeviceIndex> previous;
  Instant at{};
};

struct HeartDevice {
  DeviceIndex device{};
  double ttl_s{};  // its profile's word on how long a value holds; 0 = 10 s as for all
};

// Of one source, for the check before use and for whoever keeps a baseline.
struct HeartSourceState {
  DeviceIndex device{};
  HeartNow now;
  bool chosen{};
  bool rate_only{};  // has never sent RR: heart rate only, never RMSSD
  Contact contact{Contact::unsupported};
  std::optional<double> battery_percent;  // as last told
  // A baseline or a history may be used only for the wearer it was taken from: same number, no doubt.
  std::uint32_t wearer{};  // grows when another person is confirmed
  WearerDoubt doubt{WearerDoubt::none};
  // "" = fit for use; else no_signal, no_contact, battery_low or unsteady, the first that applies.
  std::string_view unfit;
};

class HeartSources {
 public:
  // In order of preference where nothing else decides.
  explicit HeartSources(std::span<const HeartDevice> devices);
  ~HeartSources();
  HeartSources(HeartSources&&) noexcept;
  HeartSources& operator=(HeartSources&&) noexcept;

  // A sample of one of the devices; of any other device it is counted in strangers() and dropped. Readings as
  // HeartTracker::add(), of every source, the believed one or not.
  void add(const HeartSample& sample, std::vector<Reading>& readings, std::vector<HeartEvent>& events);

  // percent: 0-100; not a number or beyond: unknown.
  void battery(DeviceIndex device, double percent, Instant now, std::vector<HeartEvent>& events);

  // false: it is known to be gone, and has nothing to say until it is back.
  void reachable(DeviceIndex device, bool is);

  // Chooses anew. To be called once a second, so that silence is noticed. A better source takes over after
  // being better for 10 s; at once when the believed one has nothing to say.
  //   A rate alone from a sensor that never says whether it touches skin may be of one that nobody wears: it
  //   is doubtful. Best: RR of good quality; then a rate alone of good quality; then doubtful RR; then a
  //   doubtful rate. A source whose battery is low comes behind one of the same kind, one without contact has
  //   nothing to say.
  void choose(Instant now, std::vector<HeartEvent>& events);

  // Someone has looked who wears the strap. another: what was learnt of the one before does not hold.
  void confirm_wearer(DeviceIndex device, bool another);

  // As HeartTracker, of every source: a session begins to record.
  void restart_windows();

  std::optional<DeviceIndex> chosen() const;
  // Of the chosen source; unknown without one.
  HeartNow at(Instant now) const;
  HeartVariability variability(Instant now) const;
  std::optional<double> respiration_per_min(Instant now, std::optional<double> swing_hz);
  // What is missing before use, of the believed source, else of the first; "" also when there are none.
  std::string_view unfit(Instant now) const;
  // nullopt for a device that is not one of these.
  std::optional<HeartSourceState> state(DeviceIndex device, Instant now) const;
  const HeartTracker* tracker(DeviceIndex device) const;
  // It would be refused: repeated, late, or from a device that is not one of these.
  bool would_take(const HeartSample& sample) const;
  std::uint64_t strangers() const { return strangers_; }

 private:
  struct Source;
  std::optional<std::size_t> place_of(DeviceIndex device) const;
  void believe(std::optional<std::size_t> place, Instant now, std::vector<HeartEvent>& events);

  std::vector<Source> sources_;
  std::optional<std::size_t> chosen_;      // place in sources_
  std::optional<std::size_t> challenger_;  // better than the chosen one, since:
  Instant challenged_{};
  std::uint64_t strangers_{};
};

}  // namespace rytme::signals
