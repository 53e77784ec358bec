// SPDX-License-Identifier: Apache-2.0
// The staff page in a real browser. usage: page.mjs URL [SCREENSHOT_FOLDER]; URL of a running room.
// PAGE_SERVER=PROGRAM page.mjs starts that program instead: it prints its address and ends with its input.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const sizes = [{ width: 1280, height: 800 }, { width: 800, height: 1280 }];
const intentPx = 148; // 25 mm at 149 ppi
const barPx = 100;
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

let checks = 0;
const failures = [];
function check(name, ok, detail = "") {
  checks += 1;
  if (!ok) failures.push(`${name}${detail === "" ? "" : `: ${detail}`}`);
}

async function startServer(program) {
  const child = spawn(program, [], { stdio: ["pipe", "pipe", "inherit"] });
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  return { url: value, end: () => child.stdin.end("x") };
}

const server = process.env.PAGE_SERVER ? await startServer(process.env.PAGE_SERVER) : null;
const base = (server?.url ?? process.argv[2]).replace(/\/$/, "");
const shots = server ? process.argv[2] : process.argv[3];
const profile = mkdtempSync(join(tmpdir(), "page-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: quiet,
  viewport: sizes[0],
});

const post = (path, body = {}) =>
  fetch(`${base}/api/v1/${path}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
const room = async () => (await fetch(`${base}/api/v1/room`)).json();

async function until(what, so, ms = 8000) {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    if (await so()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  check(what, false, `not within ${ms} ms`);
  return false;
}
const untilState = (...states) => until(`the room becomes ${states}`, async () => states.includes((await room()).state));

async function toIdle() {
  await post("stop");
  await untilState("stopped");
  await post("stop/reset");
  await untilState("idle");
}
async function toState(state) {
  await toIdle();
  if (state === "running") {
    await post("session", { preset: "regulate-down" });
    await untilState("running", "starting");
  }
  if (state === "stopped") await post("stop");
}

// Every page: nothing leaves the origin, nothing is refused by the policy, nothing throws.
function watch(page, name) {
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

const wordsOf = (page) =>
  page.evaluate(() => document.querySelector("main").innerText.replace(/\d+/g, "#").replace(/\s+/g, " ").trim());

async function checkLayout(page, name) {
  const facts = await page.evaluate(() => ({
    scrolls: document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth,
    buttons: [...document.querySelectorAll("button.intent, .bar button")].map((button) => {
      const box = button.getBoundingClientRect();
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return { classes: button.className, bar: button.closest(".bar") !== null, width: box.width, height: box.height,
        inside: box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight,
        topmost: button.contains(top) };
    }),
    cut: [...document.querySelectorAll(".message, .value, .mode, button .name")]
      .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
      .map((one) => one.textContent.trim()),
  }));
  check(`${name}: does not scroll`, !facts.scrolls);
  check(`${name}: has seven large buttons`, facts.buttons.length === 7, String(facts.buttons.length));
  for (const button of facts.buttons) {
    const least = button.bar ? barPx : intentPx;
    check(`${name}: ${button.classes} is large`, button.width >= intentPx && button.height >= least,
      `${button.width} x ${button.height}`);
    check(`${name}: ${button.classes} is in sight`, button.inside && button.topmost);
  }
  check(`${name}: no text is cut`, facts.cut.length === 0, facts.cut.join(" | "));
}

async function checkAxe(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate((tags) => axe.run(document, { runOnly: tags }), rules);
  check(`${name}: axe ran`, found.passes.length > 0);
  for (const one of found.violations) {
    check(`${name}: axe ${one.id}`, false, one.nodes.map((node) => `${node.html} ${node.failureSummary}`).join(" "));
  }
}

const shoot = (page, name) => (shots ? page.screenshot({ path: join(shots, `${name}.png`) }) : undefined);

async function appearances() {
  const still = await browser.newPage();
  watch(still, "look");
  for (const state of ["idle", "running", "stopped"]) {
    await toState(state);
    for (const language of ["nb", "en"]) {
      await still.goto(`${base}/?lang=${language}`);
      await still.waitForSelector("button[data-progress]");
      for (const size of sizes) {
        const name = `${state}-${language}-${size.width}x${size.height}`;
        await still.setViewportSize(size);
        await checkLayout(still, name);
        await shoot(still, name);
      }
      await checkAxe(still, `${state}-${language}`);
    }
  }
  await still.close();
}

async function withoutScript() {
  const plain = await browser.newPage();
  const session = await browser.newCDPSession(plain);
  await session.send("Emulation.setScriptExecutionDisabled", { value: true });
  watch(plain, "without script");
  const click = async (classes) => {
    await plain.goto(base);
    await Promise.all([plain.waitForURL(`${base}/**`), plain.click(`button.${classes}`)]);
  };
  await toIdle();
  await click("down");
  await untilState("running", "starting");
  await click("stop");
  await untilState("stopped");
  check("without script: it says so", (await plain.textContent(".mode strong")).length > 0);
  await shoot(plain, "stopped-without-script");
  await click("answer");
  await untilState("idle");
  await click("mute");
  check("without script: muted", (await room()).muted === true);
  await click("mute");
  await plain.goto(`${base}/?lang=nb`);
  const bare = await wordsOf(plain);
  const live = await browser.newPage();
  await live.goto(`${base}/?lang=nb`);
  await live.waitForSelector("button[data-progress]");
  check("both pages say the same", bare === (await wordsOf(live)), `${bare} <> ${await wordsOf(live)}`);
  await live.close();
  await plain.close();
}

async function withScript() {
  await toIdle();
  const one = await browser.newPage();
  const other = await browser.newPage();
  watch(one, "with script");
  await Promise.all([one.goto(base), other.goto(base)]);
  await Promise.all([one, other].map((page) => page.waitForSelector("button[data-progress]")));
  const shows = (page, mode) => page.waitForSelector(`main[data-mode="${mode}"]`, { timeout: 5000 }).then(() => true, () => false);
  await one.click("button.down");
  check("with script: start is seen", (await shows(one, "running")) || (await shows(one, "starting")));
  check("with script: the other screen sees it", (await shows(other, "running")) || (await shows(other, "starting")));
  const records = (await room()).recording;
  await one.click("button.record");
  await until("with script: recording follows the tap", async () => (await room()).recording !== records);
  const address = one.url();
  await other.click("button.stop");
  check("with script: stop is seen on both", (await shows(one, "stopped")) && (await shows(other, "stopped")));
  check("with script: the page stayed", one.url() === address);
  const confirmed = await other.waitForFunction(
    () => /\d+\D+\d+/.test(document.querySelector(".message").textContent), null, { timeout: 8000 }).then(() => true, () => false);
  check("with script: the stop is confirmed in numbers", confirmed, await other.textContent(".message"));
  await shoot(other, "stop-confirmed");
  await other.waitForTimeout(350); // longer than the page ignores taps on a button that just changed its meaning
  await other.click("button.answer");
  check("with script: ready again is seen", await shows(one, "idle"));
  await one.close();
  await other.close();
}

async function feedback() {
  await toIdle();
  const page = await browser.newPage();
  await page.goto(base);
  await page.waitForSelector("button[data-progress]");
  await page.route("**/api/v1/mute", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 600));
    await route.continue();
  });
  const ms = await page.evaluate(() => new Promise((resolve) => {
    const button = document.querySelector("button.mute");
    const start = performance.now();
    new MutationObserver(() => button.dataset.progress === "sending" && resolve(performance.now() - start))
      .observe(button, { attributes: true });
    button.click();
  }));
  check("feedback: within 100 ms", ms <= 100, `${ms} ms`);
  await page.waitForSelector('button.mute[data-progress="received"]');
  await page.unroute("**/api/v1/mute");
  await post("mute", { on: false });
  await page.close();
}

// A wire between browser and room that can be cut.
async function wire() {
  const { hostname, port } = new URL(base);
  const ends = new Set();
  const self = { cut: false };
  const listener = createServer((near) => {
    if (self.cut) return near.destroy();
    const far = connect(Number(port), hostname);
    near.pipe(far).pipe(near);
    for (const end of [near, far]) {
      ends.add(end);
      end.on("error", () => end.destroy());
      end.on("close", () => ends.delete(end));
    }
  });
  await new Promise((ready) => listener.listen(0, "127.0.0.1", ready));
  self.url = `http://127.0.0.1:${listener.address().port}`;
  self.set = (cut) => {
    self.cut = cut;
    if (cut) for (const end of ends) end.destroy();
  };
  self.end = () => { self.set(true); listener.close(); };
  return self;
}

// Without contact the page says so, and what was tapped then never happens later.
async function offline() {
  await toIdle();
  const page = await browser.newPage();
  const line = await wire();
  await page.goto(`${line.url}/?lang=nb`);
  await page.waitForSelector("button[data-progress]");
  line.set(true);
  const told = await page.waitForFunction(
    () => /siden \d\d:\d\d:\d\d/.test(document.querySelector(".message").textContent), null, { timeout: 20000 }).then(() => true, () => false);
  check("offline: it is told since when", told, await page.textContent(".message"));
  for (const size of sizes) {
    await page.setViewportSize(size);
    await checkLayout(page, `offline-${size.width}`);
    await shoot(page, `offline-${size.width}x${size.height}`);
  }
  await checkAxe(page, "offline");
  const before = (await room()).generation;
  await page.click("button.down");
  await page.waitForSelector('button.down[data-progress="not_sent"]');
  line.set(false);
  check("offline: contact comes back", await page.waitForSelector('main[data-lost="false"]', { timeout: 15000 }).then(() => true, () => false));
  await page.waitForTimeout(500);
  check("offline: nothing is sent late", (await room()).state === "idle", `generation ${before}`);
  await page.close();
  line.end();
}

try {
  for (const part of [appearances, withoutScript, withScript, feedback, offline]) {
    await part().catch((error) => check(part.name, false, error.message));
  }
  await toIdle();
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
  server?.end();
}
for (const failure of failures) console.error(`FAILED ${failure}`);
console.log(`${checks} checks, ${failures.length} failed`);
process.exitCode = failures.length === 0 && checks > 100 ? 0 : 1;
