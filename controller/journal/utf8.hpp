// SPDX-License-Identifier: Apache-2.0
// Texts of devices can be any bytes; what goes out as UTF-8 must be it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace rytme::journal {

// The text with U+FFFD for each byte that is not part of a well-formed sequence (RFC 3629).
std::string valid_utf8(std::string_view text);

}  // namespace rytme::journal
