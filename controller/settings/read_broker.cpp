// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>

#include "controller/settings/readers.hpp"

namespace rytme::settings {
namespace {

namespace fs = std::filesystem;

// A device or a pipe could be read for ever; nothing that is read here is larger.
constexpr std::size_t longest_file = std::size_t{256} * 1024;

std::optional<std::string> content_of(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return std::nullopt;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  std::string content(longest_file, '\0');
  stream.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(stream.gcount()));
  return content;
}

void read_password(TableReader& reader, BrokerSettings& broker, const fs::path& folder) {
  std::string name;
  if (!reader.read("password_file", name)) {
    if (!broker.user.empty()) reader.require("password_file");
    return;
  }
  if (broker.user.empty()) reader.error("password_file", "password_file: needs \"user\" beside it");
  const auto content = content_of(folder / name);
  broker.password = content ? content->substr(0, content->find('\n')) : "";
  if (broker.password.empty())
    reader.error("password_file", "password_file: cannot read a password from \"" + name +
                                      "\"; put it there, alone on the first line");
}

BrokerTls read_tls(const toml::table& table, Report& report, const fs::path& folder) {
  TableReader reader(table, report, "tls");
  BrokerTls tls;
  if (reader.require("ca")) tls.ca = read_pem(reader, "ca", "BEGIN CERTIFICATE", folder);
  tls.certificate = read_pem(reader, "certificate", "BEGIN CERTIFICATE", folder);
  tls.key = read_pem(reader, "key", "PRIVATE KEY", folder);
  const bool has_certificate = reader.node("certificate") != nullptr;
  const bool has_key = reader.node("key") != nullptr;
  if (has_key && !has_certificate) reader.error("key", "tls.key: needs \"certificate\" beside it");
  if (has_certificate && !has_key) reader.error("certificate", "tls.certificate: needs \"key\" beside it");
  reader.finish();
  return tls;
}

}  // namespace

std::string read_pem(TableReader& reader, const char* key, const char* holds, const fs::path& folder) {
  std::string name;
  if (!reader.read(key, name)) return "";
  const fs::path file = folder / name;
  const std::string at = "tls." + std::string(key) + ": ";
  std::error_code error;
  if (!fs::exists(file, error)) {
    reader.error(key, at + "there is no file \"" + name + "\"");
    return "";
  }
  const auto content = content_of(file);
  if (!content)
    reader.error(key,
                 at + "cannot read \"" + name + "\"; is it a file, and may the controller's user read it?");
  else if (content->find("ENCRYPTED") != std::string::npos)
    reader.error(
        key, at + "\"" + name + "\" has a passphrase, and nobody is there to type it; write the key without");
  else if (content->find(std::string(holds) + "-----") == std::string::npos)
    reader.error(key, at + "\"" + name + "\" holds no \"" + holds + "\"; expected a PEM file");
  return file.string();
}

BrokerSettings read_broker(const toml::table& table, Report& report, const fs::path& folder) {
  TableReader reader(table, report, "[broker]");
  BrokerSettings broker;
  if (reader.read("host", broker.host) && (broker.host.empty() || !is_printable(broker.host)))
    reader.expected("host", *reader.node("host"), "a name or an address");
  reader.read("user", broker.user);
  read_password(reader, broker, folder);
  if (const auto* tls = reader.table("tls")) {
    broker.tls = read_tls(*tls, report, folder);
    broker.port = 8883;
  }
  reader.read_integer("port", broker.port, 1, 65535);
  reader.read("clear_retained_commands", broker.clear_retained_commands);
  reader.finish();
  return broker;
}

HomeAssistantSettings read_home_assistant(const toml::table& table, Report& report) {
  TableReader reader(table, report, "[home_assistant]");
  HomeAssistantSettings settings;
  reader.read("discovery", settings.discovery);
  if (reader.read("prefix", settings.prefix)) {
    const bool topic = !settings.prefix.empty() && settings.prefix.size() <= 64 &&
                       std::all_of(settings.prefix.begin(), settings.prefix.end(), [](unsigned char c) {
                         return c > ' ' && c < 0x7f && c != '+' && c != '#' && c != '$';
                       });
    if (!topic || settings.prefix.front() == '/' || settings.prefix.back() == '/')
      reader.expected("prefix", *reader.node("prefix"), "the first part of a topic, as in \"homeassistant\"");
  }
  reader.finish();
  return settings;
}

}  // namespace rytme::settings
