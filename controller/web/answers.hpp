// SPDX-License-Identifier: Apache-2.0
// The handlers of the route table.
#pragma once

#include "controller/web/routes.hpp"
#include "controller/web/server.hpp"

namespace rytme::web {

// What the access log and journal questions need.
PageHandler page_to(const Respond& respond);
Looker looker(const Call& call);

// The request goes to the room, and its verdict becomes the answer.
void ask_room(Service& service, const Call& call, Request what, const Respond& respond);

// Back to the page in the same language, with the reason when it was refused.
Reply see_page(const Call& call, Verdict verdict);

// Every POST: the request goes to the room, its verdict becomes the answer; a plain form gets 303 to the
// page.
void answer_by_room(Service& service, const Call& call, const Respond& respond);

void answer_page(Service& service, const Call& call, const Respond& respond);
void answer_card(Service& service, const Call& call, const Respond& respond);
void answer_asset(Service& service, const Call& call, const Respond& respond);
void answer_room(Service& service, const Call& call, const Respond& respond);
void answer_live(Service& service, const Call& call, const Respond& respond);
void answer_sessions(Service& service, const Call& call, const Respond& respond);
void answer_session(Service& service, const Call& call, const Respond& respond);
void answer_correction(Service& service, const Call& call, const Respond& respond);
void answer_erase_session(Service& service, const Call& call, const Respond& respond);
void answer_participants(Service& service, const Call& call, const Respond& respond);
void answer_new_participant(Service& service, const Call& call, const Respond& respond);
void answer_erase_participant(Service& service, const Call& call, const Respond& respond);
void answer_access_log(Service& service, const Call& call, const Respond& respond);
void answer_series(Service& service, const Call& call, const Respond& respond);
void answer_summary(Service& service, const Call& call, const Respond& respond);
void answer_marks(Service& service, const Call& call, const Respond& respond);
void answer_days(Service& service, const Call& call, const Respond& respond);
void answer_participant_sessions(Service& service, const Call& call, const Respond& respond);
void answer_changes(Service& service, const Call& call, const Respond& respond);
void answer_baselines(Service& service, const Call& call, const Respond& respond);
void answer_export(Service& service, const Call& call, const Respond& respond);
void answer_record(Service& service, const Call& call, const Respond& respond);
void answer_presets(Service& service, const Call& call, const Respond& respond);
void answer_activities(Service& service, const Call& call, const Respond& respond);
void answer_devices(Service& service, const Call& call, const Respond& respond);
void answer_device(Service& service, const Call& call, const Respond& respond);
void answer_device_frames(Service& service, const Call& call, const Respond& respond);
void answer_device_test(Service& service, const Call& call, const Respond& respond);
void answer_profiles(Service& service, const Call& call, const Respond& respond);
void answer_discover(Service& service, const Call& call, const Respond& respond);
void answer_discovery(Service& service, const Call& call, const Respond& respond);
void answer_scan(Service& service, const Call& call, const Respond& respond);
void answer_scanned(Service& service, const Call& call, const Respond& respond);
void answer_silence(Service& service, const Call& call, const Respond& respond);
void answer_devices_page(Service& service, const Call& call, const Respond& respond);
void answer_review_page(Service& service, const Call& call, const Respond& respond);
void answer_faults(Service& service, const Call& call, const Respond& respond);
void answer_variant(Service& service, const Call& call, const Respond& respond);
void answer_set_variant(Service& service, const Call& call, const Respond& respond);
void answer_state_map(Service& service, const Call& call, const Respond& respond);
void answer_set_state_map(Service& service, const Call& call, const Respond& respond);
void answer_session_map(Service& service, const Call& call, const Respond& respond);
void answer_desk(Service& service, const Call& call, const Respond& respond);
void answer_openapi(Service& service, const Call& call, const Respond& respond);
void answer_metrics(Service& service, const Call& call, const Respond& respond);
void answer_healthy(Service& service, const Call& call, const Respond& respond);
void answer_ready(Service& service, const Call& call, const Respond& respond);

}  // namespace rytme::web
