// SPDX-License-Identifier: Apache-2.0
// What the dashboard says: both languages have all words, and one for everything that the specifications name.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
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

test("every word that the page asks for is there", () => {
  const sources = [
    "frame",
    "main",
    "words",
    "views/alarms",
    "views/board",
    "views/gate",
    "views/search",
    "views/sign_in",
    "views/tile",
    "views/venue",
  ];
  for (const source of sources) {
    for (const [, key] of read(`sync/dashboard/src/${source}.js`).matchAll(/\bt\("([\w.-]+)"/g))
      assert.ok(key in tables.en, `${source}: ${key}`);
  }
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
