// SPDX-License-Identifier: Apache-2.0
#include "controller/app/tls_commands.hpp"

#include <array>
#include <cmath>
#include <ostream>

#include <unistd.h>

#include "controller/app/clock.hpp"
#include "controller/app/guarded.hpp"

namespace rytme::app {
namespace {

access::ServerNames named(access::ServerNames names) {
  std::array<char, 256> host{};
  if (names.hosts.empty() && names.addresses.empty() && ::gethostname(host.data(), host.size() - 1) == 0)
    names.hosts = {host.data(), std::string(host.data()) + ".local"};
  return names;
}

}  // namespace

int tls_init(const TlsRequest& request, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    const access::TlsFiles files = access::tls_files(request.data);
    const access::ServerNames names = named(request.names);
    const auto at_s = unix_s(now().wall);
    const bool first = access::make_certificates(files, names, at_s);
    out << (first ? "A new authority of this room: " : "The authority as before: ")
        << files.authority.string() << "\n  SHA-256 " << access::fingerprint(files.authority)
        << "\nThe server's certificate, for";
    for (const auto& host : names.hosts) out << ' ' << host;
    for (const auto& address : names.addresses) out << ' ' << address;
    out << ", good for " << std::lround(std::floor(access::days_left(files.certificate, at_s).value_or(0)))
        << " days: " << files.certificate.string() << '\n';
    if (first)
      out << "Install ca.pem on each tablet, and compare the fingerprint there (docs/security.md says how); "
             "keep ca.key "
             "to this machine, or better away from it.\nThen in room.toml: [web] listen_tls = "
             "\"0.0.0.0:8443\"\n";
    return 0;
  });
}

}  // namespace rytme::app
