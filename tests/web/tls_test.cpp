// SPDX-License-Identifier: Apache-2.0
// The server on the network, seen by the openssl program and by a client of OpenSSL's own.
#include <future>
#include <memory>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>

#include "controller/access/certificates.hpp"
#include "tests/support/shell.hpp"
#include "tests/web/people.hpp"

namespace rytme::web {
namespace {

namespace asio = boost::asio;
using testing::HasSubstr;
using testing::Not;

std::int64_t today_s() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
      .time_since_epoch()
      .count();
}

struct TlsOfAHouse : testing::Test {
  TlsOfAHouse() : files(access::tls_files(folder.path())) {
    access::make_certificates(files, {{"localhost"}, {"127.0.0.1"}}, today_s());
    Options options = house_options();
    options.tls = TlsOptions{"127.0.0.1", 0, files.certificate, files.key};
    options.deadline = std::chrono::milliseconds(500);
    people = std::make_unique<People>(options);
  }
  House& house() { return people->house; }

  // Runs the server while somebody else talks to it.
  std::string meanwhile(const std::function<std::string()>& talk) {
    auto said = std::async(std::launch::async, talk);
    house().until([&] { return said.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
    return said.get();
  }

  std::string s_client(const std::string& words) {
    const std::string command =
        "echo | timeout 4 openssl s_client -connect 127.0.0.1:" + std::to_string(house().server.tls_port()) +
        " " + words + " 2>&1";
    return meanwhile([command] { return test::shell(command).said; });
  }

  // One request over TLS, the certificate verified against our authority; the error's text when there is
  // none.
  std::string ask(const std::string& request) {
    return meanwhile([this, request]() -> std::string {
      asio::io_context io;
      asio::ssl::context context(asio::ssl::context::tls_client);
      context.load_verify_file(files.authority.string());
      asio::ssl::stream<asio::ip::tcp::socket> stream(io, context);
      stream.set_verify_mode(asio::ssl::verify_peer);
      stream.set_verify_callback(asio::ssl::host_name_verification("127.0.0.1"));
      boost::system::error_code error;
      stream.next_layer().connect({asio::ip::address_v4::loopback(), house().server.tls_port()}, error);
      if (!error) stream.handshake(asio::ssl::stream_base::client, error);
      if (!error) asio::write(stream, asio::buffer(request), error);
      if (error) return "no: " + error.message();
      std::string answer;
      asio::read(stream, asio::dynamic_buffer(answer), error);
      return answer + (error == asio::error::eof ? "\n(closed properly)" : "\n(" + error.message() + ")");
    });
  }

  test::Folder folder;
  access::TlsFiles files;
  std::unique_ptr<People> people;
};

TEST_F(TlsOfAHouse, a_request_is_answered_and_the_end_is_told) {
  const std::string answer = ask("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("HTTP/1.1 200 OK"));
  EXPECT_THAT(answer, HasSubstr("ok\n"));
  EXPECT_THAT(answer, HasSubstr("Strict-Transport-Security: max-age=86400\r\n"));
  EXPECT_THAT(answer, HasSubstr("(closed properly)"));
  EXPECT_FALSE(house().get("/healthz").headers.contains("strict-transport-security"))
      << "without TLS it means nothing";
}

TEST_F(TlsOfAHouse, a_large_page_a_form_and_events_come_through) {
  const std::string page = ask("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(page, HasSubstr("</html>"));
  const std::string form = "preset=regulate-down";
  const std::string started = ask(
      "POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nOrigin: https://127.0.0.1\r\n"
      "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
      std::to_string(form.size()) + "\r\n\r\n" + form);
  EXPECT_THAT(started, HasSubstr("HTTP/1.1 303"));
  EXPECT_EQ(house().room.now.mode, RoomMode::running);
}

TEST_F(TlsOfAHouse, one_point_two_and_newer_with_forward_secrecy_alone) {
  EXPECT_THAT(s_client("-tls1_3"), HasSubstr("TLSv1.3"));
  EXPECT_THAT(s_client("-tls1_2"), HasSubstr("ECDHE"));
  for (const char* old : {"-tls1_1 -cipher DEFAULT@SECLEVEL=0", "-tls1 -cipher DEFAULT@SECLEVEL=0",
                          "-tls1_2 -cipher AES128-SHA256", "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256"})
    EXPECT_THAT(s_client(old), HasSubstr("Cipher is (NONE)")) << old;
  EXPECT_TRUE(house().until([&] { return house().server.counters().handshakes_failed >= 4; }));
  EXPECT_THAT(s_client("-verify_return_error -verify_ip 127.0.0.1 -CAfile " + files.authority.string()),
              HasSubstr("Verify return code: 0 (ok)"));
}

TEST_F(TlsOfAHouse, who_says_nothing_or_nonsense_is_let_go_and_counted) {
  const auto raw = [&](const std::string& bytes) {
    return meanwhile([&]() -> std::string {
      asio::io_context io;
      asio::ip::tcp::socket socket(io);
      boost::system::error_code error;
      socket.connect({asio::ip::address_v4::loopback(), house().server.tls_port()}, error);
      asio::write(socket, asio::buffer(bytes), error);
      std::string answer;
      asio::read(socket, asio::dynamic_buffer(answer), error);
      return answer;
    });
  };
  EXPECT_THAT(raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), Not(HasSubstr("HTTP/1.1")))
      << "nothing is said without TLS";
  EXPECT_TRUE(house().until([&] { return house().server.counters().handshakes_failed == 1; }));
  EXPECT_EQ(raw(""), "");
  EXPECT_EQ(raw("\x16\x03\x01"), "");
  EXPECT_TRUE(house().until([&] { return house().server.counters().handshakes_failed == 3; }));
  EXPECT_EQ(house().server.counters().connections, 0U);
}

TEST_F(TlsOfAHouse, half_open_handshakes_give_way_to_a_stop) {
  asio::io_context io;
  std::vector<asio::ip::tcp::socket> sockets;
  for (int i = 0; i < 400; ++i) {
    sockets.emplace_back(io);
    sockets.back().connect({asio::ip::address_v4::loopback(), house().server.tls_port()});
    if (i % 50 == 0) house().io.poll();
  }
  EXPECT_EQ(house().post("/api/v1/stop", "{}").status, 200);
}

TEST_F(TlsOfAHouse, a_renewed_certificate_is_used_without_a_restart_and_a_broken_one_is_not) {
  const std::string request = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
  ASSERT_THAT(ask(request), HasSubstr("200 OK"));
  const auto serial = [&] {
    const std::string text = s_client("-showcerts");
    return text.substr(text.find("-----BEGIN"), 400);
  };
  const std::string before = serial();
  access::make_certificates(files, {{"localhost"}, {"127.0.0.1"}}, today_s());
  EXPECT_NE(serial(), before);
  EXPECT_THAT(ask(request), HasSubstr("200 OK")) << "the authority is the same: nothing to do on a tablet";
  folder.write("tls/server.pem", "nonsense");
  EXPECT_THAT(ask(request), HasSubstr("200 OK"));
}

TEST_F(TlsOfAHouse, what_is_no_certificate_is_told_at_the_start) {
  folder.write("tls/server.pem", "nonsense");
  Options options = house_options();
  options.tls = TlsOptions{"127.0.0.1", 0, files.certificate, files.key};
  FakeRoom room;
  EXPECT_THROW(Server(house().io, options, room.port()), std::system_error);
}

}  // namespace
}  // namespace rytme::web
