// SPDX-License-Identifier: Apache-2.0
// HTTP on the logic thread: pages, API, live events. Knows the room only through RoomPort, which app fills.
// Every request has an actor, a bound and a deadline. All calls and callbacks on the io_context's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "controller/room/actor.hpp"
#include "controller/room/journal_entry.hpp"
#include "controller/room/preset.hpp"
#include "controller/room/request.hpp"
#include "controller/room/room_state.hpp"
#include "controller/room/state_map.hpp"
#include "controller/web/desk_port.hpp"
#include "controller/web/message.hpp"

namespace rytme::access {
class Accounts;
}

namespace rytme::web {

// What a screen needs of a device.
struct DeviceRow {
  std::string id, place, profile, state;  // state: ok | late | lost | unknown, or changed by others
  double last_seen_s{-1};                 // -1: never
  std::string name{};                     // what people call it; "" = its id
  std::string firmware{};                 // as it says; "" = it does not
  std::string fail_safe{};     // without the controller: built_in, verified, none, not_set, ...; "" unknown
  std::string fail_safe_at{};  // when it was commissioned, ISO 8601; "" = not
  std::optional<double> fail_safe_level{};  // lights that have one: linear light
  std::optional<double> rssi_dbm{}, lqi{};  // as it says; lqi: 0-255
  std::optional<double> battery{};          // 0-1
  double messages_per_min{};
  std::map<std::string, std::uint64_t> errors{};  // by kind, since the start
  std::uint64_t reconnects{};                     // how often it came back
  std::string silenced_until{};  // that it is missing is not told until then; ISO 8601, "" = told
};

// One fault of the fail-safe ladder: what the room does about it, which devices can have it, and which have.
struct FaultRow {
  struct Step {
    double after_s{};
    std::string response;
  };
  struct Now {
    std::string device;  // "" = the room
    double since_s{};
    std::string silenced_until{};  // not told until then, ISO 8601; "" = told
  };
  std::string fault;
  LocalText says;  // the fault in people's words
  std::vector<Step> steps;
  LocalText does;
  std::vector<std::string> devices;
  std::vector<Now> now;
  bool may_be_silent{};  // for a while, at a maintainer's wish
};

// What a maintainer knows of and does not want told until tomorrow; on false: it is told again.
struct SilenceAsked {
  std::string fault, device;  // device "" = the room
  bool on{true};
};

struct ActivityRow {
  std::string id, direction;
  LocalText text;
};

// An answer that arrives later on the logic thread (historical questions run elsewhere).
struct Page {
  int status{200};
  std::string content_type{"application/json"};
  std::string body;
  std::shared_ptr<const std::filesystem::path> file{};  // as Reply has it
};
using PageHandler = std::function<void(Page)>;
// An error as RFC 9457 has it, as every other of this server.
Page problem_page(unsigned status, std::string_view detail, const std::vector<FieldError>& errors = {});

// Who looks at what is historical, for the access log.
struct Looker {
  Actor actor;
  std::string from;  // address without port
  std::string why;   // the request's X-Rytme-Reason header
};

// A question of a psychologist to the record, within the bounds of the route's table.
struct ReviewQuestion {
  enum class What : std::uint8_t { series, summary, aligned, changes, baselines, marks, days };
  What what{};
  std::string whose;            // a session's id (series, summary, marks), else a participant's code
  std::string names, from, to;  // "" = not asked
  std::optional<std::size_t> points, last;
};

// Which entries of the access log; "" and nullopt = all, or as many as is usual.
struct AccessQuestion {
  std::string participant, session;
  std::string from, to;
  std::optional<std::int64_t> cursor, limit;  // cursor: where the page before ended
};

// What a session is wanted as: csv | json | edf | pdf; separator of csv: , | ;
struct ExportForm {
  std::string format, separator;
};

struct RoomPort {
  std::function<Answer(Asked)> ask;
  // Calls back, perhaps at once, when what the last request put into the record is on the disk or cannot be;
  // empty: nothing is kept.
  std::function<void(std::function<void()>)> kept;
  std::function<RoomState()> state;
  std::function<std::vector<DeviceRow>()> devices;
  std::function<std::vector<FaultRow>()> faults;
  // One device: what it is, says and was commissioned with; and its last frames. Nothing of a session.
  std::function<Page(const std::string&id)> device, device_frames;
  std::function<Page()> profiles;  // what a device may be, and with which params
  std::function<void(const SilenceAsked&, PageHandler)> silence;
  // What announces itself on the broker: begins to listen; what was heard so far. The same of a bus, unit by
  // unit.
  std::function<Page()> discover, discovery;
  std::function<Page(const std::string&bus)> scan, scanned;
  std::function<void(const Looker&, const std::string& participant, PageHandler)> variant;
  std::function<std::string()> metrics;  // Prometheus text
  std::function<bool()> ready;           // broker subscribed, journal open, serving
  std::function<bool()> healthy;         // the control loop ran within 2 s
  std::function<Instant()> now;
  std::function<WallTime()> wall;
  // Journal questions; the port logs the access before it answers.
  std::function<void(const Looker&, const std::map<std::string, std::string>& query, PageHandler)> sessions;
  std::function<void(const Looker&, const std::string& id, PageHandler)> session;
  std::function<void(const Looker&, const std::string& id, const ExportForm&, PageHandler)> session_export;
  // All that is kept about one participant, as a ZIP. It takes as long as there are sessions.
  std::function<void(const Looker&, const std::string& code, PageHandler)> participant_record;
  // Whose record it is, and that it goes. What cannot be done is answered 404 or 409; what was begun is
  // durable when it is answered.
  std::function<void(const Looker&, PageHandler)> participants, add_participant;
  std::function<void(const Looker&, const std::string& session, const std::string& code, PageHandler)>
      correct_participant;
  std::function<void(const Looker&, entry::Erase::What, const std::string& key, PageHandler)> erase;
  std::function<void(const Looker&, const ReviewQuestion&, PageHandler)> review;
  std::function<void(const Looker&, const AccessQuestion&, PageHandler)> access_log;
  // State maps: a participant's with its history; a new row; and what a session's own participant needs.
  std::function<void(const Looker&, const std::string& code, PageHandler)> state_map;
  std::function<void(const Looker&, const std::string& code, const StateMapRow&, PageHandler)> set_state_map;
  std::function<void(const Looker&, PageHandler)> session_map;
  // Settings and state of the room, for who maintains it.
  std::function<void(const Looker&, const DeskQuestion&, PageHandler)> desk;
  // A request that the role table refused; of many from one address only some are told. `whose`: the session
  // or participant it names, "" none.
  std::function<void(const Looker&, const std::string& route, const std::string& whose)> denied;
  // Somebody logged in or out, or a tablet was enrolled; `refused`: it was tried in vain. For the access log.
  std::function<void(const Looker&, const std::string& what, bool refused)> entered;
};

struct TlsOptions {
  std::string host;
  std::uint16_t port{8443};  // 0: any free one, see Server::tls_port()
  std::filesystem::path certificate, key;
};

struct Options {
  std::string host{"127.0.0.1"};
  std::uint16_t port{8080};  // 0: any free one, see Server::port()
  std::optional<TlsOptions> tls;
  std::string language{"nb"};
  std::string room_name;
  std::map<std::string, std::string> device_names;  // by id, of those that people call something else
  std::vector<Preset> presets;
  std::vector<ActivityRow> activities;
  std::string code_letters;  // of which the codes of participants are made: the keys to enter one
  // For the card on the door: the safe light, and what buttons on the wall do, of start and stop.
  double safe_light_level{0.4};
  std::vector<std::string> wall_buttons;
  std::string where_the_switch_is, whom_to_call;  // "" = the house has not said it
  std::map<std::string, std::string> tokens;      // token -> tablet|psychologist|maintainer|officer
  std::shared_ptr<access::Accounts> accounts;     // nullptr: nobody can log in
  std::size_t max_connections{320};               // three quarters of them may be viewers
  std::size_t max_body{65536};                    // bytes
  // For a whole request to arrive (also the first byte of the next one), and for an answer to be taken.
  std::chrono::milliseconds deadline{10000};
};

struct Counters {
  std::uint64_t requests{}, refused{}, malformed{}, too_large{}, timeouts{}, dropped_viewers{};
  std::uint64_t handshakes_failed{};  // TLS: foreign, too old, or too slow
  std::uint64_t denied_untold{};  // refused by the role table, too many from one address to be journaled each
  std::string_view last_unread{"none"};  // why the last request was not even read; never of its content
  std::size_t connections{}, viewers{};
};

class Server {
 public:
  // Binds and listens; throws std::system_error when an address is taken, or the certificate cannot be used.
  Server(boost::asio::io_context& io, Options options, RoomPort port);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  std::uint16_t tls_port() const;  // 0: without TLS
  // The room's state changed: viewers get it, at most 10 times a second.
  void changed();
  void confirmed(const StopConfirmation& confirmation);
  // No new connections, running ones closed.
  void stop();
  Counters counters() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace rytme::web
