// SPDX-License-Identifier: Apache-2.0
// The room's whole logic in one place without a clock, a socket or a file: what comes in, with the time it
// came; what is to be done, as Effects. The daemon feeds it from the transports; tests and simulations feed
// it under their own clock. Everything on one thread, the logic thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "controller/app/confirmations.hpp"
#include "controller/app/device_fade.hpp"
#include "controller/app/device_frames.hpp"
#include "controller/app/device_talk.hpp"
#include "controller/app/device_watch.hpp"
#include "controller/app/effects.hpp"
#include "controller/app/fault_watch.hpp"
#include "controller/app/home_assistant.hpp"
#include "controller/app/homie_face.hpp"
#include "controller/app/live_signals.hpp"
#include "controller/app/output_watch.hpp"
#include "controller/app/silences.hpp"
#include "controller/app/steps_on_the_way.hpp"
#include "controller/app/stop_inputs.hpp"
#include "controller/devices/devices.hpp"
#include "controller/room/request.hpp"
#include "controller/safety/last_stage.hpp"
#include "controller/session/session.hpp"
#include "controller/settings/house.hpp"

namespace rytme::app {

struct CoreOptions {
  std::uint64_t first_seq{1};                 // of the journal
  std::string software;                       // version
  std::function<std::string()> new_id;        // a fresh session id, unique for ever
  std::int64_t description_version{1};        // of the Homie description: greater at every start
  std::map<std::string, Variant> variants{};  // by participant, as the journal has them
};

// What was not taken, since the start; for /metrics.
struct CoreCounters {
  std::uint64_t messages{}, blocks{}, commands{}, confirmed{}, late_requests{}, refused_requests{};
};

class Core {
 public:
  // `house` must outlive the core.
  Core(const settings::House& house, CoreOptions options);

  // From the transports.
  // The process stood still between these two: a request that is read now may have waited as long.
  void was_away(Instant since, Instant now);
  void receive(const MqttMessage& message, Now now, Effects& effects);
  void receive(const RegisterBlock& block, Now now, Effects& effects);
  void receive(const WriteResult& result, Now now, Effects& effects);
  void broker_link(bool up, const std::string& reason, Now now, Effects& effects);

  // From people.
  Answer ask(const Asked& asked, Now now, Effects& effects);
  // What the privacy officer or a psychologist asks of the record; returns its place in it.
  std::uint64_t keep(decltype(JournalEntry::what) what, Now now, Effects& effects);
  // Who looked, for the access log.
  void looked(entry::Access access, Now now, Effects& effects);

  // What the journal knows of somebody, asked for by Effects::recall.
  void recalled(const std::string& participant, const signals::PersonMemory& memory) {
    live_.recalled(participant, memory);
  }

  // Time: call at next_wake() or later.
  void wake(Now now, Effects& effects);
  Instant next_wake() const;

  // Beginning and end of the process.
  void resume_paused(const session::Interrupted& session, Now now, Effects& effects);
  void note(std::string_view kind, std::string data, Now now, Effects& effects);  // an event of app's own
  // A crash loop: stop, safe light, and nothing more until an orderly start.
  void enter_safe_mode(Now now, Effects& effects);
  void shutdown(Now now, Effects& effects);  // from here on only a stop is taken
  void take_no_more() { ending_ = true; }    // the same, and every output stays as it is
  bool ending() const { return ending_; }
  // Every light has reached what it was last told (shutdown's ramp is over).
  bool settled(Instant now) const;

  RoomState state(Instant now) const;
  std::string participant() const { return session_.participant(); }  // of the session that is on, "" unknown
  Variant variant_of(const std::string& participant) const { return session_.variant_of(participant); }
  const DeviceWatch& watch() const { return watch_; }
  const DeviceTalk& talk() const { return talk_; }
  const DeviceFrames& frames() const { return frames_; }
  const DeviceFade& fade() const { return fade_; }
  // What a maintainer does not want told; see the daemon for its file.
  const Silences& silences() const { return silences_; }
  void be_silent(Silences silences);
  // One of the device's outputs stands where somebody else put it.
  bool output_changed(DeviceIndex device) const { return outputs_.changed(device); }
  const devices::Devices& devices() const { return devices_; }
  const FaultWatch& faults() const { return faults_; }
  const HomieFace& homie() const { return homie_; }
  const CoreCounters& counters() const { return counters_; }
  std::vector<MqttSubscription> subscriptions() const;

 private:
  void take(const Reading& reading, Now now, Effects& effects);
  void take(const HeartSample& sample, Now now, Effects& effects);
  void take(const MotionFrame& frame, Now now, Effects& effects);
  void store_signals(Now now, Effects& effects);
  void take_light(const Reading& reading, Now now, Effects& effects);
  void take_player(const Reading& reading);
  void take_button(const Reading& reading, Now now, Effects& effects);
  void stop_by_input(DeviceIndex device, Now now, Effects& effects);
  void take_power_up(const Reading& reading, Now now, Effects& effects);
  void note_announced(DeviceIndex device, Now now, Effects& effects);
  void take_answer(const Reading& reading, Now now, Effects& effects);
  void report_retained_command(const MqttMessage& message, Now now, Effects& effects);
  void take_decoded(Now now, Effects& effects);

  Answer refused(std::string why);
  void carry_out(session::Decision& decision, const std::string& origin, Now now, Effects& effects);
  void send_due(Now now, Effects& effects);
  void send(const safety::Sent& sent, Now now, Effects& effects);
  void drop_repeated_writes(std::vector<RegisterWrite>& writes);
  // core_devices.cpp
  void note_heard(const MqttMessage& message, Now now);
  void note_heard(const RegisterBlock& block, Now now);
  void begin_test(session::Decision& decision, Now now, Effects& effects);
  void go_on_testing(Now now, Effects& effects);
  std::optional<DeviceIndex> device_named(const std::string& id) const;
  // core_outputs.cpp
  void forget_written(BusIndex bus, std::uint8_t unit);
  void forget_written(DeviceIndex device);
  void keep_setup(DeviceIndex device, Now now, Effects& effects);
  void write_failed(const WriteResult& result, Now now);
  void take_uptime(const Reading& reading, Now now, Effects& effects);
  bool is_stepped(DeviceIndex device) const;
  bool says_its_level(DeviceIndex device) const;
  bool must_wait(DeviceIndex device, Now now);
  void take_heard(DeviceIndex device, Now now);
  void note_sent(DeviceIndex device, const Setting& setting, std::chrono::milliseconds transition, Now now);
  void watch_output(const Reading& reading, Now now, Effects& effects);
  void confirm(DeviceIndex device, Capability capability, double value, Now now, Effects& effects);
  void reassert_overdue(Now now);
  void repeat_overdue(Now now, Effects& effects);
  void look_at_devices(Now now, Effects& effects);
  void look_for_faults(Instant now);
  bool is_bus_down(BusIndex bus) const;
  void finish(Now now, Effects& effects);  // after every input: what is due, what changed

  std::uint64_t journal(JournalEntry entry, Now now, Effects& effects);
  void keep_variant(const request::SetVariant& asked, const Actor& actor, Now now, Effects& effects);
  Instant asked_by(Instant received, Instant now) const;
  session::Senses senses(Instant now);
  // What a stop commands: lights and players. A relay stays as it is, and is not waited for.
  std::vector<DeviceIndex> stopped_devices() const;
  const devices::Output* output(DeviceIndex device) const;

  const settings::House& house_;
  CoreOptions options_;
  devices::Devices devices_;
  session::Session session_;
  safety::LastStage last_stage_;
  HomieFace homie_;
  HomeAssistant home_assistant_;
  DeviceWatch watch_;
  DeviceTalk talk_;
  DeviceFrames frames_;
  DeviceFade fade_;
  Silences silences_;
  Confirmations confirmations_;
  OutputWatch outputs_;
  FaultWatch faults_;
  StopInputs stop_inputs_;
  LiveSignals live_;
  std::map<DeviceIndex, double> uptimes_;      // s, as last said
  std::map<DeviceIndex, Instant> take_up_at_;  // a write failed: command again then
  std::set<std::string> retained_commands_;    // topics, each reported once
  static constexpr std::chrono::milliseconds report_wait{
      1500};                                    // for a device's own report, before it is commanded blind
  std::map<DeviceIndex, Instant> reassert_by_;  // back after a loss: its report is awaited until then
  std::map<DeviceIndex, Instant>
      unanswered_;       // stepped outputs: since when they have said nothing to a command
  StepsOnTheWay steps_;  // to polled lights
  // Last word written to each register, so that a ramp does not repeat itself on the bus.
  std::map<std::tuple<BusIndex, std::uint8_t, RegisterArea, std::uint16_t>, std::uint16_t> written_;
  std::map<std::pair<DeviceIndex, Capability>, double> kept_;  // non-body values: stored when they change

  std::vector<Decoded> decoded_;
  std::vector<DeviceWatch::Change> changes_;
  std::uint64_t seq_;
  std::uint64_t generation_{1};
  std::uint64_t stop_seq_{};  // the first journal sequence after the last stop
  bool broker_up_{};
  std::optional<Instant> broker_up_at_;
  Instant away_since_{};  // of the last hang
  std::optional<Instant> back_at_{};
  bool ending_{};
  bool dirty_{true};
  PlayerNow player_;
  Instant next_look_{};
  CoreCounters counters_;
};

}  // namespace rytme::app
