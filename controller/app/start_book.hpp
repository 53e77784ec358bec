// SPDX-License-Identifier: Apache-2.0
// `starts` in the data folder: when the controller was started of late, and how far it came. Five starts
// within a minute are a crash loop (design §6); an orderly end empties the book. Logic thread; who holds the
// DataLock.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "controller/room/time.hpp"

namespace rytme::app {

struct PastStart {
  std::string boot;  // of the machine: steady time of another one says nothing
  double steady_s{};
  bool opened{};  // it came so far that the journal was open
};

// What of `starts`, oldest first and the present one last, counts: of this boot, and within a minute of the
// last.
std::vector<PastStart> of_late(std::vector<PastStart> starts);
// Pure; lines that are no start are left out.
std::vector<PastStart> starts_in(std::string_view text);
std::string text_of(const std::vector<PastStart>& starts);

class StartBook {
 public:
  // Writes this start down, before anything is tried that could end it. What cannot be written is logged and
  // does not count: the room starts in any case.
  StartBook(const std::filesystem::path& data, Instant now);

  bool is_crash_loop() const;
  // None of these starts came so far as to open the journal: it may be why.
  bool never_opened() const;

  void opened();
  void ends();

 private:
  void write() const;

  std::filesystem::path file_;
  std::vector<PastStart> starts_;
};

}  // namespace rytme::app
