// SPDX-License-Identifier: Apache-2.0
// The built dashboards, inside the binary. The table is generated from dashboards/ at build time.
#pragma once

#include <string_view>

namespace rytme::web {

struct Asset {
  std::string_view name;  // with a hash of the content: "staff-1a2b3c4d.js"
  std::string_view content_type;
  std::string_view plain;
  std::string_view gzip;
};

// nullptr: no such file.
const Asset* find_asset(std::string_view name);

// Addresses of a page's own files.
std::string_view staff_script();
std::string_view staff_style();
std::string_view review_script();
std::string_view review_style();
std::string_view devices_script();
std::string_view devices_style();

}  // namespace rytme::web
