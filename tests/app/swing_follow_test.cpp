// SPDX-License-Identifier: Apache-2.0
// Tempo that follows a swing, from the sensor's frames to the player's beat: recorded swings with their exact
// truth through the whole core, the player modelled as one that bends its beat and never jumps.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numbers>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "controller/simulator/csv_rows.hpp"
#include "tests/app/simulated_room.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

struct Truth {
  double t_s{}, phase_rad{}, hz{}, amplitude_deg{};
};

std::vector<Truth> truth_of(const std::string& name) {
  std::vector<Truth> rows;
  simulator::CsvRows file(shared("data/synthetic_swing/" + name + "_truth.csv.gz"));
  const auto t = file.column("t_s"), phase = file.column("phase_rad"), hz = file.column("freq_hz"),
             amplitude = file.column("amp_deg");
  while (file.next())
    rows.push_back({file.required(t), file.required(phase), file.required(hz), file.required(amplitude)});
  return rows;
}

// The example settings with one more preset that runs at an even tempo.
class Settings {
 public:
  explicit Settings(double bpm) {
    std::string name = (fs::temp_directory_path() / "rytme-swing-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
    fs::copy("config", path_, fs::copy_options::recursive);
    std::ofstream(path_ / "presets/even.toml")
        << "id = \"even\"\nversion = 1\ndirection = \"down\"\nname = { nb = \"Jevn\", en = \"Even\" }\n"
           "minutes = 30\n[[phase]]\nid = \"stay\"\ntempo = { bpm = "
        << bpm << " }\nvolume = 0.3\n[[phase]]\nid = \"close\"\nminutes = 1\nlight = \"safe\"\n";
  }
  ~Settings() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

class Swing {
 public:
  Swing(const std::string& name, double bpm)
      : settings_(bpm),
        room(settings_.path(), shared("data/synthetic_swing/" + name + "_imu.csv.gz").string()),
        truth_(truth_of(name)) {
    // When the recording's clock is: a frame comes as its last sample is taken.
    room.on_device_message = [this](const MqttPublish& message) {
      if (recording_began_ || !message.topic.ends_with("motion/frame")) return;
      const auto frame = boost::json::parse(message.payload).as_object();
      double last_us = frame.at("t_us").to_number<double>();
      const auto& steps = frame.at("dt_us");
      if (steps.is_array())
        for (const auto& step : steps.as_array()) last_us += step.to_number<double>();
      else
        last_us += steps.to_number<double>() * static_cast<double>(frame.at("ax").as_array().size() - 1);
      recording_began_ = room.now().steady - seconds(last_us / 1e6);
    };
    for (std::size_t i = 1; i < truth_.size(); ++i) {
      // The phase goes through 0, or from π to -π.
      const double before = truth_[i - 1].phase_rad, here = truth_[i].phase_rad;
      const bool wraps = before > here;
      if (!wraps && !(before < 0 && here >= 0)) continue;
      const double way = here - before + (wraps ? 2 * std::numbers::pi : 0);
      const double to_turn = (wraps ? std::numbers::pi : 0) - before;
      turning_s_.push_back(truth_[i - 1].t_s + (truth_[i].t_s - truth_[i - 1].t_s) * to_turn / way);
    }
    room.ask(request::StartSession{"even", std::nullopt, true});
    room.ask(request::SetFollow{std::nullopt, true});
    room.run_until(std::chrono::seconds{30}, [&] { return recording_began_.has_value(); });
  }
  bool over() const { return t_s() + 1 > truth_.back().t_s; }
  double t_s() const { return seconds_between(*recording_began_, room.now().steady); }
  const Truth& truth() const {
    const double step_s = truth_[1].t_s - truth_[0].t_s;
    return truth_.at(static_cast<std::size_t>(t_s() / step_s));
  }
  // How far the beat is from where it should be, in degrees of the swing: beats fall on turning points and go
  // evenly between them, where the phase of a large swing does not. Half a swing off is the other turning
  // point, which an odd number of beats may have chosen.
  double error_deg(int beats) {
    const auto after = std::upper_bound(turning_s_.begin(), turning_s_.end(), t_s());
    const double last_s = *(after - 1),
                 next_s = after == turning_s_.end() ? last_s + 0.5 / truth().hz : *after;
    const double half_turns =
        static_cast<double>(after - 1 - turning_s_.begin()) + (t_s() - last_s) / (next_s - last_s);
    const double turns = beats * half_turns / 2;
    double off = turns - room.beat_phase();
    if (beats % 2 == 1) off = (off * 2 - std::round(off * 2)) / 2;
    return (off - std::round(off)) / beats * 360;
  }
  int beats() const { return room.state().follow.beats_per_swing; }
  void step() { room.run(milliseconds{50}); }
  std::string last_decision() const {
    std::string data;
    for (const auto& entry : room.entries) {
      const auto* event = std::get_if<entry::Event>(&entry.what);
      if (event != nullptr && event->kind == "follow") data = event->data;
    }
    return data;
  }
  // Every tempo that was told, with when.
  std::vector<std::pair<double, double>> tempi() const {
    std::vector<std::pair<double, double>> told;
    for (const auto& sent : room.published)
      if (sent.message.topic.ends_with("player/bpm/set"))
        told.emplace_back(seconds_between(Instant{}, sent.at), std::stod(sent.message.payload));
    return told;
  }

 private:
  Settings settings_;

 public:
  SimulatedRoom room;

 private:
  std::vector<Truth> truth_;
  std::vector<double> turning_s_;
  std::optional<Instant> recording_began_;
};

void expect_no_jump(const std::vector<std::pair<double, double>>& tempi) {
  for (std::size_t i = 1; i < tempi.size(); ++i) {
    const double share = std::abs(tempi[i].second / tempi[i - 1].second - 1);
    const double time_s = tempi[i].first - tempi[i - 1].first;
    EXPECT_LE(share, 0.01 * std::max(time_s, 1.0) + 1e-6) << tempi[i - 1].second << " to " << tempi[i].second;
  }
}

class SwingFollow : public testing::TestWithParam<std::pair<std::string, double>> {};

TEST_P(SwingFollow, EightPeriodsAfterItLockedTheBeatIsWithin10DegreesOfTheSwing) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  const auto& [name, bpm] = GetParam();
  Swing swing(name, bpm);
  while (!swing.over() && swing.beats() == 0) swing.step();
  ASSERT_GT(swing.beats(), 0) << "it never locked";
  const double locked_s = swing.t_s();
  double worst = 0, sum = 0;
  int count = 0;
  int beats = swing.beats();
  while (!swing.over()) {
    swing.step();
    if (swing.beats() == 0) break;
    beats = swing.beats();
    if ((swing.t_s() - locked_s) * swing.truth().hz < 8) continue;
    const double error = std::abs(swing.error_deg(beats));
    worst = std::max(worst, error);
    sum += error;
    ++count;
  }
  ASSERT_GT(count, 100) << swing.last_decision() << "; locked at " << locked_s
                        << " s, it did not stay so after " << swing.t_s() << " s";
  std::printf("%-20s n %d, locked at %.1f s, mean %.1f deg, worst %.1f deg of the swing\n", name.c_str(),
              beats, locked_s, sum / count, worst);
  EXPECT_LE(worst, 10);
  expect_no_jump(swing.tempi());
}

INSTANTIATE_TEST_SUITE_P(Recorded, SwingFollow,
                         testing::Values(std::pair{std::string("swing_pumped"), 84.0},
                                         std::pair{std::string("swing_free_decay"), 66.0},
                                         std::pair{std::string("hammock_gentle"), 77.0},
                                         std::pair{std::string("nest_swing_elliptic"), 84.0}),
                         [](const auto& of) { return of.param.first; });

TEST(SwingFollow, RunsFreeWithinOneAndAHalfPeriodsOfAStop) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  Swing swing("start_stop", 90);
  int stops = 0;
  bool was_swinging = false;
  double stopped_s = 0, hz = 0;
  while (!swing.over()) {
    swing.step();
    const bool swings = swing.truth().amplitude_deg > 5;
    if (was_swinging && !swings && swing.beats() > 0) {
      stopped_s = swing.t_s();
      while (!swing.over() && swing.beats() > 0) swing.step();
      const double periods = (swing.t_s() - stopped_s) * hz;
      std::printf("free after %.2f periods\n", periods);
      EXPECT_LE(periods, 1.5);
      ++stops;
    }
    was_swinging = swings;
    if (swings) hz = swing.truth().hz;
  }
  EXPECT_GT(stops, 0);
  expect_no_jump(swing.tempi());
}

}  // namespace
}  // namespace rytme::test
