// SPDX-License-Identifier: Apache-2.0
#include "tests/end_to_end/tablets.hpp"

#include <array>
#include <bit>
#include <chrono>
#include <stdexcept>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/end_to_end/room_under_test.hpp"

namespace rytme::test {
namespace {

int connected_to(int port) {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const std::string ask = "GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  const bool fine = ::connect(made, std::bit_cast<sockaddr*>(&address), sizeof address) == 0 &&
                    ::send(made, ask.data(), ask.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(ask.size());
  if (!fine) throw std::runtime_error("a tablet cannot connect");
  return made;
}

}  // namespace

Tablets::Tablets(const std::string& http, std::size_t count) {
  const int port = std::stoi(http.substr(http.rfind(':') + 1));
  for (std::size_t i = 0; i < count; ++i) sockets_.push_back(connected_to(port));
  connected_ = count;
  reader_ = std::thread([this] { read(); });
  if (eventually(std::chrono::seconds{5}, [&] { return greeted_ == count; })) return;
  over_ = true;
  reader_.join();
  throw std::runtime_error("a tablet was told nothing");
}

Tablets::~Tablets() {
  over_ = true;
  reader_.join();
  for (const int socket : sockets_) ::close(socket);
}

void Tablets::read() {
  std::vector<pollfd> waits;
  for (const int socket : sockets_) waits.push_back({socket, POLLIN, 0});
  std::vector<bool> greeted(waits.size());
  std::array<char, 65536> part{};
  while (!over_) {
    if (::poll(waits.data(), waits.size(), 20) <= 0) continue;
    for (std::size_t i = 0; i < waits.size(); ++i) {
      if (waits[i].revents == 0) continue;
      const ssize_t got = ::recv(waits[i].fd, part.data(), part.size(), 0);
      if (got <= 0) {
        waits[i].fd = -1;
        --connected_;
        continue;
      }
      if (!greeted[i]) ++greeted_;
      greeted[i] = true;
    }
  }
}

}  // namespace rytme::test
