// SPDX-License-Identifier: Apache-2.0
// The dashboard before a real mosquitto: signing in, every view, live scans, acknowledging, search, a broker that restarts, hostile messages.
// Usage: node dashboard.mjs DASHBOARD_FOLDER BROWSER_FOLDER. Exit code 77: the tools are not there.
import { readFile } from "node:fs/promises";
import { launch, tools } from "./stage.mjs";
import { Broker, dashboard, go, gone, kUsers, openPage, reads, seen, serve, signIn } from "./dashboard_stage.mjs";
import { PlayedVenue, ticketOf } from "./played_venue.mjs";

const [folder, browserFolder] = process.argv.slice(2);
const chromium = tools(browserFolder);
const built = dashboard(folder);
const wrong = [];
const check = (good, what) => good || wrong.push(what);

// A link may come from anybody.
async function links(page, _, broker) {
  const own = page.url();
  const { origin } = new URL(own);
  const link = (address, more = "") =>
    page.goto(`${origin}/?language=en&broker=${encodeURIComponent(address)}${more}`);
  await link(`ws://localhost:${broker.web}/mqtt`);
  await reads(page, ".foreign b", "localhost");
  check((await page.locator("input").count()) === 0, "a password can be given to a foreign host without a word");
  await page.click(".trust");
  await seen(page, "#sign-password");
  await reads(page, ".foreign b", "localhost");
  check((await page.locator(".trust").count()) === 0, "the host is asked for twice");
  await link("127.0.0.1/mqtt", "&guest");
  await reads(page, "#sign-wrong", "does not answer");
  await link(broker.address.replace("//", "//ops:guessed@"));
  await signIn(page);
  await reads(page, "#sign-wrong", "no broker address");
  await page.goto(own);
}

async function signing(page) {
  check((await page.inputValue("#sign-broker")).startsWith("ws://127.0.0.1"), "the broker of the address line is not offered");
  await signIn(page, "guessed");
  await reads(page, "#sign-wrong", "password is wrong");
  check(
    (await page.evaluate(() => JSON.stringify(sessionStorage) + JSON.stringify(localStorage))).includes("guessed") === false,
    "a wrong password is kept",
  );
  await page.fill("#sign-broker", "http://127.0.0.1/");
  await page.click(".sign-in button[type=submit]");
  await reads(page, "#sign-wrong", "no broker address");
  await page.reload();
  await page.fill("#sign-venue", "Arena");
  await signIn(page);
  await reads(page, "#sign-wrong", "name of a venue");
  await page.fill("#sign-venue", "");
  await signIn(page);
  await seen(page, ".tile");
  const kept = await page.evaluate(() => ({ tab: JSON.stringify(sessionStorage), device: JSON.stringify(localStorage) }));
  check(kept.tab.includes(kUsers.ops) && !kept.device.includes(kUsers.ops), "the password is not kept in the tab alone");
}

async function board(page, venue) {
  await reads(page, ".stat-inside b", "41,280");
  await reads(page, ".headline", "All gates work");
  const [first] = venue.gates;
  await venue.status(first, { state: "lost", boot: "00000000000000ff", time: undefined, clock: undefined }); // a late will
  await venue.health(venue.gates[2], { ledger: "failing", ledger_trouble: "No space left." });
  await reads(page, ".tile:first-child .sentence", "Nobody is admitted");
  check((await page.locator(".tile:first-child h3 a").textContent()) === venue.gates[2], "the gate in trouble is not the first");
  await reads(page, ".tile .state", "online");
  check((await page.locator(".tile[data-state=lost]").count()) === 0, "a late will is believed");
  await page.fill("#filter", "west");
  await page.waitForFunction(() => document.querySelectorAll(".tile").length === 1, null, { timeout: 40_000 });
  await page.fill("#filter", "");
  await page.locator(`.tile h3 a[href="#gate/${first}"]`).focus();
  await venue.health(venue.gates[2]);
  await reads(page, ".headline", "All gates work");
  check(
    (await page.evaluate(() => document.activeElement.getAttribute("href"))) === `#gate/${first}`,
    "sorting takes the focus away",
  );
}

async function gateOf(page, venue) {
  const gate = venue.gates[1];
  await page.keyboard.press("Tab");
  await go(page, `gate/${gate}`);
  await reads(page, ".gate h2", gate);
  await page.waitForFunction(() => document.querySelectorAll(".scans tbody tr").length === 6, null, { timeout: 40_000 }); // asked of the collector
  check(venue.asked.at(-1).ask === "recent" && venue.asked.at(-1).gate === gate, "the last scans were not asked for");
  const admitted = await venue.entry(gate);
  await venue.passage(gate, admitted.seq);
  await venue.forged(gate);
  await reads(page, ".scans tr:first-child", "This is not a valid ticket: forged or altered");
  await reads(page, ".scans tr:nth-child(2)", "entered");
  const id = await page.locator(".scans tr:nth-child(2) .id").textContent();
  check(admitted.ticket.startsWith(id) && id.length === 8, "a ticket's id is not shortened");
  await page.click(".card-scans button");
  await venue.entry(gate);
  await reads(page, ".card-scans button", "New ones: 1");
  check((await page.locator(".scans tbody tr").count()) === 8, "a held list goes on");
  await venue.raw(`${gate}/entry`, "{", false);
  await page.click(".card-scans button");
  await page.waitForFunction(() => document.querySelectorAll(".scans tbody tr").length === 9, null, { timeout: 40_000 });
}

async function alarms(page, venue) {
  const gate = venue.gates[0];
  await go(page, "alarms");
  await reads(page, ".headline", "No alarm");
  await venue.alarm(gate, "disk-low", { severity: "warning" });
  await venue.alarm(gate, "ledger-failing", { severity: "critical", detail: "The ledger stores no entries." });
  await reads(page, ".group-open li:first-child", "Nobody is admitted");
  await page.locator(".group-open li:first-child button").click();
  await page.click("dialog button[type=submit]");
  await reads(page, "dialog .wrong", "your name");
  await page.fill("#person", "Ada <b>");
  await page.click("dialog button[type=submit]");
  await reads(page, ".group-taken li", "Ada <b> is on it");
  await page.waitForFunction(() => document.activeElement.closest(".group-taken li"), null, { timeout: 40_000 });
  const [asked] = venue.asked.filter((one) => one.ask === "acknowledge");
  check(
    asked.alarm === `${gate}/ledger-failing` && asked.person === "Ada <b>" && asked.since.endsWith("Z"),
    "another alarm was acknowledged",
  );
  check((await page.locator(".group-open li").count()) === 1, "an acknowledged alarm is still open");
  await venue.alarm(gate, "ledger-failing", { state: "cleared", severity: "critical", since: undefined });
  await reads(page, ".group-over li", "Nobody is admitted");
  await venue.raw(`${gate}/alarm/ledger-failing`, "");
  await gone(page, ".group-over li");
}

async function search(page, venue) {
  await go(page, "search");
  await page.fill("#ticket", "xyz");
  await page.keyboard.press("Enter");
  await reads(page, ".said", "8 to 32 digits");
  await page.fill("#ticket", "00000000");
  await page.keyboard.press("Enter");
  await reads(page, ".said", "No ticket");
  await page.fill("#ticket", ` ${ticketOf(5).slice(0, 8).toUpperCase()} `);
  await page.keyboard.press("Enter");
  await reads(page, ".ticket .pills", "Inside");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(".ticket button")]);
  check((await readFile(await download.path(), "utf8")).includes(ticketOf(5)), "the receipt is another one");
  venue.answers.ticket = () => ({ ok: false, error: "The <i>store</i> cannot be read." });
  await page.click(".search-form button");
  await reads(page, ".said", "The <i>store</i> cannot be read.");
}

async function restart(page, venue, broker) {
  await go(page, "board");
  await broker.stop();
  await reads(page, ".banner[data-name=link]", "What you see is of");
  await reads(page, "#spoken", "The connection is lost");
  check((await page.locator(".tile").count()) === venue.gates.length, "what was known is gone with the connection");
  await reads(page, ".tile .as-of", "as of");
  await broker.start();
  await gone(page, ".banner[data-name=link]");
  while (!venue.client.connected) await new Promise((done) => venue.client.once("connect", done));
  await venue.occupancy(42_000);
  await reads(page, ".stat-inside b", "42,000");
}

async function hostile(page, venue) {
  const [a] = venue.gates;
  const evil = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>";
  const bad = [
    "{",
    "[".repeat(30_000),
    "null",
    '{"v":1}',
    '{"v":9,"state":"online"}',
    `{"v":1,"state":"${"x".repeat(5000)}"}`,
    "\u0000\u0001",
    `{"v":1,"__proto__":{"state":"online"}}`,
  ];
  const topics = [
    `${a}/status`,
    `${a}/health`,
    `${a}/count`,
    `${a}/info`,
    `${a}/lane/a`,
    `${a}/alarm/evil`,
    "_ops/status",
    "_ops/gates",
    "_ops/occupancy",
    "_ops/flow",
    "_ops/forecast/9",
    "_ops/conflicts",
    "_ops/acknowledged",
    "_ops/alarm/evil",
    "_ops/answer/nobody",
    "UPPER/status",
  ];
  await Promise.all(topics.flatMap((topic) => bad.map((payload) => venue.raw(topic, payload, false, 0))));
  await venue.alarm("_ops", "roof-open", { severity: "critical", detail: evil + "\u202e".repeat(50) });
  await venue.occupancy(9e15);
  await venue.ops("occupancy", {
    total: { inside: 9007199254740991, entered: 1e308, left: -7, capacity: 1 },
    areas: [{ area: 1, name: evil, inside: 5, capacity: 4 }],
  });
  await venue.forecast(7, evil);
  await venue.ops("forecast/8", {
    name: "huge",
    step_s: 1e-9,
    from: "2026-05-01T18:00:00Z",
    past: [1e300, -1],
    coming: [[1], [1, 2, 3]],
  });
  await venue.health(a, { readers: [venue.reader("a", { name: evil, state: "failed", detail: evil })], outbox_depth: 1e300 });
  await venue.lane(a, "a", { mode: evil, state: evil, last_event: evil });
  const places = {
    board: ".tile",
    venue: ".area",
    [`gate/${a}`]: ".troubles li",
    alarms: ".alarm-text",
    wall: ".tile",
  };
  for (const [view, place] of Object.entries(places)) {
    await go(page, view);
    await reads(page, place, "<img src=x"); // it is there, as text
    if (place === ".troubles li") {
      await seen(page, ".scans tbody tr");
      await venue.say(`${a}/entry`, venue.made(a, { kind: "act", act: evil, person: evil }), false);
      await reads(page, ".scans tr:first-child", "by <img src=x");
    }
    if (view === "venue") await reads(page, ".area", "9,007,199,254,740,991");
    check((await page.locator("main img, main script").count()) === 0, `${view}: text became elements`);
    check(!(await page.evaluate(() => window.hacked)), `${view}: a text ran as a script`);
  }
}

const [broker, web] = [await new Broker().open(), await serve(built.page)];
const browser = await launch(chromium);
const venue = await new PlayedVenue(built.mqtt, broker).open();
try {
  await venue.evening();
  const page = await openPage(browser, web, broker, { errors: wrong });
  for (const part of [links, signing, board, gateOf, alarms, search, restart, hostile]) {
    const begin = Date.now();
    await part(page, venue, broker);
    console.log(`${part.name}: ${Date.now() - begin} ms`);
  }
  await page.click(".settings .round:last-child");
  await seen(page, "#sign-user");
  check((await page.evaluate(() => sessionStorage.length)) === 0, "the account or the person is kept after signing out");
} finally {
  await browser.close();
  await venue.close();
  await broker.close();
  web.close();
  for (const what of wrong) console.log(what);
}
console.log(`${wrong.length} mistakes`);
process.exitCode = wrong.length === 0 ? 0 : 1;
