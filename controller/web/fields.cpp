// SPDX-License-Identifier: Apache-2.0
#include "controller/web/fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include <boost/json.hpp>

#include "controller/room/time_text.hpp"

namespace rytme::web {
namespace json = boost::json;
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view form_type = "application/x-www-form-urlencoded";
constexpr std::array<std::string_view, 3> yes{"true", "on", "1"};
constexpr std::array<std::string_view, 3> no{"false", "off", "0"};

using Errors = std::vector<FieldError>;

bool among(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string media_type(const Incoming& incoming) {
  std::string type = incoming.content_type.substr(0, incoming.content_type.find(';'));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return type;
}

std::string allowed(const Field& field) {
  std::string text = "must be one of";
  for (const std::string_view choice : field.choices) text.append(" ").append(choice);
  return text;
}

void take_text(const Field& field, std::string text, Values& values, Errors& errors) {
  const bool printable = std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20; });
  if (text.empty() || text.size() > field.longest || !printable)
    errors.push_back({std::string(field.name),
                      "must have 1 to " + std::to_string(field.longest) + " printable characters"});
  else if (field.kind == FieldKind::time && !is_date_or_time(text))
    errors.push_back({std::string(field.name), std::string(wanted_time)});
  else if (!field.choices.empty() && !among(field.choices, text))
    errors.push_back({std::string(field.name), allowed(field)});
  else
    values.set(field.name, std::move(text));
}

// The comparison also refuses NaN.
void take_number(const Field& field, double number, Values& values, Errors& errors) {
  if (number >= field.low && number <= field.high)
    values.set(field.name, number);
  else
    errors.push_back({std::string(field.name), "is out of range"});
}

constexpr std::size_t most_texts = 64;

void take_texts(const Field& field, const json::value& value, Values& values, Errors& errors) {
  Texts texts;
  bool good = value.is_object() && !value.get_object().empty() && value.get_object().size() <= most_texts;
  if (good)
    for (const auto& member : value.get_object()) {
      const auto* text = member.value().if_string();
      good = good && (member.value().is_null() || (text != nullptr && text->size() <= field.longest));
      if (good) texts[member.key()] = text != nullptr ? std::optional<std::string>(*text) : std::nullopt;
    }
  if (!good)
    return errors.push_back({std::string(field.name), "must be an object of 1 to 64 texts of at most " +
                                                          std::to_string(field.longest) + " bytes"});
  values.set(field.name, std::move(texts));
}

void take(const Field& field, const json::value& value, Values& values, Errors& errors) {
  if (field.kind == FieldKind::texts) return take_texts(field, value, values, errors);
  const bool textual = field.kind == FieldKind::text || field.kind == FieldKind::time;
  if (textual && value.is_string())
    take_text(field, std::string(value.get_string()), values, errors);
  else if (field.kind == FieldKind::number && value.is_number())
    take_number(field, value.to_number<double>(), values, errors);
  else if (field.kind == FieldKind::boolean && value.is_bool())
    values.set(field.name, value.get_bool());
  else
    errors.push_back({std::string(field.name), textual                           ? "must be a string"
                                               : field.kind == FieldKind::number ? "must be a number"
                                                                                 : "must be true or false"});
}

// What a form sends is text; this gives it the type the field has.
json::value typed(const Field& field, const std::string& text) {
  if (field.kind == FieldKind::boolean && among(yes, text)) return true;
  if (field.kind == FieldKind::boolean && among(no, text)) return false;
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (field.kind == FieldKind::number && stop == end && error == std::errc()) return number;
  return json::value(text);
}

const Field* find(std::span<const Field> fields, std::string_view name) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [name](const Field& f) { return f.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

json::object typed(const Query& form, std::span<const Field> fields) {
  json::object body;
  for (const auto& [name, text] : form) {
    const Field* field = find(fields, name);
    if (!text.empty()) body[name] = field != nullptr ? typed(*field, text) : json::value(text);
  }
  return body;
}

std::optional<json::object> as_object(const Incoming& incoming, std::span<const Field> fields) {
  if (!is_form(incoming)) {
    boost::system::error_code error;
    json::value body = json::parse(incoming.body, error);
    if (error || !body.is_object()) return std::nullopt;
    return std::move(body.get_object());
  }
  Query form;
  if (!parse_form(incoming.body, form)) return std::nullopt;
  form.erase(std::string(form_token_field));  // looked at before
  return typed(form, fields);
}

Errors check(const json::object& body, std::span<const Field> fields, Values& values) {
  Errors errors;
  for (const auto& member : body)
    if (find(fields, {member.key().data(), member.key().size()}) == nullptr)
      errors.push_back({std::string(member.key()).substr(0, longest_text), "is not a field of this request"});
  for (const Field& field : fields) {
    const json::value* value = body.if_contains({field.name.data(), field.name.size()});
    if (value != nullptr && !value->is_null())
      take(field, *value, values, errors);
    else if (field.required)
      errors.push_back({std::string(field.name), "is missing"});
  }
  return errors;
}

std::optional<Reply> refusal(const Errors& errors) {
  if (errors.empty()) return std::nullopt;
  return problem(422, "Field " + errors.front().field + " " + errors.front().detail + ".", errors);
}

}  // namespace

bool is_form(const Incoming& incoming) { return media_type(incoming) == form_type; }

std::optional<Reply> read_body(const Incoming& incoming, std::span<const Field> fields, Values& values) {
  json::object body;
  if (!incoming.body.empty()) {
    if (media_type(incoming) != json_type && !is_form(incoming))
      return problem(415, "Send application/json or a plain form.");
    std::optional<json::object> read = as_object(incoming, fields);
    if (!read) return problem(400, "The body is not a JSON object or form.");
    body = std::move(*read);
  }
  return refusal(check(body, fields, values));
}

std::optional<Reply> read_query(const Query& query, std::span<const Field> fields, Values& values) {
  return refusal(check(typed(query, fields), fields, values));
}

}  // namespace rytme::web
