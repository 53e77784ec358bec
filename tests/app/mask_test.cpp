// SPDX-License-Identifier: Apache-2.0
// No secret is shown, however its name is written and wherever the text was cut.
#include "controller/app/mask.hpp"

#include <array>
#include <random>
#include <string>

#include <boost/json.hpp>
#include <gmock/gmock.h>

namespace rytme::app {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

TEST(Mask, TakesOutTheValuesOfSecretKeysAndNothingElse) {
  EXPECT_EQ(masked(R"({"ssid":"hus","password":"hemmelig","rssi":-61})"),
            R"({"ssid":"hus","password":"***","rssi":-61})");
  EXPECT_EQ(masked(R"({"wifi":{"PSK" : [1,2,{"a":"}"}],"ch":6}})"), R"({"wifi":{"PSK":"***","ch":6}})");
  EXPECT_EQ(masked(R"({"net":{"network_key":{"a":"b"}}})"), R"({"net":{"network_key":"***"}})");
  const std::string plain = R"({"state":"ON","brightness":101,"color":{"x":0.3},"update":null})";
  EXPECT_EQ(masked(plain), plain);
  EXPECT_EQ(masked("42.5"), "42.5");
}

TEST(Mask, KnowsAnEscapedNameAndATextWithinAText) {
  EXPECT_THAT(masked(R"({"pass\u0077ord":"hemmelig"})"), Not(HasSubstr("hemmelig")));
  EXPECT_THAT(masked(R"({"data":"{\"token\":\"hemmelig\"}"})"), Not(HasSubstr("hemmelig")));
  EXPECT_THAT(masked(R"({"server":"mqtt://huset:hemmelig@10.0.0.2"})"), Not(HasSubstr("hemmelig")));
  EXPECT_THAT(masked("login password=hemmelig now"), Not(HasSubstr("hemmelig")));
  EXPECT_THAT(masked("Authorization: Bearer hemmelig"), Not(HasSubstr("hemmelig")));
  EXPECT_THAT(masked("{'psk':'hemmelig'}"), Not(HasSubstr("hemmelig")));
}

// Documents of any shape with secrets in them.
class Documents {
 public:
  explicit Documents(unsigned seed) : random_(seed) {}

  json::value make(int depth) {
    if (depth == 0 || pick(4) == 0)
      return pick(2) == 0 ? json::value(word()) : json::value(static_cast<int>(pick(999)));
    if (pick(3) == 0) return json::array{make(depth - 1), make(depth - 1)};
    json::object object;
    for (unsigned i = 0; i <= pick(3); ++i) object[word()] = make(depth - 1);
    if (pick(2) == 0) object[secret_name()] = hidden(2);
    return object;
  }
  std::size_t pick(std::size_t below) { return random_() % below; }
  // One that is cut in two still shows half of it: a shorter piece says the same.
  static constexpr const char* secret = "Zq7";

 private:
  json::value hidden(int depth) {
    if (depth == 0 || pick(2) == 0) return json::value(std::string("\"\\{[") + secret + "]}," + secret);
    if (pick(2) == 0) return json::array{hidden(depth - 1), 7};
    return json::object{{word(), hidden(depth - 1)}};
  }
  std::string word() {
    static constexpr std::array words{"state", "level", "a\"b", "x{", "temp\\", "blå", "", "[1]"};
    return words.at(pick(words.size()));
  }
  std::string secret_name() {
    static constexpr std::array names{"password",      "wifi_pwd",     "Token", "pre_shared_KEY",
                                      "authorization", "clientSecret", "psk",   "PIN"};
    return names.at(pick(names.size()));
  }
  std::mt19937 random_;
};

TEST(Mask, LeavesNoSecretInAnyDocumentCutAnywhere) {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    Documents documents(seed);
    const std::string whole = json::serialize(documents.make(4));
    EXPECT_THAT(masked(whole), Not(HasSubstr(Documents::secret))) << whole;
    const std::string cut = whole.substr(0, documents.pick(whole.size() + 1));
    EXPECT_THAT(masked(cut), Not(HasSubstr(Documents::secret))) << cut;
  }
}

TEST(Mask, KeepsADocumentOne) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    Documents documents(seed);
    const std::string whole = json::serialize(documents.make(4));
    boost::system::error_code error;
    json::parse(masked(whole), error);
    EXPECT_FALSE(error) << whole << '\n' << masked(whole);
  }
}

TEST(Mask, EndsOnAnyBytes) {
  std::mt19937 random(1);
  static constexpr std::string_view bytes = "{}[]\":,\\u0 password=/@\xff\n1a";
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (auto left = random() % 40; left > 0; --left) text += bytes[random() % bytes.size()];
    EXPECT_LE(masked(text).size(), 4 * text.size() + 8);
  }
}

}  // namespace
}  // namespace rytme::app
