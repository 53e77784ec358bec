// SPDX-License-Identifier: Apache-2.0
// Messages through the profile that has their topic. Input: messages separated by the byte 0x1E, each a
// topic, a line feed and the payload; "!" before the topic: retained. A topic that no profile has is taken
// for one by its length and first byte, so that most inputs reach a decoder.
#include <map>

#include "tests/fuzz/room_under_fuzz.hpp"

namespace {

using namespace rytme;

struct Rooms {
  std::vector<settings::House> houses;
  std::vector<std::string> topics;
  std::map<std::string, std::size_t, std::less<>> room_of;  // topic -> houses
};

Rooms make_rooms() {
  Rooms rooms;
  for (const auto& profile : fuzz::profiles()) {
    rooms.houses.push_back(fuzz::room_with(profile));
    for (const auto& [topic, latest_wins, tells_retained] :
         devices::Devices(rooms.houses.back()).subscriptions())
      if (rooms.room_of.emplace(topic, rooms.houses.size() - 1).second) rooms.topics.push_back(topic);
  }
  return rooms;
}

std::string_view cut(std::string_view& text, char at) {
  const auto end = std::min(text.find(at), text.size());
  const auto head = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return head;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Rooms rooms = make_rooms();
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::unique_ptr<devices::Devices> room;
  std::vector<Decoded> out;
  for (int i = 0; i < 8 && !rest.empty(); ++i) {
    std::string_view payload = cut(rest, '\x1e');
    MqttMessage message;
    message.retained = payload.starts_with('!');
    if (message.retained) payload.remove_prefix(1);
    const auto topic = cut(payload, '\n');
    auto found = rooms.room_of.find(topic);
    if (found == rooms.room_of.end()) {
      const auto number = topic.size() + (topic.empty() ? 0U : static_cast<unsigned char>(topic[0]));
      found = rooms.room_of.find(rooms.topics[number % rooms.topics.size()]);
    }
    if (!room) room = std::make_unique<devices::Devices>(rooms.houses[found->second]);
    message.topic = found->first;
    message.payload = payload;
    room->decode(message, out);
    fuzz::check(out);
    room->give_back(out);
  }
  return 0;
}
