// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/arousal_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

namespace rytme::signals {

namespace {

std::string_view why(ArousalUnknown unknown, bool norwegian) {
  switch (unknown) {
    case ArousalUnknown::no:
      return "";
    case ArousalUnknown::no_pulse:
      return norwegian ? "Ingen puls å gå ut fra." : "No pulse to go by.";
    case ArousalUnknown::no_baseline:
      return norwegian ? "Ingen hvilepuls tatt." : "No calm pulse taken.";
    case ArousalUnknown::recovering:
      return norwegian ? "Henter seg inn etter bevegelse: vet ikke."
                       : "Recovering from movement: cannot tell.";
    case ArousalUnknown::moving:
      return norwegian ? "For mye bevegelse: vet ikke." : "Too much movement: cannot tell.";
    case ArousalUnknown::movement_unseen:
      return norwegian ? "Bevegelsen er ikke målt: vet ikke." : "Movement is not measured: cannot tell.";
    case ArousalUnknown::wearer_unsure:
      return norwegian ? "Pulsmåleren har vært av: samme person?"
                       : "The sensor has been off: the same person?";
    case ArousalUnknown::unsure:
      return norwegian ? "For usikkert: vet ikke." : "Too unsure: cannot tell.";
  }
  return "";
}

// What does not fit is cut; nothing written here comes near it.
class Writer {
 public:
  explicit Writer(std::array<char, 512>& text) : text_(text) {}

  template <typename... Values>
  void put(fmt::format_string<Values...> form, Values&&... values) {
    const auto room = text_.size() - size_;
    const auto written =
        fmt::format_to_n(text_.data() + size_, room, form, std::forward<Values>(values)...).size;
    size_ += std::min(room, written);
  }
  std::string_view text() const { return {text_.data(), size_}; }

 private:
  std::array<char, 512>& text_;
  std::size_t size_{};
};

void calm_value(Writer& out, const Baseline& baseline, bool norwegian) {
  const long calm = std::lround(baseline.calm_bpm);
  if (baseline.history_won) {
    out.put("{} {}.", norwegian ? " Egen rolig verdi fra før" : " Own calm value from before", calm);
  } else {
    out.put("{} {} ({} min).", norwegian ? " Egen rolig verdi i dag" : " Own calm value today", calm,
            std::lround(baseline.minutes));
  }
}

void confidence(Writer& out, double value, bool norwegian) {
  const long hundredths = std::clamp(std::lround(std::floor(value * 100)), 0L, 100L);
  out.put(" {} {}{}{:02}.", norwegian ? "Tillit" : "Confidence", hundredths / 100, norwegian ? ',' : '.',
          hundredths % 100);
}

}  // namespace

std::string_view ArousalLine::write(const ArousalNowResult& result, const std::optional<Baseline>& baseline,
                                    ArousalLanguage language) {
  const bool norwegian = language == ArousalLanguage::nb;
  Writer out(text_);
  if (!result.hr_bpm) {
    out.put("{}", why(result.unknown, norwegian));
    return out.text();
  }
  const long hr = std::lround(*result.hr_bpm);
  out.put("{} {}.", norwegian ? "Puls" : "Pulse", hr);
  if (!result.expected_bpm || !result.sigma_bpm || !baseline) {
    out.put(" {}", why(result.unknown, norwegian));
    return out.text();
  }
  const long expected = std::lround(*result.expected_bpm);
  const bool over = hr >= expected;
  const std::string_view side =
      norwegian ? (over ? "over i" : "under i") : (over ? "above for" : "below for");
  out.put(" {} {} ± {}. {} {} {} s.",
          norwegian ? "Ventet for denne bevegelsen" : "Expected for this movement", expected,
          std::lround(*result.sigma_bpm), std::labs(hr - expected), side, std::lround(result.side_s));
  calm_value(out, *baseline, norwegian);
  confidence(out, result.confidence, norwegian);
  if (result.low_side) {
    out.put("{}", norwegian ? " Svært stille: hviler, eller frakoblet? Se etter."
                            : " Very quiet: resting, or shut down? Please look.");
  } else if (!result.level) {
    out.put(" {}", why(result.unknown, norwegian));
  }
  return out.text();
}

}  // namespace rytme::signals
