// SPDX-License-Identifier: Apache-2.0
// All gates at once: a few large numbers, one sentence, and the gates, those in trouble first. Also the wall screen.
import { drawSpark, spark } from "../charts.js";
import { perMinute } from "../curves.js";
import { attr, h, icon, keyed, put, show } from "../dom.js";
import { kCritical, kWarning } from "../trouble.js";
import { makeTile, mark, updateTile } from "./tile.js";

const kMany = 24; // gates: those without trouble become small
const kWallTiles = 12;
const kWallChips = 60;
const order = new Intl.Collator("en", { numeric: true });

export function sorted(app) {
  const level = (gate) => app.judged.get(gate.name)?.level ?? 0;
  return [...app.venue.gates.values()].sort((a, b) => level(b) - level(a) || order.compare(a.name, b.name));
}

function stat(label, name) {
  const p = { value: h("b"), more: h("span", { class: "more" }), meter: h("span", { class: "fill" }) };
  const node = h("div", { class: `stat stat-${name}` }, h("dt", {}, label), h("dd", {}, p.value, " ", p.more));
  node.part_ = p;
  return node;
}

function makeStats(words) {
  const into = (one, node) => one.querySelector("dd").append(node);
  const names = ["inside", "rate", "expected", "working", "alarms"];
  const labels = { expected: words.t("forecast.expected") };
  const made = Object.fromEntries(names.map((name) => [name, stat(labels[name] ?? words.t(`board.${name}`), name)]));
  into(made.inside, h("span", { class: "bar", "aria-hidden": "true" }, made.inside.part_.meter));
  into(made.rate, (made.rate.part_.spark = spark()));
  return { made, node: h("dl", { class: "stats" }, ...Object.values(made)) };
}

function put2(node, value, more) {
  put(node.part_.value, value);
  put(node.part_.more, more);
}

const both = (...texts) => texts.filter(Boolean).join(" · ");

function showInside(node, { words, venue, asOf }) {
  const total = venue.occupancy?.total;
  const of = total?.capacity ? words.t("board.of", { n: words.number(total.capacity) }) : "";
  put2(node, words.number(total?.inside), both(of, total && asOf));
  const share = total?.capacity ? total.inside / total.capacity : 0;
  node.part_.meter.style.width = `${Math.min(100, 100 * share).toFixed(1)}%`;
  attr(node, "data-full", share >= 0.95 ? "yes" : null);
}

function sumOf(flow, name) {
  const out = new Array(60).fill(0);
  for (const gate of flow.gates.values()) gate[name].forEach((n, i) => (out[i] += n));
  return out;
}

function showRate(node, { words, venue, asOf }) {
  const flow = venue.flow;
  if (flow && node.part_.drawn !== flow) {
    const all = sumOf(flow, "entered");
    put(node.part_.value, words.number(perMinute(all)));
    drawSpark(node.part_.spark, all.slice(0, 59), words.t("tile.spark", { most: words.number(Math.max(...all)) }));
    node.part_.drawn = flow;
  }
  if (!flow) put(node.part_.value, words.t("unknown"));
  put(node.part_.more, flow ? asOf : "");
  show(node.part_.spark, flow && !asOf);
}

function showExpected(node, { words, venue, asOf }) {
  const f = [...venue.forecasts.values()].find((one) => one.expected);
  show(node, Boolean(f));
  if (!f) return;
  const full = f.fullAt
    ? `${words.t("forecast.full")} ${words.t("forecast.full.at", { time: words.hour(f.fullAt.mid) })}`
    : words.t("forecast.full.never");
  put2(node, words.number(Math.round(f.expected.mid)), asOf || full);
}

function showStats(made, app) {
  const { words, venue, judged } = app;
  const working = [...judged.values()].filter((v) => v.level < kWarning).length;
  const open = venue.raised().filter((alarm) => !venue.personOf(alarm));
  const critical = open.filter((alarm) => alarm.severity === "critical").length;
  showInside(made.inside, app);
  showRate(made.rate, app);
  showExpected(made.expected, app);
  put2(made.working, words.number(working), words.t("board.all", { n: words.number(judged.size) }));
  put2(made.alarms, words.number(open.length), critical ? words.t("board.critical", { n: critical }) : "");
  attr(made.alarms, "data-level", critical ? kCritical : open.length ? kWarning : 0);
  attr(made.working, "data-level", working < judged.size ? kWarning : 0);
}

function headline({ words, venue, judged }) {
  const bad = [...judged.values()].filter((v) => v.level >= kWarning).length;
  if (venue.gates.size === 0) return [0, words.t("link.empty")];
  if (bad === 0) return [0, words.t("board.fine")];
  const worst = Math.max(...[...judged.values()].map((v) => v.level));
  return [worst, words.t("board.trouble", { n: words.number(bad), all: words.number(judged.size) })];
}

function tilesOf(list, gates, app) {
  const update = (node, gate) => updateTile(node, gate, app.judged.get(gate.name), app);
  if (
    !keyed(
      list,
      gates,
      (gate) => gate.name,
      (gate) => makeTile(gate, app.words),
      update,
    )
  )
    app.drawRest();
}

export function makeBoard(app) {
  const { words } = app;
  const stats = makeStats(words);
  const shape = mark(words);
  const sentence = h("span");
  const filter = h("input", {
    type: "search",
    id: "filter",
    autocomplete: "off",
    spellcheck: "false",
    input: () => app.render(),
  });
  const only = h("input", { type: "checkbox", id: "only", change: () => app.render() });
  const tiles = h("ul", { class: "tiles" });
  const nothing = h("p", { class: "nothing" }, words.t("board.nothing-found"));
  const controls = h(
    "div",
    { class: "controls" },
    h("label", { for: "filter" }, words.t("board.filter")),
    filter,
    h("label", { class: "check", for: "only" }, only, words.t("board.only")),
  );
  const node = h(
    "div",
    { class: "board" },
    h("h2", { class: "unseen" }, words.t("board.title")),
    stats.node,
    h("div", { class: "lead" }, h("p", { class: "headline" }, shape, sentence), controls),
    tiles,
    nothing,
  );
  const update = (app) => {
    showStats(stats.made, app);
    const [level, text] = headline(app);
    shape.set(level);
    put(sentence, text);
    const asked = filter.value.trim().toLowerCase();
    const wanted = (gate) => gate.name.includes(asked) && (!only.checked || app.judged.get(gate.name).level > 0);
    const gates = sorted(app).filter(wanted);
    attr(tiles, "data-many", app.venue.gates.size > kMany);
    tilesOf(tiles, gates, app);
    show(nothing, gates.length === 0 && app.venue.gates.size > 0);
  };
  return { node, update };
}

// ---- the wall screen: no controls, nothing that moves by itself, and what is wrong in large letters

function showVenueAlarms(list, app) {
  const rows = app.venue
    .raised()
    .filter((alarm) => !alarm.gate && !app.venue.personOf(alarm))
    .slice(0, 2);
  keyed(
    list,
    rows,
    (alarm) => alarm.key,
    () => {
      const shape = mark(app.words);
      const node = h("li", {}, shape, h("span"));
      node.part_ = { shape, text: node.lastChild };
      return node;
    },
    (node, alarm) => {
      const level = alarm.severity === "critical" ? kCritical : kWarning;
      attr(node, "data-level", level);
      node.part_.shape.set(level);
      put(node.part_.text, app.words.alarm(alarm, app.areaName));
    },
  );
}

function showChips(list, gates, app) {
  keyed(
    list,
    gates,
    (gate) => gate.name,
    (gate) => h("li", {}, icon("ok"), gate.name),
    () => {},
  );
}

/** Hides what would be cut at the lower edge; gives how many those are. */
function hideBeyond(list, area) {
  for (const one of list.children) attr(one, "data-beyond", null);
  const beyond = [...list.children].filter((one) => one.offsetTop + one.offsetHeight > area.clientHeight + 1);
  for (const one of beyond) attr(one, "data-beyond", "yes");
  return beyond.length;
}

export function makeWall(app) {
  const { words } = app;
  const stats = makeStats(words);
  const shape = mark(words);
  const sentence = h("span");
  const alarms = h("ul", { class: "wall-alarms" });
  const tiles = h("ul", { class: "tiles" });
  const chips = h("ul", { class: "chips" });
  const area = h("div", { class: "wall-gates" }, tiles, chips);
  const rest = h("p", { class: "rest" });
  const node = h(
    "div",
    { class: "wall" },
    h("h2", { class: "unseen" }, words.t("nav.wall")),
    stats.node,
    h("p", { class: "headline" }, shape, sentence),
    alarms,
    area,
    rest,
  );
  const update = (app) => {
    showStats(stats.made, app);
    const [level, text] = headline(app);
    shape.set(level);
    put(sentence, text);
    showVenueAlarms(alarms, app);
    const gates = sorted(app);
    const bad = gates.filter((gate) => app.judged.get(gate.name).level > 0);
    const large = gates.length <= kWallTiles ? gates : bad.slice(0, kWallTiles);
    const fine = gates.filter((gate) => !large.includes(gate) && !bad.includes(gate));
    attr(node, "data-size", large.length > 8 ? "small" : large.length > 4 ? "middle" : "large");
    tilesOf(tiles, large, app);
    showChips(chips, fine.length <= kWallChips ? fine : [], app);
    const unseen = hideBeyond(tiles, area) + bad.length - Math.min(bad.length, large.length);
    hideBeyond(chips, area);
    const more = [
      unseen > 0 ? words.t("board.unseen", { n: words.number(unseen) }) : "",
      fine.length > 0 ? words.t("board.rest", { n: words.number(fine.length) }) : "",
    ];
    put(rest, both(...more));
    show(rest, rest.textContent !== "");
  };
  return { node, update };
}
