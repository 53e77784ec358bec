// SPDX-License-Identifier: Apache-2.0
#include "tests/end_to_end/twenty_devices.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

namespace rytme::test {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TwentyDevices::TwentyDevices(const std::string& wall_stop)
    : bus_([this](const std::string& device, double t_s) { stamp(device, t_s); }),
      devices_(broker_.port(), [this](const std::string& device, double t_s) { stamp(device, t_s); }),
      http_port_(free_port()),
      http_(fmt::format("http://127.0.0.1:{}", http_port_)) {
  write_settings(wall_stop);
  button_ = std::make_unique<Observer>("127.0.0.1", broker_.port(), "injector", "secret",
                                       std::vector<std::string>{"nobody/says/this"});
  for (const char* node : {"button1", "strap1"})
    button_->publish(fmt::format("homie/5/{}/$state", node), "ready", 1, true);
  const auto log = folder_.path() / "log";
  controller_ = std::make_unique<Process>(
      std::vector<std::string>{RYTME_PROGRAM, "serve", "--config", (folder_.path() / "config").string(),
                               "--data", (folder_.path() / "data").string()},
      log);
  const auto all_found = [this] {
    const auto answer = http_get(http_, "/api/v1/room");
    return answer.status == 200 &&
           answer.json().as_object().at("devices").as_object().at("missing").as_array().empty();
  };
  if (!eventually(std::chrono::seconds{10}, all_found))
    throw std::runtime_error("the room did not find its devices: " + text_of(log) +
                             http_get(http_, "/api/v1/room").body);
}

TwentyDevices::~TwentyDevices() { controller_.reset(); }

void TwentyDevices::write_settings(const std::string& wall_stop) const {
  const auto config = folder_.path() / "config";
  fs::create_directories(folder_.path() / "data");
  fs::create_directories(config);
  for (const char* part : {"profiles", "presets"})
    fs::copy(fs::path("config") / part, config / part, fs::copy_options::recursive);
  std::ofstream(config / "broker.password") << "secret";
  fs::permissions(config / "broker.password", fs::perms::owner_read | fs::perms::owner_write);
  std::ofstream(config / "room.toml")
      << fmt::format(
             "[room]\nid = \"rom1\"\n[broker]\nport = {}\nuser = \"rytme\"\npassword_file = "
             "\"broker.password\"\n[web]\nlisten = \"127.0.0.1:{}\"\n",
             broker_.port(), http_port_)
      << BrokerDevices::settings()
      << "[[device]]\nid = \"button1\"\nplace = \"button.wall\"\nprofile = \"homie-button\"\n"
         "params = { node = \"button1\" }\nlong = \"stop\"\n"
         "[[device]]\nid = \"strap1\"\nplace = \"heart.1\"\nprofile = \"rytme-heart\"\n"
         "params = { node = \"strap1\" }\nworn = \"chest\"\n"
      << bus_.settings(wall_stop);
}

const std::set<std::string>& TwentyDevices::ids() {
  static const std::set<std::string> all = [] {
    std::set<std::string> both(BrokerDevices::outputs().begin(), BrokerDevices::outputs().end());
    both.insert(BusDevices::dimmers().begin(), BusDevices::dimmers().end());
    return both;
  }();
  return all;
}

double TwentyDevices::stop_by_page() const {
  const double now_s = steady_seconds();
  post("stop");
  return now_s;
}

double TwentyDevices::stop_by_button() {
  const double now_s = steady_seconds();
  button_->publish("homie/5/button1/button/action", "long");
  return now_s;
}

void TwentyDevices::answers(const std::string& device, bool does) {
  const auto& on_broker = BrokerDevices::outputs();
  if (std::ranges::find(on_broker, device) != on_broker.end())
    devices_.answers(device, does);
  else
    bus_.answers(device, does);
}

void TwentyDevices::stamp(const std::string& device, double t_s) {
  const std::lock_guard lock(mutex_);
  reached_.try_emplace(device, t_s);
}

void TwentyDevices::forget() {
  button_->listen(std::chrono::milliseconds{1});  // its client answers the broker's pings in this thread
  const std::lock_guard lock(mutex_);
  reached_.clear();
}

std::map<std::string, double> TwentyDevices::reached() const {
  const std::lock_guard lock(mutex_);
  return reached_;
}

bool TwentyDevices::reaches_all(std::chrono::milliseconds limit, const std::set<std::string>& without) const {
  return eventually(limit, [&] {
    const auto have = reached();
    return outputs - without.size() ==
           static_cast<std::size_t>(
               std::ranges::count_if(have, [&](const auto& row) { return !without.contains(row.first); }));
  });
}

}  // namespace rytme::test
