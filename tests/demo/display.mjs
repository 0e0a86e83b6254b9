// SPDX-License-Identifier: Apache-2.0
// Pictures of the lane display: `film URL` while a demo runs, until the daemon is gone; `signs BIN` of every sign.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Gate, launch, pause, shows, tools } from "../browser/stage.mjs";

const [what, from, browserFolder, pictures] = process.argv.slice(2);
const browser = await launch(tools(browserFolder));
const page = await (await browser.newContext({ viewport: { width: 1024, height: 600 } })).newPage();

const shown = () => page.evaluate(() => ({ ...document.body.dataset }));

// One picture for each sign that is another than the one before, and stands while it is taken.
async function film(url) {
  await page.goto(url);
  let last = "";
  for (let count = 0; ; await pause(50)) {
    const { state, reason, since } = await shown();
    if (!state || state + since === last) continue;
    const picture = await page.screenshot();
    const after = await shown();
    if (after.state !== state || after.since !== since) continue;
    last = state + since;
    const name = `${String(++count).padStart(2, "0")}-${state}${reason ? "-" + reason.toLowerCase() : ""}.png`;
    writeFileSync(join(pictures, name), picture);
    if (state === "lost" && count > 1) return;
  }
}

async function signs(bin) {
  const gate = new Gate(bin, { "lane-1": "" }, "off");
  try {
    await gate.start();
    await page.goto(gate.url("lane-1"));
    const all = [
      ["idle", { state: "idle", entrance: "North, Block A" }],
      ["go", { state: "go", reason: "VALID", seat: "Block C, row 4, seat 12", entrance: "North", name: "Ada Lovelace", left: 8000 }],
      ["go-group", { state: "go", reason: "VALID", people: 4, entrance: "North", left: 8000 }],
      ["goodbye", { state: "go", reason: "VALID", exit: true, left: 8000 }],
      ["stop", { state: "stop", reason: "USED" }],
      ...["wait", "closer", "farther", "locked", "exit-only", "out-of-order", "free-passage", "fire", "test"].map((state) => [state, { state }]),
    ];
    for (const [name, sign] of all) {
      const { since } = await gate.show("lane-1", sign);
      await shows(page, since);
      await page.screenshot({ path: join(pictures, `sign-${name}.png`) });
    }
    await gate.end(gate.player);
    await page.waitForFunction(() => document.body.dataset.state === "lost");
    await page.screenshot({ path: join(pictures, "sign-lost.png") });
  } finally {
    await gate.close();
  }
}

try {
  await (what === "film" ? film(from) : signs(from));
} finally {
  await browser.close();
}
