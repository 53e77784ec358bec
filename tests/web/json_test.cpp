// SPDX-License-Identifier: Apache-2.0
#include "controller/web/json.hpp"

#include <limits>

#include <boost/json.hpp>
#include <gmock/gmock.h>

namespace rytme::web {
namespace {

using boost::json::value;

TEST(Json, numbers_are_plain_and_never_infinite) {
  EXPECT_EQ(dump(value(0.4)), "0.4");
  EXPECT_EQ(dump(value(12.0)), "12");
  EXPECT_EQ(dump(value(std::numeric_limits<double>::quiet_NaN())), "null");
  EXPECT_EQ(dump(value(-std::numeric_limits<double>::infinity())), "null");
  EXPECT_EQ(dump(value(std::numeric_limits<double>::max())).size(), 309U);
  EXPECT_EQ(dump(value(std::numeric_limits<double>::denorm_min())).front(), '0');
}

TEST(Json, text_is_escaped) {
  EXPECT_EQ(dump(value{{"a\"b", "c\n\x01</script>"}}), "{\"a\\\"b\":\"c\\n\\u0001</script>\"}");
}

TEST(Json, an_unknown_pulse_is_null_and_an_empty_word_too) {
  const value room = to_json(RoomState{});
  EXPECT_TRUE(room.at("heart").at("bpm").is_null());
  EXPECT_TRUE(room.at("heart").at("age_s").is_null());
  EXPECT_EQ(room.at("heart").at("quality"), "unknown");
  EXPECT_TRUE(room.at("arousal").at("level").is_null());
  EXPECT_TRUE(room.at("tempo_bpm").is_null());
  for (const char* word : {"phase", "preset", "session", "source", "origin"})
    EXPECT_TRUE(room.at(word).is_null()) << word;
}

// Every name of contracts §3 `GET room`.
TEST(Json, the_room_has_all_its_names) {
  RoomState state;
  state.mode = RoomMode::safe_mode;
  state.devices_missing = {"wall"};
  state.arousal.level = 3;
  state.player.offered = {{"sea-60", "Havet"}};
  const value room = to_json(state);
  for (const char* name : {"state",
                           "phase",
                           "preset",
                           "session",
                           "since_s",
                           "remaining_s",
                           "recording",
                           "light",
                           "safe_light",
                           "tempo_bpm",
                           "volume",
                           "muted",
                           "source",
                           "heart",
                           "arousal",
                           "devices",
                           "manual",
                           "simulated",
                           "origin",
                           "generation",
                           "calm_pulse",
                           "show_level",
                           "player",
                           "undo",
                           "clock_s",
                           "rate_after_s",
                           "participant_named",
                           "participant_change"})
    EXPECT_TRUE(room.as_object().contains(name)) << name;
  EXPECT_EQ(room.as_object().size(), 30U);
  EXPECT_EQ(room.at("state"), "safe_mode");
  EXPECT_EQ(room.at("arousal").at("level"), 3);
  EXPECT_EQ(room.at("devices").at("missing").as_array().at(0), "wall");
  EXPECT_EQ(room.at("player").at("offered").at(0).at("title"), "Havet");
  EXPECT_EQ(room.at("safe_light").at("level"), 0.4);
}

TEST(Json, a_device_never_seen_has_no_age) {
  const value rows =
      to_json(std::vector<DeviceRow>{{"a", "light.main", "p", "ok", 1.5}, {"b", "", "", "unknown", -1}});
  EXPECT_EQ(rows.as_array().at(0).at("last_seen_s"), 1.5);
  EXPECT_TRUE(rows.as_array().at(1).at("last_seen_s").is_null());
}

}  // namespace
}  // namespace rytme::web
