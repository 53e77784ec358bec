// SPDX-License-Identifier: Apache-2.0
// What a judge says when a rule was broken.
#pragma once

#include <functional>
#include <string>

namespace rytme::test {

// The judge's name ("flash", "sound", ...) and one line of what it saw.
using Report = std::function<void(const std::string& judge, const std::string& what)>;

}  // namespace rytme::test
