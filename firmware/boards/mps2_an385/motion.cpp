// SPDX-License-Identifier: Apache-2.0
// A motion node whose sensor is the second serial port.
#include "firmware/boards/cortex_m/start.hpp"
#include "firmware/boards/mps2_an385/board.hpp"
#include "firmware/boards/mps2_an385/injected_imu.hpp"
#include "firmware/core/motion_node.hpp"

namespace {

using namespace rytme::firmware;

class Led final : public Light {
 public:
  void set(bool on) override { *reinterpret_cast<volatile std::uint32_t*>(0x4002'8000) = on ? 1 : 0; }
};

}  // namespace

[[noreturn]] void run_node() {
  auto& board = mps2::board();
  board.begin();
  static mps2::InjectedImu imu;
  static Led led;
  static MotionNode node(board, imu, led);
  for (;;) {
    // One sample at a time: the node takes it before the next is read.
    const auto byte = board.second_port().receive(board.now());
    if (byte) imu.take(byte->byte, byte->at);
    node.turn();
    if (!byte) board.rest();
  }
}
