// SPDX-License-Identifier: Apache-2.0
// Reads a TOML file that somebody else wrote: bounded in size and depth, never waiting for a pipe.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <toml++/toml.h>

namespace rytme::settings {

// The whole text of a regular file of at most 1 MiB. Throws std::runtime_error that says why not, without the
// file's name: "is a folder".
std::string text_of(const std::filesystem::path& file);

// toml::parse, but a key of more than 8 parts is refused: the parser and its tables go one call deeper for
// each part, and a line of them would end the program. Throws toml::parse_error.
toml::table parse_toml(std::string_view text, std::string_view file);

}  // namespace rytme::settings
