// SPDX-License-Identifier: Apache-2.0
#include "controller/web/openapi.hpp"

#include <array>

#include <boost/json.hpp>

#include "controller/web/routes.hpp"

namespace rytme::web {
namespace json = boost::json;
namespace {

json::string text(std::string_view view) { return json::string(view.data(), view.size()); }

json::object schema_of(const Field& field) {
  switch (field.kind) {
    case FieldKind::number:
      return {{"type", "number"}, {"minimum", field.low}, {"maximum", field.high}};
    case FieldKind::boolean:
      return {{"type", "boolean"}};
    case FieldKind::texts:
      return {
          {"type", "object"},
          {"minProperties", 1},
          {"maxProperties", 64},
          {"additionalProperties", {{"type", json::array{"string", "null"}}, {"maxLength", field.longest}}}};
    case FieldKind::time:
      return {{"type", "string"}, {"description", "2026-11-24, or 2026-11-24T10:00:00Z"}};
    case FieldKind::text:
      break;
  }
  if (field.choices.empty()) return {{"type", "string"}, {"minLength", 1}, {"maxLength", field.longest}};
  json::array choices;
  for (const std::string_view choice : field.choices) choices.push_back(text(choice));
  return {{"type", "string"}, {"enum", std::move(choices)}};
}

json::object body_of(const Route& route) {
  json::object properties;
  json::array required;
  for (const Field& field : route.fields) {
    properties[text(field.name)] = schema_of(field);
    if (field.required) required.push_back(text(field.name));
  }
  json::object schema{
      {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
  const bool needed = !required.empty();
  if (needed) schema["required"] = std::move(required);
  return {{"required", needed},
          {"content",
           {{"application/json", {{"schema", schema}}},
            {"application/x-www-form-urlencoded", {{"schema", schema}}}}}};
}

json::object refusal(std::string_view description) {
  return {
      {"description", text(description)},
      {"content", {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
}

json::object responses_of(const Route& route) {
  json::object out;
  out[std::to_string(route.success)] = {
      {"description", text(route.summary)},
      {"content", {{text(route.content_type.substr(0, route.content_type.find(';'))), json::object()}}}};
  if (route.method == Method::post) {
    out["303"] = {{"description", "A plain form was sent: see the page"}};
    out["400"] = refusal("The body cannot be read");
    out["409"] = refusal("Not in this state");
    out["415"] = refusal("Unsupported content type");
    out["422"] = refusal("Fields that are wrong, unknown or missing");
    out["429"] = refusal("Too many requests");
  }
  if (route.method != Method::get || (route.roles != anyone && route.path.starts_with("/api/")))
    out["503"] = refusal("Not to be had just now");
  if (route.method == Method::post && route.roles == anyone)
    out["401"] = refusal("Not right, or not any more");
  if (route.content_type.starts_with("text/html") && route.roles != anyone)
    out["303"] = {{"description", "Log-in needed: see its page"}};
  if (!route.query.empty()) out["422"] = refusal("Parameters that are wrong, unknown or missing");
  if (!route.query.empty())
    out["503"] = refusal("It cannot be read, or the question took longer than a second");
  if (route.path.find('{') != std::string_view::npos) out["404"] = refusal("Not found");
  if (route.roles != anyone) {
    out["401"] = refusal("Log-in needed");
    out["403"] = refusal("Not allowed");
  }
  return out;
}

json::array roles_of(const Route& route) {
  json::array out;
  for (const Role role : {Role::staff, Role::psychologist, Role::maintainer, Role::officer})
    if ((route.roles & bit(role)) != 0) out.push_back(text(name_of(role)));
  return out;
}

json::array parameters_of(const Route& route) {
  json::array all;
  if (const std::size_t open = route.path.find('{'); open != std::string_view::npos) {
    const std::string_view name = route.path.substr(open + 1, route.path.find('}') - open - 1);
    all.push_back(json::object{
        {"name", text(name)}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
  }
  for (const Field& field : route.query)
    all.push_back(json::object{{"name", text(field.name)},
                               {"in", "query"},
                               {"required", field.required},
                               {"schema", schema_of(field)}});
  return all;
}

json::object operation(const Route& route) {
  json::object out{{"summary", text(route.summary)},
                   {"x-roles", roles_of(route)},
                   {"parameters", parameters_of(route)},
                   {"responses", responses_of(route)}};
  if (route.roles == anyone || (route.roles & bit(Role::staff)) != 0)
    out["security"] = json::array{json::object()};
  else
    out["security"] = json::array();
  for (const char* scheme : {"token", "session", "tablet"})
    out["security"].as_array().push_back(json::object{{scheme, json::array()}});
  if (route.method == Method::post) out["requestBody"] = body_of(route);
  return out;
}

json::string_view word_for(Method method) {
  switch (method) {
    case Method::get:
      return "get";
    case Method::post:
      return "post";
    case Method::del:
      break;
  }
  return "delete";
}

json::object problem_schema() {
  const json::object word{{"type", "string"}};
  const json::object error{{"type", "object"}, {"properties", {{"field", word}, {"detail", word}}}};
  return {{"type", "object"},
          {"properties",
           {{"type", word},
            {"title", word},
            {"status", {{"type", "integer"}}},
            {"detail", word},
            {"errors", {{"type", "array"}, {"items", error}}}}}};
}

}  // namespace

json::value openapi() {
  json::object paths;
  for (const Route& route : routes()) {
    json::value& path = paths[text(route.path)];
    if (!path.is_object()) path = json::object();
    path.get_object()[word_for(route.method)] = operation(route);
  }
  return json::object{
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Rytme"}, {"version", "1"}, {"description", "The controller of one regulation room."}}},
      {"paths", std::move(paths)},
      {"components",
       {{"schemas", {{"Problem", problem_schema()}}},
        {"securitySchemes",
         {{"token", {{"type", "http"}, {"scheme", "bearer"}}},
          {"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", text(session_cookie)}}},
          {"tablet", {{"type", "apiKey"}, {"in", "cookie"}, {"name", text(tablet_cookie)}}}}}}}};
}

}  // namespace rytme::web
