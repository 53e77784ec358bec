// SPDX-License-Identifier: Apache-2.0
// Preloaded into a program (LD_PRELOAD): every fsync and fdatasync takes 5 ms longer, as on a plain SD card.
#include <chrono>
#include <thread>

#include <dlfcn.h>

namespace {

int slow(const char* name, int descriptor) {
  std::this_thread::sleep_for(std::chrono::milliseconds{5});
  return reinterpret_cast<int (*)(int)>(::dlsym(RTLD_NEXT, name))(descriptor);
}

}  // namespace

extern "C" int fsync(int descriptor) { return slow("fsync", descriptor); }
extern "C" int fdatasync(int descriptor) { return slow("fdatasync", descriptor); }
