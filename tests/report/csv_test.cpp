// SPDX-License-Identifier: Apache-2.0
// CSV read back by Python's csv module.
#include <fstream>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/report/csv_table.hpp"
#include "controller/report/export.hpp"
#include "tests/report/recorded.hpp"

namespace rytme::report {
namespace {

namespace json = boost::json;

// The rows as objects, as a reader sees them who is told the separator and nothing else.
constexpr const char* script = R"py(
import csv, json, sys
with open(sys.argv[1], newline='', encoding='utf-8' if sys.argv[2] == ',' else 'utf-8-sig') as file:
    rows = list(csv.DictReader(file, delimiter=sys.argv[2], strict=True))
assert all(None not in row and None not in row.values() for row in rows), 'rows of different length'
print(json.dumps(rows))
)py";

json::array rows_of(const std::string& csv, const std::string& separator) {
  const journal::TemporaryFolder folder;
  std::ofstream(folder.path() / "s.csv", std::ios::binary) << csv;
  return json::parse(python(script, (folder.path() / "s.csv").string() + " '" + separator + "'")).as_array();
}

std::vector<json::object> of_kind(const json::array& rows, std::string_view kind) {
  std::vector<json::object> found;
  for (const auto& row : rows)
    if (row.at("kind").as_string() == json::string_view(kind.data(), kind.size()))
      found.push_back(row.as_object());
  return found;
}

std::string text(const json::object& row, const char* column) {
  return std::string(row.at(column).as_string());
}

class CsvTest : public testing::Test {
 protected:
  static Recorded& recorded() {
    static Recorded all;
    return all;
  }
};

TEST_F(CsvTest, AnotherReaderFindsEveryFact) {
  const auto facts = recorded().facts("full");
  const auto rows = rows_of(csv(facts, Separator::comma), ",");
  const auto readings = of_kind(rows, "reading");
  ASSERT_EQ(readings.size(), facts.readings.size());
  for (std::size_t i = 0; i < readings.size(); ++i) {
    EXPECT_EQ(text(readings[i], "t"), facts.readings[i].at.t);
    EXPECT_EQ(std::stod(text(readings[i], "mono_s")), facts.readings[i].at.mono_s);
    const auto* value = std::get_if<double>(&facts.readings[i].value);
    if (value == nullptr) continue;
    EXPECT_EQ(std::stod(text(readings[i], "value")), *value);
  }
  EXPECT_EQ(of_kind(rows, "heart").size(), recorded().rr.size());
  EXPECT_EQ(of_kind(rows, "rating").size(), 2U);
  ASSERT_EQ(of_kind(rows, "command").size(), facts.commands.size());
  EXPECT_EQ(text(of_kind(rows, "command")[2], "confirmed"), "0.34");
}

TEST_F(CsvTest, HostileTextsComeBackAndAreNoFormulas) {
  const auto rows = rows_of(csv(recorded().facts("full"), Separator::semicolon), ";");
  EXPECT_EQ(text(of_kind(rows, "reading")[0], "value"), "'=1+1;\"x\"\r\nline 🙂");
  const auto activity = json::parse(text(of_kind(rows, "event")[1], "data"));
  EXPECT_EQ(activity.at("id").as_string(), "=HYPERLINK(\"x\");\n\"quoted\" 🫁 – æøå");
  for (const char* formula : {"=1", "+1", "-1", "@x", "\tx", "\rx"})
    EXPECT_EQ(text_cell(formula), std::string("'") + formula);
  EXPECT_EQ(text_cell("a=1"), "a=1");
  EXPECT_EQ(text_cell("\xff\xe2\x82\xed\xa0\x80æ"),
            "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDæ");
}

TEST_F(CsvTest, SemicolonComesWithDecimalCommaAndByteOrderMark) {
  const std::string table = csv(recorded().facts("full"), Separator::semicolon);
  EXPECT_THAT(table, testing::StartsWith("\xEF\xBB\xBFkind;seq;t;mono_s;"));
  const auto rows = rows_of(table, ";");
  EXPECT_EQ(text(of_kind(rows, "command")[2], "commanded"), "0,35");
  EXPECT_EQ(text(of_kind(rows, "reading")[1], "value"), "70,25");
  EXPECT_EQ(csv(recorded().facts("full"), Separator::comma).substr(0, 9), "kind,seq,");
}

TEST_F(CsvTest, SaysWhereItIsFromAndWhatItIsNot) {
  std::map<std::string, std::string> head;
  for (const auto& row : of_kind(rows_of(csv(recorded().facts("full"), Separator::comma), ","), "session"))
    head[text(row, "channel")] = text(row, "value");
  EXPECT_EQ(head["software"], "0.1.0");
  EXPECT_EQ(head["formula_version"], "hrv-2");
  EXPECT_EQ(head["settings_hash"], "abc123");
  EXPECT_GT(std::stod(head["valid_share"]), 0.7);
  EXPECT_THAT(head["boundary_nb"], testing::StartsWith("Ikke medisinsk utstyr."));
}

TEST_F(CsvTest, SessionsWithLittleInThemAreTablesToo) {
  for (const char* id : {"empty", "open", "unrecorded", "withdrawn"}) {
    const auto rows = rows_of(csv(recorded().facts(id), Separator::comma), ",");
    EXPECT_GE(of_kind(rows, "session").size(), 10U) << id;
  }
}

}  // namespace
}  // namespace rytme::report
