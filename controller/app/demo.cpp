// SPDX-License-Identifier: Apache-2.0
#include "controller/app/demo.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string_view>

#include <arpa/inet.h>
#include <boost/json.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include "controller/app/child.hpp"
#include "controller/app/clock.hpp"
#include "controller/app/data_folder.hpp"
#include "controller/app/demo_house.hpp"
#include "controller/journal/whole_file.hpp"

namespace rytme::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::chrono::seconds restart_after{1};
constexpr std::chrono::seconds ready_patience{30};

// A connected loopback socket, or -1.
int connect_to(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{0, 500000};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

bool answers_ready(int port) {
  const int fd = connect_to(port);
  if (fd < 0) return false;
  constexpr std::string_view question =
      "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
  std::array<char, 16> answer{};
  const bool sent = ::send(fd, question.data(), question.size(), MSG_NOSIGNAL) > 0;
  const auto got = sent ? ::recv(fd, answer.data(), answer.size(), 0) : 0;
  ::close(fd);
  return got >= 12 && std::string_view(answer.data(), 12) == "HTTP/1.1 200";
}

bool listens(int port) {
  const int fd = connect_to(port);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

std::string own_path() { return fs::read_symlink("/proc/self/exe").string(); }
// rytme-player, where it has been built; it may be missing.
std::string player_path() { return fs::path(own_path()).replace_filename("rytme-player").string(); }

class Supervisor {
 public:
  Supervisor(const DemoOptions& options, DemoHouse house) : options_(options), house_(std::move(house)) {
    const std::string self = own_path();
    const std::string config = house_.config.string();
    const std::string data = fs::absolute(options_.data).string();
    children_.reserve(4);
    children_.push_back({Child("broker", {"/usr/sbin/mosquitto", "-c", house_.broker_config.string()}), {}});
    std::vector<std::string> simulate{self,       "simulate",
                                      "--config", config,
                                      "--data",   data,
                                      "--speed",  fmt::format("{}", options_.speed),
                                      "--seed",   fmt::format("{}", options_.seed)};
    if (options_.qemu) simulate.insert(simulate.end(), {"--nodes", "qemu"});
    if (!options_.replay.empty()) {
      simulate.emplace_back("--replay");
      simulate.push_back(fs::absolute(options_.replay).string());
    }
    if (!house_.player.empty()) {
      simulate.insert(simulate.end(), {"--without", house_.player});
      const std::vector<std::string> play{player_path(), "serve", "--config", config, "--data", data};
      children_.push_back({Child("player", play), {}});
    }
    children_.push_back({Child("devices", std::move(simulate)), {}});
    children_.push_back({Child("controller", {self, "serve", "--config", config, "--data", data,
                                              "--confirm-within", std::to_string(options_.confirm_within_s)}),
                         {}});
  }

  int run() {
    sigset_t wanted;
    ::sigemptyset(&wanted);
    for (const int signal : {SIGTERM, SIGINT, SIGCHLD}) ::sigaddset(&wanted, signal);
    ::sigprocmask(SIG_BLOCK, &wanted, nullptr);
    children_[0].child.start();
    await([this] { return listens(house_.broker_port); });
    for (std::size_t i = 1; i < children_.size(); ++i) children_[i].child.start();
    const auto started = now().steady;
    while (!ended_) {
      step(wanted, started);
      if (options_.seconds && seconds_between(started, now().steady) >= *options_.seconds) ended_ = true;
    }
    end();
    return exit_code_;
  }

 private:
  struct Supervised {
    Child child;
    std::optional<Instant> restart_at;
  };

  template <typename Condition>
  void await(Condition condition) {
    const auto by = now().steady + std::chrono::seconds{5};
    while (!condition() && now().steady < by) ::usleep(2000);
  }

  void step(const sigset_t& wanted, Instant started) {
    const timespec pause{0, ready_ ? 100'000'000 : 5'000'000};
    const int signal = ::sigtimedwait(&wanted, nullptr, &pause);
    if (signal == SIGTERM || signal == SIGINT) ended_ = true;
    look_after_children();
    if (ready_ || ended_) return;
    if (answers_ready(house_.http_port)) return tell_ready();
    if (now().steady - started > ready_patience && first_)
      fail("the controller did not become ready in 30 s");
  }

  // Dead by a signal: started again after 1 s. Ended by itself: it had a reason, which it has told.
  void look_after_children() {
    for (auto& [child, restart_at] : children_) {
      if (const auto end = child.look(); end && !ended_) {
        if (!end->by_signal) return fail(fmt::format("{} ended with exit code {}", child.name(), end->code));
        std::cerr << fmt::format("<4>{} died by signal {}, starting it again\n", child.name(), end->code);
        restart_at = now().steady + restart_after;
        ready_ = false;
      }
      if (restart_at && now().steady >= *restart_at) {
        restart_at.reset();
        child.start();
      }
    }
  }

  void fail(const std::string& why) {
    std::cerr << "<3>demo: " << why << '\n';
    exit_code_ = 2;
    ended_ = true;
  }

  void tell_ready() {
    for (const auto& supervised : children_)
      if (supervised.restart_at) return;
    ready_ = true;
    write_description();
    if (first_) std::cout << "Open http://127.0.0.1:" << house_.http_port << std::endl;
    first_ = false;
  }

  json::object login(const std::string& user) const {
    return {{"user", user}, {"password", house_.passwords.at(user)}};
  }

  json::array slaves() const {
    json::array rows;
    for (const auto& device : house_.house.devices) {
      if (!device.bus) continue;
      const auto& bus = house_.house.buses[*device.bus];
      const auto unit = device.params.find("unit");
      rows.push_back(json::object{{"device", device.id},
                                  {"transport", bus.transport == settings::BusTransport::tcp ? "tcp" : "rtu"},
                                  {"address", bus.address},
                                  {"unit", unit == device.params.end() ? 1 : std::stoi(unit->second)},
                                  {"profile", house_.house.profiles[device.profile].id}});
    }
    return rows;
  }

  json::object pids() const {
    json::object out{{"demo", ::getpid()}};
    for (const auto& [child, restart_at] : children_) out[child.name()] = child.pid();
    return out;
  }

  void write_description() const {
    const auto data = fs::absolute(options_.data);
    json::object tokens;
    for (const auto& [name, token] : house_.tokens) tokens[name] = token;
    const json::object description{{"v", 1},
                                   {"http", fmt::format("http://127.0.0.1:{}", house_.http_port)},
                                   {"pids", pids()},
                                   {"data", data.string()},
                                   {"config", house_.config.string()},
                                   {"journal", journal_file(data).string()},
                                   {"broker",
                                    {{"host", "127.0.0.1"},
                                     {"port", house_.broker_port},
                                     {"observer", login("observer")},
                                     {"injector", login("injector")}}},
                                   {"modbus", slaves()},
                                   {"tokens", std::move(tokens)}};
    journal::replace_file(data / "demo.json", json::serialize(description) + "\n");
  }

  // The controller first, so that it still reaches the devices with safe light; the broker last.
  void end() {
    std::error_code ignored;
    fs::remove(options_.data / "demo.json", ignored);
    for (auto at = children_.rbegin(); at != children_.rend(); ++at) at->child.end();
  }

  const DemoOptions& options_;
  DemoHouse house_;
  std::vector<Supervised> children_;
  bool ready_{};
  bool first_{true};
  bool ended_{};
  int exit_code_{};
};

}  // namespace

int demo(const DemoOptions& options) {
  try {
    if (sodium_init() < 0) throw std::runtime_error("no random numbers on this machine");
    if (options.port != 0 && listens(options.port))
      throw std::runtime_error(fmt::format("port {} is taken; choose another with --port", options.port));
    fs::create_directories(options.data);
    const int lock = ::open((options.data / "demo.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0 || ::flock(lock, LOCK_EX | LOCK_NB) != 0)
      throw std::runtime_error("another demo runs in " + options.data.string() +
                               "; choose another folder with --data");
    std::error_code ignored;
    fs::remove(options.data / "demo.json", ignored);
    const DemoNodes nodes{.qemu = options.qemu, .player = fs::exists(player_path())};
    Supervisor supervisor(options, make_demo_house(options.config, options.data, options.port, nodes));
    return supervisor.run();
  } catch (const std::exception& error) {
    std::cerr << "<3>demo: " << error.what() << '\n';
    return 2;
  }
}

}  // namespace rytme::app
