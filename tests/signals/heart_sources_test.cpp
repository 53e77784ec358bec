// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/heart_sources.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <limits>
#include <random>

#include <gmock/gmock.h>

#include "tests/signals/recordings.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::signals {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = HeartEvent::Kind;

constexpr std::array<HeartDevice, 2> devices{{{4}, {7}}};
constexpr DeviceIndex chest = 4, watch = 7;

// One person with a chest strap and a watch; time goes on for both together.
class WornHeart : public testing::Test {
 protected:
  // Seconds in which the strap sends RR around mean_ms (none: silent) and the watch sends bpm (none: silent).
  void live(int seconds, std::optional<double> mean_ms, std::optional<double> bpm, double breathing_ms = 30) {
    const auto rr_ms = test::calm_rr(mean_ms ? 4'000 : 0, mean_ms.value_or(800), breathing_ms, ++seed_);
    double strap_s = 0;
    std::size_t beat = 0;
    for (int second = 1; second <= seconds; ++second) {
      while (mean_ms && strap_s + rr_ms[beat] / 1000 <= second) {
        strap_s += rr_ms[beat] / 1000;
        add(chest, strap_.beat(rr_ms[beat++]));
      }
      auto rate = wrist_.rate(bpm);
      if (bpm) {
        rate.contact = Contact::yes;
        *rate.bpm += second % 3;  // a value that never moves would count as frozen
        add(watch, rate);
      }
      now_ = wrist_.received();
      sources_.choose(now_, events_);
    }
    strap_.wait(seconds - strap_s);
  }
  void live_without_contact(int seconds) {
    for (int second = 0; second < seconds; ++second) {
      auto sample = strap_.rate(std::nullopt);
      sample.contact = Contact::no;
      add(chest, sample);
      wrist_.wait(1);
    }
    now_ = wrist_.received();
  }
  void add(DeviceIndex device, HeartSample sample) {
    sample.device = device;
    sources_.add(sample, readings_, events_);
  }
  std::vector<Kind> kinds() {
    std::vector<Kind> kinds;
    for (const auto& event : events_) {
      kinds.push_back(event.kind);
    }
    events_.clear();
    return kinds;
  }
  HeartSourceState state(DeviceIndex device) const { return *sources_.state(device, now_); }

  HeartSources sources_{devices};
  test::Strap strap_{"chest"}, wrist_{"watch"};
  std::vector<Reading> readings_;
  std::vector<HeartEvent> events_;
  Instant now_{};
  std::uint32_t seed_{};
};

TEST_F(WornHeart, NothingIsBelievedBeforeSomethingCame) {
  sources_.choose(now_, events_);
  EXPECT_FALSE(sources_.chosen());
  EXPECT_FALSE(sources_.at(now_).bpm);
  EXPECT_EQ(state(chest).unfit, "no_signal");
  EXPECT_THAT(events_, IsEmpty());
}

TEST_F(WornHeart, AWatchIsHeartRateOnly) {
  live(180, std::nullopt, 72);
  EXPECT_EQ(sources_.chosen(), watch);
  EXPECT_TRUE(state(watch).rate_only);
  EXPECT_NEAR(*sources_.at(now_).bpm, 73, 1.5);
  EXPECT_FALSE(sources_.variability(now_).rmssd_ms);
  EXPECT_TRUE(std::none_of(readings_.begin(), readings_.end(), [](const Reading& reading) {
    return reading.capability == Capability::hr_rmssd60_ms;
  }));
}

// A watch on a table may go on sending a rate.
TEST_F(WornHeart, ARateOfWhoKnowsNotWhetherItIsWornIsDoubtful) {
  for (int second = 0; second < 30; ++second) {
    add(watch, wrist_.rate(72 + second % 3));
  }
  now_ = wrist_.received();
  EXPECT_TRUE(sources_.at(now_).bpm);
  EXPECT_EQ(sources_.at(now_).quality, Quality::doubtful);
  EXPECT_EQ(state(watch).unfit, "unsteady");
}

TEST_F(WornHeart, WhatIsGoneOrTooOldByItsOwnProfileIsUnknown) {
  live(60, 800, std::nullopt);
  sources_.reachable(chest, false);
  EXPECT_FALSE(sources_.at(now_).bpm);
  sources_.choose(now_, events_);
  EXPECT_FALSE(sources_.chosen());
  sources_.reachable(chest, true);
  sources_.choose(now_, events_);
  EXPECT_TRUE(sources_.at(now_).bpm);
  HeartSources impatient(std::array{HeartDevice{.device = chest, .ttl_s = 3}});
  auto sample = strap_.beats({800, 800, 800, 800, 800, 800});
  sample.device = chest;
  impatient.add(sample, readings_, events_);
  EXPECT_TRUE(impatient.at(sample.received).bpm);
  EXPECT_FALSE(impatient.at(sample.received + std::chrono::seconds(4)).bpm);
}

TEST_F(WornHeart, TheStrapIsBetterAndItsSilenceIsTold) {
  live(60, std::nullopt, 72);
  EXPECT_THAT(kinds(), ElementsAre(Kind::source_chosen));
  live(14, 800, 72);
  EXPECT_EQ(state(chest).now.quality, Quality::good);
  EXPECT_EQ(sources_.chosen(), watch) << "it has to be better for 10 s, and is good after 5 s";
  live(5, 800, 72);
  EXPECT_EQ(sources_.chosen(), chest);
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(events_[0].kind, Kind::source_chosen);
  EXPECT_EQ(events_[0].device, chest);
  EXPECT_EQ(events_[0].previous, watch);
  live(8, std::nullopt, 72);
  EXPECT_EQ(sources_.chosen(), chest) << "its last value is not 10 s old";
  live(4, std::nullopt, 72);
  EXPECT_EQ(sources_.chosen(), watch);
  EXPECT_THAT(kinds(), ElementsAre(Kind::source_chosen, Kind::source_chosen));
  live(20, std::nullopt, std::nullopt);
  EXPECT_FALSE(sources_.chosen());
  EXPECT_THAT(kinds(), ElementsAre(Kind::source_lost));
}

TEST_F(WornHeart, WithoutContactTheOtherIsBelievedAtOnce) {
  live(60, 800, 72);
  EXPECT_EQ(sources_.chosen(), chest);
  kinds();
  live_without_contact(1);
  EXPECT_EQ(sources_.chosen(), watch);
  EXPECT_EQ(state(chest).unfit, "no_contact");
  EXPECT_THAT(kinds(), ElementsAre(Kind::contact_lost, Kind::source_chosen));
}

TEST_F(WornHeart, OfTwoAlikeTheOneWithBatteryIsBelieved) {
  HeartSources two(devices);
  std::array<test::Strap, 2> straps{test::Strap("a"), test::Strap("b")};
  const auto live_both = [&](std::size_t beats) {
    for (const double rr : test::calm_rr(beats, 800, 30)) {
      for (std::size_t k = 0; k < 2; ++k) {
        auto sample = straps.at(k).beat(rr);
        sample.device = devices.at(k).device;
        two.add(sample, readings_, events_);
      }
    }
  };
  live_both(60);
  EXPECT_EQ(two.chosen(), chest);
  kinds();
  two.battery(chest, 9, straps[0].received(), events_);
  two.battery(chest, 8, straps[0].received(), events_);
  EXPECT_THAT(kinds(), ElementsAre(Kind::battery_low)) << "told once";
  EXPECT_EQ(two.state(chest, straps[0].received())->unfit, "battery_low");
  live_both(30);
  EXPECT_EQ(two.chosen(), watch);
  two.battery(chest, std::numeric_limits<double>::quiet_NaN(), straps[0].received(), events_);
  EXPECT_FALSE(two.state(chest, straps[0].received())->battery_percent);
  live_both(60);
  EXPECT_EQ(two.chosen(), watch) << "no better than the one believed";
}

TEST_F(WornHeart, WornAgainIsTheSamePersonOnlyForWhoHasLooked) {
  live(120, 800, std::nullopt);
  kinds();
  EXPECT_EQ(state(chest).doubt, WearerDoubt::none);
  live_without_contact(20);
  live(10, 800, std::nullopt);
  EXPECT_EQ(state(chest).doubt, WearerDoubt::returned);
  live(60, 800, std::nullopt);
  EXPECT_EQ(state(chest).doubt, WearerDoubt::returned) << "alike is no proof";
  EXPECT_THAT(kinds(),
              ElementsAre(Kind::contact_lost, Kind::source_lost, Kind::wearer_returned, Kind::source_chosen));
  sources_.confirm_wearer(chest, false);
  EXPECT_EQ(state(chest).doubt, WearerDoubt::none);
  EXPECT_EQ(state(chest).wearer, 0U);
}

TEST_F(WornHeart, AnotherHeartOnTheStrapIsTold) {
  live(120, 800, std::nullopt);
  kinds();
  live_without_contact(20);
  live(60, 620, std::nullopt, 10);
  EXPECT_EQ(state(chest).doubt, WearerDoubt::probably_another);
  EXPECT_THAT(kinds(), ElementsAre(Kind::contact_lost, Kind::source_lost, Kind::wearer_returned,
                                   Kind::source_chosen, Kind::wearer_probably_another));
  sources_.confirm_wearer(chest, true);
  EXPECT_EQ(state(chest).doubt, WearerDoubt::none);
  EXPECT_EQ(state(chest).wearer, 1U);
}

TEST_F(WornHeart, LongSilenceIsABreakAndShortContactLossIsNone) {
  live(60, 800, std::nullopt);
  kinds();
  live_without_contact(3);
  live(60, 800, std::nullopt);
  EXPECT_EQ(state(chest).doubt, WearerDoubt::none);
  kinds();
  live(20, std::nullopt, std::nullopt);
  live(60, 800, std::nullopt);
  EXPECT_EQ(state(chest).doubt, WearerDoubt::none) << "20 s without radio";
  kinds();
  live(40, std::nullopt, std::nullopt);
  live(60, 500, std::nullopt);
  EXPECT_EQ(state(chest).doubt, WearerDoubt::probably_another);
}

// Beats of before and after the break are in no window together.
TEST_F(WornHeart, WindowsBeginAnewAfterABreak) {
  live(90, 800, std::nullopt);
  live_without_contact(20);
  readings_.clear();
  live(55, 500, std::nullopt);
  for (const auto& reading : readings_) {
    if (reading.capability == Capability::hr_mean10_bpm && reading.quality == Quality::good) {
      EXPECT_GT(reading.value, 110) << "nothing of the slow heart";
    }
    EXPECT_NE(reading.capability, Capability::hr_window60_bpm) << "a whole minute has not passed since";
  }
  EXPECT_FALSE(sources_.variability(now_).sdnn_ms);
}

TEST_F(WornHeart, AStrangerIsCountedAndARepeatedFrameIsNoReturn) {
  add(9, strap_.beat(800));
  EXPECT_EQ(sources_.strangers(), 1U);
  EXPECT_FALSE(sources_.state(9, now_));
  live(60, 800, std::nullopt);
  const auto old = strap_.beat(800);
  add(chest, old);
  live(60, std::nullopt, std::nullopt);
  kinds();
  auto late = old;
  late.received = now_;
  add(chest, late);
  EXPECT_EQ(state(chest).doubt, WearerDoubt::none);
  EXPECT_THAT(events_, IsEmpty());
}

// What RR can and cannot show of a handed-over strap, on adults: printed, and the documentation says it.
class Wearers : public testing::Test {
 protected:
  static std::vector<double> beats(int subject, const char* condition) {
    const std::string name = (subject < 10 ? "0" : "") + std::to_string(subject);
    std::vector<double> rr_ms;
    for (const auto& beat : test::recorded_beats("gudb/subject_" + name + ".csv", condition)) {
      rr_ms.push_back(beat.rr_ms);
    }
    return rr_ms;
  }
  static bool told(const std::vector<double>& before, const std::vector<double>& after) {
    HeartSources sources(devices);
    test::Strap strap;
    std::vector<Reading> readings;
    std::vector<HeartEvent> events;
    const auto play = [&](const std::vector<double>& rr_ms) {
      for (const double rr : rr_ms) {
        auto sample = strap.beat(rr);
        sample.device = chest;
        sources.add(sample, readings, events);
      }
    };
    play(before);
    strap.wait(60);
    play(after);
    return std::any_of(events.begin(), events.end(),
                       [](const HeartEvent& event) { return event.kind == Kind::wearer_probably_another; });
  }
};

TEST_F(Wearers, AreToldApartByTheirRrMoreOftenThanNot) {
  if (!test::shared_available()) {
    GTEST_SKIP() << "no reference data";
  }
  int handed = 0, seen = 0, same = 0, suspected = 0, busier = 0;
  for (int a = 0; a <= 24; a += 2) {
    const auto sitting = beats(a, "sitting");
    const auto half = sitting.begin() + static_cast<std::ptrdiff_t>(sitting.size() / 2);
    ++same;
    suspected += told({sitting.begin(), half}, {half, sitting.end()}) ? 1 : 0;
    busier += told(sitting, beats(a, "maths")) ? 1 : 0;
    for (int b = 0; b <= 24; b += 2) {
      if (a != b) {
        ++handed;
        seen += told(sitting, beats(b, "sitting")) ? 1 : 0;
      }
    }
  }
  std::cout << "strap handed over, both sitting: told " << seen << " of " << handed
            << "; the same person sitting on: suspected " << suspected << " of " << same
            << ", after the break at arithmetic " << busier << "\n";
  EXPECT_GE(seen * 2, handed);
  EXPECT_LE(suspected * 5, same);
}

}  // namespace
}  // namespace rytme::signals
