// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace rytme::test {

// What is wrong in a settings folder, a line per problem, as `rytme check` prints them.
std::string problems_of(const std::filesystem::path& folder);

}  // namespace rytme::test
