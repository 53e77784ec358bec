// SPDX-License-Identifier: Apache-2.0
// Readings, commands and confirmations of a session, row by row in order.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "controller/journal/sqlite.hpp"
#include "controller/review/buckets.hpp"
#include "controller/review/names.hpp"
#include "controller/review/session_frame.hpp"

namespace rytme::review {

// Asked once for each device that has something of a name: where its values go. Stays valid.
using Opener = std::function<Buckets&(const Name&, const std::string& device)>;

void stream_readings(journal::Connection& connection, const SessionFrame& session,
                     const std::vector<Name>& names, const Opener& open);
void stream_commands(journal::Connection& connection, const SessionFrame& session,
                     const std::vector<Name>& names, const Opener& open);

}  // namespace rytme::review
