// SPDX-License-Identifier: Apache-2.0
#include "controller/report/export.hpp"

#include <algorithm>
#include <array>

namespace rytme::report {
namespace {

constexpr std::array<FormatInfo, 4> formats{{{Format::csv, "csv", "text/csv; charset=utf-8", true},
                                             {Format::json, "json", "application/json", true},
                                             {Format::edf, "edf", "application/octet-stream", false},
                                             {Format::pdf, "pdf", "application/pdf", false}}};

}  // namespace

std::optional<FormatInfo> format_from(std::string_view name) {
  const auto* found =
      std::find_if(formats.begin(), formats.end(), [&](const FormatInfo& each) { return each.name == name; });
  if (found == formats.end()) return std::nullopt;
  return *found;
}

const FormatInfo& info(Format format) { return formats.at(static_cast<std::size_t>(format)); }

std::optional<Separator> separator_from(std::string_view text) {
  if (text == ",") return Separator::comma;
  if (text == ";") return Separator::semicolon;
  return std::nullopt;
}

std::string write(const journal::SessionFacts& facts, Format format, Separator separator) {
  switch (format) {
    case Format::csv:
      return csv(facts, separator);
    case Format::json:
      return json(facts);
    case Format::edf:
      return edf(facts);
    case Format::pdf:
      return pdf(facts);
  }
  return {};
}

}  // namespace rytme::report
