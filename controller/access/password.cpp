// SPDX-License-Identifier: Apache-2.0
#include "controller/access/password.hpp"

#include <algorithm>
#include <new>

#include <sodium.h>

#include "controller/access/common_passwords.hpp"
#include "controller/access/secret.hpp"

namespace rytme::access {
namespace {

// RFC 9106 asks for 64 MiB and t 3 with four lanes where memory allows; libsodium has one lane, the service
// 256 MiB. Never below 19 MiB and t 2.
constexpr unsigned long long passes = 3;
constexpr std::size_t memory_bytes = std::size_t{32} << 20U;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0U) != 0x80U; }));
}

}  // namespace

PasswordFault fault_of(std::string_view password, std::string_view name) {
  if (characters(password) < shortest_password) return PasswordFault::too_short;
  if (password.size() > longest_password) return PasswordFault::too_long;
  const std::string plain = lowered(password);
  if (plain == lowered(name) ||
      std::binary_search(common_passwords.begin(), common_passwords.end(), std::string_view(plain)))
    return PasswordFault::too_common;
  return PasswordFault::none;
}

std::string_view sentence_of(PasswordFault fault) {
  switch (fault) {
    case PasswordFault::too_short:
      return "A password has at least 8 characters.";
    case PasswordFault::too_long:
      return "A password has at most 256 bytes.";
    case PasswordFault::too_common:
      return "This is one of the passwords that are tried first.";
    case PasswordFault::none:
      break;
  }
  return "";
}

std::string hash_password(std::string_view password) {
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), passes, memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw std::bad_alloc();
  hash.resize(hash.find('\0'));
  return hash;
}

bool fits(const std::string& hash, std::string_view password) {
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

void spend_the_time_of_a_hash(std::string_view password) {
  static const std::string nobody = hash_password(std::string(longest_password, ' '));
  fits(nobody, password);
}

}  // namespace rytme::access
