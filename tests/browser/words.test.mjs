// SPDX-License-Identifier: Apache-2.0
// What the dashboard says: both languages have all words, and one for everything that the specifications name.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { alarmKind, kAlarmKinds } from "../../sync/dashboard/src/trouble.js";
import { tables, Words } from "../../sync/dashboard/src/words.js";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("both languages have the same words with the same blanks", () => {
  assert.deepEqual(Object.keys(tables.zh), Object.keys(tables.en));
  const blanks = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
  for (const key of Object.keys(tables.en)) {
    assert.deepEqual(blanks(tables.zh[key]), blanks(tables.en[key]), key);
    assert.notEqual(tables.zh[key].trim(), "", key);
  }
});

const src = new URL("../../sync/dashboard/src/", import.meta.url);
const sources = readdirSync(src, { recursive: true })
  .filter((path) => path.endsWith(".js") && !path.startsWith("words/"))
  .map((path) => ({ path, text: readFileSync(new URL(path, src), "utf8") }));
const all = (pattern) => sources.flatMap(({ path, text }) => [...text.matchAll(pattern)].map((found) => ({ path, found })));

// What the page puts together, `nav.${view}` and the like. Of words.word() every value may come, but for those named here.
const troubles = sources.find(({ path }) => path === "trouble.js").text.matchAll(/(?:key: |say\(k\w+, )"([a-z-]+)"/g);
const kMade = {
  "alarm.": [...kAlarmKinds, "other"],
  "alarms.": ["open", "taken", "over"],
  "board.": ["inside", "rate", "working", "alarms"],
  "forecast.": ["share-of-arrivals", "fitted-curve"],
  "level.": ["0", "1", "2", "3"],
  "link.": ["connecting", "online", "lost"],
  "nav.": ["board", "venue", "alarms", "search", "wall"],
  "set.sound.": ["on", "off"],
  "set.theme.": ["auto", "light", "dark"],
  "sign.": ["user", "password", "broker", "venue"],
  "tile.": ["refused", "list", "outbox", "readers", "clock"],
  "trouble.": [...[...troubles].map(([, key]) => key), "reader-failed", "reader-absent"].filter((key) => key !== "alarm"),
};

test("every word that the page asks for is there", () => {
  const groups = new Set(Object.keys(tables.en).map((key) => key.split(".")[0]));
  const asked = all(/(["'`])([a-z][a-z-]*(?:\.[a-z0-9-]+)+)\1/g).filter(({ found }) => groups.has(found[2].split(".")[0]));
  assert.ok(asked.length > 200, `${asked.length}`);
  for (const { path, found } of asked) assert.ok(found[2] in tables.en, `${path}: ${found[2]}`);
  for (const { path, found } of all(/`([a-z][\w.-]*\.)\$\{/g)) assert.ok(found[1] in kMade, `${path}: ${found[1]}`);
  for (const [group, names] of Object.entries(kMade)) {
    for (const name of names) assert.ok(`${group}${name}` in tables.en, `${group}${name}`);
  }
});

test("there is no word that nobody asks for", () => {
  const literals = new Set(all(/(["'`])([a-z][\w.-]*)\1/g).map(({ found }) => found[2]));
  const made = new Set(Object.entries(kMade).flatMap(([group, names]) => names.map((name) => group + name)));
  const groups = all(/\bword\("([\w.-]+)"/g).map(({ found }) => `${found[1]}.`).filter((group) => !(group in kMade));
  const isAsked = (key) => literals.has(key) || made.has(key) || groups.some((group) => key.startsWith(group));
  assert.deepEqual(
    Object.keys(tables.en).filter((key) => !isAsked(key)),
    [],
  );
});

test("every fault, event, medium and mode of the specification has words", () => {
  const topics = read("sync/TOPICS.md");
  const rows = {
    fault: /\| `fault` \|.*/,
    medium: /\| `medium` \|.*/,
    event: /\*\*`lane`\*\*.*?`event` text \(([^)]*)\)/,
    act: /\*\*`act`\*\*.*?`act` text \(([^)]*)\)/,
    result: /\| `result` \|.*/,
    flag: /\| `flags` \|.*/,
  };
  for (const [group, row] of Object.entries(rows)) {
    const found = topics.match(row);
    assert.ok(found, group);
    const words = [...(found[1] ?? found[0].split("|").slice(2).join("|")).matchAll(/`([a-z-]+)`/g)].map((m) => m[1]);
    assert.ok(words.length >= 4, group);
    for (const word of words) assert.ok(`${group}.${word}` in tables.en, `${group}.${word}`);
  }
});

// The codes of both tables of alarms.
function specifiedAlarms() {
  const codes = [
    ...`${read("sync/TOPICS.md")}\n${read("sync/OPS.md")}`.matchAll(
      /^\| `([a-z-]+(?:\{[a-z]+\}[a-z-]*)?)` \| (critical|warning) \|/gm,
    ),
  ];
  return codes.map(([, code, severity]) => ({ code, severity }));
}

test("every alarm of the specifications has a sentence in both languages", () => {
  const alarms = specifiedAlarms();
  assert.ok(alarms.length >= 24, `${alarms.length}`);
  for (const { code } of alarms) {
    const { kind } = alarmKind(code.replace(/\{ticket\}/, "00112233445566ff").replace(/\{\w+\}/, "x-1"));
    assert.notEqual(kind, "other", code);
  }
  for (const kind of [...kAlarmKinds, "other"]) assert.ok(`alarm.${kind}` in tables.en, kind);
});

test("an unknown alarm is named by its code", () => {
  assert.equal(
    new Words("en").alarm({ code: "roof-open" }, () => null),
    "Alarm: roof-open.",
  );
});

test("a lane's name may hold the words of alarms", () => {
  assert.deepEqual(alarmKind("lane-fire-lane-tamper"), { kind: "lane-tamper", what: "fire-lane" });
});

test("a blank is never filled twice", () => {
  assert.equal(new Words("en").t("trouble.taken", { sentence: "{person}", person: "Ada" }), "{person} Ada is on it.");
});
