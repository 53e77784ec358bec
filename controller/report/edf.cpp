// SPDX-License-Identifier: Apache-2.0
// A session as EDF+C. Where nothing is known stands the digital minimum, and each such stretch is an
// annotation: values are never invented. Low-rate values stand at 4 Hz as long as they hold; motion at the
// node's own rate, the nearest sample within one step. RR are annotations whose duration is the interval.
// Nothing says whose session it is, or which adult did what.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "controller/report/boundary.hpp"
#include "controller/report/edf_file.hpp"
#include "controller/report/export.hpp"
#include "controller/report/motion_track.hpp"
#include "controller/report/timeline.hpp"
#include "controller/room/capability.hpp"

namespace rytme::report {
namespace {

using journal::SessionFacts;

constexpr int slow_hz = 4;
constexpr double edf_time_limit_s = 7.0 * 24 * 3600;  // a broken stamp must not make a file of years

struct ShortName {
  std::string_view channel, label;
};
constexpr std::array<ShortName, 12> short_names{{{"hr.bpm", "HR"},
                                                 {"hr.mean10_bpm", "HR10s"},
                                                 {"hr.rmssd60_ms", "RMSSD60"},
                                                 {"arousal.index", "Index"},
                                                 {"arousal.level", "Level"},
                                                 {"light.level", "Light"},
                                                 {"light.cct_k", "CCT"},
                                                 {"player.bpm", "Tempo"},
                                                 {"player.volume", "Volume"},
                                                 {"player.mute", "Mute"},
                                                 {"env.lux", "Lux"},
                                                 {"env.sound_db", "Sound"}}};

std::string label_of(const std::string& channel) {
  const auto* found = std::find_if(short_names.begin(), short_names.end(),
                                   [&](const ShortName& each) { return each.channel == channel; });
  return std::string(found != short_names.end() ? found->label
                                                : std::string_view(channel).substr(channel.find('.') + 1));
}

class Builder {
 public:
  explicit Builder(const SessionFacts& facts) : facts_(facts), clock_(facts) {
    length_s_ = std::min(clock_.length_s(), edf_time_limit_s);
    file_.records = std::max(1, static_cast<int>(std::ceil(length_s_)));
  }
  std::string bytes() {
    set_start();
    add_provenance();
    add_readings();
    add_commands();
    for (const auto& device : devices_of(facts_, "motion")) add_motion(device);
    for (const auto& device : devices_of(facts_, "heart")) add_beats(device);
    add_events();
    return to_bytes(file_);
  }

 private:
  void set_start();
  void add_provenance();
  void add_readings();
  void add_commands();
  void add_slow(const Track& track, std::string_view how);
  void add_motion(const std::string& device);
  void add_axis(const MotionTrack& track, std::size_t axis, const std::vector<std::int64_t>& nearest);
  std::vector<std::int64_t> nearest_samples(const MotionTrack& track) const;
  void add_beats(const std::string& device);
  void add_events();
  std::string unique_label(const std::string& what, const std::string& device);
  void note(std::string text) { file_.annotations.push_back({0, std::move(text)}); }
  void note_gap(Span gap, const std::string& label) {
    file_.annotations.push_back(
        {gap.from_s, "No data: " + label, fmt::format("{:.3f}", gap.to_s - gap.from_s)});
  }
  void note_unreadable(std::size_t chunks, const std::string& device) {
    if (chunks > 0) note(fmt::format("{}: {} stored chunks cannot be read", device, chunks));
  }

  const SessionFacts& facts_;
  SessionClock clock_;
  double length_s_{};
  EdfFile file_;
  std::set<std::string> labels_;
};

// The local time of the start; a time of our own form or the standard's "unknown", 1985.
void Builder::set_start() {
  const std::string& t = facts_.start.t;
  file_.equipment = "Rytme_" + facts_.record.software;
  std::replace(file_.equipment.begin(), file_.equipment.end(), ' ', '_');
  if (t.size() < 29) return;
  const auto number = [&](std::size_t from, std::size_t length) { return std::stoi(t.substr(from, length)); };
  file_.year = number(0, 4);
  file_.month = number(5, 2);
  file_.day = number(8, 2);
  file_.hour = number(11, 2);
  file_.minute = number(14, 2);
  file_.second = number(17, 2);
  file_.millisecond = number(20, 3);
}

void Builder::add_provenance() {
  const auto& record = facts_.record;
  const auto& share = record.summary.valid_share;
  note(boundary_nb);
  note(boundary_en);
  note(purpose_nb);
  note(purpose_en);
  note("Software " + record.software);
  note("Formulas " + record.formula_version);
  note("Settings " + record.settings_hash);
  note(fmt::format("Preset {} version {}", record.summary.preset, record.summary.preset_version));
  note(share ? fmt::format("Valid heart time {:.1f} %", *share * 100) : "Valid heart time: none recorded");
  note("No data is the digital minimum; each stretch of it is annotated");
  if (clock_.restarted()) note("The machine restarted: time across it is by the wall clock");
}

std::string Builder::unique_label(const std::string& what, const std::string& device) {
  const std::string wanted = (what + " " + device).substr(0, 16);
  std::string label = wanted;
  for (int i = 2; !labels_.insert(label).second; ++i) label = wanted.substr(0, 13) + "~" + std::to_string(i);
  return label;
}

void Builder::add_slow(const Track& track, std::string_view how) {
  EdfSignal signal;
  signal.label = unique_label(label_of(track.channel), track.device);
  signal.transducer = fmt::format("{} {} {}", track.device, track.channel, how);
  signal.dimension = track.unit;
  double least = 0, most = 0;
  for (const Held& part : track.held) {
    least = std::min(least, part.value);
    most = std::max(most, part.value);
  }
  signal.scale = edf_scale(least, most);
  signal.per_record = slow_hz;
  signal.samples.assign(static_cast<std::size_t>(file_.records) * slow_hz, EdfScale::no_data);
  for (const Held& part : track.held) {
    const auto from = static_cast<std::size_t>(std::ceil(part.from_s * slow_hz));
    const auto to = std::min(signal.samples.size(), static_cast<std::size_t>(std::ceil(part.to_s * slow_hz)));
    for (std::size_t i = from; i < to; ++i) signal.samples[i] = signal.scale.digital(part.value);
    if (part.doubtful)
      file_.annotations.push_back(
          {part.from_s, "Doubtful: " + signal.label, fmt::format("{:.3f}", part.to_s - part.from_s)});
  }
  for (const Span& gap : gaps(track.held, length_s_)) note_gap(gap, signal.label);
  file_.signals.push_back(std::move(signal));
}

void Builder::add_readings() {
  bool heart = false;
  for (const Track& track : reading_tracks(facts_, clock_)) {
    const auto capability = capability_from(track.channel);
    if (!capability) continue;
    const bool room = *capability == Capability::env_lux || *capability == Capability::env_sound_db;
    if (!room && !rytme::info(*capability).from_body) continue;
    heart = heart || *capability == Capability::hr_bpm;
    add_slow(track, "as measured");
  }
  if (!heart) add_slow({"", "hr.bpm", "bpm", {}}, "none recorded");
}

void Builder::add_commands() {
  static constexpr std::array<std::string_view, 5> wanted{"light.level", "light.cct_k", "player.bpm",
                                                          "player.volume", "player.mute"};
  for (const Track& track : command_tracks(facts_, clock_))
    if (std::find(wanted.begin(), wanted.end(), track.channel) != wanted.end())
      add_slow(track, "as commanded");
}

// For each point of the grid the sample nearest to it, -1 where none is within one step.
std::vector<std::int64_t> Builder::nearest_samples(const MotionTrack& track) const {
  std::vector<std::int64_t> nearest(
      static_cast<std::size_t>(file_.records) * static_cast<std::size_t>(track.rate_hz), -1);
  std::size_t at = 0;
  for (std::size_t i = 0; i < nearest.size() && !track.samples.empty(); ++i) {
    const double t_s = static_cast<double>(i) / track.rate_hz;
    const auto off = [&](std::size_t sample) { return std::abs(track.samples[sample].t_s - t_s); };
    while (at + 1 < track.samples.size() && off(at + 1) <= off(at)) ++at;
    if (off(at) * track.rate_hz <= 1) nearest[i] = static_cast<std::int64_t>(at);
  }
  return nearest;
}

void Builder::add_axis(const MotionTrack& track, std::size_t axis, const std::vector<std::int64_t>& nearest) {
  static constexpr std::array<const char*, 6> axes{"ax", "ay", "az", "gx", "gy", "gz"};
  EdfSignal signal;
  signal.label = unique_label(axes.at(axis), track.device);
  signal.transducer = track.device + " " + axes.at(axis);
  signal.dimension = axis < 3 ? "m/s2" : "rad/s";
  double most = 0;
  for (const MotionSample& sample : track.samples)
    if (std::isfinite(sample.axes.at(axis))) most = std::max(most, std::abs(double{sample.axes.at(axis)}));
  signal.scale = edf_scale(-std::max(most, 1e-4), most);
  signal.per_record = track.rate_hz;
  signal.samples.reserve(nearest.size());
  for (const std::int64_t sample : nearest) {
    const float value =
        sample < 0 ? std::nanf("") : track.samples[static_cast<std::size_t>(sample)].axes.at(axis);
    signal.samples.push_back(std::isfinite(value) ? signal.scale.digital(value) : EdfScale::no_data);
  }
  file_.signals.push_back(std::move(signal));
}

void Builder::add_motion(const std::string& device) {
  const MotionTrack track = motion_track(facts_, clock_, device);
  const auto nearest = nearest_samples(track);
  for (std::size_t axis = 0; axis < (track.gyro ? 6U : 3U); ++axis) add_axis(track, axis, nearest);
  std::vector<Held> known;
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    const double from_s = static_cast<double>(i) / track.rate_hz;
    if (nearest[i] >= 0) known.push_back({from_s, static_cast<double>(i + 1) / track.rate_hz});
  }
  for (const Span& gap : gaps(known, length_s_)) note_gap(gap, "motion " + device);
  if (track.outside > 0)
    note(fmt::format("{}: {} motion samples outside the session are left out", device, track.outside));
  note_unreadable(track.unreadable, device);
}

void Builder::add_beats(const std::string& device) {
  const BeatTrack track = beat_track(facts_, clock_, device);
  for (const Beat& beat : track.beats)
    file_.annotations.push_back({beat.from_s, "RR " + device, fmt::format("{:.10f}", beat.rr_1024 / 1024.0)});
  note_unreadable(track.unreadable, device);
}

// The data of an event without who it was.
std::string event_text(const journal::EventFact& event) {
  static const std::set<std::string_view> people{"actor",       "role", "actor_id", "origin",
                                                 "participant", "was",  "by"};
  std::string text = event.kind;
  boost::system::error_code error;
  const auto parsed = boost::json::parse(event.data, error);
  if (error || !parsed.is_object()) return text;
  for (const auto& field : parsed.as_object())
    if (!people.contains(std::string_view(field.key().data(), field.key().size())))
      text += " " + std::string(field.key()) + "=" + boost::json::serialize(field.value());
  return text;
}

void Builder::add_events() {
  for (const auto& event : facts_.events)
    file_.annotations.push_back({clock_.at(event.at), event_text(event)});
  for (const auto& rating : facts_.ratings)
    file_.annotations.push_back({clock_.at(rating.at), fmt::format("rating of {} by {}, {}: {}", rating.whose,
                                                                   rating.by, rating.when, rating.state)});
}

}  // namespace

std::string edf(const SessionFacts& facts) { return Builder(facts).bytes(); }

}  // namespace rytme::report
