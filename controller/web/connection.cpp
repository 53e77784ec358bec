// SPDX-License-Identifier: Apache-2.0
#include "controller/web/connection.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>
#include <poll.h>
#include <sys/socket.h>

#include "controller/web/read_request.hpp"

namespace rytme::web {
namespace http = boost::beast::http;
namespace asio = boost::asio;
namespace {

constexpr std::string_view stop_path = "/api/v1/stop";

constexpr std::uint32_t header_limit = 8192;
constexpr std::chrono::seconds drain_wait{2};
constexpr std::size_t most_drained = std::size_t{1} << 20U;
constexpr std::chrono::seconds viewer_wait{5};
constexpr std::size_t most_waiting_events = 16;
constexpr int viewer_send_buffer = 32768;  // bytes; what a viewer that stopped reading can hold of us

constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

// Short: a browser that has seen this lets nobody past a certificate that is over, or past a clock that is
// wrong (ASVS 3.4.1 asks for a year; requirements A10 say why not here).
constexpr std::string_view trust_for = "max-age=86400";
constexpr std::chrono::seconds longest_greeting{5};

template <class Message>
void dress(Message& message, const Reply& reply, bool tls) {
  message.set("Content-Security-Policy", std::string(policy));
  message.set(http::field::cache_control,
              reply.immutable ? "public, max-age=31536000, immutable" : "no-store");
  message.set("X-Content-Type-Options", "nosniff");
  message.set("Referrer-Policy", "no-referrer");
  message.set("Cross-Origin-Resource-Policy", "same-origin");
  if (tls) message.set(http::field::strict_transport_security, trust_for);
  if (!reply.content_type.empty()) message.set(http::field::content_type, reply.content_type);
  for (const auto& [name, value] : reply.headers) message.insert(name, value);  // two cookies are two headers
}

unsigned status_of(boost::system::error_code error) {
  if (error == http::error::body_limit) return 413;
  if (error == http::error::header_limit) return 431;
  return 400;
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, asio::ssl::context* tls, std::shared_ptr<Core> core)
    : stream_(std::move(socket), tls),
      core_(std::move(core)),
      deadline_(stream_.get_executor()),
      buffer_(std::size_t{2} * header_limit) {
  Error ignored;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
}

void Connection::start() {
  if (!stream_.is_tls()) return read();
  arm(std::min<std::chrono::steady_clock::duration>(longest_greeting, core_->service.options().deadline));
  stream_.async_handshake([self = shared_from_this()](Error error) { self->on_greeted(error); });
}

void Connection::on_greeted(Error error) {
  if (stage_ != Stage::greeting) return;
  if (!error) return read();
  ++core_->service.counters().handshakes_failed;
  close();
}

void Connection::arm(std::chrono::steady_clock::duration wait) {
  deadline_.expires_after(wait);
  deadline_.async_wait([self = shared_from_this(), mine = ++armed_](Error error) {
    if (!error && mine == self->armed_) self->on_deadline();
  });
}

void Connection::disarm() {
  ++armed_;
  deadline_.cancel();
}

void Connection::on_deadline() {
  Counters& counters = core_->service.counters();
  if (stage_ == Stage::viewing) {
    ++counters.dropped_viewers;
    return close();
  }
  if (stage_ == Stage::greeting) {
    ++counters.handshakes_failed;
    return close();
  }
  if (stage_ == Stage::answering) return send(problem(503, "The answer took too long."));
  const bool begun = stage_ == Stage::reading && parser_ && (parser_->got_some() || buffer_.size() > 0);
  if (begun || stage_ == Stage::writing) {
    ++counters.timeouts;
    counters.last_unread = "too slow";
  }
  if (!begun) return close();
  keep_ = false;
  send(problem(408, "The request did not arrive in time."));
}

void Connection::close() {
  if (stage_ == Stage::closed) return;
  stage_ = Stage::closed;
  const auto self = shared_from_this();  // the list may hold the last reference
  disarm();
  core_->live->leave(this);
  core_->left(this);
  Error ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  stream_.socket().close(ignored);
}

void Connection::read() {
  stage_ = Stage::reading;
  parser_.emplace();
  parser_->header_limit(header_limit);
  parser_->body_limit(std::max(core_->service.options().max_body, longest_body()));
  arm(core_->service.options().deadline);
  http::async_read_header(stream_, buffer_, *parser_,
                          [self = shared_from_this()](Error error, std::size_t) { self->on_header(error); });
}

// Who asks, and for what, decides how much is read.
void Connection::on_header(Error error) {
  if (stage_ != Stage::reading) return;
  if (error) return on_bad_read(error);
  const std::size_t limit = body_limit();
  if (const auto length = parser_->content_length(); length && *length > limit)
    return on_bad_read(http::make_error_code(http::error::body_limit));
  parser_->body_limit(limit);
  if (parser_->is_done()) return on_read({});
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](Error late, std::size_t) { self->on_read(late); });
}

std::size_t Connection::body_limit() const {
  const bool posts = parser_->get().method() == http::verb::post;
  auto head = posts ? read_request(parser_->get()) : std::nullopt;
  if (!head) return core_->service.options().max_body;
  name_sender(*head);
  return core_->service.body_limit(*head);
}

void Connection::on_read(Error error) {
  if (stage_ != Stage::reading) return;  // answered or closed by the deadline meanwhile
  if (error) return on_bad_read(error);
  stage_ = Stage::answering;
  answer();
}

void Connection::on_bad_read(Error error) {
  Counters& counters = core_->service.counters();
  const bool http_error = error.category() == http::make_error_code(http::error::bad_method).category();
  if (!http_error || error == http::error::end_of_stream || error == http::error::partial_message) {
    if (error == http::error::partial_message) {
      ++counters.malformed;
      counters.last_unread = "cut short";
    }
    return close();
  }
  const unsigned status = status_of(error);
  ++(status == 400 ? counters.malformed : counters.too_large);
  counters.last_unread = status == 400 ? "not HTTP" : "too large";
  keep_ = false;
  head_only_ = false;
  send(problem(status, "The request is not acceptable HTTP for this server."));
}

void Connection::name_sender(Incoming& in) const {
  Error ignored;
  const asio::ip::address address = stream_.socket().remote_endpoint(ignored).address();
  in.peer = address.to_string();
  in.loopback = address.is_loopback();
  in.tls = stream_.is_tls();
}

// A screen that got no answer gives up after 2 s and says so to its user. If this process hung meanwhile,
// what was asked then must not happen now; a stop still does.
bool Connection::sender_is_gone() {
  const int socket = stream_.socket().native_handle();
  if (stream_.is_tls()) {  // its farewell is bytes as well
    pollfd end{socket, POLLRDHUP, 0};
    return ::poll(&end, 1, 0) == 1;
  }
  char next{};
  return ::recv(socket, &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void Connection::answer() {
  head_only_ = parser_->get().method() == http::verb::head;
  keep_ = parser_->get().keep_alive();
  std::optional<Incoming> read = read_request(parser_->get());
  if (!read) {
    ++core_->service.counters().malformed;
    core_->service.counters().last_unread = "not an address or Host";
    return send(problem(400, "The request line, the query or the Host header cannot be read."));
  }
  Incoming& in = *read;
  name_sender(in);
  if (in.method == "POST" && in.path != stop_path && sender_is_gone()) {
    ++core_->service.counters().refused;
    return close();
  }
  arm(core_->service.patience(in));
  core_->service.handle(in, [weak = weak_from_this()](Reply reply) {
    const auto self = weak.lock();
    if (self && self->stage_ == Stage::answering) self->send(std::move(reply));
  });
}

void Connection::send(Reply reply) {
  // A quarter of the places is kept for those who ask and command.
  if (reply.live && core_->live->viewers() >= core_->service.options().max_connections * 3 / 4)
    reply = problem(503, "There are too many viewers.");
  if (reply.live && !head_only_) return view(reply);
  if (reply.file) return send_file(reply);
  stage_ = Stage::writing;
  output_ = Output(static_cast<http::status>(reply.status), 11);
  dress(output_, reply, stream_.is_tls());
  output_.keep_alive(keep_);
  output_.body() = std::move(reply.body);
  output_.prepare_payload();
  if (reply.status == 303) output_.content_length(0);
  arm(core_->service.options().deadline);
  if (head_only_) return write_head_only();
  http::async_write(stream_, output_,
                    [self = shared_from_this()](Error error, std::size_t) { self->on_written(error); });
}

void Connection::write_head_only() {
  const auto head = std::make_shared<http::serializer<false, http::string_body>>(output_);
  head->split(true);
  http::async_write_header(stream_, *head, [self = shared_from_this(), head](Error error, std::size_t) {
    self->on_written(error);
  });
}

void Connection::send_file(const Reply& reply) {
  stage_ = Stage::writing;
  file_ = std::make_unique<FileOutput>();
  file_->file = reply.file;
  Error error;
  file_->head.body().open(reply.file->c_str(), boost::beast::file_mode::scan, error);
  if (error) return send(problem(500, "What was made to be sent cannot be read."));
  dress(file_->head, reply, stream_.is_tls());
  file_->head.keep_alive(keep_);
  file_->head.prepare_payload();
  file_->pieces.emplace(file_->head).split(head_only_);  // it looks at the file when it is made
  write_piece();
}

// Each piece has the time that a whole answer has: a slow reader of much is not one who stopped reading.
void Connection::write_piece() {
  arm(core_->service.options().deadline);
  http::async_write_some(stream_, *file_->pieces, [self = shared_from_this()](Error error, std::size_t) {
    if (self->stage_ != Stage::writing) return;
    if (!error && !self->file_->pieces->is_done() &&
        !(self->head_only_ && self->file_->pieces->is_header_done()))
      return self->write_piece();
    self->file_.reset();
    self->on_written(error);
  });
}

void Connection::on_written(Error error) {
  if (stage_ != Stage::writing) return;
  if (error) return close();
  if (keep_) return read();
  stage_ = Stage::draining;
  arm(drain_wait);
  if (stream_.is_tls()) return stream_.async_farewell([self = shared_from_this()](Error) { self->close(); });
  Error ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  drain();
}

// Closing with unread input would reset the connection and take the answer with it.
void Connection::drain() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(header_limit),
                          [self = shared_from_this()](Error error, std::size_t n) {
                            self->drained_ += n;
                            if (error || self->stage_ != Stage::draining || self->drained_ > most_drained)
                              return self->close();
                            self->drain();
                          });
}

void Connection::view(const Reply& reply) {
  stage_ = Stage::viewing;
  still_ = reply.still;
  disarm();
  Error ignored;
  stream_.socket().set_option(asio::socket_base::send_buffer_size(viewer_send_buffer), ignored);
  http::response<http::string_body> head(http::status::ok, 11);
  dress(head, reply, stream_.is_tls());
  head.keep_alive(false);
  std::string text = "HTTP/1.1 200 OK\r\n";
  for (const auto& field : head)
    text.append(field.name_string()).append(": ").append(field.value()).append("\r\n");
  show(std::make_shared<const std::string>(text + "\r\n"));
  core_->live->join(shared_from_this());
  watch_for_end();
}

void Connection::watch_for_end() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(header_limit),
                          [self = shared_from_this()](Error error, std::size_t) {
                            if (error || self->stage_ != Stage::viewing) return self->close();
                            self->watch_for_end();
                          });
}

void Connection::show_state(Text event) {
  if (still_ && !still_()) return close();
  next_state_ = std::move(event);
  pump();
}

void Connection::show(Text event) {
  if (still_ && !still_()) return close();
  if (next_.size() >= most_waiting_events) {
    ++core_->service.counters().dropped_viewers;
    return close();
  }
  next_.push_back(std::move(event));
  pump();
}

void Connection::pump() {
  if (writing_ || stage_ != Stage::viewing) return;
  if (!next_.empty()) {
    writing_ = std::move(next_.front());
    next_.pop_front();
  } else {
    writing_ = std::exchange(next_state_, nullptr);
  }
  if (!writing_) return;
  arm(viewer_wait);
  asio::async_write(stream_, asio::buffer(*writing_),
                    [self = shared_from_this()](Error error, std::size_t) { self->on_event_written(error); });
}

void Connection::on_event_written(Error error) {
  writing_ = nullptr;
  disarm();
  if (error) return close();
  pump();
}

}  // namespace rytme::web
