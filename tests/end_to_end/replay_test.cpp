// SPDX-License-Identifier: Apache-2.0
// A recorded person at sixty times life, through broker, controller and journal, and back out: nothing lost,
// and the same numbers as the analysis of the file.
#include <cmath>
#include <csignal>
#include <fstream>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "tests/end_to_end/room_under_test.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::test {
namespace {

using std::chrono::seconds;

struct Stream {
  std::size_t count{};
  std::int64_t first{-1}, last{-1};
};

Stream on_broker(const Observer& observer, const std::string& topic) {
  Stream stream;
  for (const auto& seen : observer.seen) {
    if (seen.topic != topic) continue;
    const auto seq = boost::json::parse(seen.payload).at("seq").to_number<std::int64_t>();
    if (stream.first < 0) stream.first = seq;
    EXPECT_TRUE(stream.last < 0 || seq == stream.last + 1) << topic;
    stream.last = seq;
    ++stream.count;
  }
  return stream;
}

Stream in_journal(const boost::json::value& session, const std::string& device) {
  Stream stream;
  for (const auto& chunk : session.at("waveforms").as_array()) {
    if (chunk.at("device").as_string() != device) continue;
    const auto first = chunk.at("first_seq").to_number<std::int64_t>();
    if (stream.first < 0) stream.first = first;
    EXPECT_TRUE(stream.last < 0 || first == stream.last + 1) << device;
    stream.last = chunk.at("last_seq").to_number<std::int64_t>();
    stream.count += chunk.at("frames").to_number<std::size_t>();
  }
  return stream;
}

// All values of one channel, in order; nullopt = unknown.
std::vector<std::optional<double>> values(const boost::json::value& session, std::string_view channel) {
  std::vector<std::optional<double>> result;
  for (const auto& row : session.at("readings").as_array())
    if (row.at("channel").as_string() == channel)
      result.push_back(row.at("value").is_null() ? std::nullopt
                                                 : std::optional(row.at("value").to_number<double>()));
  return result;
}

bool same(std::optional<double> ours, const boost::json::value& reference) {
  if (!ours || reference.is_null()) return !ours && reference.is_null();
  return std::abs(*ours - reference.to_number<double>()) <= 1e-9 * std::abs(*ours);
}

void expect_equal_windows(const boost::json::value& session, const boost::json::value& analysis) {
  const auto& windows = analysis.at("windows_60s").as_array();
  const auto bpm = values(session, "hr.window60_bpm");
  const auto rmssd = values(session, "hr.window60_rmssd_ms");
  ASSERT_EQ(bpm.size(), windows.size());
  ASSERT_EQ(rmssd.size(), windows.size());
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const auto& clean = windows[i].at("clean");
    EXPECT_TRUE(same(bpm[i], clean.at("hr_bpm"))) << "window " << i;
    const bool valid = windows[i].at("clean").at("valid").as_bool();
    if (valid) {
      EXPECT_TRUE(same(rmssd[i], clean.at("rmssd_ms"))) << "window " << i;
    } else {
      EXPECT_FALSE(rmssd[i].has_value()) << "window " << i << " was refused";
    }
  }
}

// The broker stands, the controller serves and records, then the recorded person enters: so the whole file is
// in the session.
TEST(Replay, S01AtSixtyTimesLosesNothingAndAgreesWithTheAnalysis) {
  if (!shared_available()) GTEST_SKIP() << "no recorded data here";
  const auto recording = shared("data/stress_predict/S01");
  SplitRoom room;
  const auto started =
      http_post(room.http(), "/api/v1/session", R"({"preset":"regulate-down","recording":true})");
  ASSERT_EQ(started.status, 201);
  const std::string id(started.json().at("id").as_string());
  room.start_devices({"--replay", recording.string(), "--speed", "60"});

  auto& observer = room.observer();
  const auto is_stream = [](const Seen& seen) {
    return seen.topic == "homie/5/strap1/hr/sample" || seen.topic == "homie/5/swing1/motion/frame";
  };
  for (std::size_t from = 0; observer.wait(seconds{4}, is_stream, from);) from = observer.seen.size();
  ASSERT_EQ(http_post(room.http(), "/api/v1/stop", "{}").status, 200);
  const auto& journal = room.journal();
  ASSERT_TRUE(eventually(seconds{5}, [&] {
    return journal_value(journal, "select end_reason from v_session where id='" + id + "'") == "stopped";
  }));

  int code{};
  const auto session = boost::json::parse(output_of(
      {RYTME_PROGRAM, "session", "export", id, "--format", "json", "--data", room.data().string()}, code));
  ASSERT_EQ(code, 0);
  const auto analysis = boost::json::parse(
      output_of({RYTME_PROGRAM, "analyse", "heart", (recording / "ibi.csv").string()}, code));
  ASSERT_EQ(code, 0);

  for (const auto& [device, topic] : {std::pair{"strap1", "homie/5/strap1/hr/sample"},
                                      std::pair{"swing1", "homie/5/swing1/motion/frame"}}) {
    const auto sent = on_broker(observer, topic);
    const auto kept = in_journal(session, device);
    EXPECT_EQ(sent.first, 0);
    EXPECT_EQ(kept.count, sent.count) << device;
    EXPECT_EQ(kept.first, sent.first) << device;
    EXPECT_EQ(kept.last, sent.last) << device;
  }
  EXPECT_EQ(on_broker(observer, "homie/5/strap1/hr/sample").count, analysis.at("n").to_number<std::size_t>());
  expect_equal_windows(session, analysis);
}

}  // namespace
}  // namespace rytme::test
