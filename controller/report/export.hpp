// SPDX-License-Identifier: Apache-2.0
// A session as a file for others. Pure: the facts of the session in, the bytes of the file out; the same
// facts give the same bytes. No format says anything about a feeling or an effect, and each carries the
// boundary text, the versions of software and formulas, the settings hash and the share of valid heart time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "controller/journal/session_facts.hpp"

namespace rytme::report {

enum class Format { csv, json, edf, pdf };

struct FormatInfo {
  Format format{};
  std::string_view name;  // also the file's extension
  std::string_view content_type;
  bool text{};  // false: not for a terminal
};

// nullopt: no such format.
std::optional<FormatInfo> format_from(std::string_view name);
const FormatInfo& info(Format format);

// Of a CSV. Semicolon is what a Norwegian spreadsheet opens: decimal comma and a byte order mark go with it.
enum class Separator { comma, semicolon };
std::optional<Separator> separator_from(std::string_view text);  // "," or ";"

std::string csv(const journal::SessionFacts& facts, Separator separator);
std::string json(const journal::SessionFacts& facts);  // contracts §7, docs/export.schema.json
std::string edf(const journal::SessionFacts& facts);   // EDF+C
std::string pdf(const journal::SessionFacts& facts);   // one page A4; throws std::runtime_error

std::string write(const journal::SessionFacts& facts, Format format, Separator separator = Separator::comma);

}  // namespace rytme::report
