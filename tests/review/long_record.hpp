// SPDX-License-Identifier: Apache-2.0
// A record of many sessions, made by the real writer in simulated time: sessions of 3 to 15 minutes of eight
// people, and one of an hour with five series at 4 Hz and a seat at 100 Hz on six axes. The same each time.
#pragma once

#include <filesystem>
#include <random>
#include <string>

#include "tests/journal/journal_support.hpp"

namespace rytme::review {

class LongRecord {
 public:
  // A file in a folder of its own that goes with this object, or `file`.
  explicit LongRecord(std::filesystem::path file = {});

  void sessions(
      int count);   // "s0", "s1", ... of P1 to P8; in every tenth the belt is silent from 1:00 to 1:30
  void the_hour();  // "hour", of P1
  std::filesystem::path close();

 private:
  template <typename What>
  void keep(What what, bool urgent = false) {
    journal_.append(scribe_.make(std::move(what), urgent));
  }
  void start(const std::string& id, const std::string& participant, const std::string& preset);
  void end();
  void minutes_of(int minutes, bool moving, int hz);
  void values();
  void light(int second);
  void heart();
  void seat();
  void wait_until_durable();

  journal::TemporaryFolder folder_;
  std::filesystem::path file_;
  journal::Opening opening_;
  journal::Announced announced_;
  journal::Journal journal_;
  journal::Scribe scribe_;
  MotionFrame frame_;
  double seat_s_{};
  bool silent_{};
  std::mt19937 random_{1};
  std::normal_distribution<double> noise_{0, 4};
};

}  // namespace rytme::review
