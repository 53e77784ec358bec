// SPDX-License-Identifier: Apache-2.0
// Pages without their built files, so that nothing has to be built with npm to fuzz a request.
#include "controller/web/assets.hpp"

namespace rytme::web {

const Asset* find_asset(std::string_view) { return nullptr; }
std::string_view staff_script() { return "/assets/staff.js"; }
std::string_view review_script() { return "/assets/review.js"; }
std::string_view review_style() { return "/assets/review.css"; }
std::string_view staff_style() { return "/assets/staff.css"; }

}  // namespace rytme::web
