// SPDX-License-Identifier: Apache-2.0
// `rytme backup FILE | --new-key FILE` and `rytme restore FILE --key FILE`. Exit 0 done, 2 cannot do it, with
// one line.
#pragma once

#include <filesystem>
#include <iosfwd>

namespace rytme::app {

// The recipient is that of the settings folder.
int backup(const std::filesystem::path& config, const std::filesystem::path& journal,
           const std::filesystem::path& to, std::ostream& out, std::ostream& err);
int backup_new_key(const std::filesystem::path& key, std::ostream& out, std::ostream& err);
int restore(const std::filesystem::path& from, const std::filesystem::path& key,
            const std::filesystem::path& journal, std::ostream& out, std::ostream& err);

}  // namespace rytme::app
