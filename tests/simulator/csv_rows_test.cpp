// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/csv_rows.hpp"

#include <cmath>
#include <fstream>
#include <functional>

#include <gmock/gmock.h>
#include <unistd.h>

#include "controller/simulator/table.hpp"

namespace rytme::simulator {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CsvRowsTest : public testing::Test {
 protected:
  void SetUp() override {
    file_ = std::filesystem::temp_directory_path() /
            ("rytme-csv-" + std::to_string(getpid()) + "-" +
             testing::UnitTest::GetInstance()->current_test_info()->name());
  }
  void TearDown() override { std::filesystem::remove(file_); }

  const std::filesystem::path& file(const std::string& text) {
    std::ofstream(file_, std::ios::binary) << text;
    return file_;
  }
  std::vector<double> column_a(const std::string& text) {
    CsvRows rows(file(text));
    const auto a = rows.column("a");
    std::vector<double> numbers;
    while (rows.next()) numbers.push_back(rows.required(a));
    return numbers;
  }
  // The one line of what goes wrong, without the file's name in front.
  std::string refusal(const std::function<void()>& reading) {
    try {
      reading();
    } catch (const CsvError& error) {
      const std::string line = error.what();
      EXPECT_THAT(line, testing::StartsWith(file_.string() + ": "));
      EXPECT_EQ(line.find('\n'), std::string::npos);
      return line.substr(std::min(line.size(), file_.string().size() + 2));
    }
    return "";
  }
  std::string refusal(const std::string& text) {
    return refusal([&] { column_a(text); });
  }

  std::filesystem::path file_;
};

TEST_F(CsvRowsTest, WhateverTheSpreadsheetWroteTheNumbersAreTheSame) {
  for (const std::string text :
       {"b,a\n1,0.5\n2,-7e1\n",
        "\xef\xbb\xbf"
        "a\n0.5\n-70",
        "b;a\r\n1;0,5\r\n2;-70\r\n", "a\tb\n0,5\t1\n-70\t2\n", "\"b\",\"a\"\n\"x, y\",\"0.5\"\n,-70\n",
        " b , a \n\n# pause\n1 , 0.5 \n2,-70,\n"})
    EXPECT_THAT(column_a(text), ElementsAre(0.5, -70)) << text;
}

TEST_F(CsvRowsTest, NotesStandInLinesWithAHash) {
  CsvRows rows(file("# t0_s=-10 unit=1/64 g\na\n1\n#late=yes\n"));
  EXPECT_EQ(rows.notes().at("t0_s"), "-10");
  EXPECT_EQ(rows.notes().at("unit"), "1/64 g");
  while (rows.next()) {
  }
  EXPECT_EQ(rows.notes().at("late"), "yes");
}

TEST_F(CsvRowsTest, ARowThatIsNotWantedIsNotLookedAt) {
  CsvRows rows(file("a,kind\nx,walk\n1,rest\n2,\n"));
  rows.only(rows.column("kind"), "rest");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.required(rows.column("a")), 1);
  EXPECT_EQ(rows.line(), 3U);
  EXPECT_FALSE(rows.next());
}

TEST_F(CsvRowsTest, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(refusal(""), "is empty: no header line");
  EXPECT_EQ(refusal("# only=notes\n"), "is empty: no header line");
  EXPECT_EQ(refusal("A,b\n"), "has no column a; it has \"A\", \"b\"");
  EXPECT_EQ(refusal("a,b,a\n1,2,3\n"), "has two columns a");
  EXPECT_EQ(refusal("b,a\n1,2\n3\n"), "line 3: a is missing");
  EXPECT_EQ(refusal("a\n1\n80x\n"), "line 3: a is not a number: \"80x\"");
  EXPECT_EQ(refusal("a\n1e999\n"), "line 2: a is not a number: \"1e999\"");
  EXPECT_EQ(refusal("a;b\n1.234,5;0\n"), "line 2: a is not a number: \"1.234,5\"");
  EXPECT_THAT(refusal("a,b\n1,2\n0,8,800,0\n"), HasSubstr("line 3: has 4 cells, the header 2"));
  EXPECT_THAT(refusal("\xff\xfe"
                      "a\n"),
              HasSubstr("UTF-16"));
}

TEST_F(CsvRowsTest, WhatIsNoTableIsToldShortlyAndWithoutItsBytes) {
  EXPECT_EQ(refusal("a\n" + std::string(500, '8') + "x\n"),
            "line 2: a is not a number: \"" + std::string(40, '8') + "...\"");
  EXPECT_THAT(refusal(std::string("\x1b[31m\x07\xf0", 7) + ",b\n"), HasSubstr("it has \"?[31m??\", \"b\""));
  EXPECT_EQ(refusal("a\n" + std::string(3U << 20U, '8') + "\n"),
            "line 2: is longer than 1 MiB; expected a CSV file");
}

// Endless, and without a single end of line.
TEST_F(CsvRowsTest, ADeviceThatNeverEndsIsRefusedAtOnce) {
  file_ = "/dev/zero";
  EXPECT_EQ(refusal([] { CsvRows("/dev/zero"); }), "line 1: is longer than 1 MiB; expected a CSV file");
  file_ = std::filesystem::temp_directory_path() / "rytme-csv-none";
}

TEST_F(CsvRowsTest, AFolderAndAFileThatIsNotThereAreNamedAsSuch) {
  file_ = std::filesystem::temp_directory_path();
  EXPECT_EQ(refusal([&] { CsvRows rows(file_); }), "is a folder; expected a CSV file");
  file_ /= "rytme-csv-none";
  EXPECT_EQ(refusal([&] { CsvRows rows(file_); }), "cannot be opened: No such file or directory");
}

TEST_F(CsvRowsTest, MoreRowsThanAskedForAreRefused) {
  EXPECT_EQ(refusal([&] {
              CsvRows rows(file("a\n1\n2\n3\n"), 2);
              while (rows.next()) {
              }
            }),
            "has more than 2 rows");
}

TEST_F(CsvRowsTest, ATableHoldsNaNWhereThereIsNoNumber) {
  const auto table = read_table(file("# fs_hz=4\na,b,,\n1,x\n2\n"));
  EXPECT_THAT(table.numbers("a"), ElementsAre(1, 2));
  EXPECT_TRUE(std::isnan(table.columns.find("b")->second.at(1)));
  EXPECT_EQ(table.note("fs_hz"), 4);
}

}  // namespace
}  // namespace rytme::simulator
