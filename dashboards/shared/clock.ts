// SPDX-License-Identifier: Apache-2.0
// The controller's own clock as far as this page knows it. A request says when it was made, so that one that a weak
// network brings late is refused there. The tablet's clock on the wall is never asked.

let ahead = -Infinity; // s, the controller's clock before this page's; the news that travelled fastest counts

export function heardClock(clockS: number): void {
  ahead = Math.max(ahead, clockS - performance.now() / 1000);
}

// A new connection: the controller may have been started anew.
export function forgetClock(): void {
  ahead = -Infinity;
}

export function made(): string {
  return ahead === -Infinity ? "" : `?made=${(performance.now() / 1000 + ahead).toFixed(3)}`;
}
