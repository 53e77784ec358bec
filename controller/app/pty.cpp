// SPDX-License-Identifier: Apache-2.0
#include "controller/app/pty.hpp"

#include <array>
#include <stdexcept>
#include <system_error>

#include <boost/asio/buffer.hpp>
#include <fcntl.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

namespace rytme::app {
namespace {

namespace fs = std::filesystem;

void place_link(const fs::path& link, const std::string& terminal, const std::string& what) {
  const auto cannot = [&](const std::string& why) {
    return std::runtime_error(what + ": no simulated line at " + link.string() + ": " + why);
  };
  std::error_code error;
  if (fs::is_symlink(fs::symlink_status(link, error))) fs::remove(link, error);
  if (fs::exists(fs::symlink_status(link))) throw cannot("something else is there");
  fs::create_directories(link.parent_path(), error);
  fs::create_symlink(terminal, link, error);
  if (error) throw cannot(error.message());
}

}  // namespace

Pty::Pty(boost::asio::io_context& io, fs::path link, const std::string& what)
    : link_(std::move(link)), ours_(io) {
  int ours{};
  std::array<char, 128> name{};
  termios raw{};
  ::cfmakeraw(&raw);
  if (::openpty(&ours, &theirs_, name.data(), &raw, nullptr) != 0)
    throw std::runtime_error(what + ": no simulated line at " + link_.string() + ": no pty");
  ::fcntl(ours, F_SETFD, FD_CLOEXEC);
  ::fcntl(theirs_, F_SETFD, FD_CLOEXEC);
  ours_.assign(ours);
  ours_.non_blocking(true);
  try {
    place_link(link_, name.data(), what);
  } catch (...) {
    ::close(theirs_);
    throw;
  }
}

Pty::~Pty() {
  std::error_code ignored;
  if (fs::is_symlink(fs::symlink_status(link_, ignored))) fs::remove(link_, ignored);
  ::close(theirs_);
}

void Pty::write(const void* bytes, std::size_t count) {
  boost::system::error_code ignored;
  ours_.write_some(boost::asio::buffer(bytes, count), ignored);
}

}  // namespace rytme::app
