// SPDX-License-Identifier: Apache-2.0
#include "controller/web/fields.hpp"

#include <array>

#include <gmock/gmock.h>

namespace rytme::web {
namespace {

using testing::HasSubstr;

constexpr std::array<std::string_view, 2> colours{"red", "blue"};
constexpr std::array<Field, 4> fields{{{"name", FieldKind::text, true},
                                       {"level", FieldKind::number, false, 0, 1},
                                       {"on", FieldKind::boolean},
                                       {"colour", FieldKind::text, false, 0, 0, colours}}};

struct Read {
  unsigned status{};
  std::string body;
  Values values;
};

Read read(const std::string& body, const std::string& type = "application/json") {
  Incoming in;
  in.body = body;
  in.content_type = type;
  Read out;
  const std::optional<Reply> refused = read_body(in, fields, out.values);
  if (refused) {
    out.status = refused->status;
    out.body = refused->body;
  }
  return out;
}

TEST(Fields, json_gives_typed_values) {
  const Read got =
      read(R"({"name":"a","level":0.25,"on":false,"colour":"blue"})", "Application/JSON; charset=utf-8");
  ASSERT_EQ(got.status, 0U) << got.body;
  EXPECT_EQ(got.values.text("name"), "a");
  EXPECT_EQ(got.values.number("level"), 0.25);
  EXPECT_EQ(got.values.boolean("on"), false);
  EXPECT_EQ(got.values.text("colour"), "blue");
}

TEST(Fields, null_and_absence_are_the_same) {
  const Read got = read(R"({"name":"a","level":null})");
  EXPECT_EQ(got.status, 0U);
  EXPECT_EQ(got.values.number("level"), std::nullopt);
  EXPECT_EQ(got.values.boolean("on"), std::nullopt);
}

TEST(Fields, a_form_gives_the_same_values) {
  const Read got = read("name=K%207&level=0.5&on=true&colour=", "application/x-www-form-urlencoded");
  ASSERT_EQ(got.status, 0U) << got.body;
  EXPECT_EQ(got.values.text("name"), "K 7");
  EXPECT_EQ(got.values.number("level"), 0.5);
  EXPECT_EQ(got.values.boolean("on"), true);
  EXPECT_EQ(got.values.text("colour"), std::nullopt);
}

TEST(Fields, each_wrong_value_is_named) {
  const std::array<std::pair<const char*, const char*>, 9> wrong{
      {{R"({"name":7})", "name"},
       {R"({})", "name"},
       {R"({"name":""})", "name"},
       {R"({"name":"a\nb"})", "name"},
       {R"({"name":"a","level":"0.5"})", "level"},
       {R"({"name":"a","level":1.01})", "level"},
       {R"({"name":"a","on":1})", "on"},
       {R"({"name":"a","colour":"green"})", "colour"},
       {R"({"name":"a","nmae":1})", "nmae"}}};
  for (const auto& [body, field] : wrong) {
    const Read got = read(body);
    EXPECT_EQ(got.status, 422U) << body;
    EXPECT_THAT(got.body, HasSubstr(std::string(R"("field":")") + field)) << body;
  }
}

TEST(Fields, what_is_no_object_is_400_and_a_foreign_type_415) {
  for (const char* body : {"[1]", "7", "{", "nul", "{\"name\":\"a\"", "\xff\xfe"})
    EXPECT_EQ(read(body).status, 400U);
  EXPECT_EQ(read(std::string(5000, '[')).status, 400U);
  EXPECT_EQ(read("name=%zz", "application/x-www-form-urlencoded").status, 400U);
  EXPECT_EQ(read(R"({"name":"a"})", "text/plain").status, 415U);
  EXPECT_EQ(read(R"({"name":"a"})", "").status, 415U);
  EXPECT_EQ(read("", "").status, 422U);  // an empty body is {}
}

TEST(Fields, infinity_and_nan_are_no_levels) {
  for (const char* text : {"nan", "inf", "-inf", "1e999"})
    EXPECT_EQ(read(std::string("name=a&level=") + text, "application/x-www-form-urlencoded").status, 422U)
        << text;
}

}  // namespace
}  // namespace rytme::web
