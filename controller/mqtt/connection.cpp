// SPDX-License-Identifier: Apache-2.0
#include "controller/mqtt/connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <string_view>
#include <utility>

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace rytme::mqtt {
namespace {

const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

mosquitto* new_handle(const std::string& client_id, void* owner) {
  static const int initialised = mosquitto_lib_init();
  mosquitto* handle =
      initialised == MOSQ_ERR_SUCCESS ? mosquitto_new(or_null(client_id), true, owner) : nullptr;
  if (handle == nullptr) throw std::bad_alloc();
  return handle;
}

// What the library and OpenSSL say, and what to look at.
std::string tls_meaning(const std::string& said) {
  constexpr std::string_view refused_ours =
      "the broker does not accept the certificate of [broker] tls: signed by whom, valid until when?";
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> meanings{{
      {"host name", "the broker's certificate is for another host name than [broker] host"},
      {"certificate verify failed",
       "the broker's certificate is not signed by the ca of [broker] tls, or is out of date"},
      {"wrong version number", "the broker speaks no TLS on this port"},
      {"key values mismatch", "key and certificate of [broker] tls do not belong together"},
      {"certificate required", "the broker wants a client certificate: certificate and key of [broker] tls"},
      {"a file cannot be read", "a file of [broker] tls cannot be read"},
      {"unknown ca", refused_ours},
      {"decrypt error", refused_ours},  // an authority of the same name and another key
      {"bad certificate", refused_ours},
      {"certificate expired", refused_ours},
  }};
  for (const auto& [part, meaning] : meanings)
    if (said.find(part) != std::string::npos) return "TLS: " + std::string(meaning);
  return {};
}

// Closed on both sides with nothing left to read. With TLS libmosquitto 2.0.11 takes a refused connect for
// one that is still under way, for ever.
bool is_dead(int socket) {
  pollfd state{socket, 0, 0};
  int unread = 0;
  return socket >= 0 && ::poll(&state, 1, 0) == 1 && (state.revents & POLLHUP) != 0 &&
         ::ioctl(socket, FIONREAD, &unread) == 0 && unread == 0;
}

// Whole seconds, rounded up; the broker counts from when it has the message.
std::uint32_t expiry_s(Instant expires, Instant now) {
  return static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::seconds>(expires - now).count());
}

}  // namespace

struct Connection::Callbacks {
  static Connection& self(void* owner) { return *static_cast<Connection*>(owner); }

  static void connect(mosquitto* handle, void* owner, int reason, int, const mosquitto_property*) {
    self(owner).events_.connected = reason;
    self(owner).accepted_ = reason == 0;
    self(owner).tls_errors_.clear();
    mosquitto_log_callback_set(handle, nullptr);  // it would word every packet
  }
  static void disconnect(mosquitto*, void* owner, int reason, const mosquitto_property*) {
    self(owner).events_.closed = reason;
  }
  static void publish(mosquitto*, void* owner, int id, int reason, const mosquitto_property*) {
    self(owner).events_.published.push_back({id, reason});
  }
  static void subscribe(mosquitto*, void* owner, int id, int count, const int* granted) {
    for (int i = 0; i < count; ++i) self(owner).events_.subscribed.push_back({id, granted[i]});
  }
  static void log(mosquitto*, void* owner, int level, const char* text) {
    auto& all = self(owner).tls_errors_;
    if (level == MOSQ_LOG_ERR && all.size() < 1000) all.append(all.empty() ? "" : "; ").append(text);
  }
  // Nobody is there to type a passphrase.
  static int passphrase(char*, int, int, void*) { return 0; }
  static void message(mosquitto*, void* owner, const mosquitto_message* message) {
    const auto* bytes = static_cast<const char*>(message->payload);
    const auto length = static_cast<std::size_t>(message->payloadlen);
    self(owner).on_message_({message->topic, length == 0 ? std::string{} : std::string(bytes, length),
                             message->retain, std::chrono::steady_clock::now()});
  }
};

Connection::Connection(const Options& options, std::function<void(MqttMessage&&)> on_message)
    : options_(options),
      on_message_(std::move(on_message)),
      handle_(new_handle(options.client_id, this), mosquitto_destroy),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  mosquitto* handle = handle_.get();
  mosquitto_int_option(handle, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
  mosquitto_int_option(handle, MOSQ_OPT_TCP_NODELAY, 1);
  mosquitto_connect_v5_callback_set(handle, Callbacks::connect);
  mosquitto_disconnect_v5_callback_set(handle, Callbacks::disconnect);
  mosquitto_publish_v5_callback_set(handle, Callbacks::publish);
  mosquitto_subscribe_callback_set(handle, Callbacks::subscribe);
  mosquitto_message_callback_set(handle, Callbacks::message);
}

Connection::~Connection() {
  handle_.reset();
  if (wake_ >= 0) ::close(wake_);
}

int Connection::open() {
  mosquitto* handle = handle_.get();
  if (!options_.user.empty()) {
    const int rc = mosquitto_username_pw_set(handle, options_.user.c_str(), or_null(options_.password));
    if (rc != MOSQ_ERR_SUCCESS) return rc;
  }
  if (options_.will) {
    const MqttPublish& will = *options_.will;
    const int rc = mosquitto_will_set(handle, will.topic.c_str(), static_cast<int>(will.payload.size()),
                                      will.payload.data(), will.qos, will.retain);
    if (rc != MOSQ_ERR_SUCCESS) return rc;
  }
  if (options_.tls) {
    const int rc = prove_and_verify(*options_.tls);
    if (rc != MOSQ_ERR_SUCCESS) return rc;
  }
  // Not the blocking connect: an address that swallows packets would hold the thread for minutes.
  const auto keep_alive = std::max<int>(5, static_cast<int>(options_.keep_alive.count()));
  return mosquitto_connect_async(handle, options_.host.c_str(), options_.port, keep_alive);
}

// Until the broker has accepted us nobody else publishes, and only the library knows the steps of a TLS
// handshake.
int Connection::loop(std::chrono::milliseconds timeout) {
  const auto limit = static_cast<int>(timeout.count());
  if (!accepted_) {
    const int rc = mosquitto_loop(handle_.get(), limit, 1);
    return rc == MOSQ_ERR_SUCCESS && is_dead(mosquitto_socket(handle_.get())) ? MOSQ_ERR_CONN_LOST : rc;
  }
  std::array<pollfd, 2> waits{{{-1, POLLIN, 0}, {wake_, POLLIN, 0}}};
  {
    const std::lock_guard lock(mutex_);
    waits[0].fd = mosquitto_socket(handle_.get());
    if (mosquitto_want_write(handle_.get())) waits[0].events = POLLIN | POLLOUT;
  }
  if (waits[0].fd < 0) return MOSQ_ERR_NO_CONN;
  if (::poll(waits.data(), waits.size(), limit) < 0)
    return errno == EINTR ? MOSQ_ERR_SUCCESS : MOSQ_ERR_ERRNO;
  eventfd_t told{};
  if (waits[1].revents != 0) eventfd_read(wake_, &told);
  return work(waits[0].revents);
}

int Connection::work(int socket_events) {
  const std::lock_guard lock(mutex_);
  int rc = MOSQ_ERR_SUCCESS;
  if ((socket_events & ~POLLOUT) != 0) rc = mosquitto_loop_read(handle_.get(), 1);
  if (rc == MOSQ_ERR_SUCCESS && (socket_events & POLLOUT) != 0) rc = mosquitto_loop_write(handle_.get(), 1);
  return rc == MOSQ_ERR_SUCCESS ? mosquitto_loop_misc(handle_.get()) : rc;
}

void Connection::wake() { eventfd_write(wake_, 1); }

int Connection::publish(const MqttPublish& message, Instant now, int& id) {
  mosquitto_property* properties = nullptr;
  int rc = MOSQ_ERR_SUCCESS;
  if (message.expires != Instant::max() && !message.retain) {
    rc = mosquitto_property_add_int32(&properties, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL,
                                      expiry_s(message.expires, now));
    if (rc != MOSQ_ERR_SUCCESS) return rc;
  }
  {
    const std::lock_guard lock(mutex_);
    rc = mosquitto_publish_v5(handle_.get(), &id, message.topic.c_str(),
                              static_cast<int>(message.payload.size()), message.payload.data(), message.qos,
                              message.retain, properties);
    if (mosquitto_want_write(handle_.get())) wake();  // the socket is full: the rest when it is not
  }
  mosquitto_property_free_all(&properties);
  return rc;
}

int Connection::prove_and_verify(const Tls& tls) {
  mosquitto* handle = handle_.get();
  mosquitto_log_callback_set(handle, Callbacks::log);
  tls_errors_.clear();
  int rc = mosquitto_tls_set(handle, tls.ca.c_str(), nullptr, or_null(tls.certificate), or_null(tls.key),
                             Callbacks::passphrase);
  if (rc != MOSQ_ERR_SUCCESS) {
    tls_errors_ = "a file cannot be read";
    return rc;
  }
  constexpr int verify_peer = 1;
  rc = mosquitto_tls_opts_set(handle, verify_peer, "tlsv1.2", nullptr);  // or newer
  return rc == MOSQ_ERR_SUCCESS ? mosquitto_tls_insecure_set(handle, false) : rc;
}

std::string Connection::mistrust() const { return tls_meaning(tls_errors_); }

int Connection::subscribe(const MqttSubscription& subscription, int& id) {
  const std::lock_guard lock(mutex_);
  const int options = subscription.tells_retained ? MQTT_SUB_OPT_RETAIN_AS_PUBLISHED : 0;
  return mosquitto_subscribe_v5(handle_.get(), &id, subscription.filter.c_str(), 1, options, nullptr);
}

int Connection::disconnect() {
  const std::lock_guard lock(mutex_);
  return mosquitto_disconnect(handle_.get());
}

Connection::Events Connection::take_events() {
  const std::lock_guard lock(mutex_);
  return std::exchange(events_, {});
}

std::string reason_text(int code) {
  return code >= 128 ? mosquitto_reason_string(code) : mosquitto_strerror(code);
}

}  // namespace rytme::mqtt
