// SPDX-License-Identifier: Apache-2.0
// Messages through the profile that has their topic. Input: messages separated by the byte 0x1E, each a
// topic, a line feed and the payload; "!" before the topic: retained. A topic that no profile has is taken
// for one by its length and first byte, so that most inputs reach a decoder.
#include <deque>
#include <map>
#include <memory>

#include "tests/fuzz/room_under_fuzz.hpp"

namespace {

using namespace rytme;

// As in the daemon, a room lives longer than a message.
struct Rooms {
  std::deque<settings::House> houses;
  std::vector<std::unique_ptr<devices::Devices>> rooms;
  std::vector<std::string> topics;
  std::map<std::string, devices::Devices*, std::less<>> room_of;  // by topic
};

Rooms make_rooms() {
  Rooms rooms;
  for (const auto& profile : fuzz::profiles()) {
    rooms.houses.push_back(fuzz::room_with(profile));
    auto& room = *rooms.rooms.emplace_back(std::make_unique<devices::Devices>(rooms.houses.back()));
    for (const auto& subscription : room.subscriptions())
      if (rooms.room_of.emplace(subscription.filter, &room).second)
        rooms.topics.push_back(subscription.filter);
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
    message.topic = found->first;
    message.payload = payload;
    found->second->decode(message, out);
    fuzz::check(out);
    found->second->give_back(out);
  }
  return 0;
}
