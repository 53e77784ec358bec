// SPDX-License-Identifier: Apache-2.0
// Variants: presets as they are run for one participant, and the light that breathes where it may.
#include "controller/session/dose.hpp"

#include "controller/room/light_colour.hpp"
#include "tests/session/room_fixture.hpp"

namespace rytme::session {
namespace {

using testing::HasSubstr;

Preset breathing() {
  Preset preset = regulate_down();
  preset.phases[1].breath = Breath{0.05, 5, 0, 7, 0};
  preset.phases[1].light->cct_k = 1800;
  return preset;
}

TEST(Dose, NobodysPresetHasNoRhythmAndNoRed) {
  const Preset own = dosed(breathing(), Variant{});
  EXPECT_FALSE(own.phases[1].breath);
  EXPECT_NEAR(own.phases[1].light->level, 0.10, 1e-9) << "half-way between 0.05 and 0.15";
  EXPECT_FALSE(is_saturated_red(own.phases[1].light->cct_k));
}

TEST(Dose, WhatAVariantAllowsStays) {
  Variant variant;
  variant.rhythm = variant.red = true;
  const Preset own = dosed(breathing(), variant);
  ASSERT_TRUE(own.phases[1].breath);
  EXPECT_EQ(own.phases[1].light->cct_k, 1800);
}

TEST(Dose, LengthTopTempoAndSourceAreTheParticipantsOwn) {
  Variant variant;
  variant.minutes = 8;
  variant.top_level = 0.2;
  variant.tempo_bpm = 66;
  variant.source = "silence";
  const Preset own = dosed(regulate_down(), variant);
  EXPECT_EQ(own.minutes, 8);
  EXPECT_NEAR(*own.phases[1].minutes / *own.phases[0].minutes, 6, 1e-9) << "the same preset, quicker";
  EXPECT_EQ(own.phases.back().minutes, 2);
  EXPECT_EQ(own.source, "silence");
  for (const Phase& phase : own.phases) {
    EXPECT_LE(phase.light.value_or(LightScene{}).level, 0.2) << phase.id;
  }
  EXPECT_EQ(own.phases[1].tempo->bpm, 66);
  EXPECT_TRUE(own.phases[0].tempo->from_present) << "it still meets the present pulse";
}

TEST(Dose, WhatAPresetIsForStays) {
  Preset pulse = regulate_down();
  pulse.source = "pulse";
  pulse.phases[1].tempo = TempoTarget{false, {}, 20, 20, 140, 20};
  Variant variant;
  variant.tempo_bpm = 110;
  variant.source = "drums";
  EXPECT_EQ(dosed(pulse, variant).phases[1].tempo->bpm, 20);
  EXPECT_EQ(dosed(pulse, variant).source, "pulse");
  EXPECT_LE(*dosed(regulate_down(), variant).phases[1].tempo->bpm, 80) << "down never leads up";
}

TEST(Dose, AnOwnTempoNeverPassesTheTopOfAPresetThatLeadsUp) {
  Preset up = regulate_down();
  up.direction = Direction::up;
  up.phases[1].tempo = TempoTarget{false, 0.25, {}, 90, 115, 100};
  Variant variant;
  variant.tempo_bpm = 140;
  EXPECT_EQ(dosed(up, variant).phases[1].tempo->bpm, 115);
}

TEST(Dose, WhatIsNoDoseIsRefused) {
  EXPECT_EQ(fault_of(Variant{}), nullptr);
  const auto refused = [](auto change) {
    Variant variant;
    change(variant);
    return fault_of(variant) != nullptr;
  };
  EXPECT_TRUE(refused([](Variant& variant) { variant.minutes = 46; }));
  EXPECT_TRUE(refused([](Variant& variant) { variant.top_level = 1.01; }));
  EXPECT_TRUE(refused([](Variant& variant) { variant.tempo_bpm = 300; }));
  EXPECT_TRUE(refused([](Variant& variant) { variant.source = "a b"; }));
}

class Dosed : public Room {
 protected:
  Decision start_breathing(std::optional<std::string> participant) {
    senses.new_session_id = "s1";
    Decision out = ask(request::StartSession{"breathing", std::move(participant), true});
    session.tick(senses, now());
    return out;
  }
  // Light levels asked for from now to end_s, with the glide of each.
  std::vector<std::pair<double, double>> lights(double end_s) {
    std::vector<std::pair<double, double>> seen;
    for (; t_s < end_s; t_s += 0.5)
      for (const Aim& aim : session.tick(senses, now()).aims)
        if (aim.light) seen.emplace_back(aim.light->level, aim.light_glide_s);
    return seen;
  }
  void may_breathe() {
    Variant variant;
    variant.rhythm = true;
    ASSERT_EQ(ask(request::SetVariant{"K7F", variant}).answer.verdict, Verdict::done);
  }
};

TEST_F(Dosed, TheLightBreathesOutForSevenAndInForFiveSecondsWhereItMay) {
  may_breathe();
  start_breathing("K7F");
  lights(60);
  const auto seen = lights(60 + 60 + 26);
  ASSERT_GE(seen.size(), 5U);
  EXPECT_EQ(seen[0].first, 0.15) << "the phase's own light first";
  EXPECT_EQ(seen[1].first, 0.05);
  EXPECT_NEAR(seen[1].second, 7, 0.5);
  EXPECT_EQ(seen[2].first, 0.15);
  EXPECT_NEAR(seen[2].second, 5, 0.5);
  EXPECT_EQ(seen[3].first, 0.05);
}

TEST_F(Dosed, ForNobodyItStandsStill) {
  start_breathing(std::nullopt);
  lights(60);
  const auto seen = lights(6 * 60);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_NEAR(seen[0].first, 0.10, 1e-9);
}

TEST_F(Dosed, ANameGivenLateBringsItsDose) {
  may_breathe();
  start_breathing(std::nullopt);
  lights(70);
  const auto out = ask(request::SetParticipant{"K7F"});
  EXPECT_THAT(event(out, "dose"), HasSubstr(R"("rhythm":true)"));
  EXPECT_EQ(event(out, "dose").find("K7F"), std::string::npos)
      << "whose it is stands in the session's own row";
  EXPECT_GE(lights(60 + 60 + 26).size(), 2U);
}

TEST_F(Dosed, ALightTakenByHandDoesNotBreathe) {
  may_breathe();
  start_breathing("K7F");
  lights(70);
  ask(request::SetLight{0.2, std::nullopt});
  EXPECT_TRUE(lights(60 + 60 + 26).empty());
}

TEST_F(Dosed, AShorterDoseInTheMiddleEndsTheSessionInItsTime) {
  start_breathing("K7F");
  lights(120);
  Variant variant;
  variant.minutes = 5;
  ask(request::SetVariant{"K7F", variant});
  at(120.1);
  EXPECT_NEAR(seen().remaining_s, 180, 1);
  lights(301);
  EXPECT_EQ(mode(), RoomMode::idle);
}

TEST_F(Dosed, ADoseThatIsOverAlreadyStillClosesSlowly) {
  start_breathing(std::nullopt);
  lights(4 * 60);
  Variant variant;
  variant.minutes = 3;
  ask(request::SetVariant{"K7F", variant});
  ask(request::SetParticipant{"K7F"});
  EXPECT_EQ(mode(), RoomMode::stopping);
  EXPECT_NEAR(seen().remaining_s, 60, 1) << "a third of three minutes";
  lights(4 * 60 + 62);
  EXPECT_EQ(mode(), RoomMode::idle);
}

TEST_F(Dosed, RedDoesNotStayForWhoMayNotHaveIt) {
  Variant variant;
  variant.red = true;
  ask(request::SetVariant{"K7F", variant});
  start_breathing("K7F");
  ask(request::SetLight{0.2, 1500});
  ask(request::SetParticipant{"B22"});
  EXPECT_FALSE(is_saturated_red(seen().light.cct_k));
  ask(request::Undo{});
  EXPECT_FALSE(is_saturated_red(seen().light.cct_k));
}

TEST_F(Dosed, RedByHandIsOnlyForWhoMayHaveIt) {
  start_breathing(std::nullopt);
  ask(request::SetLight{0.2, 1500});
  EXPECT_FALSE(is_saturated_red(seen().light.cct_k));
  Variant variant;
  variant.red = true;
  ask(request::SetVariant{"K7F", variant});
  ask(request::SetParticipant{"K7F"});
  ask(request::SetLight{0.2, 1500});
  EXPECT_EQ(seen().light.cct_k, 1500);
}

TEST_F(Dosed, AnErasedParticipantHasNoDoseAnyMore) {
  may_breathe();
  EXPECT_TRUE(session.variant_of("K7F").rhythm);
  session.forget({entry::Erase::What::participant, "K7F", {}, {}});
  EXPECT_FALSE(session.variant_of("K7F").rhythm);
}

TEST_F(Dosed, ThePresetsOwnSourceIsChosenAtTheStart) {
  Variant variant;
  variant.source = "silence";
  ask(request::SetVariant{"K7F", variant});
  const auto out = start_breathing("K7F");
  ASSERT_FALSE(out.aims.empty());
  EXPECT_EQ(out.aims.back().source, "silence");
  EXPECT_EQ(seen().source, "silence");
}

}  // namespace
}  // namespace rytme::session
