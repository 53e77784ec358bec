// SPDX-License-Identifier: Apache-2.0
// What clients send by mistake or on purpose: bounded, counted, answered where HTTP allows.
#include <memory>
#include <random>
#include <system_error>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>

#include "tests/web/client.hpp"

namespace rytme::web {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Options hurried() {
  Options options = house_options();
  options.deadline = std::chrono::milliseconds(80);
  return options;
}

TEST(Robust, malformed_requests_are_answered_and_counted) {
  const std::array<std::string, 8> wrong{"hello\r\n\r\n",
                                         "GET / HTTP/9.9\r\n\r\n",
                                         "GET  HTTP/1.1\r\n\r\n",
                                         "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                                         "GET /api/v1/room HTTP/1.1\r\n\r\n",
                                         "GET http://x/api/v1/room HTTP/1.1\r\nHost: x\r\n\r\n",
                                         "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                                         "GET /?a=%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"};
  for (const std::string& bytes : wrong) {
    House house(hurried());
    const std::string answer = house.raw(bytes);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400")) << bytes;
    EXPECT_THAT(answer, HasSubstr("application/problem+json")) << bytes;
    EXPECT_EQ(house.server.counters().malformed, 1U) << bytes;
    EXPECT_TRUE(house.until([&] { return house.server.counters().connections == 0; }));
  }
}

TEST(Robust, two_lengths_are_not_a_request) {
  House house(hurried());
  const std::string answer = house.raw(
      "POST /api/v1/stop HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: "
      "chunked\r\n\r\n0\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400"));
  EXPECT_TRUE(house.room.asked.empty());
}

TEST(Robust, too_large_bodies_and_headers_are_refused) {
  House house;
  const std::string big(house_options().max_body + 1, 'x');
  EXPECT_EQ(house.post("/api/v1/stop", big).status, 413);
  EXPECT_EQ(house.ask("POST", "/api/v1/stop", "Content-Length: 99999999999\r\n").status, 413);
  const std::string chunk =
      "POST /api/v1/stop HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n";
  EXPECT_THAT(house.raw(chunk + std::string(0x20000, 'x')), StartsWith("HTTP/1.1 413"));
  EXPECT_EQ(house.ask("GET", "/healthz", "X: " + std::string(9000, 'x') + "\r\n").status, 431);
  EXPECT_EQ(house.get("/" + std::string(9000, 'x')).status, 431);
  EXPECT_EQ(house.server.counters().too_large, 5U);
  EXPECT_TRUE(house.room.asked.empty());
}

TEST(Robust, a_request_that_drips_is_ended) {
  House house(hurried());
  Client slow(house);
  slow.send("GET /healthz HT");
  ASSERT_TRUE(slow.until_closed());
  EXPECT_THAT(slow.text, StartsWith("HTTP/1.1 408"));
  EXPECT_EQ(house.server.counters().timeouts, 1U);
}

TEST(Robust, dripping_bytes_do_not_lengthen_the_deadline) {
  House house(hurried());
  Client slow(house);
  const auto start = std::chrono::steady_clock::now();
  house.until([&] {
    slow.send("x");
    slow.receive();
    return slow.closed;
  });
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
  EXPECT_TRUE(slow.closed);
}

TEST(Robust, a_silent_connection_is_closed_without_a_word) {
  House house(hurried());
  Client silent(house);
  ASSERT_TRUE(silent.until_closed());
  EXPECT_EQ(silent.text, "");
  EXPECT_EQ(house.server.counters().timeouts, 0U);
}

TEST(Robust, an_answer_that_never_comes_is_503) {
  Options options = hurried();
  boost::asio::io_context io;
  FakeRoom room;
  RoomPort port = room.port();
  PageHandler kept;
  port.sessions = [&](const Looker&, const auto&, PageHandler done) { kept = std::move(done); };
  Server server(io, options, port);
  boost::asio::ip::tcp::socket socket(io);
  socket.connect({boost::asio::ip::address_v4::loopback(), server.port()});
  const std::string ask = "GET /api/v1/sessions HTTP/1.0\r\n" + bearer("psychologist-token") + "\r\n";
  boost::asio::write(socket, boost::asio::buffer(ask));
  std::string answer;
  boost::asio::async_read(socket, boost::asio::dynamic_buffer(answer), [](auto, auto) {});
  io.run_for(std::chrono::milliseconds(400));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503"));
  kept({200, "application/json", "[]"});  // too late: nobody is there, nothing breaks
}

TEST(Robust, garbage_never_ends_the_server) {
  House house(hurried());
  std::mt19937 random(1);
  for (int i = 0; i < 60; ++i) {
    std::string bytes(random() % 2000, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    house.raw(bytes);
  }
  EXPECT_EQ(house.get("/healthz").status, 200);
}

TEST(Robust, requests_on_one_connection_are_answered_in_order) {
  House house;
  Client client(house);
  const std::string head = " HTTP/1.1\r\nHost: x\r\n";
  client.send("GET /healthz" + head + "\r\nGET /metrics" + head + "\r\nGET /readyz" + head +
              "Connection: close\r\n\r\n");
  ASSERT_TRUE(client.until_closed());
  const std::size_t metrics = client.text.find("rytme_up");
  EXPECT_LT(client.text.find("ok\n"), metrics);
  EXPECT_LT(metrics, client.text.find("ready\n"));
  EXPECT_EQ(house.server.counters().requests, 3U);
}

// All places taken by connections that say nothing: a stop still gets through.
TEST(Robust, idle_connections_give_way) {
  Options options = house_options();
  options.max_connections = 8;
  House house(options);
  std::vector<std::unique_ptr<Client>> idle;
  idle.reserve(20);
  for (int i = 0; i < 20; ++i) idle.push_back(std::make_unique<Client>(house));
  EXPECT_EQ(house.post("/api/v1/stop", "{}").status, 200);
  EXPECT_LE(house.server.counters().connections, 8U);
}

TEST(Robust, nothing_of_a_request_comes_back_in_a_header) {
  House house;
  const Heard heard = house.post_form("/api/v1/stop?lang=en%0d%0aSet-Cookie:a=b&said=%0d%0aX:1", "");
  EXPECT_EQ(heard.headers.at("location"), "/");
  EXPECT_FALSE(heard.headers.contains("set-cookie"));
  EXPECT_FALSE(heard.headers.contains("x"));
}

TEST(Robust, a_taken_address_is_told) {
  House house;
  Options options = house_options();
  options.port = house.server.port();
  FakeRoom room;
  EXPECT_THROW(Server(house.io, options, room.port()), std::system_error);
}

TEST(Robust, a_room_that_throws_is_an_answer_not_an_end) {
  boost::asio::io_context io;
  House house;
  RoomPort port = house.room.port();
  port.state = []() -> RoomState { throw std::runtime_error("broken"); };
  EXPECT_EQ(house.get("/api/v1/room").status, 200);
  Server broken(house.io, house_options(), port);
  boost::asio::ip::tcp::socket socket(house.io);
  socket.connect({boost::asio::ip::address_v4::loopback(), broken.port()});
  boost::asio::write(socket, boost::asio::buffer(std::string("GET /api/v1/room HTTP/1.0\r\n\r\n")));
  std::string answer;
  bool ended = false;
  boost::asio::async_read(socket, boost::asio::dynamic_buffer(answer), [&](auto, auto) { ended = true; });
  ASSERT_TRUE(house.until([&] { return ended; }));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500"));
  EXPECT_THAT(answer, Not(HasSubstr("broken")));
}

TEST(Robust, stop_closes_everything) {
  House house;
  Client idle(house);
  Client viewer(house);
  viewer.send("GET /api/v1/live HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(viewer.until_text("event: state"));
  house.server.stop();
  EXPECT_TRUE(idle.until_closed());
  EXPECT_TRUE(viewer.until_closed());
  EXPECT_EQ(house.server.counters().connections, 0U);
  EXPECT_TRUE(Client(house).closed);
}

}  // namespace
}  // namespace rytme::web
