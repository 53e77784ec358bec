// SPDX-License-Identifier: Apache-2.0
// The bytes of a request, read by the HTTP library, routed, judged and answered by a room that answers at
// once. Of the first byte one bit says whether it comes from the machine itself. Whoever proves nothing never
// reaches the room.
#include <cstdlib>
#include <set>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "controller/web/read_request.hpp"
#include "controller/web/service.hpp"
#include "tests/web/fake_room.hpp"

namespace {

using namespace rytme::web;
namespace http = boost::beast::http;

void must(bool true_) {
  if (!true_) std::abort();
}

bool is_one_line(const std::string& text) { return text.find_first_of("\r\n") == std::string::npos; }

void look_at(const Reply& reply) {
  static const std::set<unsigned> known{200, 201, 202, 303, 400, 401, 403, 404, 405, 409, 415, 422, 429, 503};
  must(known.contains(reply.status));
  for (const auto& [name, value] : reply.headers) {
    must(is_one_line(name) && is_one_line(value));
    if (name == "Location") must(value.starts_with('/') && !value.starts_with("//"));
  }
  must(is_one_line(reply.content_type));
  if (reply.status >= 400) must(!reply.body.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  http::request_parser<http::string_body> parser;
  parser.eager(true);
  parser.header_limit(8192);
  parser.body_limit(65536);
  boost::system::error_code error;
  std::size_t at = 1;
  while (at < size && !error && !parser.is_done())
    at += parser.put(boost::asio::buffer(data + at, size - at), error);
  if (!error && parser.got_some()) parser.put_eof(error);
  if (error || !parser.is_done()) return 0;
  std::optional<Incoming> incoming = read_request(parser.get());
  if (!incoming) return 0;
  must(incoming->path.starts_with('/') && incoming->query.size() <= 32);
  incoming->loopback = (data[0] & 1U) != 0;
  incoming->peer = incoming->loopback ? "127.0.0.1" : "192.0.2.7";
  FakeRoom room;
  room.clock += std::chrono::hours(1);
  Service service(house_options(), room.port());
  int answers = 0;
  service.handle(*incoming, [&answers](const Reply& reply) {
    ++answers;
    look_at(reply);
  });
  must(answers == 1);
  if (!incoming->loopback && incoming->authorization.empty()) must(room.asked.empty() && room.read.empty());
  return 0;
}
