// SPDX-License-Identifier: Apache-2.0
// One [[point]] or [[setup]] of a register fixture against a profile. Internal to profile try.
#pragma once

#include <toml++/toml.h>

#include "controller/trial/profile_try.hpp"
#include "controller/trial/try_bench.hpp"

namespace rytme::trial {

Trial try_point(const TryBench& bench, const toml::table& point);
Trial try_setup(const TryBench& bench, const toml::table& setup);
// The keys of [link] that both name; nullopt: none.
std::optional<Trial> try_link(const settings::Profile& profile, const toml::table& link);

}  // namespace rytme::trial
