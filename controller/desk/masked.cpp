// SPDX-License-Identifier: Apache-2.0
#include "controller/desk/masked.hpp"

#include <algorithm>
#include <cctype>

#include "controller/desk/secret_name.hpp"

namespace rytme::desk {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; }

// The file that holds a secret may be named.
bool is_secret(std::string_view key) { return is_secret_name(key) && !key.ends_with("_file"); }

std::size_t behind_string(std::string_view line, std::size_t at) {
  const char quote = line[at];
  for (++at; at < line.size(); ++at) {
    if (line[at] == '\\' && quote == '"')
      ++at;
    else if (line[at] == quote)
      return at + 1;
  }
  return line.size();
}

// Where a value that begins at `at` ends: in TOML with its quotes or before what follows, else with the line.
std::size_t behind_value(std::string_view line, std::size_t at, bool toml) {
  if (at < line.size() && (line[at] == '"' || line[at] == '\'')) return behind_string(line, at);
  return toml ? std::min(line.find_first_of(" \t,}]#\r", at), line.size()) : line.size();
}

// A word, or a string with its quotes.
std::size_t behind_piece(std::string_view line, std::size_t at) {
  if (line[at] == '"' || line[at] == '\'') return behind_string(line, at);
  while (at < line.size() && is_word(line[at])) ++at;
  return at;
}

std::string_view unquoted(std::string_view piece) {
  const bool quoted = piece.size() >= 2 && !is_word(piece.front());
  return quoted ? piece.substr(1, piece.size() - 2) : piece;
}

std::string masked_line(std::string_view line) {
  std::string out;
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == '#') return out + "#";
    const std::size_t end = behind_piece(line, at);
    if (end == at) {
      out += line[at++];
      continue;
    }
    const auto piece = line.substr(at, end - at);
    out += piece;
    at = end;
    const std::size_t value = std::min(line.find_first_not_of(" \t=", at), line.size());
    if (!is_secret(unquoted(piece)) || value == at || value == line.size()) continue;
    const auto between = line.substr(at, value - at);
    out.append(between).append("\"***\"");
    at = behind_value(line, value, between.find('=') != std::string_view::npos);
  }
  return out;
}

}  // namespace

std::string masked(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    out += masked_line(text.substr(0, end));
    if (end == std::string_view::npos) break;
    out += '\n';
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace rytme::desk
