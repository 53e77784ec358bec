// SPDX-License-Identifier: Apache-2.0
// Whether this build is a sanitized one: several times slower, and freed memory is kept for a while.
// RYTME_SANITIZED is defined then. GCC tells by a macro, Clang by a feature.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RYTME_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define RYTME_SANITIZED
#endif
#endif

namespace rytme::test {

#if defined(RYTME_SANITIZED)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

}  // namespace rytme::test
