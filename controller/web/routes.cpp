// SPDX-License-Identifier: Apache-2.0
#include "controller/web/routes.hpp"

#include <algorithm>
#include <array>

#include "controller/room/state_map.hpp"
#include "controller/web/answers.hpp"
#include "controller/web/answers_access.hpp"

namespace rytme::web {
namespace {

using Words = std::string_view;

constexpr RoleSet staff = bit(Role::staff);
constexpr RoleSet review = bit(Role::psychologist);
constexpr RoleSet sees_room = staff | review;
constexpr RoleSet officer = bit(Role::officer);
constexpr RoleSet knows_codes = review | officer;
constexpr RoleSet maintains = bit(Role::maintainer);

constexpr std::array<Words, 2> people{"participant", "staff"};
constexpr std::array<Words, 3> moments{"before", "during", "after"};
constexpr std::array<Words, 7> states{"calm",   "attentive", "alarm",    "fear",
                                      "terror", "shut_down", "dont_know"};
constexpr std::array<Words, 3> marks{"regulate", "relate", "reflect"};
constexpr std::array<Words, 4> channels{"light", "volume", "tempo", "source"};

constexpr auto text = FieldKind::text;
constexpr auto number = FieldKind::number;
constexpr auto boolean = FieldKind::boolean;
constexpr auto time_text = FieldKind::time;

constexpr std::array<Field, 3> start_fields{
    {{"preset", text, true}, {"participant", text}, {"recording", boolean}}};
constexpr std::array<Field, 1> on_field{{{"on", boolean, true}}};
constexpr std::array<Field, 1> code_field{{{"code", text, true}}};
constexpr std::array<Field, 1> participant_field{{{"participant", text}}};
constexpr std::array<Field, 1> same_field{{{"same", boolean, true}}};
constexpr std::array<Field, 1> id_field{{{"id", text, true}}};
constexpr std::array<Field, 4> rating_fields{{{"whose", text, true, 0, 0, people},
                                              {"by", text, true, 0, 0, people},
                                              {"when", text, true, 0, 0, moments},
                                              {"state", text, true, 0, 0, states}}};
constexpr std::array<Field, 1> mark_fields{{{"kind", text, true, 0, 0, marks}}};
constexpr std::array<Field, 2> light_fields{
    {{"level", number, true, 0, 1}, {"cct_k", number, false, 1000, 20000}}};
constexpr std::array<Field, 1> level_field{{{"level", number, true, 0, 1}}};
constexpr std::array<Field, 1> bpm_field{{{"bpm", number, true, 20, 140}}};
constexpr std::array<Field, 2> follow_fields{{{"pace", boolean}, {"swing", boolean}}};
constexpr std::array<Field, 6> variant_fields{{{"minutes", number, false, 1, 45},
                                               {"top_level", number, false, 0, 1},
                                               {"rhythm", boolean},
                                               {"red", boolean},
                                               {"tempo_bpm", number, false, 20, 140},
                                               {"source", text}}};
// Short enough to be read at arm's length; in bytes.
constexpr std::size_t longest_map_text = 110;
constexpr std::size_t longest_map_ids = 240;
constexpr std::array<Field, 6> state_map_fields{{{"state", text, true, 0, 0, mapped_states},
                                                 {"looks_like", text, false, 0, 0, {}, longest_map_text},
                                                 {"makes_worse", text, false, 0, 0, {}, longest_map_text},
                                                 {"seeks", text, false, 0, 0, {}, longest_map_text},
                                                 {"helps", text, false, 0, 0, {}, longest_map_text},
                                                 {"activities", text, false, 0, 0, {}, longest_map_ids}}};
constexpr std::array<Field, 1> channel_field{{{"channel", text, true, 0, 0, channels}}};
constexpr std::size_t longest_password = 256;
constexpr std::array<Field, 3> login_fields{
    {{"name", text, true}, {"password", text, true, 0, 0, {}, longest_password}, {"code", text, true}}};
using Desk = DeskQuestion::What;
constexpr std::size_t longest_file = 262144, longest_file_name = 128, longest_hash = 32;
constexpr std::size_t longest_change = 655360;  // JSON of a file in which every second byte is escaped
constexpr Field files_text{"files", FieldKind::texts, true, 0, 0, {}, longest_file};
constexpr Field base_text{"base", text, true, 0, 0, {}, longest_hash};
constexpr std::array<Field, 1> check_fields{{files_text}};
constexpr std::array<Field, 2> apply_fields{{base_text, files_text}};
constexpr std::array<Field, 2> restore_fields{{base_text, {"version", number, true, 1, 999999}}};

constexpr std::array<Field, 3> silence_fields{{{"fault", text, true}, {"device", text}, {"on", boolean}}};

// Behind the ?.
constexpr std::array<Field, 1> file_query{{{"name", text, true, 0, 0, {}, longest_file_name}}};
constexpr std::array<Field, 2> diff_query{{{"from", text, true}, {"to", text, true}}};
constexpr std::array<Words, 5> log_levels{"debug", "info", "warning", "error", "critical"};
constexpr std::array<Field, 2> log_query{
    {{"level", text, false, 0, 0, log_levels}, {"last", number, false, 1, 1000}}};
constexpr double largest_cursor = 9007199254740992;  // 2^53: exact in JSON
constexpr std::array<Field, 3> sessions_query{
    {{"participant", text}, {"from", time_text}, {"to", time_text}}};
constexpr std::array<Field, 6> access_query{{{"participant", text},
                                             {"session", text},
                                             {"from", time_text},
                                             {"to", time_text},
                                             {"cursor", number, false, 1, largest_cursor},
                                             {"limit", number, false, 1, 1000}}};
constexpr std::array<Field, 4> own_access_query{{{"from", time_text},
                                                 {"to", time_text},
                                                 {"cursor", number, false, 1, largest_cursor},
                                                 {"limit", number, false, 1, 1000}}};
constexpr std::size_t longest_names = 600;
constexpr std::array<Words, 1> alignments{"start"};
constexpr std::array<Field, 4> series_query{{{"names", text, true, 0, 0, {}, longest_names},
                                             {"from", text},
                                             {"to", text},
                                             {"points", number, false, 1, 4000}}};
constexpr std::array<Field, 4> aligned_query{{{"aligned", text, false, 0, 0, alignments},
                                              {"names", text, false, 0, 0, {}, longest_names},
                                              {"points", number, false, 1, 1000},
                                              {"last", number, false, 1, 50}}};
constexpr std::array<Field, 1> history_query{{{"last", number, false, 1, 200}}};

template <class T>
Request plain(const Values&) {
  return T{};
}

Request start(const Values& v) {
  return request::StartSession{*v.text("preset"), v.text("participant"), v.boolean("recording")};
}
Request record(const Values& v) { return request::SetRecording{*v.boolean("on")}; }
Request participant(const Values& v) { return request::SetParticipant{*v.text("code")}; }
Request rate(const Values& v) {
  return request::Rate{*v.text("whose"), *v.text("by"), *v.text("when"), *v.text("state")};
}
Request activity(const Values& v) { return request::Activity{*v.text("id")}; }
Request mark(const Values& v) { return request::Mark{*v.text("kind")}; }
Request calm_pulse(const Values& v) { return request::TakeCalmPulse{v.text("participant")}; }
Request wearer(const Values& v) { return request::ConfirmWearer{*v.boolean("same")}; }
Request light(const Values& v) { return request::SetLight{*v.number("level"), v.number("cct_k")}; }
Request volume(const Values& v) { return request::SetVolume{*v.number("level")}; }
Request tempo(const Values& v) { return request::SetTempo{*v.number("bpm")}; }
Request mute(const Values& v) { return request::SetMute{*v.boolean("on")}; }
Request source(const Values& v) { return request::SetSource{*v.text("id")}; }
Request follow(const Values& v) { return request::SetFollow{v.boolean("pace"), v.boolean("swing")}; }
Request release(const Values& v) { return request::Release{*v.text("channel")}; }

constexpr Route get(Words path, RoleSet roles, Words summary,
                    void (*answer)(Service&, const Call&, const Respond&), Words type = "application/json") {
  return {Method::get, path, summary, roles, 200, type, answer};
}

constexpr Route question(Words path, Words summary, void (*answer)(Service&, const Call&, const Respond&),
                         std::span<const Field> query = {}, RoleSet roles = review) {
  return {Method::get, path, summary, roles, 200, "application/json", answer, nullptr, {}, query};
}

constexpr Route post(Words path, RoleSet roles, Words summary, Request (*request)(const Values&),
                     std::span<const Field> fields = {}, unsigned success = 200) {
  return {Method::post, path, summary, roles, success, "application/json", answer_by_room, request, fields};
}

constexpr Route act(Words path, RoleSet roles, Words summary,
                    void (*answer)(Service&, const Call&, const Respond&), std::span<const Field> fields = {},
                    unsigned success = 200) {
  return {Method::post, path, summary, roles, success, "application/json", answer, nullptr, fields};
}

constexpr Route look(Words path, Words summary, Desk what, std::span<const Field> query = {},
                     Words type = "application/json") {
  return {Method::get, path, summary, maintains, 200, type, answer_desk, nullptr, {}, query, what};
}

constexpr Route change(Words path, Words summary, Desk what, std::span<const Field> fields = {},
                       std::size_t longest = 0) {
  return {Method::post, path,    summary, maintains, 200,  "application/json",
          answer_desk,  nullptr, fields,  {},        what, longest};
}

// A thousand sessions; docs/review.md has what it takes.
constexpr std::chrono::seconds record_patience{300};

constexpr Words html = "text/html; charset=utf-8";

// Everyone may stop; only staff and the room's own tablet run it; what a body said is for review alone.
const std::array all{
    get("/", sees_room, "The staff page", answer_page, "text/html; charset=utf-8"),
    get("/devices", sees_room | maintains,
        "The devices page: what is there, and what happens when something fails", answer_devices_page,
        "text/html; charset=utf-8"),
    get("/card", sees_room | maintains, "The paper card for the door", answer_card,
        "text/html; charset=utf-8"),
    get("/review", review, "The review page: sessions of a participant", answer_review_page,
        "text/html; charset=utf-8"),
    get("/assets/{name}", anyone, "Style and script of the pages", answer_asset, "application/octet-stream"),
    get("/api/v1/room", sees_room, "The room now", answer_room),
    get("/api/v1/live", sees_room, "Events: state at connect and at each change, confirm after a stop",
        answer_live, "text/event-stream"),
    post("/api/v1/session", staff, "Start a session", start, start_fields, 201),
    post("/api/v1/session/end", staff, "End gently", plain<request::EndGently>),
    post("/api/v1/session/resume", staff, "Go on with a paused session", plain<request::Resume>),
    post("/api/v1/session/recording", staff, "Turn recording on or off", record, on_field),
    post("/api/v1/session/participant", staff, "Name the participant by code", participant, code_field),
    post("/api/v1/session/withdraw", staff, "The participant withdrew", plain<request::Withdraw>),
    post("/api/v1/session/rating", staff, "A state entered by a person", rate, rating_fields),
    post("/api/v1/session/activity", staff, "An activity was done", activity, id_field),
    post("/api/v1/session/mark", staff, "Regulate, relate or reflect", mark, mark_fields),
    post("/api/v1/session/follow", staff,
         "In this session: pace follows the arousal index, tempo follows the swing", follow, follow_fields),
    post("/api/v1/baseline", staff, "Take a calm pulse: 2 to 5 quiet minutes, ends by itself", calm_pulse,
         participant_field),
    post("/api/v1/wearer", staff, "Who wears the strap that has been off: the same person, or another",
         wearer, same_field),
    post("/api/v1/stop", every_role, "Stop all: latched", plain<request::StopAll>),
    post("/api/v1/stop/reset", staff, "Ready again: ends the latch", plain<request::ResetStop>),
    post("/api/v1/light", staff, "Light by hand", light, light_fields),
    post("/api/v1/volume", staff, "Volume by hand", volume, level_field),
    post("/api/v1/tempo", staff, "Tempo by hand", tempo, bpm_field),
    post("/api/v1/mute", staff, "Mute or unmute", mute, on_field),
    post("/api/v1/source", staff, "Choose the music", source, id_field),
    post("/api/v1/undo", staff, "Undo the last change", plain<request::Undo>),
    post("/api/v1/release", staff, "Hand a channel back to the preset", release, channel_field),
    question("/api/v1/sessions", "Sessions; participant=, from=, to=", answer_sessions, sessions_query),
    get("/api/v1/sessions/{id}", review, "One session", answer_session),
    question("/api/v1/sessions/{id}/series",
             "Curves of one session with few enough points; names= of channels, from= and to= in seconds "
             "since the "
             "start or as ISO 8601, points=",
             answer_series, series_query),
    question("/api/v1/sessions/{id}/summary",
             "Heart and index before, during and after, and the own baseline", answer_summary),
    question("/api/v1/sessions/{id}/marks", "Events and ratings of one session, in their order",
             answer_marks),
    question("/api/v1/participants/{code}/sessions",
             "One participant's sessions; aligned=start: the last= of them as curves of names= on one scale",
             answer_participant_sessions, aligned_query),
    question("/api/v1/participants/{code}/changes",
             "Change of rating and index by preset and activity: counts and intervals", answer_changes),
    question("/api/v1/participants/{code}/baselines",
             "Calm-pulse measurements, newest first; last=", answer_baselines, history_query),
    question("/api/v1/participants/{code}/days",
             "States that staff entered for the participant, day by day, newest day first; last= days",
             answer_days, history_query),
    get("/api/v1/sessions/{id}/export", review, "A session as a file; format=csv|json|edf|pdf, separator=,|;",
        answer_export),
    Route{Method::get,
          "/api/v1/participants/{code}/record",
          "All that is kept about one participant: each session, and who has looked",
          review,
          200,
          "application/zip",
          answer_record,
          nullptr,
          {},
          {},
          {},
          0,
          record_patience},
    Route{Method::post, "/api/v1/sessions/{id}/participant", "Correct whose a session was", knows_codes, 200,
          "application/json", answer_correction, nullptr, code_field},
    Route{Method::del, "/api/v1/sessions/{id}", "Erase a session", officer, 202, "application/json",
          answer_erase_session},
    get("/api/v1/participants", knows_codes, "The codes that are in use", answer_participants),
    Route{Method::post, "/api/v1/participants", "Make a new code", knows_codes, 201, "application/json",
          answer_new_participant},
    get("/api/v1/participants/{code}/variant", sees_room, "How the presets are run for a participant",
        answer_variant),
    Route{Method::post, "/api/v1/participants/{code}/variant",
          "Set how the presets are run for a participant; what is left out is as the preset says, without "
          "rhythm and red",
          sees_room, 200, "application/json", answer_set_variant, nullptr, variant_fields},
    get("/api/v1/participants/{code}/state-map", knows_codes,
        "A participant's state map and what it was before", answer_state_map),
    Route{Method::post, "/api/v1/participants/{code}/state-map",
          "Write one row of a state map; what is left out is empty, what it was is kept", review, 200,
          "application/json", answer_set_state_map, nullptr, state_map_fields},
    get("/api/v1/session/state-map", staff,
        "The state map of the session's own participant, and activities to offer by state",
        answer_session_map),
    Route{Method::del, "/api/v1/participants/{code}", "Erase a participant with all sessions", officer, 202,
          "application/json", answer_erase_participant},
    question("/api/v1/participants/{code}/access",
             "Who looked at what of this participant, newest first; from=, to=, limit= (100), cursor=",
             answer_access_log, own_access_query, knows_codes),
    question("/api/v1/access",
             "Who looked at what and whose, newest first; participant=, session=, from=, to=, limit= (100), "
             "cursor= is next of the page before",
             answer_access_log, access_query, officer),
    get("/api/v1/presets", every_role, "The presets", answer_presets),
    get("/api/v1/activities", every_role, "The activity bank", answer_activities),
    get("/api/v1/devices", maintains, "The devices and when they were last seen", answer_devices),
    get("/api/v1/devices/{id}", maintains, "One device: what it is, says and was commissioned with",
        answer_device),
    get("/api/v1/devices/{id}/frames", maintains,
        "Its last frames, secrets masked; what comes from a person by its length alone",
        answer_device_frames),
    act("/api/v1/devices/{id}/test", maintains,
        "A light fades slowly there and back; how it goes stands in GET devices/{id}; not in a session",
        answer_device_test),
    get("/api/v1/profiles", maintains, "What a device may be, with its params", answer_profiles),
    act("/api/v1/discovery", maintains, "Listen for six seconds to what announces itself on the broker",
        answer_discover, {}, 202),
    get("/api/v1/discovery", maintains, "What was heard, each with a block for room.toml", answer_discovery),
    act("/api/v1/buses/{id}/scan", maintains, "Ask every unit of a Modbus bus; not in a session", answer_scan,
        {}, 202),
    get("/api/v1/buses/{id}/scan", maintains, "Which units have answered", answer_scanned),
    act("/api/v1/faults/silence", maintains,
        "A known fault is not told again until 06:00 tomorrow, or (on: false) again; the room does about it "
        "what it did",
        answer_silence, silence_fields),
    get("/api/v1/faults", sees_room | maintains,
        "What the room does about each fault, and which are there now", answer_faults),
    look("/api/v1/settings", "The settings files, what is wrong in them, and the last trial of new ones",
         Desk::settings),
    look("/api/v1/settings/file", "One settings file; name=", Desk::file, file_query),
    change("/api/v1/settings/check", "What would be wrong with these files, and what they change",
           Desk::check, check_fields, longest_change),
    change(
        "/api/v1/settings/apply",
        "Run with these files on trial; base is of GET settings. They go back by themselves unless confirmed",
        Desk::apply, apply_fields, longest_change),
    change("/api/v1/settings/confirm", "Keep the settings that are on trial", Desk::confirm),
    change("/api/v1/settings/restore", "Run on trial with the files of an earlier version", Desk::restore,
           restore_fields),
    look("/api/v1/settings/versions", "The last twenty states of the settings, newest first", Desk::versions),
    look("/api/v1/settings/diff", "What changed; from= and to= are a version's number, yesterday or now",
         Desk::diff, diff_query),
    look("/api/v1/state", "Backup, certificate, disk and journal", Desk::state),
    change("/api/v1/backup", "Begin a backup; how it goes stands in GET state", Desk::backup),
    look("/api/v1/logs", "The newest log lines; level= the least, last= (200)", Desk::log, log_query),
    look("/api/v1/support", "Settings without secrets, versions, state, counters and log as a ZIP file",
         Desk::support, {}, "application/zip"),
    get("/api/v1/openapi.json", anyone, "This description", answer_openapi),
    get("/metrics", every_role, "Counters in the Prometheus text format", answer_metrics,
        "text/plain; version=0.0.4; charset=utf-8"),
    get("/login", anyone, "The log-in page, and who is logged in", answer_login_page, html),
    act("/login", anyone, "Log in: a new session in a cookie", answer_login, login_fields),
    act("/logout", every_role, "End the session", answer_logout),
    get("/first", anyone, "The page that makes the first account", answer_first_page, html),
    act("/first", anyone, "Make the first account, a maintainer's, with the code of the first start",
        answer_first, login_fields),
    get("/enrol", anyone, "The page that enrols a tablet", answer_enrol_page, html),
    act("/enrol", anyone, "Enrol this tablet with a maintainer's code", answer_enrol, code_field),
    get("/api/v1/me", every_role, "Who asks", answer_me),
    get("/api/v1/tablets", maintains, "The enrolled tablets", answer_tablets),
    act("/api/v1/tablets", maintains, "Make a code for one tablet, good for ten minutes", answer_tablet_code,
        {}, 201),
    Route{Method::del, "/api/v1/tablets/{id}", "Let go of a tablet", maintains, 200, "application/json",
          answer_revoke_tablet},
    get("/healthz", anyone, "200 while the control loop runs", answer_healthy, "text/plain; charset=utf-8"),
    get("/readyz", anyone, "200 when all parts serve", answer_ready, "text/plain; charset=utf-8"),
};

bool is_name(std::string_view word) {
  return !word.empty() && word.size() <= longest_text &&
         std::all_of(word.begin(), word.end(), [](unsigned char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                  c == '_' || c == '.';
         });
}

}  // namespace

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::post:
      return "POST";
    case Method::del:
      break;
  }
  return "DELETE";
}

std::span<const Route> routes() { return all; }

std::size_t longest_body() {
  return std::max_element(all.begin(), all.end(),
                          [](const Route& a, const Route& b) { return a.longest_body < b.longest_body; })
      ->longest_body;
}

bool matches(std::string_view pattern, std::string_view path, std::string& parameter) {
  const std::size_t open = pattern.find('{');
  if (open == std::string_view::npos) return pattern == path;
  const std::string_view before = pattern.substr(0, open);
  const std::string_view after = pattern.substr(pattern.find('}') + 1);
  if (!path.starts_with(before)) return false;
  path.remove_prefix(before.size());
  if (!path.ends_with(after)) return false;
  path.remove_suffix(after.size());
  if (!is_name(path)) return false;
  parameter = path;
  return true;
}

}  // namespace rytme::web
