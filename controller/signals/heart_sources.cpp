// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/heart_sources.hpp"

#include <algorithm>

namespace rytme::signals {

namespace {

constexpr double takeover_s = 10;
constexpr double low_battery_percent = 15;

}  // namespace

struct HeartSources::Source {
  explicit Source(const HeartDevice& of) : device(of.device), ttl_s(of.ttl_s) {}

  bool battery_low() const { return battery_percent && *battery_percent < low_battery_percent; }

  HeartNow at(Instant now) const {
    auto heart = tracker.at(now);
    const bool too_old = ttl_s > 0 && heart.age_s && *heart.age_s > ttl_s;
    if (!reachable || too_old) {
      return {.bpm = {}, .age_s = heart.age_s, .quality = Quality::unknown};
    }
    if (heart.bpm && !vouched) {
      heart.quality = Quality::doubtful;
    }
    return heart;
  }

  // 0 = nothing to say.
  int worth(Instant now) const {
    const auto heart = at(now);
    if (contact == Contact::no || !heart.bpm) {
      return 0;
    }
    const bool good = heart.quality == Quality::good;
    const int kind = tracker.sends_rr() ? (good ? 4 : 2) : (good ? 3 : 1);
    return 2 * kind - (battery_low() ? 1 : 0);
  }

  std::string_view unfit(const HeartNow& heart) const {
    if (contact == Contact::no) {
      return "no_contact";
    }
    if (!heart.bpm) {
      return "no_signal";
    }
    if (battery_low()) {
      return "battery_low";
    }
    return heart.quality == Quality::good ? "" : "unsteady";
  }

  DeviceIndex device;
  double ttl_s;
  bool reachable{true};
  bool vouched{};  // has said more than a rate: contact, or RR
  HeartTracker tracker;
  WearerWatch watch;
  std::uint32_t wearer{};
  Contact contact{Contact::unsupported};
  std::optional<double> battery_percent;
};

HeartSources::HeartSources(std::span<const HeartDevice> devices) {
  sources_.reserve(devices.size());
  for (const auto& device : devices) {
    sources_.emplace_back(device);
  }
}
HeartSources::~HeartSources() = default;
HeartSources::HeartSources(HeartSources&&) noexcept = default;
HeartSources& HeartSources::operator=(HeartSources&&) noexcept = default;

void HeartSources::add(const HeartSample& sample, std::vector<Reading>& readings,
                       std::vector<HeartEvent>& events) {
  const auto place = place_of(sample.device);
  if (!place) {
    ++strangers_;
    return;
  }
  auto& source = sources_[*place];
  const auto tell = [&](HeartEvent::Kind kind) {
    events.push_back({.kind = kind, .device = sample.device, .previous = {}, .at = sample.received});
  };
  const bool fresh = source.tracker.would_take(sample);
  const bool has_data = sample.rr_count > 0 || sample.bpm;
  if (fresh && sample.contact == Contact::no) {
    if (source.contact != Contact::no) {
      tell(HeartEvent::Kind::contact_lost);
    }
    source.watch.off(sample.received);
  } else if (fresh && has_data && source.watch.worn(sample.received)) {
    source.tracker.begin_anew();
    tell(HeartEvent::Kind::wearer_returned);
  }
  if (fresh) {
    source.contact = sample.contact;
    source.vouched = source.vouched || sample.contact == Contact::yes || sample.rr_count > 0;
  }
  source.tracker.add(sample, readings);
  for (const double rr_ms : source.tracker.accepted_of_last_frame()) {
    if (source.watch.beat(rr_ms)) {
      tell(HeartEvent::Kind::wearer_probably_another);
    }
  }
  choose(sample.received, events);
}

void HeartSources::battery(DeviceIndex device, double percent, Instant now, std::vector<HeartEvent>& events) {
  const auto place = place_of(device);
  if (!place) {
    return;
  }
  auto& source = sources_[*place];
  const bool was_low = source.battery_low();
  source.battery_percent = percent >= 0 && percent <= 100 ? std::optional{percent} : std::optional<double>{};
  if (source.battery_low() && !was_low) {
    events.push_back({.kind = HeartEvent::Kind::battery_low, .device = device, .previous = {}, .at = now});
  }
}

void HeartSources::reachable(DeviceIndex device, bool is) {
  if (const auto place = place_of(device)) {
    sources_[*place].reachable = is;
  }
}

void HeartSources::choose(Instant now, std::vector<HeartEvent>& events) {
  std::optional<std::size_t> best;
  int best_worth = 0;
  for (std::size_t place = 0; place < sources_.size(); ++place) {
    const int worth = sources_[place].worth(now);
    if (worth > best_worth) {
      best = place;
      best_worth = worth;
    }
  }
  const int present = chosen_ ? sources_[*chosen_].worth(now) : 0;
  const bool better = best_worth > present;
  const bool long_better = better && challenger_ == best && seconds_between(challenged_, now) >= takeover_s;
  if (present == 0 || long_better) {
    believe(best, now, events);
  } else if (!better) {
    challenger_.reset();
  } else if (challenger_ != best) {
    challenger_ = best;
    challenged_ = now;
  }
}

void HeartSources::believe(std::optional<std::size_t> place, Instant now, std::vector<HeartEvent>& events) {
  challenger_.reset();
  if (place == chosen_) {
    return;
  }
  const auto previous = chosen();
  chosen_ = place;
  events.push_back({.kind = place ? HeartEvent::Kind::source_chosen : HeartEvent::Kind::source_lost,
                    .device = place ? sources_[*place].device : *previous,
                    .previous = previous,
                    .at = now});
}

void HeartSources::confirm_wearer(DeviceIndex device, bool another) {
  if (const auto place = place_of(device)) {
    sources_[*place].watch.confirm();
    sources_[*place].wearer += another ? 1U : 0U;
  }
}

void HeartSources::restart_windows() {
  for (auto& source : sources_) {
    source.tracker.restart_windows();
  }
}

std::optional<DeviceIndex> HeartSources::chosen() const {
  return chosen_ ? std::optional{sources_[*chosen_].device} : std::nullopt;
}

HeartNow HeartSources::at(Instant now) const { return chosen_ ? sources_[*chosen_].at(now) : HeartNow{}; }

HeartVariability HeartSources::variability(Instant now) const {
  return chosen_ ? sources_[*chosen_].tracker.variability(now) : HeartVariability{};
}

std::optional<double> HeartSources::respiration_per_min(Instant now, std::optional<double> swing_hz) {
  return chosen_ ? sources_[*chosen_].tracker.respiration_per_min(now, swing_hz) : std::nullopt;
}

std::optional<HeartSourceState> HeartSources::state(DeviceIndex device, Instant now) const {
  const auto place = place_of(device);
  if (!place) {
    return std::nullopt;
  }
  const auto& source = sources_[*place];
  const auto now_seen = source.at(now);
  return HeartSourceState{.device = device,
                          .now = now_seen,
                          .chosen = chosen_ == place,
                          .rate_only = !source.tracker.sends_rr(),
                          .contact = source.contact,
                          .battery_percent = source.battery_percent,
                          .wearer = source.wearer,
                          .doubt = source.watch.doubt(),
                          .unfit = source.unfit(now_seen)};
}

std::string_view HeartSources::unfit(Instant now) const {
  if (sources_.empty()) {
    return "";
  }
  const auto& source = sources_[chosen_.value_or(0)];
  return source.unfit(source.at(now));
}

const HeartTracker* HeartSources::tracker(DeviceIndex device) const {
  const auto place = place_of(device);
  return place ? &sources_[*place].tracker : nullptr;
}

bool HeartSources::would_take(const HeartSample& sample) const {
  const auto* of = tracker(sample.device);
  return of != nullptr && of->would_take(sample);
}

std::optional<std::size_t> HeartSources::place_of(DeviceIndex device) const {
  const auto found = std::find_if(sources_.begin(), sources_.end(),
                                  [&](const Source& source) { return source.device == device; });
  return found == sources_.end() ? std::nullopt
                                 : std::optional{static_cast<std::size_t>(found - sources_.begin())};
}

}  // namespace rytme::signals
