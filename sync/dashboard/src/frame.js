// SPDX-License-Identifier: Apache-2.0
// The frame of every view: venue, ways to the views, state of the connection, settings.
import { attr, h, icon, put, show } from "./dom.js";

const kViews = ["board", "venue", "alarms", "search"];

export function makeFrame(app) {
  const { words } = app;
  const p = {
    venue: h("span", { class: "venue-name" }),
    link: h("span", { class: "link" }, icon("online"), icon("lost"), h("span")),
    clock: h("time", { class: "clock" }),
    badge: h("span", { class: "badge" }),
    main: h("main", { id: "content", tabindex: "-1" }),
    banners: h("div", { class: "banners" }),
    theme: h(
      "button",
      { type: "button", class: "round", click: () => app.nextTheme() },
      icon("auto"),
      icon("light"),
      icon("dark"),
    ),
    sound: h("button", { type: "button", class: "round", click: () => app.toggleSound() }, icon("loud"), icon("quiet")),
    out: h(
      "button",
      {
        type: "button",
        class: "round",
        title: words.t("set.out"),
        "aria-label": words.t("set.out"),
        click: () => app.signOut(),
      },
      icon("out"),
    ),
  };
  const language = h(
    "button",
    {
      type: "button",
      class: "language",
      lang: words.language === "en" ? "zh-Hans" : "en",
      "aria-label": words.t("set.language.label"),
      click: () => app.nextLanguage(),
    },
    words.t("set.language"),
  );
  p.links = Object.fromEntries(
    kViews.map((view) => [view, h("a", { href: `#${view}` }, icon(view), h("span", {}, words.t(`nav.${view}`)))]),
  );
  p.links.alarms.append(p.badge);
  p.nav = h("nav", { "aria-label": words.t("nav") }, ...Object.values(p.links));
  p.wall = h(
    "a",
    { class: "round wide-only", href: "#wall", title: words.t("nav.wall"), "aria-label": words.t("nav.wall") },
    icon("wall"),
  );
  p.settings = h("div", { class: "settings" }, language, p.sound, p.theme, p.wall, p.out);
  const header = h(
    "header",
    {},
    h("h1", {}, icon("gate"), p.venue),
    p.nav,
    h("div", { class: "right" }, p.link, p.clock, p.settings),
  );
  const skip = h(
    "a",
    { class: "skip", href: "#content", click: (event) => (event.preventDefault(), p.main.focus()) },
    words.t("app.skip"),
  );
  return { nodes: [skip, header, p.banners, p.main], p };
}

function banner(box, name, kind, text) {
  let node = box.querySelector(`[data-name="${name}"]`);
  if (!node && text)
    box.append(
      (node = h(
        "p",
        { class: "banner", "data-name": name, "data-kind": kind },
        icon(kind === "lost" ? "lost" : "warning"),
        h("span"),
      )),
    );
  if (!node) return;
  if (!text) node.remove();
  else put(node.lastChild, text);
}

function linkBanner({ words, venue, linkState, now, venueNow }) {
  if (linkState === "online") return "";
  if (!venue?.lastAt) return linkState === "lost" ? words.t("link.banner.first") : "";
  const blanks = { time: words.time(venue.lastAt - venue.offset, venueNow), age: words.duration((now - venue.lastAt) / 1000) };
  return words.t(linkState === "refused" ? "link.banner.refused" : "link.banner", blanks);
}

function collectorBanner({ words, venue, online, now, venueNow }) {
  if (!online || !venue || !venue.settled(now)) return "";
  if (!venue.collector.status) return venue.gates.size > 0 ? words.t("collector.none") : "";
  if (venue.collectorThere()) return "";
  return words.t("collector.lost", {
    time: words.time(venue.staleSince(now) ?? venue.occupancy?.time ?? venue.collector.status.time ?? venueNow, venueNow),
  });
}

function clockBanner({ words, venue }) {
  const off = Math.abs(venue?.offset ?? 0) / 1000;
  return off > 60 ? words.t("page.clock", { age: words.duration(off) }) : "";
}

export function updateFrame({ p }, app) {
  const { words, venue, view } = app;
  const isSigned = view.name !== "sign";
  put(p.venue, venue?.name ?? words.t("app.title"));
  show(p.nav, isSigned);
  show(p.link, isSigned);
  show(p.out, isSigned);
  show(p.wall, isSigned);
  put(p.link.lastChild, words.t(`link.${app.linkState === "refused" ? "lost" : app.linkState}`));
  attr(p.link, "data-state", app.linkState);
  put(p.clock, words.hour(app.venueNow));
  const open = venue ? venue.raised().filter((alarm) => !venue.personOf(alarm)) : [];
  put(p.badge, open.length ? words.number(open.length) : "");
  attr(p.badge, "data-critical", open.some((alarm) => alarm.severity === "critical") ? "yes" : null);
  for (const [name, link] of Object.entries(p.links))
    attr(link, "aria-current", name === view.name || (name === "board" && view.name === "gate") ? "page" : null);
  const theme = words.t(`set.theme.${app.looks.theme}`);
  const sound = words.t(`set.sound.${app.sound ? "on" : "off"}`);
  for (const [button, text, value] of [
    [p.theme, theme, app.looks.theme],
    [p.sound, sound, app.sound ? "loud" : "quiet"],
  ]) {
    attr(button, "aria-label", text);
    attr(button, "title", text);
    attr(button, "data-value", value);
  }
  banner(p.banners, "link", "lost", isSigned ? linkBanner(app) : "");
  banner(p.banners, "collector", "warning", isSigned ? collectorBanner(app) : "");
  banner(
    p.banners,
    "denied",
    "warning",
    isSigned && app.denied.length ? words.t("link.denied", { what: app.denied.slice(0, 3).join(", ") }) : "",
  );
  banner(p.banners, "clock", "warning", isSigned ? clockBanner(app) : "");
}
