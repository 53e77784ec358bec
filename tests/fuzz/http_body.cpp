// SPDX-License-Identifier: Apache-2.0
// The body of a POST and the query of a GET. The first byte says what it calls itself: f a form, j JSON, else
// nothing.
#include <array>
#include <cmath>
#include <cstdlib>

#include "controller/web/fields.hpp"

namespace {

using namespace rytme::web;

constexpr std::array<std::string_view, 2> words{"calm", "alarm"};
constexpr std::array fields{
    Field{"level", FieldKind::number, true, 0, 1, {}}, Field{"state", FieldKind::text, false, 0, 0, words},
    Field{"code", FieldKind::text, false, 0, 0, {}}, Field{"on", FieldKind::boolean, false, 0, 0, {}}};

void must(bool true_) {
  if (!true_) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Incoming incoming;
  incoming.method = "POST";
  incoming.body.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] == 'f') incoming.content_type = "application/x-www-form-urlencoded";
  if (data[0] == 'j') incoming.content_type = "application/json";
  Values values;
  if (const auto reply = read_body(incoming, fields, values)) {
    must(reply->status == 400 || reply->status == 415 || reply->status == 422);
  } else {
    const auto level = values.number("level");
    must(level && *level >= 0 && *level <= 1);
    if (const auto code = values.text("code")) must(!code->empty() && code->size() <= 4 * longest_text);
    if (const auto state = values.text("state")) must(*state == words[0] || *state == words[1]);
  }
  Query query;
  if (parse_form(incoming.body, query)) must(query.size() <= 32);
  return 0;
}
