// SPDX-License-Identifier: Apache-2.0
// What a profile's params must be so that its topics are those of a fixture's examples. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "controller/settings/profile.hpp"

namespace rytme::trial {

using Params = std::map<std::string, std::string>;

struct TriedMessage {
  bool out{};
  std::string topic;
  std::string payload;
};

class ProfileTopics {
 public:
  explicit ProfileTopics(const settings::Profile& profile);

  // Guessed from all messages, the value that most of them need first; `given` outweighs. Every param has a
  // value: its default, else its own name, where nothing says otherwise.
  Params guess(const std::vector<TriedMessage>& messages, const Params& given) const;
  // `usual` as this message needs it: another device's message in the same file. Unchanged when the profile
  // has no such topic at all.
  Params fitted(const TriedMessage& message, const Params& usual, const Params& given) const;
  // The profile reads (or, out, sends) this topic with these params.
  bool knows(const TriedMessage& message, const Params& params) const;

 private:
  struct Template {
    std::string text;
    bool out{};
    const settings::PayloadField* payload{};  // of a write
  };
  void add(const std::string& text, bool out, const settings::PayloadField* payload = nullptr);
  Params needed(const TriedMessage& message) const;
  bool allowed(const Params& params) const;

  const settings::Profile& profile_;
  std::vector<Template> templates_;
};

// {param} filled in.
std::string filled(std::string text, const Params& params);

}  // namespace rytme::trial
