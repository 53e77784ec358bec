// SPDX-License-Identifier: Apache-2.0
#include "tests/support/broker.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rytme::test {
namespace {

using namespace std::chrono_literals;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool accepts(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  sockaddr_in own{};
  socklen_t length = sizeof(own);
  const bool connected = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
                         getsockname(fd, reinterpret_cast<sockaddr*>(&own), &length) == 0 &&
                         own.sin_port != address.sin_port;  // else it reached itself: nobody listens yet
  close(fd);
  return connected;
}

pid_t spawn(std::vector<std::string> words) {
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child > 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  const int quiet = open("/dev/null", O_WRONLY);
  dup2(quiet, STDOUT_FILENO);
  if (std::getenv("RYTME_TEST_BROKER_LOG") == nullptr) dup2(quiet, STDERR_FILENO);
  execvp(argv[0], argv.data());
  _exit(127);
}

int wait_for(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return status;
}

bool ends_within(pid_t pid, std::chrono::milliseconds limit) {
  const auto last = std::chrono::steady_clock::now() + limit;
  while (waitpid(pid, nullptr, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > last) return false;
    std::this_thread::sleep_for(1ms);  // nothing tells of one child's end
  }
  return true;
}

bool begins_with_word(const std::string& line, const std::string& word) {
  return line.rfind(word + ' ', 0) == 0;
}

}  // namespace

int free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof(address);
  const bool bound = bind(fd, reinterpret_cast<const sockaddr*>(&address), length) == 0 &&
                     getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  close(fd);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

Broker::Broker(const std::vector<BrokerUser>& users, const std::string& acl, const std::string& more_conf)
    : port_(free_port()) {
  std::string pattern = (std::filesystem::temp_directory_path() / "rytme-broker-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
  write_files(users, acl, more_conf);
  start();
}

Broker::~Broker() {
  end(SIGKILL);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Broker::write_files(const std::vector<BrokerUser>& users, const std::string& acl,
                         const std::string& more_conf) const {
  std::ifstream shipped("config/mosquitto/mosquitto.conf");
  std::ofstream conf(folder_ / "mosquitto.conf");
  if (!shipped || !conf)
    throw std::runtime_error("config/mosquitto/mosquitto.conf: run from the project's root");
  for (std::string line; std::getline(shipped, line);) {
    if (begins_with_word(line, "listener")) line = "listener " + std::to_string(port_) + " 127.0.0.1";
    if (begins_with_word(line, "password_file")) line = "password_file " + (folder_ / "passwd").string();
    if (begins_with_word(line, "acl_file")) line = "acl_file " + (folder_ / "acl").string();
    conf << line << '\n';
  }
  conf << "user root\n";  // where the test runs as root: else the broker could not read its files
  conf << more_conf;
  std::ofstream(folder_ / "passwd").close();
  for (const auto& user : users) {
    const pid_t pid =
        spawn({"mosquitto_passwd", "-b", (folder_ / "passwd").string(), user.name, user.password});
    if (wait_for(pid) != 0) throw std::runtime_error("mosquitto_passwd failed");
  }
  std::ifstream rules("config/mosquitto/acl");
  if (!rules) throw std::runtime_error("config/mosquitto/acl is missing");
  std::ofstream(folder_ / "acl") << rules.rdbuf() << '\n' << acl;
}

void Broker::start() {
  if (pid_ > 0) return;
  pid_ = spawn({"mosquitto", "-c", (folder_ / "mosquitto.conf").string()});
  const auto limit = std::chrono::steady_clock::now() + 10s;
  while (!accepts(port_)) {
    int status = 0;
    const bool ended = waitpid(pid_, &status, WNOHANG) == pid_;
    if (ended) pid_ = -1;
    if (ended || std::chrono::steady_clock::now() > limit)
      throw std::runtime_error("mosquitto does not start");
    std::this_thread::sleep_for(2ms);  // nothing tells when a process begins to listen
  }
}

void Broker::end(int signal) {
  if (pid_ <= 0) return;
  // Asked again: mosquitto listens before it hears, and a SIGTERM that comes in between is lost for good.
  do ::kill(pid_, signal);
  while (!ends_within(pid_, 200ms));
  pid_ = -1;
}

void Broker::stop() { end(SIGTERM); }
void Broker::kill() { end(SIGKILL); }

void Broker::pause() {
  ::kill(pid_, SIGSTOP);
  int status = 0;
  waitpid(pid_, &status, WUNTRACED);
}

void Broker::resume() {
  ::kill(pid_, SIGCONT);
  int status = 0;
  waitpid(pid_, &status, WCONTINUED);
}

}  // namespace rytme::test
