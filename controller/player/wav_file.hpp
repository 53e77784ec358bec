// SPDX-License-Identifier: Apache-2.0
// A WAV file of 48 kHz, stereo, 24 bits, written as it comes. Throws std::runtime_error with the file's name
// when it cannot be written. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>

#include "controller/player/frame.hpp"

namespace rytme::player {

class WavFile {
 public:
  explicit WavFile(const std::filesystem::path& file);
  void add(std::span<const Frame> frames);
  void close();  // writes the length; without it the file is not whole

 private:
  void write_head();
  void check();

  std::filesystem::path path_;
  std::ofstream out_;
  std::uint32_t frames_{};
};

}  // namespace rytme::player
