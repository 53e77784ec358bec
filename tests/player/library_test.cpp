// SPDX-License-Identifier: Apache-2.0
#include "controller/player/library.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "controller/player/track_analysis.hpp"

namespace rytme::player {
namespace {

namespace fs = std::filesystem;

TEST(Library, AHintChoosesAmongTheFamilyOfTheMeasuredTempo) {
  EXPECT_EQ(same_beat(140, 70), 70);
  EXPECT_EQ(same_beat(70, 141), 140);
  EXPECT_EQ(same_beat(90, 61), 60);
  EXPECT_EQ(same_beat(61.3, 60), 61.3);
  EXPECT_FALSE(same_beat(100, 83));
}

TEST(Library, IdsAreWhatMayStandOnATopic) {
  EXPECT_EQ(track_id("Kveld/Rolig sang (2).mp3"), "kveld-rolig-sang-2");
  EXPECT_EQ(track_id("Ære være.flac"), "re-v-re");
  EXPECT_EQ(track_id("…"), "track");
  EXPECT_EQ(track_id(std::string(200, 'a') + ".wav").size(), 64U);
}

TEST(Library, IsReadAsItWasWrittenAndNothingElseIsTakenForOne) {
  const auto file = fs::temp_directory_path() / ("rytme-library-" + std::to_string(::getpid()));
  Library library;
  library.folder = "/music";
  Track track;
  track.id = "a";
  track.title = "Å \"vugge\"";
  track.bpm = 61.25;
  track.origin = TempoOrigin::tap;
  library.tracks = {track};
  save_library(library, file);
  const auto read = load_library(file);
  EXPECT_EQ(read.folder, "/music");
  ASSERT_EQ(read.tracks.size(), 1U);
  EXPECT_EQ(read.tracks[0].title, track.title);
  EXPECT_EQ(read.tracks[0].bpm, 61.25);
  EXPECT_EQ(read.tracks[0].origin, TempoOrigin::tap);
  for (const auto* text : {"", "[]", "{\"folder\":1}", "{\"folder\":\"\",\"tracks\":[{}]}"}) {
    std::ofstream(file) << text;
    EXPECT_THROW(load_library(file), std::runtime_error) << text;
  }
  fs::remove(file);
  EXPECT_TRUE(load_library(file).tracks.empty());
}

TEST(Library, OnlyWhatCanBeReadBackIsANameInIt) {
  for (const char* good : {"sang.mp3", "Kveld/Ære være.flac", "🌊.wav"})
    EXPECT_TRUE(can_be_named(good)) << good;
  for (const char* bad : {"", "sk\xf8yting.wav", "two\nlines.wav", "tab\t.wav", "\xed\xa0\x80.wav", "\x7f"})
    EXPECT_FALSE(can_be_named(bad)) << bad;
}

TEST(EvenBeats, FindsTheRowThroughFalseDoubledAndMissingBeats) {
  std::vector<double> heard;
  for (int i = 0; i < 200; ++i) {
    if (i % 7 == 3) continue;
    heard.push_back(0.35 + i * 60 / 72.4 + 0.01 * (i % 3 - 1));
    if (i % 11 == 5) heard.push_back(0.35 + (i + 0.4) * 60 / 72.4);
  }
  const auto row = even_beats({heard, heard, {}});
  EXPECT_NEAR(row.bpm, 72.4, 0.01);
  EXPECT_NEAR(row.first_s, 0.35, 0.01);
  EXPECT_NEAR(row.share, 0.86, 0.05);
}

TEST(EvenBeats, ATrackerThatRunsTooFastAndJumpsIsPutRightByWhatIsHeard) {
  Heard heard;
  for (int i = 0; i < 200; ++i) {
    const double beat_s = 0.2 + i * 0.375;
    heard.low.push_back(beat_s);
    heard.begins.push_back(beat_s);
    heard.begins.push_back(beat_s + 0.5 * 0.375);
    heard.beats.push_back(beat_s + 0.5 * 0.375 - 0.007 * (i % 7));  // on the hats as well
  }
  const auto row = even_beats(heard);
  EXPECT_NEAR(row.bpm, 160, 0.01);
  EXPECT_NEAR(row.first_s, 0.2, 0.001);
  EXPECT_GT(row.share, 0.95);
}

TEST(EvenBeats, RubatoHasNoRowHoweverMuchIsHeard) {
  Heard heard;
  double beat_s = 0;
  for (int i = 1; i < 200; ++i) {
    const double gap_s = 0.6 * (1 + 0.2 * std::sin(i * 0.3));
    heard.beats.push_back(beat_s);
    for (int part = 0; part < 4; ++part) heard.begins.push_back(beat_s + part * gap_s / 4);
    beat_s += gap_s;
  }
  EXPECT_LT(even_beats(heard).share, least_confidence);
}

}  // namespace
}  // namespace rytme::player
