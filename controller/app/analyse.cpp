// SPDX-License-Identifier: Apache-2.0
#include "controller/app/analyse.hpp"

#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "controller/signals/analyse_heart.hpp"

namespace rytme::app {

namespace {

namespace json = boost::json;

// The file cannot be read as asked; what() is the one line for the user.
struct Unusable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r";
  const auto first = text.find_first_not_of(blank);
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

void split(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  for (auto comma = line.find(','); comma != std::string_view::npos; comma = line.find(',')) {
    fields.push_back(trimmed(line.substr(0, comma)));
    line.remove_prefix(comma + 1);
  }
  fields.push_back(trimmed(line));
}

// Where the wanted columns are.
struct Columns {
  std::size_t rr_ms{};
  std::optional<std::size_t> t_s;
  std::optional<std::size_t> where;
};

std::optional<std::size_t> find(const std::vector<std::string_view>& header, std::string_view name) {
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i] == name) {
      return i;
    }
  }
  return std::nullopt;
}

class HeartFile {
 public:
  explicit HeartFile(const HeartRequest& request) : request_(request) {}

  std::vector<signals::Beat> read() {
    std::ifstream in(request_.file);
    if (!in) {
      throw Unusable("cannot be read");
    }
    for (std::string line; std::getline(in, line);) {
      ++line_;
      const auto text = trimmed(line);
      if (!text.empty() && text.front() != '#') {
        take(text);
      }
    }
    if (in.bad()) {
      throw Unusable("cannot be read");
    }
    if (!columns_) {
      throw Unusable("is empty: no header line");
    }
    if (beats_.empty()) {
      throw Unusable(
          request_.where_column.empty()
              ? std::string("has no rows")
              : fmt::format("has no rows with {}={}", request_.where_column, request_.where_value));
    }
    return std::move(beats_);
  }

 private:
  void take(std::string_view text) {
    split(text, fields_);
    if (!columns_) {
      columns_ = header();
      return;
    }
    if (columns_->where && field(*columns_->where, request_.where_column) != request_.where_value) {
      return;
    }
    signals::Beat beat{.rr_ms = number(columns_->rr_ms, "rr_ms"), .t_s = {}};
    if (columns_->t_s) {
      beat.t_s = number(*columns_->t_s, "t_s");
    }
    beats_.push_back(beat);
  }

  Columns header() const {
    const auto rr_ms = find(fields_, "rr_ms");
    if (!rr_ms) {
      throw Unusable("has no column rr_ms");
    }
    Columns columns{.rr_ms = *rr_ms, .t_s = find(fields_, "t_s"), .where = {}};
    if (!request_.where_column.empty()) {
      columns.where = find(fields_, request_.where_column);
      if (!columns.where) {
        throw Unusable(fmt::format("has no column {}", request_.where_column));
      }
    }
    return columns;
  }

  std::string_view field(std::size_t column, std::string_view name) const {
    if (column >= fields_.size()) {
      throw Unusable(fmt::format("line {}: {} is missing", line_, name));
    }
    return fields_[column];
  }

  double number(std::size_t column, std::string_view name) const {
    const auto text = field(column, name);
    double value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
      throw Unusable(fmt::format("line {}: {} is not a number: \"{}\"", line_, name, text));
    }
    return value;
  }

  const HeartRequest& request_;
  std::optional<Columns> columns_;
  std::vector<std::string_view> fields_;  // of the present line
  std::size_t line_{};
  std::vector<signals::Beat> beats_;
};

json::value or_null(const std::optional<double>& value) {
  return value ? json::value(*value) : json::value();
}

json::object to_json(const signals::HeartStatistics& s) {
  return {{"n", s.n},
          {"hr_bpm", or_null(s.hr_bpm)},
          {"rmssd_ms", or_null(s.rmssd_ms)},
          {"ln_rmssd", or_null(s.ln_rmssd)},
          {"sdnn_ms", or_null(s.sdnn_ms)},
          {"pnn50_pct", or_null(s.pnn50_pct)}};
}

json::object to_json(const signals::HeartWindow& window) {
  json::object clean = to_json(window.clean);
  clean["accepted_share"] = window.accepted_share;
  clean["pairs_share"] = window.pairs_share;
  clean["valid"] = window.valid;
  clean["reason"] = window.reason;
  return {{"from_s", window.from_s}, {"to_s", window.to_s}, {"raw", to_json(window.raw)}, {"clean", clean}};
}

json::value to_json(const std::optional<signals::BandPower>& power) {
  if (!power) {
    return nullptr;
  }
  return {{"lf_ms2", power->lf_ms2}, {"hf_ms2", power->hf_ms2}, {"lf_hf", or_null(power->lf_hf)}};
}

json::array to_json_with_spectrum(const std::vector<signals::HeartWindow>& windows) {
  json::array array;
  for (const auto& window : windows) {
    json::object object = to_json(window);
    object["spectrum"] = to_json(window.spectrum);
    array.push_back(std::move(object));
  }
  return array;
}

json::array to_json(const std::vector<signals::HeartWindow>& windows) {
  json::array array;
  for (const auto& window : windows) {
    array.push_back(to_json(window));
  }
  return array;
}

std::string_view name_of(signals::BeatFlag kind) {
  switch (kind) {
    case signals::BeatFlag::ectopic:
      return "ectopic";
    case signals::BeatFlag::missed:
      return "missed";
    case signals::BeatFlag::extra:
      return "extra";
    case signals::BeatFlag::longshort:
      return "longshort";
  }
  return "";
}

json::object to_json(const signals::HeartAnalysis& analysis) {
  json::array flags;
  for (const auto& flag : analysis.flags) {
    flags.push_back({{"i", flag.i}, {"kind", name_of(flag.kind)}});
  }
  return {{"n", analysis.n},
          {"record", to_json(analysis.record)},
          {"windows_300s", to_json_with_spectrum(analysis.windows_300s)},
          {"windows_60s", to_json(analysis.windows_60s)},
          {"flags", std::move(flags)},
          {"gate", json::array(analysis.gate.begin(), analysis.gate.end())}};
}

}  // namespace

int analyse_heart_file(const HeartRequest& request, std::ostream& out, std::ostream& err) {
  try {
    const auto beats = HeartFile(request).read();
    out << to_json(signals::analyse_heart(beats)) << '\n';
    return 0;
  } catch (const Unusable& problem) {
    err << request.file.string() << ": " << problem.what() << '\n';
    return 2;
  }
}

}  // namespace rytme::app
