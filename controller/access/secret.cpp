// SPDX-License-Identifier: Apache-2.0
#include "controller/access/secret.hpp"

#include <array>
#include <cctype>

#include <sodium.h>

#include "controller/journal/participants.hpp"

namespace rytme::access {
namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t digest_bytes = 32;
constexpr std::size_t group = 4;

}  // namespace

std::string random_token() {
  std::array<unsigned char, token_bytes> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_ENCODED_LEN(token_bytes, variant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), variant);
  text.pop_back();  // the library's terminating zero
  return text;
}

std::string random_code(std::size_t length) { return journal::random_code(length); }

std::string as_made(std::string_view typed) {
  std::string code;
  for (const char c : typed)
    if (c != ' ' && c != '-') code += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return code;
}

std::string lowered(std::string_view text) {
  std::string low;
  for (const char c : text) low += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return low;
}

std::string in_groups(std::string_view code) {
  std::string text;
  for (std::size_t at = 0; at < code.size(); at += group)
    text.append(at == 0 ? "" : "-").append(code.substr(at, group));
  return text;
}

std::string digest(std::string_view secret) {
  std::array<unsigned char, digest_bytes> out{};
  // An unsigned char may look at any bytes.
  crypto_generichash(out.data(), out.size(), reinterpret_cast<const unsigned char*>(secret.data()),
                     secret.size(), nullptr, 0);
  return {out.begin(), out.end()};
}

bool same_digest(std::string_view a, std::string_view b) {
  return a.size() == digest_bytes && b.size() == digest_bytes &&
         sodium_memcmp(a.data(), b.data(), digest_bytes) == 0;
}

}  // namespace rytme::access
