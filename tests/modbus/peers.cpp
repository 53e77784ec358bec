// SPDX-License-Identifier: Apache-2.0
#include "tests/modbus/peers.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

#include <netinet/in.h>
#include <pty.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rytme::modbus::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t tcp_header = 7;  // the function code is behind it
constexpr std::size_t rtu_header = 1;

std::vector<std::uint8_t> receive(modbus_t* context, bool& failed) {
  std::vector<std::uint8_t> request(MODBUS_TCP_MAX_ADU_LENGTH);
  const int length = modbus_receive(context, request.data());
  failed = length < 0 && errno != ETIMEDOUT && errno != EMBBADCRC;
  request.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  return request;
}

}  // namespace

Instant now() { return std::chrono::steady_clock::now(); }

Registers::Registers() : map_(modbus_mapping_new(1000, 1000, 1000, 1000), modbus_mapping_free) {
  for (int i = 0; i < 1000; ++i) {
    map_->tab_input_bits[i] = static_cast<std::uint8_t>(i % 2);
    map_->tab_input_registers[i] = static_cast<std::uint16_t>(1000 + i);
    map_->tab_registers[i] = static_cast<std::uint16_t>(i);
  }
}

std::uint16_t Registers::holding(int address) {
  const std::lock_guard lock(mutex_);
  return map_->tab_registers[address];
}

int Registers::coil(int address) {
  const std::lock_guard lock(mutex_);
  return map_->tab_bits[address];
}

std::vector<int> Registers::writes() {
  const std::lock_guard lock(mutex_);
  return writes_;
}

void Registers::answer(modbus_t* context, const std::vector<std::uint8_t>& request, std::size_t header) {
  const std::lock_guard lock(mutex_);
  const int function = request[header];
  if (function == MODBUS_FC_WRITE_SINGLE_REGISTER || function == MODBUS_FC_WRITE_MULTIPLE_REGISTERS) {
    writes_.push_back(request[header + 1] * 256 + request[header + 2]);
  }
  modbus_reply(context, request.data(), static_cast<int>(request.size()), map_.get());
}

TcpSlave::TcpSlave(int port, Script script)
    : script_(std::move(script)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int yes = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 || listen(listener_, 4) != 0) {
    throw std::runtime_error("cannot listen");
  }
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

TcpSlave::~TcpSlave() {
  shutdown(listener_, SHUT_RDWR);
  shutdown(peer_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

void TcpSlave::serve() {
  modbus_t* context = modbus_new_tcp("127.0.0.1", port_);
  for (int fd = accept(listener_, nullptr, nullptr); fd >= 0; fd = accept(listener_, nullptr, nullptr)) {
    ++connections_;
    peer_ = fd;
    modbus_set_socket(context, fd);
    converse(context);
    peer_ = -1;
    close(fd);
  }
  modbus_free(context);
}

void TcpSlave::converse(modbus_t* context) {
  for (;;) {
    bool failed = false;
    const auto request = receive(context, failed);
    if (failed) return;
    if (request.empty()) continue;
    const Manner manner = script_ ? script_(context, request, ++requests_) : Manner::reply;
    if (manner == Manner::hang_up) return;
    if (manner == Manner::reply) registers_.answer(context, request, tcp_header);
  }
}

RtuSlave::RtuSlave(Script script) : script_(std::move(script)) {
  std::array<char, 128> name{};
  if (openpty(&master_, &slave_, name.data(), nullptr, nullptr) != 0) throw std::runtime_error("no pty");
  path_ = name.data();
  thread_ = std::thread([this] { serve(); });
}

RtuSlave::~RtuSlave() {
  stopping_ = true;
  thread_.join();
  close(master_);
  close(slave_);
}

// A context per request: libmodbus 3.1.6 as a slave takes what follows a request for another unit for that
// unit's reply, and would miss ours behind a dead one.
void RtuSlave::serve() {
  int requests = 0;
  while (!stopping_) {
    const std::unique_ptr<modbus_t, void (*)(modbus_t*)> context(
        modbus_new_rtu(path_.c_str(), 115200, 'N', 8, 1), modbus_free);
    modbus_set_slave(context.get(), 1);
    modbus_set_socket(context.get(), master_);
    modbus_set_indication_timeout(context.get(), 0, 20000);
    bool failed = false;
    const auto request = receive(context.get(), failed);
    if (request.empty()) continue;
    const Manner manner = script_ ? script_(context.get(), request, ++requests) : Manner::reply;
    if (manner == Manner::reply) registers_.answer(context.get(), request, rtu_header);
  }
}

TestBus::TestBus(settings::BusSettings settings, std::vector<RegisterRead> polls)
    : bus_(3, std::move(settings), std::move(polls), [this] {
        const std::lock_guard lock(mutex_);
        news_ = true;
        changed_.notify_all();
      }) {
  bus_.start();
}

std::optional<Result> TestBus::wait(const std::function<bool(const Result&)>& fits) {
  const Instant limit = now() + 10s;
  for (;;) {
    std::vector<Result> fresh;
    bus_.drain(fresh);
    results_.insert(results_.end(), fresh.begin(), fresh.end());
    const auto found = std::find_if(results_.begin(), results_.end(), fits);
    if (found != results_.end()) {
      Result result = *found;
      results_.erase(found);
      return result;
    }
    std::unique_lock lock(mutex_);
    if (!changed_.wait_until(lock, limit, [this] { return news_; })) return std::nullopt;
    news_ = false;
  }
}

std::optional<RegisterBlock> TestBus::wait_block(const std::function<bool(const RegisterBlock&)>& fits) {
  const auto result = wait([&](const Result& one) {
    const auto* block = std::get_if<RegisterBlock>(&one);
    return block != nullptr && fits(*block);
  });
  return result ? std::optional(std::get<RegisterBlock>(*result)) : std::nullopt;
}

std::optional<WriteResult> TestBus::wait_write(std::uint64_t tag) {
  const auto result = wait([&](const Result& one) {
    const auto* write = std::get_if<WriteResult>(&one);
    return write != nullptr && write->tag == tag;
  });
  return result ? std::optional(std::get<WriteResult>(*result)) : std::nullopt;
}

settings::BusSettings tcp_settings(int port) {
  settings::BusSettings settings;
  settings.transport = settings::BusTransport::tcp;
  settings.address = "127.0.0.1:" + std::to_string(port);
  return settings;
}

settings::BusSettings rtu_settings(const std::string& path) {
  settings::BusSettings settings;
  settings.address = path;
  settings.baud = 115200;
  settings.stop_bits = 1;
  return settings;
}

RegisterRead read_of(RegisterArea area, std::uint16_t address, std::uint16_t count, std::uint8_t unit) {
  return {3, unit, area, address, count, 20ms};
}

RegisterWrite write_of(std::uint16_t address, std::uint16_t value, std::uint64_t tag, std::uint8_t unit) {
  return {3, unit, RegisterArea::holding, address, {value}, WriteClass::command, now() + 5s, 1, tag};
}

}  // namespace rytme::modbus::test
