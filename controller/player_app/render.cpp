// SPDX-License-Identifier: Apache-2.0
#include "controller/player_app/render.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "controller/player/player_device.hpp"
#include "controller/player/wav_file.hpp"
#include "controller/player_app/music.hpp"

namespace rytme::player_app {
namespace {

constexpr int blocks_per_tick = 10;

struct Wish {
  double at_s{};
  std::string property, value;
};

Wish wish_from(std::string_view text) {
  Wish wish;
  const auto equals = text.find('=');
  const auto colon = text.find(':');
  std::size_t begin = 0;
  bool good = equals != std::string_view::npos;
  if (good && colon < equals) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + colon, wish.at_s);
    good = error == std::errc{} && end == text.data() + colon;
    begin = colon + 1;
  }
  if (!good)
    throw std::runtime_error("\"" + std::string(text) + "\": expected NAME=VALUE or SECONDS:NAME=VALUE");
  wish.property = text.substr(begin, equals - begin);
  wish.value = text.substr(equals + 1);
  return wish;
}

std::vector<Wish> wishes_from(const std::vector<std::string>& texts) {
  std::vector<Wish> out;
  out.reserve(texts.size());
  for (const auto& text : texts) out.push_back(wish_from(text));
  std::ranges::stable_sort(out, {}, &Wish::at_s);
  return out;
}

void ask(player::PlayerDevice& device, const Wish& wish, Instant now, std::vector<MqttPublish>& out) {
  const auto refused = device.counters().refused;
  device.receive({"homie/5/player1/player/" + wish.property + "/set", wish.value, false, now}, now, out);
  if (device.counters().refused != refused)
    throw std::runtime_error("the player refuses " + wish.property + "=" + wish.value);
}

}  // namespace

void render(const RenderOptions& options) {
  const auto wishes = wishes_from(options.wishes);
  auto library = player::load_library(library_file(options.data));
  player::Engine engine(options.cap_dbfs);
  player::PlayerDevice device({}, engine, opener(library.folder, true));
  device.broker(true, {});
  device.output_delay(0);
  const bool there = std::filesystem::is_directory(library.folder);
  device.library(std::move(library), there);
  player::WavFile file(options.out);
  player::Block block;
  std::vector<MqttPublish> told;
  auto next = wishes.begin();
  const auto blocks = std::lround(options.seconds / player::block_s);
  for (long i = 0; i < blocks; ++i) {
    const double t_s = static_cast<double>(i) * player::block_s;
    const auto now = Instant{} + seconds(t_s);
    for (; next != wishes.end() && next->at_s <= t_s; ++next) ask(device, *next, now, told);
    if (i % blocks_per_tick == 0) device.tick(now, told);
    told.clear();
    engine.render(block);
    file.add(block);
  }
  file.close();
}

}  // namespace rytme::player_app
