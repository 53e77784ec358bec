// SPDX-License-Identifier: Apache-2.0
// A file that is whole or not there: written under a temporary name beside it, made durable and renamed, with
// access for its owner only.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

namespace rytme::app {

// `write` fills the file it is given. Throws std::runtime_error, or what `write` throws; then nothing is left
// of it and what was there before is still there.
void replace_file(const std::filesystem::path& file,
                  const std::function<void(const std::filesystem::path&)>& write);
void replace_file(const std::filesystem::path& file, std::string_view text);

}  // namespace rytme::app
