// SPDX-License-Identifier: Apache-2.0
// What a person with instruments would do with rendered sound: look at its samples, and have its beats found
// by aubio, which is not ours.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "controller/player/engine.hpp"

namespace rytme::player {

using Sound = std::vector<Frame>;

// `before_block(t_s)` may wish something of the engine before each block of 5 ms.
Sound render(Engine& engine, double seconds, const std::function<void(double)>& before_block = {});
std::span<const Frame> part(const Sound& sound, double from_s, double to_s);

double peak(std::span<const Frame> sound);
double largest_step(std::span<const Frame> sound);  // between one sample and the next

void write(const std::filesystem::path& file, const Sound& sound);
// Seconds at which aubioonset hears something begin that is not quieter, two of them at least `apart_s` from
// each other.
std::vector<double> onsets(const std::filesystem::path& file, double apart_s, double quietest_db = -70);
std::vector<double> onsets(const Sound& sound, double apart_s);
// Of the straight line through evenly spaced beats; 0 for fewer than three.
double bpm_of(const std::vector<double>& beats);
// The greatest distance of a beat from the nearest of k * 60/bpm + first_s.
double furthest_off_s(const std::vector<double>& beats, double bpm, double first_s);
std::vector<double> between(const std::vector<double>& beats, double from_s, double to_s);

}  // namespace rytme::player
