// SPDX-License-Identifier: Apache-2.0
#include "controller/log/log.hpp"

#include <memory>

#include <spdlog/pattern_formatter.h>
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

}  // namespace

void start_log() {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<Priority>('Q').set_pattern("%Q%v");
  auto logger = std::make_shared<spdlog::logger>("rytme", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_formatter(std::move(formatter));
  spdlog::set_default_logger(std::move(logger));
}

void RareLog::warn(std::string_view what, std::string_view last, std::uint64_t total, Instant now) {
  if (total == told_ || now < next_) return;
  spdlog::warn("{}: {} more, {} since the start; last: {}", what, total - told_, total, last);
  told_ = total;
  next_ = now + period_;
}

}  // namespace rytme
