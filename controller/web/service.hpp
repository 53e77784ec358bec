// SPDX-License-Identifier: Apache-2.0
// From a request to its answer, without sockets: route, actor, role, origin, rate, body, handler. Logic
// thread.
#pragma once

#include <string>

#include "controller/web/access.hpp"
#include "controller/web/routes.hpp"
#include "controller/web/server.hpp"

namespace rytme::web {

class Service {
 public:
  Service(Options options, RoomPort port);

  // `respond` is called once, now or later on the logic thread; `incoming` must live until handle returns.
  void handle(const Incoming& incoming, const Respond& respond);

  // How many bytes of a body are read; `incoming` has none yet. What is long is taken only of who may send
  // it.
  std::size_t body_limit(const Incoming& incoming);

  // How long whoever asks this waits for its answer.
  std::chrono::steady_clock::duration patience(const Incoming& incoming) const;

  const Options& options() const { return options_; }
  const RoomPort& port() const { return port_; }
  Counters& counters() { return counters_; }
  const Access& access() const { return access_; }
  const FormTokens& form_tokens() const { return form_tokens_; }

 private:
  // The answer to send instead of going on; nullopt: go on.
  std::optional<Reply> admit(const Incoming& incoming, const Route& route, Call& call);
  std::optional<Reply> refuse_stranger(const Incoming& incoming, const Route& route);
  std::optional<Reply> check_post(const Incoming& incoming, const Call& call);
  bool may_change(const Incoming& incoming, By by) const;
  void tell_denied(const Incoming& incoming, const Route& route, const Actor& actor);
  void run(const Incoming& incoming, const Route& route, std::string parameter, const Respond& respond);

  Options options_;
  RoomPort port_;
  Counters counters_;
  Access access_;
  FormTokens form_tokens_;
  RateLimit wrong_tokens_;
  RateLimit denials_;
  RateLimit posts_;
};

}  // namespace rytme::web
