// SPDX-License-Identifier: Apache-2.0
#include "tests/mqtt/certificates.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <stdlib.h>

namespace rytme::mqtt::test {
namespace {
const std::string new_key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
}

Certificates::Certificates() {
  std::string name = (std::filesystem::temp_directory_path() / "rytme-certificates-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  openssl("req -x509 -days 2 -subj /CN=test-authority -keyout ca.key -out ca.pem " + new_key);
}

Certificates::~Certificates() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Certificates::sign(const std::string& name, const std::string& common_name, const std::string& address) {
  std::ofstream(folder_ / "extensions") << (address.empty() ? "" : "subjectAltName=" + address + "\n");
  openssl("req -new -subj /CN=" + common_name + " -keyout " + name + ".key -out request " + new_key);
  openssl("x509 -req -days 2 -in request -CA ca.pem -CAkey ca.key -CAcreateserial -extfile extensions -out " +
          name + ".pem");
}

void Certificates::openssl(const std::string& words) const {
  const std::string line = "cd '" + folder_.string() + "' && openssl " + words + " >log 2>&1";
  if (std::system(line.c_str()) != 0) throw std::runtime_error("openssl " + words + " failed");
}

}  // namespace rytme::mqtt::test
