// SPDX-License-Identifier: Apache-2.0
// A settings text as it may leave the room: line by line the same, without what is secret and without what
// people wrote beside it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace rytme::desk {

// The value of a key with a secret's name (secret_name.hpp) becomes "***"; the name of a file that holds one
// (password_file) stays. Comments go, because anything may stand in them.
std::string masked(std::string_view text);

}  // namespace rytme::desk
