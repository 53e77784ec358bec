// SPDX-License-Identifier: Apache-2.0
#include "controller/access/totp.hpp"

#include <array>
#include <cctype>
#include <cstdlib>
#include <new>
#include <stdexcept>

#include <liboath/oath.h>
#include <sodium.h>

namespace rytme::access {
namespace {

constexpr std::size_t secret_bytes = 20;
constexpr std::int64_t step_s = 30;

void percent(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  for (const char letter : text) {
    const auto c = static_cast<unsigned char>(letter);
    if (std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_') {
      out += letter;
    } else {
      out += '%';
      out += hex[c >> 4U];
      out += hex[c & 0xFU];
    }
  }
}

}  // namespace

std::string new_totp_secret() {
  std::string secret(secret_bytes, '\0');
  randombytes_buf(secret.data(), secret.size());
  return secret;
}

std::string base32(std::string_view secret) {
  char* text = nullptr;
  std::size_t length = 0;
  if (oath_base32_encode(secret.data(), secret.size(), &text, &length) != OATH_OK) throw std::bad_alloc();
  std::string out(text, length);
  std::free(text);
  while (!out.empty() && out.back() == '=') out.pop_back();
  return out;
}

std::string otpauth_uri(std::string_view secret, std::string_view issuer, std::string_view name) {
  std::string uri = "otpauth://totp/";
  percent(uri, issuer);
  uri += ':';
  percent(uri, name);
  uri += "?secret=" + base32(secret) + "&issuer=";
  percent(uri, issuer);
  return uri + "&algorithm=SHA1&digits=6&period=30";
}

std::string totp_code(std::string_view secret, std::int64_t unix_s, unsigned digits) {
  std::array<char, 9> code{};
  if (oath_totp_generate(secret.data(), secret.size(), unix_s, step_s, 0, digits, code.data()) != OATH_OK)
    throw std::runtime_error("no one-time code can be made");
  return code.data();
}

std::optional<std::int64_t> totp_step(std::string_view secret, const std::string& code, std::int64_t unix_s,
                                      std::int64_t last) {
  std::optional<std::int64_t> found;
  for (std::int64_t step = unix_s / step_s - 1; step <= unix_s / step_s + 1; ++step) {
    const std::string right = totp_code(secret, step * step_s);
    if (step > last && code.size() == right.size() &&
        sodium_memcmp(code.data(), right.data(), right.size()) == 0)
      found = step;
  }
  return found;
}

}  // namespace rytme::access
