// SPDX-License-Identifier: Apache-2.0
#include "controller/review/buckets.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rytme::review {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

Bucket gap_at(double t_s) { return {t_s, nothing, nothing, nothing, nothing, nothing, 0, 0, 0}; }

}  // namespace

Buckets::Buckets(double from_s, double to_s, double width_s)
    : from_s_(from_s),
      to_s_(std::max(from_s, to_s)),
      width_s_(width_s > 0 ? width_s : 1),
      // A last bucket of rounding errors would be none.
      places_(std::max<std::size_t>(
          1, static_cast<std::size_t>(std::ceil((to_s_ - from_s_) / width_s_ - 1e-6)))) {}

void Buckets::add(double t_s, double value, bool good, double hold_s) {
  if (std::isnan(value)) return unknown(t_s);
  time_s_ = std::max(t_s, time_s_);
  if (beyond(time_s_)) return;
  if (time_s_ > from_s_) repeat_at_start();
  settle(time_s_);
  if (time_s_ >= from_s_) count(time_s_, value, good);
  held_ = Held{time_s_, value, hold_s, good};
}

void Buckets::unknown(double t_s) {
  time_s_ = std::max(t_s, time_s_);
  if (beyond(time_s_)) return;
  if (time_s_ > from_s_) repeat_at_start();
  settle(time_s_);
  if (held_) gap_s_ = time_s_;
  held_.reset();
}

void Buckets::finish() {
  repeat_at_start();
  settle(to_s_);
  for (Bucket& row : rows_) {
    if (row.n > 0) row.mean /= row.n;
    const double length_s = end_of(place_of(row.t_s + width_s_ / 2)) - row.t_s;
    row.valid = row.n > 0 && length_s > 0 ? std::min(1.0, row.valid / length_s) : 0;
  }
}

Digest Buckets::digest() const {
  Digest digest;
  for (const Bucket& row : rows_) {
    if (row.n == 0) continue;
    digest.n += row.n;
    digest.n_good += row.n_good;
    digest.min = digest.min ? std::min(*digest.min, row.min) : row.min;
    digest.max = digest.max ? std::max(*digest.max, row.max) : row.max;
  }
  if (to_s_ > from_s_) digest.valid_share = std::min(1.0, covered_s_ / (to_s_ - from_s_));
  return digest;
}

bool Buckets::beyond(double t_s) {
  if (t_s <= to_s_) return false;
  repeat_at_start();
  settle(to_s_);
  held_.reset();
  return true;
}

void Buckets::settle(double until_s) {
  covered_ = {};
  if (!held_) return;
  const double silent_s = held_->t_s + held_->hold_s;
  if (held_->good) {
    covered_ = {std::max(held_->t_s, from_s_), std::min({until_s, silent_s, to_s_})};
    covered_s_ += std::max(0.0, covered_.to_s - covered_.from_s);
    if (!rows_.empty()) rows_.back().valid += within(place_, covered_);
  }
  if (until_s <= silent_s) return;
  gap_s_ = silent_s;
  held_.reset();
}

// A lamp that was set before the span began is lit when it begins.
void Buckets::repeat_at_start() {
  if (!held_ || held_->t_s >= from_s_ || held_->hold_s != until_next) return;
  count(from_s_, held_->value, held_->good);
  held_->t_s = from_s_;
}

void Buckets::count(double t_s, double value, bool good) {
  Bucket& row = row_at(t_s);
  if (row.n == 0) row.min = row.max = row.first = value;
  row.min = std::min(row.min, value);
  row.max = std::max(row.max, value);
  row.last = value;
  row.mean += value;
  ++row.n;
  row.n_good += good ? 1 : 0;
}

Bucket& Buckets::row_at(double t_s) {
  const std::size_t place = place_of(t_s);
  const auto gap_s = std::exchange(gap_s_, std::nullopt);
  if (!rows_.empty() && place == place_) return rows_.back();
  const double begin_s = begin_of(place);
  if (gap_s && !rows_.empty()) rows_.push_back(gap_at(std::clamp(*gap_s, rows_.back().t_s, begin_s)));
  place_ = place;
  return rows_.emplace_back(Bucket{begin_s, 0, 0, 0, 0, 0, 0, 0, within(place, covered_)});
}

std::size_t Buckets::place_of(double t_s) const {
  return std::min(static_cast<std::size_t>((t_s - from_s_) / width_s_), places_ - 1);
}

double Buckets::within(std::size_t place, const Span& span) const {
  return std::max(0.0, std::min(span.to_s, end_of(place)) - std::max(span.from_s, begin_of(place)));
}

}  // namespace rytme::review
