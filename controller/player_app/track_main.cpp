// SPDX-License-Identifier: Apache-2.0
// rytme-track: one recording through libmpv, a process of its own. libmpv decodes, stretches without change
// of pitch and writes 48 kHz stereo floats to standard output as fast as they are taken; each line on
// standard input is a new speed. So a broken file can end this process and nothing else, and the player
// starts without libmpv's two hundred libraries.
//   rytme-track play FILE START_S SPEED      exit 0: played to its end, 1: cannot be played
//   rytme-track tags FILE                    KEY=VALUE: title, bpm
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

#include <mpv/client.h>
#include <poll.h>
#include <unistd.h>

namespace {

using Player = std::unique_ptr<mpv_handle, void (*)(mpv_handle*)>;

Player make_player(bool with_sound, const char* start_s, const char* speed) {
  Player player(mpv_create(), mpv_terminate_destroy);
  const std::array<std::array<const char*, 2>, 18> options{
      {{"config", "no"},
       {"terminal", "no"},
       {"video", "no"},
       {"sub", "no"},
       {"load-scripts", "no"},
       {"osc", "no"},
       {"ytdl", "no"},
       {"access-references", "no"},
       {"ao", with_sound ? "pcm" : "null"},
       {"ao-pcm-file", "/proc/self/fd/1"},
       {"ao-pcm-waveheader", "no"},
       {"audio-samplerate", "48000"},
       {"audio-channels", "stereo"},
       {"audio-format", "float"},
       {"audio-pitch-correction", "yes"},
       {"af", "scaletempo2"},  // also at its own tempo: nothing jumps when that changes
       {"start", start_s},
       {"speed", speed}}};
  for (const auto& [name, value] : options) {
    if (!player || mpv_set_option_string(player.get(), name, value) < 0) {
      std::cerr << "libmpv does not know " << name << "=" << value << '\n';
      std::exit(2);
    }
  }
  if (mpv_initialize(player.get()) < 0) std::exit(2);
  return player;
}

void load(mpv_handle* player, const std::string& file) {
  // A local file, whatever its name looks like.
  const std::string name = "file://" + file;
  std::array<const char*, 3> command{"loadfile", name.c_str(), nullptr};
  mpv_command(player, command.data());
}

// nullopt-like: -1 = goes on, else the exit code.
int end_of(mpv_handle* player) {
  for (;;) {
    const auto* event = mpv_wait_event(player, 0);
    if (event->event_id == MPV_EVENT_NONE) return -1;
    if (event->event_id == MPV_EVENT_SHUTDOWN) return 1;
    if (event->event_id != MPV_EVENT_END_FILE) continue;
    const auto* end = static_cast<const mpv_event_end_file*>(event->data);
    if (end->reason == MPV_END_FILE_REASON_EOF) return 0;
    std::cerr << mpv_error_string(end->error) << '\n';
    return 1;
  }
}

// False: nobody is there any more.
bool take_speeds(mpv_handle* player) {
  std::array<char, 256> text{};
  const auto got = ::read(STDIN_FILENO, text.data(), text.size() - 1);
  if (got <= 0) return false;
  std::string_view lines(text.data(), static_cast<std::size_t>(got));
  while (!lines.empty() && lines.back() == '\n') lines.remove_suffix(1);
  const std::string last(lines.substr(lines.rfind('\n') + 1));  // npos + 1 = 0
  double speed = std::strtod(last.c_str(), nullptr);
  if (speed >= 0.5 && speed <= 2) mpv_set_property(player, "speed", MPV_FORMAT_DOUBLE, &speed);
  return true;
}

int play(const std::string& file, const char* start_s, const char* speed) {
  const auto player = make_player(true, start_s, speed);
  const int wake = mpv_get_wakeup_pipe(player.get());
  load(player.get(), file);
  for (;;) {
    if (const int code = end_of(player.get()); code >= 0) return code;
    std::array<pollfd, 2> waits{{{STDIN_FILENO, POLLIN, 0}, {wake, POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), -1);
    if (waits[0].revents != 0 && !take_speeds(player.get())) return 1;
    if (std::array<char, 64> ignored{}; waits[1].revents != 0 && ::read(wake, ignored.data(), 64) < 0)
      return 1;
  }
}

void print_tag(mpv_handle* player, const char* as, std::initializer_list<const char*> keys) {
  for (const std::string key : keys) {
    char* value = mpv_get_property_string(player, ("metadata/by-key/" + key).c_str());
    if (value == nullptr) continue;
    std::string text(value);
    mpv_free(value);
    for (char& c : text)
      if (static_cast<unsigned char>(c) < ' ') c = ' ';
    std::cout << as << '=' << text << '\n';
    return;
  }
}

int tags(const std::string& file) {
  const auto player = make_player(false, "0", "1");
  load(player.get(), file);
  for (;;) {
    const auto* event = mpv_wait_event(player.get(), 10);
    if (event->event_id == MPV_EVENT_FILE_LOADED) break;
    if (event->event_id == MPV_EVENT_NONE || event->event_id == MPV_EVENT_END_FILE) return 1;
  }
  print_tag(player.get(), "title", {"title"});
  print_tag(player.get(), "bpm", {"TBPM", "bpm", "tmpo"});
  return 0;
}

}  // namespace

int main(int count, char** words) {
  const std::string_view what = count > 1 ? words[1] : "";
  if (what == "play" && count == 5) return play(words[2], words[3], words[4]);
  if (what == "tags" && count == 3) return tags(words[2]);
  std::cerr << "rytme-track play FILE START_S SPEED | tags FILE; rytme-player starts it\n";
  return 2;
}
