// SPDX-License-Identifier: Apache-2.0
#include "controller/desk/versions.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "controller/desk/own_file.hpp"
#include "controller/journal/whole_file.hpp"

namespace rytme::desk {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::int64_t day_s = 86'400;
constexpr std::string_view extension = ".version";

std::string to_text(const Version& version) {
  json::object files;
  for (const auto& [name, text] : version.files) files[name] = text;
  json::array changed(version.changed.begin(), version.changed.end());
  return json::serialize(json::object{{"v", 1},
                                      {"at_s", version.at_s},
                                      {"by", version.by},
                                      {"why", version.why},
                                      {"changed", std::move(changed)},
                                      {"files", std::move(files)}}) +
         "\n";
}

// Texts are kept as they were found, also what is not UTF-8.
std::optional<Version> from_text(int number, const std::string& text) {
  json::parse_options options;
  options.allow_invalid_utf8 = true;
  try {
    const json::value read = json::parse(text, {}, options);
    Version version;
    version.number = number;
    version.at_s = read.at("at_s").as_int64();
    version.by = json::value_to<std::string>(read.at("by"));
    version.why = json::value_to<std::string>(read.at("why"));
    version.changed = json::value_to<std::vector<std::string>>(read.at("changed"));
    version.files = json::value_to<Files>(read.at("files"));
    return version;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

Versions::Versions(const fs::path& data) : folder_(data / "settings") { fs::create_directories(folder_); }

fs::path Versions::file_of(int number) const { return folder_ / fmt::format("{:06}{}", number, extension); }

std::vector<int> Versions::numbers() const {
  std::vector<int> all;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const std::string stem = entry.path().stem().string();
    int number = 0;
    const auto [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
    if (entry.path().extension() == extension && error == std::errc() && end == stem.data() + stem.size())
      all.push_back(number);
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::optional<Version> Versions::numbered(int number) const {
  return from_text(number, bytes_of(file_of(number)));
}

std::vector<Version> Versions::all() const {
  std::vector<Version> all;
  for (const int number : numbers())
    if (auto version = numbered(number)) all.push_back(std::move(*version));
  std::reverse(all.begin(), all.end());
  return all;
}

std::optional<Version> Versions::newest() const {
  const auto known = numbers();
  for (auto number = known.rbegin(); number != known.rend(); ++number)
    if (auto version = numbered(*number)) return version;
  return std::nullopt;
}

std::optional<Version> Versions::of_yesterday(std::int64_t now_s) const {
  const auto known = all();
  for (const Version& version : known)
    if (version.at_s <= now_s - day_s) return version;
  return known.empty() ? std::nullopt : std::optional(known.back());
}

int Versions::keep(Version version) {
  const auto last = newest();
  if (last && last->files == version.files) return last->number;
  auto known = numbers();
  version.number = known.empty() ? 1 : known.back() + 1;
  version.changed = last ? changed_between(last->files, version.files) : std::vector<std::string>{};
  journal::replace_file(file_of(version.number), to_text(version));
  known.push_back(version.number);
  for (std::size_t i = 0; i + most_versions < known.size(); ++i) fs::remove(file_of(known[i]));
  return version.number;
}

}  // namespace rytme::desk
