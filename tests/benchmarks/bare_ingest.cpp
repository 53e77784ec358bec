// SPDX-License-Identifier: Apache-2.0
// The least program that makes JSON samples from MQTT durable: one thread, libmosquitto, SQLite in WAL with
// synchronous=FULL, a row per message, a commit a second. The floor of benchmark_ingest.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <boost/json.hpp>
#include <mosquitto.h>
#include <sqlite3.h>

namespace {

using Clock = std::chrono::steady_clock;

struct Ingest {
  sqlite3* database{};
  sqlite3_stmt* insert{};
  bool open{};
};

void run(sqlite3* database, const char* sql) {
  if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return;
  std::fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(database));
  std::exit(1);
}

void on_message(mosquitto*, void* self, const mosquitto_message* message) {
  auto& ingest = *static_cast<Ingest*>(self);
  const std::string_view text(static_cast<const char*>(message->payload),
                              static_cast<std::size_t>(message->payloadlen));
  const auto sample = boost::json::parse(text).as_object();
  if (!ingest.open) run(ingest.database, "BEGIN");
  ingest.open = true;
  sqlite3_reset(ingest.insert);
  sqlite3_bind_int64(ingest.insert, 1, sample.at("seq").to_number<std::int64_t>());
  sqlite3_bind_int64(ingest.insert, 2, sample.at("t_us").to_number<std::int64_t>());
  sqlite3_bind_double(ingest.insert, 3, sample.at("bpm").to_number<double>());
  sqlite3_step(ingest.insert);
}

}  // namespace

// FILE PORT USER PASSWORD TOPIC
int main(int argc, char** argv) {
  if (argc != 6) return 2;
  Ingest ingest;
  sqlite3_open(argv[1], &ingest.database);
  run(ingest.database,
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
      "CREATE TABLE sample(seq INTEGER PRIMARY KEY, t_us INTEGER, bpm REAL)");
  sqlite3_prepare_v2(ingest.database, "INSERT INTO sample VALUES(?1, ?2, ?3)", -1, &ingest.insert, nullptr);
  mosquitto_lib_init();
  mosquitto* client = mosquitto_new("bare", true, &ingest);
  mosquitto_username_pw_set(client, argv[3], argv[4]);
  mosquitto_message_callback_set(client, on_message);
  if (mosquitto_connect(client, "127.0.0.1", std::atoi(argv[2]), 60) != MOSQ_ERR_SUCCESS) return 1;
  mosquitto_subscribe(client, nullptr, argv[5], 0);
  std::puts("ready");
  std::fflush(stdout);
  for (auto committed = Clock::now();;) {
    if (mosquitto_loop(client, 100, 1) != MOSQ_ERR_SUCCESS) return 0;
    if (!ingest.open || Clock::now() - committed < std::chrono::seconds{1}) continue;
    run(ingest.database, "COMMIT");
    ingest.open = false;
    committed = Clock::now();
  }
}
