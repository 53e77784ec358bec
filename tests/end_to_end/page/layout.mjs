// SPDX-License-Identifier: Apache-2.0
// What every view must satisfy: nothing scrolls or is cut, boxes are large enough, stop is topmost, axe finds nothing,
// and the night theme is dark.
import { check } from "./checks.mjs";

const large = 147; // CSS px, 25 mm at 149 ppi: the bar, intents, presets
const middle = 88; // 15 mm: ratings, activities, steps
const sizes = { large: ".bar button, .intent, .presets button", middle: ".states .tile, .offer, .mark, .step.less, .step.more" };

const factsOf = (page) => page.evaluate((sizes) => {
  const box = (one) => one.getBoundingClientRect();
  const shown = (which) => [...document.querySelectorAll(which)].filter((one) => box(one).width > 0);
  const all = shown("main button, main summary");
  const facts = (one) => {
    const { left, top, right, bottom, width, height } = box(one);
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    return { what: one.className, width, height, topmost: one.contains(there),
      inside: left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight };
  };
  const cross = (a, b) => Math.min(box(a).right, box(b).right) - Math.max(box(a).left, box(b).left) > 1 &&
    Math.min(box(a).bottom, box(b).bottom) - Math.max(box(a).top, box(b).top) > 1;
  return {
    scrolls: document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth,
    large: shown(sizes.large).map(facts),
    middle: shown(sizes.middle).map(facts),
    all: all.map(facts),
    crossed: all.flatMap((a, i) => all.slice(i + 1).filter((b) => cross(a, b)).map((b) => `${a.className} x ${b.className}`)),
    cut: [...document.querySelectorAll(".message, .value, .value .note, .mode, .what, .tab, .tile, .intent, .small, .record, .ask, .row, .map, .code, .checks li, .bar button, .back, .channel")]
      .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 2)
      .map((one) => `${one.className}: ${one.textContent.trim()}`),
  };
}, sizes);

export async function checkLayout(page, name) {
  const facts = await factsOf(page);
  check(`${name}: does not scroll`, !facts.scrolls);
  check(`${name}: has its bar`, facts.large.length >= 3, String(facts.large.length));
  for (const [least, boxes] of [[large, facts.large], [middle, facts.middle]]) {
    for (const { what, width, height } of boxes) {
      check(`${name}: ${what} is large`, width >= least && height >= least, `${width} x ${height}`);
    }
  }
  for (const { what, inside, topmost } of facts.all) check(`${name}: ${what} is in sight`, inside && topmost);
  check(`${name}: stop is there`, facts.all.some((one) => one.what === "stop" && one.topmost));
  check(`${name}: no two boxes lie on each other`, facts.crossed.length === 0, facts.crossed.join(" | "));
  check(`${name}: no text is cut`, facts.cut.length === 0, facts.cut.join(" | "));
}

// Without its fade: between two themes there is nothing to judge.
export const inTheme = (page, theme) => page.evaluate((theme) => {
  const main = document.querySelector("main");
  main.style.transition = "none";
  main.dataset.theme = theme;
}, theme);

// A tablet whose white is 60 cd/m² at night (set in its kiosk program): 2 cd/m² on average, nothing above 20.
const whiteCdM2 = 60;
export async function checkDark(page, name) {
  const picture = (await page.screenshot()).toString("base64");
  const blank = await page.context().newPage();
  const { mean, most } = await blank.evaluate(async (picture) => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const drawing = canvas.getContext("2d");
    drawing.drawImage(image, 0, 0);
    const { data } = drawing.getImageData(0, 0, image.width, image.height);
    const linear = Array.from({ length: 256 }, (_, i) => (i <= 10 ? i / 255 / 12.92 : ((i / 255 + 0.055) / 1.055) ** 2.4));
    let sum = 0, most = 0;
    for (let i = 0; i < data.length; i += 4) {
      const light = 0.2126 * linear[data[i]] + 0.7152 * linear[data[i + 1]] + 0.0722 * linear[data[i + 2]];
      sum += light;
      most = Math.max(most, light);
    }
    return { mean: sum / (data.length / 4), most };
  }, picture);
  await blank.close();
  check(`${name}: is dark`, mean * whiteCdM2 <= 2, `${(mean * whiteCdM2).toFixed(2)} cd/m²`);
  check(`${name}: has nothing bright`, most * whiteCdM2 <= 20, `${(most * whiteCdM2).toFixed(1)} cd/m²`);
}
