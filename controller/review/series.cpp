// SPDX-License-Identifier: Apache-2.0
#include "controller/review/series.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <utility>

#include "controller/review/question.hpp"
#include "controller/review/row_source.hpp"
#include "controller/review/wave_source.hpp"

namespace rytme::review {
namespace {

// One Buckets per name and device, in that order.
class Gathering {
 public:
  Gathering(const std::vector<Name>& names, const Window& window) : names_(names), window_(window) {}

  Buckets& open(const Name& name, const std::string& device) {
    if (buckets_.size() >= most_series)
      throw BadQuestion("names",
                        "More than " + std::to_string(most_series) + " series: ask for fewer names.");
    const auto place = static_cast<std::size_t>(&name - names_.data());
    return buckets_.try_emplace({place, device}, window_.from_s, window_.to_s, window_.bucket_s)
        .first->second;
  }

  // A name that nothing was kept of is a series without a device and without rows.
  std::vector<Series> take() {
    for (std::size_t place = 0; place < names_.size(); ++place) {
      const auto first = buckets_.lower_bound({place, ""});
      if (first == buckets_.end() || first->first.first != place)
        buckets_.try_emplace({place, ""}, window_.from_s, window_.to_s, window_.bucket_s);
    }
    std::vector<Series> all;
    for (auto& [key, buckets] : buckets_) {
      buckets.finish();
      all.push_back({names_[key.first], key.second, buckets.rows(), buckets.digest()});
    }
    return all;
  }

 private:
  const std::vector<Name>& names_;
  const Window window_;
  std::map<std::pair<std::size_t, std::string>, Buckets> buckets_;
};

}  // namespace

std::optional<SeriesAnswer> series(journal::Connection& connection, const std::string& id,
                                   const SeriesQuestion& question) {
  const auto session = find_frame(connection, id);
  if (!session) return std::nullopt;
  return series(connection, *session, question);
}

SeriesAnswer series(journal::Connection& connection, const SessionFrame& session,
                    const SeriesQuestion& question) {
  if (question.points < 1 || question.points > most_points)
    throw BadQuestion("points", "Points must be 1 to " + std::to_string(most_points) + ".");
  if (question.from_s && question.to_s && *question.to_s < *question.from_s)
    throw BadQuestion("to", "The end lies before the beginning.");
  const double from_s = std::clamp(question.from_s.value_or(0), 0.0, session.length_s);
  const double to_s = std::clamp(question.to_s.value_or(session.length_s), from_s, session.length_s);
  return series_in(connection, session, question.names,
                   {from_s, to_s, (to_s - from_s) / static_cast<double>(question.points)});
}

SeriesAnswer series_in(journal::Connection& connection, const SessionFrame& session,
                       const std::vector<Name>& names, const Window& window) {
  SeriesAnswer answer{session, window.from_s, window.to_s, window.bucket_s, 0, {}};
  Gathering gathering(names, window);
  const Opener open = [&](const Name& name, const std::string& device) -> Buckets& {
    return gathering.open(name, device);
  };
  stream_readings(connection, session, names, open);
  stream_commands(connection, session, names, open);
  answer.damaged_chunks = stream_waves(connection, session, names, window.from_s, window.to_s, open);
  answer.series = gathering.take();
  return answer;
}

std::optional<double> moment(journal::Connection& connection, const SessionFrame& session,
                             const std::string& field, const std::string& text) {
  if (text.empty()) return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size() && std::isfinite(number)) return number;
  // Seconds of the day count; without an offset a time could be anybody's.
  journal::Statement row = connection.prepare("SELECT (julianday(?1) - 2440587.5) * 86400.0");
  const bool has_time = text.size() > 11 && text[10] == 'T';
  if (!has_time || !row.with(text).step() || row.is_null(0))
    throw BadQuestion(field, "A time is seconds since the session's start, or like 2026-11-24T10:00:00Z.");
  return row.real(0) - static_cast<double>(session.t_us) / 1e6;
}

}  // namespace rytme::review
