// SPDX-License-Identifier: Apache-2.0
#include "controller/app/device_fade.hpp"

#include <cmath>

namespace rytme::app {
namespace {

using std::chrono::milliseconds;

constexpr double way = 0.2;              // linear light
constexpr milliseconds least{4500};      // the glide, and a moment to say so
constexpr milliseconds patience{12000};  // for each end of the way
constexpr std::array<std::string_view, 5> names{"none", "running", "ok", "not_there", "abandoned"};

}  // namespace

std::string_view name_of(DeviceFade::State state) { return names.at(static_cast<std::size_t>(state)); }

void DeviceFade::begin(DeviceIndex device, double from, double tolerance, Instant now) {
  *this = {};
  state_ = State::running;
  device_ = device;
  tolerance_ = tolerance;
  ends_ = {End{from > way ? from - way : from + way, {}, false}, End{from, {}, false}};
  began_ = now;
}

std::optional<double> DeviceFade::due(Instant now) {
  if (state_ != State::running) return std::nullopt;
  End& end = ends_.at(leg_);
  if (!aimed_) {
    aimed_ = true;
    began_ = now;
    return end.aim;
  }
  if (now - began_ < least || (!end.there && now - began_ < patience)) return std::nullopt;
  if (++leg_ < ends_.size()) {
    began_ = now;
    return ends_.at(leg_).aim;
  }
  state_ = ends_[0].there && ends_[1].there ? State::ok : State::not_there;
  return std::nullopt;
}

void DeviceFade::observed(DeviceIndex device, double linear) {
  if (state_ != State::running || device != device_) return;
  End& end = ends_.at(leg_);
  end.read = linear;
  end.there = std::abs(linear - end.aim) <= tolerance_;
}

void DeviceFade::abandon() {
  if (state_ == State::running) state_ = State::abandoned;
}

Instant DeviceFade::next_wake() const {
  if (state_ != State::running) return Instant::max();
  if (!aimed_) return began_;
  return began_ + (ends_.at(leg_).there ? least : patience);
}

}  // namespace rytme::app
