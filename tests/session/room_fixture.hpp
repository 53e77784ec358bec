// SPDX-License-Identifier: Apache-2.0
// A session under simulated time, and short words for what tests ask of it.
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "controller/session/session.hpp"

namespace rytme::session {

inline Preset regulate_down() {
  Preset preset;
  preset.id = "regulate-down";
  preset.version = 3;
  preset.direction = Direction::down;
  preset.minutes = 15;
  Phase arrive{"arrive", 1.0, false, LightScene{0.35, 2700}, TempoTarget{true, {}, {}, 60, 100, 80}, 0.4, 12};
  Phase lead{"lead", 6.0, false, LightScene{0.15, 2200}, TempoTarget{false, -0.35, {}, 60, 80, 80}, {}, 60};
  Phase stay{"stay", {}, false, {}, {}, {}, 10};
  Phase close{"close", 2.0, true, {}, {}, 0.15, 30};
  preset.phases = {arrive, lead, stay, close};
  return preset;
}

class Room : public testing::Test {
 protected:
  static Config config() {
    Config made;
    Preset endless = regulate_down();
    endless.id = "long";
    endless.minutes = 90;
    Preset breathing = regulate_down();
    breathing.id = "breathing";
    breathing.phases[1].breath = Breath{0.05, 5, 0, 7, 0};
    breathing.phases[1].light->cct_k = 1800;
    made.presets = {regulate_down(), endless, breathing};
    made.activities = {"hammock"};
    made.safe_light = {0.4, 3500};
    made.settings_hash = "hash";
    made.software = "0.1.0";
    return made;
  }

  Now now() const { return {Instant{} + seconds(1000 + t_s), {}}; }

  Decision ask(Request what) {
    Asked asked{std::move(what),
                {ActorKind::tablet, Role::staff, "tablet-1"},
                "http:tablet-1",
                now().steady + std::chrono::seconds{2}};
    return session.handle(asked, senses, now());
  }
  Decision start(std::optional<bool> recording = true, std::optional<std::string> participant = "K7F") {
    senses.new_session_id = "s1";
    Decision out = ask(request::StartSession{"regulate-down", participant, recording});
    session.tick(senses, now());
    return out;
  }
  Decision at(double when_s) {
    t_s = when_s;
    return session.tick(senses, now());
  }
  RoomState seen() const {
    RoomState state;
    session.describe(state, now());
    return state;
  }
  RoomMode mode() const { return seen().mode; }
  void stop_and_reset() {
    ask(request::StopAll{});
    ask(request::ResetStop{});
  }

  template <class T>
  static std::vector<T> entries(const Decision& decision) {
    std::vector<T> out;
    for (const JournalEntry& entry : decision.entries)
      if (const T* one = std::get_if<T>(&entry.what)) out.push_back(*one);
    return out;
  }
  static std::string event(const Decision& decision, const std::string& kind) {
    for (const auto& one : entries<entry::Event>(decision))
      if (one.kind == kind) return one.data;
    return "";
  }
  static bool urgent(const Decision& decision, const std::string& kind) {
    for (const JournalEntry& entry : decision.entries)
      if (const auto* one = std::get_if<entry::Event>(&entry.what); one != nullptr && one->kind == kind)
        return entry.urgent;
    return false;
  }

  double t_s{};
  Senses senses;
  Session session{config()};
};

}  // namespace rytme::session
