// SPDX-License-Identifier: Apache-2.0
// Every sign in every language on three screens: what stands there can be read, and is the right thing.
// Usage: node signs.mjs BIN_FOLDER BROWSER_FOLDER PICTURES [quick]. Exit code 77: the tools are not there.
// "quick" leaves the larger screens to those signs of which pictures are taken there.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Gate, languages, launch, shows, sizes, tools } from "./stage.mjs";
import { look } from "./looks.mjs";

const [bin, browserFolder, pictures, pace] = process.argv.slice(2);
const chromium = tools(browserFolder);

// A sign, the key of its words, and what makes it worth a picture.
function allSigns() {
  const signs = [
    { name: "idle", view: { state: "idle", entrance: "North, Block A" }, key: ["signs", "idle"], picture: "all" },
    {
      name: "go",
      view: { state: "go", reason: "VALID", seat: "Block C, row 4, seat 12", entrance: "North", left: 60000 },
      key: ["reasons", "VALID"],
      picture: "all",
    },
    {
      name: "go-group",
      view: { state: "go", reason: "VALID", people: 12, seat: "C 4-15", entrance: "North", name: "Ada Lovelace", left: 60000 },
      key: ["welcome"],
      picture: "all",
    },
    { name: "goodbye", view: { state: "go", reason: "VALID", exit: true, left: 60000 }, key: ["signs", "goodbye"] },
  ];
  for (const reason of Object.keys(languages.en.reasons)) {
    if (reason === "VALID") continue;
    const picture = ["USED", "REVOKED", "PRODUCT"].includes(reason) ? "all" : "english";
    signs.push({ name: `stop-${reason}`, view: { state: "stop", reason, entrance: "North" }, key: ["reasons", reason], picture });
  }
  signs.push({
    name: "stop-words",
    view: { state: "stop", reason: "RULES", words: "Your time slot begins on Saturday at 18:30. Come to entrance West from 18:00 on, with the whole group." },
    key: ["reasons", "RULES"],
    picture: "all",
  });
  for (const state of Object.keys(languages.en.signs)) {
    if (["idle", "goodbye", "lost"].includes(state)) continue;
    signs.push({ name: state, view: { state }, key: ["signs", state], picture: "english" });
  }
  return signs;
}

function wanted(sign, code) {
  const words = languages[code];
  const out = { state: sign.view.state, language: code, direction: words.direction, large: !sign.view.seat && !sign.view.words };
  if (sign.key[0] === "welcome") {
    out.headline = words.words.welcome.replace("{name}", sign.view.name);
    out.advice = words.reasons.VALID[1];
  } else {
    [out.headline, out.advice] = words[sign.key[0]][sign.key[1]];
  }
  return out;
}

async function openPages(browser, gate, errors) {
  const pages = [];
  for (const code of Object.keys(languages)) {
    const page = await (await browser.newContext({ reducedMotion: "reduce" })).newPage();
    page.on("pageerror", (error) => errors.push(`${code}: ${error.message}`));
    page.on("console", (line) => line.type() === "error" && errors.push(`${code}: ${line.text()}`));
    await page.goto(gate.url(`lane-${code.toLowerCase()}`));
    pages.push({ page, code });
  }
  return pages;
}

async function lookAt(sign, { page, code }, since, wrong) {
  await shows(page, since);
  const screens = pace === "quick" && sign.picture !== "all" ? sizes.slice(0, 1) : sizes;
  for (const [width, height] of screens) {
    await page.setViewportSize({ width, height });
    const size = `${width}x${height}`;
    for (const what of await page.evaluate(look, wanted(sign, code))) wrong.push(`${sign.name}, ${code}, ${size}: ${what}`);
    const everywhere = sign.picture === "all" && ["en", "ar", "zh-Hans", "de"].includes(code);
    const english = sign.picture && code === "en" && width === 1024;
    if (english || everywhere) await page.screenshot({ path: join(pictures, `${sign.name}-${code}-${size}.png`) });
  }
  return screens.length;
}

async function run() {
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  const lanes = Object.fromEntries(Object.keys(languages).map((code) => [`lane-${code.toLowerCase()}`, `language = "${code}"`]));
  const gate = new Gate(bin, lanes, "off");
  const browser = await launch(chromium);
  const wrong = [];
  let looks = 0;
  try {
    await gate.start();
    const pages = await openPages(browser, gate, wrong);
    for (const sign of allSigns()) {
      await Promise.all(
        pages.map(async (at) => {
          const { since } = await gate.show(`lane-${at.code.toLowerCase()}`, sign.view);
          const seen = await lookAt(sign, at, since, wrong);
          looks += seen;
        }),
      );
    }
  } finally {
    await browser.close();
    await gate.close();
  }
  for (const what of wrong) console.log(what);
  console.log(`${looks} signs looked at, ${wrong.length} mistakes; pictures: ${pictures}`);
  return wrong.length === 0 ? 0 : 1;
}

process.exitCode = await run();
