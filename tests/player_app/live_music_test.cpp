// SPDX-License-Identifier: Apache-2.0
// `rytme-player serve` with a music library, live.
#include <fstream>
#include <iterator>
#include <sstream>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/player_app/music_library.hpp"
#include "tests/player_app/serve_test.hpp"

namespace rytme::player_app {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

// Processor time of a process so far.
double cpu_s(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  const std::string line{std::istreambuf_iterator<char>(in), {}};
  std::istringstream after_name(line.substr(line.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) after_name >> skipped;
  double user{}, system{};
  after_name >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

// The process and its tracks.
double all_cpu_s(pid_t pid) {
  std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", pid));
  double sum = cpu_s(pid);
  for (pid_t child{}; children >> child;) sum += cpu_s(child);
  return sum;
}

class LiveMusic : public ServeTest {
 protected:
  void play(const std::string& bpm, const std::string& track) {
    ASSERT_NE(room.wait_message(node + "player/play").payload, "<none>");
    say("bpm", bpm);
    say("track", track);
    say("source", "library");
    say("volume", "100");
    say("play", "true");
    ASSERT_TRUE(tells("track", track));
  }
};

TEST_F(LiveMusic, AStretchedTrackCostsLessThanATenthOfACore) {
  const MusicLibrary library({{"steady", {.bpm = 80}}});
  PlayerProcess player(library.folder(), broker.port());
  play("72", "steady");
  double least = 1;  // of four times 3 s: what others leave of the cache is not ours to answer for
  for (int i = 0; i < 4; ++i) {
    const double before_s = all_cpu_s(player.pid());
    const auto began = mqtt::test::now();
    std::this_thread::sleep_for(3s);
    least = std::min(least, (all_cpu_s(player.pid()) - before_s) / seconds_between(began, mqtt::test::now()));
  }
  EXPECT_GT(loudest(player.heard(player.frames() - 48000)), 0.02);
  std::printf("%.1f %% of a core\n", 100 * least);
  EXPECT_GT(least, 0.001);
  EXPECT_LE(least, 0.10);
}

TEST_F(LiveMusic, ALibraryThatDisappearsIsToldAndThePulseGoesOn) {
  const MusicLibrary library({{"short", {.bpm = 80, .seconds = 16}}});
  PlayerProcess player(library.folder(), broker.port());
  play("80", "short");
  fs::remove_all(library.music());
  EXPECT_TRUE(tells("status", "library_missing"));
  ASSERT_TRUE(tells("track", "none"));
  const auto ended = player.frames();
  ASSERT_TRUE(becomes([&] { return player.frames() > ended + 6 * 48000; }));
  EXPECT_GT(loudest(player.heard(ended + 4 * 48000)), 0.02);
}

// What a disk that hangs is like: its file opens and never ends.
TEST_F(LiveMusic, ALibraryOnADiskThatHangsHoldsUpNothing) {
  ASSERT_EQ(::mkfifo((folder.path() / "music.json").c_str(), 0600), 0);
  PlayerProcess player(folder, broker.port());
  ASSERT_NE(room.wait_message(node + "player/play").payload, "<none>");
  say("volume", "100");
  say("play", "true");
  ASSERT_TRUE(becomes([&] { return player.frames() > 6 * 48000; }));
  EXPECT_GT(loudest(player.heard(4 * 48000)), 0.02);
  EXPECT_EQ(player.end(), 0);
}

}  // namespace
}  // namespace rytme::player_app
