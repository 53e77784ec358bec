// SPDX-License-Identifier: Apache-2.0
// A room of twenty outputs with the real broker and the real `rytme serve`: fourteen on MQTT, four on Modbus
// TCP, two on a serial line; and a stop by hand in three ways: the page, a wall button on MQTT, the contact
// of a wall stop on the serial line. A strap1 is in the room and says nothing. The devices are models in this
// process that know when a stop reached them.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "tests/end_to_end/broker_devices.hpp"
#include "tests/end_to_end/bus_devices.hpp"
#include "tests/end_to_end/room_under_test.hpp"
#include "tests/support/broker.hpp"

namespace rytme::test {

class TwentyDevices {
 public:
  // `wall_stop`: further keys of the wall stop's table. Returns when the room has found all of them; throws
  // std::runtime_error with the controller's log when it does not.
  explicit TwentyDevices(const std::string& wall_stop = "");
  ~TwentyDevices();
  TwentyDevices(const TwentyDevices&) = delete;
  TwentyDevices& operator=(const TwentyDevices&) = delete;

  static constexpr std::size_t outputs = 20;
  static const std::set<std::string>& ids();  // of these

  const std::string& http() const { return http_; }
  int broker_port() const { return broker_.port(); }
  std::filesystem::path journal() const { return folder_.path() / "data" / "journal.sqlite"; }
  boost::json::object room() const { return http_get(http_, "/api/v1/room").json().as_object(); }
  HttpAnswer post(const std::string& path, const std::string& body = "{}") const {
    return http_post(http_, "/api/v1/" + path, body);
  }

  // Each returns the steady seconds when it was done.
  double stop_by_page() const;
  double stop_by_button();
  double stop_by_contact() { return bus_.contact(false); }
  void close_contact() { bus_.contact(true); }

  // Whether an output, or "wall-stop", hears and answers.
  void answers(const std::string& device, bool does);

  // Forgets when a stop reached them.
  void forget();
  // Steady seconds when a stop first reached each device since forget(), by id.
  std::map<std::string, double> reached() const;
  // Until it has reached all but `without`; false when the time is over.
  bool reaches_all(std::chrono::milliseconds limit, const std::set<std::string>& without = {}) const;

 private:
  void write_settings(const std::string& wall_stop) const;
  void stamp(const std::string& device, double t_s);

  TemporaryFolder folder_;
  Broker broker_;
  mutable std::mutex mutex_;
  std::map<std::string, double> reached_;  // guarded by mutex_
  BusDevices bus_;
  BrokerDevices devices_;
  int http_port_;
  std::string http_;
  std::unique_ptr<Process> controller_;
  std::unique_ptr<Observer> button_;
};

}  // namespace rytme::test
