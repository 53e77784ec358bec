// SPDX-License-Identifier: Apache-2.0
// How often operator new was called since the start of the process. Linked in by whoever asks, and then
// replaces the operators of the whole executable. Any thread.
#pragma once

#include <cstddef>

namespace rytme::test {

std::size_t allocations();

}  // namespace rytme::test
