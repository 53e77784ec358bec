// SPDX-License-Identifier: Apache-2.0
// A serial line that is none: one end is ours, the other a terminal that programs open by the path of a link.
// Everything on the owner's io_context; nothing blocks.
#pragma once

#include <filesystem>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace rytme::app {

class Pty {
 public:
  // A link at `link` is replaced, anything else there is left alone. `what` begins the error's text. Throws
  // std::runtime_error with one line.
  Pty(boost::asio::io_context& io, std::filesystem::path link, const std::string& what);
  ~Pty();  // removes the link
  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;

  boost::asio::posix::stream_descriptor& ours() { return ours_; }
  const std::filesystem::path& link() const { return link_; }
  // What does not fit at once is lost, as on a wire where nobody listens.
  void write(const void* bytes, std::size_t count);

 private:
  std::filesystem::path link_;
  boost::asio::posix::stream_descriptor ours_;
  int theirs_{-1};  // held open, so that the line lives while nobody else has it
};

}  // namespace rytme::app
