// SPDX-License-Identifier: Apache-2.0
#include "tests/app/swing_room.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numbers>
#include <stdexcept>

#include <boost/json.hpp>

#include "controller/simulator/csv_rows.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::test {

namespace fs = std::filesystem;

std::vector<SwingTruth> swing_truth(const std::string& name) {
  std::vector<SwingTruth> rows;
  simulator::CsvRows file(shared("data/synthetic_swing/" + name + "_truth.csv.gz"));
  const auto t = file.column("t_s"), phase = file.column("phase_rad"), hz = file.column("freq_hz"),
             amplitude = file.column("amp_deg");
  while (file.next())
    rows.push_back({file.required(t), file.required(phase), file.required(hz), file.required(amplitude)});
  return rows;
}

std::string swing_recording(const std::string& name) {
  return shared("data/synthetic_swing/" + name + "_imu.csv.gz").string();
}

// The phase goes through 0, or from π to -π.
std::vector<double> turning_points_s(const std::vector<SwingTruth>& truth) {
  std::vector<double> out;
  for (std::size_t i = 1; i < truth.size(); ++i) {
    const double before = truth[i - 1].phase_rad, here = truth[i].phase_rad;
    const bool wraps = before > here;
    if (!wraps && !(before < 0 && here >= 0)) continue;
    const double way = here - before + (wraps ? 2 * std::numbers::pi : 0);
    const double to_turn = (wraps ? std::numbers::pi : 0) - before;
    out.push_back(truth[i - 1].t_s + (truth[i].t_s - truth[i - 1].t_s) * to_turn / way);
  }
  return out;
}

double last_sample_s(const std::string& payload) {
  const auto frame = boost::json::parse(payload).as_object();
  double last_us = frame.at("t_us").to_number<double>();
  const auto& steps = frame.at("dt_us");
  if (steps.is_array()) {
    for (const auto& step : steps.as_array()) last_us += step.to_number<double>();
    return last_us / 1e6;
  }
  const auto steps_taken = static_cast<double>(frame.at("ax").as_array().size() - 1);
  return (last_us + steps.to_number<double>() * steps_taken) / 1e6;
}

EvenSettings::EvenSettings(double bpm) {
  std::string name = (fs::temp_directory_path() / "rytme-swing-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
  fs::copy("config", path_, fs::copy_options::recursive);
  std::ofstream(path_ / "presets/even.toml")
      << "id = \"even\"\nversion = 1\ndirection = \"down\"\nname = { nb = \"Jevn\", en = \"Even\" }\n"
         "minutes = 30\n[[phase]]\nid = \"stay\"\ntempo = { bpm = "
      << bpm << " }\nvolume = 0.3\n[[phase]]\nid = \"close\"\nminutes = 1\nlight = \"safe\"\n";
}

EvenSettings::~EvenSettings() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

SwingRoom::SwingRoom(const std::string& name, double bpm, std::unique_ptr<simulator::MqttPeer> player)
    : settings_(bpm),
      truth_(swing_truth(name)),
      turning_s_(turning_points_s(truth_)),
      room(settings_.path(), swing_recording(name)) {
  if (player) room.take_the_place_of(std::move(player));
  room.on_device_message = [this](const MqttPublish& message) {
    if (!began_ && message.topic.ends_with("motion/frame"))
      began_ = room.now().steady - seconds(last_sample_s(message.payload));
  };
  room.ask(request::StartSession{"even", std::nullopt, true});
  room.ask(request::SetFollow{std::nullopt, true});
  room.run_until(std::chrono::seconds{30}, [&] { return began_.has_value(); });
}

const SwingTruth& SwingRoom::truth() const {
  const double step_s = truth_[1].t_s - truth_[0].t_s;
  return truth_.at(static_cast<std::size_t>(t_s() / step_s));
}

double SwingRoom::error_deg(int beats) {
  const auto after = std::upper_bound(turning_s_.begin(), turning_s_.end(), t_s());
  const double last_s = *(after - 1), next_s = after == turning_s_.end() ? last_s + 0.5 / truth().hz : *after;
  const double half_turns =
      static_cast<double>(after - 1 - turning_s_.begin()) + (t_s() - last_s) / (next_s - last_s);
  const double turns = beats * half_turns / 2;
  double off = turns - room.beat_phase();
  if (beats % 2 == 1) off = (off * 2 - std::round(off * 2)) / 2;
  return (off - std::round(off)) / beats * 360;
}

std::string SwingRoom::last_decision() const {
  std::string data;
  for (const auto& entry : room.entries) {
    const auto* event = std::get_if<entry::Event>(&entry.what);
    if (event != nullptr && event->kind == "follow") data = event->data;
  }
  return data;
}

std::vector<std::pair<double, double>> SwingRoom::tempi() const {
  std::vector<std::pair<double, double>> told;
  for (const auto& sent : room.published)
    if (sent.message.topic.ends_with("player/bpm/set"))
      told.emplace_back(seconds_between(Instant{}, sent.at), std::stod(sent.message.payload));
  return told;
}

}  // namespace rytme::test
