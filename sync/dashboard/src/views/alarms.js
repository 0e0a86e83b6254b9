// SPDX-License-Identifier: Apache-2.0
// What somebody has to see to: the critical first, who is on it, and what is over.
import { attr, h, icon, keyed, put, show } from "../dom.js";
import * as store from "../store.js";
import { kCritical, kWarning } from "../trouble.js";
import { mark } from "./tile.js";

function makeAlarm(alarm, app, take) {
  const { words } = app;
  const p = {
    mark: mark(words),
    text: h("b"),
    place: h("a"),
    since: h("span"),
    detail: h("p", { class: "soft", lang: "en" }),
    taken: h("span", { class: "taken" }),
  };
  p.take = h("button", { type: "button", click: () => take(p.alarm) }, words.t("alarms.take"));
  p.find = h("a", { class: "quiet" }, words.t("alarms.find"));
  const node = h(
    "li",
    { class: "alarm", tabindex: "-1" },
    p.mark,
    h("div", { class: "alarm-text" }, p.text, p.detail, h("p", { class: "soft line" }, p.place, p.since, p.taken)),
    h("div", { class: "alarm-acts" }, p.find, p.take),
  );
  node.part_ = p;
  return node;
}

function sinceText(alarm, { words, venueNow }) {
  if (alarm.sinceTime === null)
    return alarm.state === "cleared"
      ? words.t("alarms.ended", { time: words.time(alarm.time, venueNow) })
      : words.t("alarms.since-unknown");
  const last = alarm.state === "cleared" ? (alarm.time ?? alarm.sinceTime) : venueNow;
  const blanks = { time: words.time(alarm.sinceTime, venueNow), age: words.duration((last - alarm.sinceTime) / 1000) };
  return words.t(alarm.state === "cleared" ? "alarms.was" : "alarms.since", blanks);
}

function updateAlarm(node, alarm, app) {
  const { words, venue, venueNow } = app;
  const p = node.part_;
  const taken = venue.personOf(alarm);
  const sentence = words.alarm(alarm, app.areaName);
  p.alarm = alarm;
  attr(node, "data-severity", alarm.severity);
  attr(node, "data-taken", taken || alarm.state === "cleared" ? "yes" : null);
  p.mark.set(alarm.state === "cleared" ? 0 : alarm.severity === "critical" ? kCritical : kWarning);
  put(p.text, sentence);
  put(p.detail, alarm.detail ?? "");
  put(p.place, alarm.gate ?? words.t("alarm.whole-venue"));
  attr(p.place, "href", alarm.gate ? `#gate/${alarm.gate}` : "#venue");
  put(p.since, sinceText(alarm, app));
  put(p.taken, taken ? words.t("alarms.taken-by", { person: taken.person, time: words.time(taken.time, venueNow) }) : "");
  const ticket = alarm.ticket ?? /-([0-9a-f]{16})$/.exec(alarm.code)?.[1];
  show(p.find, Boolean(ticket));
  attr(p.find, "href", ticket ? `#search/${ticket}` : null);
  show(p.take, alarm.state === "raised" && !taken);
  attr(p.take, "aria-label", words.t("alarms.take.label", { alarm: sentence }));
}

// ---- who is on it

function makeDialog(app, isTaken) {
  const { words } = app;
  const what = h("p");
  const wrong = h("p", { class: "wrong", role: "alert" });
  const name = h("input", { id: "person", autocomplete: "name", maxlength: "60" });
  const go = h("button", { type: "submit" }, words.t("take.go"));
  const form = h(
    "form",
    {},
    h("h2", { id: "take-title" }, words.t("take.title")),
    what,
    h("label", { for: "person" }, words.t("take.name")),
    name,
    wrong,
    h(
      "div",
      { class: "acts" },
      h("button", { type: "button", class: "quiet", click: () => node.close() }, words.t("take.cancel")),
      go,
    ),
  );
  const node = h("dialog", { "aria-labelledby": "take-title" }, form);
  let alarm = null;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const person = name.value.trim();
    if (!person) return put(wrong, words.t("take.need"));
    store.person.set(person);
    go.disabled = true;
    const answer = await app.link.ask("acknowledge", { alarm: alarm.key, since: alarm.since, person });
    go.disabled = false;
    if (answer.problem) put(wrong, words.t(answer.problem, { error: answer.error }));
    else {
      node.close();
      isTaken(alarm);
    }
  });
  const open = (which) => {
    alarm = which;
    put(what, words.alarm(alarm, app.areaName));
    put(wrong, "");
    name.value = store.person.get() ?? "";
    node.showModal();
    name.focus();
  };
  return { node, open };
}

// ---- tickets that entered twice

function makeConflicts(words) {
  const title = h("h3");
  const list = h("ul", { class: "conflicts" });
  const node = h("section", { class: "card" }, title, list);
  const update = (conflicts, venueNow) => {
    show(node, Boolean(conflicts?.last.length));
    if (!conflicts) return;
    put(title, words.t("alarms.conflicts", { n: words.number(conflicts.count) }));
    const make = (c) => h("li", {}, h("a", { class: "id", href: `#search/${c.ticket}` }, c.ticket.slice(0, 8)), h("span"));
    const places = (c) => c.at.map((at) => `${at.gate} ${words.time(at.time, venueNow)}`).join(" · ");
    keyed(
      list,
      conflicts.last.slice(0, 20),
      (c) => c.ticket,
      make,
      (item, c) => put(item.lastChild, places(c)),
    );
  };
  return { node, update };
}

export function makeAlarms(app) {
  const { words } = app;
  let wanted = null; // the alarm whose new row gets the focus: the old one goes
  const dialog = makeDialog(app, (alarm) => {
    wanted = alarm.key;
    app.render();
  });
  const focusWanted = (list) => {
    const row = list.keyedNodes?.get(wanted);
    if (!row) return;
    wanted = null;
    if (document.activeElement === document.body) row.focus();
  };
  const groups = ["open", "taken", "over"].map((name) => ({
    name,
    title: h("h3", {}, words.t(`alarms.${name}`)),
    list: h("ul", { class: "alarms" }),
  }));
  const none = h("p", { class: "headline" }, icon("ok"), h("span", {}, words.t("alarms.none")));
  const unshown = h("p", { class: "wrong" });
  const conflicts = makeConflicts(words);
  const node = h(
    "div",
    { class: "alarms-view" },
    h("h2", {}, words.t("alarms.title")),
    none,
    unshown,
    ...groups.map((g) => (g.section = h("section", { class: `group-${g.name}` }, g.title, g.list))),
    conflicts.node,
    dialog.node,
  );
  const update = (app) => {
    const raised = app.venue.raised();
    const rows = {
      open: raised.filter((a) => !app.venue.personOf(a)),
      taken: raised.filter((a) => app.venue.personOf(a)),
      over: app.venue.over(app.now),
    };
    for (const g of groups) {
      show(g.section, rows[g.name].length > 0);
      keyed(
        g.list,
        rows[g.name],
        (a) => a.key,
        (a) => makeAlarm(a, app, dialog.open),
        (item, a) => updateAlarm(item, a, app),
      );
    }
    focusWanted(groups[1].list);
    show(none, rows.open.length === 0);
    const { size } = app.venue.unshown;
    put(unshown, size > 0 ? words.t("alarms.unshown", { n: words.number(size) }) : "");
    conflicts.update(app.venue.conflicts, app.venueNow);
  };
  return { node, update };
}
