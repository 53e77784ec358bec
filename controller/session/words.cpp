// SPDX-License-Identifier: Apache-2.0
#include "controller/session/words.hpp"

#include <algorithm>
#include <array>

#include "controller/room/source.hpp"

namespace rytme::session {
namespace {

constexpr std::array<std::string_view, 2> people{"participant", "staff"};
constexpr std::array<std::string_view, 3> moments{"before", "during", "after"};
constexpr std::array<std::string_view, 7> states{"calm",   "attentive", "alarm",    "fear",
                                                 "terror", "shut_down", "dont_know"};
constexpr std::array<std::string_view, 3> marks{"regulate", "relate", "reflect"};

template <std::size_t n>
bool is_one_of(const std::array<std::string_view, n>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_code_character(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

constexpr std::size_t longest_source = 64;

bool is_source_character(char c) {
  return is_code_character(c) || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '_';
}

}  // namespace

bool is_source_id(std::string_view id) {
  const auto [name, track] = parts_of(id);
  const auto is_word = [](std::string_view word) {
    return !word.empty() && word.size() <= longest_source &&
           std::all_of(word.begin(), word.end(), is_source_character);
  };
  return is_word(name) && (name.size() == id.size() || is_word(track));
}

bool is_rating(const request::Rate& rate) {
  return is_one_of(people, rate.whose) && is_one_of(people, rate.by) && is_one_of(moments, rate.when) &&
         is_one_of(states, rate.state);
}

bool is_mark(std::string_view kind) { return is_one_of(marks, kind); }

bool is_participant_code(std::string_view code) {
  return code.size() >= 2 && code.size() <= 8 && std::all_of(code.begin(), code.end(), is_code_character);
}

}  // namespace rytme::session
