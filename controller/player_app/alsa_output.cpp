// SPDX-License-Identifier: Apache-2.0
#include "controller/player_app/alsa_output.hpp"

#include <stdexcept>

#include <alsa/asoundlib.h>

namespace rytme::player_app {
namespace {

constexpr unsigned buffer_us = 40'000;
constexpr int resample = 1;  // the device may run at another rate

class Alsa : public player::SoundOutput {
 public:
  explicit Alsa(const std::string& name) {
    check(snd_pcm_open(&pcm_, name.c_str(), SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK), name);
    const int error = snd_pcm_set_params(pcm_, SND_PCM_FORMAT_FLOAT, SND_PCM_ACCESS_RW_INTERLEAVED, 2,
                                         player::sample_rate, resample, buffer_us);
    if (error < 0) snd_pcm_close(pcm_);
    check(error, name);
  }
  ~Alsa() override { snd_pcm_close(pcm_); }
  Alsa(const Alsa&) = delete;
  Alsa& operator=(const Alsa&) = delete;

  std::optional<std::size_t> space() override {
    auto frames = snd_pcm_avail_update(pcm_);
    if (frames < 0) frames = mended(static_cast<int>(frames)) ? snd_pcm_avail_update(pcm_) : frames;
    return frames < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(frames));
  }

  bool write(std::span<const player::Frame> frames) override {
    while (!frames.empty()) {
      const auto done = snd_pcm_writei(pcm_, frames.data(), frames.size());
      if (done == -EAGAIN) return true;  // no more space than it said; 5 ms are lost
      if (done < 0 && !mended(static_cast<int>(done))) return false;
      if (done > 0) frames = frames.subspan(static_cast<std::size_t>(done));
    }
    return true;
  }

  double delay_s() override {
    snd_pcm_sframes_t frames = 0;
    if (snd_pcm_delay(pcm_, &frames) < 0) frames = 0;
    return static_cast<double>(frames) / player::sample_rate;
  }

 private:
  static void check(int error, const std::string& name) {
    if (error < 0) throw std::runtime_error(name + ": " + snd_strerror(error));
  }
  // After an underrun or a suspension; not of a device that is gone.
  bool mended(int error) { return error != -ENODEV && snd_pcm_recover(pcm_, error, 1) >= 0; }

  snd_pcm_t* pcm_{};
};

void no_words(const char*, int, const char*, int, const char*, ...) {}

}  // namespace

std::unique_ptr<player::SoundOutput> open_alsa(const std::string& name) {
  snd_lib_error_set_handler(no_words);  // what is wrong is in the exception, once
  return std::make_unique<Alsa>(name);
}

}  // namespace rytme::player_app
