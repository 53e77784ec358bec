// SPDX-License-Identifier: Apache-2.0
// `rytme serve`: the core wired to the world. One io_context thread runs everything that decides; the
// broker's, the buses' and the journal's threads only post to it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "controller/access/accounts.hpp"
#include "controller/app/backup_run.hpp"
#include "controller/app/broker_search.hpp"
#include "controller/app/bus_scan.hpp"
#include "controller/app/core.hpp"
#include "controller/app/device_book.hpp"
#include "controller/app/device_rows.hpp"
#include "controller/app/lags.hpp"
#include "controller/app/record_maker.hpp"
#include "controller/app/service_manager.hpp"
#include "controller/app/start_book.hpp"
#include "controller/desk/trial.hpp"
#include "controller/journal/journal.hpp"
#include "controller/journal/query_thread.hpp"
#include "controller/log/log.hpp"
#include "controller/modbus/bus.hpp"
#include "controller/mqtt/client.hpp"
#include "controller/settings/house.hpp"
#include "controller/web/server.hpp"

namespace rytme::app {

struct DeskNow;
struct StateInput;
struct SupportInput;

// What a start is given beside the settings themselves.
struct Start {
  std::filesystem::path config, data;  // whose lock is held
  std::chrono::seconds confirm_within{};
  desk::Trial trial;        // of the settings, as it stands
  std::string files_hash;   // of the settings files, "" unknown
  access::Sessions people;  // who was logged in before the room started anew
};

class Daemon {
 public:
  // Opens the journal and binds the web address; throws std::runtime_error, JournalError or
  // std::system_error.
  Daemon(settings::House house, Start start);

  // Until SIGTERM or SIGINT, or until the room is to start anew with other settings: true.
  bool run();
  access::Sessions hand_over_people();

 private:
  void start_transports();
  void begin(const journal::Opening& opening);
  void meet_devices();
  void drain_broker();
  void drain_bus(std::size_t bus);
  void wake();
  void arm();
  void carry_out();
  void send_commands();
  void end();         // the signal came: session ends, safe light by ramp
  void try_finish();  // leave when the ramp is over, or after a bound
  void watch_health();
  // Calls back, perhaps at once, with whether everything up to `seq` is on the disk: when it is, when it
  // cannot be, or when the patience is over.
  void when_kept(std::uint64_t seq, std::chrono::milliseconds patience, std::function<void(bool)> go_on);
  void answer_what_is_kept(const journal::Health& health);
  void tell_who_holds_the_log(const journal::Health& health);
  void log_rare(Instant now);

  void open_accounts();
  void offer_first_account();
  void entered(const web::Looker& looker, const std::string& what, bool refused);
  web::RoomPort room_port();
  void people_port(web::RoomPort& port);
  void recall(const std::string& participant);
  // Answers once everything up to `seq` is on the disk; 503 when it cannot be, or not soon.
  void answer_when_durable(std::uint64_t seq, web::Page page, const web::PageHandler& answer);
  template <typename Question, typename Then>
  void ask_then(const web::PageHandler& answer, Question question, Then then);
  void take_record(const web::Looker& looker, const std::string& code, const web::PageHandler& answer);
  void notice_hang();
  void state_map_port(web::RoomPort& port);
  // daemon_desk.cpp
  void desk_port(web::RoomPort& port);
  void desk(const web::Looker& looker, const web::DeskQuestion& question, const web::PageHandler& answer);
  void ask_desk(std::function<web::Page()> question, const web::PageHandler& answer);
  template <typename Question, typename Then>
  void off_thread(Question question, Then then, const web::PageHandler& answer);
  std::optional<double> trial_left_s() const;
  DeskNow desk_now(const std::string& by) const;
  StateInput state_input();
  SupportInput support_input();
  std::string why_not_anew() const;
  void try_settings(const DeskNow& at, const web::DeskQuestion& question, const web::PageHandler& answer);
  void call_off(const DeskNow& at, const std::string& why, const web::PageHandler& answer);
  void keep_settings(const DeskNow& at, const web::PageHandler& answer);
  void look_at_trial(Instant at);
  void look_at_backup(const Now& at);
  void begin_backup(const web::PageHandler& answer);
  void note_settings(const std::string& what, const std::string& by);
  void start_anew();
  web::Options web_options() const;
  std::optional<web::TlsOptions> tls_options() const;
  std::optional<double> certificate_days();
  void devices_port(web::RoomPort& port);
  DeviceView device_view() const;
  void silence(const web::SilenceAsked& asked, const web::PageHandler& answer);
  void discovery_port(web::RoomPort& port);
  std::optional<std::size_t> bus_named(const std::string& id) const;
  bool take_scanned(const RegisterBlock& block);
  std::string metrics();
  void ask_journal(const web::Looker& looker, std::string what, std::string whose,
                   std::function<web::Page(journal::Reader&)> question, const web::PageHandler& answer);

  settings::House house_;
  DeviceBook book_;  // as last commissioned; empty: not known
  Start start_;
  StartBook starts_;
  desk::Trial trial_;
  Instant trial_until_{};
  BackupRun backup_;
  bool desk_busy_{};  // somebody's change of the settings is on its way to the disk
  bool again_{};      // ending to start anew
  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_{io_};
  boost::asio::steady_timer timer_{io_};
  boost::asio::steady_timer anew_{io_};
  ServiceManager manager_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<journal::QueryThread> queries_;
  std::unique_ptr<RecordMaker> records_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<mqtt::Client> broker_;
  std::vector<std::unique_ptr<modbus::Bus>> buses_;
  std::vector<BusScan> scans_;  // of each bus
  std::unique_ptr<BrokerSearch> search_;
  std::shared_ptr<access::Accounts> accounts_;  // nullptr: they cannot be read
  std::unique_ptr<web::Server> server_;

  std::optional<double> certificate_days_;  // as last read
  Instant certificate_look_{};              // when it is read again
  Effects effects_;
  std::vector<MqttMessage> messages_;
  std::vector<modbus::Result> results_;
  RareLog refused_log_{std::chrono::seconds{10}};
  RareLog dropped_log_{std::chrono::seconds{10}};
  RareLog http_log_{std::chrono::seconds{10}};
  bool recording_possible_{true};
  std::chrono::seconds log_held_{};
  // Answers that wait until what they tell of is on the disk.
  struct Waiting {
    std::uint64_t seq{};
    std::function<void(bool)> go_on;
    std::shared_ptr<boost::asio::steady_timer> limit;
  };
  std::vector<Waiting> waiting_;
  std::uint64_t last_urgent_seq_{};
  Instant started_{};
  Instant last_wake_{};
  Instant armed_for_{};
  Instant next_alive_{};
  Instant end_by_{Instant::max()};
  Lags lags_;
  Instant last_alive_{};
  std::optional<double> watchdog_margin_s_;
};

struct ServeOptions {
  std::filesystem::path config;
  std::filesystem::path data;
  int confirm_within_s{60};  // new settings that nobody has confirmed by then go back
};
int serve(const ServeOptions& options);

// 128 random bits as hex.
std::string random_id();

}  // namespace rytme::app
