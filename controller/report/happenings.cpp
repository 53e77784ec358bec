// SPDX-License-Identifier: Apache-2.0
#include "controller/report/happenings.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

namespace rytme::report {
namespace {

using Kind = Happening::Kind;

struct Word {
  std::string_view id, nb;
};

template <std::size_t Count>
std::string word(const std::array<Word, Count>& words, const std::string& id) {
  const auto found =
      std::find_if(words.begin(), words.end(), [&](const Word& each) { return each.id == id; });
  return found != words.end() ? std::string(found->nb) : id;
}

constexpr std::array<Word, 7> states{{{"calm", "Ro"},
                                      {"attentive", "Oppmerksom til stede"},
                                      {"alarm", "Alarm"},
                                      {"fear", "Frykt"},
                                      {"terror", "Terror"},
                                      {"shut_down", "Frakoblet"},
                                      {"dont_know", "Vet ikke"}}};
constexpr std::array<Word, 3> moments{{{"before", "før"}, {"during", "underveis"}, {"after", "etter"}}};
constexpr std::array<Word, 4> phases{
    {{"arrive", "ankomst"}, {"lead", "leder"}, {"stay", "blir"}, {"close", "avrunding"}}};
constexpr std::array<Word, 3> marks{
    {{"regulate", "Regulere"}, {"relate", "Relatere"}, {"reflect", "Reflektere"}}};
constexpr std::array<Word, 5> channels{
    {{"light", "lys"}, {"volume", "lyd"}, {"tempo", "tempo"}, {"mute", "demping"}, {"source", "musikk"}}};

// What the event's name says by itself, and the field of its data that says which.
struct Sentence {
  std::string_view event, nb, field;
  Kind kind;
};
constexpr std::array<Sentence, 17> sentences{{
    {"stop", "Stopp alt", "", Kind::stop},
    {"withdrawn", "Ungdommen trakk seg fra opptaket", "", Kind::withdrawal},
    {"end_gently", "Avslutt rolig", "", Kind::phase},
    {"participant", "Deltakerkode valgt", "", Kind::deed},
    {"activity", "Aktivitet: ", "id", Kind::deed},
    {"undo", "Angret", "", Kind::deed},
    {"journal_gap", "Hull i opptaket", "", Kind::device},
    {"device_lost", "Uten kontakt: ", "device", Kind::device},
    {"device_found", "I kontakt: ", "device", Kind::device},
    {"device_restarted", "Startet på nytt: ", "device", Kind::device},
    {"device_replaced", "Byttet: ", "device", Kind::device},
    {"command_refused", "Sa nei til pådrag: ", "device", Kind::device},
    {"output_changed", "Endret utenfra: ", "device", Kind::device},
    {"output_reset", "Slo seg av: ", "device", Kind::device},
    {"broker_gone", "Meldinger i rommet borte", "", Kind::device},
    {"broker_back", "Meldinger i rommet tilbake", "", Kind::device},
    {"start", "Styringen startet på nytt", "", Kind::device},
}};
constexpr std::array<std::string_view, 4> told_elsewhere{"session_change", "session_digest", "stop_confirmed",
                                                         "retained_command"};

std::optional<Happening> from_state(const journal::EventFact& event, double t_s) {
  if (text_field(event.data, "to") != "paused") return std::nullopt;
  return Happening{t_s, Kind::phase, "På pause"};
}

std::optional<Happening> happening(const journal::EventFact& event, double t_s) {
  const auto field = [&](std::string_view name) { return text_field(event.data, name); };
  if (event.kind == "state") return from_state(event, t_s);
  if (event.kind == "phase") return Happening{t_s, Kind::phase, "Fase: " + word(phases, field("phase"))};
  if (event.kind == "mark") return Happening{t_s, Kind::deed, word(marks, field("kind"))};
  if (event.kind == "manual")
    return Happening{t_s, Kind::deed, "For hånd: " + word(channels, field("channel"))};
  if (event.kind == "release")
    return Happening{t_s, Kind::deed, "Gitt tilbake: " + word(channels, field("channel"))};
  if (event.kind == "recording")
    return Happening{t_s, Kind::deed, flag_field(event.data, "on") == true ? "Opptak på" : "Opptak av"};
  if (std::find(told_elsewhere.begin(), told_elsewhere.end(), event.kind) != told_elsewhere.end())
    return std::nullopt;
  for (const Sentence& sentence : sentences)
    if (sentence.event == event.kind)
      return Happening{t_s, sentence.kind,
                       std::string(sentence.nb) + (sentence.field.empty() ? "" : field(sentence.field))};
  return Happening{t_s, Kind::device, event.kind};
}

std::string rating_text(const journal::RatingFact& rating) {
  const std::string state = word(states, rating.state), moment = word(moments, rating.when);
  if (rating.whose == "staff") return fmt::format("Personal om seg selv: {} ({})", state, moment);
  if (rating.by == "participant") return fmt::format("Ungdommens egen: {} ({})", state, moment);
  return fmt::format("Personal ser: {} ({})", state, moment);
}

}  // namespace

std::vector<Happening> happenings(const journal::SessionFacts& facts, const SessionClock& clock) {
  std::vector<Happening> all;
  for (const auto& event : facts.events)
    if (auto found = happening(event, clock.at(event.at))) all.push_back(std::move(*found));
  for (const auto& rating : facts.ratings)
    all.push_back({clock.at(rating.at), Kind::rating, rating_text(rating)});
  std::stable_sort(all.begin(), all.end(),
                   [](const Happening& a, const Happening& b) { return a.t_s < b.t_s; });
  return all;
}

std::string preset_name(const std::string& id) {
  static constexpr std::array<Word, 2> names{{{"regulate-down", "Ro ned"}, {"regulate-up", "Aktiver"}}};
  return word(names, id);
}

std::string end_reason_text(const std::string& reason) {
  static constexpr std::array<Word, 7> reasons{{{"", "ikke avsluttet"},
                                                {"finished", "ferdig etter profilen"},
                                                {"ended", "avsluttet rolig"},
                                                {"stopped", "Stopp alt"},
                                                {"max_length", "lengste tid nådd"},
                                                {"shutdown", "styringen ble slått av"},
                                                {"crash", "styringen falt ut"}}};
  return word(reasons, reason);
}

std::string clock_text(double seconds) {
  const auto all = std::llround(std::floor(std::max(0.0, seconds)));
  if (all >= 3600) return fmt::format("{}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60);
  return fmt::format("{}:{:02}", all / 60, all % 60);
}

}  // namespace rytme::report
