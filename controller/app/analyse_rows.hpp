// SPDX-License-Identifier: Apache-2.0
// What the `rytme analyse` commands have in common: which rows of a file are wanted, what is said of the
// others, and how they fail.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

namespace rytme::app {

// --where column=value. column "": every row.
struct RowFilter {
  std::string column, value;
};

// "column=value"; nullopt: not of that form.
std::optional<RowFilter> parse_filter(const std::string& text);

// Counts the rows of a file that say less than they should, for one line each to the user.
class RowWatch {
 public:
  void row() { ++rows_; }
  void without_value(std::size_t line);  // no number, or one that cannot be
  void time(double t_s, std::size_t line);
  void tell(const std::filesystem::path& file, std::ostream& err) const;

 private:
  struct Count {
    std::size_t count{}, first_line{};
    void add(std::size_t line);
  };

  std::size_t rows_{}, times_{};
  Count without_value_, back_, far_;
  std::optional<double> first_s_, latest_s_;
};

// 0 when `analysis` returned; else what it threw as one line to `err`, and 2.
int guarded_analysis(std::ostream& err, const std::function<void()>& analysis);

}  // namespace rytme::app
