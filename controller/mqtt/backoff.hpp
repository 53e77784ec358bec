// SPDX-License-Identifier: Apache-2.0
// How long to wait before the next try to connect: doubles from min to max. Up to half of it is taken off at
// random, so that the clients of a broker that comes back do not all knock at the same moment. Pure.
#pragma once

#include <chrono>

namespace rytme::mqtt {

class Backoff {
 public:
  Backoff(std::chrono::milliseconds min, std::chrono::milliseconds max);

  // `random` is from [0, 1). Never more than max.
  std::chrono::milliseconds next(double random);
  void reset() { step_ = min_; }

 private:
  std::chrono::milliseconds min_, max_, step_;
};

}  // namespace rytme::mqtt
