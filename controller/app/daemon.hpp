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
#include "controller/app/core.hpp"
#include "controller/app/data_lock.hpp"
#include "controller/app/service_manager.hpp"
#include "controller/journal/journal.hpp"
#include "controller/journal/query_thread.hpp"
#include "controller/log/log.hpp"
#include "controller/modbus/bus.hpp"
#include "controller/mqtt/client.hpp"
#include "controller/settings/house.hpp"
#include "controller/web/server.hpp"

namespace rytme::app {

class Daemon {
 public:
  // Takes the data folder, opens the journal and binds the web address; throws std::runtime_error,
  // JournalError or std::system_error.
  Daemon(settings::House house, const std::filesystem::path& data);

  // Until SIGTERM or SIGINT; returns the exit code.
  int run();

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
  void state_map_port(web::RoomPort& port);
  web::Options web_options() const;
  std::optional<web::TlsOptions> tls_options() const;
  std::optional<double> certificate_days();
  std::vector<web::DeviceRow> device_rows() const;
  std::string metrics();
  void ask_journal(const web::Looker& looker, std::string what, std::string whose,
                   std::function<web::Page(journal::Reader&)> question, const web::PageHandler& answer);

  settings::House house_;
  std::vector<std::string> fail_safes_;  // of each device, as last commissioned; empty: not known
  std::filesystem::path data_;
  DataLock lock_;
  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_{io_};
  boost::asio::steady_timer timer_{io_};
  ServiceManager manager_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<journal::QueryThread> queries_;
  std::unique_ptr<Core> core_;
  std::unique_ptr<mqtt::Client> broker_;
  std::vector<std::unique_ptr<modbus::Bus>> buses_;
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
  double loop_lag_max_s_{};
};

struct ServeOptions {
  std::filesystem::path config;
  std::filesystem::path data;
};
int serve(const ServeOptions& options);

// 128 random bits as hex.
std::string random_id();

}  // namespace rytme::app
