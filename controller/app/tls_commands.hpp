// SPDX-License-Identifier: Apache-2.0
// `rytme tls init`. Exit 0 done, 2 cannot do it.
#pragma once

#include <filesystem>
#include <iosfwd>

#include "controller/access/certificates.hpp"

namespace rytme::app {

struct TlsRequest {
  std::filesystem::path data;
  access::ServerNames names;  // both empty: this machine's name, also with .local
};

int tls_init(const TlsRequest& request, std::ostream& out, std::ostream& err);

}  // namespace rytme::app
