// SPDX-License-Identifier: Apache-2.0
#include "tests/end_to_end/room_under_test.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <modbus.h>
#include <sqlite3.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rytme::test {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

pid_t start(const std::vector<std::string>& argv, int out) {
  std::vector<char*> words;
  words.reserve(argv.size() + 1);
  for (const auto& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error("fork");
  if (pid != 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  ::execv(words[0], words.data());
  ::_exit(127);
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (fs::temp_directory_path() / "rytme-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Process::Process(std::vector<std::string> argv, const fs::path& log) {
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  pid_ = start(argv, out);
  ::close(out);
}

Process::~Process() {
  if (code_) return;
  signal(SIGTERM);
  if (wait(std::chrono::seconds{15})) return;
  signal(SIGKILL);
  wait(std::chrono::seconds{5});
}

void Process::signal(int number) const { ::kill(pid_, number); }

std::optional<int> Process::wait(std::chrono::milliseconds limit) {
  eventually(limit, [this] {
    int status{};
    if (code_ || ::waitpid(pid_, &status, WNOHANG) != pid_) return code_.has_value();
    code_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    return true;
  });
  return code_;
}

bool eventually(std::chrono::milliseconds limit, const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    ::usleep(5000);
  }
  return true;
}

void write_quick_settings(const fs::path& folder) {
  fs::copy("config", folder, fs::copy_options::recursive);
  fs::copy("tests/end_to_end/quick_presets", folder / "presets",
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
}

RoomUnderTest::RoomUnderTest(const std::vector<std::string>& words) {
  write_quick_settings(folder_.path() / "settings");
  std::vector<std::string> argv{RYTME_PROGRAM, "demo",         "--port",
                                "0",           "--config",     (folder_.path() / "settings").string(),
                                "--data",      data().string()};
  argv.insert(argv.end(), words.begin(), words.end());
  process_ = std::make_unique<Process>(argv, folder_.path() / "log");
  if (!eventually(std::chrono::seconds{20}, [this] { return fs::exists(data() / "demo.json"); }))
    throw std::runtime_error("the demo did not become ready:\n" + read_file(folder_.path() / "log"));
  http_ = description().at("http").as_string();
  reconnect_observers();
}

void RoomUnderTest::reconnect_observers() {
  const auto description = this->description();
  const auto& broker = description.at("broker").as_object();
  auto client = [&](const char* who) {
    const auto& login = broker.at(who).as_object();
    return std::make_unique<Observer>(
        std::string(broker.at("host").as_string()), static_cast<int>(broker.at("port").as_int64()),
        std::string(login.at("user").as_string()), std::string(login.at("password").as_string()));
  };
  observer_ = client("observer");
  injector_ = client("injector");
}

boost::json::object RoomUnderTest::description() const {
  return boost::json::parse(read_file(data() / "demo.json")).as_object();
}

pid_t RoomUnderTest::pid_of(const char* name) const {
  return static_cast<pid_t>(description().at("pids").as_object().at(name).as_int64());
}

std::string RoomUnderTest::token(const char* role) const {
  return std::string(description().at("tokens").as_object().at(role).as_string());
}

int RoomUnderTest::dimmer_level() const {
  const auto slave = description().at("modbus").as_array().at(0).as_object();
  const std::string address(slave.at("address").as_string());
  const auto colon = address.rfind(':');
  auto* client = modbus_new_tcp(address.substr(0, colon).c_str(), std::stoi(address.substr(colon + 1)));
  modbus_set_slave(client, static_cast<int>(slave.at("unit").as_int64()));
  std::uint16_t level{};
  const bool read = modbus_connect(client) == 0 && modbus_read_registers(client, 0, 1, &level) == 1;
  modbus_close(client);
  modbus_free(client);
  return read ? level : -1;
}

SplitRoom::SplitRoom(bool qemu_nodes)
    : house_(app::make_demo_house("config", folder_.path() / "data", 0, {.qemu = qemu_nodes})) {
  const auto log = folder_.path() / "log";
  broker_ = std::make_unique<Process>(
      std::vector<std::string>{"/usr/sbin/mosquitto", "-c", house_.broker_config.string()}, log);
  start_controller();
  http_ = "http://127.0.0.1:" + std::to_string(house_.http_port);
  if (!eventually(std::chrono::seconds{20}, [this] { return http_get(http_, "/readyz").status == 200; }))
    throw std::runtime_error("the controller did not become ready:\n" + read_file(log));
  const auto client = [this](const char* user) {
    return std::make_unique<Observer>("127.0.0.1", house_.broker_port, user, house_.passwords.at(user));
  };
  observer_ = client("observer");
  injector_ = client("injector");
}

void SplitRoom::start_controller() {
  controller_ =
      std::make_unique<Process>(std::vector<std::string>{RYTME_PROGRAM, "serve", "--config",
                                                         house_.config.string(), "--data", data().string()},
                                folder_.path() / "log");
}

void SplitRoom::start_devices(const std::vector<std::string>& words) {
  std::vector<std::string> argv{RYTME_PROGRAM, "simulate", "--config", house_.config.string()};
  argv.insert(argv.end(), words.begin(), words.end());
  devices_ = std::make_unique<Process>(argv, folder_.path() / "log");
}

std::string journal_value(const fs::path& journal, const std::string& sql) {
  sqlite3* database{};
  sqlite3_stmt* statement{};
  std::string value;
  sqlite3_open_v2(journal.c_str(), &database, SQLITE_OPEN_READONLY, nullptr);
  sqlite3_busy_timeout(database, 2000);
  if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
    value = std::string("error: ") + sqlite3_errmsg(database);
  else if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_text(statement, 0) != nullptr)
    value = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return value;
}

std::string output_of(const std::vector<std::string>& argv, int& code) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "out";
  {
    Process process(argv, file);
    code = process.wait(std::chrono::seconds{60}).value_or(-1000);
  }
  return read_file(file);
}

}  // namespace rytme::test
