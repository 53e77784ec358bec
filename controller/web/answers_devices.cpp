// SPDX-License-Identifier: Apache-2.0
// The handlers of what a maintainer asks of the devices.
#include <utility>

#include "controller/web/answers.hpp"
#include "controller/web/devices_page.hpp"
#include "controller/web/json.hpp"
#include "controller/web/service.hpp"

namespace rytme::web {
namespace {

Reply json_reply(std::string body) {
  Reply reply;
  reply.body = std::move(body);
  return reply;
}

}  // namespace

void answer_devices(Service& service, const Call&, const Respond& respond) {
  respond(json_reply(dump(to_json(service.port().devices()))));
}

void answer_device(Service& service, const Call& call, const Respond& respond) {
  page_to(respond)(service.port().device(call.parameter));
}

void answer_device_frames(Service& service, const Call& call, const Respond& respond) {
  page_to(respond)(service.port().device_frames(call.parameter));
}

void answer_device_test(Service& service, const Call& call, const Respond& respond) {
  ask_room(service, call, request::TestDevice{call.parameter}, respond);
}

void answer_profiles(Service& service, const Call&, const Respond& respond) {
  page_to(respond)(service.port().profiles());
}

void answer_discover(Service& service, const Call&, const Respond& respond) {
  page_to(respond)(service.port().discover());
}

void answer_discovery(Service& service, const Call&, const Respond& respond) {
  page_to(respond)(service.port().discovery());
}

void answer_scan(Service& service, const Call& call, const Respond& respond) {
  page_to(respond)(service.port().scan(call.parameter));
}

void answer_scanned(Service& service, const Call& call, const Respond& respond) {
  page_to(respond)(service.port().scanned(call.parameter));
}

// The maintainer has the desk; the others read what is there.
void answer_devices_page(Service& service, const Call& call, const Respond& respond) {
  const RoomPort& port = service.port();
  const DevicesLook look = call.actor.role == Role::maintainer ? DevicesLook::desk : DevicesLook::plain;
  Reply reply = json_reply(render_devices(service.options(), port.devices(), port.faults(),
                                          call.incoming.query, look, port.state().simulated));
  reply.content_type = call.route.content_type;
  respond(std::move(reply));
}

void answer_faults(Service& service, const Call&, const Respond& respond) {
  respond(json_reply(dump(to_json(service.port().faults()))));
}

void answer_silence(Service& service, const Call& call, const Respond& respond) {
  service.port().silence({*call.values.text("fault"), call.values.text("device").value_or(""),
                          call.values.boolean("on").value_or(true)},
                         page_to(respond));
}

}  // namespace rytme::web
