// SPDX-License-Identifier: Apache-2.0
// A room's record made by the real writer in simulated time, session by session, and questions to it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "controller/journal/reader.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::review {

class RoomRecord {
 public:
  RoomRecord();
  ~RoomRecord();
  RoomRecord(const RoomRecord&) = delete;
  RoomRecord& operator=(const RoomRecord&) = delete;

  void start(const std::string& id, const std::string& participant,
             const std::string& preset = "regulate-down");
  void end(const std::string& reason = "finished");
  void phase(const std::string& id);
  void activity(const std::string& id);
  void rate(const std::string& when, const std::string& state, const std::string& by = "staff");
  void value(Capability capability, std::optional<double> value, Quality quality = Quality::good,
             const std::string& device = "belt");
  // `count` values, one a second.
  void values(Capability capability, double value, int count, Quality quality = Quality::good);
  void wait_s(double seconds);

  template <typename What>
  void keep(What what) {
    journal_->append(scribe_.make(std::move(what)));
  }
  journal::Scribe& scribe() { return scribe_; }

  // Closes the writer first time; then reads.
  template <typename Question>
  auto ask(const Question& question) {
    close();
    std::optional<decltype(question(std::declval<journal::Connection&>()))> answer;
    journal::Reader(folder_.file()).ask([&](journal::Connection& connection) {
      answer.emplace(question(connection));
    });
    return std::move(*answer);
  }
  std::filesystem::path file() const { return folder_.file(); }
  void close();
  void reopen();

 private:
  journal::TemporaryFolder folder_;
  journal::Opening opening_;
  std::unique_ptr<journal::Journal> journal_;
  journal::Scribe scribe_;
};

}  // namespace rytme::review
