// SPDX-License-Identifier: Apache-2.0
// The pages over a fake room, for the browser test: prints its address, serves until its input ends.
#include <cstdio>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <unistd.h>

#include "tests/web/fake_room.hpp"

int main(int argc, char** argv) {
  using namespace rytme::web;
  boost::asio::io_context io;
  FakeRoom room;
  Options options = house_options();
  options.room_name = "Reguleringsrommet";
  if (argc > 1) options.port = static_cast<std::uint16_t>(std::stoi(argv[1]));
  Server server(io, options, room.port());
  boost::asio::steady_timer later(io);
  room.changed = [&] {
    server.changed();
    if (room.now.mode != rytme::RoomMode::stopped) return;
    later.expires_after(std::chrono::milliseconds(300));
    later.async_wait([&](boost::system::error_code error) {
      if (!error) server.confirmed({room.now.generation, {"ceiling"}, {"wall"}});
    });
  };
  std::printf("http://127.0.0.1:%d\n", server.port());
  std::fflush(stdout);
  boost::asio::posix::stream_descriptor input(io, ::dup(STDIN_FILENO));
  char byte = 0;
  input.async_read_some(boost::asio::buffer(&byte, 1),
                        [&](boost::system::error_code, std::size_t) { io.stop(); });
  io.run();
}
