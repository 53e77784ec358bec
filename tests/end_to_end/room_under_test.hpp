// SPDX-License-Identifier: Apache-2.0
// `rytme demo` as a test's own room: started in a folder of its own on free ports, ended with the test.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <sys/types.h>

#include "controller/app/demo_house.hpp"
#include "tests/end_to_end/http.hpp"
#include "tests/end_to_end/observer.hpp"

namespace rytme::test {

// A folder that is removed with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A program of ours as a child; its log goes to a file beside the data.
class Process {
 public:
  Process(std::vector<std::string> argv, const std::filesystem::path& log);
  ~Process();  // SIGTERM, then SIGKILL after 15 s
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  void signal(int number) const;
  // Exit code; -signal when it died by one; nullopt when it still runs after the limit.
  std::optional<int> wait(std::chrono::milliseconds limit);
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_{-1};
  std::optional<int> code_;
};

// True as soon as the condition holds; false when the time is over.
bool eventually(std::chrono::milliseconds limit, const std::function<bool()>& condition);

// A copy of the shipped settings with phases of seconds instead of minutes.
void write_quick_settings(const std::filesystem::path& folder);

class RoomUnderTest {
 public:
  // `words`: further words for `rytme demo`.
  explicit RoomUnderTest(const std::vector<std::string>& words = {});

  const std::string& http() const { return http_; }
  boost::json::object description() const;  // demo.json as it is now
  pid_t pid_of(const char* name) const;
  std::string token(const char* role) const;
  Observer& observer() { return *observer_; }
  Observer& injector() { return *injector_; }
  boost::json::object room() const { return http_get(http_, "/api/v1/room").json().as_object(); }
  std::string state() const { return std::string(room().at("state").as_string()); }
  // POST /api/v1/<path>
  HttpAnswer post(const std::string& path, const std::string& body = "{}") const {
    return http_post(http_, "/api/v1/" + path, body);
  }
  // Level register of the wall dimmer, 0-100, read over Modbus by a client of the test's own; -1: no answer.
  int dimmer_level() const;
  std::filesystem::path journal() const { return data() / "journal.sqlite"; }
  std::filesystem::path data() const { return folder_.path() / "data"; }
  Process& process() { return *process_; }
  // Restart of the broker drops the test's own clients too.
  void reconnect_observers();

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Process> process_;
  std::string http_;
  std::unique_ptr<Observer> observer_;
  std::unique_ptr<Observer> injector_;
};

// Broker and controller of a demo's settings, without the supervisor; the devices enter when the test says
// so.
class SplitRoom {
 public:
  // `qemu_nodes`: swing and dimmer are nodes of our own; give start_devices() "--nodes", "qemu".
  explicit SplitRoom(bool qemu_nodes = false);

  const std::string& http() const { return http_; }
  Observer& observer() { return *observer_; }
  Observer& injector() { return *injector_; }
  void start_devices(const std::vector<std::string>& words);
  void start_controller();  // does not wait
  void stop_controller() { controller_.reset(); }
  Process& controller() { return *controller_; }
  pid_t controller_pid() const { return controller_->pid(); }
  int broker_port() const { return house_.broker_port; }
  const std::string& token(const std::string& role) const { return house_.tokens.at(role); }
  const std::string& password(const std::string& user) const { return house_.passwords.at(user); }
  const settings::House& house() const { return house_.house; }
  const std::filesystem::path& config() const { return house_.config; }
  std::filesystem::path data() const { return folder_.path() / "data"; }
  std::filesystem::path journal() const { return data() / "journal.sqlite"; }

 private:
  TemporaryFolder folder_;
  app::DemoHouse house_;
  std::string http_;
  std::unique_ptr<Process> broker_;
  std::unique_ptr<Process> controller_;
  std::unique_ptr<Process> devices_;
  std::unique_ptr<Observer> observer_;
  std::unique_ptr<Observer> injector_;
};

// One value of one row of the journal, as text; "" when there is none. Opens the file read-only.
std::string journal_value(const std::filesystem::path& journal, const std::string& sql);

// What a program of ours prints; its exit code in `code`.
std::string output_of(const std::vector<std::string>& argv, int& code);

}  // namespace rytme::test
