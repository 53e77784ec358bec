// SPDX-License-Identifier: Apache-2.0
// The room's accounts: opened, told of, and never in the way of the room.
#include <exception>

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "controller/access/certificates.hpp"
#include "controller/access/secret.hpp"
#include "controller/access/store.hpp"
#include "controller/app/clock.hpp"
#include "controller/app/daemon.hpp"

namespace rytme::app {

void Daemon::open_accounts() {
  access::Accounts::Port port;
  port.post = [this](std::function<void()> job) { boost::asio::post(io_, std::move(job)); };
  port.tell = [this](const access::Change& change) {
    const bool user = change.by.starts_with("user-");
    entered({{user ? ActorKind::user : ActorKind::local, Role::maintainer, change.by}, "", ""}, change.what,
            false);
  };
  try {
    accounts_ = std::make_shared<access::Accounts>(access::store_file(start_.data), std::move(port),
                                                   std::move(start_.people));
  } catch (const std::exception& error) {
    spdlog::error("accounts: {}; the room runs, and nobody can log in", error.what());
  }
}

void Daemon::entered(const web::Looker& looker, const std::string& what, bool refused) {
  core_->looked({looker.actor, what, "", looker.from, looker.why, refused}, now(), effects_);
  carry_out();
}

void Daemon::offer_first_account() {
  const std::string code = accounts_ ? accounts_->first_code(now().steady) : "";
  if (!code.empty())
    tell_service_log("there is no account yet: make the first at /first with the code " +
                     access::in_groups(code) + " within an hour, or with rytme user add");
}

// Without a certificate the network is not served, and the room runs on this machine.
std::optional<web::TlsOptions> Daemon::tls_options() const {
  const settings::WebSettings& web = house_.web;
  if (web.tls_host.empty()) return std::nullopt;
  const access::TlsFiles own = access::tls_files(start_.data);
  web::TlsOptions tls{web.tls_host, static_cast<std::uint16_t>(web.tls_port),
                      web.certificate.empty() ? own.certificate : std::filesystem::path(web.certificate),
                      web.key.empty() ? own.key : std::filesystem::path(web.key)};
  if (std::filesystem::exists(tls.certificate) && std::filesystem::exists(tls.key)) return tls;
  spdlog::error("there is no certificate {}: the network is not served; run rytme tls init",
                tls.certificate.string());
  return std::nullopt;
}

// Read once an hour: a scrape does not wait for a disk.
std::optional<double> Daemon::certificate_days() {
  if (server_->tls_port() == 0) return std::nullopt;
  const Now at = now();
  if (at.steady < certificate_look_) return certificate_days_;
  certificate_look_ = at.steady + std::chrono::hours{1};
  const auto& named = house_.web.certificate;
  certificate_days_ = access::days_left(
      named.empty() ? access::tls_files(start_.data).certificate : std::filesystem::path(named),
      unix_s(at.wall));
  return certificate_days_;
}

}  // namespace rytme::app
