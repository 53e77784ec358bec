// SPDX-License-Identifier: Apache-2.0
#include "controller/settings/toml_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <system_error>

namespace rytme::settings {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_bytes = std::size_t{1} << 20U;
constexpr int most_dots = 7;

// Behind the text in quotes that begins at `at`, as TOML ends it.
std::size_t behind_quotes(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string three(3, quote);
  const bool lines = text.substr(at, 3) == three;
  at += lines ? 3 : 1;
  for (; at < text.size(); ++at) {
    if (text[at] == '\\' && quote == '"') {
      ++at;
    } else if (lines && text.substr(at, 3) == three) {
      return std::min(text.find_first_not_of(quote, at), text.size());
    } else if (!lines && (text[at] == quote || text[at] == '\n')) {
      return text[at] == quote ? at + 1 : at;
    }
  }
  return text.size();
}

// Where a key has too many parts: that many dots with nothing between them that could end a key.
std::optional<std::size_t> deep_key(std::string_view text) {
  int dots = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = behind_quotes(text, at);
      continue;
    }
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (c == '.' && ++dots > most_dots) return at;
    if (std::string_view("=,[]{}\n").find(c) != std::string_view::npos) dots = 0;
    ++at;
  }
  return std::nullopt;
}

toml::source_position position_of(std::string_view text, std::size_t at) {
  const auto before = text.substr(0, at);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto start = before.rfind('\n') + 1;  // npos + 1: the first line
  return {static_cast<toml::source_index>(line), static_cast<toml::source_index>(at - start + 1)};
}

}  // namespace

std::string text_of(const fs::path& file) {
  std::error_code error;
  const auto status = fs::status(file, error);
  if (fs::is_directory(status)) throw std::runtime_error("is a folder; expected a file");
  if (fs::exists(status) && !fs::is_regular_file(status))
    throw std::runtime_error("is no regular file; expected one");
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot be read: " + std::generic_category().message(errno));
  std::string text;
  std::array<char, 16384> part{};
  do {
    stream.read(part.data(), part.size());
    if (stream.bad()) throw std::runtime_error("cannot be read");
    text.append(part.data(), static_cast<std::size_t>(stream.gcount()));
    if (text.size() > most_bytes) throw std::runtime_error("is over 1 MiB; expected less");
  } while (stream);
  return text;
}

bool is_there_with(const Changes& changes, const fs::path& folder, const std::string& name) {
  if (const auto change = changes.find(name); change != changes.end()) return change->second.has_value();
  std::error_code unreadable;
  return fs::symlink_status(folder / name, unreadable).type() != fs::file_type::not_found;
}

std::string text_with(const Changes& changes, const fs::path& folder, const std::string& name) {
  const auto change = changes.find(name);
  if (change == changes.end() || !change->second) return text_of(folder / name);
  if (change->second->size() > most_bytes) throw std::runtime_error("is over 1 MiB; expected less");
  return *change->second;
}

toml::table parse_toml(std::string_view text, std::string_view file) {
  if (const auto at = deep_key(text))
    throw toml::parse_error("a key has more than 8 parts", position_of(text, *at));
  return toml::parse(text, file);
}

}  // namespace rytme::settings
