// SPDX-License-Identifier: Apache-2.0
// Music made by the test, so nobody's: a bass drum on every beat, a hat between, a chord underneath; with
// swing, rubato, any sample rate, too loud, tagged, or broken.
#pragma once

#include <filesystem>
#include <vector>

namespace rytme::player_app {

struct Piece {
  double bpm{90};
  double seconds{60};
  double off_beat{0.5};  // of the hat, share of a beat: 2/3 swings
  double rubato{};       // the tempo wanders by this share
  double root_hz{220};   // of the chord
  int rate{44100};
  double gain{0.5};       // over 1 is clipped
  int tagged_bpm{};       // in an ID3 chunk; 0 = none
  bool loud_first{true};  // every fourth beat is louder
};

std::vector<double> samples_of(const Piece& piece);
// A WAV file of 16 bits, mono.
void write_piece(const Piece& piece, const std::filesystem::path& file);
std::vector<double> beats_of(const Piece& piece);  // seconds

}  // namespace rytme::player_app
