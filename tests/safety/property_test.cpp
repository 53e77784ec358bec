// SPDX-License-Identifier: Apache-2.0
// Whatever people, devices and clocks do, the light that comes out is gentle: random and adversarial steps
// through session and last stage, the lamps drawn from the commands, and the independent analyser as judge.
// RYTME_LIGHT_STEPS: how many (120 000).
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "controller/safety/last_stage.hpp"
#include "controller/session/session.hpp"
#include "tests/support/flash_analyser.hpp"

namespace rytme {
namespace {

using std::chrono::milliseconds;

constexpr int steps_per_run = 2000;

int runs() {
  constexpr int usual = 60;
  static_assert(usual * steps_per_run >= 100'000);
  const char* steps = std::getenv("RYTME_LIGHT_STEPS");
  return steps == nullptr ? usual : (std::atoi(steps) + steps_per_run - 1) / steps_per_run;
}

// A lamp as the wire sees it, and what is true of it.
struct Lamp {
  safety::Fixture fixture;
  double first_level{};
  std::vector<test::LightCommandSeen> seen;

  double level_at(double t_s) const {
    double level = first_level;
    for (std::size_t i = seen.size() < 2 ? 0 : seen.size() - 1; i < seen.size(); ++i) {
      const double from = i == 0 ? first_level : before_last;
      const double share = seen[i].transition_s > 0 ? (t_s - seen[i].t_s) / seen[i].transition_s : 1.0;
      level = from + (seen[i].level - from) * std::clamp(share, 0.0, 1.0);
    }
    return level;
  }
  void command(double t_s, double level, double transition_s, bool of_stop) {
    if (!seen.empty()) expect_gentle(t_s);
    const double here = level_at(t_s);
    const double step =
        std::abs(linear_from_level(fixture.curve, level) - linear_from_level(fixture.curve, here));
    if (!fixture.fades_itself && !seen.empty()) {
      EXPECT_LE(step, 0.1 * (of_stop ? 0.60 : 0.30) + 1e-9);
    }
    before_last = here;
    last_of_stop = of_stop;
    seen.push_back({t_s, level, transition_s});
  }
  // The latest fade, as far as it came: 0.30/s, and 0.60/s for a stop.
  void expect_gentle(double until_s) const {
    const LightCurve law = fixture.curve;
    const auto linear = [law](double level) { return linear_from_level(law, level); };
    const auto report = test::analyse_light(test::trace_of({seen.back()}, linear, before_last, until_s));
    EXPECT_LE(report.slew_per_s, (last_of_stop ? 0.60 : 0.30) * 1.001) << name_of(law) << " at " << until_s;
  }
  double linear_at(double t_s) const { return linear_from_level(fixture.curve, level_at(t_s)); }

  bool last_of_stop{};
  double before_last{};  // its level when the latest command came
  double returned_s{-1e9};
  double misled_s{-1e9};  // when it last reported something untrue
};

Preset preset(const std::string& id, Direction direction, double level) {
  Preset made;
  made.id = id;
  made.direction = direction;
  made.minutes = 5;
  for (const char* name : {"arrive", "lead", "stay", "close"}) {
    Phase phase;
    phase.id = name;
    if (phase.id != "stay") phase.minutes = 0.5;
    phase.light_is_safe = phase.id == "close";
    if (phase.id == "arrive") phase.light = LightScene{0.5, 3000};
    if (phase.id == "lead") phase.light = LightScene{level, 2200};
    phase.tempo = TempoTarget{};
    phase.volume = 0.3;
    phase.glide_s = phase.id == "arrive" ? 0 : 10;
    made.phases.push_back(phase);
  }
  return made;
}

session::Config config() {
  session::Config made;
  made.presets = {preset("down", Direction::down, 0.05), preset("up", Direction::up, 0.95)};
  made.safe_light = {0.4, 3500};
  return made;
}

class House {
 public:
  explicit House(unsigned seed) : random_(seed), session_(config()), stage_(fixtures()) {
    for (Lamp& lamp : lamps_) {
      lamp.first_level = share();
      const bool seen_first = !lamp.fixture.fades_itself || share() < 0.5;
      if (seen_first) stage_.observed_light(lamp.fixture.device, lamp.linear_at(0), now_);
    }
    player_ = static_cast<DeviceIndex>(lamps_.size());
  }

  void step() {
    ask();
    disturb();
    static constexpr double pauses_s[] = {0.0, 0.0, 0.001, 0.02, 0.05, 0.1, 0.1, 0.25, 0.5, 1.0, 3.0};
    double pause = pauses_s[random_() % std::size(pauses_s)];
    if (random_() % 200 == 0) pause = 700 * share();  // the process did not run for a while
    run_until(now_ + seconds(pause), random_() % 200 == 0);
  }

  void judge() const {
    for (const Lamp& lamp : lamps_) {
      if (lamp.seen.empty()) continue;
      const LightCurve curve = lamp.fixture.curve;
      const auto linear = [curve](double level) { return linear_from_level(curve, level); };
      const auto report =
          test::analyse_light(test::trace_of(lamp.seen, linear, lamp.first_level, seconds_of(now_) + 60));
      EXPECT_LE(report.flashes_in_1s, 1) << name_of(curve) << lamp.fixture.device;
      EXPECT_LE(report.slew_per_s, slew_ceiling_per_s * 1.001) << name_of(curve) << lamp.fixture.device;
      // Steps come at most every 100 ms; a window of 1 s can hold eleven of them.
      EXPECT_LE(report.largest_step, lamp.fixture.fades_itself ? 1e-9 : 0.1 * slew_ceiling_per_s + 1e-9);
      EXPECT_LE(report.change_in_1s, 1.1 * slew_ceiling_per_s + 1e-9);
    }
  }
  int commands() const { return commands_; }

 private:
  std::vector<safety::Fixture> fixtures() {
    std::vector<safety::Fixture> out;
    for (const bool fades : {true, false}) {
      for (const LightCurve curve : {LightCurve::linear, LightCurve::gamma22, LightCurve::dali}) {
        safety::Fixture one;
        one.device = static_cast<DeviceIndex>(out.size());
        one.is_light = one.has_cct = true;
        one.fades_itself = fades;
        one.curve = curve;
        out.push_back(one);
        lamps_.push_back({one, 0.0, {}});
      }
    }
    safety::Fixture player;
    player.device = static_cast<DeviceIndex>(out.size());
    player.is_player = true;
    out.push_back(player);
    return out;
  }

  double share() { return std::uniform_real_distribution<double>(0.0, 1.0)(random_); }
  double seconds_of(Instant t) const { return seconds_between(Instant{}, t) - 1000; }

  double value() {
    switch (random_() % 8) {
      case 0:
        return 0.0;
      case 1:
        return 1.0;
      case 2:
        return std::numeric_limits<double>::quiet_NaN();
      case 3:
        return 1e9 * (share() - 0.5);
      default:
        return share();
    }
  }

  Request request() {
    switch (random_() % 16) {
      case 0:
        return request::StartSession{random_() % 2 == 0 ? "down" : "up", {}, {}};
      case 1:
        return request::EndGently{};
      case 2:
        return request::StopAll{};
      case 3:
        return request::ResetStop{};
      case 4:
        return request::Undo{};
      case 5:
        return request::Release{"light"};
      case 6:
        return request::SetTempo{200 * value()};
      case 7:
        return request::SetMute{random_() % 2 == 0};
      case 8:
        return request::SetVolume{value()};
      default:
        return request::SetLight{value(), random_() % 2 == 0 ? std::optional(7000 * value()) : std::nullopt};
    }
  }

  void ask() {
    Asked asked{request(), {}, "test", now_ + std::chrono::seconds{2}};
    if (random_() % 16 == 0) asked.expires = now_ - milliseconds{1};
    const session::Senses senses{random_() % 3 == 0 ? std::optional(40 + 120 * share()) : std::nullopt, "id"};
    apply(session_.handle(asked, senses, {now_, {}}));
  }

  void apply(const session::Decision& decision) {
    if (decision.stop) stage_.stop(now_, "stop");
    if (decision.reset) stage_.reset(now_);
    for (const Aim& aim : decision.aims) stage_.aim(aim, now_);
  }

  // Devices that report and return; aims that no session would make.
  void disturb() {
    Lamp& lamp = lamps_[random_() % lamps_.size()];
    const double truth = lamp.linear_at(seconds_of(now_));
    if (random_() % 4 == 0) {
      // The truth; or, from a lamp that fades, something old: it must only make us doubt.
      const bool old_news = lamp.fixture.fades_itself && !lamp.seen.empty() &&
                            lamp.seen.back().t_s > lamp.returned_s && random_() % 2 == 0;
      stage_.observed_light(lamp.fixture.device, old_news ? share() : truth, now_);
      if (old_news) lamp.misled_s = seconds_of(now_);
    }
    // A return: the last stage trusts what was reported just before, so that must not have been the old news.
    if (random_() % 50 == 0 && seconds_of(now_) > lamp.misled_s + 2.1) {
      const bool quiet = lamp.seen.empty() || seconds_of(now_) > lamp.seen.back().t_s + 2.1;
      if (!lamp.fixture.fades_itself && !quiet) return;  // a lamp without an own fade must report first
      stage_.observed_light(lamp.fixture.device, truth, now_);
      stage_.reassert(lamp.fixture.device, now_);
      lamp.returned_s = seconds_of(now_);
    }
    if (random_() % 20 != 0) return;
    Aim wild;
    wild.direction = random_() % 2 == 0 ? Direction::up : Direction::down;
    wild.light = LightScene{value(), 20000 * value()};
    wild.light_glide_s = random_() % 2 == 0 ? 0.0 : 100 * value();
    stage_.aim(wild, now_);
  }

  void run_until(Instant until, bool late) {
    while (!late && std::min(stage_.next_wake(), session_.next_wake()) <= until) {
      now_ = std::max({now_, std::min(stage_.next_wake(), session_.next_wake())});
      work();
    }
    now_ = until;
    work();
  }

  void work() {
    if (session_.next_wake() <= now_) apply(session_.tick({}, {now_, {}}));
    for (const safety::Sent& sent : stage_.due(now_)) carry_out(sent.command, sent.linear);
  }

  void carry_out(const Command& command, double linear) {
    ++commands_;
    EXPECT_EQ(command.expires, now_ + std::chrono::seconds{5});
    EXPECT_EQ(command.generation, stage_.generation());
    for (const Setting& setting : command.settings) EXPECT_TRUE(std::isfinite(setting.value));
    if (command.device == player_) {
      if (stage_.latched()) {
        ASSERT_EQ(command.settings.size(), 1U);
        EXPECT_EQ(command.settings[0].capability, Capability::player_mute);
        EXPECT_EQ(command.settings[0].value, 1.0);
      }
      return;
    }
    Lamp& lamp = lamps_[command.device];
    const double level = command.settings.at(0).value;
    EXPECT_NEAR(linear_from_level(lamp.fixture.curve, level), linear, 1e-9);
    const double was = std::abs(lamp.linear_at(seconds_of(now_)) - 0.4);
    if (stage_.latched()) {
      EXPECT_LE(std::abs(linear - 0.4), lamp.fixture.fades_itself ? 1e-9 : was + 1e-9)
          << "a stop leads to safe light and nowhere else";
    }
    lamp.command(seconds_of(now_), level, std::chrono::duration<double>(command.transition).count(),
                 command.origin == "stop");
  }

  std::mt19937 random_;
  std::vector<Lamp> lamps_;
  DeviceIndex player_{};
  Instant now_{Instant{} + std::chrono::seconds{1000}};
  session::Session session_;
  safety::LastStage stage_;
  int commands_{};
};

TEST(LightProperty, NoSequenceOfAnythingFlashes) {
  int commands = 0;
  for (unsigned seed = 1; seed <= static_cast<unsigned>(runs()); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    House house(seed);
    for (int i = 0; i < steps_per_run; ++i) house.step();
    house.judge();
    commands += house.commands();
    if (testing::Test::HasFailure()) break;
  }
  EXPECT_GT(commands, runs() * steps_per_run) << "the room hardly did anything";
}

}  // namespace
}  // namespace rytme
