// SPDX-License-Identifier: Apache-2.0
// `rytme backup [FILE] | --new-key FILE` and `rytme restore FILE --key FILE`. Exit 0 done, 2 cannot do it,
// with one line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>

#include <boost/json/object.hpp>

namespace rytme::app {

// The recipient is that of the settings folder. `to` empty: a new file in the folder that they name, where
// only the newest of ours stay. How it went is noted in DATA/backup.json.
int backup(const std::filesystem::path& config, const std::filesystem::path& data,
           const std::filesystem::path& to, std::ostream& out, std::ostream& err);
// {"at_s", "bytes", "same_disk"} of the last good one, same_disk: lies on that of the data folder; {"failed":
// {"at_s", "text"}} when one has failed since; empty: never.
boost::json::object backup_note(const std::filesystem::path& data);
// When the last good one was made, Unix seconds; 0: never, or nobody knows.
std::int64_t last_backup_s(const std::filesystem::path& data);
int backup_new_key(const std::filesystem::path& key, std::ostream& out, std::ostream& err);
int restore(const std::filesystem::path& from, const std::filesystem::path& key,
            const std::filesystem::path& journal, std::ostream& out, std::ostream& err);

}  // namespace rytme::app
