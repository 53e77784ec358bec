// SPDX-License-Identifier: Apache-2.0
#include "controller/trial/try_frames.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>

#include <fmt/format.h>

#include "controller/settings/modbus_rules.hpp"
#include "controller/trial/try_bench.hpp"
#include "controller/trial/try_values.hpp"

namespace rytme::trial {
namespace {

using devices::BoundPoint;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct FrameJudgement {
  Verdict verdict{Verdict::differs};
  std::string reason;
};

std::string place(const FrameRequest& request) {
  return fmt::format("{} {}", settings::name_of(request.area), request.address);
}

const settings::LeftOut* left_out(const settings::Profile& profile, const FrameRequest& request) {
  for (const auto& item : profile.left_out)
    if (item.area == request.area && request.address >= item.address &&
        request.address < item.address + item.count)
      return &item;
  return nullptr;
}

bool lies_in(const FrameRequest& request, RegisterArea area, unsigned address, unsigned count) {
  return area == request.area && address >= request.address &&
         address + count <=
             unsigned{request.address} + request.values.size() + (request.writes ? 0 : request.count);
}

class FrameTrial {
 public:
  FrameTrial(const settings::Profile& profile, FrameRequest request, Framing framing, Bytes bytes,
             const std::map<std::string, std::string>& params)
      : profile_(profile),
        request_(std::move(request)),
        framing_(framing),
        bytes_(std::move(bytes)),
        bench_(profile, request_.unit, params) {}

  FrameJudgement sent();
  FrameJudgement answered(const ParsedResponse& response, const toml::node* values);
  FrameJudgement asked();

 private:
  std::vector<std::size_t> touched(bool writing) const;
  std::optional<FrameJudgement> hazard() const;
  std::optional<FrameJudgement> setup() const;
  std::optional<FrameJudgement> not_written(const std::vector<std::size_t>& points) const;
  FrameJudgement encoded(const std::vector<std::size_t>& points, const Modes& modes);
  std::vector<RegisterWrite> commanded(devices::Devices& devices,
                                       const std::vector<std::size_t>& points) const;
  std::vector<std::uint16_t> words_at(unsigned address, std::size_t count) const;
  std::vector<SeenValue> seen(const RegisterBlock& block, const Modes& modes);

  const settings::Profile& profile_;
  FrameRequest request_;
  Framing framing_;
  Bytes bytes_;
  TryBench bench_;
};

std::vector<std::size_t> FrameTrial::touched(bool writing) const {
  std::vector<std::size_t> all;
  const auto& points = bench_.points();
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto& point = points[i];
    if (writing ? !point.point->writable : !point.point->readable) continue;
    const unsigned address = writing ? point.write_address : point.read.address;
    if (lies_in(request_, point.read.area, address, point.read.count)) all.push_back(i);
  }
  return all;
}

// What is never sent, whatever the profile says.
std::optional<FrameJudgement> FrameTrial::hazard() const {
  if (const auto* item = left_out(profile_, request_)) return FrameJudgement{Verdict::refused, item->reason};
  if (request_.unit == 0)
    return FrameJudgement{Verdict::refused,
                          "unit 0 is every slave of the bus at once, and none of them answers"};
  if (request_.function == 5 && request_.coil_word != 0xFF00 && request_.coil_word != 0)
    return FrameJudgement{
        Verdict::refused,
        fmt::format("function 5 with 0x{:04X} is neither on (0xFF00) nor off (0x0000): a toggle or a "
                    "flash, which twice does not give what it gave once",
                    request_.coil_word)};
  return std::nullopt;
}

std::optional<FrameJudgement> FrameTrial::setup() const {
  devices::Devices devices(bench_.house());
  std::optional<FrameJudgement> other;
  for (std::size_t i = 0; i < bench_.house().devices.size(); ++i)
    for (auto step : devices.setup(static_cast<DeviceIndex>(i))) {
      if (!lies_in(request_, step.write.area, step.write.address,
                   static_cast<unsigned>(step.write.values.size())))
        continue;
      step.write.unit = request_.unit;
      if (frame_of(step.write, framing_) == bytes_ || step.write.values == request_.values)
        return FrameJudgement{Verdict::ok, ""};
      other = FrameJudgement{Verdict::refused, "written at commissioning only, by setup \"" + step.setup->id +
                                                   "\": " + hex_of(frame_of(step.write, framing_))};
    }
  return other;
}

std::optional<FrameJudgement> FrameTrial::not_written(const std::vector<std::size_t>& points) const {
  for (unsigned address = request_.address; address < request_.address + request_.values.size(); ++address) {
    const auto covers = [&](std::size_t index) {
      const auto& point = bench_.points()[index];
      return address >= point.write_address && address < unsigned{point.write_address} + point.read.count;
    };
    if (std::any_of(points.begin(), points.end(), covers)) continue;
    for (const auto& point : bench_.points())
      if (point.point->readable && point.read.area == request_.area && point.read.address == address)
        return FrameJudgement{Verdict::refused, "point \"" + point.point->id + "\" is only read"};
    return FrameJudgement{
        Verdict::differs,
        fmt::format("no point of the profile writes {} {}; describe it as a [[point]] with access = "
                    "\"rw\", or under [[left_out]] with the reason",
                    settings::name_of(request_.area), address)};
  }
  const auto used = [&](std::size_t index) { return bench_.points()[index].point->capability.has_value(); };
  if (std::none_of(points.begin(), points.end(), used))
    return FrameJudgement{Verdict::refused,
                          "point \"" + bench_.points()[points.front()].point->id +
                              "\" has no capability, so nothing in the room ever commands it"};
  return std::nullopt;
}

std::vector<std::uint16_t> FrameTrial::words_at(unsigned address, std::size_t count) const {
  const auto from = request_.values.begin() + static_cast<std::ptrdiff_t>(address - request_.address);
  return {from, from + static_cast<std::ptrdiff_t>(count)};
}

// The frame's words as settings of the devices that have these points, and what the engine sends for them.
std::vector<RegisterWrite> FrameTrial::commanded(devices::Devices& devices,
                                                 const std::vector<std::size_t>& points) const {
  std::set<unsigned> done;
  std::map<DeviceIndex, Command> commands;
  for (const std::size_t index : points) {
    const auto& point = bench_.points()[index];
    if (done.contains(point.write_address)) continue;
    const auto setting = devices.setting_of(index, words_at(point.write_address, point.read.count));
    if (!setting) continue;
    done.insert(point.write_address);
    Command& command = commands[point.device];
    command.device = point.device;
    command.settings.push_back(*setting);
  }
  std::vector<RegisterWrite> writes;
  for (auto& row : commands) {
    Command& command = row.second;
    const auto has = [&](Capability capability) {
      return std::any_of(command.settings.begin(), command.settings.end(),
                         [&](const Setting& setting) { return setting.capability == capability; });
    };
    // A switch goes out with a level, never alone.
    const bool on = has(Capability::light_on) && !has(Capability::light_level);
    if (on) {
      const auto setting =
          std::find_if(command.settings.begin(), command.settings.end(),
                       [](const Setting& item) { return item.capability == Capability::light_on; });
      command.settings.push_back({Capability::light_level, setting->value, {}});
    }
    auto encoded = devices.encode(command).writes;
    writes.insert(writes.end(), encoded.begin(), encoded.end());
  }
  return writes;
}

FrameJudgement FrameTrial::encoded(const std::vector<std::size_t>& points, const Modes& modes) {
  const auto writes = commanded(bench_.fresh(modes), points);
  std::map<unsigned, std::uint16_t> words;
  std::string all;
  for (const auto& write : writes) {
    const Bytes bytes = frame_of(write, framing_);
    const std::size_t transaction = framing_ == Framing::tcp ? 2 : 0;
    if (std::equal(bytes.begin() + static_cast<std::ptrdiff_t>(transaction), bytes.end(),
                   bytes_.begin() + static_cast<std::ptrdiff_t>(transaction), bytes_.end()))
      return {Verdict::ok, ""};
    all += (all.empty() ? "" : ", ") + hex_of(bytes);
    if (write.area != request_.area) continue;
    for (std::size_t i = 0; i < write.values.size(); ++i)
      words[write.address + static_cast<unsigned>(i)] = write.values[i];
  }
  std::map<unsigned, std::uint16_t> wanted;
  for (std::size_t i = 0; i < request_.values.size(); ++i)
    wanted[request_.address + static_cast<unsigned>(i)] = request_.values[i];
  if (!wanted.empty() && std::includes(words.begin(), words.end(), wanted.begin(), wanted.end()))
    return {Verdict::ok, "the same registers, sent as " + all};
  return {Verdict::differs, all.empty() ? "nothing would be sent" : "would be sent as " + all};
}

FrameJudgement FrameTrial::sent() {
  if (const auto judged = hazard()) return *judged;
  const auto points = touched(true);
  if (points.empty())
    if (const auto judged = setup()) return *judged;
  if (const auto judged = not_written(points)) return *judged;
  FrameJudgement first;
  for (const auto& modes : bench_.modes_for(points)) {
    auto judged = encoded(points, modes);
    if (judged.verdict == Verdict::ok) return judged;
    if (first.reason.empty()) first = judged;
  }
  return first;
}

FrameJudgement FrameTrial::asked() {
  if (touched(false).empty()) {
    if (const auto* item = left_out(profile_, request_)) return {Verdict::refused, item->reason};
    return {Verdict::differs, "no point of the profile is read at " + place(request_)};
  }
  const RegisterRead read{0, request_.unit, request_.area, request_.address, request_.count, {}};
  const Bytes ours = frame_of(read, framing_);
  const std::size_t transaction = framing_ == Framing::tcp ? 2 : 0;
  if (std::equal(ours.begin() + static_cast<std::ptrdiff_t>(transaction), ours.end(),
                 bytes_.begin() + static_cast<std::ptrdiff_t>(transaction), bytes_.end()))
    return {Verdict::ok, ""};
  return {Verdict::differs, "would be asked as " + hex_of(ours)};
}

// What the live decoding gives, point by point; points that are no capability by the same reading of words.
std::vector<SeenValue> FrameTrial::seen(const RegisterBlock& block, const Modes& modes) {
  devices::Devices& devices = bench_.fresh(modes);
  const auto readouts = devices.read_points(block);
  std::vector<Decoded> decoded;
  devices.decode(block, decoded);
  std::map<std::pair<DeviceIndex, Capability>, double> live;
  for (const auto& item : decoded) {
    if (const auto* reading = std::get_if<Reading>(&item))
      live[{reading->device, reading->capability}] =
          reading->quality == Quality::unknown ? nan : reading->value;
    if (const auto* frame = std::get_if<MotionFrame>(&item)) {
      const std::vector<float>* columns[] = {&frame->ax, &frame->ay, &frame->az,
                                             &frame->gx, &frame->gy, &frame->gz};
      for (unsigned axis = 0; axis < 6; ++axis) {
        if (columns[axis]->empty()) continue;
        const auto capability =
            static_cast<Capability>(static_cast<unsigned>(Capability::motion_accel_x_mps2) + axis);
        const double value = static_cast<double>(columns[axis]->front());
        live[{frame->device, capability}] = axis < 3 ? value : value * 180 / std::numbers::pi;
      }
    }
  }
  std::vector<SeenValue> all;
  std::set<std::pair<const settings::ModbusPoint*, unsigned>> known;  // channels share what has no channel
  for (const auto& readout : readouts) {
    const BoundPoint& bound = bench_.points()[readout.point];
    const auto& point = *bound.point;
    if (!known.insert({&point, bound.read.address}).second) continue;
    SeenValue value{
        point.id, point.capability, bound.read.address, readout.raw, readout.value, readout.text, false, "",
        {}};
    if (point.capability) {
      value.unit = info(*point.capability).unit;
      const auto reading = live.find({bound.device, *point.capability});
      if (reading != live.end())
        value.value = reading->second;
      else if (!point.in_frame)
        value.value = nan;
      if (!value.text.empty()) value.value = readout.value;
    }
    value.unknown = std::isnan(value.value);
    if (point.cct_position && !value.unknown)
      value.position = readout.raw * point.scaling.scale + point.scaling.offset;
    all.push_back(std::move(value));
  }
  return all;
}

FrameJudgement FrameTrial::answered(const ParsedResponse& response, const toml::node* values) {
  const auto points = touched(false);
  if (points.empty()) return asked();
  RegisterBlock block;
  block.read = {
      0, request_.unit, request_.area, request_.address, request_.count, std::chrono::milliseconds(500)};
  block.values = response.values;
  const bool refused = response.exception.has_value() || !response.fault.empty();
  block.outcome = refused ? BusOutcome::gone : BusOutcome::ok;
  if (refused) {
    const auto* table = values != nullptr ? values->as_table() : nullptr;
    const bool expected =
        table != nullptr && (table->contains("exception") || !table->at_path("valid").value_or(true));
    const std::string why = response.exception
                                ? fmt::format("the device refuses with exception {}", *response.exception)
                                : response.fault;
    return {expected ? Verdict::ok : Verdict::differs, expected ? "" : why};
  }
  if (values == nullptr) return {Verdict::ok, ""};
  FrameJudgement first;
  for (const auto& modes : bench_.modes_for(points)) {
    const std::string differs = compare_values(*values, seen(block, modes));
    if (differs.empty()) return {Verdict::ok, ""};
    if (first.reason.empty()) first.reason = differs;
  }
  return first;
}

Framing framing_of(const toml::table& frame, Framing otherwise) {
  const auto transport = frame["transport"].value<std::string>();
  if (!transport) return otherwise;
  return *transport == "tcp" ? Framing::tcp : Framing::rtu;
}

}  // namespace

Trial try_frame(const settings::Profile& profile, const toml::table& frame, Framing otherwise,
                const std::map<std::string, std::string>& params) {
  Trial trial{Verdict::differs, frame["id"].value_or<std::string>("frame"), ""};
  const Framing framing = framing_of(frame, otherwise);
  const auto request_bytes = bytes_from(frame["request"].value_or<std::string>(""));
  if (!request_bytes) {
    trial.reason = "the fixture's request is no hex";
    return trial;
  }
  const auto parsed = parse_request(*request_bytes, framing);
  if (!parsed.fault.empty()) {
    const bool foreign = parsed.fault.starts_with("function");
    trial.verdict = foreign ? Verdict::refused : Verdict::differs;
    trial.reason = parsed.fault;
    return trial;
  }
  FrameTrial one(profile, parsed.request, framing, *request_bytes, params);
  const auto response_text = frame["response"].value<std::string>();
  FrameJudgement judged;
  if (parsed.request.writes) {
    judged = one.sent();
  } else if (!response_text) {
    judged = one.asked();
  } else if (const auto response = bytes_from(*response_text)) {
    judged = one.answered(parse_response(parsed.request, *response, framing), frame.get("values"));
  } else {
    judged.reason = "the fixture's response is no hex";
  }
  trial.verdict = judged.verdict;
  trial.reason = judged.reason;
  return trial;
}

}  // namespace rytme::trial
