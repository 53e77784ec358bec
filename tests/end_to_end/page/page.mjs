// SPDX-License-Identifier: Apache-2.0
// The staff page in a real browser, on a room that runs. usage: page.mjs DEMO_JSON [SCREENSHOT_FOLDER]; PART=NAME runs
// one part of it.
import { rmSync } from "node:fs";
import { browser, check, counted, profile, toIdle } from "./lib.mjs";
import { afterwards, answeredTaps, earlyTaps, hands, oneSession, stateMap } from "./flows.mjs";
import { otherViews, runningViews, stillViews, themes } from "./looks.mjs";
import { withoutScript } from "./plain.mjs";
import { heldBack, offline } from "./wires.mjs";

const parts = [stateMap, oneSession, hands, afterwards, earlyTaps, answeredTaps, withoutScript, offline, heldBack, themes, stillViews,
  runningViews, otherViews];
const wanted = parts.filter((part) => !process.env.PART || part === parts[0] || process.env.PART.split(",").includes(part.name));
try {
  for (const part of wanted) {
    const from = Date.now();
    await part().catch((error) => check(part.name, false, error.message.split("\n").slice(0, 4).join(" ")));
    console.log(`${part.name}: ${((Date.now() - from) / 1000).toFixed(1)} s`);
  }
  await toIdle();
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
for (const failure of counted.failures) console.error(`FAILED ${failure}`);
console.log(`${counted.checks} checks, ${counted.failures.length} failed`);
const least = process.env.PART ? 1 : 1000;
process.exitCode = counted.failures.length === 0 && counted.checks >= least ? 0 : 1;
