// SPDX-License-Identifier: Apache-2.0
// A file that only the holder of a secret key can read (libsodium): a fresh key in a sealed box for the
// recipient, the content as a secret stream under it. Any thread.
//
// Bytes: "RYTMEBK1", the recipient's public key (32), the sealed stream key (80), the stream's header (24),
// then blocks of 65 536 bytes of content, each 17 longer when sealed, the last one shorter and marked as the
// last. Every byte is authenticated, the order and the end too: a file that was cut, changed or put together
// from two does not open.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <istream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rytme::journal {

// What is wrong with a sealed file or a key, in one line without the file's name.
class SealError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Both as 64 hex digits.
struct KeyPair {
  std::string secret, recipient;
};
KeyPair new_key_pair();
// Throws SealError when it is not a secret key.
KeyPair pair_of(std::string_view secret_hex);

using Sink = std::function<void(std::string_view bytes)>;

// Whether it begins as a sealed file does.
bool is_sealed(const std::filesystem::path& file);

// Throws SealError when `recipient` is no public key or `content` cannot be read.
void seal(std::istream& content, std::string_view recipient_hex, const Sink& sink);

// Gives the content on block by block, each authenticated; that it is whole is known only when this returns.
// Throws SealError.
void unseal(std::istream& sealed, const KeyPair& key, const Sink& sink);

}  // namespace rytme::journal
