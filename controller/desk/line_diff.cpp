// SPDX-License-Identifier: Apache-2.0
#include "controller/desk/line_diff.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <iterator>
#include <span>

namespace rytme::desk {
namespace {

using Kind = DiffLine::Kind;
using Lines = std::vector<std::string_view>;
using Part = std::span<const std::string_view>;

constexpr int most_edits = 1000;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::size_t length = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

int size_of(Part part) { return static_cast<int>(part.size()); }
std::string_view line(Part part, int at) { return part[static_cast<std::size_t>(at)]; }

// How many lines of `before` each diagonal (its lines minus those of `after`) has come to with so many edits;
// -1: it cannot be reached with them.
class Reach {
 public:
  explicit Reach(int edits) : edits_(edits), at_(static_cast<std::size_t>(2 * edits + 3), -1) {}
  int& at(int diagonal) { return at_[place(diagonal)]; }
  int at(int diagonal) const { return at_[place(diagonal)]; }
  // From here with one edit more: whether that is an added line rather than a removed one.
  bool adds(int diagonal) const {
    if (diagonal <= -edits_ - 1) return true;
    if (diagonal >= edits_ + 1) return false;
    return at(diagonal - 1) < at(diagonal + 1);
  }
  // And how many lines of `before` that edit leaves behind.
  int after_edit(int diagonal) const { return adds(diagonal) ? at(diagonal + 1) : at(diagonal - 1) + 1; }

 private:
  std::size_t place(int diagonal) const {
    const int from_first = diagonal + edits_ + 1;
    return static_cast<std::size_t>(from_first);
  }
  int edits_;
  std::vector<int> at_;
};

int along_same(Part before, Part after, int x, int diagonal) {
  while (x < size_of(before) && x - diagonal < size_of(after) && line(before, x) == line(after, x - diagonal))
    ++x;
  return x;
}

// The reaches with 0, 1, 2 … edits, up to the number that does; empty: too many.
std::vector<Reach> reaches(Part before, Part after) {
  std::vector<Reach> all;
  const int end = size_of(before) - size_of(after);
  for (int edits = 0; edits <= most_edits; ++edits) {
    Reach now(edits);
    for (int diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const int from = edits == 0 ? 0 : all.back().after_edit(diagonal);
      now.at(diagonal) = along_same(before, after, from, diagonal);
    }
    all.push_back(std::move(now));
    if (std::abs(end) <= edits && all.back().at(end) >= size_of(before)) return all;
  }
  return {};
}

void add(std::vector<DiffLine>& out, Kind kind, std::string_view text) {
  out.push_back({kind, std::string(text)});
}

void replace_all(Part before, Part after, std::vector<DiffLine>& out) {
  for (const auto text : before) add(out, Kind::removed, text);
  for (const auto text : after) add(out, Kind::added, text);
}

// Walked from the end to the beginning, then turned round.
void walk(Part before, Part after, const std::vector<Reach>& all, std::vector<DiffLine>& out) {
  std::vector<DiffLine> backwards;
  int x = size_of(before), y = size_of(after);
  for (std::size_t edits = all.size() - 1; edits > 0; --edits) {
    const Reach& last = all[edits - 1];
    const int diagonal = x - y;
    const bool adds = last.adds(diagonal);
    for (const int after_edit = last.after_edit(diagonal); x > after_edit; --x, --y)
      add(backwards, Kind::same, line(before, x - 1));
    if (adds)
      add(backwards, Kind::added, line(after, --y));
    else
      add(backwards, Kind::removed, line(before, --x));
  }
  for (; x > 0; --x) add(backwards, Kind::same, line(before, x - 1));
  std::move(backwards.rbegin(), backwards.rend(), std::back_inserter(out));
}

}  // namespace

std::vector<DiffLine> diff(std::string_view before_text, std::string_view after_text) {
  const Lines before = lines_of(before_text), after = lines_of(after_text);
  const auto [left, right] = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  const auto begin = static_cast<std::size_t>(left - before.begin());
  const auto common = std::min(before.size(), after.size()) - begin;
  std::size_t end = 0;
  while (end < common && before[before.size() - 1 - end] == after[after.size() - 1 - end]) ++end;

  std::vector<DiffLine> out;
  for (std::size_t i = 0; i < begin; ++i) add(out, Kind::same, before[i]);
  const Part mine = Part(before).subspan(begin, before.size() - begin - end);
  const Part other = Part(after).subspan(begin, after.size() - begin - end);
  const auto all = reaches(mine, other);
  all.empty() ? replace_all(mine, other, out) : walk(mine, other, all, out);
  for (std::size_t i = before.size() - end; i < before.size(); ++i) add(out, Kind::same, before[i]);
  return out;
}

std::vector<Hunk> hunks(const std::vector<DiffLine>& lines, int context) {
  std::vector<Hunk> all;
  int before = 1, after = 1, same = 0;
  bool open = false;
  std::vector<DiffLine> waiting;  // unchanged ones that may come before a change
  for (const DiffLine& one : lines) {
    if (one.kind == Kind::same) {
      ++same;
      if (open && same <= context)
        all.back().lines.push_back(one);
      else
        waiting.push_back(one);
      if (static_cast<int>(waiting.size()) > context) {
        waiting.erase(waiting.begin());
        open = false;
      }
    } else {
      const int lead = static_cast<int>(waiting.size());
      if (!open) all.push_back({before - lead, after - lead, {}});
      std::move(waiting.begin(), waiting.end(), std::back_inserter(all.back().lines));
      waiting.clear();
      all.back().lines.push_back(one);
      open = true;
      same = 0;
    }
    before += one.kind != Kind::added ? 1 : 0;
    after += one.kind != Kind::removed ? 1 : 0;
  }
  return all;
}

}  // namespace rytme::desk
