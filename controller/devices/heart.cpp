// SPDX-License-Identifier: Apache-2.0
#include "controller/devices/heart.hpp"

#include <algorithm>
#include <array>

#include "controller/devices/json_document.hpp"

namespace rytme::devices {
namespace {

constexpr std::size_t max_notification = 64;  // bytes; a real one has at most 20, or 512 with a long MTU

struct Bytes {
  std::array<std::uint8_t, max_notification> data{};
  std::size_t size{};
};

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool parse_hex(std::string_view text, Bytes& bytes) {
  int high = -1;
  for (const char c : text) {
    if ((c == ' ' || c == ':' || c == '-') && high < 0) continue;
    const int value = digit(c);
    if (value < 0) return false;
    if (high < 0) {
      high = value;
      continue;
    }
    if (bytes.size == bytes.data.size()) return false;
    bytes.data.at(bytes.size++) = static_cast<std::uint8_t>(high * 16 + value);
    high = -1;
  }
  return high < 0;
}

std::uint16_t word(const Bytes& bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes.data.at(at) | (bytes.data.at(at + 1) << 8));
}

std::optional<double> rate(double bpm) {
  if (bpm == 0 || bpm == 255) return std::nullopt;
  return bpm;
}

bool read_intervals(const Bytes& bytes, std::size_t at, HeartSample& sample) {
  for (; at + 2 <= bytes.size; at += 2) {
    if (sample.rr_count == HeartSample::max_rr) return false;
    sample.rr_1024.at(sample.rr_count++) = word(bytes, at);
  }
  return at == bytes.size;
}

Outcome read_rr(const boost::json::value& list, HeartSample& sample) {
  const auto* values = list.if_array();
  if (values == nullptr) return Refused{Refusal::wrong_type, "rr is not a list"};
  if (values->size() > HeartSample::max_rr)
    return Refused{Refusal::out_of_range, "more than 16 RR intervals"};
  for (const auto& item : *values) {
    const auto number = number_of(item);
    if (!number) return Refused{Refusal::wrong_type, "an RR interval is not a number"};
    if (!(*number >= 0 && *number <= 65535)) return Refused{Refusal::out_of_range, "RR outside 0 to 65535"};
    sample.rr_1024.at(sample.rr_count++) = static_cast<std::uint16_t>(*number);
  }
  return {};
}

Outcome read_fields(const boost::json::value& root, HeartSample& sample) {
  if (const auto* bpm = find(root, "/bpm")) {
    const auto number = number_of(*bpm);
    if (!number) return Refused{Refusal::wrong_type, "bpm is not a number"};
    if (!(*number >= 0 && *number <= 65535)) return Refused{Refusal::out_of_range, "bpm outside 0 to 65535"};
    sample.bpm = rate(*number);
  }
  if (const auto* contact = find(root, "/contact")) {
    if (!contact->is_bool()) return Refused{Refusal::wrong_type, "contact is not true or false"};
    sample.contact = contact->get_bool() ? Contact::yes : Contact::no;
  }
  if (const auto* rr = find(root, "/rr")) return read_rr(*rr, sample);
  return {};
}

bool agree(const boost::json::value& root, const HeartSample& fields, const HeartSample& raw) {
  if (find(root, "/bpm") != nullptr && fields.bpm != raw.bpm) return false;
  if (find(root, "/contact") != nullptr && raw.contact != Contact::unsupported &&
      fields.contact != raw.contact)
    return false;
  return find(root, "/rr") == nullptr ||
         (fields.rr_count == raw.rr_count &&
          std::equal(fields.rr_1024.begin(), fields.rr_1024.begin() + fields.rr_count, raw.rr_1024.begin()));
}

}  // namespace

Outcome decode_2a37(std::string_view hex, HeartSample& sample, Notification& frame) {
  constexpr Refused too_short{Refusal::malformed, "0x2A37 frame is too short"};
  Bytes bytes;
  frame = {};
  if (!parse_hex(hex, bytes)) return Refused{Refusal::malformed, "0x2A37 frame is not hex"};
  if (bytes.size < 2) return too_short;
  const unsigned flags = bytes.data[0];
  const bool wide = (flags & 1U) != 0;
  std::size_t at = wide ? 3 : 2;
  if (bytes.size < at) return too_short;
  sample.bpm = rate(wide ? word(bytes, 1) : bytes.data[1]);
  if ((flags & 4U) != 0) sample.contact = (flags & 2U) != 0 ? Contact::yes : Contact::no;
  if ((flags & 8U) != 0) at += 2;
  if (bytes.size < at) return too_short;
  if ((flags & 8U) != 0) frame.energy_kj = word(bytes, at - 2);
  frame.cut = (flags & 16U) != 0 ? !read_intervals(bytes, at, sample) : bytes.size != at;
  return {};
}

Outcome decode_stamp(const boost::json::object& object, StreamStamp& stamp) {
  const auto* version = object.if_contains("v");
  if (version == nullptr || number_of(*version) != 1.0) return Refused{Refusal::wrong_type, "v is not 1"};
  const auto* boot = object.if_contains("boot");
  if (boot == nullptr || !boot->is_string()) return Refused{Refusal::wrong_type, "boot is not a text"};
  if (boot->get_string().size() > 15)
    return Refused{Refusal::out_of_range, "boot is longer than 15 characters"};
  const auto* seq = object.if_contains("seq");
  const auto* t_us = object.if_contains("t_us");
  if (seq == nullptr || t_us == nullptr || !t_us->is_int64() || !(seq->is_int64() || seq->is_uint64()))
    return Refused{Refusal::wrong_type, "seq or t_us is not a whole number"};
  if (t_us->get_int64() < 0 || (seq->is_int64() && seq->get_int64() < 0))
    return Refused{Refusal::out_of_range, "seq or t_us is negative"};
  stamp.boot.assign(boot->get_string().data(), boot->get_string().size());
  stamp.seq = seq->is_uint64() ? seq->get_uint64() : static_cast<std::uint64_t>(seq->get_int64());
  stamp.t_us = t_us->get_int64();
  return {};
}

Outcome decode_heart(const boost::json::value& root, HeartSample& sample) {
  const auto* object = root.if_object();
  if (object == nullptr) return Refused{Refusal::wrong_type, "expected a JSON object"};
  if (auto refused = decode_stamp(*object, sample.stamp)) return refused;
  HeartSample fields;
  if (auto refused = read_fields(root, fields)) return refused;
  const auto* raw = find(root, "/raw");
  if (raw == nullptr) {
    fields.stamp = std::move(sample.stamp);
    fields.device = sample.device;
    fields.received = sample.received;
    sample = std::move(fields);
    return {};
  }
  if (!raw->is_string()) return Refused{Refusal::wrong_type, "raw is not a text"};
  Notification frame;
  if (auto refused = decode_2a37({raw->get_string().data(), raw->get_string().size()}, sample, frame))
    return refused;
  if (frame.cut) return Refused{Refusal::malformed, "raw is cut short"};
  if (!agree(root, fields, sample)) return Refused{Refusal::malformed, "raw and the other fields disagree"};
  return {};
}

}  // namespace rytme::devices
