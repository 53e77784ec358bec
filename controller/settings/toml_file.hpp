// SPDX-License-Identifier: Apache-2.0
// Reads a TOML file that somebody else wrote: bounded in size and depth, never waiting for a pipe.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <toml++/toml.h>

#include "controller/settings/load.hpp"

namespace rytme::settings {

// The whole text of a regular file of at most 1 MiB. Throws std::runtime_error that says why not, without the
// file's name: "is a folder".
std::string text_of(const std::filesystem::path& file);

// The same with `changes` laid over the folder. A link that leads nowhere is there, and cannot be read.
bool is_there_with(const Changes& changes, const std::filesystem::path& folder, const std::string& name);
std::string text_with(const Changes& changes, const std::filesystem::path& folder, const std::string& name);

// toml::parse, but a key of more than 8 parts is refused: the parser and its tables go one call deeper for
// each part, and a line of them would end the program. Throws toml::parse_error.
toml::table parse_toml(std::string_view text, std::string_view file);

}  // namespace rytme::settings
