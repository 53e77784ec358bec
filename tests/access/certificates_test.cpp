// SPDX-License-Identifier: Apache-2.0
// What is made is judged by the openssl program, which did not make it.
#include "controller/access/certificates.hpp"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/support/folder.hpp"
#include "tests/support/shell.hpp"

namespace rytme::access {
namespace {

using testing::HasSubstr;

constexpr std::int64_t now_s = 1'800'000'000;

std::string output_of(const std::string& command) { return test::shell(command + " 2>&1").said; }

std::string bytes(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

unsigned mode(const std::filesystem::path& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 0777U : 0;
}

TEST(Certificates, an_authority_and_a_server_it_stands_for) {
  const test::Folder folder;
  const TlsFiles files = tls_files(folder.path());
  EXPECT_TRUE(make_certificates(files, {{"rytme.rom1.lan"}, {"192.168.7.2", "fd00::7"}}, now_s));
  const std::string verify =
      "openssl verify -x509_strict -attime 1800000000 -purpose sslserver -CAfile " + files.authority.string();
  for (const std::string& name :
       {std::string(" -verify_hostname rytme.rom1.lan "), std::string(" -verify_ip 192.168.7.2 "),
        std::string(" -verify_ip fd00::7 ")})
    EXPECT_THAT(output_of(verify + name + files.certificate.string()), HasSubstr("server.pem: OK")) << name;
  EXPECT_THAT(output_of(verify + " -verify_hostname other.lan " + files.certificate.string()),
              HasSubstr("hostname mismatch"));
  EXPECT_EQ(mode(files.key), 0600U);
  EXPECT_EQ(mode(files.authority_key), 0600U);
  const std::string text =
      output_of("openssl x509 -noout -fingerprint -sha256 -in " + files.authority.string());
  EXPECT_THAT(text, HasSubstr(fingerprint(files.authority)));
}

// Apple's devices take no server certificate of more than 398 days (support.apple.com/en-us/102028).
TEST(Certificates, how_long_they_last) {
  const test::Folder folder;
  const TlsFiles files = tls_files(folder.path());
  make_certificates(files, {{"rytme"}, {}}, now_s);
  ASSERT_TRUE(days_left(files.certificate, now_s));
  EXPECT_NEAR(*days_left(files.certificate, now_s), 396, 0.1);
  EXPECT_NEAR(*days_left(files.authority, now_s), 3649, 0.1);
  EXPECT_LT(*days_left(files.certificate, now_s + 400 * 86400), 0);
  EXPECT_FALSE(days_left(folder.path() / "none.pem", now_s));
  EXPECT_FALSE(days_left(files.key, now_s));
}

TEST(Certificates, made_again_the_authority_stays_and_the_server_is_new) {
  const test::Folder folder;
  const TlsFiles files = tls_files(folder.path());
  make_certificates(files, {{"rytme"}, {}}, now_s);
  const std::string authority = bytes(files.authority), server = bytes(files.certificate);
  EXPECT_FALSE(make_certificates(files, {{"rytme"}, {"10.0.0.1"}}, now_s));
  EXPECT_EQ(bytes(files.authority), authority);
  EXPECT_NE(bytes(files.certificate), server);
}

TEST(Certificates, what_cannot_be_made_is_said) {
  const test::Folder folder;
  const TlsFiles files = tls_files(folder.path());
  EXPECT_THROW(make_certificates(files, {}, now_s), std::runtime_error);
  EXPECT_THROW(make_certificates(files, {{}, {"not an address"}}, now_s), std::runtime_error);
  EXPECT_THROW(make_certificates(files, {{"a,DNS:evil"}, {}}, now_s), std::runtime_error);
  make_certificates(files, {{"rytme"}, {}}, now_s);
  std::filesystem::remove(files.authority_key);
  EXPECT_THROW(make_certificates(files, {{"rytme"}, {}}, now_s), std::runtime_error)
      << "the authority is not replaced";
}

}  // namespace
}  // namespace rytme::access
