// SPDX-License-Identifier: Apache-2.0
// Every view in both languages and sizes: its layout; in every theme: axe.
import { check, killController, offerTracks, open, post, room, seen, settle, shoot, sizes, tab, toIdle, toState, until } from "./lib.mjs";
import { accessible } from "./checks.mjs";
import { checkDark, checkLayout, inTheme } from "./layout.mjs";

const languages = ["nb", "en"];

async function judge(page, name) {
  for (const size of sizes) {
    await page.setViewportSize(size);
    await checkLayout(page, `${name} ${size.width}x${size.height}`);
    await shoot(page, `${name}-${size.width}x${size.height}`);
  }
  await page.setViewportSize(sizes[0]);
  for (const theme of ["day", "dusk", "night"]) {
    await inTheme(page, theme);
    await accessible(page, `${name} ${theme}`);
    if (theme !== "night") continue;
    await checkDark(page, `${name} ${theme}`);
    await shoot(page, `${name}-night`);
  }
  await inTheme(page, "dusk");
}

export async function stillViews() {
  for (const state of ["idle", "stopped"]) {
    await toState(state);
    await until("the light stands, and the theme with it", async () => {
      const { level, target } = (await room()).light;
      return Math.abs(level - target) < 0.01;
    }, 20000);
    for (const language of languages) {
      const page = await open(`look ${state}`, language);
      await judge(page, `${state}-${language}`);
      await page.close();
    }
  }
}

// The strip on each of its tabs, with and without something to show.
export async function runningViews() {
  await toState("running", { recording: true, participant: "K7FW" });
  for (const language of languages) {
    const page = await open("look running", language);
    await judge(page, `running-who-${language}`);
    await tab(page, 3);
    await judge(page, `running-did-empty-${language}`);
    await tab(page, 2);
    await judge(page, `running-state-${language}`);
    await page.click(".states form:nth-child(3) button");
    await seen(page, ".offers");
    await settle(page);
    await judge(page, `running-did-${language}`);
    for (const [n, name] of [[4, "own"], [6, "sound"], [7, "sensor"]]) {
      await tab(page, n);
      await judge(page, `running-${name}-${language}`);
    }
    await post("source", { id: "library" });
    offerTracks(["Havet i november", "Månen", "Vuggevise for store barn", "Regn mot ruten", "Tog"].map((title, i) => ({ id: `t${i}`, title })));
    await tab(page, 6);
    await seen(page, '.sound .tile:has-text("Tog")');
    await judge(page, `running-tracks-${language}`);
    await post("release", { channel: "source" });
    await post("light", { level: 0.3 });
    await seen(page, ".stepper .back");
    await judge(page, `running-by-hand-${language}`);
    await post("release", { channel: "light" });
    await tab(page, 5);
    await judge(page, `yours-${language}`);
    await page.click(".leave .tile");
    await judge(page, `yours-not-today-${language}`);
    await page.close();
  }
}

// A session that was recorded and is over; and one that was not recorded.
export async function otherViews() {
  for (const language of languages) {
    await toState("running", { recording: true });
    await toIdle();
    const page = await open("look afterwards", language);
    await page.click(".line .small");
    await settle(page);
    await judge(page, `after-${language}`);
    await page.click(".tab:nth-child(3)");
    await judge(page, `after-yours-${language}`);
    await page.close();
    await toState("running", { recording: false });
    const plain = await open("look unrecorded", language);
    await tab(plain, 2);
    await judge(plain, `unrecorded-state-${language}`);
    await plain.click(".states .tile:nth-child(4)");
    await settle(plain);
    await judge(plain, `unrecorded-did-${language}`);
    await plain.close();
  }
}

// After a controller that died in a session, and after one that dies again and again: it is never well again, so last.
export async function brokenViews() {
  await toState("running", { recording: false });
  const judgeIn = async (state) => {
    check(`${state}: the room is there`, (await room()).state === state, (await room()).state);
    for (const language of languages) {
      const page = await open(`look ${state}`, language);
      await judge(page, `${state}-${language}`);
      await page.close();
    }
  };
  await killController();
  await judgeIn("paused");
  for (let i = 0; i < 5 && (await room()).state !== "safe_mode"; ++i) await killController();
  await judgeIn("safe_mode");
  check("safe mode: nothing begins", (await post("session", { preset: "regulate-down" })).status === 409);
}

// The theme goes with the light of the room, slowly.
export async function themes() {
  await toIdle();
  const page = await open("themes");
  for (const [level, theme] of [[0.1, "night"], [0.3, "dusk"], [0.7, "day"]]) {
    await post("light", { level });
    await until(`the theme becomes ${theme}`, () => seen(page, `main[data-theme="${theme}"]`, 100), 12000);
  }
  const fade = () => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector("main")).transitionDuration));

  check("themes: the fade takes two seconds or more", (await fade()) >= 2, `${await fade()} s`);
  await page.emulateMedia({ reducedMotion: "reduce" });
  check("themes: longer where motion is not wanted", (await fade()) >= 4, `${await fade()} s`);
  await page.close();
}
