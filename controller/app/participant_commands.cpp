// SPDX-License-Identifier: Apache-2.0
#include "controller/app/participant_commands.hpp"

#include <fstream>
#include <ostream>

#include "controller/app/guarded.hpp"
#include "controller/app/scratch.hpp"
#include "controller/journal/reader.hpp"
#include "controller/journal/whole_file.hpp"
#include "controller/report/participant.hpp"

namespace rytme::app {
namespace {

constexpr int done = 0, nobody = 1;

void write_to(std::ostream& out, const std::vector<report::ZipEntry>& files) {
  const Scratch scratch(std::filesystem::temp_directory_path());
  report::write_zip(scratch.path() / "record.zip", files);
  std::ifstream written(scratch.path() / "record.zip", std::ios::binary);
  out << written.rdbuf();
  if (!out.flush()) throw std::runtime_error("the ZIP could not be written");
}

}  // namespace

int participant_export(const ParticipantExportRequest& request, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    if (!request.file && request.terminal)
      throw std::runtime_error("a ZIP is not for a terminal; give --out FILE");
    journal::Reader reader(request.journal);
    const auto files = report::participant_files(reader, request.code);
    if (!files) {
      err << "rytme: there is no participant " << request.code << '\n';
      return nobody;
    }
    if (request.file) {
      journal::check_is_another(*request.file, request.journal);
      journal::replace_file(*request.file, [&](const auto& file) { report::write_zip(file, *files); });
    } else {
      write_to(out, *files);
    }
    return done;
  });
}

}  // namespace rytme::app
