// SPDX-License-Identifier: Apache-2.0
// The fail-safe ladder as people see it: what the room does about each fault, which devices can have it, and
// which have it now. Pure; logic thread.
#pragma once

#include <vector>

#include "controller/app/fault_watch.hpp"
#include "controller/app/silences.hpp"
#include "controller/settings/house.hpp"
#include "controller/web/server.hpp"

namespace rytme::app {

std::vector<web::FaultRow> fault_rows(const settings::House& house, const FaultWatch& faults,
                                      const Silences& silences, Instant now);

}  // namespace rytme::app
