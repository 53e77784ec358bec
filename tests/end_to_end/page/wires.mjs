// SPDX-License-Identifier: Apache-2.0
// A wire between browser and room that can be cut, or can hold back what is sent: nothing old is ever carried out.
import { connect, createServer } from "node:net";
import { base, check, open, post, room, seen, shoot, sizes, toIdle } from "./lib.mjs";
import { accessible } from "./checks.mjs";
import { checkLayout } from "./layout.mjs";

async function wire() {
  const { hostname, port } = new URL(base);
  const ends = new Set();
  const self = { cut: false, held: null };
  const listener = createServer({ allowHalfOpen: true }, (near) => {
    if (self.cut) return near.destroy();
    const far = connect(Number(port), hostname);
    near.on("data", (bytes) => (self.held ? self.held.push([far, bytes]) : far.write(bytes)));
    near.on("end", () => self.held === null && far.end());
    far.pipe(near);
    for (const end of [near, far]) {
      ends.add(end);
      end.on("error", () => end === far && near.destroy());
      end.on("close", () => ends.delete(end));
    }
  });
  await new Promise((ready) => listener.listen(0, "127.0.0.1", ready));
  self.url = `http://127.0.0.1:${listener.address().port}`;
  self.set = (cut) => {
    self.cut = cut;
    if (cut) for (const end of ends) end.destroy();
  };
  self.hold = () => (self.held = []);
  self.release = () => {
    const held = self.held;
    self.held = null;
    for (const [far, bytes] of held) far.write(bytes);
    return held.length;
  };
  self.end = () => { self.set(true); listener.close(); };
  return self;
}

// Without contact the page says so, and what was tapped then never happens later.
export async function offline() {
  await toIdle();
  const line = await wire();
  const page = await open("offline", "nb", line.url);
  line.set(true);
  const told = await page.waitForFunction(() => /siden \d\d:\d\d:\d\d/.test(document.querySelector(".message").textContent), null,
    { timeout: 20000 }).then(() => true, () => false);
  check("offline: it is told since when, and what to do", told && (await page.textContent(".message")).includes("bryteren"), await page.textContent(".message"));
  for (const size of sizes) {
    await page.setViewportSize(size);
    await checkLayout(page, `offline-${size.width}`);
    await shoot(page, `offline-${size.width}x${size.height}`);
  }
  await accessible(page, "offline");
  await page.click(".intent.down");
  check("offline: a tap says that it was not done", await seen(page, '.intent.down[data-progress="not_sent"]'));
  line.set(false);
  check("offline: contact comes back", await seen(page, 'main[data-lost="false"]', 15000));
  await page.waitForTimeout(500);
  check("offline: nothing is sent late", (await room()).state === "idle");
  await page.close();
  line.end();
}

// The network took the tap and gives it away seconds later: the room refuses it, for everything but a stop.
export async function heldBack() {
  await toIdle();
  const late = async () => Number((await (await fetch(`${base}/metrics`)).text()).match(/^rytme_requests_late_total (\d+)/m)?.[1] ?? NaN);
  const line = await wire();
  const page = await open("held back", "nb", line.url);
  const before = await late();
  line.hold();
  await page.click("button.mute");
  check("held back: the page gives up", await seen(page, 'button.mute[data-progress="not_sent"]'));
  await page.waitForTimeout(500);
  check("held back: the wire has it", line.release() > 0);
  await page.waitForTimeout(700);
  check("held back: it is not carried out", (await room()).muted === false);
  check("held back: it arrived and was refused as late", (await late()) === before + 1, `${before} -> ${await late()}`);
  line.hold();
  await page.click("button.stop");
  await page.waitForTimeout(2500);
  line.release();
  await page.waitForTimeout(700);
  check("held back: a stop is carried out however late", (await room()).state === "stopped");
  await post("stop/reset");
  await page.close();
  line.end();
}
