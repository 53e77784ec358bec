// SPDX-License-Identifier: Apache-2.0
#include "controller/desk/line_diff.hpp"

#include <random>

#include <gmock/gmock.h>

namespace rytme::desk {
namespace {

using Kind = DiffLine::Kind;

std::string joined(const std::vector<DiffLine>& lines, Kind left_out) {
  std::string text;
  for (const auto& line : lines)
    if (line.kind != left_out) text += line.text;
  return text;
}

std::size_t edits(const std::vector<DiffLine>& lines) {
  return static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(), [](const auto& line) { return line.kind != Kind::same; }));
}

// Lines in common, by the table of every pair: slow, and another way.
std::size_t in_common(const std::vector<int>& a, const std::vector<int>& b) {
  std::vector<std::vector<std::size_t>> best(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < b.size(); ++j)
      best[i + 1][j + 1] = a[i] == b[j] ? best[i][j] + 1 : std::max(best[i][j + 1], best[i + 1][j]);
  return best[a.size()][b.size()];
}

std::string text_of(const std::vector<int>& letters) {
  std::string text;
  for (const int letter : letters) text += "line " + std::to_string(letter) + "\n";
  return text;
}

TEST(LineDiff, gives_both_texts_back_with_the_fewest_changes) {
  std::mt19937 random(20261130);
  const auto up_to = [&random](std::size_t most) { return random() % (most + 1); };
  for (int turn = 0; turn < 2000; ++turn) {
    std::vector<int> before(up_to(24)), after(up_to(24));
    const std::size_t letters = 1 + up_to(6);
    for (auto* all : {&before, &after})
      for (int& letter : *all) letter = static_cast<int>(up_to(letters));
    const auto lines = diff(text_of(before), text_of(after));
    ASSERT_EQ(joined(lines, Kind::added), text_of(before));
    ASSERT_EQ(joined(lines, Kind::removed), text_of(after));
    ASSERT_EQ(edits(lines), before.size() + after.size() - 2 * in_common(before, after));
  }
}

TEST(LineDiff, a_missing_line_end_is_a_difference) {
  const auto lines = diff("a\nb", "a\nb\n");
  EXPECT_EQ(joined(lines, Kind::added), "a\nb");
  EXPECT_EQ(joined(lines, Kind::removed), "a\nb\n");
  EXPECT_EQ(edits(lines), 2U);
  EXPECT_TRUE(diff("", "").empty());
  EXPECT_EQ(edits(diff("same\n", "same\n")), 0U);
}

TEST(LineDiff, of_very_different_texts_is_whole_and_does_not_take_long) {
  std::string before, after;
  for (int i = 0; i < 20'000; ++i) {
    before += "b" + std::to_string(i) + "\n";
    after += "a" + std::to_string(i) + "\n";
  }
  const auto lines = diff("top\n" + before, "top\n" + after);
  EXPECT_EQ(lines.front().kind, Kind::same);
  EXPECT_EQ(joined(lines, Kind::added), "top\n" + before);
  EXPECT_EQ(joined(lines, Kind::removed), "top\n" + after);
}

std::string shown(const std::vector<Hunk>& all) {
  std::string text;
  for (const auto& hunk : all) {
    text += "@" + std::to_string(hunk.before_line) + "," + std::to_string(hunk.after_line);
    for (const auto& line : hunk.lines)
      text += (line.kind == Kind::same    ? " "
               : line.kind == Kind::added ? "+"
                                          : "-") +
              line.text.substr(0, line.text.find('\n'));
    text += "\n";
  }
  return text;
}

TEST(LineDiff, hunks_show_what_changed_with_its_surroundings) {
  std::string before;
  for (int i = 1; i <= 20; ++i) before += std::to_string(i) + "\n";
  std::string after = before;
  after.replace(after.find("5\n"), 2, "five\n");
  after.replace(after.find("18\n"), 3, "");
  EXPECT_EQ(shown(hunks(diff(before, after), 2)), "@3,3 3 4-5+five 6 7\n@16,16 16 17-18 19 20\n");
  EXPECT_EQ(shown(hunks(diff(before, after), 6)),
            "@1,1 1 2 3 4-5+five 6 7 8 9 10 11 12 13 14 15 16 17-18 19 20\n");
  EXPECT_EQ(shown(hunks(diff("", "a\n"))), "@1,1+a\n");
  EXPECT_TRUE(hunks(diff(before, before)).empty());
}

}  // namespace
}  // namespace rytme::desk
