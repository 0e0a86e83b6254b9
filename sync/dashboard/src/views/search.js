// SPDX-License-Identifier: Apache-2.0
// What became of one ticket: asked of the collector, who knows all gates.
import { h, icon, put } from "../dom.js";
import { ticket as readTicket } from "../messages.js";
import { list } from "../check.js";
import { sentence } from "./scans.js";

const kId = /^[0-9a-f]{8,32}$/;

/** The statement of a receipt as a file; it is never shown as anything but text. */
function save(receipt, id) {
  const isText = typeof receipt === "string";
  const blob = new Blob([isText ? receipt : JSON.stringify(receipt, null, 2)], { type: "text/plain" });
  const url = URL.createObjectURL(blob);
  const link = h("a", { href: url, download: `receipt-${id.slice(0, 8)}.${isText ? "txt" : "json"}` });
  document.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(url);
}

function what(entry, words) {
  if (entry.kind !== "decision") return sentence(entry, words);
  if (entry.verdict === "admit") return words.t("scan.admit");
  return `${words.t("scan.refuse")} ${words.reason(entry.reason)}`;
}

function history(ticket, words, venueNow) {
  if (ticket.entries.length === 0) return h("p", { class: "nothing" }, words.t("search.no-history"));
  const rows = ticket.entries.map((e) =>
    h(
      "li",
      { "data-verdict": e.verdict ?? "event" },
      icon(e.verdict === "admit" ? "ok" : e.verdict === "refuse" ? "refused" : "note"),
      h("time", {}, words.time(e.time, venueNow)),
      h("span", {}, what(e, words)),
      h("span", { class: "soft" }, [e.gate, e.lane].filter(Boolean).join(" · ")),
    ),
  );
  return h("ol", { class: "history", "aria-label": words.t("search.history") }, ...rows);
}

function card(ticket, app, say) {
  const { words } = app;
  const pill = (isSo, yes, no, mood) =>
    h("li", { "data-mood": isSo ? mood : "plain" }, icon(isSo ? "ok" : "none"), words.t(isSo ? yes : no));
  const facts = [
    ticket.event === null ? "" : words.t("search.event", { n: ticket.event }),
    ticket.product === null ? "" : words.t("search.product", { n: ticket.product }),
  ].filter(Boolean);
  const receipt = h("button", { type: "button", class: "quiet", click: () => getReceipt() }, words.t("search.receipt"));
  const getReceipt = async () => {
    receipt.disabled = true;
    const { answer, problem, error } = await app.link.ask("receipt", { ticket: ticket.ticket });
    receipt.disabled = false;
    if (problem || !answer.receipt) return say(words.t(problem ?? "ask.none", { error }));
    save(answer.receipt, ticket.ticket);
    say(words.t("search.receipt.done"));
  };
  return h(
    "li",
    { class: "card ticket" },
    h("h3", { class: "id" }, ticket.ticket.replace(/(.{8})(?=.)/g, "$1 ")),
    h(
      "ul",
      { class: "pills" },
      pill(ticket.used, "search.used", "search.unused", "note"),
      pill(ticket.inside, "search.inside", "search.outside", "good"),
      pill(ticket.revoked, "search.revoked", "search.valid", "bad"),
    ),
    h("p", { class: "soft" }, facts.join(" · ")),
    history(ticket, words, app.venueNow),
    receipt,
  );
}

export function makeSearch(app, asked) {
  const { words } = app;
  const said = h("p", { class: "said", role: "status" });
  const results = h("ul", { class: "tickets" });
  const id = h("input", {
    id: "ticket",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    maxlength: "64",
    value: asked ?? "",
  });
  const form = h(
    "form",
    { class: "search-form", role: "search" },
    h("label", { for: "ticket" }, words.t("search.id")),
    id,
    h("button", { type: "submit" }, icon("search"), words.t("search.go")),
  );
  const say = (text) => put(said, text);
  let turn = 0;
  const look = async () => {
    const mine = ++turn;
    const wanted = id.value.toLowerCase().replace(/[\s-]+/g, "");
    results.replaceChildren();
    if (!kId.test(wanted)) return say(words.t("search.bad"));
    say(words.t("search.wait"));
    const { answer, problem, error } = await app.link.ask("ticket", { ticket: wanted });
    if (mine !== turn) return;
    if (problem) return say(words.t(problem, { error }));
    const tickets = list(answer.tickets, 20, readTicket);
    say(
      tickets.length === 0 ? words.t("search.none") : tickets.length === 1 ? "" : words.t("search.many", { n: tickets.length }),
    );
    results.replaceChildren(...tickets.map((ticket) => card(ticket, app, say)));
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    look();
  });
  const node = h(
    "div",
    { class: "search" },
    h("h2", {}, words.t("search.title")),
    h("p", { class: "soft" }, words.t("search.lead")),
    form,
    said,
    results,
  );
  if (asked && kId.test(asked)) queueMicrotask(look);
  return { node, update: () => {} };
}
