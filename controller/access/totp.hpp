// SPDX-License-Identifier: Apache-2.0
// One-time codes of an authenticator: RFC 6238 with SHA-1, 30 s, six digits, as every authenticator has it.
// Pure but for random numbers; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rytme::access {

// 160 random bits (RFC 4226 section 4, R6).
std::string new_totp_secret();
std::string base32(std::string_view secret);  // RFC 4648, without padding

// otpauth://totp/ISSUER:NAME?secret=...: what an authenticator reads.
std::string otpauth_uri(std::string_view secret, std::string_view issuer, std::string_view name);

// The time step (Unix time / 30 s) that the code stands for, at most one away from now; nullopt: it is not
// right, or its step is not after `last`, the one that was used before.
std::optional<std::int64_t> totp_step(std::string_view secret, const std::string& code, std::int64_t unix_s,
                                      std::int64_t last);

// The code at that time, of 6 to 8 digits.
std::string totp_code(std::string_view secret, std::int64_t unix_s, unsigned digits = 6);

}  // namespace rytme::access
