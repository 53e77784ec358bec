// SPDX-License-Identifier: Apache-2.0
// What is felt and not heard stays out: a Butterworth high-pass of fourth order, as two second-order sections
// by the bilinear transform. Pure.
#pragma once

#include <array>

namespace rytme::player {

class HighPass {
 public:
  explicit HighPass(double corner_hz);
  float next(float sample);
  // A filter that rings into numbers too small for the processor's fast path begins anew.
  void settle();

 private:
  struct Section {
    double b{}, a1{}, a2{};  // numerator b(1 - 2/z + 1/z²)
    double s1{}, s2{};       // transposed direct form II
    double next(double x);
  };
  std::array<Section, 2> sections_;
};

}  // namespace rytme::player
