// SPDX-License-Identifier: Apache-2.0
#include "tests/end_to_end/http.hpp"

#include <array>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rytme::test {
namespace {

int connect_to(const std::string& base, std::chrono::seconds silence) {
  const int port = std::stoi(base.substr(base.rfind(':') + 1));
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{silence.count(), 0};
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

HttpAnswer parse(const std::string& text) {
  HttpAnswer answer;
  const auto split = text.find("\r\n\r\n");
  if (split == std::string::npos || text.size() < 12) return answer;
  answer.status = std::stoi(text.substr(9, 3));
  answer.headers = text.substr(0, split);
  answer.body = text.substr(split + 4);
  return answer;
}

HttpAnswer request(const std::string& base, const std::string& method, const std::string& path,
                   const std::string& body, const std::string& token,
                   std::chrono::seconds silence = usual_silence) {
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n", method, path);
  if (!token.empty()) text += fmt::format("Authorization: Bearer {}\r\n", token);
  if (method == "POST")
    text += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size());
  return parse(http_raw(base, text + "\r\n" + body, std::chrono::minutes{1}, silence));
}

}  // namespace

std::string http_raw(const std::string& base, const std::string& bytes, std::chrono::milliseconds limit,
                     std::chrono::seconds silence) {
  const auto until = std::chrono::steady_clock::now() + limit;
  const int fd = connect_to(base, silence);
  if (fd < 0) return "";
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const auto n = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) break;
    sent += static_cast<std::size_t>(n);
  }
  std::string text;
  std::array<char, 65536> buffer{};
  while (std::chrono::steady_clock::now() < until) {
    const auto n = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (n <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  ::close(fd);
  return text;
}

HttpAnswer http_get(const std::string& base, const std::string& path, const std::string& token,
                    std::chrono::seconds silence) {
  return request(base, "GET", path, "", token, silence);
}

HttpAnswer http_post(const std::string& base, const std::string& path, const std::string& body,
                     const std::string& token, std::chrono::seconds silence) {
  return request(base, "POST", path, body, token, silence);
}

HttpAnswer http_delete(const std::string& base, const std::string& path, const std::string& token) {
  return request(base, "DELETE", path, "", token);
}

}  // namespace rytme::test
