// SPDX-License-Identifier: Apache-2.0
// Heart samples: every case of the 0x2A37 fixture, the JSON of the nodes, and the zeros of lost contact.
#include <gtest/gtest.h>

#include "tests/devices/bench.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::test {
namespace {

using boost::json::value;

constexpr const char* straps = R"(
[[device]]
id = "raw"
place = "heart.1"
profile = "heart-rate-2a37"
params = { topic = "gateway/strap" }
[[device]]
id = "node"
place = "heart.2"
profile = "rytme-heart"
params = { node = "strap1" }
)";
constexpr const char* sample_topic = "homie/5/strap1/hr/sample";

void expect_sample(const HeartSample& sample, const value& expect, const std::string& id) {
  const double bpm = expect.at("hr.bpm").to_number<double>();
  if (bpm == 0 || bpm == 255)
    EXPECT_FALSE(sample.bpm) << id;
  else
    EXPECT_EQ(sample.bpm, bpm) << id;
  if (const auto* contact = expect.as_object().if_contains("hr.contact")) {
    const Contact wanted = contact->is_null()   ? Contact::unsupported
                           : contact->as_bool() ? Contact::yes
                                                : Contact::no;
    EXPECT_EQ(sample.contact, wanted) << id;
  }
  const auto* intervals = expect.as_object().if_contains("hr.rr_s");
  if (intervals == nullptr) return;
  ASSERT_EQ(sample.rr_count, intervals->as_array().size()) << id;
  for (std::size_t i = 0; i < sample.rr_count; ++i)
    EXPECT_DOUBLE_EQ(sample.rr_1024[i] / 1024.0, intervals->as_array()[i].to_number<double>()) << id;
}

TEST(SharedHeart, Cases) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  const value fixture = shared_json("devices/ble/hrm_2a37.json");
  int compared = 0;
  for (const value& item : fixture.at("cases").as_array()) {
    const std::string id = text_of(item.at("id"));
    const value& expect = item.at("expect");
    Bench bench(straps);
    const auto out = bench.say("gateway/strap", text_of(item.at("hex")));
    ++compared;
    const bool broken = !expect.as_object().contains("hr.bpm");
    EXPECT_EQ(out.size(), broken ? 0U : 1U) << id;
    const bool counted = broken || expect.as_object().contains("frame_error");
    EXPECT_EQ(bench.devices().refused(devices::Refusal::malformed), counted ? 1U : 0U) << id;
    if (!broken) expect_sample(std::get<HeartSample>(out.at(0)), expect, id);
  }
  EXPECT_GE(compared, 10);
}

TEST(Heart, SixteenBitRateAndEnergyAreReadInOrder) {
  Bench bench(straps);
  const auto out = bench.say("gateway/strap", "19 48 00 10 27 00 04");  // 16-bit 72, energy, RR 1024
  ASSERT_EQ(out.size(), 2U);
  EXPECT_EQ(bench.last(Capability::hr_energy_kj), 10000.0);
  const auto& sample = std::get<HeartSample>(out[1]);
  EXPECT_EQ(sample.bpm, 72.0);
  ASSERT_EQ(sample.rr_count, 1);
  EXPECT_EQ(sample.rr_1024[0], 1024);
}

TEST(Heart, NodeSampleCarriesStampAndIntervals) {
  Bench bench(straps);
  const auto out = bench.say(
      sample_topic,
      R"({"v":1,"boot":"9f2c","seq":88,"t_us":123456789,"bpm":72,"contact":true,"rr":[816,814],"raw":"164830032E03"})");
  ASSERT_EQ(out.size(), 1U) << bench.devices().last_refusal();
  const auto& sample = std::get<HeartSample>(out[0]);
  EXPECT_EQ(sample.device, 1);
  EXPECT_EQ(sample.stamp.boot, "9f2c");
  EXPECT_EQ(sample.stamp.seq, 88U);
  EXPECT_EQ(sample.stamp.t_us, 123456789);
  EXPECT_EQ(sample.bpm, 72.0);
  EXPECT_EQ(sample.contact, Contact::yes);
  ASSERT_EQ(sample.rr_count, 2);
  EXPECT_EQ(sample.rr_1024[1], 814);
}

TEST(Heart, NodeSampleWithoutRawIsTakenFromItsFields) {
  Bench bench(straps);
  const auto out =
      bench.say(sample_topic, R"({"v":1,"boot":"a","seq":1,"t_us":5,"bpm":64,"contact":false,"rr":[960]})");
  ASSERT_EQ(out.size(), 1U);
  const auto& sample = std::get<HeartSample>(out[0]);
  EXPECT_EQ(sample.bpm, 64.0);
  EXPECT_EQ(sample.contact, Contact::no);
  EXPECT_EQ(sample.rr_1024[0], 960);
  EXPECT_EQ(sample.stamp.seq, 1U);
}

TEST(Heart, RawThatDisagreesWithTheFieldsIsRefused) {
  Bench bench(straps);
  for (const char* payload :
       {R"({"v":1,"boot":"a","seq":1,"t_us":5,"bpm":73,"contact":true,"rr":[816,814],"raw":"164830032E03"})",
        R"({"v":1,"boot":"a","seq":1,"t_us":5,"bpm":72,"contact":false,"rr":[816,814],"raw":"164830032E03"})",
        R"({"v":1,"boot":"a","seq":1,"t_us":5,"bpm":72,"contact":true,"rr":[816],"raw":"164830032E03"})"})
    EXPECT_TRUE(bench.say(sample_topic, payload).empty()) << payload;
  EXPECT_EQ(bench.devices().refused(devices::Refusal::malformed), 3U);
}

TEST(Heart, ZeroAnd255AndImplausibleAreNoPulse) {
  Bench bench(straps);
  for (const char* bpm : {"0", "255", "null", "12", "240"}) {
    const auto out =
        bench.say(sample_topic, R"({"v":1,"boot":"a","seq":1,"t_us":5,"bpm":)" + std::string(bpm) + "}");
    ASSERT_EQ(out.size(), 1U) << bpm;
    EXPECT_FALSE(std::get<HeartSample>(out[0]).bpm) << bpm;
  }
}

TEST(Heart, ZeroBurstNeverRepeatsTheLastPulse) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  const value faults = shared_json("devices/faults/faults_open.json");
  int samples = 0;
  for (const value& fault : faults.at("faults").as_array()) {
    if (text_of(fault.at("id")) != "hr_zero_burst" && text_of(fault.at("id")) != "hr_zero") continue;
    Bench bench(straps);
    for (const value& step : fault.at("stimulus").as_array()) {
      const std::string bpm = text_of(step.at(2));
      const auto out = bench.say(sample_topic, R"({"v":1,"boot":"a","seq":1,"t_us":5,"bpm":)" + bpm + "}");
      ASSERT_EQ(out.size(), 1U);
      EXPECT_EQ(std::get<HeartSample>(out[0]).bpm.has_value(), bpm != "0");
      ++samples;
    }
  }
  EXPECT_EQ(samples, 9);
  EXPECT_EQ(Bench(straps).devices().ttl_s(1, Capability::hr_sample), 5);
}

TEST(Heart, RetainedSampleIsNeverLive) {
  Bench bench(straps);
  EXPECT_TRUE(bench.say("gateway/strap", "00 48", true).empty());
  EXPECT_TRUE(bench.say(sample_topic, R"({"v":1,"boot":"a","seq":1,"t_us":5,"bpm":64})", true).empty());
  EXPECT_EQ(bench.devices().refused(devices::Refusal::retained), 2U);
}

}  // namespace
}  // namespace rytme::test
