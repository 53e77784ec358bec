// SPDX-License-Identifier: Apache-2.0
// The same in real time and with every process of a room: recording, broker, controller, rytme-player, and a
// loudspeaker that is a file. Two to three minutes each, so only by hand:
//   build/release/bin/test_player_swing --gtest_also_run_disabled_tests --gtest_filter='*RealTime*'
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/app/swing_room.hpp"
#include "tests/end_to_end/room_under_test.hpp"
#include "tests/player/listening.hpp"
#include "tests/player/turning_points.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::player {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using test::steady_seconds;

// ALSA's file plugin holds back one buffer of what it is given, and does not count that as delay.
constexpr double held_back_s = 0.04;

// What the file plugin was given, and when.
class Loudspeaker {
 public:
  explicit Loudspeaker(const fs::path& folder) : file_(folder / "heard.raw") {
    std::ofstream(folder / "alsa.conf") << fmt::format(
        "pcm.nowhere {{ type null }}\npcm.!default {{ type file slave.pcm nowhere file \"{}\" format raw "
        "}}\n",
        file_.string());
    ::setenv("ALSA_CONFIG_PATH", (folder / "alsa.conf").c_str(), 1);
  }
  // To be called every few milliseconds.
  void look() {
    std::error_code none;
    const auto bytes = fs::file_size(file_, none);
    if (!none && (given_.empty() || bytes > given_.back().bytes)) given_.push_back({steady_seconds(), bytes});
  }
  double when(double sound_s) const {
    const auto bytes = static_cast<std::uintmax_t>(sound_s * sample_rate) * sizeof(Frame);
    for (const auto& [t_s, until] : given_)
      if (until > bytes) return t_s - held_back_s;
    return 0;
  }
  Sound sound() const {
    std::ifstream in(file_, std::ios::binary);
    Sound out(given_.back().bytes / sizeof(Frame));
    in.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size() * sizeof(Frame)));
    return out;
  }

 private:
  struct Given {
    double t_s{};
    std::uintmax_t bytes{};
  };
  fs::path file_;
  std::vector<Given> given_;
};

class SwingInRealTime : public testing::TestWithParam<std::pair<std::string, double>> {};

TEST_P(SwingInRealTime, DISABLED_TheBeatIsHeardWithin60MillisecondsOfTheTrueTurningPoint) {
  if (!test::shared_available()) GTEST_SKIP() << "no reference data";
  const auto& [name, bpm] = GetParam();
  const auto truth = test::swing_truth(name);
  const test::EvenSettings settings(bpm);
  const test::TemporaryFolder folder;
  Loudspeaker loudspeaker(folder.path());
  const auto data = folder.path() / "data";
  const test::Process demo({RYTME_PROGRAM, "demo", "--port", "0", "--config", settings.path(), "--data",
                            data.string(), "--replay", test::swing_recording(name)},
                           folder.path() / "log");
  ASSERT_TRUE(test::eventually(std::chrono::seconds{30}, [&] { return fs::exists(data / "demo.json"); }));
  std::ifstream file(data / "demo.json");
  const auto about = json::parse(std::string{std::istreambuf_iterator<char>(file), {}}).as_object();
  const std::string http(about.at("http").as_string());
  const auto& login = about.at("broker").at("observer").as_object();
  test::Observer observer("127.0.0.1", static_cast<int>(about.at("broker").at("port").as_int64()),
                          std::string(login.at("user").as_string()),
                          std::string(login.at("password").as_string()));
  ASSERT_EQ(test::http_post(http, "/api/v1/session", R"({"preset":"even"})").status, 201);
  ASSERT_EQ(test::http_post(http, "/api/v1/session/follow", R"({"swing":true})").status, 200);

  std::vector<Locked> stretches;
  double began_s = 1e12, next_question_s = 0;
  int n = 0;
  std::size_t read = 0;
  while (steady_seconds() < began_s + truth.back().t_s - 1) {
    observer.listen(std::chrono::milliseconds{3});
    loudspeaker.look();
    for (; read < observer.seen.size(); ++read) {
      const auto& seen = observer.seen[read];
      // The quickest frame says best when the recording began.
      if (seen.topic.ends_with("motion/frame"))
        began_s = std::min(began_s, seen.t_s - test::last_sample_s(seen.payload));
    }
    if (steady_seconds() < next_question_s) continue;
    next_question_s = steady_seconds() + 1;
    const auto room = test::http_get(http, "/api/v1/room").json().as_object();
    const int beats = room.at("follow").at("beats_per_swing").to_number<int>();
    const double now_s = steady_seconds() - began_s;
    if (beats != 0 && n == 0) stretches.push_back({beats, now_s + 8 / truth.at(truth.size() / 2).hz, now_s});
    n = beats;
    if (n != 0) stretches.back().to_s = now_s;
  }

  auto beats = onsets(loudspeaker.sound(), 0.6 * 60 / bpm);
  for (double& beat : beats) beat = loudspeaker.when(beat) - began_s;
  std::size_t turning_points = 0;
  for (const auto& off : off_while_locked(name, stretches, test::turning_points_s(truth), beats)) {
    EXPECT_LE(off.worst_s, 0.060);
    turning_points += off.turning_points;
  }
  EXPECT_GT(turning_points, 12U);
}

INSTANTIATE_TEST_SUITE_P(Recorded, SwingInRealTime,
                         testing::Values(std::pair{std::string("swing_pumped"), 84.0},
                                         std::pair{std::string("swing_free_decay"), 66.0},
                                         std::pair{std::string("hammock_gentle"), 77.0},
                                         std::pair{std::string("nest_swing_elliptic"), 84.0}),
                         [](const auto& of) { return of.param.first; });

}  // namespace
}  // namespace rytme::player
