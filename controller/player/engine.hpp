// SPDX-License-Identifier: Apache-2.0
// From what is wanted to samples: beat clock, pulse, decks, volume, and last the limits. Time is the number
// of frames rendered, so the same wishes give the same samples, live or into a file. Takes effect with the
// next block of 5 ms. Pure; one thread.
#pragma once

#include <memory>
#include <string>

#include "controller/player/beat_clock.hpp"
#include "controller/player/deck.hpp"
#include "controller/player/frame.hpp"
#include "controller/player/pulse.hpp"
#include "controller/player/sound_limits.hpp"
#include "controller/player/volume_fader.hpp"

namespace rytme::player {

enum class SourceKind : std::uint8_t { silence, pulse, library };

struct Source {
  SourceKind kind{SourceKind::pulse};
  Timbre timbre{Timbre::heartbeat};  // kind pulse
  friend bool operator==(const Source&, const Source&) = default;
};

class Engine {
 public:
  explicit Engine(double cap_dbfs) : limits_(cap_dbfs) {}

  void play(bool on);
  void mute(bool on);
  void volume(double amplitude);  // 0-1
  void tempo(double bpm);
  // From one to another by a crossfade that begins on a beat; at once while nothing is heard. The library
  // begins with its track (cue), and until then what sounded before goes on.
  void source(Source wanted);
  // The next track, in place of one that has not begun; nullptr: none. It begins on a beat with its own first
  // one, while the library is the source and as soon as it is ready.
  void cue(std::unique_ptr<TrackSource> source, TrackFacts facts);
  // Somebody else's beat: its phase now, and how long after now the frames rendered next are heard.
  void follow(double phase, double output_delay_s);

  void render(Block& out);
  // From a beat of the clock at the engine's entrance to the stroke that is heard at its exit: the limits'
  // delay, and how long a stroke swells until it is taken for its beginning (measured by aubio, 4-8 ms).
  static constexpr double through_s = static_cast<double>(SoundLimits::delay_frames) / sample_rate + 0.006;

  struct State {
    bool heard{};           // not muted, stopped or faded out
    double bpm{};           // now
    double phase{};         // of the beat that goes into the next block
    double volume{};        // amplitude now
    std::string track;      // id of the one that plays; "" = none
    double track_left_s{};  // until its end
    bool cued{};            // a track waits for its beat
    std::string broken;     // id of one that cannot be played, or not any more
    double limit_gain{1};
  };
  State state();
  const Source& wanted_source() const { return source_; }

 private:
  bool heard() const { return !fader_.silent() || audible(); }
  bool audible() const { return playing_ && !muted_ && volume_ > 0; }
  void aim_volume();
  void begin_beat(std::size_t at);
  void change_unheard();
  bool track_waits();
  void begin_track();
  void aim_fades();
  Frame mixed(std::size_t at);

  BeatClock clock_;
  Pulse pulse_;
  Crossfade pulse_fade_;
  std::unique_ptr<Deck> cued_, deck_, leaving_;
  VolumeFader fader_;
  SoundLimits limits_;
  Source source_;
  Timbre timbre_{Timbre::heartbeat};  // of the strokes, also while they fade
  bool playing_{}, muted_{};
  double volume_{};
};

}  // namespace rytme::player
