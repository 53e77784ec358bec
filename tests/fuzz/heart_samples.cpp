// SPDX-License-Identifier: Apache-2.0
// Frames of two wearables of one person, whatever their fields, through choice of source and both lanes; then
// their intervals once more as a recording.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "controller/signals/analyse_heart.hpp"
#include "controller/signals/person.hpp"

namespace {

using namespace rytme;

void must(bool holds) {
  if (!holds) std::abort();
}

class Bytes {
 public:
  explicit Bytes(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  bool empty() const { return bytes_.empty(); }
  template <typename T>
  T take() {
    std::uint64_t bits = 0;
    for (std::size_t k = 0; k < sizeof(T); ++k) {
      bits = (bits << 8U) | next();
    }
    return static_cast<T>(bits);
  }
  double number() { return std::bit_cast<double>(take<std::uint64_t>()); }

 private:
  std::uint8_t next() {
    if (bytes_.empty()) {
      return 0;
    }
    const auto byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return byte;
  }
  std::span<const std::uint8_t> bytes_;
};

// One byte says which fields are as usual; the rest come from the input.
HeartSample sample_of(Bytes& bytes, std::int64_t& t_us, std::uint64_t& seq) {
  const auto odd = bytes.take<std::uint8_t>();
  HeartSample sample;
  sample.device = odd & 1U;
  t_us += (odd & 2U) != 0 ? bytes.take<std::int32_t>() : 800'000;
  ++seq;
  sample.stamp = {.boot = (odd & 4U) != 0 ? "b" : "a", .seq = seq, .t_us = t_us};
  if ((odd & 8U) != 0) {
    sample.stamp.seq = bytes.take<std::uint64_t>();
    sample.stamp.t_us = bytes.take<std::int64_t>();
  }
  if ((odd & 16U) != 0) {
    sample.bpm = bytes.number();
    sample.contact = static_cast<Contact>(bytes.take<std::uint8_t>() % 3);
  }
  sample.rr_count = (odd & 32U) != 0 ? bytes.take<std::uint8_t>() : 1;
  for (std::size_t k = 0; k < std::min<std::size_t>(sample.rr_count, HeartSample::max_rr); ++k) {
    sample.rr_1024.at(k) = (odd & 64U) != 0 ? bytes.take<std::uint16_t>()
                                            : static_cast<std::uint16_t>(700 + bytes.take<std::uint8_t>());
  }
  sample.received =
      Instant{} + std::chrono::microseconds(std::clamp<std::int64_t>(t_us, 0, 1'000'000'000'000));
  return sample;
}

void check(const std::optional<double>& value) { must(!value || std::isfinite(*value)); }

void check(const signals::HeartSources& sources, Instant now) {
  const auto heart = sources.at(now);
  must(heart.bpm.has_value() == (heart.quality != Quality::unknown));
  must(!heart.bpm || (*heart.bpm >= 29.9 && *heart.bpm <= 222.3));
  const auto variability = sources.variability(now);
  check(variability.rmssd_ms);
  check(variability.sdnn_ms);
  check(variability.pnn50_pct);
  for (const DeviceIndex device : {DeviceIndex{0}, DeviceIndex{1}}) {
    const auto& counters = sources.tracker(device)->counters();
    must(counters.accepted <= counters.beats);
    must(!sources.state(device, now)->rate_only || counters.beats == 0);
  }
}

void check(const signals::PersonSecond& second) {
  const auto& seen = second.arousal;
  must(seen.confidence >= 0 && seen.confidence <= 1);
  must(seen.level.has_value() == (seen.unknown == signals::ArousalUnknown::no));
  must(!seen.level || (*seen.level >= 0 && *seen.level <= 4));
  check(seen.index);
  check(seen.expected_bpm);
}

void check(const signals::HeartAnalysis& analysis, std::size_t beats) {
  must(analysis.n == beats);
  must(analysis.record.valid == analysis.record.clean.rmssd_ms.has_value());
  for (const auto& flag : analysis.flags) {
    must(flag.i >= 1 && flag.i <= beats);
  }
  for (const auto& window : analysis.windows_300s) {
    if (window.spectrum) {
      must(std::isfinite(window.spectrum->lf_ms2) && window.spectrum->lf_ms2 >= 0);
      must(std::isfinite(window.spectrum->hf_ms2) && window.spectrum->hf_ms2 >= 0);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes({data, size});
  signals::Person person(
      std::array{signals::WornDevice{.heart = {.device = 0}},
                 signals::WornDevice{.heart = {.device = 1}, .place = signals::SensorPlace::wrist}});
  person.take_calm_pulse({});
  std::vector<Reading> readings;
  std::vector<signals::HeartEvent> events;
  std::vector<signals::Beat> beats;
  std::int64_t t_us = 5'000'000;
  std::uint64_t seq = 0;
  int taken = 0;
  while (!bytes.empty()) {
    const auto sample = sample_of(bytes, t_us, seq);
    readings.clear();
    events.clear();
    person.add(sample, readings, events);
    check(person.second());
    if (taken % 50 == 49) {
      person.silent(sample.received, events);
      person.confirm_wearer(taken % 100 == 99);
      person.take_calm_pulse(sample.bpm);
    }
    for (const auto& reading : readings) {
      must(std::isnan(reading.value) == (reading.quality == Quality::unknown));
    }
    check(person.hearts(), sample.received);
    if (++taken % 64 == 0) {  // as dear as a hundred beats
      check(person.hearts().respiration_per_min(sample.received, sample.bpm));
    }
    beats.push_back({.rr_ms = sample.bpm.value_or(sample.rr_1024[0] / 1.024),
                     .t_s = static_cast<double>(sample.stamp.t_us) / 1e6});
  }
  check(signals::analyse_heart(beats), beats.size());
  return 0;
}
