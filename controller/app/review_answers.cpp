// SPDX-License-Identifier: Apache-2.0
#include "controller/app/review_answers.hpp"

#include <optional>
#include <string>
#include <utility>

#include "controller/journal/participants.hpp"
#include "controller/review/json.hpp"
#include "controller/review/question.hpp"

namespace rytme::app {
namespace {

using web::ReviewQuestion;
using What = ReviewQuestion::What;

constexpr std::size_t usual_points = 1000;
constexpr std::size_t usual_aligned_points = 200;
constexpr std::size_t usual_sessions = 12;
constexpr std::size_t usual_history = 50;
constexpr const char* usual_names = "hr.mean10_bpm,arousal.index";

std::optional<std::string> series_of(journal::Connection& connection, const ReviewQuestion& question) {
  const auto names = review::names_from(question.names);
  const auto session = review::find_frame(connection, question.whose);
  if (!session) return std::nullopt;
  return review::to_json(review::series(
      connection, *session,
      {names, review::moment(connection, *session, "from", question.from),
       review::moment(connection, *session, "to", question.to), question.points.value_or(usual_points)}));
}

bool is_of_participant(What what) {
  return what == What::aligned || what == What::changes || what == What::baselines || what == What::days;
}

// nullopt: no such session.
std::optional<std::string> answer(journal::Connection& connection, const ReviewQuestion& question) {
  switch (question.what) {
    case What::series:
      return series_of(connection, question);
    case What::summary: {
      const auto summary = review::summary(connection, question.whose);
      return summary ? std::optional(review::to_json(*summary)) : std::nullopt;
    }
    case What::marks: {
      const auto session = review::find_frame(connection, question.whose);
      return session ? std::optional(review::to_json(review::marks(connection, *session))) : std::nullopt;
    }
    case What::days:
      return review::to_json(
          question.whose, review::days_of(connection, question.whose, question.last.value_or(usual_history)));
    case What::aligned:
      return review::to_json(review::aligned(
          connection, question.whose,
          {review::names_from(question.names.empty() ? usual_names : question.names),
           question.last.value_or(usual_sessions), question.points.value_or(usual_aligned_points)}));
    case What::changes:
      return review::to_json(review::changes(connection, question.whose));
    case What::baselines:
      return review::to_json(
          review::calm_pulses(connection, question.whose, question.last.value_or(usual_history)));
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(What what) {
  switch (what) {
    case What::series:
      return "series";
    case What::summary:
      return "summary";
    case What::marks:
      return "marks";
    case What::days:
      return "days";
    case What::aligned:
      return "aligned sessions";
    case What::changes:
      return "changes";
    case What::baselines:
      break;
  }
  return "baselines";
}

web::Page answer_review(journal::Reader& reader, const ReviewQuestion& question) {
  try {
    std::optional<std::string> body;
    bool of_nobody = false;
    reader.ask([&](journal::Connection& connection) {
      of_nobody = is_of_participant(question.what) && !journal::is_in_use(connection, question.whose);
      if (!of_nobody) body = answer(connection, question);
    });
    // A code mistyped must not read as one without sessions.
    if (of_nobody) return web::problem_page(404, "There is no such participant.");
    if (!body) return web::problem_page(404, "There is no such session.");
    return {200, "application/json", std::move(*body)};
  } catch (const review::BadQuestion& bad) {
    return web::problem_page(422, bad.what(), {{bad.field(), bad.what()}});
  } catch (const journal::QuestionTooLong&) {
    return web::problem_page(503, "The question took longer than a second. Ask for less.");
  }
}

}  // namespace rytme::app
