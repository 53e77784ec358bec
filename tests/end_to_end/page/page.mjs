// SPDX-License-Identifier: Apache-2.0
// The staff page in a real browser, on a room that runs. usage: page.mjs DEMO_JSON [SCREENSHOT_FOLDER]; PART=NAME runs
// one part of it.
import { rmSync } from "node:fs";
import { calmPulse, card, faultsBefore } from "./before.mjs";
import { finish, run } from "./checks.mjs";
import { browser, profile } from "./lib.mjs";
import { afterwards, anotherPerson, answeredTaps, earlyTaps, hands, oneSession, stateMap } from "./flows.mjs";
import { brokenViews, otherViews, runningViews, stillViews, themes } from "./looks.mjs";
import { withoutScript } from "./plain.mjs";
import { heldBack, offline } from "./wires.mjs";

const parts = [stateMap, anotherPerson, oneSession, faultsBefore, calmPulse, card, hands, afterwards, earlyTaps, answeredTaps, withoutScript, offline, heldBack, themes, stillViews,
  runningViews, otherViews, brokenViews];
const wanted = parts.filter((part) => !process.env.PART || part === parts[0] || process.env.PART.split(",").includes(part.name));
try {
  await run(wanted);
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
finish(process.env.PART ? 1 : 1000);
