// SPDX-License-Identifier: Apache-2.0
// First account, log-in, enrolment and log-out in Chromium, by the keyboard alone, without script of ours. usage: accounts.mjs
// URL PROGRAM DATA FIRST_CODE [SCREENSHOT_FOLDER]
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessible, check, finish, fits, launchIn } from "./checks.mjs";

const [url, program, data, firstCode, shots] = process.argv.slice(2);

function codeOf(base32, at = Date.now()) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...base32].map((c) => alphabet.indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
  const mac = createHmac("sha1", key).update(step).digest();
  const from = mac[19] & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1e6).padStart(6, "0");
}

const profile = mkdtempSync(join(tmpdir(), "accounts-"));
const browser = await launchIn(profile, { width: 1280, height: 800 });
const page = await browser.newPage();
const foreign = [];
page.on("request", (request) => {
  if (!request.url().startsWith(url) && !request.url().startsWith("data:")) foreign.push(request.url());
});
page.on("console", (message) => {
  if (message.type() === "error" && /Content Security Policy/.test(message.text())) check("within the policy", false, message.text());
});

async function look(name) {
  await accessible(page, name);
  await fits(page, name);
  if (shots) await page.screenshot({ path: join(shots, `${name.replace(/\W+/g, "-")}.png`) });
}

async function type(...words) {
  for (const word of words) {
    await page.keyboard.press("Tab");
    await page.keyboard.insertText(word);
  }
  await Promise.all([page.waitForLoadState("load"), page.waitForNavigation(), page.keyboard.press("Enter")]);
}

for (const size of [{ width: 1280, height: 800 }, { width: 800, height: 1280 }])
  for (const lang of ["nb", "en"])
    for (const path of ["login", "enrol", "first"]) {
      await page.setViewportSize(size);
      await page.goto(`${url}/${path}?lang=${lang}`);
      await look(`${path} ${lang} ${size.width}`);
    }
await page.setViewportSize({ width: 1280, height: 800 });

await page.goto(`${url}/first`);
await type(firstCode, "mai", "password");
await look("a common password is refused");
check("the reason is said", /for vanlig/.test(await page.textContent(".said")));
await page.focus("#password");
await page.keyboard.insertText("skogmus under lykt");
await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
const secret = await page.textContent(".secret code");
check("the key for the authenticator is shown", /^[A-Z2-7]{32}$/.test(secret), secret);
await look("first account made");

await page.goto(`${url}/login`);
await type("mai", "wrong password", "000000");
check("a wrong log-in is told", /stemmer ikke/.test(await page.textContent(".said")));
await look("log-in refused");
await page.goto(`${url}/login`);
await type("mai", "skogmus under lykt", codeOf(secret));
check("the maintainer comes to the devices", new URL(page.url()).pathname === "/devices", page.url());
const cookie = (await browser.cookies()).find((one) => one.name === "__Host-rytme");
check("Chromium keeps the cookie on this machine", cookie?.secure && cookie?.httpOnly && cookie?.sameSite === "Strict");
await page.goto(`${url}/login`);
check("who is logged in is told", /driftsansvarlig/.test(await page.textContent("main")));
await look("logged in");
await page.keyboard.press("Tab");
await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
check("log-out leads to the log-in", (await page.$("#password")) !== null);
check("the cookie is gone", !(await browser.cookies()).some((one) => one.name === "__Host-rytme"));

const path = () => new URL(page.url()).pathname;
const added = execFileSync(program, ["user", "add", "kari", "--role", "psychologist", "--data", data], {
  input: "en rolig dag i huset\n", encoding: "utf8",
});
await page.goto(`${url}/review`);
check("the review asks for a log-in first", path() === "/login", page.url());
await type("kari", "en rolig dag i huset", codeOf(added.match(/key ([A-Z2-7]{32})/)[1]));
check("the psychologist comes to the review", path() === "/review", page.url());
await page.waitForSelector('button:text-is("Logg ut")');
await look("review with a log-in");
const kept = await browser.cookies();
await browser.clearCookies(); // as after ten quiet minutes
await Promise.all([page.waitForURL("**/login"), page.selectOption(".why select", "team review")]);
await browser.addCookies(kept);
await page.goto(`${url}/review`);
await Promise.all([page.waitForURL("**/login"), page.click('button:text-is("Logg ut")')]);
await browser.addCookies(kept);
await page.goto(`${url}/review`);
check("a log-in that was ended is worth nothing", path() === "/login", page.url());
await browser.clearCookies();

const code = execFileSync(program, ["tablet", "add", "--data", data], { encoding: "utf8" }).split("\n")[0];
await page.goto(`${url}/enrol`);
await type(code.toLowerCase());
check("an enrolled tablet comes to the room", path() === "/", page.url());
check("it is a tablet", (await (await page.request.get(`${url}/api/v1/me`)).json()).kind === "tablet");
await page.click("button.mute");
let muted = false;
for (const end = Date.now() + 5000; !muted && Date.now() < end; ) muted = (await (await page.request.get(`${url}/api/v1/room`)).json()).muted;
check("and runs the room", muted === true);
check("nobody else was asked", foreign.length === 0, foreign.join(" "));

await browser.close();
rmSync(profile, { recursive: true, force: true });
finish(40);
