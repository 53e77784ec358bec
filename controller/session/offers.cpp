// SPDX-License-Identifier: Apache-2.0
#include "controller/session/offers.hpp"

#include <algorithm>
#include <array>

namespace rytme::session {
namespace {

struct Fit {
  std::string_view state;
  std::array<Direction, 2> directions;  // in this order
};

// Movement that works both ways comes first where the body wants to move (alarm), presence and ground where
// it is past that (fear, terror).
constexpr std::array fits{Fit{"calm", {Direction::neutral, Direction::neutral}},
                          Fit{"attentive", {Direction::neutral, Direction::up}},
                          Fit{"alarm", {Direction::neutral, Direction::down}},
                          Fit{"fear", {Direction::down, Direction::neutral}},
                          Fit{"terror", {Direction::down, Direction::neutral}},
                          Fit{"shut_down", {Direction::neutral, Direction::up}},
                          Fit{"dont_know", {Direction::neutral, Direction::neutral}}};

bool in_bank(std::span<const Offerable> bank, const std::string& id) {
  return std::any_of(bank.begin(), bank.end(), [&id](const Offerable& one) { return one.id == id; });
}

int times(const std::map<std::string, int>& done, const std::string& id) {
  const auto found = done.find(id);
  return found == done.end() ? 0 : found->second;
}

}  // namespace

std::vector<std::string> offers(std::span<const Offerable> bank, std::string_view state,
                                const std::vector<std::string>& chosen,
                                const std::map<std::string, int>& done) {
  std::vector<std::string> result;
  const auto add = [&result](const std::string& id) {
    if (result.size() < most_offers && std::find(result.begin(), result.end(), id) == result.end())
      result.push_back(id);
  };
  for (const std::string& id : chosen)
    if (in_bank(bank, id)) add(id);
  const auto* fit =
      std::find_if(fits.begin(), fits.end(), [state](const Fit& one) { return one.state == state; });
  if (fit == fits.end()) return result;
  std::vector<std::string> fitting;
  for (const Direction direction : fit->directions)
    for (const Offerable& one : bank)
      if (one.direction == direction) fitting.push_back(one.id);
  std::stable_sort(fitting.begin(), fitting.end(), [&done](const std::string& a, const std::string& b) {
    return times(done, a) > times(done, b);
  });
  for (const std::string& id : fitting) add(id);
  return result;
}

}  // namespace rytme::session
