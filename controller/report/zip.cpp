// SPDX-License-Identifier: Apache-2.0
#include "controller/report/zip.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <memory>
#include <stdexcept>

#include <zip.h>

namespace rytme::report {
namespace {

// One entry while it is read by libzip.
class Reading {
 public:
  Reading(const ZipEntry& entry, std::string& failure) : entry_(entry), failure_(failure) {
    zip_error_init(&error_);
  }

  static zip_int64_t answer(void* self, void* data, zip_uint64_t length, zip_source_cmd_t question) {
    return static_cast<Reading*>(self)->answer(data, length, question);
  }

 private:
  zip_int64_t answer(void* data, zip_uint64_t length, zip_source_cmd_t question) {
    switch (question) {
      case ZIP_SOURCE_OPEN:
        return open();
      case ZIP_SOURCE_READ:
        return read(data, length);
      case ZIP_SOURCE_CLOSE:
        std::string().swap(text_);  // an assigned empty one would keep the memory
        return 0;
      case ZIP_SOURCE_STAT:
        zip_stat_init(static_cast<zip_stat_t*>(data));
        return sizeof(zip_stat_t);
      case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&error_, data, length);
      case ZIP_SOURCE_FREE:
        return 0;
      case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                              ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
      default:
        zip_error_set(&error_, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
  }

  // An exception must not pass through libzip: it is kept and thrown again outside.
  zip_int64_t open() {
    try {
      text_ = entry_.make();
      read_ = 0;
      return 0;
    } catch (const std::exception& error) {
      failure_ = entry_.name + ": " + error.what();
      zip_error_set(&error_, ZIP_ER_INTERNAL, 0);
      return -1;
    }
  }

  zip_int64_t read(void* data, zip_uint64_t length) {
    const std::size_t count = std::min<std::size_t>(length, text_.size() - read_);
    std::memcpy(data, text_.data() + read_, count);
    read_ += count;
    return static_cast<zip_int64_t>(count);
  }

  const ZipEntry& entry_;
  std::string& failure_;
  std::string text_;
  std::size_t read_{};
  zip_error_t error_{};
};

struct ArchiveDiscard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& why) {
  throw std::runtime_error(file.string() + ": " + why);
}

void add(const std::filesystem::path& file, zip_t* archive, const ZipEntry& entry, Reading& reading) {
  auto* source = zip_source_function(archive, Reading::answer, &reading);
  if (source == nullptr) fail(file, zip_strerror(archive));
  const auto index = zip_file_add(archive, entry.name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    fail(file, entry.name + ": " + zip_strerror(archive));
  }
  constexpr zip_uint16_t midnight = 0, first_of_1980 = (1U << 5U) | 1U;
  // Beyond level 6 the movement of an hour takes minutes for a few percent.
  constexpr zip_uint32_t level = 6;
  if (zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_DEFLATE, level) != 0)
    fail(file, entry.name + ": " + zip_strerror(archive));
  zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), midnight, first_of_1980, 0);
}

}  // namespace

void write_zip(const std::filesystem::path& file, const std::vector<ZipEntry>& entries) {
  std::string failure;
  std::deque<Reading> readings;  // must live as long as the archive
  int code = 0;
  std::unique_ptr<zip_t, ArchiveDiscard> archive(zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
  if (!archive) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string why = zip_error_strerror(&error);
    zip_error_fini(&error);
    fail(file, why);
  }
  for (const ZipEntry& entry : entries)
    add(file, archive.get(), entry, readings.emplace_back(entry, failure));
  if (zip_close(archive.get()) != 0) fail(file, failure.empty() ? zip_strerror(archive.get()) : failure);
  static_cast<void>(archive.release());  // closed
}

}  // namespace rytme::report
