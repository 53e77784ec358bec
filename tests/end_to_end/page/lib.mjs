// SPDX-License-Identifier: Apache-2.0
// What all parts of the page test share: the room, the browser, the checks and their count.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
export const sizes = [{ width: 1280, height: 800 }, { width: 800, height: 1280 }];

const [demoFile, shots] = process.argv.slice(2);
const demo = JSON.parse(readFileSync(demoFile, "utf8"));
export const base = demo.http.replace(/\/$/, "");
export const tokens = demo.tokens;

export const counted = { checks: 0, failures: [] };
export function check(name, ok, detail = "") {
  counted.checks += 1;
  if (!ok) counted.failures.push(`${name}${detail === "" ? "" : `: ${detail}`}`);
}

export const profile = mkdtempSync(join(tmpdir(), "page-"));
export const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: quiet, viewport: sizes[0],
});

const head = (token) => ({ "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) });
export const post = (path, body = {}, token = "") =>
  fetch(`${base}/api/v1/${path}`, { method: "POST", headers: head(token), body: JSON.stringify(body) });
export const get = async (path, token = "") => (await fetch(`${base}/api/v1/${path}`, { headers: head(token) })).json();
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
