// SPDX-License-Identifier: Apache-2.0
#include "controller/app/silences.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <boost/json.hpp>

namespace rytme::app {
namespace {

namespace json = boost::json;

constexpr int version = 1;
constexpr int morning = 6;  // h

std::int64_t seconds_of(WallTime at) {
  return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

}  // namespace

bool may_be_silent(const safety::Rung& rung) {
  return std::max(rung.first.response, rung.then.response) < Response::safe_light;
}

WallTime tomorrow_morning(WallTime now) {
  const std::time_t at = seconds_of(now);
  std::tm local{};
  ::localtime_r(&at, &local);
  local.tm_mday += 1;
  local.tm_hour = morning;
  local.tm_min = local.tm_sec = 0;
  local.tm_isdst = -1;  // as it will be then
  return WallTime{std::chrono::seconds{std::mktime(&local)}};
}

std::string iso_text(WallTime at) {
  const std::time_t seconds = seconds_of(at);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return {text.data(), length};
}

std::filesystem::path Silences::file(const std::filesystem::path& data) { return data / "silenced.json"; }

Silences Silences::load(const std::filesystem::path& data) {
  Silences silences;
  std::ifstream in(file(data), std::ios::binary);
  if (!in) return silences;
  std::ostringstream text;
  text << in.rdbuf();
  try {
    const auto root = json::parse(text.str());
    for (const auto& row : root.at("silenced").as_array())
      silences.put({std::string(row.at("fault").as_string()), std::string(row.at("device").as_string()),
                    WallTime{std::chrono::seconds{row.at("until").to_number<std::int64_t>()}}});
  } catch (const std::exception& error) {
    throw std::runtime_error(file(data).string() + " is damaged: " + error.what());
  }
  return silences;
}

std::string Silences::text() const {
  json::array rows;
  for (const auto& one : all_)
    rows.push_back(
        json::object{{"fault", one.fault}, {"device", one.device}, {"until", seconds_of(one.until)}});
  return json::serialize(json::object{{"v", version}, {"silenced", std::move(rows)}}) + "\n";
}

void Silences::put(Silence silence) {
  end(silence.fault, silence.device);
  if (all_.size() < most) all_.push_back(std::move(silence));
}

void Silences::end(const std::string& fault, const std::string& device) {
  std::erase_if(all_, [&](const Silence& one) { return one.fault == fault && one.device == device; });
}

bool Silences::expire(WallTime now) {
  return std::erase_if(all_, [&](const Silence& one) { return one.until <= now; }) != 0;
}

std::optional<WallTime> Silences::until(const std::string& fault, const std::string& device) const {
  for (const auto& one : all_)
    if (one.fault == fault && one.device == device) return one.until;
  return std::nullopt;
}

}  // namespace rytme::app
