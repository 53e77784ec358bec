// SPDX-License-Identifier: Apache-2.0
// What every test of a page has: checks and their count, the browser, axe, the size of a page, and an end that tells.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const counted = { checks: 0, failures: [], last: "" };
export function check(name, ok, detail = "") {
  counted.checks += 1;
  counted.last = name;
  if (!ok) counted.failures.push(`${name}${detail === "" ? "" : `: ${detail}`}`);
}

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
export const launch = () => chromium.launch({ executablePath, args });
export const launchIn = (profile, viewport) => chromium.launchPersistentContext(profile, { executablePath, args, viewport });

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export async function accessible(page, name) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const found = await page.evaluate((tags) => axe.run(document, { runOnly: tags }), rules);
  check(`${name}: axe ran`, found.passes.length > 0);
  check(`${name}: axe found nothing`, found.violations.length === 0);
  for (const { id, nodes } of found.violations) check(`${name}: axe ${id}`, false, nodes.map((node) => `${node.html} ${node.failureSummary}`).join(" "));
}

export async function fits(page, name) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check(`${name}: nothing runs out of the window`, wide <= 0, `${wide} px`);
}

// A view of a page with an address behind #: [name, hash, what shows that it is there].
export async function go(page, [, hash, sign]) {
  await page.evaluate((to) => (location.hash = to), hash);
  await page.waitForSelector(sign);
}

// Packed bytes of a page with its files, and how many requests that is. `ask`: a path to its answer.
export async function packed(ask, path) {
  const html = await (await ask(path)).text();
  const files = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map((found) => found[1]);
  let bytes = gzipSync(html).length;
  for (const file of files) bytes += gzipSync(Buffer.from(await (await ask(file)).arrayBuffer()), { level: 9 }).length;
  return { bytes, requests: files.length + 1 };
}

// One after the other; what throws has failed, and what does not end: a browser that keeps an answer to itself holds up
// nothing but its own part.
export async function run(parts, bound_ms = 120000) {
  for (const part of parts) {
    const began = Date.now();
    let timer;
    const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`not over within ${bound_ms} ms, after: ${counted.last}`)), bound_ms)));
    await Promise.race([part(), late]).catch((error) => check(part.name, false, String(error.message).split("\n").slice(0, 4).join(" ")));
    clearTimeout(timer);
    console.log(`${part.name}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }
}

// Tells what was found and ends the process; fewer checks than `least` are a test that did not look.
export function finish(least = 1) {
  const { checks, failures } = counted;
  for (const failure of failures) console.error(`FAILED ${failure}`);
  console.log(`${checks} checks, ${failures.length} failed`);
  process.exit(failures.length === 0 && checks >= least ? 0 : 1);
}
