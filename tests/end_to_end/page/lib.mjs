// SPDX-License-Identifier: Apache-2.0
// What all parts of the page test share: the room, the browser, the checks and their count.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, launchIn } from "./checks.mjs";

export { check };

export const sizes = [{ width: 1280, height: 800 }, { width: 800, height: 1280 }];

export const [demoFile, shots] = process.argv.slice(2);
const demo = JSON.parse(readFileSync(demoFile, "utf8"));
export const base = demo.http.replace(/\/$/, "");
export const tokens = demo.tokens;

export const profile = mkdtempSync(join(tmpdir(), "page-"));
export const browser = await launchIn(profile, sizes[0]);

const head = (token) => ({ "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) });
export const post = (path, body = {}, token = "") =>
  fetch(`${base}/api/v1/${path}`, { method: "POST", headers: head(token), body: JSON.stringify(body), signal: AbortSignal.timeout(10000) });
export const get = async (path, token = "") =>
  (await fetch(`${base}/api/v1/${path}`, { headers: head(token), signal: AbortSignal.timeout(10000) })).json();
export const room = () => get("room");

export async function until(what, so, ms = 8000) {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    if (await so()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  check(what, false, `not within ${ms} ms`);
  return false;
}
export const untilState = (...states) =>
  until(`the room becomes ${states}`, async () => states.includes((await room()).state));

// What the music player offers, said as a player says it: for a demo has no music of its own.
export function offerTracks(tracks) {
  const { host, port, injector } = demo.broker;
  execFileSync("mosquitto_pub", ["-h", host, "-p", String(port), "-u", injector.user, "-P", injector.password, "-t",
    "homie/5/player1/player/offered", "-m", JSON.stringify(tracks)]);
}

// The controller dies and its supervisor starts it again.
export async function killController() {
  const { pids } = JSON.parse(readFileSync(demoFile, "utf8"));
  process.kill(pids.controller, "SIGKILL");
  await until("a new controller", async () => {
    if (JSON.parse(readFileSync(demoFile, "utf8")).pids.controller === pids.controller) return false;
    return (await fetch(`${base}/readyz`).catch(() => ({ status: 0 }))).status === 200;
  }, 15000);
}

export async function toIdle() {
  await post("stop");
  await untilState("stopped");
  await post("stop/reset");
  await untilState("idle");
}
export async function toState(state, start = {}) {
  await toIdle();
  if (state === "idle") return;
  await post("session", { preset: "regulate-down", ...start });
  await untilState("running", "starting");
  if (state === "stopped") await post("stop");
  if (state === "stopped") await untilState("stopped");
}

// Every page: nothing leaves the origin, nothing is refused by the policy, nothing throws.
export function watch(page, name) {
  page.on("request", (request) => {
    const url = request.url();
    check(`${name}: asks only the room`, url.startsWith(`${base}/`) || url.startsWith("data:"), url);
  });
  page.on("console", (message) => {
    if (message.type() === "error" && /Content Security|Refused/.test(message.text())) {
      check(`${name}: within the policy`, false, message.text());
    }
  });
  page.on("pageerror", (error) => check(`${name}: no error in the script`, false, error.message));
}

export async function open(name, language = "nb", address = base) {
  const page = await browser.newPage();
  if (address === base) watch(page, name);
  await page.goto(`${address}/?lang=${language}`);
  await page.waitForSelector("button[data-progress]");
  await page.waitForTimeout(350); // longer than taps are ignored after the layout changed
  return page;
}

export const seen = (page, selector, ms = 5000) =>
  page.waitForSelector(selector, { timeout: ms }).then(() => true, () => false);
export const shows = (page, ...modes) => seen(page, modes.map((mode) => `main[data-mode="${mode}"]`).join(","));
export const settle = (page) => page.waitForTimeout(350);
export const tab = async (page, n) => {
  await page.click(`.tab:nth-child(${n})`);
  await settle(page);
};
export const shoot = (page, name) => (shots ? page.screenshot({ path: join(shots, `${name}.png`) }) : undefined);
