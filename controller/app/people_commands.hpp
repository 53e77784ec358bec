// SPDX-License-Identifier: Apache-2.0
// `rytme participant add | list | erase`, `rytme session erase`, `rytme journal verify | access`. Exit 0
// done, 1 the answer is no, 2 cannot do it. Each error is one line.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "controller/journal/access_log.hpp"

namespace rytme::app {

int participant_add(const std::filesystem::path& journal, bool json, std::ostream& out, std::ostream& err);
int participant_list(const std::filesystem::path& journal, bool json, std::ostream& out, std::ostream& err);
int participant_erase(const std::filesystem::path& journal, const std::string& code, std::ostream& out,
                      std::ostream& err);
int session_erase(const std::filesystem::path& journal, const std::string& id, std::ostream& out,
                  std::ostream& err);
// Who looked, the newest first; 1: nothing here was ever called so.
int journal_access(const std::filesystem::path& journal, const journal::AccessFilter& filter, bool json,
                   std::ostream& out, std::ostream& err);
int journal_verify(const std::filesystem::path& journal, bool json, std::ostream& out, std::ostream& err);

}  // namespace rytme::app
