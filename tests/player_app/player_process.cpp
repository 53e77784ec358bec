// SPDX-License-Identifier: Apache-2.0
#include "tests/player_app/player_process.hpp"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rytme::player_app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t frame_bytes = 8;

// `out` -1: nothing is written down.
pid_t start(std::vector<std::string> words, const std::string& alsa, int out) {
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  if (!alsa.empty()) ::setenv("ALSA_CONFIG_PATH", alsa.c_str(), 1);
  if (out >= 0) ::dup2(out, STDOUT_FILENO);
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

int wait_for(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

fs::path player_program() { return fs::read_symlink("/proc/self/exe").parent_path() / "rytme-player"; }

int run_player(const std::vector<std::string>& words, std::string* out) {
  const Folder folder;
  const auto file = folder / "out";
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  std::vector<std::string> all{player_program().string()};
  all.insert(all.end(), words.begin(), words.end());
  const int code = wait_for(start(std::move(all), "", fd));
  ::close(fd);
  if (out != nullptr) *out = test::content_of(file);
  return code;
}

PlayerProcess::PlayerProcess(const Folder& folder, int broker_port, const std::string& output)
    : folder_(folder) {
  std::ofstream(folder / "alsa.conf") << fmt::format(
      "pcm.nowhere {{ type null }}\n"
      "pcm.heard {{ type file slave.pcm nowhere file \"{}\" format raw }}\n",
      (folder / "heard.raw").string());
  std::ofstream(folder / "broker.password") << "secret\n";
  std::ofstream(folder / "player.toml") << fmt::format(
      "[player]\nnode = \"player1\"\nroom = \"rom1\"\noutput = \"{}\"\n"
      "[broker]\nport = {}\nuser = \"injector\"\npassword_file = \"broker.password\"\n",
      output, broker_port);
  pid_ = start({player_program().string(), "serve", "--config", folder.path().string(), "--data",
                folder.path().string()},
               (folder / "alsa.conf").string(), -1);
}

PlayerProcess::~PlayerProcess() {
  if (pid_ > 0) end();
}

int PlayerProcess::end() {
  ::kill(pid_, SIGTERM);
  const int code = wait_for(pid_);
  pid_ = -1;
  return code;
}

std::size_t PlayerProcess::frames() const {
  std::error_code none;
  const auto bytes = fs::file_size(folder_ / "heard.raw", none);
  return none ? 0 : bytes / frame_bytes;
}

std::vector<float> PlayerProcess::heard(std::size_t from) const {
  std::ifstream in(folder_ / "heard.raw", std::ios::binary);
  in.seekg(static_cast<std::streamoff>(from * frame_bytes));
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::vector<float> frames(bytes.size() / sizeof(float));
  std::memcpy(frames.data(), bytes.data(), frames.size() * sizeof(float));
  std::vector<float> left;
  for (std::size_t i = 0; i < frames.size(); i += 2) left.push_back(frames[i]);
  return left;
}

}  // namespace rytme::player_app
