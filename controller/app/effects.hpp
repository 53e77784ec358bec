// SPDX-License-Identifier: Apache-2.0
// What the core wants done to the world, in order. Serve carries it out; a test under a simulated clock looks
// at it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "controller/room/journal_entry.hpp"
#include "controller/room/room_state.hpp"
#include "controller/room/wire.hpp"

namespace rytme::app {

struct Effects {
  std::optional<std::uint64_t> drop_before;  // first: transports forget commands older than this stop
  std::vector<MqttPublish> publishes;
  std::vector<RegisterWrite> writes;
  std::vector<JournalEntry> entries;
  std::optional<StopConfirmation> confirmation;
  std::optional<std::string> recall;  // a participant whose memory is to be asked of the journal
  bool state_changed{};
  std::vector<std::string> notices;  // log lines, already rare; nothing of a person in them

  // Set by who carries them out, kept by clear(). A command is handed over as soon as it is ready: whoever
  // tapped does not wait for the encoding of the others, nor for what is told about it.
  std::function<void()> hand_over;

  void clear() {
    drop_before.reset();
    publishes.clear();
    writes.clear();
    entries.clear();
    confirmation.reset();
    recall.reset();
    state_changed = false;
    notices.clear();
  }
};

}  // namespace rytme::app
