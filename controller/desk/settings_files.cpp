// SPDX-License-Identifier: Apache-2.0
#include "controller/desk/settings_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>
#include <stdexcept>
#include <system_error>

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "controller/journal/whole_file.hpp"
#include "controller/settings/toml_file.hpp"

namespace rytme::desk {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> at_the_top{"room.toml", "activities.toml", "player.toml"};
constexpr std::array<std::string_view, 3> folders{"presets", "profiles", "mosquitto"};
constexpr std::size_t longest_name = 64;

bool is_plain(std::string_view word) {
  return !word.empty() && word.size() <= longest_name && word.front() != '.' &&
         std::all_of(word.begin(), word.end(), [](unsigned char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                  c == '_' || c == '.';
         });
}

bool is_small_file(const fs::path& file) {
  std::error_code error;
  return fs::symlink_status(file, error).type() == fs::file_type::regular &&
         fs::file_size(file, error) <= longest_file && !error;
}

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto name : at_the_top)
    if (is_small_file(folder / name)) names.emplace(name);
  for (const auto part : folders) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder / part, error)) {
      std::string name = std::string(part) + "/" + entry.path().filename().string();
      if (is_editable(name) && is_small_file(entry.path())) names.insert(std::move(name));
    }
    if (error && error != std::errc::no_such_file_or_directory)
      throw std::runtime_error((folder / part).string() + ": " + error.message());
  }
  return names;
}

// A new file is for its owner and group, as its neighbours are: a player of another account may read them.
mode_t mode_for(const fs::path& file) {
  constexpr mode_t permissions = 07777;
  struct stat there {};
  if (::lstat(file.c_str(), &there) == 0) return there.st_mode & permissions;
  if (::lstat((file.parent_path() / "room.toml").c_str(), &there) == 0) return there.st_mode & permissions;
  return 0640;
}

void put_file(const fs::path& file, std::string_view text) {
  fs::create_directories(file.parent_path());
  const fs::path fresh_name = file.string() + ".new";
  std::error_code ignored;
  fs::remove(fresh_name, ignored);  // of a process that was killed
  journal::NewFile fresh(fresh_name);
  fresh.write(text);
  if (::chmod(fresh_name.c_str(), mode_for(file)) != 0)
    throw std::runtime_error(fresh_name.string() + ": " + std::generic_category().message(errno));
  fresh.keep_as(file);
}

std::string hex(const std::array<unsigned char, 16>& digest) {
  std::array<char, 33> text{};
  sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
  return text.data();
}

}  // namespace

bool is_editable(std::string_view name) {
  if (std::find(at_the_top.begin(), at_the_top.end(), name) != at_the_top.end()) return true;
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos || !is_plain(name.substr(slash + 1))) return false;
  const auto folder = name.substr(0, slash), file = name.substr(slash + 1);
  if (folder == "mosquitto") return file == "acl" || file.ends_with(".conf");
  return (folder == "presets" || folder == "profiles") && file.ends_with(".toml");
}

Files read_files(const fs::path& folder) {
  Files files;
  for (const std::string& name : names_in(folder)) {
    try {
      files[name] = settings::text_of(folder / name);
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(name + " " + error.what());
    }
  }
  return files;
}

std::vector<FileRow> rows_of(const fs::path& folder, const Files& files) {
  std::vector<FileRow> rows;
  for (const auto& [name, text] : files) {
    struct stat there {};
    const bool known = ::lstat((folder / name).c_str(), &there) == 0;
    rows.push_back({name, hash_of(text), text.size(), known ? there.st_mtime : 0});
  }
  return rows;
}

std::string hash_of(std::string_view text) {
  std::array<unsigned char, 16> digest{};
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), nullptr, 0);
  return hex(digest);
}

std::string hash_of(const Files& files) {
  std::string all;
  for (const auto& [name, text] : files) all += name + '\0' + hash_of(text) + '\0';
  return hash_of(std::string_view(all));
}

void put_files(const fs::path& folder, const Files& wanted, const std::function<void()>& step) {
  const Files there = read_files(folder);
  for (const auto& [name, text] : wanted) {
    const auto known = there.find(name);
    if (known != there.end() && known->second == text) continue;
    put_file(folder / name, text);
    step();
  }
  for (const auto& [name, text] : there) {
    if (wanted.contains(name)) continue;
    fs::remove(folder / name);
    journal::sync_folder_of(folder / name);
    step();
  }
}

std::vector<std::string> changed_between(const Files& before, const Files& after) {
  std::set<std::string> names;
  for (const auto& [name, text] : before)
    if (const auto other = after.find(name); other == after.end() || other->second != text)
      names.insert(name);
  for (const auto& [name, text] : after)
    if (!before.contains(name)) names.insert(name);
  return {names.begin(), names.end()};
}

Files with(Files files, const settings::Changes& changes) {
  for (const auto& [name, text] : changes) {
    if (text)
      files[name] = *text;
    else
      files.erase(name);
  }
  return files;
}

std::string why_not_writable(const fs::path& folder) {
  for (const fs::path& one : {folder, folder / "presets", folder / "profiles"}) {
    std::error_code ignored;
    if (fs::is_directory(one, ignored) && ::access(one.c_str(), W_OK) != 0)
      return one.string() + ": " + std::generic_category().message(errno);
  }
  return "";
}

}  // namespace rytme::desk
