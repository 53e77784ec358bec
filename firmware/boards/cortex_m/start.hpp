// SPDX-License-Identifier: Apache-2.0
// Where a node begins, after memory is as C++ expects it.
#pragma once

[[noreturn]] void run_node();
