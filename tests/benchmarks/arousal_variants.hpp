// SPDX-License-Identifier: Apache-2.0
// What was tried beyond version 0, so that it can be tried again: every variant on the half it may be chosen
// on and on the half it is judged on.
#pragma once

#include <vector>

#include "tests/benchmarks/arousal_data.hpp"

namespace rytme::bench {

void print_variants(const std::vector<Person>& people);

}  // namespace rytme::bench
