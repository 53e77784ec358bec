// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/frames.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace rytme::simulator {
namespace {

constexpr unsigned flag_wide_rate = 0x01;
constexpr unsigned flag_contact = 0x02;
constexpr unsigned flag_contact_supported = 0x04;
constexpr unsigned flag_rr = 0x10;

void add_byte(std::string& out, unsigned value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  out += digits[(value >> 4U) & 0xFU];
  out += digits[value & 0xFU];
}

void add_word(std::string& out, unsigned value) {  // little endian
  add_byte(out, value & 0xFFU);
  add_byte(out, (value >> 8U) & 0xFFU);
}

// The shortest text that reads back as the same number: no digit more on the wire than the sensor gave.
template <typename Number>
void add_number(std::string& out, Number value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), end);
}

template <typename Iterator>
void add_list(std::string& out, Iterator from, Iterator to) {
  out += '[';
  for (auto at = from; at != to; ++at) {
    if (at != from) out += ',';
    add_number(out, *at);
  }
  out += ']';
}

std::string head(std::string_view boot, std::uint64_t seq, std::int64_t t_us) {
  std::string out = R"({"v":1,"boot":")";
  out += boot;
  out += R"(","seq":)";
  add_number(out, seq);
  out += R"(,"t_us":)";
  add_number(out, t_us);
  return out;
}

// One number where all steps are equal, else the list of count-1 steps.
void add_steps(std::string& out, const std::vector<std::int64_t>& t_us, std::size_t first,
               std::size_t count) {
  std::vector<std::int64_t> steps;
  for (std::size_t i = first + 1; i < first + count; ++i) steps.push_back(t_us[i] - t_us[i - 1]);
  out += R"(,"dt_us":)";
  if (steps.empty()) {
    out += '0';
  } else if (std::ranges::all_of(steps, [&](auto step) { return step == steps.front(); })) {
    add_number(out, steps.front());
  } else {
    add_list(out, steps.begin(), steps.end());
  }
}

void add_axis(std::string& out, std::string_view name, const std::vector<float>& column, std::size_t first,
              std::size_t count) {
  if (column.empty()) return;
  out += ",\"";
  out += name;
  out += "\":";
  const auto from = column.begin() + static_cast<std::ptrdiff_t>(first);
  add_list(out, from, from + static_cast<std::ptrdiff_t>(count));
}

}  // namespace

std::string heart_measurement_hex(const HeartFrame& frame) {
  const auto rate = static_cast<unsigned>(std::clamp(frame.bpm, 0, 0xFFFF));
  unsigned flags = flag_contact_supported;
  if (rate > 0xFF) flags |= flag_wide_rate;
  if (frame.contact) flags |= flag_contact;
  if (!frame.rr_1024.empty()) flags |= flag_rr;
  std::string out;
  add_byte(out, flags);
  if (rate > 0xFF) {
    add_word(out, rate);
  } else {
    add_byte(out, rate);
  }
  for (const auto rr : frame.rr_1024) add_word(out, rr);
  return out;
}

std::string heart_frame_text(const HeartFrame& frame, std::string_view boot, std::uint64_t seq) {
  std::string out = head(boot, seq, frame.t_us);
  out += R"(,"bpm":)";
  add_number(out, frame.bpm);
  out += frame.contact ? R"(,"contact":true,"rr":)" : R"(,"contact":false,"rr":)";
  add_list(out, frame.rr_1024.begin(), frame.rr_1024.end());
  out += R"(,"raw":")" + heart_measurement_hex(frame) + "\"}";
  return out;
}

std::string motion_frame_text(const MotionColumns& columns, std::size_t first, std::size_t count,
                              std::string_view boot, std::uint64_t seq) {
  std::string out = head(boot, seq, columns.t_us[first]);
  add_steps(out, columns.t_us, first, count);
  add_axis(out, "ax", columns.ax, first, count);
  add_axis(out, "ay", columns.ay, first, count);
  add_axis(out, "az", columns.az, first, count);
  add_axis(out, "gx", columns.gx, first, count);
  add_axis(out, "gy", columns.gy, first, count);
  add_axis(out, "gz", columns.gz, first, count);
  out += '}';
  return out;
}

}  // namespace rytme::simulator
