// SPDX-License-Identifier: Apache-2.0
// The demo played by rytme-player itself, into a loudspeaker that is a file.
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/end_to_end/room_under_test.hpp"

namespace rytme::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

// ALSA's file plugin as the default device of every process started meanwhile.
class Loudspeaker {
 public:
  Loudspeaker() {
    std::ofstream(folder_.path() / "alsa.conf") << fmt::format(
        "pcm.nowhere {{ type null }}\npcm.!default {{ type file slave.pcm nowhere file \"{}\" format raw "
        "}}\n",
        file().string());
    ::setenv("ALSA_CONFIG_PATH", (folder_.path() / "alsa.conf").c_str(), 1);
  }
  ~Loudspeaker() { ::unsetenv("ALSA_CONFIG_PATH"); }
  Loudspeaker(const Loudspeaker&) = delete;
  Loudspeaker& operator=(const Loudspeaker&) = delete;

  std::size_t bytes() const {
    std::error_code none;
    const auto size = fs::file_size(file(), none);
    return none ? 0 : size;
  }
  // The highest sample from there on.
  float loudest(std::size_t from_byte) const {
    std::ifstream in(file(), std::ios::binary);
    in.seekg(static_cast<std::streamoff>(from_byte / 8 * 8));
    float out = 0, sample = 0;
    while (in.read(reinterpret_cast<char*>(&sample), sizeof sample)) out = std::max(out, std::abs(sample));
    return out;
  }

 private:
  fs::path file() const { return folder_.path() / "heard.raw"; }
  TemporaryFolder folder_;
};

std::string page_of(const RoomUnderTest& room) { return http_get(room.http(), "/").body; }
std::string status_of(const RoomUnderTest& room) {
  const auto status = room.room().at("player").at("status");
  return status.is_null() ? "" : std::string(status.as_string());
}

TEST(DemoPlayer, ASessionIsHeardAndThePageSaysWhatPlays) {
  const Loudspeaker loudspeaker;
  RoomUnderTest room;
  ASSERT_EQ(room.post("session", R"({"preset":"regulate-down"})").status, 201);
  EXPECT_TRUE(eventually(seconds{10}, [&] { return status_of(room) == "playing"; })) << status_of(room);
  EXPECT_NE(page_of(room).find("hjerteslag"), std::string::npos);
  const auto before = loudspeaker.bytes();
  EXPECT_TRUE(eventually(seconds{15}, [&] { return loudspeaker.loudest(before) > 0.005F; }));
  ASSERT_EQ(room.post("stop").status, 200);
  ASSERT_TRUE(eventually(seconds{5}, [&] { return status_of(room) == "stopped"; })) << status_of(room);
  const auto stopped = loudspeaker.bytes();
  ASSERT_TRUE(eventually(seconds{5}, [&] { return loudspeaker.bytes() > stopped + 8 * 24000; }));
  EXPECT_LT(loudspeaker.loudest(stopped + 8 * 12000), 1e-4F);
}

TEST(DemoPlayer, WithoutASoundDeviceTheDemoRunsAndThePageSaysSo) {
  ::setenv("ALSA_CONFIG_PATH", "/dev/null", 1);
  RoomUnderTest room;
  ::unsetenv("ALSA_CONFIG_PATH");
  ASSERT_EQ(room.post("session", R"({"preset":"regulate-down"})").status, 201);
  EXPECT_TRUE(eventually(seconds{10}, [&] { return status_of(room) == "output_missing"; }))
      << status_of(room);
  EXPECT_NE(page_of(room).find("ingen høyttaler"), std::string::npos);
  EXPECT_GT(room.room().at("tempo_bpm").to_number<double>(), 0);
}

}  // namespace
}  // namespace rytme::test
