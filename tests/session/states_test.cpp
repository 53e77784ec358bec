// SPDX-License-Identifier: Apache-2.0
#include "controller/session/states.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include <gtest/gtest.h>

namespace rytme::session {
namespace {

using M = RoomMode;
using E = Event;

constexpr std::array modes{M::idle,     M::starting, M::running,  M::paused,
                           M::stopping, M::stopped,  M::safe_mode};

// All that may happen, written down a second time; every other pair must be refused.
constexpr std::array allowed{
    std::tuple{M::idle, E::start, M::starting},
    std::tuple{M::idle, E::stop, M::stopped},
    std::tuple{M::idle, E::restart, M::paused},
    std::tuple{M::idle, E::shutdown, M::idle},
    std::tuple{M::idle, E::fault, M::safe_mode},
    std::tuple{M::starting, E::begun, M::running},
    std::tuple{M::starting, E::close, M::stopping},
    std::tuple{M::starting, E::finished, M::idle},
    std::tuple{M::starting, E::stop, M::stopped},
    std::tuple{M::starting, E::shutdown, M::idle},
    std::tuple{M::starting, E::fault, M::safe_mode},
    std::tuple{M::running, E::close, M::stopping},
    std::tuple{M::running, E::finished, M::idle},
    std::tuple{M::running, E::stop, M::stopped},
    std::tuple{M::running, E::shutdown, M::idle},
    std::tuple{M::running, E::fault, M::safe_mode},
    std::tuple{M::paused, E::close, M::idle},
    std::tuple{M::paused, E::finished, M::idle},
    std::tuple{M::paused, E::stop, M::stopped},
    std::tuple{M::paused, E::resume, M::running},
    std::tuple{M::paused, E::shutdown, M::idle},
    std::tuple{M::paused, E::fault, M::safe_mode},
    std::tuple{M::stopping, E::close, M::stopping},
    std::tuple{M::stopping, E::finished, M::idle},
    std::tuple{M::stopping, E::stop, M::stopped},
    std::tuple{M::stopping, E::shutdown, M::idle},
    std::tuple{M::stopping, E::fault, M::safe_mode},
    std::tuple{M::stopped, E::stop, M::stopped},
    std::tuple{M::stopped, E::reset, M::idle},
    std::tuple{M::stopped, E::shutdown, M::stopped},
    std::tuple{M::stopped, E::fault, M::safe_mode},
    std::tuple{M::safe_mode, E::stop, M::stopped},
    std::tuple{M::safe_mode, E::shutdown, M::safe_mode},
    std::tuple{M::safe_mode, E::fault, M::safe_mode},
};

TEST(States, EveryPairOfStateAndEventIsDecided) {
  for (const M mode : modes) {
    for (int i = 0; i < static_cast<int>(E::count_); ++i) {
      const auto event = static_cast<E>(i);
      const Transition& step = transition(mode, event);
      const auto* row = std::find_if(allowed.begin(), allowed.end(), [&](const auto& one) {
        return std::get<0>(one) == mode && std::get<1>(one) == event;
      });
      EXPECT_FALSE(step.reason.empty());
      ASSERT_EQ(step.to.has_value(), row != allowed.end()) << name_of(mode) << " x " << name_of(event);
      if (step.to) {
        EXPECT_EQ(*step.to, std::get<2>(*row)) << name_of(mode) << " x " << name_of(event);
      }
    }
  }
}

TEST(States, ASessionIsOnFromItsStartToItsEnd) {
  for (const M mode : modes)
    EXPECT_EQ(is_on(mode),
              mode == M::starting || mode == M::running || mode == M::paused || mode == M::stopping);
}

}  // namespace
}  // namespace rytme::session
