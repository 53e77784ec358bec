// SPDX-License-Identifier: Apache-2.0
#include "controller/app/session_commands.hpp"

#include <cmath>
#include <functional>
#include <ostream>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "controller/journal/journal.hpp"
#include "controller/journal/reader.hpp"

namespace rytme::app {
namespace {

constexpr int done = 0, no_such_session = 1, cannot = 2;

// Every command's frame: what cannot be read is one line and exit code 2.
int guarded(std::ostream& err, const std::function<int()>& command) {
  try {
    return command();
  } catch (const std::runtime_error& error) {
    err << "rytme: " << error.what() << '\n';
    return cannot;
  }
}

int not_found(const std::string& id, std::ostream& err) {
  err << "rytme: there is no session " << id << '\n';
  return no_such_session;
}

std::string percent(std::optional<double> share) {
  return share ? fmt::format("{} %", std::lround(*share * 100)) : std::string("-");
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

constexpr const char* list_line = "{:<24}  {:<11}  {:<16}  {:<29}  {:<10}  {:>8}  {:>6}\n";

void print_list(const std::vector<journal::SessionSummary>& sessions, std::ostream& out) {
  out << fmt::format(list_line, "id", "participant", "preset", "start", "end", "readings", "valid");
  for (const auto& session : sessions)
    out << fmt::format(list_line, session.id, or_dash(session.participant), session.preset, session.start,
                       session.end.empty() ? "open" : session.end_reason, session.n_readings,
                       percent(session.valid_share));
}

void print_session(const journal::SessionSummary& session, std::ostream& out) {
  const auto line = [&](std::string_view name, const std::string& value) {
    out << fmt::format("{:<12} {}\n", name, value);
  };
  line("id", session.id);
  line("participant", or_dash(session.participant));
  line("preset", fmt::format("{} (version {})", session.preset, session.preset_version));
  line("start", session.start);
  line("end", session.end.empty() ? "open" : fmt::format("{} ({})", session.end, session.end_reason));
  line("recording", session.recording ? "on" : "off");
  line("readings", std::to_string(session.n_readings));
  line("valid heart", percent(session.valid_share));
}

// A descriptor that closes itself; -1 is none.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

[[noreturn]] void fail(const std::filesystem::path& file) {
  throw std::runtime_error(file.string() + ": " + std::error_code(errno, std::system_category()).message());
}

void write_durably(const std::filesystem::path& file, std::string_view text) {
  const Descriptor descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (descriptor.number() < 0) fail(file);
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor.number(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(file);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor.number()) != 0) fail(file);
}

void replace_file(const std::filesystem::path& file, std::string_view text) {
  const std::filesystem::path temporary = file.string() + ".part-" + std::to_string(::getpid());
  try {
    write_durably(temporary, text);
    std::filesystem::rename(temporary, file);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw;
  }
}

}  // namespace

int session_list(const std::filesystem::path& journal, bool json, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    const auto sessions = journal::Reader(journal).sessions({});
    if (json) {
      out << journal::to_json(sessions) << '\n';
    } else {
      print_list(sessions, out);
    }
    return done;
  });
}

int session_show(const std::filesystem::path& journal, const std::string& id, bool json, std::ostream& out,
                 std::ostream& err) {
  return guarded(err, [&] {
    const auto session = journal::Reader(journal).session(id);
    if (!session) return not_found(id, err);
    if (json) {
      out << journal::to_json(*session) << '\n';
    } else {
      print_session(*session, out);
    }
    return done;
  });
}

int session_export(const std::filesystem::path& journal, const std::string& id, const std::string& format,
                   const std::optional<std::filesystem::path>& file, std::ostream& out, std::ostream& err) {
  if (format != "json" && format != "csv") {
    err << "rytme: cannot export as " << format << "; the formats are json and csv\n";
    return cannot;
  }
  return guarded(err, [&] {
    journal::Reader reader(journal);
    const auto text = format == "json" ? reader.export_json(id) : reader.export_csv(id);
    if (!text) return not_found(id, err);
    if (file) {
      replace_file(*file, *text);
    } else {
      out << *text;
    }
    return done;
  });
}

}  // namespace rytme::app
