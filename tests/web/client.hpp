// SPDX-License-Identifier: Apache-2.0
// A raw client and the server it talks to, on one thread: the client waits by running the server.
#pragma once

#include <functional>
#include <map>
#include <string>

#include <boost/asio/io_context.hpp>

#include "tests/web/fake_room.hpp"

namespace rytme::web {

struct Heard {
  int status{};
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

Heard parse(const std::string& raw);

class House {
 public:
  // `furnish` may add what needs the io_context.
  explicit House(Options options = house_options(),
                 const std::function<void(Options&, boost::asio::io_context&)>& furnish = {});

  std::uint16_t port() const { return server.port(); }

  // One request on its own connection; the answer until the server closes.
  Heard ask(const std::string& method, const std::string& path, const std::string& extra = "",
            const std::string& body = "");
  Heard get(const std::string& path, const std::string& token = "");
  Heard post(const std::string& path, const std::string& json, const std::string& token = "");
  Heard post_form(const std::string& path, const std::string& form, const std::string& extra = "");
  // Bytes as they are, then the answer until the server closes.
  std::string raw(const std::string& bytes, unsigned char last = 1);
  // Runs the server until it is so; false after 5 s.
  bool until(const std::function<bool()>& so);

  boost::asio::io_context io;
  FakeRoom room;
  Server server;
};

// One open socket to the house.
class Client {
 public:
  // From 127.0.0.`last`: another host, as the server sees it.
  explicit Client(House& house, unsigned char last = 1);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(const std::string& bytes);
  // Everything received so far; `text` grows, `closed` when the server ended.
  void receive();
  bool until_text(const std::string& part);
  bool until_closed();

  std::string text;
  bool closed{};

 private:
  House& house_;
  int socket_;
};

std::string bearer(const std::string& token);

}  // namespace rytme::web
