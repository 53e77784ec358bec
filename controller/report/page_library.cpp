// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <stdexcept>
#include <string>

#include <dlfcn.h>

#include "controller/report/drawing.hpp"

namespace rytme::report {
namespace {

using NewPage = Page* (*)(const std::string*, const std::string*);

// Stays loaded: fontconfig does not bear to be unloaded.
NewPage load() {
  const auto program = std::filesystem::read_symlink("/proc/self/exe");
  void* library = ::dlopen((program.parent_path() / "librytme_page.so").c_str(), RTLD_NOW | RTLD_LOCAL);
  void* symbol = library == nullptr ? nullptr : ::dlsym(library, "rytme_new_page");
  if (symbol == nullptr) throw std::runtime_error(std::string("no page can be drawn: ") + ::dlerror());
  return reinterpret_cast<NewPage>(symbol);
}

}  // namespace

std::unique_ptr<Page> new_page(const std::string& title, const std::string& author) {
  static const NewPage make = load();
  return std::unique_ptr<Page>(make(&title, &author));
}

}  // namespace rytme::report
