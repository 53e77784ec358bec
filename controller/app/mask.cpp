// SPDX-License-Identifier: Apache-2.0
#include "controller/app/mask.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "controller/desk/secret_name.hpp"

namespace rytme::app {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; }

// Walks over a text that is JSON, was JSON before it was cut, or is none.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::string run() {
    while (at_ < text_.size()) {
      if (text_[at_] == '"')
        take_string();
      else if (is_word(text_[at_]))
        take_word();
      else
        out_ += text_[at_++];
    }
    return std::move(out_);
  }

 private:
  // Position behind a string that begins at `from`; `said` is what it means.
  std::size_t end_of_string(std::size_t from, std::string& said) const {
    std::size_t i = from + 1;
    for (; i < text_.size() && text_[i] != '"'; ++i) {
      if (text_[i] != '\\' || i + 1 >= text_.size()) {
        said += text_[i];
        continue;
      }
      if (text_[++i] != 'u') {
        said += text_[i];
        continue;
      }
      unsigned code = 0;
      const std::string_view digits = text_.substr(i + 1, 4);
      const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
      said += error == std::errc() && code < 0x80 ? static_cast<char>(code) : '?';
      i += static_cast<std::size_t>(stop - digits.data());
    }
    return std::min(i + 1, text_.size());
  }

  std::size_t behind_spaces(std::size_t from) const {
    while (from < text_.size() && is_space(text_[from])) ++from;
    return from;
  }

  // Position behind a value: a string, a list or an object with all that is in it, or a bare word.
  std::size_t end_of_value(std::size_t from) const {
    std::size_t depth = 0;
    for (std::size_t i = from; i < text_.size();) {
      const char c = text_[i];
      std::string said;
      if (c == '"') {
        i = end_of_string(i, said);
        if (depth == 0) return i;
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') {
        if (depth == 0) return i;
        if (--depth == 0) return i + 1;
      }
      if (c == ',' && depth == 0) return i;
      ++i;
    }
    return text_.size();
  }

  void take_string() {
    std::string said;
    const std::size_t end = end_of_string(at_, said);
    const std::size_t colon = behind_spaces(end);
    const bool is_key = colon < text_.size() && text_[colon] == ':';
    if (!is_key && tells_secrets(said)) {
      out_.append("\"").append(mask).append("\"");
      at_ = end;
      return;
    }
    out_ += text_.substr(at_, end - at_);
    at_ = end;
    if (!is_key || !desk::is_secret_name(said)) return;
    out_.append(":\"").append(mask).append("\"");
    at_ = end_of_value(behind_spaces(colon + 1));
  }

  // A text within the text: JSON once more, name=value, or an address with a password in it.
  static bool tells_secrets(std::string_view said) {
    const std::size_t scheme = said.find("://");
    return desk::is_secret_name(said) ||
           (scheme != std::string_view::npos && said.find('@', scheme) != std::string_view::npos);
  }

  void take_word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    out_ += word;
    const bool address =
        text_.substr(at_).starts_with("://") && text_.find('@', at_) != std::string_view::npos;
    if (!desk::is_secret_name(word) && !address) return;
    out_ += mask;
    at_ = text_.size();
  }

  std::string_view text_;
  std::string out_;
  std::size_t at_{};
};

}  // namespace

std::string masked(std::string_view text) { return Scanner(text).run(); }

}  // namespace rytme::app
