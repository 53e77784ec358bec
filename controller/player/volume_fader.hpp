// SPDX-License-Identifier: Apache-2.0
// The volume as it is on its way to the wanted one: up by at most 6 dB/s, from silence to -40 dB first and
// then in no less than 3 s, down within 100 ms (design §6). Pure; owned by the Engine.
#pragma once

namespace rytme::player {

class VolumeFader {
 public:
  // Amplitude 0-1; 0 is silence.
  void aim(double volume);
  double next();  // amplitude of the next frame
  double now() const { return now_; }
  bool silent() const { return now_ <= 0; }

 private:
  double up() const;

  double wanted_{}, now_{};
  double factor_{1};  // of one frame upwards
  bool from_silence_{true};
};

}  // namespace rytme::player
