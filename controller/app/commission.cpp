// SPDX-License-Identifier: Apache-2.0
#include "controller/app/commission.hpp"

#include <algorithm>

#include "controller/app/clock.hpp"
#include "controller/settings/modbus_rules.hpp"

namespace rytme::app {
namespace {

constexpr int tries = 3;
constexpr std::chrono::milliseconds answer_patience{2000};  // of a lamp behind two gateways

bool all_right(const Commissioned& done) {
  return std::all_of(done.values.begin(), done.values.end(),
                     [](const CommissionedValue& value) { return value.fault.empty(); });
}

// "": it answered as it must; else why not. An earlier state may still be on its way, so another answer is
// not the end.
std::string await(const devices::SetupTalk& talk, TalkPort& port) {
  std::string fault = "no answer";
  const Instant limit = now().steady + answer_patience;
  while (now().steady < limit) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(limit - now().steady);
    const auto message = port.hear(left);
    if (!message) return fault;
    const auto answer = devices::answer_in(*message, talk);
    if (answer && devices::is_right(*answer, talk)) return "";
    if (answer) fault = "says " + *answer;
  }
  return fault;
}

std::string text_of(const std::vector<std::uint16_t>& words) {
  std::string text;
  for (const auto word : words) text += (text.empty() ? "" : " ") + std::to_string(word);
  return text;
}

void read_back(const devices::SetupStep& step, SetupPort& port, CommissionedValue& value) {
  const RegisterWrite& write = step.write;
  std::vector<std::uint16_t> words;
  value.fault = port.read({write.bus, write.unit, write.area, write.address,
                           static_cast<std::uint16_t>(write.values.size()), std::chrono::milliseconds{500}},
                          words);
  if (value.fault.empty() && words != write.values) value.fault = "reads " + text_of(words);
  value.verified = value.fault.empty();
}

}  // namespace

Commissioned commission(const std::vector<devices::SetupStep>& steps, SetupPort& port) {
  Commissioned done;
  for (const auto& step : steps) {
    CommissionedValue value;
    value.id = step.setup->id;
    value.place = std::string(settings::name_of(step.write.area)) + " " + std::to_string(step.write.address);
    value.value = step.value;
    value.words = text_of(step.write.values);
    value.fault = port.write(step.write);
    if (value.fault.empty() && step.setup->verify) read_back(step, port, value);
    done.values.push_back(std::move(value));
  }
  // A later write may have undone an earlier one.
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (steps[i].setup->verify && done.values[i].verified) read_back(steps[i], port, done.values[i]);
  done.verified = all_right(done);
  return done;
}

Commissioned commission(const std::vector<devices::SetupTalk>& talks, TalkPort& port) {
  Commissioned done;
  for (const auto& talk : talks) {
    CommissionedValue value{talk.setup->id, talk.say.topic, std::nullopt, talk.say.payload, false, {}};
    for (int i = 0; i < tries && !value.verified; ++i) {
      port.say(talk.say);
      if (talk.ask) port.say(*talk.ask);
      value.fault = await(talk, port);
      value.verified = value.fault.empty();
    }
    done.values.push_back(std::move(value));
  }
  done.verified = all_right(done);
  return done;
}

}  // namespace rytme::app
