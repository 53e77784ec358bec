// SPDX-License-Identifier: Apache-2.0
// What a beat of the pulse sounds like: strokes computed from a few partials, no recording. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace rytme::player {

enum class Timbre : std::uint8_t { heartbeat, drum, shaker, wood };
inline constexpr std::array timbres{Timbre::heartbeat, Timbre::drum, Timbre::shaker, Timbre::wood};

// What a stroke's loudest sample is brought to at volume 1: 12 dB under full scale.
inline constexpr double nominal_stroke = 0.25;

std::string_view name_of(Timbre timbre);
std::optional<Timbre> timbre_from(std::string_view name);

// One beat, mono, from silence to silence, its loudest sample 1. Swells within 5-20 ms, no longer than 0.9 s.
const std::vector<float>& stroke_of(Timbre timbre);

}  // namespace rytme::player
