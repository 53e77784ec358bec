// SPDX-License-Identifier: Apache-2.0
#include "controller/review/names.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "controller/review/question.hpp"
#include "controller/room/capability.hpp"

namespace rytme::review {
namespace {

constexpr std::array<std::string_view, 7> motion_names{"motion.accel.x",  "motion.accel.y", "motion.accel.z",
                                                       "motion.gyro.x",   "motion.gyro.y",  "motion.gyro.z",
                                                       "motion.magnitude"};

struct Suffix {
  std::string_view text;
  Source source;
};
constexpr std::array<Suffix, 3> suffixes{
    {{".commanded", Source::commanded}, {".confirmed", Source::confirmed}, {".measured", Source::measured}}};

bool is_derived(Capability capability) {
  switch (capability) {
    case Capability::hr_mean10_bpm:
    case Capability::hr_rmssd60_ms:
    case Capability::hr_window60_bpm:
    case Capability::hr_window60_rmssd_ms:
    case Capability::hr_window60_accepted:
    case Capability::hr_sdnn120_ms:
    case Capability::hr_pnn50_120:
    case Capability::hr_respiration_per_min:
    case Capability::hr_expected_bpm:
    case Capability::motion_body_mps2:
    case Capability::arousal_index:
    case Capability::arousal_level:
    case Capability::arousal_confidence:
      return true;
    default:
      return false;
  }
}

std::optional<Name> of_stream(std::string_view text) {
  Name name{std::string(text), Source::motion, "", 0, "", true, false};
  if (text == "hr.rr_ms") {
    name.source = Source::beats;
    name.unit = "ms";
    return name;
  }
  const auto* found = std::find(motion_names.begin(), motion_names.end(), text);
  if (found == motion_names.end()) return std::nullopt;
  name.axis = static_cast<std::size_t>(found - motion_names.begin());
  name.unit = name.axis >= 3 && name.axis < magnitude_axis ? "rad/s" : "m/s2";
  return name;
}

std::optional<Name> of_channel(std::string_view text, Source source, std::string_view channel) {
  const auto capability = capability_from(channel);
  if (!capability) return std::nullopt;
  const CapabilityInfo& about = info(*capability);
  if (about.kind == ValueKind::text || about.kind == ValueKind::stream)
    throw BadQuestion("names", std::string(text) + " has no numbers to draw.");
  const bool sampled = source == Source::reading && about.from_body && about.kind == ValueKind::number;
  return Name{std::string(text), source,  std::string(channel),   0,
              about.unit,        sampled, is_derived(*capability)};
}

Name name_from(std::string_view text) {
  if (auto stream = of_stream(text)) return *stream;
  for (const Suffix& suffix : suffixes)
    if (text.ends_with(suffix.text))
      if (auto name = of_channel(text, suffix.source, text.substr(0, text.size() - suffix.text.size())))
        return *name;
  if (auto name = of_channel(text, Source::reading, text)) return *name;
  throw BadQuestion("names", "There is no series of this name: " + std::string(text.substr(0, 64)) + ".");
}

}  // namespace

std::vector<Name> names_from(std::string_view list) {
  std::vector<Name> names;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view text = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    const bool again =
        std::any_of(names.begin(), names.end(), [&](const Name& name) { return name.text == text; });
    if (!again) names.push_back(name_from(text));
    if (names.size() > most_names)
      throw BadQuestion("names", "At most " + std::to_string(most_names) + " names at once.");
  }
  if (names.empty()) throw BadQuestion("names", "At least one name is needed.");
  return names;
}

}  // namespace rytme::review
