// SPDX-License-Identifier: Apache-2.0
// What all connections of a server share. Logic thread.
#pragma once

#include <list>
#include <memory>

#include "controller/web/live.hpp"
#include "controller/web/service.hpp"

namespace rytme::web {

class Connection;

struct Core {
  Service service;
  std::shared_ptr<Live> live;
  std::list<std::shared_ptr<Connection>> connections;  // oldest first

  void left(const Connection* connection);
};

}  // namespace rytme::web
