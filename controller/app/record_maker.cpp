// SPDX-License-Identifier: Apache-2.0
#include "controller/app/record_maker.hpp"

#include <memory>
#include <stdexcept>
#include <utility>

#include <spdlog/spdlog.h>

#include "controller/app/data_folder.hpp"
#include "controller/app/scratch.hpp"
#include "controller/report/participant.hpp"

namespace rytme::app {
namespace {

struct Held {
  explicit Held(const std::filesystem::path& parent) : folder(parent) {}
  Scratch folder;
  std::filesystem::path file{folder.path() / "record.zip"};
};

}  // namespace

RecordMaker::RecordMaker(const std::filesystem::path& data)
    : folder_(data / "records"), thread_(journal_file(data)) {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

RecordMaker::~RecordMaker() { ending_ = true; }

void RecordMaker::begin(const std::string& code, const web::PageHandler& answer) {
  busy_ = true;
  const bool taken = thread_.ask([this, code, answer](journal::Reader* reader) {
    auto page =
        reader != nullptr ? make(*reader, code) : web::problem_page(503, "The journal cannot be read.");
    busy_ = false;
    answer(std::move(page));
  });
  if (taken) return;
  busy_ = false;
  answer(web::problem_page(503, "Too many questions wait."));
}

web::Page RecordMaker::make(journal::Reader& reader, const std::string& code) const {
  try {
    auto files = report::participant_files(reader, code);
    if (!files) return web::problem_page(404, "There is no such participant.");
    for (auto& file : *files)
      file.make = [this, make = std::move(file.make)] {
        if (ending_) throw std::runtime_error("the room ends");
        return make();
      };
    std::filesystem::create_directories(folder_);
    const auto held = std::make_shared<const Held>(folder_);
    report::write_zip(held->file, *files);
    return {200, "application/zip", "", {held, &held->file}};
  } catch (const std::filesystem::filesystem_error& error) {
    spdlog::error("a participant's record cannot be made: {}", error.what());
    return web::problem_page(503, "The record cannot be made: the disk does not take it.");
  } catch (const std::exception&) {  // what it says may name a session: not for the log
    spdlog::warn("a participant's record could not be made");
    return web::problem_page(503, "The record cannot be made just now. Try again soon.");
  }
}

}  // namespace rytme::app
