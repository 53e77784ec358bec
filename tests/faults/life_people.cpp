// SPDX-License-Identifier: Apache-2.0
// Two tablets, pressed at random; now and then a request takes its time to come.
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "tests/faults/life.hpp"

namespace rytme::test {
namespace {

constexpr std::array<const char*, 20> names{"start",  "end",      "stop",      "ready again", "resume",
                                            "light",  "volume",   "tempo",     "mute",        "source",
                                            "undo",   "release",  "recording", "participant", "withdraw",
                                            "rating", "activity", "mark",      "calm pulse",  "wearer"};

}  // namespace

double Life::value() {
  switch (one_of(8)) {
    case 0:
      return 0.0;
    case 1:
      return 1.0;
    case 2:
      return std::numeric_limits<double>::quiet_NaN();
    case 3:
      return pick(-1e9, 1e9);
    default:
      return pick(0, 1);
  }
}

Request Life::request() {
  switch (one_of(24)) {
    case 0:
    case 1:
    case 2:
      return request::StartSession{random_.chance(0.5) ? "regulate-down" : "regulate-up",
                                   random_.chance(0.5) ? std::optional<std::string>("K7") : std::nullopt,
                                   random_.chance(0.5)};
    case 3:
      return request::EndGently{};
    case 4:
      return request::StopAll{};
    case 5:
    case 6:
      return request::ResetStop{};
    case 7:
    case 8:
      return request::Resume{};
    case 9:
      return request::Undo{};
    case 10: {
      static constexpr std::array<const char*, 5> channels{"light", "volume", "tempo", "source", "nothing"};
      return request::Release{channels[one_of(channels.size())]};
    }
    case 11:
      return request::SetTempo{200 * value()};
    case 12:
      return request::SetMute{random_.chance(0.4)};
    case 13:
    case 14:
      return request::SetVolume{value()};
    case 15:
      return request::SetSource{random_.chance(0.5) ? "calm" : "drums"};
    case 16:
      return request::SetRecording{random_.chance(0.5)};
    case 17:
      return request::TakeCalmPulse{};
    case 18:
      return request::Withdraw{};
    default:
      return request::SetLight{value(), random_.chance(0.5) ? std::optional(7000 * value()) : std::nullopt};
  }
}

void Life::press(int tablet) {
  if (quiet_) return;
  later(random_.exponential(press_mean_s_), [this, tablet] { press(tablet); });
  Pending pending{request(), fmt::format("http:tablet-{}", tablet),
                  room_.now().steady + std::chrono::seconds{2}};
  const double way_s = random_.chance(0.1) ? pick(0, 6) : pick(0, 0.05);
  later(way_s, [this, pending] {
    if (!room_.runs()) return;
    const auto answer = room_.ask(pending.what, pending.origin, pending.expires);
    tell(fmt::format("{} {}: {}{}", pending.origin, names.at(pending.what.index()),
                     static_cast<int>(answer.verdict), answer.detail.empty() ? "" : ", " + answer.detail));
  });
}

}  // namespace rytme::test
