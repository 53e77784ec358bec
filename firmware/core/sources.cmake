# SPDX-License-Identifier: Apache-2.0
# Read by the build for the host and by that for the boards.
set(firmware_core_sources crc.cpp dimmer.cpp dimmer_node.cpp lsm6dso.cpp motion_node.cpp motion_watch.cpp node.cpp
  retained.cpp rtu_receiver.cpp rtu_slave.cpp sample_ring.cpp settings.cpp slave_identity.cpp slave_pdu.cpp swing_meter.cpp)
