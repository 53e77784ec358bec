// SPDX-License-Identifier: Apache-2.0
#include "tests/review/room_record.hpp"

#include <chrono>

namespace rytme::review {

RoomRecord::RoomRecord() { reopen(); }
RoomRecord::~RoomRecord() = default;

void RoomRecord::reopen() {
  journal_ = std::make_unique<journal::Journal>(
      journal::Options{
          .file = folder_.file(), .queue_bytes = std::size_t{256} << 20U, .formula_version = "hrv-2"},
      opening_);
}

void RoomRecord::close() { journal_.reset(); }

void RoomRecord::start(const std::string& id, const std::string& participant, const std::string& preset) {
  scribe_.session = id;
  keep(entry::SessionStart{id, participant, preset, 2, true, "abc", "0.1.0"});
}

void RoomRecord::end(const std::string& reason) {
  keep(entry::SessionEnd{scribe_.session, reason});
  wait_s(3600);
}

void RoomRecord::phase(const std::string& id) { keep(entry::Event{"phase", R"({"phase":")" + id + "\"}"}); }

void RoomRecord::activity(const std::string& id) {
  keep(entry::Event{"activity", R"({"id":")" + id + "\"}"});
}

void RoomRecord::rate(const std::string& when, const std::string& state, const std::string& by) {
  keep(entry::Rating{"participant", by, when, state, "tablet-1"});
}

void RoomRecord::value(Capability capability, std::optional<double> value, Quality quality,
                       const std::string& device) {
  keep(entry::Value{device, capability, value, "", quality});
}

void RoomRecord::values(Capability capability, double value, int count, Quality quality) {
  for (int i = 0; i < count; ++i) {
    this->value(capability, value, quality);
    wait_s(0.999);
  }
}

void RoomRecord::wait_s(double seconds) {
  scribe_.move_on(std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(seconds)));
}

}  // namespace rytme::review
