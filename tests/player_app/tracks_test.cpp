// SPDX-License-Identifier: Apache-2.0
// A library made and imported: real libmpv, aubio and libebur128.
#include <fstream>
#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "controller/player/library.hpp"
#include "controller/player/track_analysis.hpp"
#include "tests/player_app/made_music.hpp"
#include "tests/player_app/player_process.hpp"

namespace rytme::player_app {
namespace {

namespace fs = std::filesystem;

TEST(Import, MeasuresWhatIsMusicAndNamesWhatIsNot) {
  const Folder folder;
  const auto music = folder / "music";
  fs::create_directories(music / "sub");
  write_piece({.bpm = 80, .seconds = 30}, music / "steady.wav");
  write_piece({.bpm = 92, .seconds = 30, .off_beat = 2.0 / 3, .rate = 48000},
              music / "sub" / "Swing Song.wav");
  write_piece({.bpm = 80, .seconds = 30, .rate = 22050, .gain = 0.1}, music / "quiet22.wav");
  write_piece({.bpm = 118, .seconds = 30, .rate = 96000}, music / "odd96.wav");
  write_piece({.bpm = 75, .seconds = 30, .rate = 11025, .gain = 8}, music / "clipped.wav");
  write_piece({.bpm = 70, .seconds = 30, .rubato = 0.25}, music / "rubato.wav");
  write_piece({.bpm = 150, .seconds = 30, .tagged_bpm = 75}, music / "tagged.wav");
  write_piece({.bpm = 60, .seconds = 10, .gain = 0}, music / "silent.wav");
  std::ofstream(music / "empty.mp3");
  std::ofstream(music / "junk.flac") << std::string(5000, 'x');
  std::ofstream(music / "notes.txt") << "no music";
  write_piece({.bpm = 100, .seconds = 10}, music / "cut.wav");
  fs::resize_file(music / "cut.wav", 30);
  std::string printed;
  const int code = run_player({"import", music.string(), "--data", folder.path().string()}, &printed);
  std::map<std::string, player::Track> tracks;
  for (const auto& track : player::load_library(folder / "music.json").tracks) tracks[track.id] = track;

  EXPECT_EQ(code, 1);
  for (const auto* line :
       {"silent\tsilent.wav", "unreadable\tempty.mp3", "unreadable\tjunk.flac", "unreadable\tcut.wav"})
    EXPECT_THAT(printed, testing::HasSubstr(line));
  EXPECT_THAT(printed, testing::Not(testing::HasSubstr("notes")));
  const std::map<std::string, double> wanted{{"steady", 80}, {"sub-swing-song", 92}, {"quiet22", 80},
                                             {"odd96", 118}, {"clipped", 75},        {"tagged", 75}};
  for (const auto& [id, bpm] : wanted) {
    ASSERT_TRUE(tracks.contains(id)) << id << '\n' << printed;
    const auto& track = tracks[id];
    const auto family = player::same_beat(track.bpm, bpm);
    ASSERT_TRUE(family) << id << ' ' << track.bpm;
    EXPECT_NEAR(*family, bpm, 0.005 * bpm) << id;
    EXPECT_GE(track.bpm_confidence, player::least_confidence) << id;
  }
  EXPECT_NEAR(tracks["tagged"].bpm, 75, 0.4);
  EXPECT_THAT(printed, testing::HasSubstr("\ttag\t"));
  EXPECT_LT(tracks["rubato"].bpm_confidence, player::least_confidence);
  EXPECT_NEAR(tracks["quiet22"].loudness_lufs, tracks["steady"].loudness_lufs - 14, 1);
  EXPECT_GT(tracks["clipped"].true_peak_dbfs, -0.5);
}

TEST(Import, ATapMendsAnOctaveAndIsKeptAtTheNextImport) {
  const Folder folder;
  const auto music = folder / "music", data = folder.path();
  fs::create_directories(music);
  write_piece({.bpm = 118, .seconds = 30}, music / "one.wav");
  const auto track = [&] { return *player::load_library(data / "music.json").find("one"); };
  const auto import = [&] { return run_player({"import", music.string(), "--data", data.string()}); };
  ASSERT_EQ(import(), 0);
  const double measured = track().bpm;
  EXPECT_EQ(track().origin, player::TempoOrigin::measured);
  ASSERT_EQ(run_player({"tap", "one", "--bpm", fmt::format("{:.0f}", measured / 2), "--data", data.string()}),
            0);
  EXPECT_NEAR(track().bpm, measured / 2, 1e-6);
  EXPECT_EQ(run_player({"tap", "no-such", "--bpm", "60", "--data", data.string()}), 1);
  ASSERT_EQ(import(), 0);
  EXPECT_NEAR(track().bpm, measured / 2, 1e-6);
  EXPECT_EQ(track().origin, player::TempoOrigin::tap);
}

player::TrackMeasured measured(Piece piece) {
  piece.rate = player::sample_rate;
  piece.seconds = 30;
  std::vector<player::Frame> frames;
  for (const double sample : samples_of(piece))
    frames.push_back({static_cast<float>(sample), static_cast<float>(sample)});
  player::TrackAnalysis analysis;
  analysis.add(frames);
  return analysis.result();
}

// Tempi from all over the range, which no table of a tracker holds: right to 0.3 %, or not offered.
TEST(TrackAnalysis, IsNotSureOfAWrongTempo) {
  int sure = 0;
  for (int i = 0; i < 10; ++i) {
    const Piece piece{
        .bpm = 57.3 + 8.27 * i, .off_beat = i % 3 == 1 ? 2.0 / 3 : 0.5, .loud_first = i % 3 != 2};
    const auto found = measured(piece);
    if (found.bpm_confidence < player::least_confidence) continue;
    const auto family = player::same_beat(found.bpm, piece.bpm);
    EXPECT_NEAR(family.value_or(0), piece.bpm, 0.003 * piece.bpm) << found.bpm;
    ++sure;
  }
  EXPECT_GE(sure, 8);
  for (const double rubato : {0.1, 0.13, 0.16})
    EXPECT_LT(measured({.bpm = 86, .rubato = rubato}).bpm_confidence, player::least_confidence) << rubato;
}

}  // namespace
}  // namespace rytme::player_app
