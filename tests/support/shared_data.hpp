// SPDX-License-Identifier: Apache-2.0
// The reference data, which are not part of this repository: in the folder named by RYTME_SHARED, else in
// ../shared beside the project root (the tests' working directory).
#pragma once

#include <filesystem>
#include <string_view>

namespace rytme::test {

// True when the folder is there. Where it must be (CI=true) its absence is no reason to skip, so this is true
// then as well and shared() fails. Use: if (!shared_available()) GTEST_SKIP() << "no reference data";
bool shared_available();

// Path of one file or folder in it, "data/expected.json". Throws std::runtime_error, which fails the test,
// when it is not there.
std::filesystem::path shared(std::string_view relative);

}  // namespace rytme::test
