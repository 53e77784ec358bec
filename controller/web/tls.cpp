// SPDX-License-Identifier: Apache-2.0
#include "controller/web/tls.hpp"

#include <system_error>

#include <boost/system/system_error.hpp>
#include <openssl/ssl.h>

namespace rytme::web {
namespace ssl = boost::asio::ssl;
namespace {

// Forward secrecy and authenticated encryption alone; TLS 1.3 has nothing else.
constexpr const char* ciphers_of_tls12 = "ECDHE+AESGCM:ECDHE+CHACHA20";

}  // namespace

TlsCredentials::TlsCredentials(TlsOptions options)
    : options_(std::move(options)), read_at_(stamp()), context_(read()) {}

std::filesystem::file_time_type TlsCredentials::stamp() const {
  std::error_code missing;
  return std::filesystem::last_write_time(options_.certificate, missing);
}

std::unique_ptr<ssl::context> TlsCredentials::read() const {
  try {
    auto context = std::make_unique<Context>(Context::tls_server);
    SSL_CTX* raw = context->native_handle();
    SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(raw, ciphers_of_tls12);
    SSL_CTX_set_options(raw,
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
    context->use_certificate_chain_file(options_.certificate.string());
    context->use_private_key_file(options_.key.string(), Context::pem);
    return context;
  } catch (const boost::system::system_error& error) {
    throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                            options_.certificate.string() + ": " + error.code().message());
  }
}

// The certificate is written after its key.
ssl::context& TlsCredentials::context() {
  if (const auto now = stamp(); now != read_at_) {
    read_at_ = now;
    try {
      context_ = read();
    } catch (const std::system_error&) {
      // half of a pair, or none: what was good goes on
    }
  }
  return *context_;
}

}  // namespace rytme::web
