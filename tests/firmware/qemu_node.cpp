// SPDX-License-Identifier: Apache-2.0
#include "tests/firmware/qemu_node.hpp"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

namespace rytme::firmware::test {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr const char* emulator = "/usr/bin/qemu-system-arm";

pid_t start(std::vector<std::string> words) {
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int nothing = ::open("/dev/null", O_WRONLY);
  ::dup2(nothing, STDERR_FILENO);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

bool readable(int fd, std::chrono::milliseconds wait) {
  pollfd one{fd, POLLIN, 0};
  return ::poll(&one, 1, static_cast<int>(wait.count())) > 0;
}

}  // namespace

Terminal::Terminal() {
  std::array<char, 128> name{};
  termios raw{};
  cfmakeraw(&raw);
  if (::openpty(&ours_, &theirs_, name.data(), &raw, nullptr) != 0) throw std::runtime_error("no pty");
  ::fcntl(ours_, F_SETFD, FD_CLOEXEC);
  ::fcntl(theirs_, F_SETFD, FD_CLOEXEC);
  path_ = name.data();
}
Terminal::Terminal(Terminal&& other) noexcept
    : ours_(std::exchange(other.ours_, -1)), theirs_(std::exchange(other.theirs_, -1)), path_(other.path_) {}
Terminal::~Terminal() {
  if (ours_ >= 0) ::close(ours_);
  if (theirs_ >= 0) ::close(theirs_);
}

void Terminal::write(std::span<const std::uint8_t> bytes) const {
  if (::write(ours_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    throw std::runtime_error("a terminal took no more");
}

Bytes Terminal::read(std::chrono::milliseconds wait) const {
  if (!readable(ours_, wait)) return {};
  Bytes bytes(4096);
  const auto got = ::read(ours_, bytes.data(), bytes.size());
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return bytes;
}

QemuNode::QemuNode(const std::string& board, const std::string& node) {
  const bool mps2 = board == "mps2_an385";
  // stm32vldiscovery: USART1, which no node uses, then USART2, the line.
  const std::string first = mps2 ? line_.path() : io_.path(), second = mps2 ? io_.path() : line_.path();
  pid_ = start({emulator, "-M", mps2 ? "mps2-an385" : board, "-display", "none", "-monitor", "none",
                "-kernel", std::string(RYTME_BOARDS) + "/" + board + "-" + node + ".elf", "-chardev",
                "serial,id=a,path=" + first, "-serial", "chardev:a", "-chardev", "serial,id=b,path=" + second,
                "-serial", "chardev:b"});
}

QemuNode::~QemuNode() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

Bytes QemuNode::ask(std::uint8_t unit, const Bytes& pdu) {
  for (const auto limit = Clock::now() + 20s; Clock::now() < limit;) {
    while (!line_.read(30ms).empty()) {
    }
    line_.write(framed(unit, pdu));
    Bytes reply;
    const auto by = Clock::now() + 500ms;
    while (Clock::now() < by) {
      const auto more = line_.read(50ms);
      reply.insert(reply.end(), more.begin(), more.end());
      if (reply.size() >= 5 && crc16(reply) == 0 && reply[0] == unit)
        return {reply.begin() + 1, reply.end() - 2};
    }
  }
  return {};
}

JoinedLine::JoinedLine(std::vector<QemuNode*> nodes)
    : nodes_(std::move(nodes)), thread_([this](const std::stop_token& stop) {
        std::vector<pollfd> ends{{controller_.fd(), POLLIN, 0}};
        for (auto* node : nodes_) ends.push_back({node->line().fd(), POLLIN, 0});
        while (!stop.stop_requested()) {
          if (::poll(ends.data(), ends.size(), 50) <= 0) continue;
          if ((ends[0].revents & POLLIN) != 0) {
            const auto said = controller_.read(0ms);
            for (auto* node : nodes_) node->line().write(said);
          }
          for (std::size_t i = 0; i < nodes_.size(); ++i)
            if ((ends[i + 1].revents & POLLIN) != 0) controller_.write(nodes_[i]->line().read(0ms));
        }
      }) {}

const std::vector<OutputLine>& OutputTrace::listen(std::chrono::milliseconds time) {
  for (const auto until = Clock::now() + time; Clock::now() < until;) {
    const auto bytes = node_.io().read(20ms);
    text_.append(bytes.begin(), bytes.end());
    for (auto end = text_.find('\n'); end != std::string::npos; end = text_.find('\n')) {
      unsigned ms{};
      std::array<unsigned, 4> levels{};
      if (std::sscanf(text_.c_str(), "%x %x %x %x %x", &ms, &levels[0], &levels[1], &levels[2], &levels[3]) ==
          5) {
        OutputLine line{ms / 1000.0, {}};
        std::ranges::transform(levels, line.levels.begin(), [](unsigned level) { return level / 65535.0; });
        lines_.push_back(line);
      }
      text_.erase(0, end + 1);
    }
  }
  return lines_;
}

double OutputTrace::fastest(std::size_t from) const {
  double most = 0;
  for (std::size_t i = from + 1; i < lines_.size(); ++i) {
    const double time = lines_[i].s - lines_[i - 1].s + 0.001;  // whole milliseconds
    for (std::size_t channel = 0; channel < 4; ++channel)
      most = std::max(most, std::abs(lines_[i].levels[channel] - lines_[i - 1].levels[channel]) / time);
  }
  return most;
}

}  // namespace rytme::firmware::test
