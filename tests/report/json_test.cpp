// SPDX-License-Identifier: Apache-2.0
// JSON against docs/export.schema.json by python3-jsonschema, and against what was put into the journal.
#include <fstream>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/report/export.hpp"
#include "tests/report/recorded.hpp"

namespace rytme::report {
namespace {

constexpr const char* script = R"py(
import json, sys, jsonschema
with open(sys.argv[1]) as file: schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
with open(sys.argv[2], encoding='utf-8') as file: session = json.load(file)
errors = list(jsonschema.Draft202012Validator(schema).iter_errors(session))
print(len(errors), errors[0].message[:200] if errors else '')
)py";

std::string problems(const std::string& json) {
  const journal::TemporaryFolder folder;
  std::ofstream(folder.path() / "s.json", std::ios::binary) << json;
  return python(script, RYTME_SOURCE "/docs/export.schema.json " + (folder.path() / "s.json").string());
}

class JsonTest : public testing::Test {
 protected:
  static Recorded& recorded() {
    static Recorded all;
    return all;
  }
};

TEST_F(JsonTest, EveryKindOfSessionIsValid) {
  for (const char* id : {"full", "other", "withdrawn", "empty", "open", "unrecorded"})
    EXPECT_EQ(problems(json(recorded().facts(id))), "0 \n") << id;
}

TEST_F(JsonTest, TheSchemaRefusesWhatIsNotAnExport) {
  std::string text = json(recorded().facts("other"));
  const auto at = text.find("\"schema\":1");
  text.replace(at, 10, "\"schema\":2");
  EXPECT_NE(problems(text).substr(0, 2), "0 ");
  std::string spelled = json(recorded().facts("full"));
  spelled.replace(spelled.find("\"confirmed\""), 11, "\"konfirmed\"");
  EXPECT_NE(problems(spelled).substr(0, 2), "0 ");
}

TEST_F(JsonTest, HoldsTheWaveformsBitByBit) {
  const auto all = boost::json::parse(json(recorded().facts("full")));
  std::size_t samples = 0, beats = 0;
  for (const auto& chunk : all.at("waveforms").as_array())
    for (const auto& frame : chunk.at("data").as_array()) {
      if (chunk.at("stream").as_string() == "heart") {
        for (const auto& rr : frame.at("rr").as_array())
          EXPECT_EQ(rr.to_number<std::uint16_t>(), recorded().rr.at(beats++));
        continue;
      }
      const auto sent = journal::motion_frame(frame.at("seq").to_number<std::uint64_t>(), 20);
      for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(frame.at("ax").at(i).to_number<float>(), sent.ax.at(i));
      samples += 20;
    }
  EXPECT_EQ(beats, recorded().rr.size());
  EXPECT_EQ(samples, recorded().motion_samples);
}

}  // namespace
}  // namespace rytme::report
