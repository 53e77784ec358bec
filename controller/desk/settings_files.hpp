// SPDX-License-Identifier: Apache-2.0
// Which files of a settings folder people read and write on the desk: those that say what the room is.
// Secrets are not among them, whatever is asked for. Reads and writes files; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "controller/settings/load.hpp"

namespace rytme::desk {

inline constexpr std::size_t longest_file = 262'144;  // bytes

using Files = std::map<std::string, std::string>;  // name in the folder -> text

// room.toml, activities.toml, player.toml, presets/X.toml, profiles/X.toml, mosquitto/acl, mosquitto/X.conf;
// X is 1 to 64 of A-Z a-z 0-9 . _ - and does not begin with a dot.
bool is_editable(std::string_view name);

// Regular files of at most 256 KiB; a link, or what is larger, is left alone. Throws std::runtime_error in
// one line when the folder or a file cannot be read.
Files read_files(const std::filesystem::path& folder);

struct FileRow {
  std::string name, hash;
  std::size_t bytes{};
  std::int64_t modified_s{};  // Unix time
};
std::vector<FileRow> rows_of(const std::filesystem::path& folder, const Files& files);

// 32 hex digits.
std::string hash_of(std::string_view text);
std::string hash_of(const Files& files);

// What is editable in the folder becomes `wanted`, file by file, each whole and durable; what has its text
// already is not touched. A file keeps its mode. `step` is called after each of them. Throws
// std::runtime_error in one line.
void put_files(const std::filesystem::path& folder, const Files& wanted, const std::function<void()>& step);

// Files of the one that are missing or other in the other, and those that are only there.
std::vector<std::string> changed_between(const Files& before, const Files& after);
Files with(Files files, const settings::Changes& changes);

// Whether a new file could be made in it: "" or why not.
std::string why_not_writable(const std::filesystem::path& folder);

}  // namespace rytme::desk
