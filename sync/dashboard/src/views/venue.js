// SPDX-License-Identifier: Apache-2.0
// The venue as a whole: how full it is, who is still to come, and where they walk.
import { chart, drawSpark, spark } from "../charts.js";
import { curve, perMinute } from "../curves.js";
import { attr, h, keyed, put, show } from "../dom.js";
import { lately } from "../trouble.js";

const order = new Intl.Collator("en", { numeric: true });

// ---- areas

export function areaName(area, words) {
  if (area.name) return area.name;
  return area.number === 0 ? words.t("venue.total") : words.t("venue.area", { n: area.number });
}

function makeArea() {
  const p = {
    name: h("h3"),
    inside: h("b"),
    capacity: h("span"),
    fill: h("span", { class: "fill" }),
    share: h("span", { class: "share" }),
    more: h("p", { class: "soft" }),
  };
  p.meter = h("div", { class: "bar", role: "meter", "aria-valuemin": "0" }, p.fill);
  const node = h(
    "li",
    { class: "area" },
    p.name,
    h("p", { class: "amount" }, p.inside, " ", p.capacity, p.share),
    p.meter,
    p.more,
  );
  node.part_ = p;
  return node;
}

function updateArea(node, area, words) {
  const p = node.part_;
  const name = areaName(area, words);
  const share = area.capacity ? area.inside / area.capacity : null;
  put(p.name, name);
  put(p.inside, words.number(area.inside));
  put(p.capacity, area.capacity ? words.t("venue.capacity", { n: words.number(area.capacity) }) : words.t("venue.inside"));
  put(p.share, share === null ? "" : words.share(share));
  show(p.meter, share !== null);
  p.fill.style.width = `${Math.min(100, 100 * (share ?? 0)).toFixed(1)}%`;
  attr(p.meter, "aria-valuenow", area.inside);
  attr(p.meter, "aria-valuemax", Math.max(area.capacity ?? 0, area.inside));
  attr(p.meter, "aria-label", words.t("venue.meter", { name, n: words.number(area.inside), all: words.number(area.capacity) }));
  attr(node, "data-full", share !== null && share >= 0.95 ? "yes" : null);
  const room =
    area.capacity === null
      ? ""
      : area.capacity >= area.inside
        ? words.t("venue.free", { n: words.number(area.capacity - area.inside) })
        : words.t("venue.over", { n: words.number(area.inside - area.capacity) });
  const flows = `${words.t("venue.entered")} ${words.number(area.entered)} · ${words.t("venue.left")} ${words.number(area.left)}`;
  const free = area.free ? ` · ${words.t("venue.without", { n: words.number(area.free) })}` : "";
  put(p.more, (room ? `${room} · ${flows}` : flows) + free);
}

// ---- forecasts

function fact(label) {
  const p = { value: h("b"), more: h("span", { class: "more" }) };
  const node = h("div", { class: "stat" }, h("dt", {}, label), h("dd", {}, p.value, " ", p.more));
  node.part_ = p;
  return node;
}

const legend = (words, rows) =>
  h(
    "ul",
    { class: "legend" },
    ...rows.map(([look, key]) => h("li", {}, h("span", { class: `key key-${look}`, "aria-hidden": "true" }), words.t(key))),
  );

function makeForecast(app) {
  const { words } = app;
  const facts = {
    arrived: fact(words.t("forecast.arrived")),
    expected: fact(words.t("forecast.expected")),
    full: fact(words.t("forecast.full")),
    starts: fact(words.t("forecast.starts")),
  };
  const box = h("div", { class: "chart chart-tall" });
  const figure = h("div", { role: "img" }, box);
  const p = { name: h("h3"), facts, figure, method: h("p", { class: "soft" }) };
  const keys = legend(words, [
    ["past", "forecast.past"],
    ["coming", "forecast.coming"],
    ["band", "forecast.band"],
  ]);
  const node = h(
    "li",
    { class: "card" },
    p.name,
    h("dl", { class: "stats stats-small" }, ...Object.values(facts)),
    figure,
    keys,
    p.method,
  );
  p.what = null;
  p.chart = chart(box, words, {
    series: [
      { color: "--accent", fill: "--accent-soft", width: 3 },
      { color: null, width: 0 },
      { color: null, width: 0 },
      { color: "--accent", dash: [8, 6] },
    ],
    bands: [{ series: [2, 3], color: "--band" }],
    marks: () => [
      { at: p.what?.time ?? NaN, label: words.t("forecast.now") },
      { at: p.what?.starts ?? NaN, label: words.t("forecast.start") },
    ],
  });
  node.part_ = p;
  app.charts.add(p.chart);
  return node;
}

function updateForecast(node, f, { words }) {
  const p = node.part_;
  if (p.what === f) return;
  p.what = f;
  const set = (part, value, more) => {
    put(part.part_.value, value);
    put(part.part_.more, more);
  };
  const between = (span, say) =>
    words.t(span.high === null ? "forecast.full.from" : "forecast.between", { low: say(span.low), high: say(span.high) });
  const whole = (n) => words.number(Math.round(n));
  put(p.name, f.name || words.t("forecast.event", { n: f.event ?? "" }));
  set(p.facts.arrived, words.number(f.arrived), f.sold === null ? "" : words.t("forecast.sold", { n: words.number(f.sold) }));
  set(p.facts.expected, f.expected ? whole(f.expected.mid) : words.t("unknown"), f.expected ? between(f.expected, whole) : "");
  set(p.facts.starts, words.hour(f.starts), "");
  if (f.fullAt)
    set(
      p.facts.full,
      words.hour(f.fullAt.mid),
      between(f.fullAt, (at) => words.hour(at)),
    );
  else set(p.facts.full, "–", words.t("forecast.full.never"));
  put(
    p.method,
    words.t("forecast.level", {
      level: words.share(f.level),
      mape: words.fineShare(f.mape),
      method: words.word("forecast", f.method),
    }),
  );
  const e = f.expected ?? { mid: 0, low: 0, high: 0 };
  attr(
    p.figure,
    "aria-label",
    words.t("forecast.chart", {
      arrived: words.number(f.arrived),
      mid: whole(e.mid),
      low: whole(e.low),
      high: whole(e.high),
    }),
  );
  show(p.figure, f.past.length + f.coming.length > 0);
  p.chart.draw(curve(f));
}

// ---- flow

export const flowLegend = (words) =>
  legend(words, [
    ["in", "flow.entered"],
    ["out", "flow.left"],
    ["refused", "flow.refused"],
  ]);

function makeFlow(app) {
  const { words } = app;
  const box = h("div", { class: "chart" });
  const figure = h("div", { role: "img" }, box);
  const rows = h("tbody");
  const head = ["flow.gate", "flow.now", "flow.out", "flow.share", "flow.hour"].map((key) =>
    h("th", { scope: "col" }, words.t(key)),
  );
  const table = h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": words.t("flow.title") },
    h("table", { class: "flows" }, h("thead", {}, h("tr", {}, ...head)), rows),
  );
  const node = h("div", { class: "card" }, figure, flowLegend(words), table);
  const drawn = chart(box, words, {
    series: [
      { color: "--accent", fill: "--accent-soft" },
      { color: "--good", dash: [6, 4] },
      { color: "--bad", dash: [2, 3] },
    ],
  });
  app.charts.add(drawn);
  node.part_ = { figure, rows, chart: drawn, what: null };
  return node;
}

function makeFlowRow(words) {
  const p = {
    gate: h("a"),
    now: h("td", { class: "n" }),
    out: h("td", { class: "n" }),
    share: h("td", { class: "n" }),
    spark: spark(),
  };
  const node = h("tr", {}, h("th", { scope: "row" }, p.gate), p.now, p.out, p.share, h("td", { class: "wide" }, p.spark));
  node.part_ = p;
  return node;
}

function updateFlowRow(node, g, words) {
  const p = node.part_;
  if (p.what === g) return;
  p.what = g;
  put(p.gate, g.gate);
  attr(p.gate, "href", `#gate/${g.gate}`);
  put(p.now, words.number(perMinute(g.entered)));
  put(p.out, words.number(perMinute(g.left)));
  put(p.share, words.share(lately(g, 10).share));
  drawSpark(p.spark, g.entered.slice(0, 59), words.t("tile.spark", { most: words.number(Math.max(...g.entered)) }));
}

function updateFlow(node, flow, app) {
  const { words } = app;
  const p = node.part_;
  const gates = [...flow.gates.values()].sort((a, b) => order.compare(a.gate, b.gate));
  if (
    !keyed(
      p.rows,
      gates,
      (g) => g.gate,
      () => makeFlowRow(words),
      (row, g) => updateFlowRow(row, g, words),
    )
  )
    app.drawRest();
  if (p.what === flow) return;
  p.what = flow;
  const sum = (name) => Array.from({ length: 59 }, (_, i) => gates.reduce((all, g) => all + g[name][i], 0));
  const [entered, left, refused] = [sum("entered"), sum("left"), sum("refused")];
  p.chart.draw([entered.map((_, i) => flow.from / 1000 + 60 * i), entered, left, refused]);
  attr(p.figure, "aria-label", words.t("flow.chart", { entered: words.number(entered[58]), left: words.number(left[58]) }));
}

// ---- the view

function section(title, ...children) {
  return h("section", {}, h("h2", {}, title), ...children);
}

export function makeVenue(app) {
  const { words } = app;
  const areas = h("ul", { class: "areas" });
  const forecasts = h("ul", { class: "forecasts" });
  const flow = makeFlow(app);
  const no = {
    occupancy: h("p", { class: "nothing" }, words.t("venue.no-occupancy")),
    forecast: h("p", { class: "nothing" }, words.t("forecast.none")),
    flow: h("p", { class: "nothing" }, words.t("flow.none")),
  };
  const asOf = h("p", { class: "as-of" });
  const node = h(
    "div",
    { class: "venue" },
    asOf,
    section(words.t("venue.areas"), areas, no.occupancy),
    section(words.t("forecast.title"), forecasts, no.forecast),
    section(words.t("flow.title"), flow, no.flow),
  );
  const update = (app) => {
    const { venue } = app;
    const o = venue.occupancy;
    const rows = o
      ? [
          ...(o.total ? [{ ...o.total, number: 0, name: words.t("venue.total"), whole: true }] : []),
          ...o.areas.filter((a) => a.number !== 0 || !o.total),
        ]
      : [];
    keyed(
      areas,
      rows,
      (a) => (a.whole ? "total" : a.number),
      makeArea,
      (card, a) => updateArea(card, a, words),
    );
    keyed(
      forecasts,
      [...venue.forecasts],
      ([key]) => key,
      () => makeForecast(app),
      (card, [, f]) => updateForecast(card, f, app),
    );
    show(asOf, app.asOf !== "");
    put(asOf, app.asOf);
    if (venue.flow) updateFlow(flow, venue.flow, app);
    show(no.occupancy, rows.length === 0);
    show(no.forecast, venue.forecasts.size === 0);
    show(no.flow, !venue.flow);
    show(flow, Boolean(venue.flow));
  };
  return { node, update };
}
