// SPDX-License-Identifier: Apache-2.0
#include "controller/app/daemon.hpp"

#include <algorithm>
#include <csignal>
#include <system_error>
#include <utility>

#include <boost/asio/post.hpp>
#include <sodium.h>
#include <spdlog/spdlog.h>

#include "controller/app/broker_line.hpp"
#include "controller/app/clock.hpp"
#include "controller/app/data_folder.hpp"
#include "controller/app/device_book.hpp"
#include "controller/app/version.hpp"
#include "controller/signals/formula_version.hpp"

namespace rytme::app {
namespace {

constexpr std::chrono::seconds end_patience{6};  // longest ramp to safe light, and a margin

mqtt::Options client_options(const settings::House& house, const HomieFace& homie) {
  mqtt::Options options = broker_options(house, "");
  options.on_connect = homie.greeting();
  options.will = homie.will();
  options.farewell = homie.farewell();
  return options;
}

}  // namespace

std::string random_id() {
  unsigned char bytes[16];
  randombytes_buf(bytes, sizeof bytes);
  char hex[2 * sizeof bytes + 1];
  return sodium_bin2hex(hex, sizeof hex, bytes, sizeof bytes);
}

Daemon::Daemon(settings::House house, Start start)
    : house_(std::move(house)),
      start_(std::move(start)),
      starts_(start_.data, now().steady),
      trial_(start_.trial),
      backup_(house_.backup, start_.config, start_.data) {
  started_ = last_wake_ = now().steady;
  trial_until_ = started_ + start_.confirm_within;
  effects_.hand_over = [this] { send_commands(); };
  journal::Opening opening;
  journal::Options options;
  options.file = journal_file(start_.data);
  options.retention = {house_.retention.waveforms_days, house_.retention.summaries_months,
                       house_.retention.access_log_months};
  options.clock = [] { return now(); };
  options.formula_version = signals::formula_version;
  options.set_aside = starts_.is_crash_loop() && starts_.never_opened();
  journal_ = std::make_unique<journal::Journal>(options, opening);
  starts_.opened();
  queries_ = std::make_unique<journal::QueryThread>(options.file);
  records_ = std::make_unique<RecordMaker>(start_.data);
  const auto started_s =
      std::chrono::duration_cast<std::chrono::seconds>(now().wall.time_since_epoch()).count();
  core_ = std::make_unique<Core>(
      house_, CoreOptions{opening.next_seq, software_version, random_id, started_s, opening.variants});
  open_accounts();
  server_ = std::make_unique<web::Server>(io_, web_options(), room_port());
  start_transports();
  begin(opening);
}

void Daemon::start_transports() {
  mqtt::Client::Handlers handlers;
  handlers.on_messages = [this] { boost::asio::post(io_, [this] { drain_broker(); }); };
  handlers.on_link = [this](mqtt::Link link, std::string reason) {
    boost::asio::post(io_, [this, link, reason = std::move(reason)] {
      core_->broker_link(link == mqtt::Link::up, reason, now(), effects_);
      carry_out();
    });
  };
  broker_ = std::make_unique<mqtt::Client>(client_options(house_, core_->homie()), core_->subscriptions(),
                                           std::move(handlers));
  const auto polls = core_->devices().polls();
  for (std::size_t i = 0; i < house_.buses.size(); ++i) {
    std::vector<RegisterRead> mine;
    for (const auto& poll : polls)
      if (poll.bus == i) mine.push_back(poll);
    scans_.emplace_back(house_, static_cast<BusIndex>(i));
    auto post_drain = [this, i] { boost::asio::post(io_, [this, i] { drain_bus(i); }); };
    buses_.push_back(std::make_unique<modbus::Bus>(static_cast<BusIndex>(i), house_.buses[i], std::move(mine),
                                                   std::move(post_drain)));
  }
}

void Daemon::begin(const journal::Opening& opening) {
  if (!opening.set_aside.empty())
    spdlog::error("journal was damaged or kept us from starting, set aside as {}", opening.set_aside);
  if (!opening.before_migration.empty())
    spdlog::info("journal brought to the present schema; as it was it stands in {}",
                 opening.before_migration);
  core_->note("start", opening.unclean ? R"({"after":"unclean"})" : R"({"after":"clean"})", now(), effects_);
  meet_devices();
  if (!opening.open_session.empty()) {
    core_->resume_paused({opening.open_session, opening.open_preset, opening.open_participant,
                          opening.open_recording, opening.open_withdrawn, opening.open_lived_s},
                         now(), effects_);
  }
  if (opening.latched) {
    Asked again{request::StopAll{}, {}, "restart", Instant::max()};
    again.actor.id = "restart";
    core_->ask(again, now(), effects_);
  }
  if (starts_.is_crash_loop()) {
    spdlog::critical(
        "five starts within a minute: safe mode until the controller is ended and started in order");
    core_->enter_safe_mode(now(), effects_);
  }
  journal_->on_progress([this] { boost::asio::post(io_, [this] { watch_health(); }); });
  carry_out();
}

// The same id with another profile, bus or params is a device that was replaced: its history goes on.
void Daemon::meet_devices() {
  try {
    book_ = DeviceBook::load(start_.data);
    for (const auto& [id, what] : book_.meet(house_)) {
      spdlog::info("device {} was replaced: {}", id, what);
      core_->note("device_replaced", what, now(), effects_);
    }
    book_.save(start_.data);
    for (std::size_t i = 0; i < house_.devices.size(); ++i) {
      const auto state = fail_safe_of(house_, core_->devices(), static_cast<DeviceIndex>(i), book_);
      if (!is_sure(state))
        spdlog::warn("device {} has no verified fail-safe: {}", house_.devices[i].id, name_of(state));
    }
  } catch (const std::runtime_error& error) {
    spdlog::error("devices.json: {}", error.what());  // the room runs without it
  }
  try {
    core_->be_silent(Silences::load(start_.data));
  } catch (const std::runtime_error& error) {
    spdlog::error("{}", error.what());  // all is told
  }
}

bool Daemon::run() {
  signals_.add(SIGTERM);
  signals_.add(SIGINT);
  signals_.async_wait([this](const boost::system::error_code& error, int) {
    if (!error) end();
  });
  broker_->start();
  for (auto& bus : buses_) bus->start();
  spdlog::info("room {} on http://{}:{}", house_.room.id, house_.web.host, server_->port());
  if (server_->tls_port() != 0)
    spdlog::info("and on https://{}:{}", house_.web.tls_host, server_->tls_port());
  offer_first_account();
  manager_.ready();
  wake();
  io_.run();
  queries_.reset();
  records_.reset();
  for (auto& bus : buses_) bus->stop();
  broker_->stop();
  journal_->close();
  return again_;
}

access::Sessions Daemon::hand_over_people() {
  return accounts_ ? accounts_->hand_over() : access::Sessions{};
}

// The loop is woken at least each second; what comes first after a hang may be read before it is.
void Daemon::notice_hang() {
  constexpr std::chrono::seconds long_late{1};
  const auto at = now().steady;
  if (armed_for_ != Instant{} && at - armed_for_ > long_late) core_->was_away(armed_for_, at);
}

void Daemon::drain_broker() {
  // In slices: a tap, a timer or a bus waits for one of them, however much has come from the broker.
  constexpr std::size_t slice = 128;
  notice_hang();
  if (broker_->drain(messages_, slice)) boost::asio::post(io_, [this] { drain_broker(); });
  for (const auto& message : messages_) {
    core_->receive(message, now(), effects_);
    carry_out();
  }
}

void Daemon::drain_bus(std::size_t bus) {
  notice_hang();
  buses_[bus]->drain(results_);
  for (const auto& result : results_) {
    const auto* block = std::get_if<RegisterBlock>(&result);
    if (block != nullptr && take_scanned(*block)) continue;
    std::visit([this](const auto& item) { core_->receive(item, now(), effects_); }, result);
    carry_out();
  }
}

// Fed by the loop that decides, so that a loop that hangs starves the watchdog.
void Daemon::wake() {
  notice_hang();
  const auto at = now();
  if (armed_for_ != Instant{}) lags_.add(std::max(0.0, seconds_between(armed_for_, at.steady)));
  armed_for_ = {};
  last_wake_ = at.steady;
  core_->wake(at, effects_);
  carry_out();
  log_rare(at.steady);
  if (const auto period = manager_.watchdog_period(); period && at.steady >= next_alive_) {
    manager_.alive();
    if (last_alive_ != Instant{}) {
      const double left_s = seconds_between(at.steady, last_alive_ + 2 * *period);
      watchdog_margin_s_ = std::min(watchdog_margin_s_.value_or(left_s), left_s);
    }
    last_alive_ = at.steady;
    next_alive_ = at.steady + *period;
  }
  if (end_by_ != Instant::max()) try_finish();
  look_at_trial(at.steady);
  look_at_backup(at);
}

void Daemon::arm() {
  const auto next = core_->next_wake();
  if (next == armed_for_) return;
  armed_for_ = next;
  timer_.expires_at(next);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    wake();
  });
}

void Daemon::send_commands() {
  const auto at = now().steady;
  if (effects_.drop_before) {
    broker_->drop_before(*effects_.drop_before);
    for (auto& bus : buses_) bus->drop_before(*effects_.drop_before);
  }
  for (auto& write : effects_.writes) {
    auto& bus = *buses_[write.bus];
    bus.write(std::move(write));
  }
  for (const auto& publish : effects_.publishes) broker_->publish(publish, at);
  effects_.drop_before.reset();
  effects_.writes.clear();
  effects_.publishes.clear();
}

void Daemon::carry_out() {
  send_commands();
  for (auto& entry : effects_.entries) {
    if (entry.urgent) last_urgent_seq_ = entry.seq;
    journal_->append(std::move(entry));
  }
  if (effects_.state_changed) server_->changed();
  if (effects_.confirmation) server_->confirmed(*effects_.confirmation);
  for (const auto& notice : effects_.notices) spdlog::info("{}", notice);
  if (effects_.recall) recall(*effects_.recall);
  effects_.clear();
  arm();
}

void Daemon::end() {
  spdlog::info("ending: safe light, journal, farewell");
  again_ = false;
  manager_.stopping();
  end_by_ = now().steady + end_patience;
  core_->shutdown(now(), effects_);
  carry_out();
  try_finish();
}

void Daemon::try_finish() {
  const auto at = now();
  const bool waits = again_ || !core_->settled(at.steady);
  if (waits && at.steady < end_by_) return;
  core_->note("end", "{}", at, effects_);
  carry_out();
  starts_.ends();
  server_->stop();
  timer_.cancel();
  anew_.cancel();
  io_.stop();
}

void Daemon::watch_health() {
  const auto health = journal_->health();
  answer_what_is_kept(health);
  tell_who_holds_the_log(health);
  if (health.recording_possible == recording_possible_) return;
  recording_possible_ = health.recording_possible;
  spdlog::log(recording_possible_ ? spdlog::level::info : spdlog::level::err, "journal: {}",
              recording_possible_ ? "recording again" : "recording stopped: " + health.fault);
  core_->note(recording_possible_ ? "journal_back" : "journal_fault", "{}", now(), effects_);
  carry_out();
}

// What a person was told is in the record: the answer waits for the disk, but not longer than a person would.
void Daemon::when_kept(std::uint64_t seq, std::chrono::milliseconds patience,
                       std::function<void(bool)> go_on) {
  const auto limit = std::make_shared<boost::asio::steady_timer>(io_, patience);
  limit->async_wait([this](const boost::system::error_code& error) {
    if (!error) answer_what_is_kept(journal_->health());
  });
  waiting_.push_back({seq, std::move(go_on), limit});
  answer_what_is_kept(journal_->health());
}

void Daemon::answer_what_is_kept(const journal::Health& health) {
  const auto at = now().steady;
  std::vector<Waiting> ready;
  std::erase_if(waiting_, [&](Waiting& waiting) {
    const bool due =
        waiting.seq <= health.durable_seq || !health.recording_possible || waiting.limit->expiry() <= at;
    if (due) ready.push_back(std::move(waiting));
    return due;
  });
  for (const auto& waiting : ready) waiting.go_on(waiting.seq <= health.durable_seq);
}

void Daemon::tell_who_holds_the_log(const journal::Health& health) {
  if (health.log_held == log_held_) return;
  log_held_ = health.log_held;
  if (log_held_.count() == 0) return spdlog::info("journal: the log is free again");
  spdlog::warn("journal: {} has been reading for {} s; the log waits for it, now {} MB", health.log_held_by,
               log_held_.count(), health.log_bytes / 1000000);
}

void Daemon::log_rare(Instant at) {
  std::uint64_t refused = core_->counters().refused_requests;
  for (std::size_t i = 0; i < static_cast<std::size_t>(devices::Refusal::count_); ++i)
    refused += core_->devices().refused(static_cast<devices::Refusal>(i));
  refused_log_.warn("messages refused", core_->devices().last_refusal(), refused, at);
  const auto web = server_->counters();
  http_log_.warn("HTTP requests refused unread", web.last_unread,
                 web.malformed + web.too_large + web.timeouts, at);
  const auto mqtt = broker_->counters();
  dropped_log_.warn("messages dropped", "queue full", mqtt.dropped_in + journal_->health().dropped, at);
}

}  // namespace rytme::app
