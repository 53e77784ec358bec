// SPDX-License-Identifier: Apache-2.0
// What a command does with the journal itself: writes while the room does not run, checks, names copies. Any
// thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "controller/journal/access_chain.hpp"
#include "controller/journal/copy.hpp"
#include "controller/journal/participants.hpp"
#include "controller/room/journal_entry.hpp"

namespace rytme::journal {

// A new code, in the journal when this returns. All throw JournalError in one line: the file is not there,
// damaged, foreign, newer, or written to by a room that runs. Nothing is set aside here.
std::string add_participant(const std::filesystem::path& file, const Now& now);

// False: there is no such session or participant. Else its bytes have left the file and its log.
bool erase_now(const std::filesystem::path& file, const entry::Erase& erase, const Now& now);

std::vector<ParticipantRow> participants(const std::filesystem::path& file);

struct Soundness {
  std::string integrity;  // "ok", or the first thing that is wrong
  ChainReport chain;
  bool ok() const { return integrity == "ok" && chain.problems.empty(); }
};
Soundness verify(const std::filesystem::path& file);
std::string to_json(const Soundness& verdict);

}  // namespace rytme::journal
