// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>

#include <arpa/inet.h>

#include "controller/settings/readers.hpp"

namespace rytme::settings {
namespace {

bool is_loopback(const std::string& host) { return host.starts_with("127.") || host == "::1"; }

// False after it has said that it is no address.
bool read_listen(TableReader& reader, const char* key, std::string& host, int& port) {
  std::string listen;
  if (!reader.read(key, listen) || split_address(listen, host, port)) return true;
  reader.expected(key, *reader.node(key), "IP:PORT, as in \"127.0.0.1:8080\"");
  return false;
}

void read_certificate(const toml::table& table, Report& report, const std::filesystem::path& folder,
                      WebSettings& web) {
  TableReader reader(table, report, "tls");
  if (reader.require("certificate"))
    web.certificate = read_pem(reader, "certificate", "BEGIN CERTIFICATE", folder);
  if (reader.require("key")) web.key = read_pem(reader, "key", "PRIVATE KEY", folder);
  reader.finish();
}

}  // namespace

bool split_address(const std::string& text, std::string& host, int& port) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return false;
  host = text.substr(0, colon);
  const bool v6 = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (v6) host = host.substr(1, host.size() - 2);
  std::array<unsigned char, 16> address{};
  if (inet_pton(v6 ? AF_INET6 : AF_INET, host.c_str(), address.data()) != 1) return false;
  const char* begin = text.data() + colon + 1;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(begin, end, port);
  return error == std::errc{} && stop == end && port >= 0 && port <= 65535;
}

WebSettings read_web(const toml::table& table, Report& report, const std::filesystem::path& folder) {
  TableReader reader(table, report, "[web]");
  WebSettings web;
  if (read_listen(reader, "listen", web.host, web.port) && !is_loopback(web.host))
    reader.error("listen",
                 "listen: this machine alone (127.0.0.1) is served without TLS; the network by listen_tls, "
                 "after `rytme "
                 "tls init`");
  read_listen(reader, "listen_tls", web.tls_host, web.tls_port);
  if (const toml::table* tls = reader.table("tls")) {
    read_certificate(*tls, report, folder, web);
    if (web.tls_host.empty()) reader.error("tls", "tls: needs \"listen_tls\" beside it");
  }
  reader.finish();
  return web;
}

void read_tokens(const toml::table& table, Report& report, WebSettings& web) {
  TableReader reader(table, report, "tokens.toml");
  for (const char* role : {"tablet", "psychologist", "maintainer", "officer"}) {
    std::string token;
    if (!reader.read(role, token)) continue;
    if (token.size() < 16)
      reader.error(role, std::string(role) + ": the token is shorter than 16 characters");
    else if (!web.tokens.emplace(token, role).second)
      reader.error(role, std::string(role) + ": the same token stands for another role");
  }
  reader.finish();
}

}  // namespace rytme::settings
