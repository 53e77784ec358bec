// SPDX-License-Identifier: Apache-2.0
#include "controller/app/metrics.hpp"

#include <iterator>
#include <string_view>

#include <fmt/format.h>

namespace rytme::app {
namespace {

class Text {
 public:
  void value(std::string_view name, double number, std::string_view labels = "") {
    fmt::format_to(std::back_inserter(text_), "rytme_{}{} {}\n", name, labels, number);
  }
  void count(std::string_view name, std::uint64_t number, std::string_view labels = "") {
    value(name, static_cast<double>(number), labels);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void process(const MetricsInput& input, Text& text) {
  text.value("uptime_seconds", input.uptime_s);
  for (std::size_t i = 0; i < Lags::bounds_s.size(); ++i)
    text.count("loop_lag_seconds_bucket", input.loop.up_to(i),
               fmt::format("{{le=\"{}\"}}", Lags::bounds_s[i]));
  const auto all = input.loop.up_to(Lags::bounds_s.size());
  text.count("loop_lag_seconds_bucket", all, "{le=\"+Inf\"}");
  text.value("loop_lag_seconds_sum", input.loop.sum_s());
  text.count("loop_lag_seconds_count", all);
  text.value("loop_lag_max_seconds", input.loop.worst_s());
  if (input.watchdog_margin_s) text.value("watchdog_margin_seconds", *input.watchdog_margin_s);
}

void transports(const MetricsInput& input, Text& text) {
  text.value("broker_up", input.broker_up ? 1 : 0);
  text.count("mqtt_received_total", input.mqtt.received);
  text.count("mqtt_published_total", input.mqtt.published);
  text.count("mqtt_dropped_in_total", input.mqtt.dropped_in);
  text.count("mqtt_dropped_out_total", input.mqtt.dropped_out);
  text.count("mqtt_expired_total", input.mqtt.expired);
  text.count("mqtt_superseded_total", input.mqtt.superseded);
  text.count("mqtt_superseded_in_total", input.mqtt.superseded_in);
  text.count("mqtt_attempts_total", input.mqtt.attempts);
  text.count("mqtt_connects_total", input.mqtt.connects);
  text.count("mqtt_losses_total", input.mqtt.losses);
  text.count("mqtt_subscribe_failures_total", input.mqtt.subscribe_failures);
  for (const auto& [bus, counters] : input.buses) {
    const auto label = fmt::format("{{bus=\"{}\"}}", bus);
    text.count("modbus_reads_total", counters.reads, label);
    text.count("modbus_writes_total", counters.writes, label);
    text.count("modbus_timeouts_total", counters.timeouts, label);
    text.count("modbus_garbled_total", counters.garbled, label);
    text.count("modbus_exceptions_total", counters.exceptions, label);
    text.count("modbus_reopens_total", counters.reopens, label);
    text.count("modbus_expired_total", counters.expired, label);
    text.count("modbus_superseded_total", counters.superseded, label);
    text.count("modbus_dropped_total", counters.dropped, label);
    text.count("modbus_foreign_total", counters.foreign, label);
    text.count("modbus_stray_bytes_total", counters.strays, label);
    text.value("modbus_hears_itself", counters.hears_itself ? 1 : 0, label);
    for (const auto& [unit, garbled] : counters.garbled_by_unit)
      text.count("modbus_unit_garbled_total", garbled, fmt::format("{{bus=\"{}\",unit=\"{}\"}}", bus, unit));
  }
}

void decisions(const MetricsInput& input, Text& text) {
  const auto& counters = input.core->counters();
  text.count("messages_total", counters.messages);
  text.count("register_blocks_total", counters.blocks);
  text.count("commands_total", counters.commands);
  text.count("confirmed_total", counters.confirmed);
  text.count("requests_late_total", counters.late_requests);
  text.count("requests_refused_total", counters.refused_requests);
  for (std::size_t i = 0; i < static_cast<std::size_t>(devices::Refusal::count_); ++i) {
    const auto refusal = static_cast<devices::Refusal>(i);
    text.count("messages_refused_total", input.core->devices().refused(refusal),
               fmt::format("{{reason=\"{}\"}}", devices::name_of(refusal)));
  }
  text.value("devices_ok", input.core->watch().count(Presence::ok));
  text.value("devices_all", static_cast<double>(input.core->watch().size()));
  for (const web::DeviceRow& row : input.devices) {
    const auto device = fmt::format("device=\"{}\"", row.id);
    text.value("device_age_seconds", row.last_seen_s, fmt::format("{{{}}}", device));
    text.count("device_reconnects_total", row.reconnects, fmt::format("{{{}}}", device));
    for (const auto& [kind, errors] : row.errors)
      text.count("device_errors_total", errors, fmt::format("{{{},kind=\"{}\"}}", device, kind));
  }
}

void record(const MetricsInput& input, Text& text) {
  text.count("journal_written_total", input.journal.written);
  text.count("journal_dropped_total", input.journal.dropped);
  text.count("journal_dropped_facts_total", input.journal.dropped_facts);
  text.count("journal_dropped_essential_total", input.journal.dropped_essential);
  text.count("journal_commits_total", input.journal.commits);
  text.count("journal_failures_total", input.journal.failures);
  text.count("journal_queued", input.journal.queued);
  text.count("journal_queued_bytes", input.journal.queued_bytes);
  text.count("journal_log_bytes", input.journal.log_bytes);
  text.count("journal_log_held_seconds", static_cast<std::uint64_t>(input.journal.log_held.count()));
  text.value("journal_last_commit_seconds", std::chrono::duration<double>(input.journal.last_commit).count());
  text.value("journal_recording_possible", input.journal.recording_possible ? 1 : 0);
  if (const auto& disk = input.journal.disk) {
    text.count("journal_bytes", disk->file_bytes);
    text.count("journal_disk_free_bytes", disk->free_bytes);
  }
  if (input.backup_age_s) text.value("backup_age_seconds", *input.backup_age_s);
  text.count("backups_failed_total", input.backups_failed);
}

void pages(const MetricsInput& input, Text& text) {
  text.count("http_requests_total", input.web.requests);
  text.count("http_refused_total", input.web.refused);
  text.count("http_malformed_total", input.web.malformed);
  text.count("http_too_large_total", input.web.too_large);
  text.count("http_timeouts_total", input.web.timeouts);
  text.count("http_dropped_viewers_total", input.web.dropped_viewers);
  text.count("http_connections", input.web.connections);
  text.count("http_viewers", input.web.viewers);
  text.count("log_ins_wrong_total", input.wrong_log_ins);
  text.count("log_ins", input.log_ins);
  text.count("tls_handshakes_failed_total", input.web.handshakes_failed);
  if (input.certificate_days) text.value("tls_certificate_days_left", *input.certificate_days);
}

}  // namespace

std::string metrics_text(const MetricsInput& input) {
  Text text;
  process(input, text);
  transports(input, text);
  decisions(input, text);
  record(input, text);
  pages(input, text);
  return text.take();
}

}  // namespace rytme::app
