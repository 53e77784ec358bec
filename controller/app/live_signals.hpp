// SPDX-License-Identifier: Apache-2.0
// The person in the room, kept up with while it runs: streams in; rows for the record, what a screen may
// show, and whose calm pulse is compared with out. Pure, without a clock. Logic thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "controller/devices/devices.hpp"
#include "controller/room/journal_entry.hpp"
#include "controller/room/room_state.hpp"
#include "controller/session/session.hpp"
#include "controller/settings/house.hpp"
#include "controller/signals/person.hpp"

namespace rytme::app {

class LiveSignals {
 public:
  using What = decltype(JournalEntry::what);
  struct Row {
    std::string session;  // "" = the present one
    What what;
  };

  // `house` must outlive this.
  LiveSignals(const settings::House& house, const devices::Devices& devices);

  // Streams and what devices say of themselves. recording: the session's, now.
  void take(const HeartSample& sample, bool recording);
  void take(const MotionFrame& frame, bool recording);
  void battery(DeviceIndex device, double share, Instant now, bool recording);
  void reachable(DeviceIndex device, bool is) { person_.hearts().reachable(device, is); }
  // A motion sensor that goes on sending what cannot be.
  bool stuck(DeviceIndex device) const { return person_.movement().stuck(device); }
  // Once a second.
  void wake(Instant now, bool recording);

  // What the session has decided; before its entries are stored.
  void follow(const session::Decision& decision, Instant now);
  // What was erased is not compared with any more.
  void forget(const entry::Erase& erase);
  void resume(const session::Interrupted& session, Instant now);

  // Whose memory is wanted from the journal, once; and its answer.
  std::optional<std::string> wants() { return std::exchange(wanted_, std::nullopt); }
  void recalled(const std::string& participant, const signals::PersonMemory& memory);

  // To be stored, in order; the caller empties it.
  std::vector<Row>& rows() { return rows_; }
  std::vector<std::string>& notices() { return notices_; }
  // Something that a screen shows has changed since the last call.
  bool changed() { return std::exchange(changed_, false); }

  void sense(session::Senses& senses, Instant now) const;
  void describe(RoomState& state, Instant now) const;

 private:
  void keep(std::string device, Capability capability, std::optional<double> value, Quality quality);
  void keep(const Reading& reading);
  void keep_minute(const std::string& device, Instant now);
  void keep_second(bool recording, Instant now);
  void keep_events(bool recording);
  void keep_calm_pulse(bool recording, Instant now);
  void take_calm_pulse(const session::CalmPulse& asked);
  void here_is(const std::string& participant, Instant now);
  void wearer_is(bool same);
  void recording_begins();
  void recording_ends();
  void session_ends();
  bool may_keep_calm_pulse(bool recording) const;

  const settings::House& house_;
  signals::Person person_;
  std::vector<Reading> readings_;
  std::vector<signals::HeartEvent> events_;
  std::vector<Row> rows_;
  std::vector<std::string> notices_;
  bool changed_{};

  std::string session_;
  std::string here_;  // the participant, as said; in memory only, "" = not said
  bool stranger_{};   // somebody else wears the strap in this session: nothing of it is the participant's
  bool records_{};    // the session's recording is on
  std::optional<std::string> wanted_;
  bool index_told_{};  // the record's last word of the index was not that there is none
  struct Calm {        // the calm pulse that runs, or that the index goes by
    std::string whose;
    std::string session;  // it was asked for in
    bool running{};
    Instant taken{};
  };
  std::optional<Calm> calm_;
  std::map<DeviceIndex, signals::HeartTracker::Counters> counted_;  // when recording began
};

}  // namespace rytme::app
