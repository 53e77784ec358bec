// SPDX-License-Identifier: Apache-2.0
// Nothing moves under a finger: a tap just after the layout changed was meant for what stood there before.

const settleMs = 300;
let movedAt = -settleMs;

export function moved(): void {
  movedAt = performance.now();
}

export function settled(): boolean {
  return performance.now() - movedAt >= settleMs;
}
