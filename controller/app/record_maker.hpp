// SPDX-License-Identifier: Apache-2.0
// All that is kept about one participant as a ZIP for whoever asked over HTTP: one at a time, on a thread
// with a read-only connection of its own, so that nobody else's question waits for it.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>

#include "controller/journal/query_thread.hpp"
#include "controller/web/server.hpp"

namespace rytme::app {

class RecordMaker {
 public:
  // What an earlier run left in `data` is removed. The journal must be this process's own.
  explicit RecordMaker(const std::filesystem::path& data);
  ~RecordMaker();  // one that is being made is given up after the file it is at
  RecordMaker(const RecordMaker&) = delete;
  RecordMaker& operator=(const RecordMaker&) = delete;

  bool busy() const { return busy_; }
  // Only while not busy. `answer` is called on the maker's thread: 200 with the file, which goes when nobody
  // holds it any more; 404 nobody is known by that code; 503 it cannot be made.
  void begin(const std::string& code, const web::PageHandler& answer);

 private:
  web::Page make(journal::Reader& reader, const std::string& code) const;

  std::filesystem::path folder_;
  std::atomic<bool> busy_{false}, ending_{false};
  journal::QueryThread thread_;
};

}  // namespace rytme::app
