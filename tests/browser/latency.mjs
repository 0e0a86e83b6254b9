// SPDX-License-Identifier: Apache-2.0
// Measures from the daemon's message to the picture in the browser: node latency.mjs BIN_FOLDER BROWSER_FOLDER [SIGNS]
import { Gate, launch, pause, shows, tools } from "./stage.mjs";

const [bin, browserFolder, signs = "100"] = process.argv.slice(2);
const gate = new Gate(bin, { "lane-1": "" }, "on");
const browser = await launch(tools(browserFolder));
try {
  await gate.start();
  const page = await (await browser.newContext({ viewport: { width: 1024, height: 600 } })).newPage();
  await page.goto(gate.url("lane-1"));
  const times = [];
  for (let i = 0; i < Number(signs); ++i) {
    await pause(400); // the page shows at most three signs a second
    const seen = shows(page, gate.since + 1);
    const { at } = await gate.show("lane-1", i % 2 ? { state: "go", reason: "VALID", seat: "C 4", left: 8000 } : { state: "stop", reason: "USED" });
    times.push((await seen) - at);
  }
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))].toFixed(1);
  console.log(`${times.length} signs, message to picture: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms`);
} finally {
  await browser.close();
  await gate.close();
}
