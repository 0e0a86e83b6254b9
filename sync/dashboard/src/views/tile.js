// SPDX-License-Identifier: Apache-2.0
// One gate as a tile: what is wrong in a sentence, then how it flows, then what is behind it.
import { drawSpark, spark } from "../charts.js";
import { perMinute } from "../curves.js";
import { attr, h, icon, keyed, put, show } from "../dom.js";
import { lately } from "../trouble.js";

export const kIcons = ["ok", "note", "warning", "critical"];
const kMostLanes = 6;
const kFacts = ["refused", "list", "outbox", "readers", "clock"];

/** The levels as shapes and a word for those who do not see them. */
export function mark(words) {
  const hidden = h("span", { class: "unseen" });
  const node = h("span", { class: "mark" }, ...kIcons.map((name) => icon(name)), hidden);
  node.set = (level) => {
    attr(node, "data-level", level);
    put(hidden, `${words.t(`level.${level}`)}: `);
  };
  return node;
}

export function makeTile(gate, words) {
  const p = {
    mark: mark(words),
    link: h("a", { href: `#gate/${gate.name}` }, gate.name),
    state: h("span", { class: "state" }),
    text: h("span"),
    detail: h("span", { lang: "en" }),
    more: h("span"),
    rate: h("b", { class: "rate" }),
    out: h("span"),
    spark: spark(),
    lanes: h("ul", { class: "lanes", "aria-label": words.t("tile.lanes") }),
    asOf: h("p", { class: "as-of" }),
    facts: Object.fromEntries(kFacts.map((name) => [name, h("dd")])),
  };
  const facts = h(
    "dl",
    { class: "facts" },
    ...kFacts.map((name) => h("div", {}, h("dt", {}, words.t(`tile.${name}`)), p.facts[name])),
  );
  const flow = h(
    "div",
    { class: "flow" },
    h("p", {}, p.rate, " ", h("span", { class: "unit" }, words.t("tile.in")), " ", h("span", { class: "unit" }, p.out)),
    p.spark,
  );
  const sentence = h("p", { class: "sentence" }, p.text, " ", p.detail, " ", p.more);
  const node = h("li", { class: "tile" }, h("h3", {}, p.mark, p.link, p.state), sentence, flow, p.lanes, facts, p.asOf);
  node.part_ = p;
  return node;
}

function showSentence(p, verdict, { words, venueNow, areaName }) {
  const [first] = verdict.list;
  // The board has no room for what came with an alarm.
  const [text, detail] = first ? words.troubleAndDetail(first, venueNow, areaName) : [words.t("tile.fine"), ""];
  const more = verdict.list.length - 1;
  put(p.text, text);
  put(p.detail, first?.key === "alarm" ? "" : detail);
  put(p.more, more > 0 ? `(${words.t("tile.more", { n: more })})` : "");
}

function lanesShown(gate) {
  const lanes = [...gate.lanes.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (lanes.length <= kMostLanes) return lanes;
  const special = lanes.filter((lane) => lane.mode !== "normal").slice(0, kMostLanes - 1);
  return [...special, { name: `+${lanes.length - special.length}`, mode: null }];
}

export function showLanes(list, gate, words) {
  keyed(
    list,
    lanesShown(gate),
    (lane) => lane.name,
    (lane) => {
      const node = h("li", {}, h("b", {}, lane.name), " ", h("span"));
      node.part_ = { mode: node.lastChild };
      return node;
    },
    (node, lane) => {
      attr(node, "data-mode", lane.mode ?? "more");
      put(node.part_.mode, lane.mode === null ? "" : words.word("mode", lane.mode));
    },
  );
}

function showFacts(facts, gate, recent, words) {
  const health = gate.health;
  const working = health?.readers.filter((r) => r.state === "working").length;
  put(facts.refused, recent && recent.shown > 0 ? words.share(recent.share) : shareOfAll(gate.count, words));
  put(
    facts.list,
    !health || health.listGeneration === null
      ? words.t("unknown")
      : health.listGeneration === 0
        ? words.t("none")
        : words.duration(health.listAgeS),
  );
  put(facts.outbox, words.number(health?.outbox));
  put(facts.readers, health ? `${working}/${health.readers.length}` : words.t("unknown"));
  put(facts.clock, words.word("clock", health?.clock ?? gate.status?.clock));
}

function shareOfAll(count, words) {
  const shown = count && count.admitted !== null ? count.admitted + count.refusedAll : 0;
  return words.share(shown > 0 ? count.refusedAll / shown : null);
}

export function updateTile(node, gate, verdict, app) {
  const { words, venue, now, venueNow } = app;
  const p = node.part_;
  const flow = venue.flowOf(gate.name);
  attr(node, "data-level", verdict.level);
  attr(node, "data-state", gate.status?.state ?? "unknown");
  p.mark.set(verdict.level);
  put(p.state, words.word("state", gate.status?.state ?? "unknown"));
  showSentence(p, verdict, app);
  put(p.rate, words.number(flow && perMinute(flow.entered)));
  put(p.out, flow ? `${words.number(perMinute(flow.left))} ${words.t("tile.out")}` : "");
  show(p.spark, Boolean(flow));
  if (flow && p.drawn !== flow) {
    drawSpark(p.spark, flow.entered.slice(0, 59), words.t("tile.spark", { most: words.number(Math.max(...flow.entered)) }));
    p.drawn = flow;
  }
  showLanes(p.lanes, gate, words);
  showFacts(p.facts, gate, lately(venue.flowNow(gate.name, now), 10), words);
  const age = venue.age(gate.health ?? gate.status, now);
  const isOld = age !== null && (age > 1.5 * gate.period || !app.online);
  const asOf = isOld ? words.t("as-of", { time: words.time(venueNow - age, venueNow) }) : flow ? app.asOf : "";
  show(p.asOf, asOf !== "");
  put(p.asOf, asOf);
}
