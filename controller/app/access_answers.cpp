// SPDX-License-Identifier: Apache-2.0
#include "controller/app/access_answers.hpp"

#include <string>
#include <utility>
#include <vector>

#include "controller/journal/access_log.hpp"
#include "controller/journal/wall_time.hpp"

namespace rytme::app {
namespace {

constexpr std::int64_t usual_limit = 100;

// One entry more than wanted is asked for: it says whether there is another page.
web::Page page_of(std::vector<journal::AccessFact> entries, std::int64_t limit) {
  std::string next = "null";
  if (static_cast<std::int64_t>(entries.size()) > limit) {
    entries.pop_back();
    next = std::to_string(entries.back().at.seq);
  }
  return {200, "application/json", R"({"entries":)" + journal::to_json(entries) + R"(,"next":)" + next + "}"};
}

}  // namespace

web::Page answer_access(journal::Reader& reader, const web::AccessQuestion& question) {
  const std::int64_t limit = question.limit.value_or(usual_limit);
  const journal::AccessFilter filter{question.participant, question.session, question.from,
                                     question.to,          question.cursor,  limit + 1};
  try {
    std::string unknown;
    std::vector<journal::AccessFact> entries;
    reader.ask([&](journal::Connection& connection) {
      unknown = journal::unknown_of(connection, filter);
      if (unknown.empty()) entries = journal::accesses_of(connection, filter);
    });
    if (!unknown.empty()) return web::problem_page(404, "There is no such " + unknown + ".");
    return page_of(std::move(entries), limit);
  } catch (const journal::BadBound& bad) {
    return web::problem_page(422, "Field " + std::string(bad.what()) + ".", {{bad.field(), bad.detail()}});
  } catch (const journal::QuestionTooLong&) {
    return web::problem_page(503, "The question took longer than a second. Ask for less.");
  }
}

}  // namespace rytme::app
