// SPDX-License-Identifier: Apache-2.0
// Where a stepped light may stand: it takes each step at once, when the step reaches it, and says so. Steps
// that the way holds back arrive as one, so none may be further than a reach from any place where it may be.
// Pure; all in linear light.
#pragma once

#include <algorithm>
#include <optional>

namespace rytme::safety {

class Standing {
 public:
  explicit Standing(double reach) : reach_(reach) {}

  bool known() const { return place_.has_value(); }
  // It is out of reach and may be moved by others.
  void forget() { place_.reset(); }
  // It said that it stands there; what it was told last may be on its way, unless that is so far off that
  // somebody else has moved it. True: that is news.
  bool said(double linear) {
    Place place{std::min(linear, told_), std::max(linear, told_)};
    if (place.high - place.low > reach_) place = {linear, linear};
    const bool news = !place_ || place_->low != place.low || place_->high != place.high;
    place_ = place;
    return news;
  }
  void told(double linear) {
    told_ = linear;
    if (place_) place_ = Place{std::min(place_->low, linear), std::max(place_->high, linear)};
  }
  // Where a step to `target` begins, so that it leads nowhere else on its way. Precondition: known().
  double nearest(double target) const { return std::clamp(target, place_->low, place_->high); }
  // What is within reach of wherever it may stand. Precondition: known().
  double within(double wanted) const {
    return std::clamp(wanted, place_->high - reach_, place_->low + reach_);
  }

 private:
  struct Place {
    double low{}, high{};
  };
  double reach_;
  std::optional<Place> place_;
  double told_{};
};

}  // namespace rytme::safety
