// SPDX-License-Identifier: Apache-2.0
// The floor for start and memory: the same libraries doing the least that could be called a start. Opens a
// SQLite file in WAL, listens on a port, subscribes to everything on the broker, says "ready" when the SUBACK
// has come, and waits.
//   bare_stack DIR PORT USER PASSWORD
#include <cstdio>
#include <cstdlib>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <modbus.h>
#include <mosquitto.h>
#include <sqlite3.h>

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  sqlite3* database{};
  if (sqlite3_open((std::string(argv[1]) + "/bare.sqlite").c_str(), &database) != SQLITE_OK) return 2;
  sqlite3_exec(database, "pragma journal_mode=wal; create table if not exists t(a); insert into t values(1)",
               nullptr, nullptr, nullptr);
  boost::asio::io_context io;
  const boost::asio::ip::tcp::acceptor acceptor(
      io, {boost::asio::ip::make_address("127.0.0.1"), boost::asio::ip::port_type{0}});
  modbus_t* bus = modbus_new_tcp("127.0.0.1", 1502);
  mosquitto_lib_init();
  mosquitto* client = mosquitto_new("bare-stack", true, nullptr);
  mosquitto_username_pw_set(client, argv[3], argv[4]);
  mosquitto_connect_callback_set(
      client, [](mosquitto* self, void*, int) { mosquitto_subscribe(self, nullptr, "#", 1); });
  mosquitto_subscribe_callback_set(client, [](mosquitto*, void*, int, int, const int*) {
    std::puts("ready");
    std::fflush(stdout);
  });
  if (mosquitto_connect(client, "127.0.0.1", std::atoi(argv[2]), 30) != MOSQ_ERR_SUCCESS) return 2;
  const int code = mosquitto_loop_forever(client, 1000, 1);
  modbus_free(bus);
  sqlite3_close(database);
  return code;
}
