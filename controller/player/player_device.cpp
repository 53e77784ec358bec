// SPDX-License-Identifier: Apache-2.0
#include "controller/player/player_device.hpp"

#include <chrono>
#include <cmath>
#include <utility>

#include <boost/json.hpp>

namespace rytme::player {
namespace {

using namespace std::chrono_literals;

constexpr double expiry_s = 5;  // design §6: to a device
constexpr auto hold = 30s;      // nobody in charge: the pulse goes on so long, then fades
constexpr auto fade_step = 100ms;
constexpr double fade_db = 0.4;      // a step: 10 s to -40 dB
constexpr auto tell_period = 200ms;  // values on their way
constexpr auto phase_period = 5s;    // for showing, not for keeping time
constexpr auto opening_patience = 5s;
constexpr double change_track_s = 9;  // before its end: to open the next, wait for a beat and fade

constexpr const char* no_track = "none";  // an empty payload would be no value

std::string sources() {
  std::string out = "silence,library,pulse";
  for (const auto timbre : timbres) out.append(",").append(name_of(timbre));
  return out;
}

std::vector<homie::Property> properties() {
  auto phase = homie::property("player", "phase", "float", "0:1", "", true, "");
  phase.retained = false;
  return {
      homie::property("player", "play", "boolean", "", "", true, "false"),
      homie::property("player", "source", "enum", sources(), "", true, "heartbeat"),
      homie::property("player", "track", "string", "", "", true, no_track),
      homie::property("player", "offered", "json", "", "", false, "[]"),
      homie::property("player", "bpm", "float", "20:140", "", true, "60"),
      std::move(phase),
      homie::property("player", "volume", "float", "0:100", "%", true, "0"),
      homie::property("player", "mute", "boolean", "", "", true, "false"),
      homie::property("player", "status", "enum",
                      "stopped,playing,silent,library_missing,track_missing,track_unreadable,output_missing",
                      "", false, "stopped")};
}

double in_hundredths(double value) { return std::round(value * 100) / 100; }

// What silences is never too late.
bool silences(const std::string& id, const std::string& payload) {
  return (id == "mute" && payload == "true") || (id == "play" && payload == "false");
}

}  // namespace

PlayerDevice::PlayerDevice(Settings settings, Engine& engine, Opener open)
    : settings_(std::move(settings)),
      engine_(engine),
      open_(std::move(open)),
      homie_(settings_.node, "Rytme player", properties()) {}

std::vector<MqttSubscription> PlayerDevice::subscriptions() const {
  std::vector<MqttSubscription> out{{homie_.topic("player/+/set"), false, true}};
  if (!settings_.room.empty()) out.emplace_back("homie/5/rytme-" + settings_.room + "/$state", true);
  return out;
}

void PlayerDevice::receive(const MqttMessage& message, Instant now, Messages& out) {
  if (message.topic.ends_with("/$state")) {
    controller_up_ = message.payload == "ready" || message.payload == "init";
    return;
  }
  auto* asked = homie_.settable(message.topic);
  auto value =
      asked == nullptr || message.retained ? std::nullopt : homie::Device::accepted(*asked, message.payload);
  const bool late =
      value && seconds_between(message.received, now) > expiry_s && !silences(asked->id, *value);
  const bool no_such_track = value && asked->id == "track" && library_.find(*value) == nullptr;
  if (late) ++counters_.late;
  if (!value || no_such_track) ++counters_.refused;
  if (!value || no_such_track || late) return;
  out.push_back(homie_.target_message(*asked, message.payload));
  fading_.reset();
  take(asked->id, *value, message.received, now, out);
}

void PlayerDevice::take(const std::string& id, const std::string& value, Instant received, Instant now,
                        Messages& out) {
  const auto number = homie::Device::number(value).value_or(0);
  if (id == "play") engine_.play(value == "true");
  if (id == "mute") engine_.mute(value == "true");
  if (id == "volume") engine_.volume(wanted_volume_ = number / 100);
  if (id == "bpm") choose_tempo(number, now);
  if (id == "phase")
    engine_.follow(number + seconds_between(received, now) * wanted_bpm_ / 60, output_delay_s_.value_or(0));
  if (id == "source") choose_source(value, now);
  if (id == "track") {
    asked_track_ = value;
    failed_.erase(value);
    if (engine_.wanted_source().kind == SourceKind::library) cue_next(wanted_bpm_, now);
  }
  if (id == "play" || id == "mute" || id == "source") {
    // Said again though it was so before: whoever told it waits for that, after a stop most of all.
    auto& property = homie_.property(id);
    property.value = value;
    out.push_back(homie_.value_message(property));
  }
  next_tell_ = Instant{};
}

// A track that nobody hears yet is opened anew, at the right speed from its first beat on.
void PlayerDevice::choose_tempo(double bpm, Instant now) {
  engine_.tempo(wanted_bpm_ = bpm);
  if (engine_.wanted_source().kind == SourceKind::library && !engine_.state().heard) cue_next(bpm, now);
}

void PlayerDevice::choose_source(const std::string& name, Instant now) {
  failed_.clear();
  if (name == "silence") engine_.source({SourceKind::silence, {}});
  const auto timbre = timbre_from(name);
  if (timbre) timbre_ = *timbre;
  if (timbre || name == "pulse") engine_.source({SourceKind::pulse, timbre_});
  if (name != "library") return;
  cue_next(wanted_bpm_, now);
  engine_.source({SourceKind::library, {}});
}

// The one that was asked for when it suits the tempo, else the next that does. One that failed is not tried
// again until somebody asks for it, or for the library.
const Track* PlayerDevice::next_track(double bpm) {
  const auto* asked = library_.find(asked_track_);
  if (asked != nullptr && offered(*asked, bpm) && !failed_.contains(asked->id)) return asked;
  const auto* track = library_.next(bpm, homie_.property("track").value);
  for (std::size_t i = 0; track != nullptr && failed_.contains(track->id); ++i) {
    if (i > library_.tracks.size()) return nullptr;
    track = library_.next(bpm, track->id);
  }
  return track;
}

void PlayerDevice::cue_next(double bpm, Instant now) {
  const auto* track = folder_there_ ? next_track(bpm) : nullptr;
  if (track == nullptr) return;
  auto source = open_(*track, bpm / track->bpm);
  if (!source) return;
  cued_track_ = track->id;
  cued_at_ = now;
  engine_.cue(std::move(source),
              {track->id, track->bpm, track->first_beat_s, track->duration_s, track->loudness_lufs});
}

void PlayerDevice::broker(bool up, Instant /*now*/) { broker_up_ = up; }

void PlayerDevice::library(Library library, bool folder_there) {
  library_ = std::move(library);
  folder_there_ = folder_there;
}

void PlayerDevice::tick(Instant now, Messages& out) {
  watch_charge(now, out);
  watch_library(now);
  tell_sound(now, out);
}

// Nobody in charge: the broker away, or the controller by its own last word.
void PlayerDevice::watch_charge(Instant now, Messages& out) {
  if (broker_up_ && controller_up_) {
    alone_since_.reset();
    return;
  }
  if (!alone_since_) alone_since_ = now;
  if (now - *alone_since_ < hold || !on("play")) return;
  if (!fading_) fading_ = wanted_volume_;
  if (now < next_fade_) return;
  next_fade_ = now + fade_step;
  *fading_ *= amplitude_of(-fade_db);
  engine_.volume(*fading_);
  if (*fading_ > quiet * wanted_volume_) return;
  fading_.reset();
  engine_.play(false);
  engine_.volume(wanted_volume_);
  change("play", "false", out);
}

void PlayerDevice::watch_library(Instant now) {
  if (engine_.wanted_source().kind != SourceKind::library || !on("play")) return;
  const auto state = engine_.state();
  const bool hangs = state.cued && now - cued_at_ > opening_patience;
  const auto& broken = hangs ? cued_track_ : state.broken;
  if (!broken.empty() && failed_.insert(broken).second) ++counters_.tracks_failed;
  if (hangs || (state.cued && broken == cued_track_)) return engine_.cue(nullptr, {});
  if (state.cued) return;
  if (state.track == asked_track_) asked_track_.clear();
  const auto* playing = library_.find(state.track);
  const bool suits = playing != nullptr && offered(*playing, state.bpm);
  if (!suits || state.track_left_s < change_track_s) cue_next(state.bpm, now);
}

void PlayerDevice::change(const std::string& id, std::string value, Messages& out) {
  auto& changed = homie_.property(id);
  if (changed.value == value) return;
  changed.value = std::move(value);
  out.push_back(homie_.value_message(changed));
}

// What is on its way is told five times a second, and once more when it is there.
void PlayerDevice::tell_moving(const std::string& id, double actual, double wanted, Messages& out) {
  const bool there = std::abs(actual - wanted) < 0.001;
  change(id, homie::Device::text(there ? wanted : in_hundredths(actual)), out);
}

void PlayerDevice::tell_sound(Instant now, Messages& out) {
  if (now < next_tell_) return;
  next_tell_ = now + tell_period;
  const auto state = engine_.state();
  const bool heard = state.heard && on("play") && !on("mute");
  tell_moving("volume", heard ? state.volume * 100 : wanted_volume_ * 100, wanted_volume_ * 100, out);
  tell_moving("bpm", state.bpm, wanted_bpm_, out);
  change("track", state.track.empty() ? no_track : state.track, out);
  change("offered", offered_text(), out);
  change("status", status(state), out);
  tell_phase(state, now, out);
}

// Of the beat that is heard now: what enters the engine is heard later.
void PlayerDevice::tell_phase(const Engine::State& state, Instant now, Messages& out) {
  if (!state.heard || now < next_phase_) return;
  next_phase_ = now + phase_period;
  const double beats = state.phase - (Engine::through_s + output_delay_s_.value_or(0)) * state.bpm / 60;
  auto& phase = homie_.property("phase");
  phase.value = homie::Device::text(std::floor((beats - std::floor(beats)) * 1000) / 1000);
  out.push_back(homie_.value_message(phase));  // also when it is where it was 5 s ago
}

std::string PlayerDevice::status(const Engine::State& state) const {
  const auto kind = engine_.wanted_source().kind;
  if (!output_delay_s_) return "output_missing";
  if (kind == SourceKind::library && !folder_there_) return "library_missing";
  if (kind == SourceKind::library && !failed_.empty() && state.track.empty()) return "track_unreadable";
  if (kind == SourceKind::library && library_.offered_at(state.bpm).empty()) return "track_missing";
  if (!state.heard) return "stopped";
  return kind == SourceKind::silence ? "silent" : "playing";
}

std::string PlayerDevice::offered_text() const {
  boost::json::array out;
  if (folder_there_) {
    for (const auto* track : library_.offered_at(wanted_bpm_))
      out.push_back(boost::json::object{{"id", track->id}, {"title", track->title}, {"bpm", track->bpm}});
  }
  return boost::json::serialize(out);
}

}  // namespace rytme::player
