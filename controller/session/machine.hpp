// SPDX-License-Identifier: Apache-2.0
// Inside of Session: the session that is on, what the programme wants, what people took over. Logic thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/session/event_data.hpp"
#include "controller/session/session.hpp"
#include "controller/session/states.hpp"

namespace rytme::session {

// What people can take over; the names are those of request::Release. mute is a switch, not a channel of the
// programme, and stands here for undo only.
enum class Channel : std::uint8_t { light, volume, tempo, source, mute };
inline constexpr std::size_t manual_channels = 4;

std::string_view name_of(Channel channel);
std::optional<Channel> channel_from(std::string_view name);  // without mute

// One request on its way through.
struct Turn {
  const Asked& asked;
  const Senses& senses;
  Now now;
  Decision out;
};

class Session::Machine {
 public:
  explicit Machine(Config config);

  Decision handle(const Asked& asked, const Senses& senses, Now now);
  Decision tick(const Senses& senses, Now now);
  Instant next_wake() const;
  Decision resume_paused(const Interrupted& interrupted, Now now);
  void forget(const entry::Erase& erase);
  Decision shutdown(Now now);
  Decision enter_safe_mode(Now now);
  void describe(RoomState& state, Now now) const;
  // Paused after a restart nobody has answered yet: nothing from a body is kept until somebody does.
  bool recording() const { return on_ && on_->recording && mode_ != RoomMode::paused; }
  const std::string& session_id() const;
  std::string participant() const { return on_ ? on_->participant : ""; }
  Variant variant_of(const std::string& participant) const;

 private:
  struct Breathing {     // the present phase's light
    std::size_t side{};  // the next: in, hold, out, rest
    Instant at{Instant::max()};
  };
  struct TempoRamp {  // of the programme
    double from{}, to{};
    Instant start{}, end{};
  };
  struct Programme {  // what automation wants, also of channels that are manual
    std::optional<LightScene> light;
    std::optional<double> volume;
    std::optional<double> tempo_bpm;
    void take(const Programme& other);
  };
  struct Following {
    explicit Following(Direction direction) : pacer(direction) {}
    bool pace{}, swing{};
    PaceFollow pacer;
    SwingLock lock;
    int beats{};
    Programme held{};  // what light, volume and tempo stand at, or are led to, while held
    Instant next_pace{Instant::max()}, next_swing{Instant::max()};
  };
  struct On {  // the session that is on
    std::string id{};
    std::string participant{};
    int participant_change{};  // how often it has become somebody else's
    Preset as_read{};
    Preset preset{};  // as_read under the variant
    Variant variant{};
    bool recording{};
    bool withdrawn{};
    std::string end_reason{};
    std::vector<double> lengths_s{};  // of each phase
    std::size_t phase{};
    Instant began{};  // as if it had never been paused
    Instant phase_ends{};
    double elapsed_s{};  // paused: how long it had run
    std::optional<double> pulse_at_start{};
    Breathing breathing{};
    std::optional<TempoRamp> tempo{};
    Following follow{Direction::neutral};
  };
  struct Ended {
    std::string id;
    bool recording{};
    Instant when{};
  };
  struct Values {  // the latest aims
    LightScene light;
    double volume{};
    std::optional<double> tempo_bpm;
    std::string source;
    bool mute{};
    bool play{};
  };
  struct Undoable {
    Channel channel{};
    Values before;
    bool was_manual{};
    Instant until{};
  };

  // Requests (machine.cpp: the session's course; machine_bounds.cpp: its start and end; machine_touch.cpp:
  // hands on the room; machine_record.cpp: the record; machine_follow.cpp: index and swing).
  void take(const request::StartSession& request, Turn& turn);
  void take(const request::EndGently& request, Turn& turn);
  void take(const request::StopAll& request, Turn& turn);
  void take(const request::ResetStop& request, Turn& turn);
  void take(const request::Resume& request, Turn& turn);
  void take(const request::SetLight& request, Turn& turn);
  void take(const request::SetVolume& request, Turn& turn);
  void take(const request::SetTempo& request, Turn& turn);
  void take(const request::SetMute& request, Turn& turn);
  void take(const request::SetSource& request, Turn& turn);
  void take(const request::Undo& request, Turn& turn);
  void take(const request::Release& request, Turn& turn);
  void take(const request::SetRecording& request, Turn& turn);
  void take(const request::SetParticipant& request, Turn& turn);
  void take(const request::Withdraw& request, Turn& turn);
  void take(const request::Rate& request, Turn& turn);
  void take(const request::Activity& request, Turn& turn);
  void take(const request::Mark& request, Turn& turn);
  void take(const request::TakeCalmPulse& request, Turn& turn);
  void take(const request::ConfirmWearer& request, Turn& turn);
  void take(const request::SetFollow& request, Turn& turn);
  void take(const request::SetVariant& request, Turn& turn);
  void take(const request::TestDevice& request, Turn& turn);

  // By the table: false and a conflict where it refuses, else the new mode and its event.
  bool move(Event event, EventData cause, Decision& out, Now now);
  bool may(Event event, Turn& turn) const;
  static void answer(Turn& turn, Verdict verdict, std::string_view detail);
  bool session_on(Turn& turn) const;
  bool record_on(Turn& turn);
  double rate_after_s(Instant now) const;
  bool touchable(Turn& turn) const;

  const Preset* preset_of(std::string_view id) const;
  bool has_close() const;
  void lay_out(On session, double elapsed_s);
  Programme enter_phase(const Senses& senses);
  void close_now(Decision& out, Now now);
  void begin_to_play(Turn& turn);
  bool close_in_time(Decision& out, Now now);
  void finish(std::string_view reason, Decision& out, Now now);
  void end_session(std::string_view reason, Decision& out, Now now);
  void note_phase(Decision& out) const;
  void adopt(const Variant& variant, Decision& out, const Senses& senses, Now now);
  void enter_phases_again(const Senses& senses);
  void note_variant(Decision& out) const;
  void breathe(Decision& out, Instant now);
  // machine_follow.cpp
  bool held() const;  // light and tempo are not the programme's
  void follow(const Senses& senses, Decision& out, Now now);
  void follow_pace(const Senses& senses, Decision& out, Now now);
  void follow_swing(const Senses& senses, Decision& out, Now now);
  void aim_held(PaceFollow::Step step, const Senses& senses, Decision& out, Now now);
  void slow_down(double rate, Decision& out, Now now);
  void note_follow(const EventData& data, Decision& out) const;
  void aim_tempo(Decision& out, Now now);
  double programme_bpm(Instant now) const;
  double remaining_s(Instant now) const;
  Instant paused_until() const;

  Aim aim_by(std::string origin) const;
  Aim resting_aim(std::string origin);
  Aim programme_aim(const Programme& named, Instant now);
  bool is_manual(Channel channel) const { return manual_[static_cast<std::size_t>(channel)]; }
  void touch(Channel channel, EventData data, Aim aim, Turn& turn);
  void hand_back(Channel channel, Turn& turn);
  void restore(const Undoable& change, Turn& turn);
  void keep(const Aim& aim);
  double allowed_cct(double cct_k) const;
  void change_recording(bool on, Turn& turn);
  void note(std::string kind, const EventData& data, Decision& out, bool urgent = false) const;
  void add(decltype(JournalEntry::what) what, bool urgent, const std::string& session, Decision& out) const;

  Config config_;
  RoomMode mode_{RoomMode::idle};
  Instant mode_since_{};
  std::optional<On> on_;
  std::optional<Ended> ended_;
  Values aimed_;
  Programme programme_;
  std::array<bool, manual_channels> manual_{};
  std::optional<Undoable> undo_;
  std::string found_source_;  // what played before anybody chose; "" = nobody has, or it was not known
  std::string origin_;        // of the last change
};

}  // namespace rytme::session
