// SPDX-License-Identifier: Apache-2.0
// Every form in which a profile may say a value or a message, with profiles written on the spot.
#include <cmath>
#include <fstream>
#include <map>
#include <memory>

#include <gtest/gtest.h>
#include <unistd.h>

#include "controller/devices/colour.hpp"
#include "controller/devices/devices.hpp"
#include "controller/settings/load.hpp"
#include "tests/devices/bench.hpp"

namespace rytme::test {
namespace {

// One device of a profile that is written here.
class OneDevice {
 public:
  explicit OneDevice(const std::string& tables) {
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / ("rytme-form-" + std::to_string(::getpid()) + ".toml");
    std::ofstream(file) << "[profile]\nid = \"p\"\ntransport = \"mqtt\"\nfail_safe = \"none\"\n[params]\nid "
                           "= { default = \"a/b\" }\n"
                           "channel = { type = \"integer\", default = 2 }\n"
                        << tables;
    auto loaded = settings::check_profile(file);
    std::filesystem::remove(file);
    for (const auto& problem : loaded.problems) ADD_FAILURE() << settings::to_text(problem);
    house_.profiles.push_back(std::move(loaded.profile));
    settings::DeviceSettings device;
    device.id = "d";
    device.params = {{"id", "a/b"}, {"channel", "2"}};
    house_.devices.push_back(device);
    devices_ = std::make_unique<devices::Devices>(house_);
  }

  std::map<Capability, Reading> say(const std::string& topic, const std::string& payload,
                                    bool retained = false, Instant at = {}) {
    std::vector<Decoded> out;
    devices_->decode(MqttMessage{topic, payload, retained, at}, out);
    std::map<Capability, Reading> readings;
    samples.clear();
    for (const auto& item : out) {
      if (const auto* reading = std::get_if<Reading>(&item)) readings[reading->capability] = *reading;
      if (const auto* sample = std::get_if<HeartSample>(&item)) samples.push_back(*sample);
    }
    return readings;
  }
  double value(const std::string& payload, Capability capability) {
    const auto readings = say("t", payload);
    const auto found = readings.find(capability);
    return found == readings.end() ? std::nan("") : found->second.value;
  }
  std::vector<MqttPublish> send(std::vector<Setting> settings, int transition_ms = 0) {
    Command command;
    command.settings = std::move(settings);
    command.transition = std::chrono::milliseconds(transition_ms);
    return devices_->encode(command).publishes;
  }
  devices::Devices& devices() { return *devices_; }
  std::vector<HeartSample> samples;

 private:
  settings::House house_;
  std::unique_ptr<devices::Devices> devices_;
};

std::string read(const std::string& keys) { return "[[read]]\ntopic = \"t\"\n" + keys + "\n"; }

TEST(ProfileForms, ValuesAreTakenOutOfEveryFormat) {
  constexpr Capability lux = Capability::env_lux;
  const std::string is_lux = "\ncapability = \"env.lux\"";
  EXPECT_EQ(OneDevice(read("path = \"/list/1\"" + is_lux)).value(R"({"list":[4,5]})", lux), 5);
  EXPECT_EQ(OneDevice(read("path = \"/a~1b\"" + is_lux)).value(R"({"a/b":7})", lux), 7);
  EXPECT_EQ(OneDevice(read("path = \"/s:{channel}/v\"" + is_lux)).value(R"({"s:2":{"v":3}})", lux), 3);
  EXPECT_EQ(OneDevice(read("format = \"number\"\npath = \"/v\"" + is_lux)).value(R"({"v":"72"})", lux), 72);
  EXPECT_EQ(OneDevice(read("format = \"hex\"" + is_lux)).value("0x1F", lux), 31);
  EXPECT_EQ(OneDevice(read("format = \"csv\"\nseparator = \";\"\nindex = 1" + is_lux)).value("1;2;3", lux),
            2);
  EXPECT_EQ(OneDevice(read("format = \"json_wrapped\"\nwrapper = \"/data\"\npath = \"/v\"" + is_lux))
                .value(R"({"data":"{\"v\":9}"})", lux),
            9);
  EXPECT_TRUE(std::isnan(OneDevice(read("path = \"/v\"" + is_lux)).value(R"({"v":"72"})", lux)));
}

TEST(ProfileForms, ConversionsAreThoseOfTheUnits) {
  const auto converted = [](const char* name, const char* capability, const char* raw) {
    return OneDevice(read("format = \"number\"\nconvert = \"" + std::string(name) + "\"\ncapability = \"" +
                          capability + "\""))
        .value(raw, *capability_from(capability));
  };
  EXPECT_NEAR(converted("percent_to_1", "device.battery", "40"), 0.4, 1e-12);
  EXPECT_NEAR(converted("db_to_1", "player.volume", "-20"), 0.1, 1e-12);
  EXPECT_NEAR(converted("rad_to_deg", "motion.gyro_dps.x", "3.14159265358979"), 180, 1e-9);
  EXPECT_NEAR(converted("g_to_mps2", "motion.accel_mps2.x", "1"), 9.80665, 1e-12);
  EXPECT_NEAR(converted("f_to_c", "env.temperature_c", "212"), 100, 1e-12);
  EXPECT_NEAR(converted("mired_to_k", "light.cct_k", "250"), 4000, 1e-9);
}

TEST(ProfileForms, ConditionsChooseAmongModes) {
  OneDevice either(
      read("path = \"/v\"\nwhen = [{ path = \"/m\", equals = [\"a\", \"b\"] }]\ncapability = \"env.lux\""));
  EXPECT_EQ(either.value(R"({"m":"b","v":1})", Capability::env_lux), 1);
  EXPECT_TRUE(std::isnan(either.value(R"({"m":"c","v":1})", Capability::env_lux)));
  EXPECT_TRUE(std::isnan(either.value(R"({"v":1})", Capability::env_lux)));
  OneDevice unless(read("path = \"/v\"\nselect_by = { path = \"/w\", not = 0 }\ncapability = \"env.lux\""));
  EXPECT_EQ(unless.value(R"({"v":1})", Capability::env_lux), 1);
  EXPECT_EQ(unless.value(R"({"w":3,"v":1})", Capability::env_lux), 1);
  EXPECT_TRUE(std::isnan(unless.value(R"({"w":0,"v":1})", Capability::env_lux)));
  OneDevice tagged(
      read("format = \"csv\"\nindex = 1\nwhen = [{ index = 0, equals = \"lx\" }]\ncapability = \"env.lux\""));
  EXPECT_EQ(tagged.value("lx,4", Capability::env_lux), 4);
  EXPECT_TRUE(std::isnan(tagged.value("db,4", Capability::env_lux)));
}

TEST(ProfileForms, AnyOtherValueAndTextsOfAMap) {
  OneDevice switched(
      read("format = \"text\"\nmap = { \"0\" = false, \"*\" = true }\ncapability = \"input.on\""));
  EXPECT_EQ(switched.value("0", Capability::input_on), 0);
  EXPECT_EQ(switched.value("17", Capability::input_on), 1);
  OneDevice named(read("format = \"text\"\nmap = { shake = \"vibration\" }\ncapability = \"motion.event\""));
  EXPECT_EQ(named.say("t", "shake").at(Capability::motion_event).text, "vibration");
}

TEST(ProfileForms, APlusStandsForOneLevel) {
  OneDevice device("[[read]]\ntopic = \"home/+/x\"\nformat = \"number\"\ncapability = \"env.lux\"\n");
  EXPECT_EQ(device.say("home/one/x", "1").count(Capability::env_lux), 1U);
  EXPECT_EQ(device.say("home/one/two/x", "1").size(), 0U);
  EXPECT_EQ(device.devices().refused(devices::Refusal::unknown_topic), 1U);
  ASSERT_EQ(device.devices().subscriptions().size(), 1U);
  EXPECT_EQ(device.devices().subscriptions()[0].filter, "home/+/x");
}

TEST(ProfileForms, AnErrorBesideAValueMakesItUnknownUntilItIsOver) {
  OneDevice device(read("format = \"number\"\nerror_topic = \"t/error\"\ncapability = \"env.lux\""));
  EXPECT_EQ(device.value("5", Capability::env_lux), 5);
  EXPECT_EQ(device.say("t/error", "r").at(Capability::env_lux).quality, Quality::unknown);
  EXPECT_EQ(device.say("t", "6").at(Capability::env_lux).quality, Quality::unknown);
  const auto again = device.say("t/error", "");
  EXPECT_EQ(again.at(Capability::env_lux).value, 6);
  EXPECT_EQ(again.at(Capability::env_lux).quality, Quality::good);
}

TEST(ProfileForms, ARetainedMessageLosesOnlyItsEvents) {
  OneDevice device(read("path = \"/action\"\ncapability = \"motion.event\"") +
                   read("path = \"/battery\"\ncounts_as_sample = false\ncapability = \"device.battery\""));
  const auto retained = device.say("t", R"({"action":"shake","battery":1})", true);
  EXPECT_EQ(retained.size(), 1U);
  EXPECT_EQ(retained.count(Capability::device_battery), 1U);
  const auto live = device.say("t", R"({"action":"shake","battery":1})");
  EXPECT_EQ(live.size(), 2U);
  EXPECT_FALSE(live.at(Capability::device_battery).live);
  EXPECT_TRUE(live.at(Capability::motion_event).live);
}

TEST(ProfileForms, TheSameEventOnASecondTopicIsTheSame) {
  OneDevice device(read("format = \"text\"\ncapability = \"motion.event\"") +
                   "[[read]]\ntopic = \"u\"\nformat = \"text\"\ncapability = \"motion.event\"\n");
  const Instant begin{std::chrono::seconds{9}};
  EXPECT_EQ(device.say("t", "shake", false, begin).size(), 1U);
  EXPECT_EQ(device.say("u", "shake", false, begin + std::chrono::milliseconds{20}).size(), 0U);
  EXPECT_EQ(device.say("t", "", false, begin + std::chrono::milliseconds{40}).size(), 0U);
  EXPECT_EQ(device.say("t", "shake", false, begin + std::chrono::seconds{2}).size(), 1U);
}

TEST(ProfileForms, PulseContactAndIntervalsOfOneMessageAreOneSample) {
  OneDevice device(read("path = \"/bpm\"\ncapability = \"hr.bpm\"") +
                   read("path = \"/worn\"\ncapability = \"hr.contact\"") +
                   read("path = \"/rr\"\nconvert = \"ms_to_s\"\ncapability = \"hr.rr_s\""));
  device.say("t", R"({"bpm":72,"worn":true,"rr":[800,750]})", false, Instant{std::chrono::seconds{4}});
  ASSERT_EQ(device.samples.size(), 1U);
  EXPECT_EQ(device.samples[0].bpm, 72.0);
  EXPECT_EQ(device.samples[0].contact, Contact::yes);
  ASSERT_EQ(device.samples[0].rr_count, 2);
  EXPECT_NEAR(device.samples[0].rr_1024[0] / 1024.0, 0.8, 1e-3);
  EXPECT_EQ(device.samples[0].stamp.t_us, 4'000'000);  // our clock, not theirs
  const auto seq = device.samples[0].stamp.seq;
  device.say("t", R"({"bpm":0})");
  ASSERT_EQ(device.samples.size(), 1U);
  EXPECT_FALSE(device.samples[0].bpm);
  EXPECT_EQ(device.samples[0].stamp.seq, seq + 1);
  device.say("t", R"({"battery":4})");
  EXPECT_TRUE(device.samples.empty());  // a message without a pulse is no sample
}

TEST(ProfileForms, PayloadsNestAndLeaveOutWhatIsNotCommanded) {
  OneDevice device(R"([[write]]
topic = "{id}/rpc"
payload = { id = 1, src = "me-{id}", params = { id = "{channel:int}", on = "{on:true|false}", level = "{level:int*100}", rgb = ["{light.rgb.r:int*255}", "{light.rgb.g:int*255}", "{light.rgb.b:int*255}"], deep = { k = "{k:int}" } } }
)");
  const auto level = device.send({{Capability::light_level, 0.5, {}}});
  ASSERT_EQ(level.size(), 1U);
  EXPECT_EQ(level[0].topic, "a/b/rpc");
  EXPECT_EQ(json_of(level[0].payload),
            json_of(R"({"id":1,"src":"me-a/b","params":{"id":2,"on":true,"level":50}})"));
  const auto colour = device.send({{Capability::light_hue_deg, 120, {}}, {Capability::light_sat, 1, {}}});
  ASSERT_EQ(colour.size(), 1U);
  EXPECT_EQ(json_of(colour[0].payload).at("params").at("rgb"), json_of("[0,255,0]"));
  EXPECT_TRUE(device.send({{Capability::player_volume, 0.5, {}}}).empty());
}

constexpr const char* grouped = R"(
[[write]]
topic = "all"
group = "light"
payload = "S {t:half_s_per_sweep}; D {level:int*100}; C {k:mired}"
[[write]]
topic = "level"
group = "light"
payload = "{level:int*100}"
[[write]]
topic = "warmth"
group = "light"
payload = "{k:mired}"
[[write]]
topic = "off"
group = "light"
payload = "{on:|OFF}"
)";

TEST(ProfileForms, OfAGroupAsFewAsPossibleGoOut) {
  OneDevice device(grouped);
  const Setting level{Capability::light_level, 0.5, {}}, warmth{Capability::light_cct_k, 4000, {}};
  ASSERT_EQ(device.send({level}).size(), 1U);
  EXPECT_EQ(device.send({level})[0].topic, "level");
  const auto both = device.send({level, warmth});
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(device.send({{Capability::light_on, 0, {}}}).at(0).payload, "OFF");
  EXPECT_EQ(device.send({level, warmth}, 1000).at(0).topic, "all");
}

TEST(ProfileForms, AFadeByTheWholeWayKnowsHowFarItHasToGo) {
  OneDevice device(grouped);
  const Setting warmth{Capability::light_cct_k, 4000, {}};
  const auto speed = [&](double level, int ms) {
    return device.send({{Capability::light_level, level, {}}, warmth}, ms).at(0).payload.substr(0, 5);
  };
  EXPECT_EQ(speed(0.5, 1000), "S 40;");  // from somewhere: as slow as it can
  EXPECT_EQ(speed(1.0, 1000), "S 4; ");  // half the way in 1 s: the whole in 2 s
  EXPECT_EQ(speed(0.9, 2000), "S 40;");  // a tenth in 2 s: the whole in 20 s
}

TEST(ProfileForms, AColourSurvivesTheWayThroughTheOthers) {
  for (const devices::Rgb rgb : {devices::Rgb{1, 0.5, 0}, {0.2, 1, 0.7}, {0, 0, 1}, {1, 1, 1}}) {
    const auto by_hue = devices::rgb_of(devices::hue_sat_of(rgb));
    const auto by_xy = devices::rgb_of(devices::xy_of(rgb));
    EXPECT_NEAR(by_hue.red, rgb.red, 1e-9);
    EXPECT_NEAR(by_hue.green, rgb.green, 1e-9);
    EXPECT_NEAR(by_hue.blue, rgb.blue, 1e-9);
    EXPECT_NEAR(by_xy.red, rgb.red, 2e-3);
    EXPECT_NEAR(by_xy.green, rgb.green, 2e-3);
    EXPECT_NEAR(by_xy.blue, rgb.blue, 2e-3);
  }
  const auto white = devices::xy_of({1, 1, 1});
  EXPECT_NEAR(white.x, 0.3127, 1e-3);
  EXPECT_NEAR(white.y, 0.3290, 1e-3);
}

TEST(ProfileForms, ColoursComeInEveryForm) {
  const auto red_of = [](const char* colour, const char* payload, bool json) {
    return OneDevice(read(std::string(json ? "path = \"/c\"\n" : "format = \"text\"\n") + "colour = \"" +
                          colour + "\""))
        .value(payload, Capability::light_red);
  };
  EXPECT_EQ(red_of("rgb", R"({"c":[255,0,0]})", true), 1);
  EXPECT_EQ(red_of("rgb", R"({"c":{"r":255,"g":0,"b":0}})", true), 1);
  EXPECT_EQ(red_of("rgb", R"({"c":"255,0,0"})", true), 1);
  EXPECT_EQ(red_of("hex", "#FF0000", false), 1);
  EXPECT_EQ(red_of("hex_white_last", "FF000080", false), 1);
  EXPECT_TRUE(std::isnan(red_of("hex", "#FF00", false)));
  EXPECT_TRUE(std::isnan(red_of("rgb", "256,0,0", false)));
  EXPECT_TRUE(std::isnan(red_of("tagged", "hsl,1,2,3", false)));
}

TEST(ProfileForms, AnAnswerIsTakenOnlyFromItsOwnDevice) {
  OneDevice device(R"([[write]]
topic = "x"
payload = "{relay.on:1|0}"
ack = { topic = "me/rpc", path = "/result", error_path = "/error", when = [{ path = "/src", equals = "{id}" }] }
)");
  EXPECT_EQ(device.say("me/rpc", R"({"src":"a/b","result":null,"x":1})").size(), 0U);
  EXPECT_EQ(device.say("me/rpc", R"({"src":"a/b","result":{}})").at(Capability::command_ack).value, 1);
  EXPECT_EQ(device.say("me/rpc", R"({"src":"a/b","error":{}})").at(Capability::command_ack).value, 0);
  EXPECT_EQ(device.say("me/rpc", R"({"src":"other","result":{}})").size(), 0U);
}

TEST(ProfileForms, HomieValuesAreHeldUntilTheDescriptionSaysWhatTheyAre) {
  OneDevice device(
      "[homie]\ndevice = \"lamp\"\nproperties = [{ capability = \"light.level\" }, { capability = "
      "\"light.cct_k\" }]\n");
  EXPECT_TRUE(device.say("homie/5/lamp/l/brightness", "128").empty());
  EXPECT_TRUE(device.send({{Capability::light_level, 1, {}}}).empty());
  const auto description = [](const char* format) {
    return R"({"nodes":{"l":{"properties":{"brightness":{"datatype":"integer","format":")" +
           std::string(format) + R"(","settable":true}}}}})";
  };
  const auto readings = device.say("homie/5/lamp/$description", description("0:256"));
  ASSERT_EQ(readings.count(Capability::light_level), 1U);
  EXPECT_EQ(readings.at(Capability::light_level).value, 0.5);
  EXPECT_EQ(device.send({{Capability::light_level, 1, {}}}).at(0).payload, "256");
  device.say("homie/5/lamp/$description", description("0:100"));  // it may change
  EXPECT_EQ(device.say("homie/5/lamp/l/brightness", "50").at(Capability::light_level).value, 0.5);
  EXPECT_EQ(device.send({{Capability::light_level, 1, {}}}).at(0).payload, "100");
  for (int i = 0; i < 1000; ++i) device.say("homie/5/lamp/l/p" + std::to_string(i), "1");
}

}  // namespace
}  // namespace rytme::test
