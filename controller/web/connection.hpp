// SPDX-License-Identifier: Apache-2.0
// One accepted socket: reads a request, answers it, reads the next; or becomes a viewer of events. One
// deadline covers whatever it waits for. Owned by its pending operations and by Core's list. Logic thread.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/file_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>

#include "controller/web/core.hpp"
#include "controller/web/stream.hpp"

namespace rytme::web {

class Connection final : public Viewer, public std::enable_shared_from_this<Connection> {
 public:
  // `tls`: nullptr = plain.
  Connection(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls, std::shared_ptr<Core> core);
  ~Connection() override = default;

  void start();
  void close();
  // It holds no request yet, or only a part of one: the first to go when places are short.
  bool waiting() const { return stage_ == Stage::reading || stage_ == Stage::greeting; }

  void show_state(Text event) override;
  void show(Text event) override;

 private:
  enum class Stage : std::uint8_t { greeting, reading, answering, writing, draining, viewing, closed };
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Output = boost::beast::http::response<boost::beast::http::string_body>;
  // A file on its way, piece by piece, and who holds it until it is there.
  struct FileOutput {
    boost::beast::http::response<boost::beast::http::file_body> head;
    std::shared_ptr<const std::filesystem::path> file;
    std::optional<boost::beast::http::response_serializer<boost::beast::http::file_body>> pieces;
  };
  using Error = boost::system::error_code;

  void arm(std::chrono::steady_clock::duration wait);
  void disarm();
  void on_deadline();
  void on_greeted(Error error);
  void read();
  void on_header(Error error);
  std::size_t body_limit() const;
  void on_read(Error error);
  void on_bad_read(Error error);
  bool sender_is_gone();
  void answer();
  void name_sender(Incoming& in) const;
  void send(Reply reply);
  void write_head_only();
  void send_file(const Reply& reply);
  void write_piece();
  void on_written(Error error);
  void drain();
  void view(const Reply& reply);
  void watch_for_end();
  void pump();
  void on_event_written(Error error);

  Stream stream_;
  std::shared_ptr<Core> core_;
  boost::asio::steady_timer deadline_;
  std::uint64_t armed_{};  // the wait that counts; older ones have been replaced
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  Output output_;
  std::unique_ptr<FileOutput> file_;
  bool head_only_{};
  bool keep_{};
  std::size_t drained_{};
  Stage stage_{Stage::greeting};
  // viewing
  std::function<bool()> still_;
  Text writing_, next_state_;
  std::deque<Text> next_;
};

}  // namespace rytme::web
