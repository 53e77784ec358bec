// SPDX-License-Identifier: Apache-2.0
// rytme-track: one recording through libmpv, a process of its own. libmpv decodes, stretches without change
// of pitch, and 48 kHz stereo floats go to standard output as fast as they are taken; each line on standard
// input, a socket, is a new speed, answered by a byte when libmpv has taken it. So a broken file can end this
// process and nothing else, and the player starts without libmpv's two hundred libraries.
//   rytme-track play FILE START_S SPEED      exit 0: played to its end, 1: cannot be played
//   rytme-track tags FILE                    KEY=VALUE: title, bpm
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <mpv/client.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

// libmpv's file writer takes 65536 frames at a time, and no new speed meanwhile: 1.4 s at 48 kHz. So it
// writes sixteen times as many, and every sixteenth is what is heard.
constexpr std::size_t denser = 16;
using Frame = std::array<float, 2>;

using Player = std::unique_ptr<mpv_handle, void (*)(mpv_handle*)>;

Player make_player(const char* sound, const char* start_s, const char* speed) {
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
       {"ao", *sound != '\0' ? "pcm" : "null"},
       {"ao-pcm-file", sound},
       {"ao-pcm-waveheader", "no"},
       {"audio-samplerate", "768000"},
       {"audio-channels", "stereo"},
       {"audio-format", "float"},
       {"audio-pitch-correction", "yes"},
       // Nothing above 24 kHz, unclipped. Stretched also at its own tempo: nothing jumps when that changes.
       {"af", "format=format=floatp:srate=48000,scaletempo2"},
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
  const std::string taken(static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n')), '.');
  while (!lines.empty() && lines.back() == '\n') lines.remove_suffix(1);
  const std::string last(lines.substr(lines.rfind('\n') + 1));  // npos + 1 = 0
  double speed = std::strtod(last.c_str(), nullptr);
  if (speed >= 0.5 && speed <= 2) mpv_set_property(player, "speed", MPV_FORMAT_DOUBLE, &speed);
  ::send(STDIN_FILENO, taken.data(), taken.size(), MSG_NOSIGNAL);
  return true;
}

bool write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto done = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (done < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

// Until libmpv is done, or nobody takes any more, which ends the process.
void pass_on(int from) {
  std::array<Frame, denser * 64> dense{};
  std::array<Frame, 64> heard{};
  auto* const bytes = reinterpret_cast<char*>(dense.data());
  std::size_t filled = 0;
  for (ssize_t got = 1; got > 0;) {
    got = ::read(from, bytes + filled, sizeof dense - filled);
    filled += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    if (filled < sizeof dense && got > 0) continue;
    const std::size_t frames = filled / sizeof(Frame) / denser;
    for (std::size_t i = 0; i < frames; ++i) heard[i] = dense[i * denser];
    if (!write_all({reinterpret_cast<const char*>(heard.data()), frames * sizeof(Frame)})) std::_Exit(1);
    filled = 0;
  }
}

int play_into(int dense, const std::string& file, const char* start_s, const char* speed) {
  const auto player = make_player(("/proc/self/fd/" + std::to_string(dense)).c_str(), start_s, speed);
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

int play(const std::string& file, const char* start_s, const char* speed) {
  std::array<int, 2> dense{};
  if (::pipe2(dense.data(), O_CLOEXEC) != 0) return 2;
  std::thread passing(pass_on, dense[0]);
  const int code = play_into(dense[1], file, start_s, speed);
  ::close(dense[1]);
  passing.join();
  return code;
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
  const auto player = make_player("", "0", "1");
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
