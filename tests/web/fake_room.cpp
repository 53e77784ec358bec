// SPDX-License-Identifier: Apache-2.0
#include "tests/web/fake_room.hpp"

namespace rytme::web {
namespace {

template <class... Cases>
struct Overload : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overload(Cases...) -> Overload<Cases...>;

Verdict start(RoomState& now, const request::StartSession& start) {
  if (now.mode != RoomMode::idle) return Verdict::conflict;
  if (start.preset.find("regulate-") != 0 && start.preset != "quiet") return Verdict::unknown;
  now.mode = RoomMode::running;
  now.preset = start.preset;
  now.phase = "arrive";
  now.session = "s-1";
  now.remaining_s = 899;
  now.recording = start.recording.value_or(false);
  return Verdict::created;
}

Verdict leave(RoomState& now, RoomMode mode) {
  now.mode = mode;
  now.phase = now.preset = now.session = "";
  now.remaining_s = 0;
  now.recording = false;
  now.muted = mode == RoomMode::stopped;
  return Verdict::done;
}

Verdict end(RoomState& now) { return now.session.empty() ? Verdict::conflict : leave(now, RoomMode::idle); }

Verdict apply(RoomState& now, const Request& what) {
  return std::visit(
      Overload{[&](const request::StartSession& r) { return start(now, r); },
               [&](const request::EndGently&) { return end(now); },
               [&](const request::StopAll&) { return leave(now, RoomMode::stopped); },
               [&](const request::ResetStop&) {
                 return now.mode == RoomMode::stopped ? leave(now, RoomMode::idle) : Verdict::conflict;
               },
               [&](const request::SetMute& r) { return now.muted = r.on, Verdict::done; },
               [&](const request::SetLight& r) {
                 now.light.level = r.level;
                 now.manual = {"light"};
                 return Verdict::done;
               },
               [&](const request::SetRecording& r) { return now.recording = r.on, Verdict::done; },
               [&](const request::Release&) { return now.manual.clear(), Verdict::done; },
               [&](const request::Undo&) { return Verdict::conflict; },
               [&](const request::SetTempo& r) { return r.bpm > 120 ? Verdict::refused : Verdict::done; },
               [&](const auto&) { return Verdict::done; }},
      what);
}

Preset preset(std::string id, Direction direction, LocalText name) {
  Preset out;
  out.id = std::move(id);
  out.direction = direction;
  out.name = std::move(name);
  return out;
}

}  // namespace

FakeRoom::FakeRoom() {
  now.light = {0.4, 0.4, 3500};
  now.devices_ok = 11;
  now.devices_all = 12;
  now.devices_missing = {"wall"};
  now.heart = {72, 1, Quality::good};
  now.tempo_bpm = 68;
  now.volume = 0.4;
  now.simulated = true;
}

Answer FakeRoom::answer(const Asked& request) {
  asked.push_back(request);
  Answer answer;
  answer.verdict = apply(now, request.what);
  answer.generation = ++now.generation;
  answer.devices = now.devices_all;
  answer.id = now.session;
  changed();
  return answer;
}

RoomPort FakeRoom::port() {
  RoomPort port;
  port.ask = [this](const Asked& request) { return answer(request); };
  port.state = [this] { return now; };
  port.devices = [this] { return device_rows; };
  port.faults = [] {
    FaultRow row;
    row.fault = "heart_unknown";
    row.steps = {{0, "hold"}, {10, "baseline"}};
    row.says = {"Pulsen mangler", "No pulse"};
    row.does = {"Pulsen vises som ukjent.", "The pulse is shown as unknown."};
    row.devices = {"strap<1>"};
    row.now = {{"strap<1>", 12}};
    return std::vector{row};
  };
  const auto device = [this](const std::string& what, int status = 200) {
    return [this, what, status](const std::string& id) {
      read.push_back(what + " " + id);
      return Page{status, "application/json", R"({"id":")" + id + R"("})"};
    };
  };
  port.device = device("device");
  port.device_frames = device("frames");
  port.profiles = [] { return Page{200, "application/json", "{}"}; };
  port.discover = [] { return Page{202, "application/json", "{}"}; };
  port.discovery = [] { return Page{200, "application/json", "{}"}; };
  port.scan = device("scan", 202);
  port.scanned = device("scanned");
  port.silence = [this](const SilenceAsked& asked_for, const PageHandler& done) {
    read.push_back((asked_for.on ? "silence " : "tell ") + asked_for.fault + " " + asked_for.device);
    done({200, "application/json", "{}"});
  };
  port.variant = [this](const Looker& looker, const std::string& code, const PageHandler& done) {
    read.push_back("variant " + looker.actor.id + " " + code);
    done({200, "application/json", "{}"});
  };
  port.state_map = [this](const Looker& looker, const std::string& code, const PageHandler& done) {
    read.push_back("state map " + looker.actor.id + " " + code);
    done({200, "application/json", R"({"rows":{}})"});
  };
  port.set_state_map = [this](const Looker& looker, const std::string& code, const StateMapRow& row,
                              const PageHandler& done) {
    read.push_back("row " + looker.actor.id + " " + code + " " + row.state + " " + row.helps +
                   row.makes_worse);
    done({200, "application/json", "{}"});
  };
  port.session_map = [this](const Looker& looker, const PageHandler& done) {
    read.push_back("session map " + looker.actor.id);
    done({200, "application/json", session_map});
  };
  port.metrics = [] { return std::string("rytme_up 1\n"); };
  port.ready = [this] { return ready; };
  port.healthy = [this] { return healthy; };
  port.now = [this] { return clock; };
  port.wall = [this] { return wall; };
  port.entered = [this](const Looker& looker, const std::string& what, bool in_vain) {
    entered.push_back(what + (in_vain ? " refused " : " ") + looker.actor.id);
  };
  port.sessions = [this](const Looker& looker, const auto& query, const PageHandler& done) {
    read.push_back("sessions " + looker.actor.id + " " + looker.why + " " + std::to_string(query.size()));
    done({200, "application/json", "[]"});
  };
  port.session = [this](const Looker& looker, const std::string& id, const PageHandler& done) {
    read.push_back("session " + looker.actor.id + " " + id);
    done({200, "application/json", "{\"id\":\"" + id + "\"}"});
  };
  port.session_export = [this](const Looker& looker, const std::string& id, const ExportForm& form,
                               const PageHandler& done) {
    read.push_back("export " + looker.actor.id + " " + id + " " + form.format + form.separator);
    done({200, "text/csv; charset=utf-8", "seq,t\n"});
  };
  port.participant_record = [this](const Looker& looker, const std::string& code, const PageHandler& done) {
    read.push_back("record " + looker.actor.id + " " + code);
    done({200, "application/zip", "", made});
    made.reset();
  };
  port.participants = [this](const Looker& looker, const PageHandler& done) {
    read.push_back("participants " + looker.actor.id);
    done({200, "application/json", "[]"});
  };
  port.add_participant = [this](const Looker& looker, const PageHandler& done) {
    read.push_back("add " + looker.actor.id);
    done({201, "application/json", R"({"code":"K7FW"})"});
  };
  port.correct_participant = [this](const Looker& looker, const std::string& id, const std::string& code,
                                    const PageHandler& done) {
    read.push_back("correct " + looker.actor.id + " " + id + " " + code);
    done({200, "application/json", "{}"});
  };
  port.erase = [this](const Looker& looker, entry::Erase::What what, const std::string& key,
                      const PageHandler& done) {
    const bool session = what == entry::Erase::What::session;
    read.push_back((session ? "erase session " : "erase participant ") + looker.actor.id + " " + key);
    done({202, "application/json", "{}"});
  };
  port.review = [this](const Looker& looker, const ReviewQuestion& question, const PageHandler& done) {
    const auto number = [](std::optional<std::size_t> of) {
      return of ? std::to_string(*of) : std::string("-");
    };
    read.push_back("review " + std::to_string(static_cast<int>(question.what)) + " " + looker.actor.id + " " +
                   question.whose + " " + question.names + " " + question.from + " " +
                   number(question.points) + " " + number(question.last));
    done({200, "application/json", "{}"});
  };
  port.desk = [this](const Looker& looker, const DeskQuestion& question, const PageHandler& done) {
    std::string text = "desk " + std::to_string(static_cast<int>(question.what)) + " " + looker.actor.id +
                       " " + question.name + question.base + question.from + question.to + question.level;
    for (const auto& [name, file] : question.files)
      text += name + (file ? "=" + std::to_string(file->size()) : " goes");
    if (question.number) text += " " + std::to_string(*question.number);
    read.push_back(text);
    const bool zip = question.what == DeskQuestion::What::support;
    done({200, zip ? "application/zip" : "application/json", zip ? "PK" : "{}"});
  };
  port.access_log = [this](const Looker& looker, const AccessQuestion& question, const PageHandler& done) {
    const auto number = [](std::optional<std::int64_t> of) { return of ? std::to_string(*of) : "-"; };
    read.push_back("access " + looker.actor.id + " " + question.participant + " " + question.session + " " +
                   question.from + " " + question.to + " " + number(question.cursor) + " " +
                   number(question.limit));
    done({200, "application/json", R"({"entries":[],"next":null})"});
  };
  port.denied = [this](const Looker& looker, const std::string& route, const std::string& whose) {
    refused.push_back(route + " " + looker.actor.id + (whose.empty() ? "" : " " + whose));
  };
  return port;
}

Options house_options() {
  Options options;
  options.port = 0;
  options.room_name = "Rom <1> & \"to\"";
  options.presets = {preset("regulate-down", Direction::down, {"Ro ned", "Regulate down"}),
                     preset("regulate-up", Direction::up, {"Aktiver", "Regulate up"}),
                     preset("quiet", Direction::neutral, {"Stille", "Quiet"})};
  options.code_letters = "CFK7";
  options.activities = {{"bubbles", "both", {"Blås såpebobler", "Blow bubbles"}}};
  options.tokens = {{"tablet-token", "tablet"},
                    {"psychologist-token", "psychologist"},
                    {"maintainer-token", "maintainer"},
                    {"officer-token", "officer"}};
  return options;
}

}  // namespace rytme::web
