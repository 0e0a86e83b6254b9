// SPDX-License-Identifier: Apache-2.0
// A large venue at full speed: 200 gates, 50 messages a second. The page's memory stays flat, and it never stands still.
// Usage: node dashboard_load.mjs DASHBOARD_FOLDER BROWSER_FOLDER [SECONDS] [MESSAGES_A_SECOND]. Exit code 77: the tools are not there.
import { launch, pause, tools } from "./stage.mjs";
import { Broker, dashboard, go, openPage, reads, seen, serve, signIn } from "./dashboard_stage.mjs";
import { PlayedVenue } from "./played_venue.mjs";

const [folder, browserFolder, seconds = "1800", rate = "50"] = process.argv.slice(2);
const chromium = tools(browserFolder);
const built = dashboard(folder);
const kLongestTask = 200; // ms
const kGrowth = 1.15; // of the heap, from the first look to the last
const kViews = ["board", "gate/north-1", "venue", "alarms", "wall"];
const wrong = [];

// One of what gates and collector say, in the shares of a busy evening.
function messageOf(venue, i) {
  const gate = venue.gates[i % venue.gates.length];
  const busy = "north-1";
  switch (i % 10) {
    case 0:
      return venue.occupancy(30_000 + (i % 20_000));
    case 1:
      return venue.flow();
    case 2:
    case 3:
      return venue.health(gate, { scans: i, outbox_depth: i % 7 });
    case 4:
      return venue.count(gate, { admitted: i, entered: i });
    case 5:
      return venue.lane(gate, "a", { counts: { entered: i, left: 0, released: 1, free: 0, events: 0 } });
    case 6:
      return i % 400 === 6
        ? venue.alarm(gate, "disk-low", { severity: "warning", state: i % 800 === 6 ? "raised" : "cleared" })
        : venue.entry(busy);
    case 7:
      return i % 600 === 7 ? venue.forecast() : venue.entry(busy, { verdict: "refuse", reason: "USED" });
    default:
      return i % 2 ? venue.passage(busy, venue.seq) : venue.entry(busy);
  }
}

async function heapOf(session) {
  for (let i = 0; i < 2; ++i) await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const { nodes } = await session.send("Memory.getDOMCounters");
  return { bytes: usedSize, nodes };
}

/** The longest task of the page since the last question, in ms. */
const longest = (page) =>
  page.evaluate(() => {
    const most = Math.max(0, ...window.tasks.splice(0));
    return Math.round(most);
  });

async function run(page, session, venue) {
  await page.evaluate(() => {
    window.tasks = [];
    new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({
      entryTypes: ["longtask"],
    });
  });
  const begin = performance.now();
  const end = begin + 1000 * Number(seconds);
  const looks = [];
  let [sent, turn, most, lost] = [0, 0, 0, 0];
  const step = Math.max(4000, Math.min(60_000, (1000 * Number(seconds)) / 10));
  while (performance.now() < end) {
    const until = performance.now() + step;
    while (performance.now() < until) {
      const due = ((performance.now() - begin) / 1000) * Number(rate);
      while (sent < due) messageOf(venue, sent++).catch(() => (lost += 1));
      await pause(20);
    }
    const task = await longest(page);
    most = Math.max(most, task);
    if (turn > 0) looks.push(await heapOf(session));
    await longest(page); // collecting garbage is our doing
    await go(page, kViews[++turn % kViews.length]);
    const { bytes, nodes } = looks.at(-1) ?? { bytes: 0, nodes: 0 };
    console.log(
      `${Math.round((performance.now() - begin) / 1000)} s: ${sent} messages, heap ${(bytes / 2 ** 20).toFixed(1)} MiB, ${nodes} nodes, longest task ${task} ms`,
    );
  }
  return { sent, looks, most, lost };
}

/** What is said last is shown: all that came before it has been taken, in order. */
async function arrives(page, venue) {
  await go(page, "board");
  await venue.occupancy(54_321);
  await reads(page, ".stat-inside b", "54,321");
  await go(page, "gate/north-1");
  await seen(page, ".scans tbody tr"); // the collector was asked: the gate's entries are subscribed to
  const last = await venue.entry("north-1");
  await reads(page, ".scans tr:first-child .id", last.ticket.slice(0, 8));
}

const [broker, web] = [await new Broker().open(), await serve(built.page)];
const browser = await launch(chromium);
const venue = await new PlayedVenue(built.mqtt, broker, 200).open();
try {
  await venue.evening();
  const page = await openPage(browser, web, broker, { errors: wrong });
  await signIn(page);
  await seen(page, ".tile");
  await reads(page, ".stat-working", "200");
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.enable");
  const { sent, looks, most, lost } = await run(page, session, venue);
  await arrives(page, venue);
  if (lost > 0) wrong.push(`${lost} messages could not be sent`);
  // Views differ in what they hold: each is compared with itself.
  for (let view = 0; view < kViews.length; ++view) {
    const same = looks.filter((_, i) => i % kViews.length === view);
    if (same.length < 2) continue;
    const growth = same.at(-1).bytes / same[0].bytes;
    if (growth > kGrowth) wrong.push(`the heap grew by ${Math.round(100 * (growth - 1))} %`);
  }
  if (most > kLongestTask) wrong.push(`the page stood still for ${most} ms`);
  console.log(
    `${sent} messages in ${seconds} s; longest task ${most} ms; heap ${looks.map((l) => (l.bytes / 2 ** 20).toFixed(1)).join(", ")} MiB`,
  );
} finally {
  await browser.close();
  await venue.close();
  await broker.close();
  web.close();
  for (const what of wrong) console.log(what);
}
process.exitCode = wrong.length === 0 ? 0 : 1;
