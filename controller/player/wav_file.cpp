// SPDX-License-Identifier: Apache-2.0
#include "controller/player/wav_file.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rytme::player {
namespace {

constexpr std::uint32_t channels = 2, bytes = 3;
constexpr std::uint32_t head_after_length = 36;

void put(std::string& out, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) out += static_cast<char>(value >> (8 * i) & 0xffU);
}

void put_sample(std::string& out, float sample) {
  const double scaled = std::clamp(static_cast<double>(sample), -1.0, 1.0) * 8388607.0;
  put(out, static_cast<std::uint32_t>(std::lround(scaled)), bytes);
}

}  // namespace

WavFile::WavFile(const std::filesystem::path& file) : path_(file), out_(file, std::ios::binary) {
  write_head();
}

void WavFile::check() {
  if (!out_) throw std::runtime_error("cannot write " + path_.string());
}

// Source: Multimedia Programming Interface and Data Specifications 1.0 (RIFF, WAVE).
void WavFile::write_head() {
  const std::uint32_t length = frames_ * channels * bytes;
  std::string head = "RIFF";
  put(head, head_after_length + length, 4);
  head += "WAVEfmt ";
  put(head, 16, 4);
  put(head, 1, 2);  // PCM
  put(head, channels, 2);
  put(head, sample_rate, 4);
  put(head, sample_rate * channels * bytes, 4);
  put(head, channels * bytes, 2);
  put(head, 8 * bytes, 2);
  head += "data";
  put(head, length, 4);
  out_ << head;
  check();
}

void WavFile::add(std::span<const Frame> frames) {
  std::string data;
  data.reserve(frames.size() * channels * bytes);
  for (const auto& frame : frames) {
    put_sample(data, frame.left);
    put_sample(data, frame.right);
  }
  out_ << data;
  frames_ += static_cast<std::uint32_t>(frames.size());
  check();
}

void WavFile::close() {
  out_.seekp(0);
  write_head();
  out_.close();
  check();
}

}  // namespace rytme::player
