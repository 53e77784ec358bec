// SPDX-License-Identifier: Apache-2.0
// Looks every 5 s whether the music was imported anew and whether its folder is there, on a thread of its
// own: a network disk that hangs holds up nobody. The thread ends by itself, as soon as the disk answers.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>

#include "controller/player/library.hpp"

namespace rytme::player_app {

class LibraryWatch {
 public:
  // What changed: the library, and whether its folder is there. The first look always tells.
  using Told = std::function<void(player::Library library, bool folder_there)>;

  // `told` is called on the watching thread, and not after this object has gone.
  LibraryWatch(std::filesystem::path file, Told told);
  ~LibraryWatch();
  LibraryWatch(const LibraryWatch&) = delete;
  LibraryWatch& operator=(const LibraryWatch&) = delete;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace rytme::player_app
