// SPDX-License-Identifier: Apache-2.0
// A serial line waits for nobody, a shared machine lets everybody wait.
#pragma once

#include <sched.h>

namespace rytme::test {

// Threads and programs that the caller starts from now on run before everybody else's where the system allows
// it, and as always where it does not. For tests that keep time with real parts and rest most of it.
inline void run_before_others() {
  const sched_param least{1};
  ::sched_setscheduler(0, SCHED_RR, &least);
}

}  // namespace rytme::test
