// SPDX-License-Identifier: Apache-2.0
#include "controller/log/log.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <mutex>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace rytme {
namespace {

// journald reads the syslog priority from a leading <N>.
class Priority final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    constexpr std::string_view digits = "7764320";  // trace debug info warn error critical off
    const auto level = static_cast<std::size_t>(message.level);
    out.push_back('<');
    out.push_back(digits[level < digits.size() ? level : 2]);
    out.push_back('>');
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<Priority>(); }
};

constexpr std::array<std::string_view, 6> levels{"debug", "debug", "info", "warning", "error", "critical"};

// The last lines, for people who do not reach the service's log.
class Recent final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  std::vector<LogLine> lines(std::size_t least, std::size_t most) {
    const std::lock_guard lock(mutex_);
    std::vector<LogLine> found;
    for (auto line = lines_.rbegin(); line != lines_.rend() && found.size() < most; ++line)
      if (line->level >= least) found.push_back({line->at, std::string(levels.at(line->level)), line->text});
    std::reverse(found.begin(), found.end());
    return found;
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const auto level = std::min(static_cast<std::size_t>(message.level), levels.size() - 1);
    const std::string_view text(message.payload.data(), std::min(message.payload.size(), longest));
    lines_.push_back(
        {std::chrono::time_point_cast<std::chrono::microseconds>(message.time), level, std::string(text)});
    if (lines_.size() > kept) lines_.pop_front();
  }
  void flush_() override {}

 private:
  static constexpr std::size_t kept = 1000, longest = 500;
  struct Line {
    WallTime at;
    std::size_t level;
    std::string text;
  };
  std::deque<Line> lines_;
};

std::shared_ptr<Recent> recent() {
  static const auto only = std::make_shared<Recent>();
  return only;
}

std::shared_ptr<spdlog::logger> logger_to(std::vector<spdlog::sink_ptr> sinks) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<Priority>('Q').set_pattern("%Q%v");
  auto logger = std::make_shared<spdlog::logger>("rytme", sinks.begin(), sinks.end());
  logger->set_formatter(std::move(formatter));
  return logger;
}

std::shared_ptr<spdlog::logger>& service_log() {
  static auto only = logger_to({std::make_shared<spdlog::sinks::stderr_sink_mt>()});
  return only;
}

}  // namespace

void start_log() { spdlog::set_default_logger(logger_to({service_log()->sinks().front(), recent()})); }

void tell_service_log(std::string_view text) { service_log()->warn("{}", text); }

std::vector<LogLine> recent_log(std::string_view level, std::size_t most) {
  const auto least = std::ranges::find(levels, level);
  return recent()->lines(least == levels.end() ? 0 : static_cast<std::size_t>(least - levels.begin()), most);
}

void RareLog::warn(std::string_view what, std::string_view last, std::uint64_t total, Instant now) {
  if (total == told_ || now < next_) return;
  spdlog::warn("{}: {} more, {} since the start; last: {}", what, total - told_, total, last);
  told_ = total;
  next_ = now + period_;
}

}  // namespace rytme
