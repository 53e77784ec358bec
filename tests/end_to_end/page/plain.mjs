// SPDX-License-Identifier: Apache-2.0
// Without a script: start, presets, stop, mute, light, end and ready again work; and the page says what it says with one.
import { base, browser, check, open, post, room, shoot, toIdle, until, untilState, watch } from "./lib.mjs";

// The page without a script loads itself anew every few seconds, and a question asked just then is never answered.
const ask = (page, what) => Promise.race([page.evaluate(what), new Promise((none) => setTimeout(none, 3000))]);

// All but what only a script can do: the strip, and the button that opens it afterwards.
const wordsOf = (page) => ask(page, () => {
  for (const one of document.querySelectorAll(".line > button")) one.hidden = true;
  const text = (one) => one.innerText.replace(/\d+/g, "#").replace(/\s+/g, " ").trim();
  return [...document.querySelectorAll("main > *:not(.strip):not(.both)")].map(text).join(" / ");
});
// Which request with which values every button stands for.
const formsOf = (page) => ask(page, () => [...document.querySelectorAll("main > *:not(.strip) form")].map((form) =>
  `${new URL(form.action).pathname} ${[...new FormData(form)].map((pair) => pair.join("=")).join("&")} ${form.querySelector("button").disabled}`).join("\n"));

// A device that comes or goes between the two makes them differ: then both are looked at again.
async function sameOnBoth(plain, name) {
  const page = await open(name);
  for (const [what, of] of [["say", wordsOf], ["ask", formsOf]]) {
    let bare, live;
    for (let i = 0; i < 5 && (!bare || bare !== live); ++i) {
      await plain.goto(`${base}/?lang=nb`);
      [bare, live] = [await of(plain), await of(page)];
      if (bare === undefined && process.env.TR) console.log(name, what, "UNANSWERED");
    }
    check(`${name}: both pages ${what} the same`, bare && bare === live, `${bare} <> ${live}`);
  }
  await page.close();
}

export async function withoutScript() {
  const plain = await browser.newPage();
  const session = await browser.newCDPSession(plain);
  await session.send("Emulation.setScriptExecutionDisabled", { value: true });
  watch(plain, "without script");
  const click = async (selector) => {
    await plain.bringToFront();
    await plain.goto(base);
    await Promise.all([plain.waitForURL(`${base}/**`), plain.click(selector)]);
  };
  await toIdle();
  await sameOnBoth(plain, "idle");
  await click(".intent.down");
  await untilState("running", "starting");
  await post("light", { level: 0.3 });
  await until("the light stands", async () => Math.abs((await room()).light.level - 0.3) < 0.01, 12000);
  await sameOnBoth(plain, "running");
  await shoot(plain, "running-without-script");
  await plain.fill("input.code", "K7FW");
  await Promise.all([plain.waitForURL(`${base}/**`), plain.click(".use")]);
  await until("without script: a code can be given", async () => (await room()).participant_named);
  await click(".step.less");
  await until("without script: less light", async () => (await room()).light.target < 0.3);
  await click(".intent.end");
  await untilState("stopping", "idle");
  await click("button.stop");
  await untilState("stopped");
  await sameOnBoth(plain, "stopped");
  await click(".intent.answer");
  await untilState("idle");
  await click(".presets button");
  await untilState("running", "starting");
  await toIdle();
  await click("button.mute");
  check("without script: muted", (await room()).muted === true);
  await click("button.mute");
  await click("button.light");
  check("without script: light on", (await room()).manual.includes("light"));
  await plain.close();
}
