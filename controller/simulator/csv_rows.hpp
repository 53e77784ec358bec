// SPDX-License-Identifier: Apache-2.0
// A recording in a CSV file, plain or gzip, row by row: columns by name, lines that begin with # carry
// key=value. The header line says by its first , or ; or tab what separates; but for , a number may have a
// decimal comma. Memory is one line of at most 1 MiB, whatever the file is; a pipe is waited for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

struct gzFile_s;

namespace rytme::simulator {

// what() is one line for the user: the file, the line where there is one, and what is wrong.
struct CsvError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class CsvRows {
 public:
  // Reads as far as the header line. Everything here throws CsvError when the file cannot be read on, or has
  // more rows than most_rows.
  explicit CsvRows(const std::filesystem::path& path, std::size_t most_rows = SIZE_MAX);

  // Only the rows whose column holds the value are rows; the others are not looked at.
  void only(std::size_t column, std::string value);
  bool next();  // the next row; false: there is none
  std::size_t line() const { return line_number_; }
  const std::vector<std::string>& header() const { return header_; }
  const std::map<std::string, std::string>& notes() const { return notes_; }  // of the # lines so far

  std::optional<std::size_t> find(std::string_view name) const;  // throws when two have the name
  std::size_t column(std::string_view name) const;               // throws when it is not there

  // Of the present row; views hold until next().
  std::optional<std::string_view> cell(std::size_t column) const;  // nullopt: the row is shorter
  std::optional<double> number(std::size_t column) const;          // nullopt: no number, or none in a double
  double required(std::size_t column) const;                       // throws instead; may be NaN or infinite
  [[noreturn]] void fail_not_a_number(std::size_t column) const;

  [[noreturn]] void fail(const std::string& what) const;          // "FILE: what"
  [[noreturn]] void fail_in_line(const std::string& what) const;  // "FILE: line N: what"
  [[noreturn]] void fail_empty() const;                           // "FILE: has no rows"

 private:
  struct Close {
    void operator()(gzFile_s* file) const;
  };

  bool fill();
  bool read_line();
  bool next_line();  // that is neither empty nor a # line
  void read_header();
  void split();
  void check_width() const;
  bool is_wanted() const;
  void add_notes(std::string_view text);

  std::string file_;
  std::unique_ptr<gzFile_s, Close> in_;
  std::vector<char> buffer_;
  std::size_t at_{}, end_{};  // what of buffer_ is not yet read
  std::string line_;
  std::size_t line_number_{};
  std::size_t most_rows_{};
  std::size_t rows_{};
  char separator_{','};
  std::optional<std::size_t> only_column_;
  std::string only_value_;
  std::vector<std::string> header_;
  std::vector<std::string_view> cells_;  // of line_
  std::map<std::string, std::string> notes_;
};

// The whole text as a number with a decimal point; nullopt: it is none, or none in a double.
std::optional<double> number_of(std::string_view text);

// Text of a file for a message, in quotes: at most 40 bytes of it, ? for what is not ASCII.
std::string shown_text(std::string_view text);

}  // namespace rytme::simulator
