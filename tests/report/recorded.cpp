// SPDX-License-Identifier: Apache-2.0
#include "tests/report/recorded.hpp"

#include <cmath>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/shell.hpp"

namespace rytme::report {

using namespace std::chrono_literals;

Recorded::Recorded() {
  journal::Opening opening;
  journal::Journal journal({.file = folder.file(), .formula_version = "hrv-2"}, opening);
  journal_ = &journal;
  full();
  other();
  withdrawn();
  short_ones();
  journal.close();
  journal_ = nullptr;
}

journal::SessionFacts Recorded::facts(const std::string& id) const {
  auto found = reader().facts(id);
  if (!found) throw std::runtime_error("no session " + id);
  return *found;
}

template <typename What>
void Recorded::put(What what, bool urgent) {
  journal_->append(scribe_.make(std::move(what), urgent));
}

double Recorded::now_s() const { return seconds_between(began_, scribe_.at().steady); }

void Recorded::until(double t_s) { scribe_.move_on(seconds(t_s - now_s())); }

void Recorded::begin(const std::string& id, const std::string& participant, bool recording) {
  scribe_.move_on(1h);
  scribe_.session = id;
  began_ = scribe_.at().steady;
  put(entry::SessionStart{id, participant, "regulate-down", 2, recording, "abc123", "0.1.0"}, true);
}

void Recorded::end(const std::string& reason) { put(entry::SessionEnd{scribe_.session, reason}, true); }

// One second: five motion frames (one in twenty lost), a heart frame, its value, sometimes doubtful.
void Recorded::second(int number, double start_s) {
  for (int tick = 0; tick < 5; ++tick) {
    until(start_s + 0.2 * (tick + 1));
    const auto seq = static_cast<std::uint64_t>(number * 5 + tick);
    if (number % 20 == 7 && tick == 2) continue;
    const MotionFrame frame = journal::motion_frame(seq, 20);
    ax.push_back({now_s(), double{frame.ax[0]}});
    motion_samples += frame.ax.size();
    put(entry::Motion{"swing", frame});
  }
  if (start_s >= gap_from_s && start_s < gap_to_s) return;
  const auto interval = static_cast<std::uint16_t>(900 + number % 50);
  put(entry::Heart{"belt", journal::heart_frame(static_cast<std::uint64_t>(number), {interval})});
  rr.push_back(interval);
  const double bpm = 70 + number % 17 + 0.25;
  pulse.push_back({now_s(), bpm});
  put(entry::Value{"belt", Capability::hr_bpm, bpm, "",
                   number % 30 == 3 ? Quality::doubtful : Quality::good});
}

void Recorded::full() {
  begin("full", "K7F");
  put(entry::Event{"phase", R"({"phase":"arrive","actor_id":"anna"})"});
  put(entry::Rating{"participant", "staff", "before", "alarm", "tablet-1"}, true);
  put(entry::Commanded{"player", Capability::player_bpm, 80, "", 0, "preset"});
  put(entry::Commanded{"player", Capability::player_volume, 0.4, "", 0, "preset"});
  put(entry::Event{"activity", R"({"id":"=HYPERLINK(\"x\");\n\"quoted\" 🫁 – æøå"})"});
  put(entry::Value{"lamp", Capability::device_text, {}, "=1+1;\"x\"\r\nline 🙂", Quality::good});
  put(entry::SessionChange{"full", "Q2M", std::nullopt}, true);  // by mistake, and corrected
  put(entry::SessionChange{"full", "K7F", std::nullopt}, true);
  for (int i = 0; i < static_cast<int>(full_s) - 1; ++i) {
    if (i % 10 == 0) {
      light.push_back({now_s(), 0.35 - i * 0.001});
      put(entry::Commanded{"lamp", Capability::light_level, light.back().value, "", 900, "preset"});
      put(entry::Confirmed{scribe_.next_seq() - 1, 0.34, std::nullopt});
    }
    second(i, i);
  }
  until(full_s);
  stop_s = now_s();
  put(entry::Event{"stop", R"({"again":false,"actor_id":"anna"})"}, true);
  put(entry::Rating{"participant", "participant", "after", "calm", "tablet-1"}, true);
  end("stopped");
}

void Recorded::other() {
  begin("other", "Q2M");
  put(entry::Value{"belt", Capability::hr_bpm, 111.625, "", Quality::good});
  until(5);
  end("finished");
  scribe_.session = "";
  const Actor actor{ActorKind::user, Role::psychologist, "u7"};
  put(entry::Access{actor, "export csv", "full", "10.0.0.7", "team;\"review\"", false}, true);
  put(entry::Access{actor, "session", "other", "10.0.0.7", "secret of other", false}, true);
  put(entry::Access{actor, "sessions", "K7F", "10.0.0.7", "=cmd", true}, true);
  for (const char* list : {"sessions", "participants", "access log"})
    put(entry::Access{actor, list, "", "10.0.0.7", "", false}, true);
  put(entry::Access{actor, "access log", "K7F", "10.0.0.7", "", false}, true);
  put(entry::Event{"baseline", R"({"participant":"K7F","bpm":71})"}, true);
  put(entry::Event{"baseline", R"({"participant":"Q2M","bpm":95})"}, true);
}

void Recorded::withdrawn() {
  begin("withdrawn", "K7F");
  put(entry::Value{"belt", Capability::hr_bpm, 82.0, "", Quality::good});
  until(4);
  put(entry::SessionChange{"withdrawn", std::nullopt, false}, true);
  put(entry::Event{"withdrawn", R"({"removed":false})"}, true);
  until(30);
  end("ended");
}

void Recorded::short_ones() {
  begin("unrecorded", "", false);
  put(entry::Commanded{"lamp", Capability::light_level, 0.3, "", 900, "preset"});
  until(20);
  end("finished");
  scribe_.move_on(1h);
  const auto at = scribe_.at();
  for (const bool start : {true, false}) {
    JournalEntry entry;
    entry.seq = scribe_.make(entry::Event{}).seq;
    entry.at = at;
    entry.session = "empty";
    entry.urgent = true;
    if (start)
      entry.what = entry::SessionStart{"empty", "K7F", "\xff\xfe?", 1, true, "", ""};
    else
      entry.what = entry::SessionEnd{"empty", "ended"};
    journal_->append(entry);
  }
  begin("open", "K7F");
  put(entry::Value{"belt", Capability::hr_bpm, 90.0, "", Quality::good});
  scribe_.move_on(3s);
  put(entry::Value{"belt", Capability::hr_bpm, std::nullopt, "", Quality::unknown});
}

std::string output_of(const std::string& command) {
  const auto ended = test::shell(command);
  EXPECT_EQ(ended.code, 0) << command << "\n" << ended.said;
  return ended.said;
}

std::string python(const std::string& script, const std::string& arguments) {
  const journal::TemporaryFolder folder;
  const auto file = folder.path() / "check.py";
  std::ofstream(file) << script;
  return output_of(std::string(RYTME_PYTHON) + " " + file.string() + " " + arguments + " 2>&1");
}

}  // namespace rytme::report
