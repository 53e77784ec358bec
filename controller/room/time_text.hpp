// SPDX-License-Identifier: Apache-2.0
// Times as people and programs write them. Pure.
#pragma once

#include <string_view>

namespace rytme {

// YYYY-MM-DD, or that, T, HH:MM[:SS[.ffffff]] and nothing, Z or an offset: what SQLite's date functions know
// for certain. They also take a plain number, and then it is a day in another calendar.
bool is_date_or_time(std::string_view text);
// Goes on after the name of what is none.
inline constexpr std::string_view wanted_time =
    "must be a date like 2026-11-24 or a time like 2026-11-24T10:00:00Z";

}  // namespace rytme
