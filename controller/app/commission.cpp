// SPDX-License-Identifier: Apache-2.0
#include "controller/app/commission.hpp"

#include <algorithm>

#include "controller/settings/modbus_rules.hpp"

namespace rytme::app {
namespace {

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

Commissioned commission(const std::vector<devices::SetupStep>& steps, const settings::House& house,
                        const std::string& time, SetupPort& port) {
  Commissioned done{setup_hash(steps, house), time, false, {}};
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
  done.verified = std::all_of(done.values.begin(), done.values.end(),
                              [](const CommissionedValue& value) { return value.fault.empty(); });
  return done;
}

}  // namespace rytme::app
