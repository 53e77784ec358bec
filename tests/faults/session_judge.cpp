// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/session_judge.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace rytme::test {
namespace {

constexpr std::chrono::seconds slack{10};

}  // namespace

void SessionJudge::take(const JournalEntry& entry) {
  const Instant at = entry.at.steady;
  if (const auto* start = std::get_if<entry::SessionStart>(&entry.what)) {
    if (on_) report_("session", "one begins before the other has ended");
    on_ = session::Interrupted{start->id, start->preset, start->participant, start->recording};
    began_ = last_kept_ = at;
    before_s_ = 0;
    restarted_ = false;
  } else if (const auto* ended = std::get_if<entry::SessionEnd>(&entry.what)) {
    if (!on_ || on_->id != ended->id) report_("session", "the end of a session that was not on");
    on_.reset();
  } else if (const auto* change = std::get_if<entry::SessionChange>(&entry.what)) {
    if (on_ && change->participant) on_->participant = *change->participant;
    if (on_ && change->recording) on_->recording = *change->recording;
  } else if (const auto* event = std::get_if<entry::Event>(&entry.what)) {
    take_event(*event, at);
  }
  if (on_ && entry.session == on_->id) last_kept_ = at;
}

void SessionJudge::take_event(const entry::Event& event, Instant at) {
  if (on_ && event.kind == "withdrawn") on_->withdrawn = true;
  if (event.kind != "state") return;
  const auto data = boost::json::parse(event.data).as_object();
  const bool stopped = data.at("to").as_string() == "stopped";
  if (stopped && !latched_) latched_since_ = at;
  latched_ = stopped;
  if (data.at("event").as_string() == "resume") restarted_ = false;
  if (const auto* lived = data.if_contains("elapsed_s")) {
    began_ = at;
    before_s_ = lived->to_number<double>();
    restarted_ = true;
  }
}

void SessionJudge::look(Instant now, std::chrono::minutes longest) {
  if (!on_) return;
  const bool went_on = !restarted_ && before_s_ > 0;
  const auto most = (went_on ? 2 * longest : longest) + slack;
  if (now - began_ > most)
    report_("session", fmt::format("{} has no end: on for {:.0f} s", on_->id, seconds_between(began_, now)));
}

std::optional<session::Interrupted> SessionJudge::open() const {
  auto found = on_;
  if (found) found->elapsed_s = before_s_ + seconds_between(began_, last_kept_);
  return found;
}

}  // namespace rytme::test
