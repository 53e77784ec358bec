// SPDX-License-Identifier: Apache-2.0
#include "controller/web/page.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <unistd.h>

#include "controller/web/assets.hpp"
#include "controller/web/devices_page.hpp"
#include "controller/web/html.hpp"
#include "tests/web/client.hpp"

namespace rytme::web {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::array modes{RoomMode::idle,     RoomMode::starting, RoomMode::running,  RoomMode::paused,
                           RoomMode::stopping, RoomMode::stopped,  RoomMode::safe_mode};

std::string page(const RoomState& state, const Query& query = {}) {
  return render_page(house_options(), state, query);
}

bool enabled(const std::string& html, const std::string& classes) {
  const std::size_t at = html.find("<button class=\"" + classes + "\"");
  EXPECT_NE(at, std::string::npos) << classes;
  return at != std::string::npos &&
         html.substr(at, html.find('>', at) - at).find(" disabled") == std::string::npos;
}

RoomState in_session(RoomMode mode = RoomMode::running) {
  RoomState state = FakeRoom().now;
  state.mode = mode;
  state.session = "s-1";
  state.preset = "regulate-down";
  state.phase = "lead";
  state.light = {0.3, 0.32, 2700};
  state.volume_max = 0.4;
  return state;
}

TEST(Page, stop_mute_and_light_are_there_in_every_state) {
  for (const RoomMode mode : modes) {
    const std::string html = page(in_session(mode));
    EXPECT_TRUE(enabled(html, "stop")) << name_of(mode);
    EXPECT_TRUE(enabled(html, "mute")) << name_of(mode);
    EXPECT_TRUE(enabled(html, "light")) << name_of(mode);
    const bool idle = mode == RoomMode::idle;
    EXPECT_EQ(html.find("intent down") != std::string::npos, idle) << name_of(mode);
  }
}

TEST(Page, each_state_offers_what_it_asks_for) {
  RoomState state = FakeRoom().now;
  EXPECT_TRUE(enabled(page(state), "intent down"));
  EXPECT_TRUE(enabled(page(state), "tile"));
  EXPECT_THAT(page(state), Not(HasSubstr("stop/reset")));
  EXPECT_THAT(page(state), Not(HasSubstr("session/end")));
  state.mode = RoomMode::stopped;
  EXPECT_THAT(page(state), HasSubstr("action=\"/api/v1/stop/reset\""));
  EXPECT_THAT(page(in_session(RoomMode::paused)), HasSubstr("action=\"/api/v1/session/resume\""));
  EXPECT_TRUE(enabled(page(in_session(RoomMode::paused)), "intent end"));
  EXPECT_TRUE(enabled(page(in_session()), "intent end")) << "where the presets stood";
  EXPECT_FALSE(enabled(page(in_session(RoomMode::stopping)), "intent end"));
}

TEST(Page, a_session_has_its_steps_by_forms) {
  RoomState state = in_session();
  const auto step = [&](const char* path, const char* field, const char* value) {
    return std::string("action=\"/api/v1/") + path + "\"><input type=\"hidden\" name=\"" + field +
           "\" value=\"" + value + "\">";
  };
  for (const auto& [path, field, value] : {std::tuple{"light", "level", "0.2"},
                                           {"light", "level", "0.4"},
                                           {"volume", "level", "0.3"},
                                           {"tempo", "bpm", "65"},
                                           {"tempo", "bpm", "75"}})
    EXPECT_THAT(page(state), HasSubstr(step(path, field, value)));
  EXPECT_FALSE(enabled(page(state).substr(page(state).find("/api/v1/volume")), "step more"))
      << "0.4 is the cap";
  state.tempo_bpm.reset();
  EXPECT_FALSE(enabled(page(state).substr(page(state).find("/api/v1/tempo")), "step less"));
  EXPECT_THAT(page(state), HasSubstr("aria-label=\"Mindre: lys\""));
}

TEST(Page, undo_rests_until_there_is_something_to_undo) {
  RoomState state = FakeRoom().now;
  EXPECT_FALSE(enabled(page(state), "small undo"));
  state.undo = {"light", 7};
  EXPECT_TRUE(enabled(page(state), "small undo"));
}

TEST(Page, faults_are_told_before_a_session_and_not_in_it) {
  RoomState state = FakeRoom().now;
  EXPECT_THAT(page(state), HasSubstr("data-warn=\"true\">Før dere går inn: uten kontakt: wall.<"));
  EXPECT_THAT(page(state), HasSubstr("1 uten kontakt"));
  state = in_session();
  EXPECT_THAT(page(state), HasSubstr(">11/12<"));
  EXPECT_THAT(page(state), HasSubstr("data-warn=\"false\""));
  EXPECT_THAT(page(state), Not(HasSubstr("uten kontakt")));
  state.devices_quarantined = {"wall"};
  EXPECT_THAT(page(state), HasSubstr("data-warn=\"true\">blinker, slå av på veggen: wall<"))
      << "a lamp that flickers is told at once";
}

TEST(Page, its_theme_follows_the_rooms_light) {
  RoomState state = FakeRoom().now;
  for (const auto& [level, theme] : {std::pair{0.05, "night"}, {0.3, "dusk"}, {0.7, "day"}}) {
    state.light.level = level;
    EXPECT_THAT(page(state), HasSubstr(std::string("data-theme=\"") + theme + "\""));
  }
}

TEST(Page, nobody_stands_on_it) {
  RoomState state = in_session();
  state.participant_named = true;
  EXPECT_THAT(page(state), HasSubstr("Koden er oppgitt"));
  state = FakeRoom().now;
  state.participant_named = true;
  EXPECT_THAT(page(state), Not(HasSubstr("session/participant"))) << "an idle screen is of nobody";
}

TEST(Page, an_unknown_pulse_is_said_to_be_unknown) {
  RoomState state = FakeRoom().now;
  EXPECT_THAT(page(state), HasSubstr("for 1 s siden"));
  EXPECT_THAT(page(state), HasSubstr(">72<"));
  state.heart = {};
  EXPECT_THAT(page(state), HasSubstr("<dt>Puls</dt><dd class=\"number\">ukjent"));
  state.heart_unfit = "no_contact";
  EXPECT_THAT(page(state), HasSubstr("ingen kontakt med huden"));
  state.heart_unfit = "battery_low";
  state.heart = {71, 4, Quality::doubtful};
  EXPECT_THAT(page(state), HasSubstr("usikker, for 4 s siden"));
  state.heart.quality = Quality::good;
  EXPECT_THAT(page(state), HasSubstr("lavt batteri · for 4 s siden"));
}

TEST(Page, a_calm_pulse_is_told) {
  RoomState state = FakeRoom().now;
  state.calm_pulse = {"running", 42, std::nullopt, ""};
  EXPECT_THAT(page(state), HasSubstr("hvilepuls måles: 42 s"));
  state.calm_pulse = {"doubtful", 300, 71.6, "x"};
  EXPECT_THAT(page(state), HasSubstr("hvilepuls 72, usikker"));
}

TEST(Page, the_level_is_shown_only_where_it_is_switched_on) {
  RoomState state = FakeRoom().now;
  state.arousal = {2, 2.3, 0.7, "Puls 98 <b>", false, false};
  EXPECT_THAT(page(state), Not(HasSubstr("<dt>Nivå")));
  state.show_level = true;
  EXPECT_THAT(page(state), HasSubstr("<dt>Nivå</dt><dd class=\"number\">2<"));
  EXPECT_THAT(page(state), HasSubstr("<summary>Hvorfor</summary><p>Puls 98 &lt;b&gt;</p>"));
  state.arousal.level.reset();
  EXPECT_THAT(page(state), HasSubstr("<dt>Nivå</dt><dd class=\"number\">vet ikke<"));
  state.arousal.wearer_unsure = true;
  EXPECT_THAT(page(state), HasSubstr("Samme person"));
  EXPECT_THAT(page(state), HasSubstr("action=\"/api/v1/wearer\""));
}

TEST(Page, minutes_and_phase_are_shown_in_a_session_only) {
  RoomState state = FakeRoom().now;
  EXPECT_THAT(page(state), Not(HasSubstr("min igjen</span>")));
  state.mode = RoomMode::running;
  state.session = "s-1";
  state.preset = "regulate-down";
  state.phase = "lead";
  state.remaining_s = 61;
  EXPECT_THAT(page(state), HasSubstr("2 min igjen"));
  EXPECT_THAT(page(state), HasSubstr("Ro ned · leder"));
}

TEST(Page, a_simulation_and_a_recording_are_told) {
  RoomState state = FakeRoom().now;
  EXPECT_THAT(page(state), HasSubstr(">SIMULERING<"));
  EXPECT_THAT(page(state), HasSubstr("Opptak av"));
  state.simulated = false;
  state.recording = true;
  EXPECT_THAT(page(state), Not(HasSubstr("SIMULERING")));
  EXPECT_THAT(page(state), HasSubstr("Opptak på"));
}

TEST(Page, recording_is_turned_off_by_one_tap_in_a_session) {
  RoomState state = FakeRoom().now;
  EXPECT_THAT(page(state), Not(HasSubstr("session/recording")));
  state.session = "s-1";
  state.recording = true;
  EXPECT_THAT(page(state), HasSubstr("<input type=\"hidden\" name=\"on\" value=\"false\">"));
  EXPECT_THAT(page(state), HasSubstr("Slå av opptak"));
}

TEST(Page, a_channel_by_hand_can_be_handed_back) {
  RoomState state = in_session();
  EXPECT_THAT(page(state), Not(HasSubstr("/api/v1/release")));
  state.manual = {"light"};
  EXPECT_THAT(page(state), HasSubstr("for hånd"));
  EXPECT_THAT(page(state), HasSubstr("Gi tilbake: lys"));
  EXPECT_THAT(page(state), HasSubstr("<input type=\"hidden\" name=\"channel\" value=\"light\">"));
}

TEST(Page, a_missing_device_is_called_what_people_call_it) {
  RoomState state = FakeRoom().now;
  state.devices_missing = {"floor", "wall"};
  Options options = house_options();
  options.device_names = {{"floor", "gulv<lampen>"}};
  const std::string html = render_page(options, state, {});
  EXPECT_THAT(html, HasSubstr("gulv&lt;lampen&gt;, wall"));
  state.devices_missing = {"a", "floor", "b", "c", "d"};
  EXPECT_THAT(render_page(options, state, {}), HasSubstr("a, gulv&lt;lampen&gt;, b og 2 til"));
  EXPECT_THAT(html, HasSubstr("&quot;names&quot;:{&quot;floor&quot;:&quot;gulv&lt;lampen&gt;&quot;}"));
}

TEST(Page, names_from_outside_are_escaped) {
  RoomState state = FakeRoom().now;
  state.devices_missing = {"<script>alert(1)</script>"};
  state.preset = "\"><img>";
  const std::string html = page(state, {{"said", "<b>"}, {"lang", "\"><b>"}});
  EXPECT_THAT(html, HasSubstr("Rom &lt;1&gt; &amp; &quot;to&quot;"));
  EXPECT_THAT(html, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(html, Not(HasSubstr("<img>")));
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
}

TEST(Page, it_has_no_inline_script_or_style) {
  const std::string html = page(FakeRoom().now);
  EXPECT_THAT(html, Not(HasSubstr("style=")));
  EXPECT_THAT(html, Not(HasSubstr("<style")));
  EXPECT_THAT(html, Not(HasSubstr("onclick")));
  EXPECT_THAT(html, Not(HasSubstr("<script>")));
}

TEST(Page, it_speaks_the_rooms_language_and_the_other_on_request) {
  Options english = house_options();
  english.language = "en";
  EXPECT_THAT(render_page(english, {}, {}), HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(render_page(english, {}, {}), HasSubstr("Stop all"));
  EXPECT_THAT(render_page(english, {}, {{"lang", "nb"}}), HasSubstr("Stopp alt"));
  EXPECT_THAT(page({}, {{"lang", "en"}}), HasSubstr("action=\"/api/v1/stop?lang=en\""));
  EXPECT_THAT(page({}, {{"lang", "xx"}}), HasSubstr("Stopp alt"));
}

TEST(Page, a_refused_form_says_why) {
  EXPECT_THAT(page({}, {{"said", "conflict"}}), HasSubstr(text(Word::said_conflict, Language::nb)));
  EXPECT_THAT(page({}, {{"said", "late"}}), HasSubstr(text(Word::said_late, Language::nb)));
}

TEST(Words, every_word_is_there_in_both_languages) {
  ASSERT_GT(word_count, 40U);
  for (std::size_t i = 0; i < word_count; ++i) {
    const auto word = static_cast<Word>(i);
    EXPECT_FALSE(text(word, Language::nb).empty()) << i;
    EXPECT_FALSE(text(word, Language::en).empty()) << i;
  }
}

TEST(Words, none_claims_more_than_the_product_does) {
  for (std::size_t i = 0; i < word_count; ++i)
    for (const Language language : {Language::nb, Language::en})
      for (const char* claim : {"terapi", "therap", "behandl", "treat", "pasient", "patient", "diagnos",
                                "stress", "nødstopp", "emergency", "epilep"})
        EXPECT_THAT(std::string(text(static_cast<Word>(i), language)), Not(HasSubstr(claim)));
}

int generate(const std::string& dictionary) {
  const auto folder = std::filesystem::temp_directory_path() / ("words-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "dictionary.json") << dictionary;
  const std::string command = std::string(RYTME_NODE) + " dashboards/build/words.mjs " +
                              (folder / "dictionary.json").string() + " " + (folder / "words.ts").string() +
                              " " + folder.string() + " 2>/dev/null";
  const int status = std::system(command.c_str());
  std::filesystem::remove_all(folder);
  return status;
}

TEST(Words, a_gap_in_one_language_fails_the_build) {
  EXPECT_EQ(generate(R"({"a":{"nb":"x","en":"y"}})"), 0);
  EXPECT_NE(generate(R"({"a":{"nb":"x"}})"), 0);
  EXPECT_NE(generate(R"({"a":{"nb":"x","en":" "}})"), 0);
  EXPECT_NE(generate(R"({"a":{"nb":"x {n}","en":"y"}})"), 0);
  EXPECT_NE(generate(R"({"a":{"nb":"x","en":"y","de":"z"}})"), 0);
}

std::vector<std::string> addresses_in(const std::string& html) {
  std::vector<std::string> found;
  for (std::size_t at = html.find("\"/assets/"); at != std::string::npos;
       at = html.find("\"/assets/", at + 1))
    found.push_back(html.substr(at + 1, html.find('"', at + 1) - at - 1));
  return found;
}

TEST(Assets, the_staff_page_is_small_packed_and_cached_for_ever) {
  House house;
  const std::string html = house.get("/").body;
  std::size_t bytes = html.size();
  const std::vector<std::string> files = addresses_in(html);
  ASSERT_EQ(files.size(), 2U);
  for (const std::string& file : files) {
    const Heard packed = house.ask("GET", file, "Accept-Encoding: gzip, br\r\n");
    EXPECT_EQ(packed.headers.at("content-encoding"), "gzip");
    EXPECT_THAT(packed.headers.at("cache-control"), HasSubstr("immutable"));
    EXPECT_EQ(packed.body.substr(0, 2), "\x1f\x8b");
    bytes += packed.body.size();
    const Heard plain = house.get(file);
    EXPECT_FALSE(plain.headers.contains("content-encoding"));
    EXPECT_GT(plain.body.size(), packed.body.size());
  }
  EXPECT_LE(bytes, 30U * 1024U);
  EXPECT_LE(files.size() + 2, 4U);  // the page, its files, the live events
}

TEST(Assets, they_ask_nothing_of_the_outside) {
  for (const std::string_view address : {staff_script(), staff_style()}) {
    const Asset* asset = find_asset(address.substr(std::string_view("/assets/").size()));
    ASSERT_NE(asset, nullptr);
    for (const char* outside : {"https://", "url(//", "@import"})
      EXPECT_EQ(asset->plain.find(outside), std::string_view::npos) << address << outside;
  }
}

TEST(DevicesPage, ShowsWhatHappensAndWhatIsWrongNowInBothLanguages) {
  FakeRoom room;
  const auto port = room.port();
  const auto page = [&](const Query& query) {
    return render_devices(house_options(), port.devices(), port.faults(), query);
  };
  EXPECT_THAT(page({}), HasSubstr("Pulsen mangler"));
  EXPECT_THAT(page({}), HasSubstr("Pulsen vises som ukjent."));
  EXPECT_THAT(page({}), HasSubstr("Uten styringen"));
  EXPECT_THAT(page({}), HasSubstr("holder, etter 10 s tilbake til profilen"));
  EXPECT_THAT(page({}), HasSubstr("strap&lt;1&gt;: i 12 s"));
  EXPECT_THAT(page({{"lang", "en"}}), HasSubstr("holds, after 10 s back to the preset"));
  EXPECT_THAT(page({}), testing::Not(HasSubstr("<script")));
}

TEST(DevicesPage, TheMaintainersIsADeskThatCanBeReadWithoutItsScript) {
  House house;
  const auto desk = house.get("/devices?lang=en", "maintainer-token");
  ASSERT_EQ(desk.status, 200);
  EXPECT_THAT(desk.body, HasSubstr(std::string(devices_script())));
  EXPECT_THAT(desk.body, HasSubstr(std::string(devices_style())));
  EXPECT_THAT(desk.body, HasSubstr(R"(data-boot="{&quot;language&quot;:&quot;en&quot;)"));
  EXPECT_THAT(desk.body, HasSubstr("holds, after 10 s back to the preset"));
  const auto others = house.get("/devices", "psychologist-token");
  EXPECT_THAT(others.body, testing::Not(HasSubstr("<script")));
  EXPECT_THAT(others.body, testing::Not(HasSubstr("data-boot")));
}

}  // namespace
}  // namespace rytme::web
