// SPDX-License-Identifier: Apache-2.0
// The journal's threads give way: on a box with two cores a commit must not take the core that a light
// command needs. Not by more: at nice 10 a busy machine would not let it keep up.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

namespace rytme::journal {

// For the calling thread alone (on Linux a nice value belongs to a thread); no error if it is not allowed.
inline void give_way() { (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 4); }

}  // namespace rytme::journal
