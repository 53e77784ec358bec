// SPDX-License-Identifier: Apache-2.0
#include "controller/player_app/track_process.hpp"

#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace rytme::player_app {
namespace {

namespace fs = std::filesystem;
using player::Frame;

// What lies between a speed that libmpv has taken and the first frame at it: its buffer for its file writer,
// which is dense (track_main.cpp), and our pipe. It takes a speed when that buffer is written.
constexpr int pipe_bytes = 16384;
constexpr std::uint64_t mpv_frames = 65536 / 16;
constexpr std::uint64_t behind_frames = mpv_frames + pipe_bytes / sizeof(Frame);
constexpr double usually_taken_after_frames = mpv_frames / 2.0;
constexpr double forgets = 0.1;  // of the time it took before, with each new speed
// Enough to begin with: what the pipe holds and a little more is on its way.
constexpr int ready_bytes = pipe_bytes / 2;
// So late does libmpv's stretcher give its samples (measured; it looks ahead for a good seam).
double stretch_lag_s(double speed) { return speed > 1 ? 0.030 : 0.011; }
constexpr int patience_ms = 10'000;
constexpr std::size_t longest_tags = 65536;

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  return ends;
}

pid_t start(std::vector<std::string> words, int in, int out) {
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  ::sigemptyset(&none);
  sigset_t pipe_signal = none;
  ::sigaddset(&pipe_signal, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &pipe_signal);  // it ends when nobody reads any more
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t pid{};
  const int error = ::posix_spawn(&pid, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), words[0]);
  return pid;
}

}  // namespace

fs::path TrackProcess::program() {
  if (const char* given = std::getenv("RYTME_TRACK")) return given;
  return fs::read_symlink("/proc/self/exe").parent_path() / "rytme-track";
}

TrackProcess::TrackProcess(const fs::path& file, double start_s, double speed, bool waits)
    : waits_(waits), position_s_(start_s), speed_(speed), taken_after_frames_(usually_taken_after_frames) {
  const auto samples = make_pipe();
  std::array<int, 2> speeds{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, speeds.data()) != 0) {
    const int why = errno;
    for (const int end : samples) ::close(end);
    throw std::system_error(why, std::generic_category(), "socketpair");
  }
  ::fcntl(samples[1], F_SETPIPE_SZ, pipe_bytes);
  samples_ = samples[0];
  speeds_ = speeds[1];
  ::fcntl(samples_, F_SETFL, O_NONBLOCK);
  ::fcntl(speeds_, F_SETFL, O_NONBLOCK);
  try {
    pid_ =
        start({program().string(), "play", fs::absolute(file).string(),
               fmt::format("{:.6f}", start_s + stretch_lag_s(speed) * speed), fmt::format("{:.8f}", speed)},
              speeds[0], samples[1]);
  } catch (const std::system_error&) {
    health_ = Health::broken;
  }
  ::close(samples[1]);
  ::close(speeds[0]);
}

TrackProcess::~TrackProcess() {
  ::close(samples_);
  ::close(speeds_);
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);  // it has nothing to lose
  // One that waits for a disk that hangs dies when that answers: not to be waited for here.
  if (::waitpid(pid_, nullptr, WNOHANG) == 0)
    std::thread([pid = pid_] { ::waitpid(pid, nullptr, 0); }).detach();
}

std::size_t TrackProcess::read(std::span<Frame> out) {
  std::size_t got = read_once(out);
  while (waits_ && got < out.size() && pid_ >= 0 && wait()) got += read_once(out.subspan(got));
  return got;
}

std::size_t TrackProcess::read_once(std::span<Frame> out) {
  hear_taken();
  const std::size_t wanted = out.size() * sizeof(Frame);
  std::string bytes = std::move(half_);
  half_.clear();
  const auto had = bytes.size();
  bytes.resize(wanted);
  const auto got = ::read(samples_, bytes.data() + had, wanted - had);
  const bool ended = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
  bytes.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  const auto frames = bytes.size() / sizeof(Frame);
  half_ = bytes.substr(frames * sizeof(Frame));
  std::memcpy(static_cast<void*>(out.data()), bytes.data(), frames * sizeof(Frame));
  for (std::size_t i = 0; i < frames; ++i) {
    if (!changes_.empty() && frames_ >= changes_.front().frame) {
      speed_ = changes_.front().speed;
      changes_.pop_front();
    }
    position_s_ += speed_ / player::sample_rate;
    ++frames_;
  }
  if (ended && wanted > had) over();
  return frames;
}

void TrackProcess::over() {
  if (pid_ < 0) return;
  int status = 0;
  ::waitpid(pid_, &status, 0);  // its output is closed: it is on its way out
  pid_ = -1;
  const bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0 && frames_ > 0;
  health_ = good ? Health::ended : Health::broken;
}

void TrackProcess::set_speed(double speed) {
  const auto line = fmt::format("{:.8f}\n", speed);
  if (::send(speeds_, line.data(), line.size(), MSG_NOSIGNAL) < 0) return;  // it has ended; reading will tell
  told_.push_back({frames_, speed});
}

// What libmpv has taken by now is heard behind what it has made before.
void TrackProcess::hear_taken() {
  std::array<char, 64> taken{};
  const auto got = ::recv(speeds_, taken.data(), taken.size(), MSG_DONTWAIT);
  for (ssize_t i = 0; i < got && !told_.empty(); ++i) {
    const auto [told_at, speed] = told_.front();
    changes_.push_back({frames_ + behind_frames, speed});
    taken_after_frames_ = std::lerp(taken_after_frames_, static_cast<double>(frames_ - told_at), forgets);
    told_.pop_front();
  }
}

double TrackProcess::speed_delay_s() const {
  return (static_cast<double>(behind_frames) + taken_after_frames_) / player::sample_rate;
}

player::TrackSource::Health TrackProcess::health() {
  if (health_ != Health::opening) return health_;
  if (waits_) wait();
  int there = 0;
  ::ioctl(samples_, FIONREAD, &there);
  if (there >= (waits_ ? 1 : ready_bytes)) health_ = Health::ready;
  pollfd wait{samples_, POLLIN, 0};
  const bool closed = ::poll(&wait, 1, 0) > 0 && (wait.revents & POLLHUP) != 0;
  if (closed && there == 0) over();
  if (closed && there > 0) health_ = Health::ready;  // shorter than the pipe
  return health_;
}

bool TrackProcess::wait() const {
  pollfd wait{samples_, POLLIN, 0};
  return ::poll(&wait, 1, patience_ms) > 0;
}

std::map<std::string, std::string> TrackProcess::tags(const fs::path& file) {
  const auto text = make_pipe();
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const pid_t pid = start({program().string(), "tags", fs::absolute(file).string()}, nothing, text[1]);
  ::close(text[1]);
  ::close(nothing);
  std::string lines;
  std::array<char, 4096> part{};
  pollfd wait{text[0], POLLIN, 0};
  while (lines.size() < longest_tags && ::poll(&wait, 1, patience_ms) > 0) {
    const auto got = ::read(text[0], part.data(), part.size());
    if (got <= 0) break;
    lines.append(part.data(), static_cast<std::size_t>(got));
  }
  ::close(text[0]);
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  std::map<std::string, std::string> out;
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);)
    if (const auto equals = line.find('='); equals != std::string::npos)
      out[line.substr(0, equals)] = line.substr(equals + 1);
  return out;
}

}  // namespace rytme::player_app
