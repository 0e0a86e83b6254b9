// SPDX-License-Identifier: Apache-2.0
// Pictures of each view of the dashboard, after a while: ADDRESS BROWSER_DIR PICTURES SECONDS.
import { join } from "node:path";
import { launch, pause, tools } from "../browser/stage.mjs";

const [address, browserFolder, pictures, seconds] = process.argv.slice(2);
const browser = await launch(tools(browserFolder));
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" });
const page = await context.newPage();
const mistakes = [];
page.on("pageerror", (error) => mistakes.push(error.message));
page.on("console", (line) => line.type() === "error" && mistakes.push(line.text()));

// Of each view, words that are there once it knows the venue.
const views = [
  ["board", "gate-1"],
  ["venue", "Summer"],
  ["alarms", ""],
  ["gate/gate-1", "gate-1"],
  ["wall", "gate-1"],
];

try {
  await page.goto(`${address}#board`);
  await page.waitForFunction(() => document.body.innerText.includes("gate-1"), null, { timeout: 60_000 });
  await pause(Number(seconds) * 1000);
  for (const [view, words] of views) {
    await page.evaluate((name) => { location.hash = name; }, view);
    await page.waitForFunction((text) => document.body.innerText.includes(text), words, { timeout: 20_000 });
    await pause(1000); // it draws twice a second
    await page.screenshot({ path: join(pictures, `${view.replace("/", "-")}.png`), fullPage: true });
  }
} catch (error) {
  mistakes.push(error.message);
  await page.screenshot({ path: join(pictures, "trouble.png") });
} finally {
  await browser.close();
}
for (const mistake of mistakes) console.error(`dashboard: ${mistake}`);
process.exit(mistakes.length === 0 ? 0 : 1);
