// SPDX-License-Identifier: Apache-2.0
#include "controller/mqtt/client.hpp"

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <pthread.h>

#include "controller/mqtt/backoff.hpp"
#include "controller/mqtt/connection.hpp"
#include "controller/mqtt/fight.hpp"
#include "controller/mqtt/inbox.hpp"
#include "controller/mqtt/outbox.hpp"

namespace rytme::mqtt {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

// Handed to the library and not acknowledged. Small, because what a hanging broker has taken cannot be taken
// back.
constexpr std::size_t window = 4;
constexpr auto tick = 100ms;            // longest wait for the socket: how late a stop or a stall is seen
constexpr auto handshake_limit = 5s;    // TCP connect, CONNACK and all SUBACKs
constexpr auto farewell_limit = 600ms;  // to have the farewell acknowledged
constexpr auto disconnect_limit = 200ms;
constexpr auto settled_after = 5s;  // up for so long: the back-off begins anew
constexpr int refused_factor = 8;   // a refusal waits so many times longer than a loss, and a fight at first
constexpr int fight_factor = 160;   // and at last

bool is_refusal(int connack) {
  return connack == MQTT_RC_BAD_USERNAME_OR_PASSWORD || connack == MQTT_RC_NOT_AUTHORIZED ||
         connack == MQTT_RC_BANNED || connack == MQTT_RC_CLIENTID_NOT_VALID ||
         connack == CONNACK_REFUSED_BAD_USERNAME_PASSWORD || connack == CONNACK_REFUSED_NOT_AUTHORIZED;
}

// The process's signals belong to its main thread.
void block_all_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

struct Ending {
  Link link;
  std::string reason;
  std::optional<milliseconds> wait{};  // refused only: how long until the next try
};

}  // namespace

class Client::Impl {
 public:
  Impl(Options options, std::vector<MqttSubscription> subscriptions, Handlers handlers)
      : options_(std::move(options)),
        subscriptions_(std::move(subscriptions)),
        handlers_(std::move(handlers)),
        backoff_(options_.backoff_min, options_.backoff_max),
        fight_(options_.backoff_max * refused_factor, options_.backoff_max * fight_factor),
        inbox_(options_.inbound_limit, subscriptions_),
        outbox_(options_.outbound_limit, window) {}

  void start();
  void stop();
  bool drain(std::vector<MqttMessage>& out, std::size_t most) { return inbox_.take(out, most); }
  bool publish(const MqttPublish& message, Instant now);
  void drop_before(std::uint64_t generation);
  Counters counters() const;
  Link link() const;

 private:
  // One connection, in the order in which it lives. Client's thread.
  struct Session {
    Instant began{};
    bool accepted{};  // CONNACK has come
    std::optional<Instant> up_since;
    std::vector<std::pair<int, std::string>> unanswered;  // SUBSCRIBEs
    std::vector<std::string> refused_filters;
    std::optional<Instant> leave_by;  // stop() was called
  };

  void run();
  Ending serve();
  Ending converse();
  std::optional<Ending> handle(Session& session, const Connection::Events& events);
  std::optional<Ending> check(Session& session, Instant now);
  void subscribe_all(Session& session);
  void note_subscribed(Session& session, const Connection::Answer& answer);
  void go_up(Session& session);
  void leave();
  Ending closed(const Session& session, int reason);
  Ending not_accepted(int reason) const;
  void pump(Instant now);
  bool stop_asked() const;
  void tell(Link link, const std::string& reason);
  void wait_before_retry(const Ending& after);

  const Options options_;
  const std::vector<MqttSubscription> subscriptions_;
  const Handlers handlers_;

  // Client's thread only.
  Backoff backoff_;
  Fight fight_;
  std::minstd_rand random_{std::random_device{}()};
  std::optional<Link> told_;

  Inbox inbox_;

  // Guards all below. Never taken inside a callback of the library, which holds locks of its own then.
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_{};
  Link link_{Link::down};
  Outbox outbox_;
  std::unique_ptr<Connection> connection_;
  Counters counters_;

  std::thread thread_;
};

void Client::Impl::start() {
  if (thread_.joinable()) return;
  stopping_ = false;
  thread_ = std::thread([this] { run(); });
}

void Client::Impl::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    const Instant now = Clock::now();
    stopping_ = true;
    if (link_ == Link::up) {
      for (const auto& message : options_.farewell) outbox_.offer(message, now);
      pump(now);
      connection_->wake();
    }
  }
  wake_.notify_all();
  thread_.join();
}

bool Client::Impl::publish(const MqttPublish& message, Instant now) {
  const std::lock_guard lock(mutex_);
  if (!outbox_.offer(message, now)) return false;
  if (link_ == Link::up) pump(now);
  return true;
}

void Client::Impl::drop_before(std::uint64_t generation) {
  const std::lock_guard lock(mutex_);
  outbox_.drop_before(generation);
}

Link Client::Impl::link() const {
  const std::lock_guard lock(mutex_);
  return link_;
}

Counters Client::Impl::counters() const {
  const std::lock_guard lock(mutex_);
  Counters counters = counters_;
  counters.published = outbox_.counters().sent;
  counters.dropped_out += outbox_.counters().dropped;
  counters.expired = outbox_.counters().expired;
  counters.superseded = outbox_.counters().superseded;
  const auto inbox = inbox_.counters();
  counters.received = inbox.received;
  counters.dropped_in = inbox.dropped;
  counters.superseded_in = inbox.superseded;
  return counters;
}

bool Client::Impl::stop_asked() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Client::Impl::run() {
  block_all_signals();
  while (!stop_asked()) {
    const Ending ending = serve();
    tell(ending.link, ending.reason);
    wait_before_retry(ending);
  }
}

// Opens, converses, and leaves nothing of the connection behind.
Ending Client::Impl::serve() {
  {
    const std::lock_guard lock(mutex_);
    ++counters_.attempts;
    connection_ = std::make_unique<Connection>(options_, [this](MqttMessage&& message) {
      if (inbox_.put(std::move(message)) && handlers_.on_messages) handlers_.on_messages();
    });
  }
  const int rc = connection_->open();
  if (rc != MOSQ_ERR_SUCCESS) fight_.ended(false, {});  // nobody is there who could have thrown us out
  Ending ending = rc == MOSQ_ERR_SUCCESS ? converse() : not_accepted(rc);
  std::unique_ptr<Connection> ended;
  const std::lock_guard lock(mutex_);
  link_ = ending.link;
  outbox_.lost();
  ended = std::move(connection_);
  return ending;
}

Ending Client::Impl::converse() {
  Session session;
  session.began = Clock::now();
  for (;;) {
    const int rc = connection_->loop(tick);
    if (auto ending = handle(session, connection_->take_events())) return *ending;
    if (rc != MOSQ_ERR_SUCCESS) return closed(session, rc);
    if (auto ending = check(session, Clock::now())) return *ending;
  }
}

// Acknowledgements free the window before a loss is looked at: what was acknowledged is not sent again.
std::optional<Ending> Client::Impl::handle(Session& session, const Connection::Events& events) {
  if (!events.published.empty()) {
    const std::lock_guard lock(mutex_);
    for (const auto& answer : events.published) {
      outbox_.acknowledged(answer.id);
      if (answer.code >= 128) ++counters_.refused_out;
    }
    pump(Clock::now());
  }
  if (events.connected && *events.connected != 0) {
    const std::string reason = mosquitto_reason_string(*events.connected);
    return Ending{is_refusal(*events.connected) ? Link::refused : Link::down, reason};
  }
  if (events.connected) subscribe_all(session);
  for (const auto& answer : events.subscribed) note_subscribed(session, answer);
  if (events.closed) return closed(session, *events.closed);
  return std::nullopt;
}

std::optional<Ending> Client::Impl::check(Session& session, Instant now) {
  if (session.accepted && !session.up_since && session.unanswered.empty()) go_up(session);
  const bool late = !session.up_since && now - session.began > handshake_limit;
  if (late)
    return Ending{Link::down, options_.tls ? "the broker does not answer; does it speak TLS on this port?"
                                           : "the broker does not answer"};
  std::unique_lock lock(mutex_);
  if (stopping_ && !session.leave_by) session.leave_by = now + farewell_limit;
  if (session.leave_by && (!session.up_since || outbox_.idle() || now > *session.leave_by)) {
    link_ = Link::down;  // nothing is published behind the DISCONNECT
    lock.unlock();
    if (session.accepted) leave();
    return Ending{Link::down, "stopped"};
  }
  if (outbox_.stalled(now, options_.ack_timeout)) {
    ++counters_.losses;
    return Ending{Link::down, "the broker acknowledges nothing"};
  }
  if (session.up_since && now - *session.up_since > settled_after) backoff_.reset();
  return std::nullopt;
}

void Client::Impl::subscribe_all(Session& session) {
  session.accepted = true;
  {
    const std::lock_guard lock(mutex_);
    ++counters_.connects;
    outbox_.connected(options_.on_connect);
    pump(Clock::now());
  }
  for (const auto& subscription : subscriptions_) {
    int id = 0;
    if (connection_->subscribe(subscription, id) == MOSQ_ERR_SUCCESS) {
      session.unanswered.emplace_back(id, subscription.filter);
    } else {
      session.refused_filters.push_back(subscription.filter);
    }
  }
}

void Client::Impl::note_subscribed(Session& session, const Connection::Answer& answer) {
  const auto asked = std::find_if(session.unanswered.begin(), session.unanswered.end(),
                                  [&](const auto& entry) { return entry.first == answer.id; });
  if (asked == session.unanswered.end()) return;
  if (answer.code >= 128) session.refused_filters.push_back(asked->second);
  session.unanswered.erase(asked);
}

void Client::Impl::go_up(Session& session) {
  session.up_since = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    link_ = Link::up;
    counters_.subscribe_failures += session.refused_filters.size();
    outbox_.up();
    pump(*session.up_since);
  }
  std::string reason = "connected";
  for (const auto& filter : session.refused_filters) reason += "; subscription refused: " + filter;
  tell(Link::up, reason);
}

void Client::Impl::leave() {
  if (connection_->disconnect() != MOSQ_ERR_SUCCESS) return;
  const Instant limit = Clock::now() + disconnect_limit;
  while (Clock::now() < limit && connection_->loop(tick) == MOSQ_ERR_SUCCESS) {
    if (connection_->take_events().closed) return;
  }
}

Ending Client::Impl::closed(const Session& session, int reason) {
  const bool thrown_out = reason == MOSQ_ERR_CONN_LOST || reason == MQTT_RC_SESSION_TAKEN_OVER;
  std::optional<milliseconds> lived;
  if (session.up_since) lived = std::chrono::duration_cast<milliseconds>(Clock::now() - *session.up_since);
  const auto away = fight_.ended(thrown_out, lived);
  if (!session.accepted) return not_accepted(reason);
  {
    const std::lock_guard lock(mutex_);
    ++counters_.losses;
  }
  if (!away) return {Link::down, reason_text(reason)};
  return {Link::refused,
          "thrown out again and again: another client with the same id \"" + options_.client_id +
              "\"? Two controllers with the same room id?",
          away};
}

// Without trust nothing is better at the next try: told, and tried seldom.
Ending Client::Impl::not_accepted(int reason) const {
  const std::string mistrust = connection_->mistrust();
  if (!mistrust.empty()) return {Link::refused, mistrust};
  if (options_.tls && reason == MOSQ_ERR_CONN_LOST)
    return {Link::down, "no answer from the broker; is it there, and does it speak TLS on this port?"};
  const std::string& more = connection_->tls_errors();
  return {Link::down, reason_text(reason) + (more.empty() ? "" : ": " + more)};
}

// With mutex_ held. Hands over what the window allows.
void Client::Impl::pump(Instant now) {
  while (auto message = outbox_.next(now)) {
    int id = 0;
    const int rc = connection_->publish(*message, now, id);
    if (rc == MOSQ_ERR_SUCCESS) {
      outbox_.sent(id, std::move(*message), now);
    } else if (rc == MOSQ_ERR_NO_CONN || rc == MOSQ_ERR_CONN_LOST) {
      outbox_.put_back(std::move(*message));
      return;
    } else {
      ++counters_.dropped_out;  // a topic or payload that MQTT does not allow
    }
  }
}

// The first word is always told, after that only changes.
void Client::Impl::tell(Link link, const std::string& reason) {
  if (told_ == link) return;
  told_ = link;
  if (handlers_.on_link) handlers_.on_link(link, reason);
}

void Client::Impl::wait_before_retry(const Ending& after) {
  const double random = std::uniform_real_distribution<double>(0.0, 1.0)(random_);
  auto wait = backoff_.next(random);
  if (after.link == Link::refused) wait = after.wait.value_or(options_.backoff_max * refused_factor);
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, wait, [this] { return stopping_; });
}

Client::Client(Options options, std::vector<MqttSubscription> subscriptions, Handlers handlers)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(subscriptions), std::move(handlers))) {}
Client::~Client() { stop(); }
void Client::start() { impl_->start(); }
void Client::stop() { impl_->stop(); }
bool Client::drain(std::vector<MqttMessage>& out, std::size_t most) { return impl_->drain(out, most); }
bool Client::publish(const MqttPublish& message, Instant now) { return impl_->publish(message, now); }
void Client::drop_before(std::uint64_t generation) { impl_->drop_before(generation); }
Counters Client::counters() const { return impl_->counters(); }
Link Client::link() const { return impl_->link(); }

}  // namespace rytme::mqtt
