// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/csv_rows.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>

#include <zlib.h>

namespace rytme::simulator {
namespace {

constexpr std::size_t longest_line = std::size_t{1} << 20U;
constexpr std::string_view blank = " \r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blank);
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

// Takes the text up to the next `mark` from the front of `rest`; nothing is left behind the last one.
std::string_view take_until(std::optional<std::string_view>& rest, char mark) {
  const auto at = rest->find(mark);
  const auto taken = rest->substr(0, at);
  if (at == std::string_view::npos)
    rest.reset();
  else
    rest->remove_prefix(at + 1);
  return taken;
}

// The next cell of a line, without blanks and quotes; a separator between quotes separates nothing.
std::string_view take_cell(std::optional<std::string_view>& rest, char separator) {
  const auto start = rest->find_first_not_of(blank);
  if (start == std::string_view::npos || (*rest)[start] != '"') return trimmed(take_until(rest, separator));
  const auto close = rest->find('"', start + 1);
  if (close == std::string_view::npos) return trimmed(take_until(rest, separator));
  const auto inside = rest->substr(start + 1, close - start - 1);
  rest->remove_prefix(close + 1);
  const auto behind = trimmed(take_until(rest, separator));
  return behind.empty() ? inside : behind;
}

}  // namespace

std::optional<double> number_of(std::string_view text) {
  double value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string shown_text(std::string_view text) {
  constexpr std::size_t most = 40;
  std::string shown(text.substr(0, most));
  for (char& c : shown)
    if (c < ' ' || c > '~') c = '?';
  return '"' + shown + (text.size() > most ? "...\"" : "\"");
}

void CsvRows::Close::operator()(gzFile_s* file) const { gzclose(file); }

CsvRows::CsvRows(const std::filesystem::path& path, std::size_t most_rows)
    : file_(path.string()), buffer_(65'536), most_rows_(most_rows) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) fail("is a folder; expected a CSV file");
  errno = 0;
  in_.reset(gzopen(path.c_str(), "rb"));  // reads plain files too, as they are
  if (!in_) fail("cannot be opened: " + std::generic_category().message(errno));
  read_header();
}

void CsvRows::read_header() {
  if (!next_line()) fail("is empty: no header line");
  const auto at = line_.find_first_of(",;\t");
  if (at != std::string::npos) separator_ = line_[at];
  split();
  header_.assign(cells_.begin(), cells_.end());
}

bool CsvRows::fill() {
  const int size = gzread(in_.get(), buffer_.data(), static_cast<unsigned>(buffer_.size()));
  int error{};
  gzerror(in_.get(), &error);
  if (error == Z_ERRNO) fail("cannot be read: " + std::generic_category().message(errno));
  if (size < 0 || error != Z_OK) fail("is damaged or cut short");
  at_ = 0;
  end_ = static_cast<std::size_t>(size);
  return size > 0;
}

bool CsvRows::read_line() {
  line_.clear();
  bool any = false;
  while (at_ < end_ || fill()) {
    any = true;
    const char* begin = buffer_.data() + at_;
    const auto* newline = static_cast<const char*>(std::memchr(begin, '\n', end_ - at_));
    const std::size_t size = newline != nullptr ? static_cast<std::size_t>(newline - begin) : end_ - at_;
    line_.append(begin, size);
    at_ += size + (newline != nullptr ? 1 : 0);
    if (newline != nullptr || line_.size() > longest_line) break;
  }
  if (!any) return false;
  ++line_number_;
  if (line_.size() > longest_line) fail_in_line("is longer than 1 MiB; expected a CSV file");
  return true;
}

bool CsvRows::next_line() {
  while (read_line()) {
    if (line_number_ == 1) {
      if (line_.starts_with("\xff\xfe") || line_.starts_with("\xfe\xff"))
        fail("is UTF-16 text; save it as UTF-8");
      if (line_.starts_with("\xef\xbb\xbf")) line_.erase(0, 3);
    }
    const auto text = trimmed(line_);
    if (text.find_first_not_of('\t') == std::string_view::npos) continue;
    if (text.front() != '#') return true;
    add_notes(text.substr(1));
  }
  return false;
}

void CsvRows::only(std::size_t column, std::string value) {
  only_column_ = column;
  only_value_ = std::move(value);
}

bool CsvRows::next() {
  do {
    if (!next_line()) return false;
    split();
    check_width();
  } while (!is_wanted());
  if (++rows_ > most_rows_) fail("has more than " + std::to_string(most_rows_) + " rows");
  return true;
}

bool CsvRows::is_wanted() const {
  if (!only_column_) return true;
  if (*only_column_ >= cells_.size()) fail_in_line(header_[*only_column_] + " is missing");
  return cells_[*only_column_] == only_value_;
}

// 0,8,800 under t_s,rr_ms is a decimal comma, and every number of it would be a wrong one.
void CsvRows::check_width() const {
  for (std::size_t i = header_.size(); i < cells_.size(); ++i)
    if (!cells_[i].empty())
      fail_in_line("has " + std::to_string(cells_.size()) + " cells, the header " +
                   std::to_string(header_.size()) + "; with decimal commas the cells are separated by ;");
}

void CsvRows::split() {
  cells_.clear();
  for (std::optional<std::string_view> rest = line_; rest;) cells_.push_back(take_cell(rest, separator_));
}

// " t0_s=-10.000 fs_hz=32 unit=1/64 g": a word without = belongs to the value before it.
void CsvRows::add_notes(std::string_view text) {
  std::string* value = nullptr;
  for (std::optional rest(text); rest;) {
    const auto token = take_until(rest, ' ');
    const auto equals = token.find('=');
    if (equals != std::string_view::npos) {
      value = &notes_[std::string(token.substr(0, equals))];
      *value = token.substr(equals + 1);
    } else if (value != nullptr && !token.empty()) {
      value->append(" ").append(token);
    }
  }
}

std::optional<std::size_t> CsvRows::find(std::string_view name) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  if (found == header_.end()) return std::nullopt;
  if (std::find(found + 1, header_.end(), name) != header_.end())
    fail("has two columns " + std::string(name));
  return static_cast<std::size_t>(found - header_.begin());
}

std::size_t CsvRows::column(std::string_view name) const {
  if (const auto found = find(name)) return *found;
  std::string all;
  for (std::size_t i = 0; i < header_.size() && i < 8; ++i)
    all += (i > 0 ? ", " : "") + shown_text(header_[i]);
  fail("has no column " + std::string(name) + "; it has " + all + (header_.size() > 8 ? ", ..." : ""));
}

std::optional<std::string_view> CsvRows::cell(std::size_t column) const {
  return column < cells_.size() ? std::optional(cells_[column]) : std::nullopt;
}

std::optional<double> CsvRows::number(std::size_t column) const {
  const auto text = cell(column);
  if (!text) return std::nullopt;
  if (separator_ == ',' || text->find(',') == std::string_view::npos) return number_of(*text);
  std::string with_point(*text);
  std::replace(with_point.begin(), with_point.end(), ',', '.');
  return number_of(with_point);
}

double CsvRows::required(std::size_t column) const {
  if (const auto value = number(column)) return *value;
  fail_not_a_number(column);
}

void CsvRows::fail_not_a_number(std::size_t column) const {
  const auto text = cell(column);
  fail_in_line(header_[column] +
               (text ? " is not a number: " + shown_text(*text) : std::string(" is missing")));
}

void CsvRows::fail(const std::string& what) const { throw CsvError(file_ + ": " + what); }

void CsvRows::fail_empty() const {
  fail(only_column_ ? "has no rows with " + header_[*only_column_] + "=" + only_value_ : "has no rows");
}

void CsvRows::fail_in_line(const std::string& what) const {
  fail("line " + std::to_string(line_number_) + ": " + what);
}

}  // namespace rytme::simulator
