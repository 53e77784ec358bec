// SPDX-License-Identifier: Apache-2.0
// A file of this program's own, as bytes. Any thread.
#pragma once

#include <filesystem>
#include <string>

namespace rytme::desk {

// "" when it is not there or cannot be read.
std::string bytes_of(const std::filesystem::path& file);

}  // namespace rytme::desk
