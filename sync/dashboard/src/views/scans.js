// SPDX-License-Identifier: Apache-2.0
// What is shown at one gate right now: the answers with their reasons, and what became of them.
import { attr, h, icon, keyed, put, show } from "../dom.js";

function makeScan(entry, { words, venueNow }) {
  const isDecision = entry.kind === "decision";
  const p = { outcome: h("td", { "data-label": words.t("scan.outcome") }) };
  const cell = (key, ...what) => h("td", { "data-label": words.t(key) }, ...what);
  const ticket = entry.ticket ? h("a", { href: `#search/${entry.ticket}`, class: "id" }, entry.ticket.slice(0, 8)) : "";
  const node = h(
    "tr",
    { "data-verdict": isDecision ? entry.verdict : "event" },
    cell("scan.time", words.time(entry.time, venueNow)),
    cell("scan.answer", ...answer(entry, words)),
    cell("scan.lane", entry.lane ?? ""),
    cell("scan.medium", isDecision ? words.word("medium", entry.medium, "medium.unknown") : ""),
    cell("scan.ticket", ticket),
    p.outcome,
  );
  node.part_ = p;
  return node;
}

function answer(entry, words) {
  if (entry.kind !== "decision") return [icon("note"), h("span", {}, sentence(entry, words))];
  const isAdmitted = entry.verdict === "admit";
  const reason = words.reason(entry.reason);
  const why = isAdmitted ? "" : entry.fault ? words.t("scan.why", { reason, fault: words.word("fault", entry.fault) }) : reason;
  const flags = entry.flags.map((flag) => h("span", { class: "flag" }, words.word("flag", flag)));
  return [
    icon(isAdmitted ? "ok" : "refused"),
    h(
      "span",
      {},
      h("b", {}, words.t(isAdmitted ? "scan.admit" : "scan.refuse")),
      why ? " " : "",
      why,
      entry.people > 1 ? ` × ${words.number(entry.people)}` : "",
    ),
    ...flags,
  ];
}

/** What happened, of an entry that is no decision. */
export function sentence(entry, words) {
  if (entry.kind === "lane") return words.word("event", entry.event);
  if (entry.kind === "passage") return words.word("result", entry.result);
  if (entry.kind === "annulled") return words.t("result.annulled");
  if (entry.kind === "act") return words.t("act.by", { act: words.word("act", entry.act), person: entry.person });
  return words.word("kind", entry.kind);
}

export function makeScans(app) {
  const { words } = app;
  const rows = h("tbody");
  const head = ["scan.time", "scan.answer", "scan.lane", "scan.medium", "scan.ticket", "scan.outcome"].map((key) =>
    h("th", { scope: "col" }, words.t(key)),
  );
  const hold = h("button", { type: "button", class: "quiet", "aria-pressed": "false" });
  const none = h("p", { class: "nothing" }, words.t("gate.scans.none"));
  const list = h(
    "div",
    { class: "scroll scans", tabindex: "0", role: "log", "aria-live": "off", "aria-label": words.t("gate.scans") },
    h("table", {}, h("thead", {}, h("tr", {}, ...head)), rows),
  );
  const node = h(
    "section",
    { class: "card card-scans" },
    h("div", { class: "card-head" }, h("h3", {}, words.t("gate.scans")), hold),
    none,
    list,
  );
  let held = null;
  hold.addEventListener("click", () => {
    held = held ? null : { rows: [...app.scans.rows], arrived: app.scans.arrived };
    app.render();
  });
  const update = (app) => {
    const shown = held ? held.rows : app.scans.rows;
    keyed(
      rows,
      shown,
      (entry) => entry.key,
      (entry) => makeScan(entry, app),
      (row, entry) => put(row.part_.outcome, app.scans.outcomeOf(entry) ? words.word("result", app.scans.outcomeOf(entry)) : ""),
    );
    const waiting = held ? app.scans.arrived - held.arrived : 0;
    put(
      hold,
      held
        ? waiting
          ? `${words.t("gate.go-on")} · ${words.t("gate.waiting", { n: words.number(waiting) })}`
          : words.t("gate.go-on")
        : words.t("gate.hold"),
    );
    attr(hold, "aria-pressed", held ? "true" : "false");
    show(none, shown.length === 0);
    show(list, shown.length > 0);
  };
  return { node, update };
}
