// SPDX-License-Identifier: Apache-2.0
// A certificate authority of the room's own and the server's certificate, by OpenSSL. Keys are P-256. Blocks
// for milliseconds; any thread. All throw std::runtime_error with one line for people.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace rytme::access {

// Where `rytme tls init` puts what it makes; keys have mode 0600.
struct TlsFiles {
  std::filesystem::path authority, authority_key, certificate, key;
};
TlsFiles tls_files(const std::filesystem::path& data);  // in data/tls

struct ServerNames {
  std::vector<std::string> hosts;      // DNS names
  std::vector<std::string> addresses;  // IPv4 or IPv6
};

// Makes the authority when there is none (ten years), and always a new server certificate (397 days, which is
// the most that Apple's devices take). True: the authority is new.
bool make_certificates(const TlsFiles& files, const ServerNames& names, std::int64_t now_s);

// Days until the certificate in a PEM file ends, negative when it has; nullopt: it cannot be read.
std::optional<double> days_left(const std::filesystem::path& certificate, std::int64_t now_s);
// SHA-256 of the certificate in capital hex with colons, as devices show it.
std::string fingerprint(const std::filesystem::path& certificate);

}  // namespace rytme::access
