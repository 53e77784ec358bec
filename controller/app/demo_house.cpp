// SPDX-License-Identifier: Apache-2.0
#include "controller/app/demo_house.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <toml++/toml.h>
#include <unistd.h>

#include "controller/app/child.hpp"
#include "controller/app/daemon.hpp"
#include "controller/settings/load.hpp"
#include "controller/settings/toml_file.hpp"

namespace rytme::app {
namespace {

namespace fs = std::filesystem;

// A port nobody listens on now. Another program may take it before we do; then the start says so.
int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);  // as the sockets API wants it
  const bool ok = ::bind(fd, generic, size) == 0 && ::getsockname(fd, generic, &size) == 0;
  ::close(fd);
  if (!ok) throw std::runtime_error("no free port on loopback");
  return ntohs(address.sin_port);
}

void write_secret(const fs::path& file, const std::string& text) {
  const auto mask = ::umask(0077);
  std::ofstream out(file, std::ios::trunc);
  out << text;
  ::umask(mask);
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

template <typename Value>
void set(toml::table& table, std::string_view key, Value value) {
  table.insert_or_assign(key, value);
}

// The device at a place keeps its id, and so its history in the journal.
void put_node(toml::table& room, std::string_view place, std::string_view profile, toml::table params) {
  auto* devices = room["device"].as_array();
  for (std::size_t i = 0; devices != nullptr && i < devices->size(); ++i) {
    auto* device = devices->get(i)->as_table();
    if (device == nullptr || (*device)["place"].value_or(std::string_view{}) != place) continue;
    toml::table node{{"id", (*device)["id"].value_or(std::string(place))},
                     {"place", place},
                     {"profile", profile},
                     {"bus", "nodes"},
                     {"params", std::move(params)}};
    if (const auto name = (*device)["name"].value<std::string>()) set(node, "name", *name);
    if (place == "light.wall") {
      set(node, "curve", "linear");
      node.insert_or_assign("safe", toml::table{{"level", 0.4}});
    }
    *device = std::move(node);
    return;
  }
  throw std::runtime_error("no device at " + std::string(place) + ", whose place a node could take");
}

void put_nodes(toml::table& room) {
  if (room["bus"].as_array() == nullptr) room.insert_or_assign("bus", toml::array{});
  room["bus"].as_array()->push_back(toml::table{{"id", "nodes"},
                                                {"transport", "rtu"},
                                                {"address", "/dev/null"},
                                                {"baud", 115'200},
                                                {"parity", "N"},
                                                {"stop_bits", 1},
                                                {"response_timeout_ms", 60},
                                                {"quiet_ms", 60}});
  put_node(room, "swing.motion", "rytme-swing-node", toml::table{{"unit", 30}});
  put_node(room, "light.wall", "rytme-dimmer-node",
           toml::table{{"unit", 40}, {"channel", 1}, {"watchdog_s", 3}});
}

void write_room(const fs::path& file, DemoHouse& demo, bool qemu_nodes) {
  auto room = settings::parse_toml(settings::text_of(file), file.string());
  set(*room["room"].as_table(), "recording", "on");
  set(*room["room"].as_table(), "simulated", true);
  room.insert_or_assign("broker", toml::table{{"host", "127.0.0.1"},
                                              {"port", demo.broker_port},
                                              {"user", "rytme"},
                                              {"password_file", "broker.password"}});
  room.insert_or_assign("web", toml::table{{"listen", fmt::format("127.0.0.1:{}", demo.http_port)}});
  if (qemu_nodes) put_nodes(room);
  if (auto* buses = room["bus"].as_array())
    for (auto& bus : *buses) {
      const bool tcp = bus.at_path("transport").value_or(std::string_view{}) == "tcp";
      const auto line = demo.config / "lines" / bus.at_path("id").value_or(std::string("bus"));
      set(*bus.as_table(), "address", tcp ? fmt::format("127.0.0.1:{}", free_port()) : line.string());
    }
  std::ofstream out(file, std::ios::trunc);
  out << room << '\n';
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

// A device may write what is its own and read what is asked of it; the controller the other way round.
std::string access_list(const settings::House& house, const std::string& player) {
  std::string text = fmt::format(
      "user rytme\ntopic read #\ntopic write homie/5/rytme-{}/#\ntopic write homie/5/+/+/+/set\n"
      "topic write zigbee2mqtt/+/set\ntopic write zigbee2mqtt/+/get\ntopic write "
      "homeassistant/device/+/config\n\nuser observer\ntopic read #\n\n",
      house.room.id);
  std::string injector = "user injector\ntopic read #\n";
  for (const auto& device : house.devices) {
    if (device.bus) continue;
    std::string own = fmt::format("user {}\ntopic read homie/5/rytme-{}/$state\n",
                                  device.id == player ? "rytme-player" : "sim-" + device.id, house.room.id);
    if (const auto node = device.params.find("node"); node != device.params.end()) {
      own += fmt::format("topic readwrite homie/5/{}/#\n", node->second);
      injector += fmt::format("topic write homie/5/{}/#\n", node->second);
    }
    if (const auto topic = device.params.find("topic"); topic != device.params.end()) {
      own += fmt::format("topic readwrite {}/#\ntopic write {}\ntopic write zigbee2mqtt/bridge/state\n",
                         topic->second, topic->second);
      injector += fmt::format("topic write {0}\ntopic write {0}/#\n", topic->second);
    }
    text.append(own).append("\n");
  }
  injector += fmt::format(
      "topic write zigbee2mqtt/bridge/state\ntopic write zigbee2mqtt/bridge/devices\n"
      "topic write homie/5/rytme-{}/+/+/set\n",
      house.room.id);
  return text + injector;
}

// mosquitto hashes a file of user:password in place; so no password stands on a command line.
void hash_passwords(const fs::path& file) {
  Child tool("mosquitto_passwd", {"/usr/bin/mosquitto_passwd", "-U", file.string()});
  tool.start();
  for (;;) {
    if (const auto end = tool.look()) {
      if (end->code != 0)
        throw std::runtime_error("mosquitto_passwd failed: is the package mosquitto installed?");
      return;
    }
    ::usleep(2000);
  }
}

void write_broker(const fs::path& folder, DemoHouse& demo) {
  fs::create_directories(folder);
  std::string users;
  for (const auto& [user, password] : demo.passwords) users += fmt::format("{}:{}\n", user, password);
  write_secret(folder / "passwords", users);
  hash_passwords(folder / "passwords");
  write_secret(folder / "acl", access_list(demo.house, demo.player));
  // The shipped settings, with this demo's address, files and user.
  std::ifstream shipped(demo.config / "mosquitto" / "mosquitto.conf");
  std::string text;
  for (std::string line; std::getline(shipped, line);) {
    const bool ours = line.starts_with("listener ") || line.starts_with("password_file ") ||
                      line.starts_with("acl_file ") || line.starts_with("persistence") ||
                      line.starts_with("user ") || line.starts_with("log_dest ");
    if (!ours) text.append(line).append("\n");
  }
  text += fmt::format("listener {} 127.0.0.1\npassword_file {}\nacl_file {}\nlog_dest file {}\n",
                      demo.broker_port, (folder / "passwords").string(), (folder / "acl").string(),
                      (folder / "log").string());
  if (::geteuid() == 0) text += "user root\n";  // else it drops to its own user, who cannot read these files
  demo.broker_config = folder / "mosquitto.conf";
  write_secret(demo.broker_config, text);
}

// The first Homie player of the room; its settings beside the room's.
void write_player(DemoHouse& demo) {
  for (const auto& device : demo.house.devices) {
    if (demo.house.profiles[device.profile].id != "homie-player") continue;
    demo.player = device.id;
    write_secret(demo.config / "player.password", demo.passwords.at("rytme-player") + "\n");
    std::ofstream out(demo.config / "player.toml", std::ios::trunc);
    out << toml::table{{"player",
                        toml::table{{"node", device.params.at("node")}, {"room", demo.house.room.id}}},
                       {"broker", toml::table{{"host", "127.0.0.1"},
                                              {"port", demo.broker_port},
                                              {"user", "rytme-player"},
                                              {"password_file", "player.password"}}}}
        << '\n';
    if (!out.flush()) throw std::runtime_error("cannot write player.toml");
    return;
  }
}

void write_secrets(DemoHouse& demo) {
  std::string users;
  for (const auto& [user, password] : demo.passwords)
    if (user.starts_with("sim-")) users += fmt::format("{}:{}\n", user, password);
  write_secret(demo.config / "simulator.passwords", users);
  std::string tokens;
  for (const auto& [name, token] : demo.tokens) tokens += fmt::format("{} = \"{}\"\n", name, token);
  write_secret(demo.config / "tokens.toml", tokens);
}

}  // namespace

DemoHouse make_demo_house(const fs::path& base, const fs::path& data, int http_port, const DemoNodes& nodes) {
  if (!fs::exists(base / "room.toml"))
    throw std::runtime_error("no room.toml in " + base.string() + "; name the settings folder with --config");
  DemoHouse demo;
  demo.config = fs::absolute(data / "config");
  demo.broker_port = free_port();
  demo.http_port = http_port != 0 ? http_port : free_port();
  fs::remove_all(demo.config);
  fs::create_directories(data);
  fs::copy(base, demo.config, fs::copy_options::recursive);
  for (const auto* name : {"tablet", "psychologist", "maintainer", "officer"})
    demo.tokens[name] = random_id();
  for (const auto* user : {"rytme", "observer", "injector", "rytme-player"})
    demo.passwords[user] = random_id();
  write_secret(demo.config / "broker.password", demo.passwords["rytme"] + "\n");
  write_room(demo.config / "room.toml", demo, nodes.qemu);
  demo.house = settings::load(demo.config);
  for (const auto& device : demo.house.devices)
    if (!device.bus) demo.passwords["sim-" + device.id] = random_id();
  if (nodes.player) write_player(demo);
  write_secrets(demo);
  write_broker(fs::absolute(data / "broker"), demo);
  return demo;
}

}  // namespace rytme::app
