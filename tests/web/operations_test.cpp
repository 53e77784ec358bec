// SPDX-License-Identifier: Apache-2.0
// Walks openapi.json and asks for everything in it, rightly and wrongly: every answer is one that the
// description has, with the type it has, and every refusal is a problem as RFC 9457 has it.
#include <set>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "tests/web/people.hpp"

namespace rytme::web {
namespace {

namespace json = boost::json;

struct Operation {
  std::string method, path;
  json::object what;
  std::string name() const { return method + " " + path; }
};

std::vector<Operation> operations(const json::value& api) {
  std::vector<Operation> all;
  for (const auto& path : api.at("paths").as_object())
    for (const auto& one : path.value().as_object()) {
      std::string method(one.key());
      std::transform(method.begin(), method.end(), method.begin(),
                     [](char c) { return static_cast<char>(c - 32); });
      all.push_back({method, std::string(path.key()), one.value().as_object()});
    }
  return all;
}

// A value that the schema takes.
json::value good(const json::object& schema) {
  if (schema.contains("enum")) return schema.at("enum").as_array().front();
  if (schema.at("type") == "number") return schema.at("minimum");
  if (schema.at("type") == "boolean") return true;
  if (schema.at("type") == "object")
    return json::object{{"room.toml", "line\n"}, {"presets/p.toml", nullptr}};
  return schema.contains("description") ? "2026-11-24" : "quiet";
}

// Values that it does not take.
std::vector<json::value> bad(const json::object& schema) {
  std::vector<json::value> all{json::array{}, json::object{}};
  if (schema.at("type") == "number") {
    all.insert(all.end(), {json::value("x"), json::value(schema.at("maximum").to_number<double>() + 1),
                           json::value(schema.at("minimum").to_number<double>() - 1)});
  } else if (schema.at("type") == "boolean") {
    all.emplace_back(1);
  } else if (schema.at("type") == "object") {
    all.insert(all.end(), {json::value("x"), json::value(json::object{{"room.toml", 1}}),
                           json::value(json::object{{"room.toml", std::string(262'145, 'x')}})});
  } else {
    all.insert(all.end(),
               {json::value(17), json::value(""), json::value("a\nb"), json::value(std::string(5000, 'x'))});
    if (schema.contains("enum")) all.emplace_back("none of them");
  }
  return all;
}

struct Walk : testing::Test {
  Walk() {
    for (const auto& [name, role] : std::map<std::string, Role>{{"staff", Role::staff},
                                                                {"psychologist", Role::psychologist},
                                                                {"maintainer", Role::maintainer},
                                                                {"officer", Role::officer}}) {
      people.add(name, role);
      cookies[name] = Browser{people.log_in(name), ""}.cookies();
    }
    api = json::parse(people.house.get("/api/v1/openapi.json").body);
  }

  std::string who(const Operation& operation) {
    const auto& roles = operation.what.at("x-roles").as_array();
    const std::string role = roles.empty() ? "officer" : std::string(roles.front().as_string());
    return cookies.at(role);
  }

  Heard ask(const Operation& operation, const std::string& head, const json::value& body,
            const std::string& query = "") {
    people.pass(std::chrono::milliseconds(200));
    std::string path = operation.path;
    if (const auto open = path.find('{'); open != std::string::npos)
      path.replace(open, path.find('}') - open + 1, "x");
    const bool sends = operation.method == "POST";
    return people.house.ask(operation.method, path + query,
                            head + same_origin + (sends ? "Content-Type: application/json\r\n" : ""),
                            sends ? json::serialize(body) : "");
  }

  void expect_described(const Operation& operation, const Heard& heard, const std::string& how) {
    const auto& responses = operation.what.at("responses").as_object();
    const json::value* response = responses.if_contains(std::to_string(heard.status));
    ASSERT_NE(response, nullptr) << operation.name() << " " << how << " answers " << heard.status
                                 << heard.body;
    const auto* content = response->as_object().if_contains("content");
    if (content == nullptr) return;
    const std::string type = heard.headers.at("content-type");
    const std::string media = type.substr(0, type.find(';'));
    EXPECT_TRUE(content->as_object().contains(media) ||
                content->as_object().contains("application/octet-stream") ||
                operation.path.ends_with("/export"))
        << operation.name() << " " << how << " answers " << heard.status << " with " << type;
    if (media == "application/problem+json") {
      const json::value problem = json::parse(heard.body);
      EXPECT_EQ(problem.at("status").as_int64(), heard.status);
      EXPECT_FALSE(problem.at("title").as_string().empty());
      EXPECT_FALSE(problem.at("detail").as_string().empty());
    } else if (media == "application/json") {
      EXPECT_NO_THROW(json::parse(heard.body)) << operation.name();
    }
  }

  static json::object fields_of(const Operation& operation) {
    const auto* body = operation.what.if_contains("requestBody");
    return body == nullptr
               ? json::object{}
               : body->at("content").at("application/json").at("schema").at("properties").as_object();
  }
  static json::object full(const json::object& fields) {
    json::object body;
    for (const auto& field : fields) body[field.key()] = good(field.value().as_object());
    return body;
  }
  static std::string query_of(const Operation& operation) {
    std::string query;
    for (const auto& parameter : operation.what.at("parameters").as_array())
      if (parameter.at("in") == "query") {
        const json::value value = good(parameter.at("schema").as_object());
        query += (query.empty() ? "?" : "&") + std::string(parameter.at("name").as_string()) + "=" +
                 (value.is_string() ? std::string(value.as_string()) : json::serialize(value));
      }
    return query;
  }

  People people;
  std::map<std::string, std::string> cookies;
  json::value api;
};

TEST_F(Walk, everything_asked_rightly_is_answered_as_described) {
  std::size_t asked = 0;
  for (const Operation& operation : operations(api)) {
    if (operation.path == "/api/v1/live" || operation.path == "/logout")
      continue;  // never ends; ends the walk
    expect_described(operation,
                     ask(operation, who(operation), full(fields_of(operation)), query_of(operation)),
                     "rightly");
    ++asked;
  }
  EXPECT_GE(asked, 55U);
}

TEST_F(Walk, everything_asked_wrongly_is_refused_as_described) {
  for (const Operation& operation : operations(api)) {
    if (operation.path == "/api/v1/live" || operation.path == "/api/v1/stop")
      continue;  // a stop takes anything
    const json::object fields = fields_of(operation);
    for (const auto& field : fields)
      for (const json::value& wrong : bad(field.value().as_object())) {
        json::object body = full(fields);
        body[field.key()] = wrong;
        const Heard heard = ask(operation, who(operation), body);
        EXPECT_EQ(heard.status, 422) << operation.name() << " " << json::serialize(body).substr(0, 200);
        expect_described(operation, heard, "wrongly");
      }
    if (operation.method != "POST") continue;
    json::object foreign = full(fields);
    foreign["no_such_field"] = 1;
    const Heard unknown = ask(operation, who(operation), foreign);
    EXPECT_EQ(unknown.status, 422) << operation.name();
    expect_described(operation, unknown, "with a field that is none");
    for (const json::value& body : {json::value(json::array{}), json::value("x"), json::value(nullptr)}) {
      const Heard heard = ask(operation, who(operation), body);
      EXPECT_EQ(heard.status, 400) << operation.name();
      expect_described(operation, heard, "with a body that is no object");
    }
    const Heard text = people.house.ask(
        "POST",
        operation.path.find('{') == std::string::npos ? operation.path : "/api/v1/sessions/x/participant",
        cookies["officer"] + same_origin + "Content-Type: text/plain\r\n", "x");
    EXPECT_THAT(text.status, testing::AnyOf(403, 415)) << operation.name();
  }
}

TEST_F(Walk, whoever_may_not_is_told_so_as_described) {
  for (const Operation& operation : operations(api)) {
    const auto& roles = operation.what.at("x-roles").as_array();
    if (roles.empty() || operation.path == "/api/v1/live") continue;
    for (const auto& [name, cookie] : cookies) {
      const bool may = std::any_of(roles.begin(), roles.end(), [&, role_name = name](const auto& role) {
        return role.as_string() == role_name;
      });
      const bool staff = std::any_of(roles.begin(), roles.end(),
                                     [](const auto& role) { return role.as_string() == "staff"; });
      if (may || staff) continue;  // on this machine everyone is staff as well
      const Heard heard = ask(operation, cookie, full(fields_of(operation)), query_of(operation));
      EXPECT_EQ(heard.status, 403) << operation.name() << " by " << name;
      expect_described(operation, heard, "by " + name);
    }
    const Heard wrong = ask(operation, "Authorization: Bearer nobody-at-all\r\n", full(fields_of(operation)));
    if (wrong.status != 429) expect_described(operation, wrong, "with a wrong token");
  }
}

}  // namespace
}  // namespace rytme::web
