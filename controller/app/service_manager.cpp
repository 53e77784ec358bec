// SPDX-License-Identifier: Apache-2.0
#include "controller/app/service_manager.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace rytme::app {

ServiceManager::ServiceManager() {
  if (const char* path = std::getenv("NOTIFY_SOCKET"); path != nullptr) socket_ = path;
  if (const char* text = std::getenv("WATCHDOG_USEC"); text != nullptr) {
    std::int64_t us{};
    std::from_chars(text, text + std::strlen(text), us);
    if (us > 0) watchdog_period_ = std::chrono::microseconds(us / 2);
  }
}

void ServiceManager::tell(std::string_view text) const {
  sockaddr_un address{};
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::copy(socket_.begin(), socket_.end(), std::begin(address.sun_path));
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // abstract socket
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  // The address type of the sockets API asks for this cast.
  (void)::sendto(fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                 reinterpret_cast<const sockaddr*>(&address), length);
  ::close(fd);
}

}  // namespace rytme::app
