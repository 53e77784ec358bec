// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "controller/app/profile_try.hpp"

namespace rytme::app {

std::vector<Trial> try_registers(const settings::Profile&, const ProfileTryRequest& request) {
  throw std::runtime_error(request.fixture.string() + ": fixtures of registers are not read yet");
}

}  // namespace rytme::app
