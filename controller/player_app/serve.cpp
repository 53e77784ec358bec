// SPDX-License-Identifier: Apache-2.0
#include "controller/player_app/serve.hpp"

#include <csignal>
#include <stdexcept>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <sched.h>
#include <spdlog/spdlog.h>

#include "controller/mqtt/client.hpp"
#include "controller/player/player_device.hpp"
#include "controller/player/speaker.hpp"
#include "controller/player_app/alsa_output.hpp"
#include "controller/player_app/library_watch.hpp"
#include "controller/player_app/music.hpp"
#include "controller/settings/player.hpp"

namespace rytme::player_app {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto sound_period = 5ms;
constexpr int periods_per_tick = 10;

Instant now() { return std::chrono::steady_clock::now(); }

player::Speaker::Opener sound_opener(const std::string& output) {
  return [output]() -> std::unique_ptr<player::SoundOutput> {
    if (output == "none") throw std::runtime_error("none is wanted");
    return open_alsa(output == "auto" ? "default" : output);
  };
}

// Sound first when the machine is busy, where the system allows it. Not so the tracks' processes, which
// decode ahead.
void ask_for_priority() {
  sched_param wanted{};
  wanted.sched_priority = 10;
  ::sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &wanted);
}

class Service {
 public:
  Service(const ServeOptions& options, const settings::PlayerSettings& settings)
      : engine_(settings.cap_dbfs),
        speaker_(sound_opener(settings.output)),
        device_({settings.node, settings.room}, engine_,
                [this](const player::Track& track, double speed) { return open_(track, speed); }),
        client_(client_options(settings), device_.subscriptions(), handlers()),
        watch_(library_file(options.data), [this](player::Library library, bool there) {
          asio::post(io_, [this, library = std::move(library), there] { take_library(library, there); });
        }) {}

  void run() {
    signals_.async_wait([this](boost::system::error_code error, int) {
      if (!error) io_.stop();
    });
    client_.start();
    ask_for_priority();
    next_ = now();
    arm();
    io_.run();
    client_.stop();
  }

 private:
  mqtt::Options client_options(const settings::PlayerSettings& settings) const {
    mqtt::Options out;
    out.host = settings.broker.host;
    out.port = settings.broker.port;
    out.client_id = "rytme-player-" + settings.node;
    out.user = settings.broker.user;
    out.password = settings.broker.password;
    if (const auto& tls = settings.broker.tls) out.tls = mqtt::Tls{tls->ca, tls->certificate, tls->key};
    out.will = device_.will();
    out.farewell = device_.farewell();
    return out;
  }

  mqtt::Client::Handlers handlers() {
    return {[this] { asio::post(io_, [this] { take_messages(); }); },
            [this](mqtt::Link link, std::string reason) {
              asio::post(io_, [this, link, reason = std::move(reason)] { take_link(link, reason); });
            }};
  }

  void take_link(mqtt::Link link, const std::string& reason) {
    device_.broker(link == mqtt::Link::up, now());
    if (link == mqtt::Link::up) {
      spdlog::info("connected to the broker");
      return send(device_.announcement());
    }
    spdlog::warn("{} the broker{}{}", link == mqtt::Link::refused ? "refused by" : "no connection to",
                 reason.empty() ? "" : ": ", reason);
  }

  void take_messages() {
    std::vector<MqttPublish> out;
    client_.drain(inbox_);
    for (const auto& message : inbox_) device_.receive(message, now(), out);
    send(out);
  }

  void send(const std::vector<MqttPublish>& messages) {
    for (const auto& message : messages) client_.publish(message, now());
  }

  void arm() {
    timer_.expires_at(next_);
    timer_.async_wait([this](boost::system::error_code error) {
      if (error) return;
      next_ = std::max(next_ + sound_period, now() - 4 * sound_period);
      step();
      arm();
    });
  }

  void step() {
    speaker_.pump(engine_, now());
    if (const auto news = speaker_.news())
      news->empty() ? spdlog::info("sound goes to the device")
                    : spdlog::warn("no sound device ({}); the music goes on unheard", *news);
    if (++periods_ % periods_per_tick != 0) return;
    device_.output_delay(speaker_.delay_s());
    std::vector<MqttPublish> out;
    device_.tick(now(), out);
    send(out);
  }

  void take_library(const player::Library& library, bool there) {
    open_ = opener(library.folder);
    device_.library(library, there);
  }

  asio::io_context io_{1};
  asio::signal_set signals_{io_, SIGTERM, SIGINT};
  asio::steady_timer timer_{io_};
  player::PlayerDevice::Opener open_{opener({})};
  player::Engine engine_;
  player::Speaker speaker_;
  player::PlayerDevice device_;
  mqtt::Client client_;
  LibraryWatch watch_;
  std::vector<MqttMessage> inbox_;
  Instant next_{};
  std::uint64_t periods_{};
};

}  // namespace

int serve(const ServeOptions& options) {
  try {
    Service(options, settings::load_player(options.config)).run();
    return 0;
  } catch (const std::exception& error) {
    spdlog::error("{}", error.what());
    return 2;
  }
}

}  // namespace rytme::player_app
