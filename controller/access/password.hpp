// SPDX-License-Identifier: Apache-2.0
// What a password must be, and what is kept of it: Argon2id as a PHC string. Blocks for a fraction of a
// second and takes 32 MiB while it does: never on the logic thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rytme::access {

// OWASP ASVS 5.0 6.2.1-6.2.10: at least 8 characters, no rules of composition, not among the most common.
enum class PasswordFault : std::uint8_t { none, too_short, too_long, too_common };
constexpr std::size_t shortest_password = 8;   // characters (code points of UTF-8)
constexpr std::size_t longest_password = 256;  // bytes

// `name`: of the account; a password that is the name is too common.
PasswordFault fault_of(std::string_view password, std::string_view name);
// One English sentence for people; "" for none.
std::string_view sentence_of(PasswordFault fault);

// Throws std::bad_alloc when the memory is not there.
std::string hash_password(std::string_view password);
bool fits(const std::string& hash, std::string_view password);
// The time that fits() takes, for an account that is not there.
void spend_the_time_of_a_hash(std::string_view password);

}  // namespace rytme::access
