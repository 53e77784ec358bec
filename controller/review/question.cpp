// SPDX-License-Identifier: Apache-2.0
#include "controller/review/question.hpp"

#include <utility>

namespace rytme::review {

BadQuestion::BadQuestion(std::string field, const std::string& detail)
    : std::runtime_error(detail), field_(std::move(field)) {}

}  // namespace rytme::review
