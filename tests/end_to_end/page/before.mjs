// SPDX-License-Identifier: Apache-2.0
// What staff do and see before a session and at its start: faults, the wearable's calm pulse, the card on the door.
import { readFileSync } from "node:fs";
import { base, browser, check, demoFile, open, post, room, seen, settle, shoot, shows, tab, toIdle, toState, until } from "./lib.mjs";
import { accessible, fits } from "./checks.mjs";

// Devices that fall silent are named before one goes in; in a session their number is enough.
export async function faultsBefore() {
  await toIdle();
  const devices = () => JSON.parse(readFileSync(demoFile, "utf8")).pids.devices;
  const page = await open("faults");
  const line = () => page.textContent(".message");
  check("faults: nothing is wrong yet", !(await line()).includes("vegglyset"), await line());
  process.kill(devices(), "SIGSTOP");
  try {
    await until("faults: a device is missed", async () => (await room()).devices.missing.includes("wall-dimmer"), 30000);
    await until("faults: it is named before a session", async () => (await line()).includes("vegglyset"));
    await shoot(page, "flow-fault-before");
    await page.click(".intent.down");
    check("faults: one can go in all the same", await shows(page, "starting", "running"));
    await settle(page);
    check("faults: it is not named in a session", !(await line()).includes("vegglyset"), await line());
    check("faults: their number is", /\d+\/\d+/.test(await page.textContent(".values")), await page.textContent(".values"));
  } finally {
    process.kill(devices(), "SIGCONT");
  }
  await until("faults: it is back", async () => (await room()).devices.missing.length === 0, 60000);
  await toIdle();
  await page.close();
}

// One tap begins it, its seconds are counted on the page, and it never stands in the way of a stop.
export async function calmPulse() {
  await toState("running", { recording: true, participant: "K7FW" });
  const page = await open("calm pulse");
  await tab(page, 7);
  const take = '.tile:has-text("Ta hvilepuls")';
  await until("calm pulse: the pulse is heard", () => page.isEnabled(take), 40000);
  await page.click(take);
  await until("calm pulse: it runs", async () => (await room()).calm_pulse.state === "running");
  check("calm pulse: its seconds are counted", await seen(page, '.tile:has-text("hvilepuls måles")'), await page.textContent(take));
  check("calm pulse: it is not begun twice", await page.isDisabled(take));
  await shoot(page, "flow-calm-pulse");
  await page.click("button.stop");
  check("calm pulse: a stop is a stop", await shows(page, "stopped"));
  await until("calm pulse: it has ended with the session", async () => (await room()).calm_pulse.state !== "running");
  await page.close();
}

// The card on the door, as it is printed.
export async function card() {
  for (const language of ["nb", "en"]) {
    const page = await browser.newPage();
    await page.goto(`${base}/card?lang=${language}`);
    const text = await page.textContent("main.card");
    check(`card ${language}: says how to start and how to stop`, (language === "nb" ? /Start[^]*Stopp alt/ : /Start[^]*Stop all/).test(text), text);
    check(`card ${language}: names nobody`, !text.includes("K7FW"));
    await accessible(page, `card ${language}`);
    await fits(page, `card ${language}`);
    await shoot(page, `card-${language}`);
    await page.emulateMedia({ media: "print" });
    const tall = await page.evaluate(() => document.documentElement.scrollHeight / document.documentElement.clientWidth);
    check(`card ${language}: one sheet of A4`, tall <= Math.SQRT2 + 0.01, tall.toFixed(2));
    await page.close();
  }
}
