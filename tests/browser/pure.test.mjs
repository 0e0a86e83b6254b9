// SPDX-License-Identifier: Apache-2.0
// What the dashboard knows and says, without a browser: node --test pure.test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";
import * as check from "../../sync/dashboard/src/check.js";
import { curve, perMinute } from "../../sync/dashboard/src/curves.js";
import { entry, flow, forecast, health, occupancy } from "../../sync/dashboard/src/messages.js";
import { kMostScans, Scans } from "../../sync/dashboard/src/scans.js";
import { judgeAll, kCritical, kFine, kNote, kWarning } from "../../sync/dashboard/src/trouble.js";
import { kMostGates, Venue } from "../../sync/dashboard/src/venue.js";
import { Words } from "../../sync/dashboard/src/words.js";

const kNow = Date.parse("2026-05-01T18:00:00Z");
const iso = (ms) => new Date(ms).toISOString();

function opened() {
  const venue = new Venue("arena");
  venue.connected(kNow - 60_000);
  const say = (topic, message, retained = false, now = kNow, expiry = undefined) =>
    venue.apply(
      topic.split("/"),
      typeof message === "string" ? message : JSON.stringify({ v: 1, time: iso(now), ...message }),
      retained,
      now,
      expiry,
    );
  say("north/status", { state: "online", boot: "00000000000000aa", clock: "synced" });
  const verdict = (now = kNow) => judgeAll(venue, now).get("north");
  return { venue, say, verdict };
}
const keysOf = (verdict) => verdict.list.map((row) => row.key);

// ---- hostile messages

test("text loses controls and what turns its direction, and is cut", () => {
  assert.equal(check.text("a\u202eb\u0000c\u2066d"), "a b c d");
  assert.equal(check.text("x".repeat(1e6)).length, 300);
  assert.equal(check.text({ toString: () => "x" }), null);
});

test("numbers that are none are not known", () => {
  for (const bad of [NaN, Infinity, -1, 1.5, 1e300, "7", null, {}, 2 ** 60]) assert.equal(check.count(bad), null);
  assert.equal(check.time("2026-13-45T99:99:99Z"), null);
  assert.equal(check.time("yesterday"), null);
});

test("an address of a broker holds no user of its own", () => {
  assert.equal(check.broker("wss://ops.arena.example/mqtt").hostname, "ops.arena.example");
  assert.equal(check.broker("ws://[::1]:9001/").port, "9001");
  for (const bad of [
    "ops.arena/mqtt",
    "",
    null,
    "http://ops.arena/",
    "wss://",
    "wss://ops:secret@ops.arena/",
    "wss://ops@ops.arena/",
    "wss://:secret@ops.arena/",
    "wss://ops.arena/mqtt?clientId=gate",
    "javascript:alert(1)",
  ])
    assert.equal(check.broker(bad), null, bad);
});

test("messages that are no messages change nothing", () => {
  const { venue, say } = opened();
  const bad = [
    "{",
    "[]",
    "null",
    "7",
    '"x"',
    "[".repeat(50_000),
    '{"v":2,"state":"offline"}',
    '{"state":"offline"}',
    '{"v":1,"state":"gone"}',
    '{"v":1,"state":{"a":1}}',
    "x".repeat(100_000),
  ];
  for (const payload of bad) say("north/status", payload);
  assert.equal(venue.gates.get("north").status.state, "online");
});

test("topics of nobody make no gates", () => {
  const { venue, say } = opened();
  for (const topic of [
    "North/status",
    "../status",
    "a b/status",
    "__proto__/status",
    "x/unknown",
    "x/lane/B",
    "x/health/y",
    "_ops/gates/x",
    "_ops/__proto__",
  ])
    say(topic, { state: "online", gates: [] });
  assert.deepEqual([...venue.gates.keys()], ["north"]);
});

test("every reader of messages survives every kind of value", () => {
  const values = [null, 0, -1, 1e308, "", "x", [], [[]], [null], {}, { a: [] }, true, "\ud800", [1, "2", {}]];
  const fields = [
    "state",
    "from",
    "gates",
    "readers",
    "revocations",
    "refused",
    "total",
    "areas",
    "past",
    "coming",
    "expected",
    "full_at",
    "step_s",
    "flags",
    "alarms",
    "last",
    "lanes",
    "counts",
    "name",
    "time",
    "since",
  ];
  const { venue } = opened();
  const topics = ["status", "info", "health", "count", "lane/a", "alarm/x"]
    .map((t) => `north/${t}`)
    .concat(
      ["status", "gates", "occupancy", "flow", "forecast/1", "conflicts", "acknowledged", "alarm/y"].map((t) => `_ops/${t}`),
    );
  for (const topic of topics) {
    for (const field of fields) {
      for (const value of values)
        venue.apply(
          topic.split("/"),
          JSON.stringify({ v: 1, time: iso(kNow), from: iso(kNow), state: "online", [field]: value }),
          false,
          kNow,
        );
    }
  }
  judgeAll(venue, kNow);
});

test("lists are bounded", () => {
  const { venue, say } = opened();
  for (let i = 0; i < 3000; ++i) {
    say(`gate-${i}/status`, { state: "online" });
    say(`north/lane/l${i}`, { mode: "normal" });
    say(`north/alarm/a${i}`, { state: "raised" });
    say(`_ops/forecast/${i}`, {});
  }
  assert.equal(venue.gates.size, kMostGates);
  assert.ok(venue.gates.get("north").lanes.size <= 64 && venue.alarms.size <= 1000 && venue.forecasts.size <= 50);
  assert.ok(forecast({ from: iso(kNow), step_s: 60, past: new Array(1e5).fill(1) }).past.length <= 2000);
  assert.equal(
    flow({ from: iso(kNow), gates: [{ gate: "a", entered: new Array(500).fill(3), left: "x" }] }).gates.get("a").entered.length,
    60,
  );
  assert.ok(health({ readers: new Array(1000).fill({ name: "a" }) }).readers.length <= 64);
});

test("a full list of alarms has room for a fire", () => {
  const { venue, say } = opened();
  const open = { state: "raised", severity: "warning", since: iso(kNow) };
  say("north/alarm/was", { ...open, state: "cleared" });
  for (let i = 0; i < 999; ++i) say(`north/alarm/w${i}`, open);
  say("north/alarm/lane-a-fire", { ...open, severity: "critical" });
  assert.equal(venue.over(kNow).length, 0, "what is over goes first");
  assert.equal(venue.unshown.size, 0);
  say("north/alarm/lane-b-fire", { ...open, severity: "critical" });
  assert.deepEqual([...venue.unshown], ["north/w0"]);
  assert.equal(venue.alarms.size, 1000);
  say("north/alarm/over", { ...open, state: "cleared" });
  assert.ok(!venue.alarms.has("north/over") && venue.unshown.size === 1, "one that is over is not missed");
  say("north/alarm/w0", { ...open, state: "cleared" });
  assert.equal(venue.unshown.size, 0);
  for (let i = 0; i < 1200; ++i) say(`north/alarm/c${i}`, { ...open, severity: "critical" });
  say("north/alarm/late", open);
  assert.ok(venue.alarms.has("north/c1199") && !venue.alarms.has("north/late"));
  assert.equal(venue.unshown.size, 998 + 202 + 1);
  say("north/alarm/late", "");
  assert.equal(venue.unshown.size, 998 + 202);
  venue.connected(kNow + 1000);
  assert.equal(venue.unshown.size, 0, "all that is retained comes again");
});

test("an area without a number of people is left out", () => {
  assert.deepEqual(occupancy({ areas: [{ area: 1, inside: -4 }, { area: 2, inside: "many" }, null, 7] }).areas, []);
});

test("the curves of a forecast meet at what has arrived by now", () => {
  const f = { from: iso(kNow), step_s: 60, time: iso(kNow + 150_000), arrived: 9, past: [2, 5], coming: [[12, 10, 14]] };
  const from = kNow / 1000;
  assert.deepEqual(curve(forecast(f)), [
    [from, from + 60, from + 120, from + 150, from + 180],
    [0, 2, 5, 9, null],
    [null, null, null, 9, 14],
    [null, null, null, 9, 10],
    [null, null, null, 9, 12],
  ]);
  assert.equal(curve(forecast({ ...f, time: iso(kNow + 999_000) }))[0].length, 4, "an old one has no now");
  assert.equal(curve(forecast({ ...f, arrived: "many" }))[0].length, 4);
});

test("the running minute counts where it is already more", () => {
  const minutes = new Array(60).fill(7);
  assert.equal(perMinute([...minutes.slice(0, 59), 3]), 7);
  assert.equal(perMinute([...minutes.slice(0, 59), 30]), 30);
});

// ---- what the venue remembers

test("a will of an earlier connection is ignored", () => {
  const { venue, say } = opened();
  assert.equal(say("north/status", { state: "lost", boot: "00000000000000bb" }), false);
  assert.equal(venue.gates.get("north").status.state, "online");
  say("north/status", { state: "lost", boot: "00000000000000aa" });
  assert.equal(venue.gates.get("north").status.state, "lost");
});

test("an old will of the collector is ignored too", () => {
  const { venue, say } = opened();
  say("_ops/status", { state: "online", boot: "00000000000000c1" });
  say("_ops/status", { state: "lost", boot: "00000000000000c0" });
  assert.equal(venue.collectorThere(), true);
});

test("a gate that is lost and yet reports is there", () => {
  const { say, verdict } = opened();
  say("north/status", { state: "lost", boot: "00000000000000aa" });
  assert.deepEqual(keysOf(verdict()), ["lost"]);
  say("north/health", { clock: "synced" });
  assert.deepEqual(keysOf(verdict()), []);
});

test("an empty message deletes", () => {
  const { venue, say } = opened();
  say("north/alarm/disk-low", { state: "raised", since: iso(kNow) });
  say("north/lane/a", { mode: "normal" });
  say("north/alarm/disk-low", "");
  say("north/lane/a", "");
  assert.equal(venue.raised().length + venue.gates.get("north").lanes.size, 0);
  say("north/status", "");
  assert.equal(venue.gates.size, 0);
});

test("what was deleted while there was no connection goes when its owner is back", () => {
  const { venue, say } = opened();
  say("north/alarm/disk-low", { state: "raised", since: iso(kNow) });
  venue.connected(kNow + 1000);
  venue.sweep(kNow + 60_000);
  assert.equal(venue.raised().length, 1, "its gate has not come back yet");
  say("north/status", { state: "online", boot: "00000000000000ab" }, true, kNow + 61_000);
  venue.sweep(kNow + 62_000);
  assert.equal(venue.raised().length, 1, "the rest may still come");
  venue.sweep(kNow + 90_000);
  assert.equal(venue.raised().length, 0);
});

test("the age of a kept message is by its own time and the venue's clock", () => {
  const { venue, say } = opened();
  say("_ops/occupancy", { time: iso(kNow - 3_600_000), total: { inside: 1 } }); // this device is an hour ahead
  say("north/health", { time: iso(kNow - 3_600_000 - 25_000) }, true);
  assert.equal(venue.age(venue.gates.get("north").health, kNow), 25_000);
  say("north/health", { time: iso(0) }, false);
  assert.equal(venue.age(venue.gates.get("north").health, kNow + 4000), 4000, "a live one came when it came");
});

test("the numbers of a collector that says no more are of the time when it last did", () => {
  const { venue, say, verdict } = opened();
  const many = { gate: "north", entered: new Array(60).fill(10), left: [], refused: new Array(60).fill(90) };
  const from = kNow - 3_600_000;
  say("north/health", {});
  say("_ops/occupancy", { time: iso(kNow - 1_800_000), total: { inside: 1 } }, true);
  assert.equal(venue.staleSince(kNow), kNow - 1_800_000);
  say("_ops/flow", { time: iso(kNow - 30_000), from: iso(from), gates: [many] }, true);
  assert.equal(venue.staleSince(kNow), null, "people who stay where they are change nothing for a while");
  assert.deepEqual(keysOf(verdict()), ["refusals"]);
  const later = kNow + 121_000;
  say("north/health", {}, false, later);
  assert.equal(venue.staleSince(later), kNow);
  assert.deepEqual(keysOf(verdict(later)), []);
});

test("what a collector says again does not turn the venue's clock back", () => {
  const { venue, say } = opened();
  say("_ops/flow", { from: iso(kNow - 3_600_000) });
  say("_ops/occupancy", { time: iso(kNow - 2_400_000), total: { inside: 1 } });
  assert.equal(venue.offset, 0);
  say("_ops/flow", { time: iso(kNow), from: iso(kNow - 3_600_000) }, false, kNow + 50_000);
  assert.equal(venue.offset, 0, "the same minute, said again");
  say("_ops/flow", { time: iso(kNow), from: iso(kNow - 3_540_000) }, false, kNow + 90_000);
  assert.equal(venue.offset, 90_000, "this device's clock was set");
});

test("a silence is dated by the venue's clock", () => {
  const { say, verdict } = opened();
  say("_ops/occupancy", { time: iso(kNow - 3_600_000), total: { inside: 1 } }); // this device is an hour ahead
  say("north/health", { time: iso(kNow - 3_600_000) });
  assert.equal(verdict(kNow + 40_000).list[0].args.at, kNow - 3_600_000);
});

test("an acknowledgement is for one raise only", () => {
  const { venue, say } = opened();
  say("north/alarm/disk-low", { state: "raised", since: iso(kNow - 9000) });
  say("_ops/acknowledged", { alarms: [{ alarm: "north/disk-low", since: iso(kNow - 9000), person: "Ada", time: iso(kNow) }] });
  assert.equal(venue.personOf(venue.raised()[0]).person, "Ada");
  say("north/alarm/disk-low", { state: "raised", since: iso(kNow - 1000) });
  assert.equal(venue.personOf(venue.raised()[0]), null);
});

test("a cleared alarm is over for an hour, and knows since when it was", () => {
  const { venue, say } = opened();
  say("north/alarm/disk-low", { state: "raised", since: iso(kNow - 9000) });
  say("north/alarm/disk-low", { state: "cleared" });
  assert.equal(venue.raised().length, 0);
  assert.equal(venue.over(kNow)[0].sinceTime, kNow - 9000);
  assert.equal(venue.over(kNow + 3_700_000).length, 0);
});

test("the critical alarms come first, then the newest", () => {
  const { venue, say } = opened();
  say("north/alarm/disk-low", { state: "raised", severity: "warning", since: iso(kNow) });
  say("north/alarm/ledger-failing", { state: "raised", severity: "critical", since: iso(kNow - 9000) });
  say("north/alarm/fire-input-gone", { state: "raised", severity: "critical", since: iso(kNow - 1000) });
  assert.deepEqual(
    venue.raised().map((a) => a.code),
    ["fire-input-gone", "ledger-failing", "disk-low"],
  );
});

// ---- what is wrong

test("a gate of which nothing is wrong is fine", () => {
  const { say, verdict } = opened();
  say("north/health", {
    clock: "synced",
    ledger: "ok",
    revocations: { generation: 3, age_s: 60 },
    outbox_depth: 3,
    readers: [{ name: "a", state: "working" }],
  });
  assert.equal(verdict().level, kFine);
});

test("each trouble has its level", () => {
  const cases = [
    [{ ledger: "failing" }, "ledger", kCritical],
    [{ ledger_damage: "row 7" }, "damage", kWarning],
    [{ bad_rows: 2 }, "bad-rows", kWarning],
    [{ clock: "wrong" }, "clock-wrong", kWarning],
    [{ clock_doubt: "ahead" }, "clock-doubt", kWarning],
    [{ clock: "unsynced" }, "clock-unsynced", kNote],
    [{ outbox_depth: 5000 }, "outbox", kNote],
    [{ revocations: { generation: 0 } }, "no-list", kNote],
    [{ revocations: { generation: 1, age_s: 200_000 } }, "old-list", kNote],
    [{ readers: [{ name: "a", state: "failed" }] }, "reader-failed", kWarning],
    [{ readers: [{ name: "a", state: "absent" }] }, "reader-absent", kWarning],
    [{ readers: [{ name: "a", state: "degraded" }] }, "reader-degraded", kNote],
  ];
  for (const [health, key, level] of cases) {
    const { say, verdict } = opened();
    say("north/health", { clock: "synced", ledger: "ok", ...health });
    assert.deepEqual(
      verdict().list.map((row) => [row.key, row.level]),
      [[key, level]],
    );
    for (const language of ["en", "zh"])
      assert.doesNotMatch(
        new Words(language).trouble(verdict().list[0], kNow, () => null),
        /trouble\.|\{/,
      );
  }
});

test("three periods of silence are critical", () => {
  const { say, verdict } = opened();
  say("north/health", { clock: "synced" });
  assert.deepEqual(keysOf(verdict(kNow + 29_000)), []);
  assert.deepEqual(keysOf(verdict(kNow + 31_000)), ["silent"]);
});

test("a gate whose health has left the broker is no working gate", () => {
  const { venue, say, verdict } = opened();
  say("north/status", { state: "online", boot: "00000000000000aa" }, true);
  assert.deepEqual(keysOf(verdict(kNow + 29_000)), []);
  assert.deepEqual(keysOf(verdict(kNow + 31_000)), ["silent"]);
  assert.equal(verdict(kNow + 31_000).level, kCritical);
  venue.connected(kNow + 32_000);
  assert.deepEqual(keysOf(verdict(kNow + 33_000)), [], "after a connection it has its time again");
});

test("a gate that reports every minute is silent after three of them", () => {
  const { venue, say, verdict } = opened();
  say("north/health", {}, false, kNow, 180);
  assert.deepEqual(keysOf(verdict(kNow + 179_000)), []);
  assert.deepEqual(keysOf(verdict(kNow + 181_000)), ["silent"]);
  assert.match(
    new Words("en").trouble(verdict(kNow + 181_000).list[0], kNow, () => null),
    /every 60 s\.$/,
  );
  say("north/health", { time: iso(kNow - 100_000) }, true, kNow, 80); // the broker keeps it for 80 s more
  assert.equal(venue.gates.get("north").period, 60_000);
});

test("without an expiry the period is that of the last two live messages", () => {
  const { venue, say } = opened();
  const { period } = venue.gates.get("north");
  say("north/health", { time: iso(kNow - 3_600_000) }, true);
  assert.equal(venue.gates.get("north").period, period);
  say("north/health", {}, false, kNow);
  say("north/health", {}, false, kNow + 60_000);
  assert.equal(venue.gates.get("north").period, 60_000);
  say("north/health", {}, false, kNow + 60_500);
  assert.equal(venue.gates.get("north").period, period, "never shorter than ten seconds");
  say("north/health", {}, false, kNow + 86_400_000);
  assert.equal(venue.gates.get("north").period, 600_000, "nor longer than ten minutes");
});

test("a reader in a state of a later version is no absent one", () => {
  const { say, verdict } = opened();
  say("north/health", { readers: [{ name: "a-qr", state: "dreaming" }, { name: "b-qr" }] });
  assert.deepEqual(keysOf(verdict()), []);
});

test("what a gate adds in English is apart from the sentence", () => {
  const { say, verdict } = opened();
  const words = new Words("zh");
  const parts = () => words.troubleAndDetail(verdict().list[0], kNow, () => null);
  say("north/health", { ledger: "failing", ledger_trouble: "No space left." });
  assert.deepEqual(parts(), ["无人可入场：账本无法写入。", "No space left."]);
  say("north/alarm/ledger-failing", { state: "raised", severity: "critical", detail: "It is full." });
  assert.equal(parts()[1], "It is full.");
});

test("a thing is said once, by its alarm", () => {
  const { say, verdict } = opened();
  say("north/health", {
    clock: "wrong",
    outbox_depth: 9999,
    readers: [
      { name: "a-qr", state: "failed" },
      { name: "b-qr", state: "failed" },
    ],
  });
  say("north/alarm/clock-wrong", { state: "raised", severity: "warning" });
  say("north/alarm/outbox-growing", { state: "raised", severity: "warning" });
  say("north/alarm/reader-lost-a-qr", { state: "raised", severity: "critical", reader: "a-qr" });
  const { list } = verdict();
  assert.deepEqual(
    list.filter((row) => row.key !== "alarm").map((row) => row.args.reader),
    ["b-qr"],
  );
});

test("an alarm that somebody is on sorts lower, and says who", () => {
  const { say, verdict } = opened();
  say("north/alarm/ledger-failing", { state: "raised", severity: "critical", since: iso(kNow) });
  assert.equal(verdict().level, kCritical);
  say("_ops/acknowledged", { alarms: [{ alarm: "north/ledger-failing", since: iso(kNow), person: "Ada" }] });
  assert.equal(verdict().level, kWarning);
  assert.match(
    new Words("en").trouble(verdict().list[0], kNow, () => null),
    /Ada is on it/,
  );
});

// ---- scans

const scan = (seq, more = {}) => entry({ epoch: "006900000100002a", seq, kind: "decision", verdict: "admit", ...more });

test("the last two hundred scans are kept, each once, by their number", () => {
  const scans = new Scans();
  for (const seq of [3, 1, 2, 2, 3]) scans.add(scan(seq));
  assert.deepEqual(
    scans.rows.map((row) => row.seq),
    [3, 2, 1],
  );
  for (let seq = 4; seq < 1000; ++seq) scans.add(scan(seq));
  assert.equal(scans.rows.length, kMostScans);
  assert.equal(scans.keys.size, kMostScans);
});

test("entries of an earlier ledger that come again lie below the present ones", () => {
  const [old, now, next] = ["0000000000000009", "0000000000000007", "0000000000000008"];
  const scans = new Scans();
  const rows = () => scans.rows.map((row) => `${row.epoch.slice(-1)}/${row.seq}`);
  scans.add(scan(5, { epoch: now }), now);
  scans.add(scan(900, { epoch: old }), now);
  scans.add(scan(6, { epoch: now }), now);
  scans.add(scan(901, { epoch: old }), now);
  assert.deepEqual(rows(), ["7/6", "7/5", "9/901", "9/900"]);
  scans.add(scan(1, { epoch: next, kind: "epoch", previous: { epoch: now } }), now); // its totals come later
  scans.add(scan(2, { epoch: next }), now);
  scans.add(scan(7, { epoch: now }), now);
  assert.deepEqual(rows(), ["8/2", "8/1", "7/7", "7/6", "7/5", "9/901", "9/900"]);
});

test("the totals say which ledger is the present one, whatever came first", () => {
  const scans = new Scans();
  for (const [epoch, seq] of [
    ["0000000000000007", 5],
    ["0000000000000009", 900],
  ])
    scans.add(scan(seq, { epoch }));
  scans.add(scan(6, { epoch: "0000000000000007" }), "0000000000000007");
  assert.deepEqual(
    scans.rows.map((row) => row.seq),
    [6, 5, 900],
  );
});

test("only rows that stay are counted, and epochs of nobody are forgotten", () => {
  const scans = new Scans();
  for (let seq = 1000; seq < 1200; ++seq) scans.add(scan(seq));
  for (let seq = 1; seq < 50; ++seq) scans.add(scan(seq));
  assert.equal(scans.arrived, 200);
  for (let i = 0; i < 5000; ++i) scans.add(scan(1, { epoch: i.toString(16).padStart(16, "0") }), "006900000100002a");
  assert.ok(scans.epochs.length <= kMostScans + 1, `${scans.epochs.length}`);
});

test("a passage finds its admission, whichever comes first", () => {
  const scans = new Scans();
  scans.add(entry({ epoch: "006900000100002a", seq: 8, kind: "passage", admission: 7, result: "entered" }));
  scans.add(scan(7));
  assert.equal(scans.outcomeOf(scans.rows[0]), "entered");
  assert.equal(scans.rows.length, 1);
});

test("entries that are none are no scans", () => {
  const scans = new Scans();
  for (const bad of [
    {},
    { epoch: "x", seq: 1 },
    { epoch: "006900000100002a", seq: -1 },
    { epoch: "006900000100002a", seq: 1, kind: "later" },
    { epoch: "006900000100002a", seq: 2, kind: { a: 1 } },
  ])
    scans.add(entry(bad));
  assert.equal(scans.rows.length, 0);
});
