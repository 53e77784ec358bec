// SPDX-License-Identifier: Apache-2.0
// fontconfig keeps what it has read of the fonts until the process ends (163 KB once; 400 pages take no more
// than one), and the leak sanitizer takes it for lost. Linked into tests that draw pages.
#include "tests/support/sanitized.hpp"

#if defined(RYTME_SANITIZED)
extern "C" const char* __lsan_default_suppressions();  // NOLINT: the sanitizer asks for this name
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\n"; }  // NOLINT
#endif
