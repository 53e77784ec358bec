// SPDX-License-Identifier: Apache-2.0
// The plainest HTTP client there is: one request, one answer, connection closed. Blocking, with a deadline.
#pragma once

#include <chrono>
#include <string>

#include <boost/json.hpp>

namespace rytme::test {

// What gives up when it hears nothing for so long.
inline constexpr std::chrono::seconds usual_silence{3};

struct HttpAnswer {
  int status{};  // 0: no answer
  std::string headers;
  std::string body;
  boost::json::value json() const { return boost::json::parse(body); }
};

// `base` is "http://127.0.0.1:PORT"; `token` "" = none.
HttpAnswer http_get(const std::string& base, const std::string& path, const std::string& token = "",
                    std::chrono::seconds silence = usual_silence);
HttpAnswer http_post(const std::string& base, const std::string& path, const std::string& body,
                     const std::string& token = "", std::chrono::seconds silence = usual_silence);
HttpAnswer http_delete(const std::string& base, const std::string& path, const std::string& token);
// Bytes as they are; everything that comes back until the other side closes, is silent for so long or the
// time is over.
std::string http_raw(const std::string& base, const std::string& bytes,
                     std::chrono::milliseconds limit = std::chrono::minutes{1},
                     std::chrono::seconds silence = usual_silence);

}  // namespace rytme::test
