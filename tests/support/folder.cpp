// SPDX-License-Identifier: Apache-2.0
#include "tests/support/folder.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include <stdlib.h>

namespace rytme::test {

namespace fs = std::filesystem;

Folder::Folder() {
  std::string name = (fs::temp_directory_path() / "rytme-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void Folder::lay(const fs::path& source) {
  fs::copy(source, path_, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
}

void Folder::write(const std::string& name, const std::string& content) {
  fs::create_directories((path_ / name).parent_path());
  std::ofstream(path_ / name) << content;
}

std::string content_of(const fs::path& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  std::ostringstream content;
  content << stream.rdbuf();
  return content.str();
}

}  // namespace rytme::test
