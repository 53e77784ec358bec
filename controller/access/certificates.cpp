// SPDX-License-Identifier: Apache-2.0
#include "controller/access/certificates.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rytme::access {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype([](EVP_PKEY* one) { EVP_PKEY_free(one); })>;
using Certificate = std::unique_ptr<X509, decltype([](X509* one) { X509_free(one); })>;
using File = std::unique_ptr<std::FILE, decltype([](std::FILE* one) { std::fclose(one); })>;

constexpr std::int64_t day_s = 86400;
constexpr std::int64_t authority_days = 3650;
constexpr std::int64_t server_days = 397;
constexpr std::int64_t clocks_differ_s = day_s;  // a tablet's clock may be behind

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }

File opened(const std::filesystem::path& path, const char* mode) {
  File file(std::fopen(path.c_str(), mode));
  if (!file) fail(path.string() + ": " + std::generic_category().message(errno));
  return file;
}

// A new file beside, then its name: who reads meanwhile has the old one or the new one whole.
template <class Write>
void put(const std::filesystem::path& path, mode_t mode, const Write& write) {
  const std::filesystem::path beside = path.string() + ".new";
  struct stat folder {};
  {
    const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
    File file(fd < 0 ? nullptr : ::fdopen(fd, "w"));
    if (!file) fail(beside.string() + ": " + std::generic_category().message(errno));
    const bool ours = ::fchmod(fd, mode) == 0 && ::stat(path.parent_path().c_str(), &folder) == 0 &&
                      (::geteuid() != 0 || ::fchown(fd, folder.st_uid, folder.st_gid) == 0);
    if (!ours || write(file.get()) != 1 || std::fflush(file.get()) != 0 || ::fsync(fd) != 0)
      fail(beside.string() + " cannot be written");
  }
  std::filesystem::rename(beside, path);
}

Key new_key() {
  Key key(EVP_EC_gen("P-256"));
  if (!key) fail("no key can be made");
  return key;
}

void write_key(const std::filesystem::path& path, EVP_PKEY* key) {
  put(path, 0600, [key](std::FILE* file) {
    return PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

void write_certificate(const std::filesystem::path& path, X509* certificate) {
  put(path, 0644, [certificate](std::FILE* file) { return PEM_write_X509(file, certificate); });
}

Certificate read_certificate(const std::filesystem::path& path) {
  Certificate certificate(PEM_read_X509(opened(path, "r").get(), nullptr, nullptr, nullptr));
  if (!certificate) fail(path.string() + " is not a certificate in PEM");
  return certificate;
}

Key read_key(const std::filesystem::path& path) {
  Key key(PEM_read_PrivateKey(opened(path, "r").get(), nullptr, nullptr, nullptr));
  if (!key) fail(path.string() + " is not a private key in PEM");
  return key;
}

void add_extension(X509* to, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype([](X509_EXTENSION* one) { X509_EXTENSION_free(one); })>
      extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  if (!extension || X509_add_ext(to, extension.get(), -1) != 1) fail("a certificate cannot hold " + value);
}

Certificate blank(EVP_PKEY* key, const std::string& name, std::int64_t now_s, std::int64_t days) {
  Certificate out(X509_new());
  std::array<unsigned char, 16> serial{};
  if (!out || RAND_bytes(serial.data(), static_cast<int>(serial.size())) != 1) fail("no random numbers");
  serial[0] = (serial[0] & 0x3FU) | 0x40U;  // positive, and always of the same length
  const std::unique_ptr<BIGNUM, decltype([](BIGNUM* one) { BN_free(one); })> number(
      BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  X509_set_version(out.get(), X509_VERSION_3);
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(out.get()));
  ASN1_TIME_set(X509_getm_notBefore(out.get()), static_cast<std::time_t>(now_s - clocks_differ_s));
  ASN1_TIME_set(X509_getm_notAfter(out.get()),
                static_cast<std::time_t>(now_s + days * day_s - clocks_differ_s));
  X509_set_pubkey(out.get(), key);
  // The library takes unsigned bytes and only reads them.
  X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return out;
}

void sign(X509* certificate, EVP_PKEY* key) {
  if (X509_sign(certificate, key, EVP_sha256()) == 0) fail("the certificate cannot be signed");
}

void make_authority(const TlsFiles& files, std::int64_t now_s) {
  const Key key = new_key();
  const Certificate own = blank(key.get(), "Rytme room authority", now_s, authority_days);
  X509_set_issuer_name(own.get(), X509_get_subject_name(own.get()));
  add_extension(own.get(), own.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(own.get(), own.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(own.get(), own.get(), NID_subject_key_identifier, "hash");
  sign(own.get(), key.get());
  write_key(files.authority_key, key.get());
  write_certificate(files.authority, own.get());
}

std::string alternatives(const ServerNames& names) {
  std::string out;
  const auto add = [&out](const char* kind, const std::string& name) {
    if (name.find_first_of(",\n\r ;") != std::string::npos) fail("\"" + name + "\" is no name of a server");
    out.append(out.empty() ? "" : ",").append(kind).append(name);
  };
  for (const auto& host : names.hosts) add("DNS:", host);
  for (const auto& address : names.addresses) add("IP:", address);
  return out;
}

}  // namespace

TlsFiles tls_files(const std::filesystem::path& data) {
  const auto folder = data / "tls";
  return {folder / "ca.pem", folder / "ca.key", folder / "server.pem", folder / "server.key"};
}

bool make_certificates(const TlsFiles& files, const ServerNames& names, std::int64_t now_s) {
  const std::string others = alternatives(names);
  if (others.empty()) fail("a server needs a name or an address");
  const auto folder = files.authority.parent_path();
  if (std::filesystem::create_directories(folder)) {
    struct stat above {};
    if (::geteuid() == 0 && ::stat(folder.parent_path().c_str(), &above) == 0 &&
        ::chown(folder.c_str(), above.st_uid, above.st_gid) != 0)
      fail(folder.string() + " cannot be handed to the service's account");
  }
  const bool first =
      !std::filesystem::exists(files.authority) && !std::filesystem::exists(files.authority_key);
  if (first) make_authority(files, now_s);
  const Certificate authority = read_certificate(files.authority);
  const Key authority_key = read_key(files.authority_key);
  if (X509_check_private_key(authority.get(), authority_key.get()) != 1)
    fail(files.authority_key.string() + " is not the key of " + files.authority.string());
  const Key key = new_key();
  const Certificate own = blank(
      key.get(), names.hosts.empty() ? names.addresses.front() : names.hosts.front(), now_s, server_days);
  X509_set_issuer_name(own.get(), X509_get_subject_name(authority.get()));
  add_extension(own.get(), authority.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(own.get(), authority.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(own.get(), authority.get(), NID_ext_key_usage, "serverAuth");
  add_extension(own.get(), authority.get(), NID_authority_key_identifier, "keyid:always");
  add_extension(own.get(), authority.get(), NID_subject_alt_name, others);
  sign(own.get(), authority_key.get());
  write_key(files.key, key.get());
  write_certificate(files.certificate, own.get());
  return first;
}

std::optional<double> days_left(const std::filesystem::path& certificate, std::int64_t now_s) {
  try {
    const Certificate read = read_certificate(certificate);
    std::tm end{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(read.get()), &end) != 1) return std::nullopt;
    return static_cast<double>(::timegm(&end) - now_s) / static_cast<double>(day_s);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

std::string fingerprint(const std::filesystem::path& certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned length = 0;
  if (X509_digest(read_certificate(certificate).get(), EVP_sha256(), bytes.data(), &length) != 1)
    fail(certificate.string() + " has no fingerprint");
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (unsigned i = 0; i < length; ++i) {
    if (i > 0) out += ':';
    out += hex[bytes[i] >> 4U];
    out += hex[bytes[i] & 0xFU];
  }
  return out;
}

}  // namespace rytme::access
