// SPDX-License-Identifier: Apache-2.0
#include "tests/web/client.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <chrono>
#include <sstream>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rytme::web {

Heard parse(const std::string& raw) {
  Heard heard;
  std::istringstream in(raw);
  std::string version;
  std::string line;
  in >> version >> heard.status;
  std::getline(in, line);
  while (std::getline(in, line) && line != "\r") {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) break;
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    heard.headers[name] = line.substr(colon + 2, line.size() - colon - 3);
  }
  const std::size_t end = raw.find("\r\n\r\n");
  if (end != std::string::npos) heard.body = raw.substr(end + 4);
  return heard;
}

std::string bearer(const std::string& token) {
  return token.empty() ? "" : "Authorization: Bearer " + token + "\r\n";
}

namespace {
Options furnished(Options options, boost::asio::io_context& io,
                  const std::function<void(Options&, boost::asio::io_context&)>& furnish) {
  if (furnish) furnish(options, io);
  return options;
}
}  // namespace

House::House(Options options, const std::function<void(Options&, boost::asio::io_context&)>& furnish)
    : server(io, furnished(std::move(options), io, furnish), room.port()) {
  room.changed = [this] { server.changed(); };
}

bool House::until(const std::function<bool()>& so) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (!so()) {
    if (std::chrono::steady_clock::now() > end) return false;
    io.run_one_for(std::chrono::milliseconds(5));
  }
  return true;
}

std::string House::raw(const std::string& bytes, unsigned char last) {
  Client client(*this, last);
  client.send(bytes);
  client.until_closed();
  return client.text;
}

Heard House::ask(const std::string& method, const std::string& path, const std::string& extra,
                 const std::string& body) {
  std::string request = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + extra;
  if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return parse(raw(request + "\r\n" + body));
}

Heard House::get(const std::string& path, const std::string& token) {
  return ask("GET", path, bearer(token));
}

Heard House::post(const std::string& path, const std::string& json, const std::string& token) {
  return ask("POST", path, bearer(token) + "Content-Type: application/json\r\n", json);
}

Heard House::post_form(const std::string& path, const std::string& form, const std::string& extra) {
  return ask("POST", path, "Content-Type: application/x-www-form-urlencoded\r\n" + extra, form);
}

Client::Client(House& house, unsigned char last) : house_(house), socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl((INADDR_LOOPBACK & 0xFFFFFF00U) | last);
  if (::bind(socket_, std::bit_cast<sockaddr*>(&own), sizeof own) != 0) closed = true;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(house.server.port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, std::bit_cast<sockaddr*>(&address), sizeof address) != 0) closed = true;
  ::fcntl(socket_, F_SETFL, O_NONBLOCK);
}

Client::~Client() { ::close(socket_); }

void Client::send(const std::string& bytes) {
  std::size_t sent = 0;
  house_.until([&] {
    const ssize_t n = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n > 0) sent += static_cast<std::size_t>(n);
    const bool refused = n < 0 && errno != EAGAIN;  // the server has seen enough
    return refused || sent == bytes.size();
  });
}

void Client::receive() {
  std::array<char, 65536> part{};
  for (;;) {
    const ssize_t n = ::recv(socket_, part.data(), part.size(), 0);
    if (n <= 0) {
      if (n == 0 || errno != EAGAIN) closed = true;
      return;
    }
    text.append(part.data(), static_cast<std::size_t>(n));
  }
}

bool Client::until_text(const std::string& part) {
  return house_.until([&] {
    receive();
    return text.find(part) != std::string::npos;
  });
}

bool Client::until_closed() {
  return house_.until([&] {
    receive();
    return closed;
  });
}

}  // namespace rytme::web
