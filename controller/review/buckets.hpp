// SPDX-License-Identifier: Apache-2.0
// Many samples as few rows that lose no extreme and bridge no gap. Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace rytme::review {

// Of the samples in one bucket; or n == 0: a gap begins at t_s, the numbers are NaN.
struct Bucket {
  double t_s{};  // where the bucket begins, s since the session's start
  double min{}, max{}, first{}, last{}, mean{};
  std::uint32_t n{};       // samples with a value
  std::uint32_t n_good{};  // of which of good quality
  double valid{};          // share of the bucket's time that good samples speak for, 0-1
};

// Of a whole series between from and to.
struct Digest {
  std::size_t n{}, n_good{};
  std::optional<double> valid_share;  // share of the time that good samples speak for; nullopt: no time
  std::optional<double> min, max;
};

// Takes samples in time order. A sample speaks until the next one, but `hold_s` at most; what comes later
// than that comes after a gap, and so does what comes after unknown(). Between two buckets a gap is a row of
// its own; inside a bucket it shows in `valid`. A bucket in which nothing was due has no row.
class Buckets {
 public:
  static constexpr double until_next = std::numeric_limits<double>::infinity();

  // Buckets of `width_s` > 0 from from_s on; the last may be shorter, and to_s belongs to it.
  Buckets(double from_s, double to_s, double width_s);

  // Samples before from_s only tell what holds at from_s: one that holds `until_next` is repeated there.
  // Samples after to_s end what came before. A sample earlier than the one before it counts at that one's
  // time. NaN is unknown.
  void add(double t_s, double value, bool good, double hold_s);
  void unknown(double t_s);

  // Ends the series at to_s; call once, last.
  void finish();
  const std::vector<Bucket>& rows() const { return rows_; }
  Digest digest() const;

 private:
  struct Held {
    double t_s{}, value{}, hold_s{};
    bool good{};
  };
  struct Span {
    double from_s{}, to_s{};
  };
  bool beyond(double t_s);      // after to_s: nothing more counts
  void settle(double until_s);  // what the held sample covers up to there, and the gap after it
  void repeat_at_start();
  void count(double t_s, double value, bool good);
  Bucket& row_at(double t_s);
  std::size_t place_of(double t_s) const;
  double begin_of(std::size_t place) const { return from_s_ + static_cast<double>(place) * width_s_; }
  double end_of(std::size_t place) const { return std::min(to_s_, begin_of(place) + width_s_); }
  double within(std::size_t place, const Span& span) const;  // s

  double from_s_, to_s_, width_s_;
  std::size_t places_;
  std::vector<Bucket> rows_;  // until finish(): mean is a sum, valid is seconds
  std::size_t place_{};       // bucket of the last row
  double time_s_{-std::numeric_limits<double>::infinity()};
  std::optional<Held> held_;  // the last sample, while it may still speak
  Span covered_{};            // by it
  double covered_s_{};
  std::optional<double> gap_s_;  // a gap that began there and has no row yet
};

}  // namespace rytme::review
