// SPDX-License-Identifier: Apache-2.0
#include "controller/desk/trial.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <boost/json.hpp>

#include "controller/desk/own_file.hpp"
#include "controller/journal/whole_file.hpp"

namespace rytme::desk {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using Phase = Trial::Phase;

constexpr std::array<std::string_view, 7> names{"none",    "writing", "ready",   "running",
                                                "refused", "kept",    "put_back"};

fs::path file_of(const Places& places) { return places.data / "settings" / "trial.json"; }

void note(const Places& places, const Trial& trial) {
  const json::object text{{"v", 1},
                          {"phase", name_of(trial.phase)},
                          {"from", trial.from},
                          {"to", trial.to},
                          {"at_s", trial.at_s},
                          {"by", trial.by},
                          {"why", trial.why}};
  journal::replace_file(file_of(places), json::serialize(text) + "\n");
  places.step();
}

Trial with_phase(Trial trial, Phase phase, const std::string& why = "") {
  trial.phase = phase;
  trial.why = why;
  return trial;
}

// A torn change has files of the one and of the other, and none besides.
bool is_between(const Files& now, const Files& from, const Files& to) {
  const auto fits = [&](const std::string& name) {
    const auto text = [&name](const Files& files) {
      const auto found = files.find(name);
      return found == files.end() ? nullptr : &found->second;
    };
    const std::string* there = text(now);
    const auto same = [there](const std::string* other) {
      return (there == nullptr) == (other == nullptr) && (there == nullptr || *there == *other);
    };
    return same(text(from)) || same(text(to));
  };
  return std::ranges::all_of(now, [&](const auto& one) { return fits(one.first); }) &&
         std::ranges::all_of(from, [&](const auto& one) { return fits(one.first); }) &&
         std::ranges::all_of(to, [&](const auto& one) { return fits(one.first); });
}

Trial undo(const Places& places, const Trial& trial, const std::string& why, std::int64_t now_s) {
  Versions versions(places.data);
  const auto from = versions.numbered(trial.from), to = versions.numbered(trial.to);
  const bool ours = from && to && is_between(read_files(places.settings), from->files, to->files);
  if (ours) {
    put_files(places.settings, from->files, places.step);
    versions.keep({0, now_s, trial.by, "put_back", {}, from->files});
    places.step();
  }
  Trial done = with_phase(trial, Phase::put_back, ours ? why : "by_hand");
  note(places, done);
  return done;
}

std::string reason_to_put_back(const Trial& trial) {
  if (trial.phase == Phase::refused) return trial.why;
  return trial.phase == Phase::running ? "end" : "busy";
}

}  // namespace

std::string_view name_of(Phase phase) { return names.at(static_cast<std::size_t>(phase)); }

Trial last_trial(const Places& places) {
  const std::string text = bytes_of(file_of(places));
  if (text.empty()) return {};
  try {
    const json::value read = json::parse(text);
    const auto phase = std::ranges::find(names, json::value_to<std::string>(read.at("phase")));
    Trial trial;
    trial.phase = phase == names.end() ? Phase::none : static_cast<Phase>(phase - names.begin());
    trial.from = json::value_to<int>(read.at("from"));
    trial.to = json::value_to<int>(read.at("to"));
    trial.at_s = read.at("at_s").as_int64();
    trial.by = json::value_to<std::string>(read.at("by"));
    trial.why = json::value_to<std::string>(read.at("why"));
    return trial;
  } catch (const std::exception&) {
    throw std::runtime_error(file_of(places).string() + ": is not what was written there");
  }
}

Trial begin(const Places& places, std::int64_t now_s) {
  Trial trial = last_trial(places);
  if (trial.phase == Phase::ready) {
    trial = with_phase(trial, Phase::running);
    note(places, trial);
  } else if (trial.phase != Phase::none && trial.phase != Phase::kept && trial.phase != Phase::put_back) {
    trial = undo(places, trial, reason_to_put_back(trial), now_s);
  }
  Versions versions(places.data);
  const bool first = !versions.newest();
  versions.keep({0, now_s, "", first ? "first" : "by_hand", {}, read_files(places.settings)});
  return trial;
}

Trial put_on_trial(const Places& places, const Wish& wish, std::int64_t now_s) {
  Versions versions(places.data);
  Trial trial{Phase::writing, 0, 0, now_s, wish.by, ""};
  const bool first = !versions.newest();
  trial.from = versions.keep({0, now_s, "", first ? "first" : "by_hand", {}, read_files(places.settings)});
  places.step();
  trial.to = versions.keep({0, now_s, wish.by, wish.why, {}, wish.wanted});
  places.step();
  note(places, trial);
  put_files(places.settings, wish.wanted, places.step);
  trial = with_phase(trial, Phase::ready);
  note(places, trial);
  return trial;
}

void keep(const Places& places) { note(places, with_phase(last_trial(places), Phase::kept)); }

void refuse(const Places& places, const std::string& why) {
  note(places, with_phase(last_trial(places), Phase::refused, why));
}

void put_back(const Places& places, const std::string& why, std::int64_t now_s) {
  undo(places, last_trial(places), why, now_s);
}

}  // namespace rytme::desk
