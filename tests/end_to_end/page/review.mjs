// SPDX-License-Identifier: Apache-2.0
// The psychologist's page in a real browser, on a record of a thousand sessions and one of an hour.
// usage: review.mjs URL TOKENS_JSON [SCREENSHOT_FOLDER]
import { stat } from "node:fs/promises";
import { accessible, check, finish, fits, go, launch, packed, run } from "./checks.mjs";

const [base, tokensText, shots] = process.argv.slice(2);
const tokens = JSON.parse(tokensText);
const mostMs = 1000;
const tries = 5; // of which the quickest counts: other tests run beside this one
const budget = 90_000;

const browser = await launch();
const bearer = (role) => ({ Authorization: `Bearer ${tokens[role]}` });
const ask = async (path, role = "psychologist") => fetch(`${base}${path}`, { headers: bearer(role) });

async function open({ lang = "nb", colorScheme = "light", size = { width: 1280, height: 900 }, why = "team review" } = {}) {
  const context = await browser.newContext({ viewport: size, colorScheme, extraHTTPHeaders: bearer("psychologist") });
  const page = await context.newPage();
  page.asked = [];
  page.on("request", (request) => {
    const url = request.url();
    check("asks only the room", url.startsWith(`${base}/`) || url.startsWith("data:") || url.startsWith("blob:"), url);
    page.asked.push(url.slice(base.length));
  });
  page.on("console", (message) => check("console is silent", message.type() !== "error", message.text()));
  page.on("pageerror", (error) => check("nothing throws", false, error.message));
  await page.goto(`${base}/review?lang=${lang}`);
  if (why) await page.selectOption(".why select", why);
  return page;
}

const views = [
  ["people", "#/", ".codes a"],
  ["participant", "#/participant/P1", ".smalls path"],
  ["session", "#/session/hour", '[data-plot="pulse"] canvas'],
];

async function everyView() {
  for (const lang of ["nb", "en"])
    for (const colorScheme of ["light", "dark"]) {
      const page = await open({ lang, colorScheme });
      for (const view of views) {
        const name = `${view[0]} ${lang} ${colorScheme}`;
        await go(page, view);
        await accessible(page, name);
        await fits(page, name);
        if (shots) await page.screenshot({ path: `${shots}/review-${name.replaceAll(" ", "-")}.png`, fullPage: true });
      }
      await page.context().close();
    }
  for (const view of views) {
    const page = await open({ size: { width: 800, height: 1280 } });
    await go(page, view);
    await fits(page, `${view[0]} at 800 px`);
    await page.context().close();
  }
}

async function quickest(name, page, view, away = "#/nowhere") {
  let least = Infinity;
  for (let i = 0; i < tries; ++i) {
    await page.evaluate((to) => (location.hash = to), away);
    await page.waitForSelector(".codes a");
    const began = Date.now();
    await go(page, view);
    least = Math.min(least, Date.now() - began);
  }
  console.log(`${name}: ${least} ms`);
  check(`${name} opens within ${mostMs} ms`, least <= mostMs, `${least} ms`);
}

async function inTime() {
  const page = await open();
  for (const view of views.slice(1)) await quickest(`${view[0]}, of a thousand sessions`, page, view);
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 6 });
  await quickest("an hour at 4 Hz on a CPU six times slower", page, views[2]);
  await page.context().close();
}

async function nothingBeforeTheReason() {
  const page = await open({ why: null });
  await page.evaluate(() => (location.hash = "#/session/hour"));
  await page.waitForSelector("main .empty");
  check("nothing is read before the reason is given", !page.asked.some((path) => path.startsWith("/api/") && path !== "/api/v1/me"), page.asked.join(" "));
  await page.selectOption(".why select", "follow-up");
  await page.waitForSelector('[data-plot="pulse"] canvas');
  const { entries } = await (await ask("/api/v1/access?session=hour&limit=3", "officer")).json();
  check("each look is logged with its reason", entries.length === 3 && entries.every(({ why }) => why === "follow-up"), JSON.stringify(entries));
  await page.context().close();
}

// The cursor's number at a time of the session, "" for none.
async function toldAt(page, t_s) {
  const box = await (await page.$('[data-plot="pulse"] .u-over')).boundingBox();
  const shown = await page.textContent(".steering .number");
  const [from_s, to_s] = shown.split("–").map((clock) => clock.split(":").reduce((m, s) => m * 60 + Number(s), 0));
  await page.mouse.move(box.x + (box.width * (t_s - from_s)) / (to_s - from_s), box.y + box.height / 2);
  return page.textContent('[data-plot="pulse"] .legend b');
}

async function aGapIsAGap() {
  const page = await open();
  await go(page, ["", "#/session/s3", '[data-plot="pulse"] canvas']);
  const told = [];
  for (const t_s of [50, 80, 100]) told.push(await toldAt(page, t_s));
  check("a gap has no number, what lies around it has", told[0] !== "" && told[1] === "" && told[2] !== "", told.join("|"));
  await page.context().close();
}

const numberOf = (text) => Number(text.replace(",", ".").replace("−", "-").replaceAll(/[^0-9.-]/g, ""));

// The export is what the record holds; so close one reading lies in each row.
async function oneSetOfNumbers() {
  const { readings, session } = await (await ask("/api/v1/sessions/s2/export?format=json")).json();
  const pulse = readings.filter(({ channel }) => channel === "hr.bpm");
  const start_s = Date.parse(session.start) / 1000;
  const page = await open();
  await go(page, ["", "#/session/s2", '[data-plot="pulse"] canvas']);
  await page.click('[data-plot="pulse"] .quiet');
  for (const part of [2, 4]) {
    const wide = await page.textContent(".steering .number");
    await page.click(".steering button");
    await page.waitForFunction((before) => document.querySelector(".steering .number").textContent !== before, wide);
    const most = Math.ceil(pulse.length / part) + 2;
    await page.waitForFunction((most) => document.querySelectorAll('[data-plot="pulse"] .numbers tbody tr:not([data-gap="true"])').length <= most, most);
  }
  const rows = await page.$$eval('[data-plot="pulse"] .numbers tbody tr:not([data-gap="true"])', (all) =>
    all.map((row) => [...row.children].map((cell) => cell.textContent)));
  check("a quarter of the session has a row for each value of the export", Math.abs(rows.length - pulse.length / 4) <= 2, `${rows.length} of ${pulse.length}`);
  const from = Math.round(pulse.length * 0.375);
  const wrongFrom = (first) => rows.filter(([, mean], i) => Math.abs(numberOf(mean) - pulse[first + i].value) > 0.5001).length;
  const wrong = [-2, -1, 0, 1, 2].map((off) => wrongFrom(from + off));
  check("the table says what the export says", wrong.includes(0), wrong.join(" "));

  let told = 0;
  const middle_s = (Date.parse(pulse.at(-1).t) / 1000 - start_s) / 2;
  for (const t_s of [middle_s - 40, middle_s, middle_s + 40]) {
    const shown = await toldAt(page, t_s);
    const near = pulse.filter(({ t }) => Math.abs(Date.parse(t) / 1000 - start_s - t_s) < 2.5);
    if (near.some(({ value }) => Math.abs(value - numberOf(shown)) <= 0.5001)) told += 1;
  }
  check("the plot's cursor says what the export says", told === 3, `${told} of 3`);
  await page.context().close();
}

// Where the same phase begins, the lines stand at the same place; the table tells their numbers.
async function besideEachOther() {
  const { sessions, scales } = await (await ask("/api/v1/participants/P1/sessions?aligned=start&last=12&points=200&names=hr.mean10_bpm")).json();
  const zeros = sessions.flatMap(({ phases, length_s }) => phases.filter(({ phase }) => phase === "lead").map(({ t_s }) => ({ t_s, length_s })));
  const page = await open();
  await go(page, views[1]);
  const pulse = '.compare [data-scale="hr.mean10_bpm"]';
  check("from the start there is no line within", (await page.$$(`${pulse} .zero`)).length === 0);
  await page.selectOption(".compare select", "lead");
  await page.waitForSelector(`${pulse} .zero`, { state: "attached" }); // a line has no width
  const places = await page.$$eval(`${pulse} .zero`, (all) => all.map((one) => Number(one.getAttribute("x1"))));
  const from_s = Math.max(...zeros.map(({ t_s }) => t_s));
  const to_s = Math.max(...zeros.map(({ t_s, length_s }) => length_s - t_s));
  const due = (220 * from_s) / (from_s + to_s);
  check("each that came to lead has it at the one place", places.length === zeros.length && places.every((x) => Math.abs(x - due) < 0.1), `${places} for ${due}`);
  const left = sessions.length - zeros.length;
  check("those that did not are told", left === 0 || (await page.textContent(".compare .row .note")).startsWith(String(left)));
  const furthest = () => page.$eval(`${pulse} .zero`, (one) => Number(one.getAttribute("x1")));
  const before = await furthest();
  await page.selectOption(".compare label:nth-of-type(2) select", "10");
  await page.waitForFunction(([where, x]) => Number(document.querySelector(where).getAttribute("x1")) !== x, [`${pulse} .zero`, before]);
  check("ten minutes after it fill the width", Math.abs((await furthest()) - (220 * from_s) / (from_s + 600)) < 0.1, `${await furthest()}`);
  await page.click(`${pulse} .quiet`);
  const means = await page.$$eval(`${pulse} .numbers tbody tr:not([data-gap="true"]) td:first-of-type`, (all) => all.map((one) => one.textContent));
  const kept = sessions.filter(({ phases }) => phases.some(({ phase }) => phase === "lead")).flatMap(({ series }) => series.flatMap(({ rows }) => rows.mean.filter((mean) => mean !== null)));
  const wrong = means.filter((mean, i) => Math.abs(numberOf(mean) - kept[i]) > 0.5001);
  check("the table has the numbers of the lines", scales.length === 1 && means.length === kept.length && wrong.length === 0, `${means.length} of ${kept.length}, ${wrong.length} wrong`);
  await accessible(page, "beside each other, with its table");
  if (shots) await page.screenshot({ path: `${shots}/review-beside.png`, fullPage: true });
  await page.context().close();
}

async function byKeyboard() {
  const page = await open();
  await go(page, views[2]);
  await page.focus(".steering button");
  const whole = await page.textContent(".steering .number");
  await page.keyboard.press("Enter");
  await page.waitForFunction((was) => document.querySelector(".steering .number").textContent !== was, whole);
  const pressed = await page.textContent(".steering .number");
  check("Enter goes closer", pressed !== whole, pressed);
  await page.waitForFunction(() => document.querySelector(".note").textContent.includes("1,80") || !document.querySelector(".note").textContent.includes("3,6"));
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForFunction((was) => document.querySelector(".steering .number").textContent === was, whole);
  await page.focus(".check input");
  await page.keyboard.press("Space");
  check("smoothing says its method", (await page.textContent(".plots ~ .note, .note")).length > 0 && (await page.innerText("article")).includes("median over 30 s"));
  await page.context().close();
}

async function allAboutOne() {
  const page = await open();
  await go(page, ["", "#/participant/P4", ".calendar"]);
  const [file] = await Promise.all([page.waitForEvent("download"), page.click(".actions button")]);
  check("all that is kept about one is a button", file.suggestedFilename() === "P4.zip", file.suggestedFilename());
  const { size } = await stat(await file.path());
  check("and a file of some size", size > 10_000, `${size} bytes`);
  await page.waitForFunction(() => document.querySelector(".actions [role=status]").textContent === "");
  await page.context().close();
}

async function takenAndCorrected() {
  const page = await open();
  await go(page, ["", "#/session/s7", '[data-plot="pulse"] canvas']);
  for (const [button, name] of [["CSV", "s7.csv"], ["PDF", "s7.pdf"]]) {
    const [file] = await Promise.all([page.waitForEvent("download"), page.click(`.actions button:text-is("${button}")`)]);
    check(`${button} is taken along`, file.suggestedFilename() === name, file.suggestedFilename());
  }
  await page.fill("form.actions input", "P5");
  await page.click("form.actions button");
  await page.waitForFunction(() => document.querySelector("form.actions [role=status]").textContent !== "");
  const { participant } = await (await ask("/api/v1/sessions/s7")).json();
  check("a wrong code is corrected", participant === "P5", participant);
  await page.context().close();
}

async function stateMap() {
  const page = await open();
  await go(page, ["", "#/participant/P4", '[data-part="state-map"] table']);
  await page.click('[data-part="state-map"] tbody tr:nth-child(3) button');
  await page.fill(".editor textarea >> nth=3", "Huske, få ord");
  await page.click(".editor fieldset input >> nth=0");
  await accessible(page, "state map while it is edited");
  await page.click(".editor button");
  await page.waitForSelector('[data-part="state-map"] td:has-text("Huske, få ord")');
  const { rows, history } = await (await ask("/api/v1/participants/P4/state-map")).json();
  check("a row is kept with who wrote it", rows.alarm?.helps === "Huske, få ord" && rows.alarm.activities !== "" && history.length === 1, JSON.stringify(history));
  await page.context().close();
}

async function forNobodyElse() {
  for (const role of ["tablet", "maintainer", "officer"]) {
    const { status } = await ask("/review", role);
    check(`${role} has no review page`, status === 403, String(status));
  }
}

async function small() {
  const { bytes, requests } = await packed(ask, "/review");
  console.log(`review: ${bytes} bytes packed in ${requests} requests`);
  check("the page is small", bytes <= budget, `${bytes} bytes`);
}

await run([small, forNobodyElse, nothingBeforeTheReason, oneSetOfNumbers, aGapIsAGap, besideEachOther, byKeyboard, allAboutOne, takenAndCorrected, stateMap, inTime, everyView]);
await browser.close();
finish(100);
