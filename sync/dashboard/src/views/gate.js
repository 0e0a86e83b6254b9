// SPDX-License-Identifier: Apache-2.0
// One gate: what is wrong, its lanes and readers, its numbers, and what is shown at it right now.
import { chart } from "../charts.js";
import { attr, h, icon, keyed, put, show } from "../dom.js";
import { makeScans } from "./scans.js";
import { mark } from "./tile.js";
import { flowLegend } from "./venue.js";

const section = (title, ...children) => h("section", { class: "card" }, h("h3", {}, title), ...children);

// ---- lanes, readers, numbers

const row = (label, value) => [label, value];

/** A list of names and values, remade where a value changed. */
function table(list, rows) {
  const make = ([label]) => {
    const node = h("div", {}, h("dt", {}, label), h("dd"));
    node.part_ = node.lastChild;
    return node;
  };
  keyed(
    list,
    rows,
    ([label]) => label,
    make,
    (node, [, value]) => put(node.part_, value),
  );
}

function makeLane(lane, words) {
  const p = { mode: h("span", { class: "pill" }), list: h("dl", { class: "values" }) };
  const node = h(
    "li",
    { class: "lane" },
    h(
      "h4",
      {},
      icon(lane.direction === "exit" ? "exit" : "entry"),
      h("span", {}, `${words.t("gate.lane")} ${lane.name}`),
      p.mode,
    ),
    p.list,
  );
  node.part_ = p;
  return node;
}

function updateLane(node, lane, { words, venueNow }) {
  attr(node, "data-mode", lane.mode);
  put(
    node.part_.mode,
    words.word("mode", lane.mode, "mode.unknown") +
      (lane.until ? ` ${words.t("gate.until", { time: words.time(lane.until, venueNow) })}` : ""),
  );
  const rows = [
    row(words.t("gate.doing"), words.word("lane-state", lane.state)),
    row(words.t("gate.turnstile"), words.word("turnstile", lane.turnstile)),
    row(words.t("gate.entered"), words.number(lane.entered)),
    row(words.t("gate.left"), words.number(lane.left)),
  ];
  if (lane.free) rows.push(row(words.t("gate.free"), words.number(lane.free)));
  if (lane.lastEvent) rows.push(row(words.t("gate.last-event"), words.word("event", lane.lastEvent)));
  table(node.part_.list, rows);
}

function makeReader(words) {
  const p = Object.fromEntries(
    ["name", "lane", "state", "codes", "decode", "detail"].map((name) => [
      name,
      h(name === "name" ? "th" : "td", name === "name" ? { scope: "row" } : {}),
    ]),
  );
  const labels = {
    lane: "gate.lane",
    state: "gate.reader.state",
    codes: "gate.codes",
    decode: "gate.decode",
    detail: "gate.detail",
  };
  attr(p.detail, "lang", "en");
  for (const [name, key] of Object.entries(labels)) attr(p[name], "data-label", words.t(key));
  const node = h("tr", {}, ...Object.values(p));
  node.part_ = p;
  return node;
}

function updateReader(node, r, words) {
  const p = node.part_;
  attr(node, "data-state", r.state);
  put(p.name, r.name);
  put(p.lane, r.lane ?? "");
  put(p.state, words.word("reader", r.state));
  put(p.codes, words.number(r.codes));
  put(p.decode, words.ms(r.decodeUs));
  put(p.detail, r.detail ?? "");
}

function numbers(gate, app) {
  const { words, venue } = app;
  const { health: hl, count: c } = gate;
  const of = (value) => words.number(value);
  const stored = venue.stored?.gates.get(gate.name);
  const rows = [
    row(words.t("gate.entered"), of(c?.entered)),
    row(words.t("gate.left"), of(c?.left)),
    row(words.t("gate.admitted"), of(c?.admitted)),
    row(words.t("gate.refused"), of(c?.refusedAll)),
    row(words.t("gate.released"), of(c?.released)),
  ];
  if (hl) {
    rows.push(
      row(
        words.t("tile.outbox"),
        hl.outbox && hl.outboxAgeS ? `${of(hl.outbox)}, ${words.duration(hl.outboxAgeS)}` : of(hl.outbox),
      ),
      row(words.t("tile.clock"), words.word("clock", hl.clock)),
    );
    rows.push(row(words.t("gate.ledger"), words.word("gate.ledger", hl.ledger)));
    rows.push(
      row(
        words.t("gate.list"),
        hl.listGeneration === 0
          ? words.t("none")
          : words.t("gate.list.value", { records: of(hl.listRecords), age: words.duration(hl.listAgeS) }),
      ),
    );
    rows.push(row(words.t("gate.release"), `${words.ms(hl.p50Us)}, ${words.ms(hl.p99Us)}`));
    if (hl.diskFree !== null) rows.push(row(words.t("gate.disk"), words.bytes(hl.diskFree)));
    if (hl.temperature !== null) rows.push(row(words.t("gate.temperature"), `${of(Math.round(hl.temperature))} °C`));
    rows.push(
      row(
        words.t("gate.backup"),
        hl.backupAgeS === null ? words.t("none") : words.t("gate.ago", { age: words.duration(hl.backupAgeS) }),
      ),
    );
    rows.push(row(words.t("gate.uptime"), words.duration(hl.uptimeS)));
  }
  if (stored)
    rows.push(
      row(
        words.t("gate.stored"),
        words.t("gate.stored.value", { seq: of(stored.seq), newest: of(stored.newest), missing: of(stored.missing) }),
      ),
    );
  if (gate.info?.software) rows.push(row(words.t("gate.software"), gate.info.software));
  return rows;
}

function makeReasons(words) {
  const list = h("ul", { class: "reasons" });
  const node = h("div", {}, h("h4", {}, words.t("gate.reasons")), list);
  const make = ({ reason }) => {
    const made = h(
      "li",
      {},
      h("span", {}, words.reason(reason)),
      h("b"),
      h("span", { class: "bar", "aria-hidden": "true" }, h("span", { class: "fill" })),
    );
    made.part_ = { n: made.children[1], fill: made.querySelector(".fill") };
    return made;
  };
  const update = (count) => {
    const rows = count ? [...count.refused].sort((a, b) => b.times - a.times) : [];
    show(node, rows.length > 0);
    keyed(
      list,
      rows,
      (r) => r.reason,
      make,
      (item, r) => {
        put(item.part_.n, words.number(r.times));
        item.part_.fill.style.width = `${((100 * r.times) / rows[0].times).toFixed(1)}%`;
      },
    );
  };
  return { node, update };
}

// ---- the view

export function makeGate(app, name) {
  const { words } = app;
  const box = h("div", { class: "chart" });
  const figure = h("div", { role: "img" }, box);
  const flow = chart(box, words, {
    series: [
      { color: "--accent", fill: "--accent-soft" },
      { color: "--good", dash: [6, 4] },
      { color: "--bad", dash: [2, 3] },
    ],
  });
  app.charts.add(flow);
  const p = {
    mark: mark(words),
    state: h("span", { class: "state" }),
    asOf: h("span", { class: "as-of" }),
    flowAsOf: h("p", { class: "as-of" }),
    troubles: h("ul", { class: "troubles" }),
    lanes: h("ul", { class: "lane-cards" }),
    readers: h("tbody"),
    numbers: h("dl", { class: "values values-wide" }),
    reasons: makeReasons(words),
    scans: makeScans(app),
  };
  const none = h("p", { class: "nothing" }, words.t("gate.none"));
  const readersHead = ["gate.reader", "gate.lane", "gate.reader.state", "gate.codes", "gate.decode", "gate.detail"].map((key) =>
    h("th", { scope: "col" }, words.t(key)),
  );
  const readers = h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": words.t("gate.readers") },
    h("table", {}, h("thead", {}, h("tr", {}, ...readersHead)), p.readers),
  );
  const flowCard = section(words.t("flow.title"), p.flowAsOf, figure, flowLegend(words));
  const body = h(
    "div",
    { class: "columns" },
    h("div", {}, flowCard, p.scans.node),
    h(
      "div",
      {},
      section(words.t("gate.lanes"), p.lanes),
      section(words.t("gate.readers"), readers),
      section(words.t("gate.numbers"), p.numbers, p.reasons.node),
    ),
  );
  const node = h(
    "div",
    { class: "gate" },
    h("a", { class: "back", href: "#board" }, icon("back"), words.t("gate.back")),
    h("h2", {}, p.mark, name, p.state, p.asOf),
    p.troubles,
    none,
    body,
  );
  let drawn = null;
  const update = (app) => {
    const gate = app.venue.gates.get(name);
    show(none, !gate);
    show(body, Boolean(gate));
    if (!gate) return;
    const verdict = app.judged.get(name);
    p.mark.set(verdict.level);
    put(p.state, words.word("state", gate.status?.state ?? "unknown"));
    const age = app.venue.age(gate.health ?? gate.status, app.now);
    put(
      p.asOf,
      age !== null && (age > 1.5 * gate.period || !app.online)
        ? words.t("as-of", { time: words.time(app.venueNow - age, app.venueNow) })
        : "",
    );
    showTroubles(p.troubles, verdict, app);
    keyed(
      p.lanes,
      [...gate.lanes.values()],
      (lane) => lane.name,
      (lane) => makeLane(lane, words),
      (card, lane) => updateLane(card, lane, app),
    );
    keyed(
      p.readers,
      gate.health?.readers ?? [],
      (r) => `${r.lane}/${r.name}`,
      () => makeReader(words),
      (line, r) => updateReader(line, r, words),
    );
    table(p.numbers, numbers(gate, app));
    p.reasons.update(gate.count);
    p.scans.update(app);
    const g = app.venue.flowOf(name);
    show(flowCard, Boolean(g));
    show(p.flowAsOf, app.asOf !== "");
    put(p.flowAsOf, app.asOf);
    if (g && drawn !== g) {
      drawn = g;
      flow.draw([
        g.entered.slice(0, 59).map((_, i) => app.venue.flow.from / 1000 + 60 * i),
        g.entered.slice(0, 59),
        g.left.slice(0, 59),
        g.refused.slice(0, 59),
      ]);
      attr(figure, "aria-label", words.t("flow.chart", { entered: words.number(g.entered[58]), left: words.number(g.left[58]) }));
    }
  };
  return { node, update };
}

function showTroubles(list, verdict, app) {
  const make = () => {
    const shape = mark(app.words);
    const p = { shape, text: h("span"), detail: h("span", { lang: "en" }) };
    const node = h("li", {}, shape, h("span", {}, p.text, " ", p.detail));
    node.part_ = p;
    return node;
  };
  keyed(
    list,
    verdict.list,
    (row) => `${row.key}/${row.args.alarm?.key ?? row.args.reader ?? row.args.lane ?? ""}`,
    make,
    (node, row) => {
      attr(node, "data-level", row.level);
      node.part_.shape.set(row.level);
      const [text, detail] = app.words.troubleAndDetail(row, app.venueNow, app.areaName);
      put(node.part_.text, text);
      put(node.part_.detail, detail);
    },
  );
}
