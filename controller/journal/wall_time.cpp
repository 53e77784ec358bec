// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/wall_time.hpp"

#include <ctime>

namespace rytme::journal {

std::int64_t local_offset_min(std::int64_t t_us) {
  const std::time_t moment = t_us / 1000000;
  std::tm local{};
  ::localtime_r(&moment, &local);
  return local.tm_gmtoff / 60;
}

}  // namespace rytme::journal
