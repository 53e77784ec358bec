// SPDX-License-Identifier: Apache-2.0
// What the tests of the simulated devices share: time, and frames read back as the controller would read
// them.
#pragma once

#include <chrono>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "controller/room/wire.hpp"
#include "controller/simulator/frames.hpp"

namespace rytme::simulator {

inline Instant at_s(double value) { return Instant{} + std::chrono::hours(1) + seconds(value); }

inline MqttMessage message(std::string topic, std::string payload, bool retained = false) {
  return {std::move(topic), std::move(payload), retained, {}};
}

inline boost::json::object read_json(const std::string& text) { return boost::json::parse(text).as_object(); }

struct ReadHeart {
  std::int64_t t_us{};
  std::uint64_t seq{};
  int bpm{};
  bool contact{};
  std::vector<int> rr;
};

inline ReadHeart read_heart(const std::string& text) {
  const auto json = read_json(text);
  return {json.at("t_us").to_number<std::int64_t>(), json.at("seq").to_number<std::uint64_t>(),
          json.at("bpm").to_number<int>(), json.at("contact").as_bool(),
          boost::json::value_to<std::vector<int>>(json.at("rr"))};
}

// All frames up to `until_s` of the source's clock; lost ones leave a gap in seq.
inline std::vector<std::string> take_until(FrameSource& source, double until_s) {
  std::vector<std::string> out;
  std::uint64_t seq = 0;
  while (source.next_us() && static_cast<double>(*source.next_us()) <= until_s * 1e6) {
    if (auto text = source.take("0a1b", seq++)) out.push_back(std::move(*text));
  }
  return out;
}

inline double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace rytme::simulator
