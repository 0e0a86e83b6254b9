// SPDX-License-Identifier: Apache-2.0
// Wires it all: what comes from the broker goes into the venue, and what is known is drawn, at most twice a second.
import { reasons as enReasons } from "../../../devices/display/languages/en.json";
import { reasons as zhReasons } from "../../../devices/display/languages/zh-Hans.json";
import { allow, chime } from "./chime.js";
import { attr, h, put } from "./dom.js";
import { makeFrame, updateFrame } from "./frame.js";
import { Link } from "./link.js";
import * as check from "./check.js";
import { entry } from "./messages.js";
import { Scans } from "./scans.js";
import * as store from "./store.js";
import "./style.css";
import { judgeAll } from "./trouble.js";
import { Venue } from "./venue.js";
import { makeAlarms } from "./views/alarms.js";
import { makeBoard, makeWall } from "./views/board.js";
import { makeGate } from "./views/gate.js";
import { makeSearch } from "./views/search.js";
import { isVenue, makeSignIn } from "./views/sign_in.js";
import { areaName, makeVenue } from "./views/venue.js";
import { Words } from "./words.js";

const kBetweenDraws = 500; // ms
const kBetweenWords = 4000; // ms between two things read aloud
const kThemes = ["auto", "light", "dark"];
const reasons = { en: enReasons, zh: zhReasons };

const ownBroker = () => (location.host ? `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/mqtt` : "");

class App {
  constructor() {
    this.asked = new URLSearchParams(location.search);
    this.looks = { language: navigator.language?.startsWith("zh") ? "zh" : "en", theme: "auto", ...store.looks.get() };
    for (const [name, good] of [
      ["language", ["en", "zh"]],
      ["theme", kThemes],
    ]) {
      if (good.includes(this.asked.get(name))) this.looks[name] = this.asked.get(name);
    }
    this.account = {
      broker: this.asked.get("broker") ?? ownBroker(),
      venue: this.asked.get("venue") ?? "",
      user: this.asked.get("user") ?? "",
    };
    this.isTrusted = false; // the broker of a link, if it is another host's
    this.sound = false;
    this.signing = "no"; // no, waiting, wrong, unreachable, done
    this.linkState = "connecting";
    this.denied = [];
    this.venue = null;
    this.scans = new Scans();
    this.charts = new Set();
    this.known = null; // alarms that were there before: only a new one is announced
    this.toSay = [];
    this.link = new Link({
      state: (state) => this.linkChanged(state),
      connected: () => this.venue?.connected(Date.now()),
      message: (...what) => this.take(...what),
      venue: (name) => check.name(name) && !this.venue && this.enter(name),
      denied: (filters) => ((this.denied = filters), this.draw()),
    });
    this.areaName = (number) => {
      const area = this.venue?.occupancy?.areas.find((a) => String(a.number) === number);
      return area ? areaName(area, this.words) : null;
    };
  }

  start() {
    this.spoken = h("p", { class: "unseen", role: "status", id: "spoken" });
    this.root = h("div", { id: "app" });
    document.body.append(this.root, this.spoken);
    addEventListener("hashchange", () => this.route());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolour());
    setInterval(() => this.tick(), 1000);
    this.dress();
    const kept = store.account.get();
    if (kept.broker) this.signIn(kept, "again");
    else if (this.asked.has("guest") && isVenue(this.account.venue)) this.signIn({ ...this.account, user: "", password: "" }, "again");
  }

  /** The host of a broker that a link names, where that is not the page's own: a password could go to anybody. */
  foreignHost() {
    const host = this.asked.has("broker") ? check.broker(this.asked.get("broker"))?.hostname : null;
    return host && host !== location.hostname ? host : null;
  }

  // ---- what the person chose

  /** @param {"once"|"again"} tries an account that was good before, or a screen without a person, goes on trying */
  signIn(account, tries = "once") {
    this.account = account;
    this.tries = tries;
    this.signing = "waiting";
    this.venue = account.venue ? new Venue(account.venue) : null;
    this.known = null;
    this.link.open(account);
    this.render();
  }
  signOut() {
    store.account.set(null);
    store.person.set(null);
    this.link.close();
    this.signing = "no";
    this.venue = null;
    this.scans = new Scans();
    this.account = { ...this.account, password: "" };
    this.route();
  }
  nextLanguage() {
    this.changeLooks({ language: this.looks.language === "en" ? "zh" : "en" });
    this.root.querySelector(".language")?.focus();
  }
  nextTheme() {
    this.looks.theme = kThemes[(kThemes.indexOf(this.looks.theme) + 1) % kThemes.length];
    store.looks.set(this.looks);
    this.recolour();
  }
  changeLooks(change) {
    Object.assign(this.looks, change);
    store.looks.set(this.looks);
    this.dress();
  }
  toggleSound() {
    this.sound = !this.sound;
    if (this.sound) {
      allow();
      chime();
    }
    this.render();
  }

  // ---- what comes from the broker

  linkChanged(state) {
    const before = this.linkState;
    this.linkState = state === "connecting" && before === "lost" ? "lost" : state;
    if (state === "online") {
      store.account.set(this.account);
      this.signing = "done";
      if (before === "lost" && this.venue?.lastAt) this.announce(this.words.t("link.back"));
      if (this.view.name === "sign" || this.view.name === "gate") this.route();
    } else if (this.signing === "waiting" && state !== "connecting") {
      this.signing = state === "refused" ? "wrong" : "unreachable";
      if (this.tries === "once") this.link.close();
    } else if (state === "lost" && before === "online") {
      this.announce(this.words.t("link.gone"));
    }
    this.draw();
  }
  /** The venue that was found, as nobody named one. */
  enter(name) {
    this.venue = new Venue(name);
    this.venue.connected(Date.now());
    this.link.follow(name);
    if (this.view.name !== "sign") this.route();
  }
  take(topic, payload, retained, expiry) {
    if (!this.venue) return;
    if (topic[1] === "entry") {
      if (topic[0] === this.view.gate && !retained) this.takeEntry(payload);
      this.venue.lastAt = Date.now();
    } else {
      this.venue.apply(topic, payload, retained, Date.now(), expiry);
    }
    this.draw();
  }
  takeEntry(payload) {
    const message = check.message(payload, 16 * 1024);
    if (message) this.scans.add(entry(message), this.presentEpoch());
  }
  presentEpoch() {
    return this.venue?.gates.get(this.view.gate)?.count?.epoch ?? null;
  }
  async lookBack(gate) {
    const { answer } = await this.link.ask("recent", { gate, count: 100 });
    if (!answer || this.view.gate !== gate) return;
    const entries = check.list(answer.entries, 100, (e) => entry(check.object(e)));
    for (const one of entries.reverse()) this.scans.add(one, this.presentEpoch());
    this.draw();
  }

  // ---- what is shown

  route() {
    const [name, what] = location.hash.slice(1).split("/", 2);
    const views = ["board", "venue", "alarms", "search", "wall"];
    const view =
      name === "gate" && check.name(what) ? { name, gate: what } : { name: views.includes(name) ? name : "board", what };
    if (this.signing !== "done") view.name = "sign";
    const isNew = !this.view || view.name !== this.view.name || view.gate !== this.view.gate || view.what !== this.view.what;
    this.view = view;
    this.link.watch(view.name === "gate" ? view.gate : null);
    if (view.name === "gate") {
      if (isNew) this.scans = new Scans();
      if (this.linkState === "online") this.lookBack(view.gate);
    }
    if (isNew || !this.shown) this.build();
    else this.render();
  }
  /** In the chosen language and colours, from nothing. */
  dress() {
    this.words = new Words(this.looks.language, reasons[this.looks.language]);
    document.documentElement.lang = this.looks.language === "zh" ? "zh-Hans" : "en";
    this.frame = makeFrame(this);
    this.root.replaceChildren(...this.frame.nodes);
    this.recolour();
    this.shown = null;
    this.route();
  }
  recolour() {
    const isDark =
      this.looks.theme === "dark" || (this.looks.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    attr(document.documentElement, "data-theme", isDark ? "dark" : "light");
    for (const chart of this.charts) chart.redraw();
    if (this.shown) this.render();
  }
  build() {
    for (const chart of this.charts) chart.end();
    this.charts.clear();
    const make = { sign: makeSignIn, board: makeBoard, wall: makeWall, venue: makeVenue, alarms: makeAlarms };
    const { name, gate, what } = this.view;
    this.now = Date.now();
    this.venueNow = this.now - (this.venue?.offset ?? 0);
    this.shown = name === "gate" ? makeGate(this, gate) : name === "search" ? makeSearch(this, what) : make[name](this);
    const hadFocus = this.root.contains(document.activeElement) && document.activeElement !== document.body;
    this.frame.p.main.replaceChildren(this.shown.node);
    attr(document.body, "data-view", name);
    this.render();
    if (hadFocus) this.frame.p.main.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  /** Soon, and not more often than the eye can follow. */
  draw() {
    this.drawing ??= setTimeout(() => {
      this.drawing = null;
      this.render();
    }, kBetweenDraws);
  }
  /** What did not fit into one drawing. */
  drawRest() {
    this.resting ??= setTimeout(() => {
      this.resting = null;
      this.render();
    }, 0);
  }
  render() {
    this.now = Date.now();
    this.venueNow = this.now - (this.venue?.offset ?? 0); // by the collector's clock: so are the times that are shown
    this.online = this.linkState === "online";
    const stale = this.venue?.staleSince(this.now) ?? null;
    this.asOf = stale === null ? "" : this.words.t("as-of", { time: this.words.hour(stale, this.venueNow) });
    if (!this.shown) return;
    this.judged = this.venue ? judgeAll(this.venue, this.now) : new Map();
    updateFrame(this.frame, this);
    if (this.venue || this.view.name === "sign") this.shown.update(this);
    const title = { gate: "nav.board", sign: "sign.title" }[this.view.name] ?? `nav.${this.view.name}`;
    document.title = `${this.venue?.name ?? "stile"} · ${this.words.t(title)}`;
    this.findNew();
  }
  tick() {
    this.venue?.sweep(Date.now());
    if (!document.hidden) this.render();
    this.speak();
  }

  // ---- what is said aloud

  findNew() {
    if (!this.venue || !this.venue.settled(this.now)) return;
    const critical = this.venue.raised().filter((alarm) => alarm.severity === "critical");
    const keys = new Set(critical.map((alarm) => `${alarm.key} ${alarm.since}`));
    const added = this.known ? critical.filter((alarm) => !this.known.has(`${alarm.key} ${alarm.since}`)) : [];
    this.known = keys;
    for (const alarm of added.slice(0, 2))
      this.announce(this.words.t("alarms.new", { alarm: `${alarm.gate ?? ""} ${this.words.alarm(alarm, this.areaName)}` }));
    if (added.length > 0 && this.sound) chime();
  }
  announce(text) {
    if (this.toSay.length < 4) this.toSay.push(text);
    this.speak();
  }
  speak() {
    const now = Date.now();
    if (this.toSay.length === 0 || now - (this.spokenAt ?? 0) < kBetweenWords) return;
    this.spokenAt = now;
    put(this.spoken, this.toSay.shift());
  }
}

new App().start();
