// SPDX-License-Identifier: Apache-2.0
// The player as a Homie 5 device (contracts §4): player/{play,source,track,bpm,phase,volume,mute,status}, and
// player/offered, the tracks that suit the tempo. What is asked becomes a wish of the engine, what the engine
// does becomes values; and it knows when nobody is in charge any more. Pure: messages and time in, messages
// out. Logic thread of whoever owns it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controller/homie/device.hpp"
#include "controller/player/engine.hpp"
#include "controller/player/library.hpp"
#include "controller/room/wire.hpp"

namespace rytme::player {

class PlayerDevice {
 public:
  // Opens a track at a speed. nullptr: cannot even be tried.
  using Opener = std::function<std::unique_ptr<TrackSource>(const Track&, double speed)>;
  struct Settings {
    std::string node{"player1"};
    std::string room;  // whose controller is listened for; "" = nobody's, only the broker
  };

  // `engine` outlives it.
  PlayerDevice(Settings settings, Engine& engine, Opener open);

  std::vector<MqttSubscription> subscriptions() const;
  std::vector<MqttPublish> announcement() const { return homie_.announcement(); }
  MqttPublish will() const { return homie_.will(); }
  std::vector<MqttPublish> farewell() const { return homie_.farewell(); }

  void receive(const MqttMessage& message, Instant now, std::vector<MqttPublish>& out);
  void broker(bool up, Instant now);
  // Every 50 ms or so.
  void tick(Instant now, std::vector<MqttPublish>& out);

  // The tracks there are; a folder that is gone offers none, and is told.
  void library(Library library, bool folder_there);
  // How long after rendering a sound is heard; nullopt: there is no sound device, which is told.
  void output_delay(std::optional<double> seconds) { output_delay_s_ = seconds; }

  struct Counters {
    std::uint64_t refused{}, late{}, tracks_failed{};
  };
  const Counters& counters() const { return counters_; }

 private:
  using Messages = std::vector<MqttPublish>;

  void take(const std::string& id, const std::string& value, Instant received, Instant now, Messages& out);
  void choose_tempo(double bpm, Instant now);
  void choose_source(const std::string& name, Instant now);
  void change(const std::string& id, std::string value, Messages& out);
  void tell_sound(Instant now, Messages& out);
  void tell_phase(const Engine::State& state, Instant now, Messages& out);
  void tell_moving(const std::string& id, double actual, double wanted, Messages& out);
  void watch_charge(Instant now, Messages& out);
  void watch_library(Instant now);
  const Track* next_track(double bpm);
  void cue_next(double bpm, Instant now);
  std::string status(const Engine::State& state) const;
  std::string offered_text() const;
  bool on(const std::string& id) { return homie_.property(id).value == "true"; }

  Settings settings_;
  Engine& engine_;
  Opener open_;
  homie::Device homie_;
  Library library_;
  bool folder_there_{true};
  std::optional<double> output_delay_s_;
  double wanted_volume_{}, wanted_bpm_{60};  // amplitude; BPM
  Timbre timbre_{Timbre::heartbeat};         // of "pulse": the one that was last named
  std::string asked_track_, cued_track_;
  std::set<std::string> failed_;
  Instant cued_at_{};
  bool broker_up_{}, controller_up_{true};
  std::optional<Instant> alone_since_;
  std::optional<double> fading_;  // amplitude, while it fades because nobody is in charge
  Instant next_tell_{}, next_phase_{}, next_fade_{};
  Counters counters_;
};

}  // namespace rytme::player
