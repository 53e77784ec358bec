// SPDX-License-Identifier: Apache-2.0
// Which names stand for secrets: one list for settings and for what devices say. Pure; any thread.
#pragma once

#include <string_view>

namespace rytme::desk {

// Of a key, param, topic or word: password, token, psk, key and their like, also as a part of it. Rather too
// much than too little.
bool is_secret_name(std::string_view name);

}  // namespace rytme::desk
