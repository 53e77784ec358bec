// SPDX-License-Identifier: Apache-2.0
#include "controller/app/scratch.hpp"

#include <stdexcept>
#include <string>

#include <unistd.h>

namespace rytme::app {

Scratch::Scratch(const std::filesystem::path& parent) {
  std::string name = (parent / "rytme-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error(name + ": no temporary folder");
  path_ = name;
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace rytme::app
