// SPDX-License-Identifier: Apache-2.0
// A library made, imported, stretched and listened to: real libmpv, aubio and libebur128, and for the beats
// aubio's own onset tool.
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "controller/player/library.hpp"
#include "tests/player/listening.hpp"
#include "tests/player_app/made_music.hpp"
#include "tests/player_app/player_process.hpp"

namespace rytme::player_app {
namespace {

namespace fs = std::filesystem;
using player::between;
using player::bpm_of;

// When the bass drum is heard: aubio hears the hats too.
std::vector<double> kicks(const fs::path& file, double apart_s) {
  const auto low = fs::path(file).replace_filename("low.wav");
  const auto line =
      fmt::format("sox {} {} lowpass 150 lowpass 150 gain -n -1 2>/dev/null", file.string(), low.string());
  EXPECT_EQ(std::system(line.c_str()), 0) << "is sox installed?";
  return player::onsets(low, apart_s);
}

// One folder of every kind of file, imported once for all tests here.
class Tracks : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = new Folder;
    const auto music = *folder / "music";
    fs::create_directories(music / "sub");
    write_piece({.bpm = 80}, music / "steady.wav");
    write_piece({.bpm = 92, .off_beat = 2.0 / 3, .rate = 48000}, music / "sub" / "Swing Song.wav");
    write_piece({.bpm = 86, .rate = 22050, .gain = 0.1}, music / "quiet22.wav");
    write_piece({.bpm = 118, .rate = 96000}, music / "odd96.wav");
    write_piece({.bpm = 75, .rate = 11025, .gain = 8}, music / "clipped.wav");
    write_piece({.bpm = 70, .rubato = 0.25}, music / "rubato.wav");
    write_piece({.bpm = 150, .tagged_bpm = 75}, music / "tagged.wav");
    write_piece({.bpm = 60, .gain = 0}, music / "silent.wav");
    std::ofstream(music / "empty.mp3");
    std::ofstream(music / "junk.flac") << std::string(5000, 'x');
    std::ofstream(music / "notes.txt") << "no music";
    write_piece({.bpm = 100}, music / "cut.wav");
    fs::resize_file(music / "cut.wav", 30);
    code = run_player({"import", music.string(), "--data", folder->path().string()}, &printed);
    // As staff would where the detector found the hats too.
    for (const auto& [id, bpm] : {std::pair{"steady", "80"}, {"quiet22", "86"}})
      run_player({"tap", id, "--bpm", bpm, "--data", folder->path().string()});
    for (const auto& track : library().tracks) tracks[track.id] = track;
  }
  static void TearDownTestSuite() { delete folder; }
  static player::Library library() { return player::load_library(*folder / "music.json"); }

  // What `render` writes for these wishes.
  static fs::path rendered(double seconds, std::vector<std::string> wishes) {
    const auto file = *folder / "out.wav";
    std::vector<std::string> words{
        "render", file.string(), "--data", folder->path().string(), "--seconds", fmt::format("{}", seconds)};
    words.insert(words.end(), wishes.begin(), wishes.end());
    EXPECT_EQ(run_player(words), 0);
    return file;
  }

  static inline Folder* folder{};
  static inline int code{};
  static inline std::string printed;
  static inline std::map<std::string, player::Track> tracks;
};

TEST_F(Tracks, ImportMeasuresWhatIsMusicAndNamesWhatIsNot) {
  EXPECT_EQ(code, 1);
  for (const auto* line :
       {"silent\tsilent.wav", "unreadable\tempty.mp3", "unreadable\tjunk.flac", "unreadable\tcut.wav"})
    EXPECT_THAT(printed, testing::HasSubstr(line));
  EXPECT_THAT(printed, testing::Not(testing::HasSubstr("notes")));
  const std::map<std::string, double> wanted{{"steady", 80}, {"sub-swing-song", 92}, {"quiet22", 86},
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

TEST_F(Tracks, ATapMendsAnOctaveAndIsKeptAtTheNextImport) {
  const double measured = tracks["odd96"].bpm;
  const auto data = folder->path().string();
  ASSERT_EQ(run_player({"tap", "odd96", "--bpm", fmt::format("{:.0f}", measured / 2), "--data", data}), 0);
  EXPECT_NEAR(library().find("odd96")->bpm, measured / 2, 1e-6);
  EXPECT_EQ(run_player({"tap", "no-such", "--bpm", "60", "--data", data}), 1);
  ASSERT_EQ(run_player({"tap", "odd96", "--bpm", fmt::format("{:.0f}", measured), "--data", data}), 0);
  EXPECT_NEAR(library().find("odd96")->bpm, measured, 0.001 * measured);
  EXPECT_EQ(library().find("odd96")->origin, player::TempoOrigin::tap);
}

class Stretched : public Tracks, public testing::WithParamInterface<double> {};

TEST_P(Stretched, KeepsTheWantedTempoWithinOnePercent) {
  const double bpm = 80 * GetParam();
  const auto file = rendered(
      45, {"source=library", fmt::format("bpm={:.3f}", bpm), "track=steady", "volume=100", "play=true"});
  const auto heard = between(kicks(file, 0.65 * 60 / bpm), 12, 44);
  ASSERT_GT(heard.size(), 30U);
  EXPECT_NEAR(bpm_of(heard), bpm, 0.01 * bpm);
  RecordProperty("error_percent", std::to_string(100 * (bpm_of(heard) / bpm - 1)));
}
INSTANTIATE_TEST_SUITE_P(Speeds, Stretched, testing::Values(0.9, 1.0, 1.07, 1.149), [](const auto& one) {
  return "Percent" + std::to_string(std::lround(one.param * 100));
});

}  // namespace
}  // namespace rytme::player_app
