// SPDX-License-Identifier: Apache-2.0
// The maintainer's desk in a real browser, on a running demo. usage: devices.mjs DEMO_JSON [SCREENSHOT_FOLDER]
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { accessible, check, finish, fits, go, launch, packed, run } from "./checks.mjs";

const [demoFile, shots] = process.argv.slice(2);
const demo = JSON.parse(readFileSync(demoFile, "utf8"));
const base = demo.http.replace(/\/$/, "");
const { tokens } = demo;
const mostMs = 1000;
const tries = 5;
const budget = 60_000;
const budgetOfAll = 250_000;

const browser = await launch();
const bearer = (role) => ({ Authorization: `Bearer ${tokens[role]}` });
const ask = (path, role = "maintainer") => fetch(`${base}${path}`, { headers: bearer(role) });
const post = (path, body = {}, role = "maintainer") =>
  fetch(`${base}/api/v1/${path}`, { method: "POST", headers: { ...bearer(role), "Content-Type": "application/json" }, body: JSON.stringify(body) });
const json = async (path) => (await ask(path)).json();
// Another hand on the broker, as a device would write.
const say = (topic, payload, ...more) =>
  execFileSync("mosquitto_pub", ["-h", demo.broker.host, "-p", String(demo.broker.port), "-u", demo.broker.injector.user,
    "-P", demo.broker.injector.password, "-t", topic, "-m", payload, ...more]);

async function open({ lang = "nb", colorScheme = "light", size = { width: 1280, height: 800 }, hash = "", noisy = false, script = true } = {}) {
  const context = await browser.newContext({ viewport: size, colorScheme, extraHTTPHeaders: bearer("maintainer"), javaScriptEnabled: script });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on("request", (request) => {
    const url = request.url();
    check("asks only the room", url.startsWith(`${base}/`) || url.startsWith("data:"), url);
  });
  page.on("console", (message) => check("console is silent", noisy || message.type() !== "error", message.text()));
  page.on("pageerror", (error) => check("nothing throws", false, error.message));
  await page.goto(`${base}/devices?lang=${lang}${hash}`);
  return page;
}

const views = [
  ["devices", "#/devices", "tr[data-device]"],
  ["light", "#/devices/ceiling", '[data-part="readings"] tbody tr'],
  ["bus light", "#/devices/wall-dimmer", '[data-part="frames"] tbody tr'],
  ["strap", "#/devices/strap1", '[data-part="frames"] tbody tr'],
  ["what-if", "#/what-if", ".fault"],
  ["discovery", "#/discovery", "[data-bus]"],
];
const text = (page, selector) => page.textContent(selector);
const row = (id) => `tr[data-device="${id}"]`;

async function everyView() {
  for (const lang of ["nb", "en"])
    for (const colorScheme of ["light", "dark"]) {
      const page = await open({ lang, colorScheme });
      for (const view of views) {
        const name = `${view[0]} ${lang} ${colorScheme}`;
        await go(page, view);
        if (view[0] === "light") await page.click('button[aria-expanded="false"]');
        if (view[0] === "light") await page.waitForSelector('[data-part="replace"] pre');
        await accessible(page, name);
        await fits(page, name);
        if (shots) await page.screenshot({ path: `${shots}/devices-${name.replaceAll(" ", "-")}.png`, fullPage: true });
      }
      await page.context().close();
    }
  const page = await open({ size: { width: 800, height: 1280 } });
  for (const view of views) {
    await go(page, view);
    await fits(page, `${view[0]} at 800 px`);
  }
  await page.context().close();
}

// The quickest counts: other tests may run beside this one.
async function quickest(name, open_) {
  let least = Infinity;
  for (let i = 0; i < tries && least > mostMs; ++i) {
    const began = Date.now();
    await open_();
    least = Math.min(least, Date.now() - began);
  }
  console.log(`${name}: ${least} ms`);
  check(`${name} opens within ${mostMs} ms`, least <= mostMs, `${least} ms`);
}
async function opensInTime() {
  const page = await open();
  await quickest("the desk", async () => {
    await page.reload();
    await page.waitForSelector(views[0][2]);
  });
  for (const view of views.slice(1))
    await quickest(view[0], async () => {
      await page.evaluate(() => (location.hash = "#/"));
      await page.waitForSelector(views[0][2]);
      await go(page, view);
    });
  await page.context().close();
}

async function readWithoutScript() {
  const page = await open({ script: false });
  check("the tables are there without script", (await text(page, "main")).includes("ceiling"));
  await page.context().close();
}

async function theWorstFirst() {
  const page = await open();
  await page.waitForSelector(row("ceiling"));
  say("zigbee2mqtt/floor/availability", '{"state":"offline"}');
  await page.waitForSelector(`${row("floor")}[data-state="lost"]`);
  check("what is lost stands first", (await page.getAttribute("tr[data-device] >> nth=0", "data-device")) === "floor");
  check("it is said what is wrong", /uten kontakt, sist hørt for \d+ s siden/.test(await text(page, `${row("floor")} .state`)), await text(page, `${row("floor")} .state`));
  say("zigbee2mqtt/ceiling", "{broken");
  await page.waitForSelector(`${row("ceiling")} .errors`);
  check("errors are told by kind", /uleselige meldinger/.test(await text(page, `${row("ceiling")} .errors`)));
  const rate = Number(await text(page, `${row("strap1")} td.right`));
  check("messages a minute are counted", rate >= 0, String(rate));
  await shot(page, "worst-first");

  await page.click(`${row("floor")} .silence button`);
  await page.waitForSelector(`${row("floor")} .silenced`);
  check("a silenced fault says until when", /Sies ikke fra om før .*06:00/.test(await text(page, `${row("floor")} .silenced`)), await text(page, `${row("floor")} .silenced`));
  const { devices } = await (await ask("/api/v1/room", "tablet")).json();
  check("staff are not told of it", !devices.missing.includes("floor"), devices.missing.join(" "));
  check("and it still counts as not in order", devices.ok < devices.all);
  await page.click(`${row("floor")} .silence button`);
  await page.waitForSelector(`${row("floor")} .silence button:text-is("Ikke si fra før i morgen")`);
  say("zigbee2mqtt/floor/availability", '{"state":"online"}', "-r");
  await page.waitForSelector(`${row("floor")}[data-state="ok"]`);
  check("a return is counted", /1\s*brudd i kontakten/.test(await text(page, row("floor"))), await text(page, row("floor")));
  await page.context().close();
}

async function slowFade() {
  const page = await open({ hash: "#/devices/ceiling", noisy: true });
  await page.waitForSelector('[data-test="none"]', { state: "attached" });
  await post("session", { preset: "regulate-down" }, "tablet");
  await page.click('button:text-is("Prøv: fad sakte ned og opp")');
  await page.waitForFunction(() => /Ikke nå: a session is on/.test(document.querySelector("[data-test]").textContent));
  check("a test is refused in a session", (await post("devices/ceiling/test")).status === 409);
  await post("stop", {}, "tablet");
  check("and while the room is stopped", (await post("devices/ceiling/test")).status === 409);
  await post("stop/reset", {}, "tablet");
  await page.waitForTimeout(3500); // the stop's ramp
  await page.click('button:text-is("Prøv: fad sakte ned og opp")');
  await page.waitForSelector('[data-test="running"]');
  await page.waitForSelector('[data-test="ok"]', { timeout: 30000 });
  check("both ends are told as read back", (await page.$$eval(".actions li", (all) => all.length)) === 2);
  await shot(page, "tested");
  check("a player is not tested", (await post("devices/player1/test")).status === 422);
  await page.context().close();
}

async function noValueOfAPerson() {
  const page = await open({ hash: "#/devices/strap1" });
  await page.waitForSelector('[data-part="frames"] tbody tr');
  const all = await text(page, "article");
  check("a person's frames are withheld", /byte, vises ikke/.test(all));
  check("no pulse is on the page", !/bpm|"rr"|raw/.test(all));
  const told = JSON.stringify([await json("/api/v1/devices"), await json("/api/v1/devices/strap1"), await json("/api/v1/devices/strap1/frames"), await json("/api/v1/devices/swing1"), await json("/api/v1/devices/swing1/frames")]);
  const found = told.match(/.{40}(bpm|hr\.|arousal|"rr"|"ax"|participant|preset)/);
  check("nor in what it is made from", found === null, found?.[0]);
  await page.context().close();
}

async function noSecretOnTheWire() {
  say("zigbee2mqtt/ceiling", '{"state":"ON","brightness":100,"wifi":{"password":"skogmus"}}');
  await new Promise((resolve) => setTimeout(resolve, 300));
  const page = await open({ hash: "#/devices/ceiling" });
  await page.waitForSelector('[data-part="frames"] code:text("***")');
  check("no secret is shown", !(await page.content()).includes("skogmus"));
  await page.context().close();
}

async function replaced() {
  const page = await open({ hash: "#/devices/ceiling" });
  await page.click('button:text-is("Bytt enhet")');
  await page.selectOption('[data-part="replace"] select', "wirenboard-wb-mdm3");
  await page.fill('[data-part="replace"] label:has-text("unit") input', "42");
  const block = await text(page, '[data-part="replace"] pre');
  check("the block keeps id and place", /id = "ceiling"\nplace = "light.main"\nprofile = "wirenboard-wb-mdm3"\nbus = "/.test(block) && /unit = 42/.test(block), block);
  await page.context().close();
}

async function discovered() {
  const lamp = { type: "Router", friendly_name: "Ny lampe", definition: { vendor: "IKEA", model: "LED1545G12", exposes: [{ type: "light", features: [{ name: "brightness" }, { name: "color_temp" }] }] } };
  say("zigbee2mqtt/bridge/devices", JSON.stringify([lamp]), "-r");
  const page = await open({ hash: "#/discovery" });
  await page.click('button:text-is("Lytt")');
  await page.waitForSelector('[data-part="broker"] td:text-is("er der som player1")');
  await page.click('tr:has(th:has-text("Ny lampe")) button');
  const block = await text(page, '[data-part="broker"] pre');
  check("a lamp that is new has a block", /^\[\[device\]\]\nid = "ny-lampe"\nplace = "light.ny-lampe"\nprofile = "zigbee2mqtt-light"\nparams = \{ topic = "zigbee2mqtt\/Ny lampe" \}/.test(block), block);
  await page.waitForSelector('[data-part="broker"] button:not([disabled]):text-is("Lytt")');
  check("the room itself is no new device", !(await text(page, '[data-part="broker"]')).includes("rytme-rom1"));
  check("nothing is amiss", (await page.$('[data-part="broker"] .trouble')) === null);
  await accessible(page, "what was discovered");
  await page.click('[data-bus="tcp1"] button');
  await page.waitForSelector('[data-bus="tcp1"] p:text-is("Ingen nye svarte.")', { timeout: 30000 });
  check("who is known on the bus is named", (await text(page, '[data-bus="tcp1"]')).includes("Adresse 41: wall-dimmer"));
  check("nobody is late for it", (await json("/api/v1/devices")).find(({ id }) => id === "wall-dimmer").state === "ok");
  await shot(page, "discovered");
  await page.context().close();
}

async function theKeyboardReachesAll() {
  const page = await open();
  await page.waitForSelector(row("ceiling"));
  await page.focus(`${row("ceiling")} a`);
  await page.keyboard.press("Enter");
  await page.waitForSelector('article[data-device="ceiling"]');
  await page.focus(".views a >> nth=1");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".fault");
  check("what has a fault now stands first", (await page.$$eval(".fault", (all) => all.map((one) => one.dataset.now).join(" "))).replace(/^(true ?)*/, "").includes("true") === false);
  await page.context().close();
}

async function forNobodyElse() {
  for (const role of ["tablet", "psychologist", "officer"])
    for (const path of ["/api/v1/devices", "/api/v1/devices/ceiling", "/api/v1/devices/ceiling/frames", "/api/v1/profiles"]) {
      const { status } = await ask(path, role);
      check(`${role} has no ${path}`, status === 403, String(status));
    }
  const html = await (await ask("/devices", "psychologist")).text();
  check("others read the plain page", !html.includes("<script") && html.includes("ceiling"));
}

async function small() {
  const bytesOf = async (path, role) => (await packed((file) => ask(file, role), path)).bytes;
  const own = await bytesOf("/devices", "maintainer");
  const all = own + (await bytesOf("/", "tablet")) + (await bytesOf("/review", "psychologist"));
  console.log(`devices: ${own} bytes packed; all pages: ${all}`);
  check("the desk is small", own <= budget, `${own} bytes`);
  check("all pages are small", all <= budgetOfAll, `${all} bytes`);
}

const shot = (page, name) => (shots ? page.screenshot({ path: `${shots}/devices-${name}.png`, fullPage: true }) : undefined);

await run([small, forNobodyElse, opensInTime, readWithoutScript, theWorstFirst, noSecretOnTheWire, noValueOfAPerson, replaced, discovered, slowFade, theKeyboardReachesAll, everyView]);
await browser.close();
finish(100);
