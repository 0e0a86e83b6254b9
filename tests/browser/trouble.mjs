// SPDX-License-Identifier: Apache-2.0
// The lane display in bad company: long and hostile names, lost programs, floods of signs, no sound, no motion.
// Usage: node trouble.mjs BIN_FOLDER BROWSER_FOLDER PICTURES. Exit code 77: the tools are not there.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Gate, languages, launch, pause, shows, tools } from "./stage.mjs";
import { look } from "./looks.mjs";

const [bin, browserFolder, pictures] = process.argv.slice(2);
const chromium = tools(browserFolder);
mkdirSync(pictures, { recursive: true });
const wrong = [];
const check = (good, what) => good || wrong.push(what);

const kLost = 3000; // ms until a page must say that it knows nothing
const kSlack = 2000; // ms for a busy machine: the display itself waits for nearly all of kLost
const kPatience = 20000;

async function waitFor(page, state) {
  const begin = Date.now();
  await page.waitForFunction((wanted) => document.body.dataset.state === wanted, state, { timeout: kPatience, polling: 50 });
  return Date.now() - begin;
}

async function names(gate, page, code) {
  const go = async (name, more = {}) => {
    const { since } = await gate.show("lane-1", { state: "go", reason: "VALID", name, ...more });
    await shows(page, since);
    const root = { state: "go", language: code, direction: languages[code].direction };
    for (const what of await page.evaluate(look, root)) wrong.push(`name "${name.slice(0, 20)}", ${code}: ${what}`);
    return page.locator("#headline bdi").first().textContent();
  };
  const arabic = "ليلى عبد الرحمن";
  check((await go(arabic, { seat: "مقعد 12", entrance: "North 3" })) === arabic, "an Arabic name is another one");
  const order = await page.evaluate(() => {
    const bdi = document.querySelector("#headline bdi");
    return getComputedStyle(bdi).unicodeBidi;
  });
  check(order === "isolate", `a name is ${order}, not isolated`);
  await page.screenshot({ path: join(pictures, `name-arabic-${code}.png`) });
  const long = await go("Maximilian ".repeat(45) + "Ende", { seat: "Row ".repeat(24), words: "W".repeat(200) });
  check(long.length <= 41 && long.endsWith("…"), `a long name is ${long.length} characters`);
  await page.screenshot({ path: join(pictures, `name-long-${code}.png`) });
  check((await go("W".repeat(500))).length <= 41, "a word of 500 letters stays");
  await go("e" + "\u0301".repeat(499));
  const tags = "<img src=x onerror='window.hacked=1'><script>window.hacked=1</script><b>Bo</b>";
  check((await go(tags)).startsWith("<img src=x"), "tags are more than text");
  check((await page.locator("#headline img, #headline script, #headline b").count()) === 0, "tags made elements");
  check((await go("\u202eabc\u0007")) === "\u202eabc", "control characters stay");
  check((await go("</script>{name}{{data}}")) === "</script>{name}{{data}}", "blanks are filled twice");
}

async function losses(gate, page) {
  await gate.show("lane-1", { state: "idle" });
  await waitFor(page, "idle");
  await gate.end(gate.player);
  check((await waitFor(page, "lost")) <= kLost + kSlack, "a dead daemon is not shown in time");
  await page.screenshot({ path: join(pictures, "lost-daemon.png") });
  gate.startPlayer();
  await waitFor(page, "idle");
  gate.player.kill("SIGSTOP");
  check((await waitFor(page, "lost")) <= kLost + 1000 + kSlack, "a daemon that hangs is not shown in time");
  gate.player.kill("SIGCONT");
  await waitFor(page, "idle");
  await gate.end(gate.display);
  check((await waitFor(page, "lost")) <= kLost + kSlack, "a dead stile-display is not shown in time");
  for (const what of await page.evaluate(look, { state: "lost", language: "en", direction: "ltr", headline: languages.en.signs.lost[0], large: true }))
    wrong.push(`lost: ${what}`);
  await gate.startDisplay();
  await waitFor(page, "idle");
  gate.display.kill("SIGSTOP");
  check((await waitFor(page, "lost")) <= kLost + kSlack, "a stile-display that hangs is not shown in time");
  gate.display.kill("SIGCONT");
  await waitFor(page, "idle");
}

// However fast the gate decides, the screen does not flash.
async function flood(gate, page) {
  await pause(1100);
  await page.evaluate(() => {
    window.changes = [];
    new MutationObserver(() => window.changes.push(performance.now())).observe(document.body, { attributeFilter: ["data-since"] });
  });
  let last = 0;
  for (let i = 0; i < 60; ++i) {
    last = (await gate.show("lane-1", i % 2 ? { state: "go", reason: "VALID" } : { state: "stop", reason: "USED" })).since;
    await pause(25);
  }
  await shows(page, last);
  const changes = await page.evaluate(() => window.changes);
  const most = Math.max(...changes.map((from) => changes.filter((at) => at >= from && at < from + 990).length));
  check(most <= 3, `${most} signs in a second`);
}

async function sounds(gate, page, code) {
  const played = async (sign) => {
    await page.evaluate(() => delete document.body.dataset.played);
    const { since } = await gate.show("lane-1", sign);
    await shows(page, since);
    return page.evaluate(() => document.body.dataset.played);
  };
  await pause(1100);
  check((await played({ state: "go", reason: "VALID" })) === (code === "on" ? "go" : undefined), `sound ${code}: go`);
  check((await played({ state: "stop", reason: "USED" })) === (code === "on" ? "stop" : undefined), `sound ${code}: stop`);
  check((await played({ state: "idle" })) === undefined, `sound ${code}: idle`);
  await pause(1100);
  await page.evaluate(() => delete document.body.dataset.played);
  const group = { state: "go", reason: "VALID", people: 2 };
  await shows(page, (await gate.show("lane-1", group)).since);
  await page.evaluate(() => delete document.body.dataset.played);
  await gate.show("lane-1", { ...group, people: 1, since: gate.since });
  await page.waitForFunction(() => document.getElementById("facts").textContent === "");
  check((await page.evaluate(() => document.body.dataset.played)) === undefined, "one answer sounds twice");
}

async function withGate(browser, language, sound, options, act) {
  const gate = new Gate(bin, { "lane-1": `language = "${language}"` }, sound);
  const context = await browser.newContext({ viewport: { width: 1024, height: 600 }, ...options });
  try {
    await gate.start();
    const page = await context.newPage();
    await page.goto(gate.url("lane-1"));
    await act(gate, page);
  } finally {
    await context.close();
    await gate.close();
  }
}

const browser = await launch(chromium);
try {
  await withGate(browser, "en", "on", {}, async (gate, page) => {
    await names(gate, page, "en");
    await sounds(gate, page, "on");
    await flood(gate, page);
    await losses(gate, page);
  });
  await withGate(browser, "ar", "off", { reducedMotion: "reduce" }, async (gate, page) => {
    const { since } = await gate.show("lane-1", { state: "idle" });
    await shows(page, since);
    const moving = await page.evaluate(() => document.getAnimations().length);
    check(moving === 0, `${moving} things move for somebody who does not want it`);
    await names(gate, page, "ar");
    await sounds(gate, page, "off");
  });
} finally {
  await browser.close();
}
for (const what of wrong) console.log(what);
console.log(`${wrong.length} mistakes; pictures: ${pictures}`);
process.exitCode = wrong.length === 0 ? 0 : 1;
