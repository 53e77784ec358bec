// SPDX-License-Identifier: Apache-2.0
// The server's certificate, read again when its file has changed, so that a renewed one needs no restart.
// TLS 1.2 or newer. Logic thread.
#pragma once

#include <filesystem>
#include <memory>

#include <boost/asio/ssl/context.hpp>

#include "controller/web/server.hpp"

namespace rytme::web {

class TlsCredentials {
 public:
  // Throws std::system_error when the files are not a certificate and its key.
  explicit TlsCredentials(TlsOptions options);
  // As the files are now; as they were when they cannot be used.
  boost::asio::ssl::context& context();

 private:
  using Context = boost::asio::ssl::context;
  std::unique_ptr<Context> read() const;
  std::filesystem::file_time_type stamp() const;

  TlsOptions options_;
  std::filesystem::file_time_type read_at_;
  std::unique_ptr<Context> context_;
};

}  // namespace rytme::web
