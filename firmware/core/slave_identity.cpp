// SPDX-License-Identifier: Apache-2.0
#include "firmware/core/pdu.hpp"

namespace rytme::firmware {
namespace {

constexpr std::uint8_t device_identification = 14;
constexpr std::uint8_t basic = 1;
constexpr std::uint8_t individual = 4;
constexpr std::uint8_t regular_by_stream_or_one = 0x82;  // conformity level
constexpr std::uint8_t more_follows = 0xFF;
constexpr std::size_t object_header = 2;

void add_object(std::size_t id, std::string_view text, Reply& reply) {
  reply.byte(id);
  reply.byte(text.size());
  for (const char letter : text) reply.byte(static_cast<std::uint8_t>(letter));
}

// As many objects as fit, each whole; the master asks for the rest.
void add_stream(const Identity& identity, std::size_t first, std::size_t end, Reply& reply) {
  const std::size_t more_at = reply.length();
  reply.byte(0);
  reply.byte(0);
  reply.byte(0);
  std::size_t id = first;
  for (; id < end && object_header + identity.objects[id].size() <= reply.left(); ++id)
    add_object(id, identity.objects[id], reply);
  reply.at(more_at + 2) = static_cast<std::uint8_t>(id - first);
  if (id == end) return;
  reply.at(more_at) = more_follows;
  reply.at(more_at + 1) = static_cast<std::uint8_t>(id);
}

}  // namespace

// A level that we do not have is answered by the one we have; an object that we do not have begins anew at
// the first.
Verdict answer_identity(const Identity& identity, Request request, Reply& reply) {
  if (request.size() < 2 || request[1] != device_identification) return Verdict::illegal_function;
  if (request.size() != 4) return Verdict::illegal_value;
  const std::uint8_t code = request[2];
  const std::size_t object = request[3];
  if (code < basic || code > individual) return Verdict::illegal_value;
  const std::size_t known = identity.objects.size();
  if (code == individual && object >= known) return Verdict::illegal_address;
  reply.byte(device_identification);
  reply.byte(code);
  reply.byte(regular_by_stream_or_one);
  if (code == individual) {
    reply.byte(0);
    reply.byte(0);
    reply.byte(1);
    add_object(object, identity.objects[object], reply);
    return Verdict::ok;
  }
  const std::size_t end = code == basic ? Identity::basic_objects : known;
  add_stream(identity, object < end ? object : 0, end, reply);
  return Verdict::ok;
}

}  // namespace rytme::firmware
