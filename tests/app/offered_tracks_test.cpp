// SPDX-License-Identifier: Apache-2.0
#include "controller/app/offered_tracks.hpp"

#include <string>

#include <gtest/gtest.h>

namespace rytme::app {
namespace {

TEST(OfferedTracks, AreReadWithTheirTitles) {
  EXPECT_EQ(offered_tracks(R"([{"id":"sea-60","title":"Havet","bpm":60},{"id":"moon"}])"),
            (std::vector<OfferedTrack>{{"sea-60", "Havet"}, {"moon", "moon"}}));
}

TEST(OfferedTracks, OfWhatIsNoListOrNoTrackNothingIsTaken) {
  for (const char* text :
       {"", "[", "{}", "null", "[1,null,\"a\",{},{\"id\":7},{\"id\":\"\"},{\"title\":\"x\"}]"})
    EXPECT_TRUE(offered_tracks(text).empty()) << text;
}

TEST(OfferedTracks, AreNoMoreAndNoLongerThanAPageHasRoomFor) {
  std::string many = "[";
  for (int i = 0; i < 40; ++i) many += (i == 0 ? "" : ",") + ("{\"id\":\"t" + std::to_string(i) + "\"}");
  EXPECT_EQ(offered_tracks(many + "]").size(), 24U);
  std::string title = "a";
  for (int i = 0; i < 60; ++i) title += "ø";
  const auto tracks = offered_tracks("[{\"id\":\"t\",\"title\":\"" + title + "\"}]");
  EXPECT_EQ(tracks.at(0).title, title.substr(0, 79)) << "cut between two letters";
}

}  // namespace
}  // namespace rytme::app
