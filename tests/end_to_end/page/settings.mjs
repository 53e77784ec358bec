// SPDX-License-Identifier: Apache-2.0
// The maintainer's settings, versions, state, log and support bundle in a real browser on a demo.
// usage: settings.mjs DEMO_JSON [SCREENSHOT_FOLDER]
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { accessible, check, finish, fits, go, launch, run } from "./checks.mjs";

const [demoFile, shots] = process.argv.slice(2);
const demo = JSON.parse(readFileSync(demoFile, "utf8"));
const base = demo.http;
const patience = 15_000; // a trial is 12 s here

const browser = await launch();
const bearer = (role) => ({ Authorization: `Bearer ${demo.tokens[role]}` });
const ask = (path, role = "maintainer") => fetch(`${base}/api/v1/${path}`, { headers: bearer(role) });
const textOf = async (name) => (await (await ask(`settings/file?name=${name}`)).json()).text;

async function open({ lang = "nb", colorScheme = "light", size = { width: 1280, height: 900 }, hash = "#/settings" } = {}) {
  const context = await browser.newContext({ viewport: size, colorScheme, extraHTTPHeaders: bearer("maintainer") });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  page.on("request", (request) => check("asks only the room", request.url().startsWith(`${base}/`) || request.url().startsWith("data:"), request.url()));
  // While the room starts anew nobody answers, and a change that is refused is told by the page.
  page.on("console", (message) => check("console is silent", message.type() !== "error" || /ERR_CONNECTION|ERR_EMPTY|40[09]/.test(message.text()), message.text()));
  page.on("pageerror", (error) => check("nothing throws", false, error.message));
  await page.goto(`${base}/devices?lang=${lang}${hash}`);
  return page;
}

const views = [
  ["settings", "#/settings", "textarea"],
  ["versions", "#/versions", "tr[data-version]"],
  ["since-yesterday", "#/since-yesterday", "h2"],
  ["state", "#/state", ".card"],
  ["log", "#/log", ".log tbody tr"],
  ["support", "#/support", ".contents"],
];
const shoot = (page, name) => (shots ? page.screenshot({ path: `${shots}/desk-${name.replaceAll(" ", "-")}.png`, fullPage: true }) : undefined);

async function looked(page, name) {
  await accessible(page, name);
  await fits(page, name);
  await shoot(page, name);
}

const editor = "textarea";
async function replace(page, what, instead) {
  const text = await page.inputValue(editor);
  check(`the text has ${what}`, text.includes(what));
  await page.fill(editor, text.replace(what, instead));
}
const checked = (page) => page.waitForSelector("button.strong:not([disabled])");
const phase = async () => (await (await ask("state")).json()).trial?.phase;

async function everyView() {
  for (const lang of ["nb", "en"])
    for (const colorScheme of ["light", "dark"]) {
      const page = await open({ lang, colorScheme });
      for (const view of views) {
        await go(page, view);
        await looked(page, `${view[0]} ${lang} ${colorScheme}`);
      }
      await go(page, views[0]);
      await replace(page, "language = 'nb'", "language = 'xx'");
      await page.waitForSelector('.problems li[data-severity="error"]');
      await page.click('button[aria-expanded="false"]');
      await page.waitForSelector('.diff [data-sign="+"]');
      await looked(page, `settings with an error and the difference ${lang} ${colorScheme}`);
      await page.context().close();
    }
  const page = await open({ size: { width: 800, height: 1280 } });
  for (const view of views) {
    await go(page, view);
    await fits(page, `${view[0]} at 800 px`);
    await shoot(page, `${view[0]} narrow`);
  }
  await page.context().close();
}

// Exactly what is wrong, where, and nothing is taken into use while it is.
async function wrongIsToldAtItsLine() {
  const page = await open();
  await page.waitForSelector(editor);
  await replace(page, "session_max_min = 45", "session_max_min = 450");
  const link = await page.waitForSelector('.problems li[data-severity="error"] button');
  const told = await link.textContent();
  const text = await page.inputValue(editor);
  const line = text.slice(0, text.indexOf("session_max_min")).split("\n").length;
  check("a problem names its line", told.startsWith(`room.toml:${line}:`), told);
  check("nothing wrong can be taken into use", await page.isDisabled("button.strong"));
  await link.click();
  const at = await page.evaluate(() => {
    const area = document.querySelector("textarea");
    return { focused: document.activeElement === area, line: area.value.slice(0, area.selectionStart).split("\n").length };
  });
  check("a click goes to the line", at.focused && at.line === line, JSON.stringify(at));
  check("the line says what is wrong", (await page.textContent("#here")).includes("45"), await page.textContent("#here"));
  check("the line is marked", (await page.getAttribute(".gutter li[data-here='true']", "data-severity")) === "error");
  await page.reload();
  await page.waitForSelector(editor);
  check("what was typed is still there", (await page.inputValue(editor)).includes("session_max_min = 450"));
  await page.context().close();
}

// By the keyboard alone, from the text to the button that keeps it.
async function takenAndKept() {
  const page = await open();
  await page.waitForSelector(editor);
  await replace(page, "Reguleringsrommet", "Rommet i andre etasje");
  await checked(page);
  await page.focus("button.strong");
  await page.keyboard.press("Enter");
  await page.waitForSelector('[data-trial="running"] button');
  await looked(page, "settings on trial");
  check("the countdown runs", /\d+ s/.test(await page.textContent('[data-trial="running"] button')));
  await go(page, views[3]);
  check("the question stands on every view", await page.isVisible('[data-trial="running"] button'));
  await page.focus('[data-trial="running"] button');
  await page.keyboard.press("Enter");
  await page.waitForSelector('[data-trial="kept"]');
  check("they are in the file", (await textOf("room.toml")).includes("Rommet i andre etasje"));
  await go(page, views[1]);
  check("it is a version", (await page.textContent("tr[data-version] .names")).includes("room.toml"));
  await page.context().close();
}

async function notKeptGoesBack() {
  const page = await open();
  await page.waitForSelector(editor);
  await replace(page, "Rommet i andre etasje", "Et annet rom");
  await checked(page);
  await page.click("button.strong");
  await page.waitForSelector('[data-trial="running"] button');
  await page.waitForSelector('[data-trial="put_back"]', { timeout: 30_000 });
  await looked(page, "settings gone back");
  check("the page says why", (await page.textContent('[data-trial="put_back"]')).includes("Ingen bekreftet"));
  check("the file is as it was", (await textOf("room.toml")).includes("Rommet i andre etasje"));
  await page.click('[data-trial="put_back"] button');
  check("understood", !(await page.isVisible('[data-trial="put_back"]')));
  await page.click('[data-offer="tried"] button');
  check("what was tried can be mended", (await page.inputValue(editor)).includes("Et annet rom"));
  await page.context().close();
}

async function backToAnEarlierVersion() {
  const page = await open({ hash: "#/versions" });
  await page.waitForSelector('tr[data-version="1"]');
  await page.click('tr[data-version="1"] button');
  await page.waitForSelector('[data-part="way-back"] .diff [data-sign="+"]');
  await looked(page, "back to a version");
  await page.click('[data-part="way-back"] button.strong');
  await page.waitForSelector('[data-trial="running"] button');
  await page.click('[data-trial="running"] button');
  await page.waitForSelector('[data-trial="kept"]');
  check("the first version is back", (await textOf("room.toml")).includes("Reguleringsrommet"));
  await page.context().close();
}

async function aDeviceFromTheOtherViewIsAdded() {
  const page = await open();
  await page.waitForSelector(editor);
  await page.evaluate(() => sessionStorage.setItem("rytme.block", '[[device]]\nid = "lamp9"\nplace = "light.door"\nprofile = "zigbee2mqtt-light"\nparams = { topic = "zigbee2mqtt/lamp9" }\n'));
  await page.reload();
  await page.waitForSelector(".offer button:not([disabled])");
  await page.click(".offer button");
  await page.waitForFunction(() => document.querySelector("textarea").value.includes('id = "lamp9"'));
  await checked(page);
  check("it is offered once", !(await page.isVisible(".offer")));
  await page.context().close();
}

async function aStaleChangeIsNotTaken() {
  const page = await open();
  await page.waitForSelector(editor);
  await replace(page, "Reguleringsrommet", "Rom 3");
  await checked(page);
  await fetch(`${base}/api/v1/session`, { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"preset":"regulate-down"}' });
  await page.click("button.strong");
  await page.waitForSelector(".trouble[role=alert]");
  check("a session is not disturbed, and the page says so", (await page.textContent(".trouble[role=alert]")).includes("session"));
  check("nothing was changed", (await textOf("room.toml")).includes("Reguleringsrommet") && (await phase()) !== "running");
  await fetch(`${base}/api/v1/stop`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
  await page.context().close();
}

// One tap makes a sealed copy in the folder that the settings name, and the card says when.
async function backedUp() {
  const page = await open({ hash: "#/state" });
  const state = async () => (await (await ask("state")).json()).backup;
  const card = page.locator('.card:has-text("Sikkerhetskopi")');
  await card.waitFor();
  check("backup: never yet is told as bad", (await card.getAttribute("data-verdict")) === "bad" && (await state()).last === null);
  await card.locator("button").click();
  await page.waitForFunction(() => document.querySelector(".card").dataset.verdict !== "bad");
  const { last, folder, failed } = await state();
  const files = readdirSync(folder);
  check("backup: is there, and nothing else", files.length === 1 && statSync(`${folder}/${files[0]}`).size === last.bytes, files.join(" "));
  check("backup: nobody reads it without the key", !readFileSync(`${folder}/${files[0]}`).includes("SQLite format"));
  check("backup: on the journal's disk is told", last.same_disk && (await card.textContent()).includes("samme disk"), await card.textContent());
  check("backup: nothing failed", failed === null, JSON.stringify(failed));
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "a file where the folder was");
  await card.locator("button:enabled").click();
  await page.waitForFunction(() => document.querySelector(".card").dataset.verdict === "bad");
  check("backup: what went wrong is told, and the last one still known", (await card.textContent()).includes(folder) && (await state()).last.at_s === last.at_s);
  await looked(page, "backup failed");
  await page.context().close();
}

async function taken() {
  const page = await open({ hash: "#/support" });
  await page.waitForSelector(".contents");
  const [file] = await Promise.all([page.waitForEvent("download"), page.click("main button.strong")]);
  check("the bundle is taken along", file.suggestedFilename() === "rytme-support.zip", file.suggestedFilename());
  check("it is a ZIP file", readFileSync(await file.path()).subarray(0, 2).toString() === "PK");
  await page.context().close();
}

await run([wrongIsToldAtItsLine, takenAndKept, notKeptGoesBack, backToAnEarlierVersion, aDeviceFromTheOtherViewIsAdded, backedUp, taken, everyView, aStaleChangeIsNotTaken]);
await browser.close();
finish(100);
