// SPDX-License-Identifier: Apache-2.0
// Keeps a sound device full, and the music running without one: when the device is not there, or is pulled
// out, the engine goes on at real time, silently, and the device is tried again every 2 s. Pure: time is an
// argument. Thread of its owner.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "controller/player/engine.hpp"
#include "controller/room/time.hpp"

namespace rytme::player {

// A sound device that never makes anybody wait.
class SoundOutput {
 public:
  virtual ~SoundOutput() = default;
  // Frames that can be given now; nullopt: the device is gone.
  virtual std::optional<std::size_t> space() = 0;
  // False: the device is gone.
  virtual bool write(std::span<const Frame> frames) = 0;
  // Until what is given next is heard.
  virtual double delay_s() = 0;
};

class Speaker {
 public:
  // Throws std::runtime_error that says why there is none.
  using Opener = std::function<std::unique_ptr<SoundOutput>()>;
  explicit Speaker(Opener open) : open_(std::move(open)) {}

  // Renders what is due; come again within 10 ms.
  void pump(Engine& engine, Instant now);

  // nullopt: there is no device.
  std::optional<double> delay_s() const;
  // Once after each change: "" = the device is there, else why it is not.
  std::optional<std::string> news();

 private:
  void look_for_device(Instant now);
  void lose(std::string why, Instant now);

  Opener open_;
  std::unique_ptr<SoundOutput> output_;
  std::optional<std::string> news_;
  std::string last_told_{"-"};
  std::optional<Instant> began_;  // of the frames counted here
  std::size_t frames_{};
  Instant retry_at_{};
};

}  // namespace rytme::player
