// SPDX-License-Identifier: Apache-2.0
// Random secrets and what is kept of them. Any thread, after sodium_init().
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rytme::access {

// 256 random bits in 43 characters of A-Z a-z 0-9 - _: what a cookie carries.
std::string random_token();

// For people to type: letters and digits without vowels and without look-alikes, 4.08 bits each.
std::string random_code(std::size_t length);

// As it was made, however it was typed: capitals, without spaces and hyphens.
std::string as_made(std::string_view typed);

// Names of accounts and the list of common passwords know no capitals. ASCII; other letters stay.
std::string lowered(std::string_view text);

// In groups of four, for people to read.
std::string in_groups(std::string_view code);

// BLAKE2b-256 of a random secret, 32 bytes: what is kept. Not for passwords.
std::string digest(std::string_view secret);

// Time tells nothing of where they differ.
bool same_digest(std::string_view a, std::string_view b);

}  // namespace rytme::access
