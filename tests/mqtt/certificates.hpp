// SPDX-License-Identifier: Apache-2.0
// Certificates made on the spot by openssl(1), in a temporary folder that goes with the object.
#pragma once

#include <filesystem>
#include <string>

namespace rytme::mqtt::test {

class Certificates {
 public:
  // An authority.
  Certificates();
  ~Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  // Signs one for `common_name`, and for the address or host name when one is given ("IP:127.0.0.1",
  // "DNS:box"). Files NAME.pem and NAME.key.
  void sign(const std::string& name, const std::string& common_name, const std::string& address = "");
  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  std::string ca() const { return file("ca.pem"); }

 private:
  void openssl(const std::string& words) const;
  std::filesystem::path folder_;
};

}  // namespace rytme::mqtt::test
